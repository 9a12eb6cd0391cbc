//! In charge of the words for the trace: who did what, on what.

use crate::clock::Moment;

/// Every act that is written down, in the words that are stored; a test holds them against those that the code records.
pub const ACTIONS: [&str; 87] = [
    "mailbox.created",
    "mailbox.changed",
    "mailbox.removed",
    "mailbox.opened",
    "mailbox.password-changed",
    "mailbox.status-changed",
    "mailbox.refreshed",
    "message.read",
    "message.downloaded",
    "folder.read",
    "folders.read",
    "grant.created",
    "grant.changed",
    "grant.removed",
    "capacity.block-added",
    "session.opened",
    "session.refused",
    "session.closed",
    "session.ended",
    "user.created",
    "user.changed",
    "user.password-set",
    "user.preferences-changed",
    "link.created",
    "link.asked",
    "token.created",
    "organization.created",
    "organization.changed",
    "group.created",
    "group.changed",
    "ticket.asked",
    "ticket.created",
    "ticket.changed",
    "ticket.reminded",
    "ticket.replied",
    "ticket.noted",
    "ticket.taken",
    "ticket.waiting",
    "ticket.escalated",
    "ticket.resolved",
    "ticket.reopened",
    "ticket.closed",
    "ticket.cancelled",
    "ticket.restored",
    "ticket.merged",
    "ticket.unmerged",
    "ticket.split",
    "ticket.deleted",
    "ticket.linked",
    "ticket.unlinked",
    "ticket.related",
    "ticket.unrelated",
    "ticket.told-apart",
    "ticket.warned",
    "ticket.undelivered",
    "mail.address-works",
    "ticket.routed",
    "ticket.images-shown",
    "attachment.created",
    "canned-answer.created",
    "canned-answer.changed",
    "canned-answer.removed",
    "intake-mailbox.created",
    "intake-mailbox.changed",
    "intake-mailbox.removed",
    "routing-rule.created",
    "routing-rule.changed",
    "routing-rule.removed",
    "request-field.created",
    "request-field.changed",
    "request-field.removed",
    "mail.accepted",
    "mail.discarded",
    "mail.expired",
    "mail.read-again",
    "mail.retried",
    "view.created",
    "view.changed",
    "view.removed",
    "setting.changed",
    "calendar.changed",
    "job.run",
    "key.rotated",
    "audit.read",
    "audit.exported",
    "audit.verified",
    "installation.created",
];

/// Who acts, as the trace names them: never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// An e-mail, `system`, or `cli:<system user>`.
    pub name: String,
    /// The client's address; empty when no one connected.
    pub ip: String,
}

impl Actor {
    /// The program itself, at its scheduled work.
    pub fn system() -> Actor {
        Actor { name: "system".into(), ip: String::new() }
    }
}

/// One act to be written down, in the same transaction as its effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Resource and verb, as `mailbox.created`.
    pub action: &'static str,
    /// The thing it was done on, in words that outlive it (an address, a code, a name).
    pub subject: String,
    /// What else there is to know; never a secret, never a message's text.
    pub detail: String,
}

impl Act {
    /// An act on a thing, with nothing else to say.
    pub fn on(action: &'static str, subject: impl Into<String>) -> Act {
        Act { action, subject: subject.into(), detail: String::new() }
    }

    /// The same act with more to know.
    pub fn with(self, detail: impl Into<String>) -> Act {
        Act { detail: detail.into(), ..self }
    }
}

/// One row of the trace as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub seq: i64,
    pub at: Moment,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
    pub ip: String,
    pub prev: Vec<u8>,
    pub hash: Vec<u8>,
}

/// The end of the chain of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub hash: Vec<u8>,
    pub mac: Vec<u8>,
}
