//! In charge of the words for mail that becomes requests: the desk's own mailboxes and what each has brought.

use crate::clock::Moment;
use crate::model::id::{GroupId, IntakeMailId, IntakeMailboxId, TicketId};
use crate::model::mailbox::Status;
use crate::model::organization::Area;
use crate::model::server::Server;
use crate::model::ticket::Severity;
use crate::text::fold;

/// One of the desk's own mailboxes: what comes there becomes requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeMailbox {
    pub id: IntakeMailboxId,
    pub address: String,
    pub username: String,
    pub imap: Server,
    /// Under which name its server signs what it says of senders (RFC 8601, 2.5). None: its host's, or its address's domain.
    pub authserv_id: Option<String>,
    /// Its server takes mail to `address+anything@…` in for it (RFC 5233).
    pub plus_addresses: bool,
    pub area: Area,
    pub group_id: Option<GroupId>,
    pub default_severity: Severity,
    pub enabled: bool,
    pub status: Status,
    pub status_detail: Option<String>,
    pub last_checked_at: Option<Moment>,
    /// Mail that came before is not taken in.
    pub since: Moment,
    /// Grows with every change of what a session needs.
    pub revision: i64,
    pub created_at: Moment,
}

impl IntakeMailbox {
    /// The names under which its server may sign what it says of senders (RFC 8601, 2.5): the one that was given, else what it is
    /// likely to be called.
    pub fn signs_as(&self) -> Vec<&str> {
        match self.authserv_id.as_deref() {
            Some(name) => vec![name],
            None => {
                let domain = self.address.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
                vec![self.imap.host.as_str(), domain]
            }
        }
    }
}

/// Whether an address is one of these of ours, folded: as it is, or with something after a plus.
pub fn is_one_of(ours: &[String], email: &str) -> bool {
    let email = fold(email);
    ours.iter().any(|one| *one == email || after_plus(one, &email).is_some())
}

/// What stands after the plus of an address that is this one but for that (RFC 5233).
pub fn after_plus<'e>(of: &str, email: &'e str) -> Option<&'e str> {
    let (local, domain) = of.rsplit_once('@')?;
    let (written, at) = email.rsplit_once('@')?;
    if at != domain {
        return None;
    }
    written.strip_prefix(local)?.strip_prefix('+')
}

super::ticket::words! {
    /// How far a mail is.
    MailState {
        /// Its bytes are here.
        Received = "received",
        /// It has become part of a request.
        Done = "done",
        /// A person decides.
        Held = "held",
        /// It could not be read.
        Unprocessed = "unprocessed",
        /// There is nothing to do with it.
        Dropped = "dropped",
    }
}

super::ticket::words! {
    /// Why a mail is held, could not be read, or was dropped.
    MailReason {
        /// Nobody of an entity that we know.
        UnknownSender = "unknown_sender",
        /// Nobody that we know, of an entity's domain (E10).
        NewColleague = "new_colleague",
        /// Somebody who has no part in the request that it answers.
        Stranger = "stranger",
        /// The receiving server says that the sender is not who it says (E17).
        Suspicious = "suspicious",
        /// Its provider's signature says that it was changed.
        Altered = "altered",
        /// Written by a machine (E07).
        Automatic = "automatic",
        /// Tells of a mail that did not arrive, and not of which one.
        Bounce = "bounce",
        /// Written by somebody of the desk, who answers on the request's page.
        Staff = "staff",
        /// It has no sender.
        NoSender = "no_sender",
        /// It is too large (E12).
        TooLarge = "too_large",
        /// Its parts are too many, or too deep in one another.
        TooManyParts = "too_many_parts",
        /// Reading it failed.
        Unreadable = "unreadable",
        /// It has come before.
        Duplicate = "duplicate",
        /// A receipt of certified mail (E15).
        Receipt = "receipt",
        /// It is one of ours.
        Own = "own",
        /// A person has thrown it away.
        Discarded = "discarded",
        /// It was held for a month, and nobody has let it in.
        Expired = "expired",
    }
}

super::ticket::words! {
    /// Where a mail goes that somebody lets in.
    MailGoes {
        /// Into the request that it names.
        Named = "named",
        /// Into a new one.
        New = "new",
    }
}

/// A mail that came to one of the desk's mailboxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeMail {
    pub id: IntakeMailId,
    /// None when the mailbox is no longer the desk's.
    pub mailbox_id: Option<IntakeMailboxId>,
    pub uid_validity: i64,
    pub uid: i64,
    /// Of its bytes, which lie under it.
    pub sha256: String,
    pub size: i64,
    pub state: MailState,
    pub reason: Option<MailReason>,
    /// How often reading it was begun.
    pub tries: i64,
    /// Without brackets.
    pub message_id: Option<String>,
    pub sender_name: Option<String>,
    pub sender_email: Option<String>,
    pub subject: Option<String>,
    /// When its server got it.
    pub received_at: Moment,
    pub taken_at: Moment,
    pub ticket_id: Option<TicketId>,
}
