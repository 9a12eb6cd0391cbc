//! In charge of identities: opaque, time-ordered texts. Any text is a well-formed id; one that was never given is simply not found.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// A new identity: UUIDv7, so that ids sort by the time they were made.
fn fresh() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A new one, never given before.
            pub fn new() -> Self {
                Self(fresh())
            }

            /// The text of it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl From<&str> for $name {
            /// PostgreSQL has no U+0000 in a text: an id with one is like none that was ever given.
            fn from(text: &str) -> Self {
                Self(text.replace('\0', "\u{fffd}"))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                text.as_str().into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A request of the public form whose address is not confirmed yet.
    PendingRequestId,
    /// A watched mailbox (casella).
    MailboxId,
    /// A person with an account (utente).
    PersonId,
    /// A body (ente).
    OrganizationId,
    /// One execution of a scheduled or asked job.
    RunId,
    /// One visit to one mailbox.
    VisitId,
    /// A logged-in browser.
    SessionId,
    /// A key to the API.
    TokenId,
    /// A saved view.
    ViewId,
    /// One of the desk's own mailboxes.
    IntakeMailboxId,
    /// A mail that came to one of them.
    IntakeMailId,
    /// A mail in the outbox.
    MailId,
    /// A request (richiesta); people know it by its number.
    TicketId,
    /// An entry of a ticket's history.
    MessageId,
    /// A team of operators.
    GroupId,
    /// An answer that the desk has ready.
    CannedAnswerId,
    /// A reply that can still be taken back.
    HeldReplyId,
    /// A rule that says where requests go.
    RoutingRuleId,
    /// A field that the form of an area asks for.
    RequestFieldId,
    /// A file that somebody sent along.
    AttachmentId,
}

impl MailboxId {
    /// Where in a slot this mailbox's visit stands, in thousandths: fixed for each mailbox, even over all of them.
    pub fn spread(&self) -> i64 {
        let digest = Sha256::digest(self.as_str().as_bytes());
        i64::from(u16::from_be_bytes([digest[0], digest[1]])) * 1000 / 65_536
    }
}
