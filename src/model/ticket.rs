//! In charge of the words for a request (richiesta, ticket): how it stands, how grave it is, what is said in it.

use crate::clock::Moment;
use crate::model::id::{
    AttachmentId, CannedAnswerId, GroupId, HeldReplyId, MessageId, OrganizationId, PersonId, TicketId,
};
use crate::model::message::PecKind;
use crate::model::organization::Area;
use crate::model::request_field::FieldAnswer;

/// Makes an enumeration whose values have the contract's words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of_value:meta])* $value:ident = $word:literal),+ $(,)? }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, utoipa::ToSchema)]
        $(#[$doc])*
        pub enum $name {
            $($(#[$of_value])* #[serde(rename = $word)] $value),+
        }

        impl $name {
            /// Every value.
            pub const ALL: &[$name] = &[$($name::$value),+];

            /// The word of the contract.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$value => $word),+ }
            }

            /// Reads the word of the contract.
            pub fn parse(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}
pub(super) use words;

words! {
    /// How a ticket stands (features.md 4.1). «Assigned» is `New` with an assignee, a merged one is `Closed` with `merged_into`.
    #[schema(as = TicketState)]
    State {
        New = "new",
        /// Somebody works on it.
        Open = "open",
        /// The requester was asked something; the resolution's clock stands still.
        PendingRequester = "pending_requester",
        /// Documents, a payment or an approval are missing; the clock stands still.
        PendingConditions = "pending_conditions",
        /// It is with the provider; the clock runs.
        PendingThirdParty = "pending_third_party",
        Resolved = "resolved",
        Closed = "closed",
        Cancelled = "cancelled",
    }
}

impl State {
    /// True while somebody has to do something.
    pub fn is_active(self) -> bool {
        !matches!(self, State::Resolved | State::Closed | State::Cancelled)
    }

    /// True while others have to do something first.
    pub fn is_waiting(self) -> bool {
        self.is_paused() || self == State::PendingThirdParty
    }

    /// True while the resolution's clock stands still (S09).
    pub fn is_paused(self) -> bool {
        matches!(self, State::PendingRequester | State::PendingConditions)
    }
}

words! {
    /// How grave a ticket is (seed 001, 2), and what its requester says of it.
    Severity {
        Critical = "critical",
        High = "high",
        Medium = "medium",
        Low = "low",
    }
}

words! {
    /// What kind of work a ticket asks for (K03).
    #[schema(as = TicketKind)]
    Kind {
        Consulting = "consulting",
        ServiceRequest = "service_request",
        Maintenance = "maintenance",
        Incident = "incident",
    }
}

words! {
    /// By which door it came.
    Channel {
        Email = "email",
        Form = "form",
        Chat = "chat",
        Phone = "phone",
        Portal = "portal",
        Api = "api",
        System = "system",
    }
}

words! {
    /// What kind of entry of a ticket's history something is.
    MessageKind {
        /// For those who asked too.
        Public = "public",
        /// Of the desk alone: its very existence stays there (K06).
        Internal = "internal",
        /// A change.
        Event = "event",
    }
}

words! {
    /// Why somebody is told of a request by mail; each may be turned off (N04).
    NoticeKind {
        /// One asked it.
        Own = "own",
        /// One is in copy.
        Copies = "copies",
        /// One works on it, or answers for who does.
        Work = "work",
    }
}

words! {
    /// What a ticket is to another (K13).
    Relation {
        /// They have to do with each other.
        Related = "related",
        /// It is a part of the other.
        Child = "child",
        /// The other is a part of it.
        Parent = "parent",
        /// It comes from the other.
        Caused = "caused",
        /// The other comes from it.
        Cause = "cause",
    }
}

impl Relation {
    /// What the other is to this one.
    pub fn turned(self) -> Relation {
        match self {
            Relation::Related => Relation::Related,
            Relation::Child => Relation::Parent,
            Relation::Parent => Relation::Child,
            Relation::Caused => Relation::Cause,
            Relation::Cause => Relation::Caused,
        }
    }

    /// The word that is kept, and whether it is that of the other.
    pub fn stored(self) -> (&'static str, bool) {
        match self {
            Relation::Parent | Relation::Cause => (self.turned().as_str(), true),
            other => (other.as_str(), false),
        }
    }

    /// Reads a word that was kept.
    pub fn of_stored(word: &str, turned: bool) -> Option<Relation> {
        Relation::parse(word).map(|one| if turned { one.turned() } else { one })
    }
}

/// The category of a request for a password that was lost (F09): a service request of its own kind, with a time of its own.
pub const PASSWORD_LOST: &str = "password_lost";

/// Who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requester {
    /// Absent when it is nobody with an account.
    pub id: Option<PersonId>,
    pub name: String,
    pub email: String,
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub id: TicketId,
    /// `TK-2026-000123`.
    pub number: String,
    pub subject: String,
    pub state: State,
    pub severity: Severity,
    pub priority: Option<Severity>,
    pub area: Area,
    pub kind: Option<Kind>,
    pub category: Option<String>,
    pub channel: Channel,
    /// 1 to 3 (3 = maintenance).
    pub level: i64,
    pub group_id: Option<GroupId>,
    pub organization_id: Option<OrganizationId>,
    pub requester: Requester,
    pub assignee_id: Option<PersonId>,
    pub tags: Vec<String>,
    /// Why it waits, or was cancelled.
    pub reason: Option<String>,
    pub solution: Option<String>,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub clocks: Clocks,
    pub reopened: i64,
    pub state_before: Option<State>,
    /// The number of the ticket that stayed when two were merged.
    pub merged_into: Option<String>,
    /// The number of the closed ticket that this one goes on with.
    pub follows: Option<String>,
    pub deleted_at: Option<Moment>,
    pub deleted_reason: Option<String>,
    pub revision: i64,
    /// Addresses in copy.
    pub cc: Vec<String>,
    pub mailbox_ids: Vec<crate::model::id::MailboxId>,
    /// Those in which it stands beside that of its own area and group (E05).
    pub queues: Vec<Queue>,
    /// What was answered to the fields of its area.
    pub fields: Vec<FieldAnswer>,
}

/// A queue of the desk: who looks at what comes to one of its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    pub address: String,
    pub area: Area,
    pub group_id: Option<GroupId>,
}

impl Queue {
    /// Whether it is that of the ticket's own area and group.
    pub fn is_own(&self, ticket: &Ticket) -> bool {
        (self.area, &self.group_id) == (ticket.area, &ticket.group_id)
    }
}

/// A ticket's deadlines and what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clocks {
    pub first_response_due_at: Option<Moment>,
    /// Absent while the clock stands still, and once it is solved.
    pub resolution_due_at: Option<Moment>,
    pub first_responded_at: Option<Moment>,
    /// The desk's last word to those who asked, or the moment at which it went on after a wait.
    pub next_update_since: Option<Moment>,
    /// When those who asked are to hear again. Absent while the clock stands still.
    pub next_update_due_at: Option<Moment>,
    pub resolved_at: Option<Moment>,
    /// Since when it waits, is solved, closed, cancelled or in the bin.
    pub paused_at: Option<Moment>,
    /// Open time for which the clock stood still before, in milliseconds.
    pub paused_ms: i64,
}

/// An entry of a ticket's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub kind: MessageKind,
    /// False for what stays at the desk.
    pub is_shown: bool,
    pub event: Option<Event>,
    pub body: String,
    pub author_id: Option<PersonId>,
    pub author_name: String,
    pub author_email: String,
    pub channel: Channel,
    pub created_at: Moment,
    /// What the mail was from which it was made.
    pub mail: Option<MailFacts>,
}

/// What is known of the mail from which an entry was made, beside its words and its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MailFacts {
    /// Whether there is a body to be shown as it was written.
    #[serde(default)]
    pub has_body: bool,
    /// How many pictures of the body lie elsewhere.
    #[serde(default)]
    pub remote: usize,
    #[serde(default)]
    pub pec: Option<Pec>,
    /// A machine wrote it: an out-of-office answer.
    #[serde(default)]
    pub is_automatic: bool,
    /// The addresses that it names beside who wrote it, in the order of `To` and `Cc`.
    #[serde(default)]
    pub named: Vec<String>,
    /// Where in its words begins what it quotes, in bytes; only where all from there on is marked as that (`>`).
    #[serde(default)]
    pub quoted_from: Option<usize>,
}

/// What certified mail says of a mail (contract, 5), in the words of who sent it until its signature is verified.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Pec {
    pub kind: PecKind,
    pub signature: Signature,
    /// Who has signed, where the signature is valid.
    #[serde(default)]
    pub provider: Option<String>,
    /// The signature holds by a digest that is no longer thought safe (SHA-1).
    #[serde(default)]
    pub obsolete_algorithm: bool,
    /// The certified address of who wrote.
    pub sender: Option<String>,
    /// Given by the sender's provider.
    pub identifier: Option<String>,
    /// The `Message-ID` that the sender's own program gave it.
    pub reference_message_id: Option<String>,
}

/// What is known of the provider's signature (`pec.md` 3). It proves the provider, not the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PecSignature)]
pub enum Signature {
    /// What it is over is as the provider has signed it, and that it is the provider an authority says that is trusted.
    Valid,
    /// Nothing was changed, but nobody trusted says whose signature it is.
    UnknownProvider,
    /// What it is over was changed.
    Invalid,
    Absent,
    /// It cannot be read, or is made in a way that is not known here. So it stands too in entries older than the looking.
    Unverifiable,
}

/// What changed, by a verb or a field, from what to what (K10).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Event {
    /// The word under `ticket-event-` in the catalogue.
    pub what: String,
    #[serde(default)]
    pub old: String,
    #[serde(default)]
    pub new: String,
    /// The reason that was given.
    #[serde(default)]
    pub why: String,
}

/// A reply of the desk that can still be taken back (O06).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldReply {
    pub id: HeldReplyId,
    pub ticket_id: TicketId,
    pub person_id: PersonId,
    /// From where it was sent, for the trace.
    pub ip: String,
    pub body: String,
    /// The last reply that whoever wrote it had seen.
    pub seen: Option<MessageId>,
    pub attachments: Vec<AttachmentId>,
    /// The form that it came with: where to, its key, its hash.
    pub route: String,
    pub once: String,
    pub body_hash: String,
    pub send_at: Moment,
    /// The key of the words for why it could not be sent.
    pub fault: Option<String>,
}

/// A team of operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub area: Option<Area>,
    pub leader_id: Option<PersonId>,
    pub member_ids: Vec<PersonId>,
}

/// An answer that the desk has ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannedAnswer {
    pub id: CannedAnswerId,
    pub title: String,
    pub body: String,
    /// For tickets of this area; absent for all.
    pub area: Option<Area>,
}

/// Which tickets a person sees: made from the person alone, it is the rule and its statement at once (V01–V13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    Nothing,
    /// Those of one's own, those in which one is in copy, and those of whole bodies.
    Asking {
        person_id: PersonId,
        /// One's address, when it is known to be one's own.
        email_fold: Option<String>,
        /// Bodies one belongs to: of others one's own tickets are seen no longer (V13).
        member_of: Vec<OrganizationId>,
        /// Bodies whose requests one sees all.
        organizations: Vec<OrganizationId>,
        /// Those of them of which one only reads the requests of others (V07).
        read_only: Vec<OrganizationId>,
    },
    /// Those that the desk works on; empty areas are all of them.
    Desk {
        areas: Vec<Area>,
        groups: Option<Vec<GroupId>>,
    },
    Everything,
}
