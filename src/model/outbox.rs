//! In charge of the words for what leaves: mails in the outbox, how they stand, why one has not left.

use crate::clock::Moment;
use crate::model::id::MailId;
use crate::model::ticket::NoticeKind;

/// How a mail stands (`security.md` 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OutboxState)]
pub enum State {
    /// Waits for its moment.
    Queued,
    /// A node has it in hand; the server has not been given its text.
    Sending,
    /// Its text is being given to the server.
    HandingOver,
    /// The server has taken it.
    Sent,
    /// The server has said no for good.
    Failed,
    /// The program or the line broke while the server was taking it: nobody knows whether it left. A person decides.
    Uncertain,
}

impl State {
    /// Every state.
    pub const ALL: [State; 6] =
        [State::Queued, State::Sending, State::HandingOver, State::Sent, State::Failed, State::Uncertain];

    /// The word that is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Sending => "sending",
            State::HandingOver => "handing_over",
            State::Sent => "sent",
            State::Failed => "failed",
            State::Uncertain => "uncertain",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// Its place among the others, the worst first.
    pub fn rank(self) -> usize {
        match self {
            State::Failed => 0,
            State::Uncertain => 1,
            State::Queued => 2,
            State::HandingOver => 3,
            State::Sending => 4,
            State::Sent => 5,
        }
    }
}

/// How the mail to one person stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Delivery {
    pub to: String,
    pub state: State,
}

impl Delivery {
    /// The worst state among several mails; None where there is no mail.
    pub fn worst(of: &[Delivery]) -> Option<State> {
        of.iter().map(|one| one.state).min_by_key(|state| state.rank())
    }
}

/// Why a mail has not left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The server does not answer, or broke off before it had the text.
    Unreachable,
    /// No TLS as the settings want it, or a certificate that does not hold.
    Certificate,
    /// The server does not accept our own user and password.
    Login,
    /// The server said: not now.
    NotNow,
    /// The server said no for good.
    Refused,
    /// It broke off while the server was taking the text.
    Interrupted,
    /// The sealed text does not open.
    Unreadable,
    /// An earlier mail to this address did not arrive for good: this one was not given to the server (N08).
    Bounced,
    /// It could not be made: no mail can be addressed to whom it goes.
    Unwritten,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Fault; 9] = [
        Fault::Unreachable,
        Fault::Certificate,
        Fault::Login,
        Fault::NotNow,
        Fault::Refused,
        Fault::Interrupted,
        Fault::Unreadable,
        Fault::Bounced,
        Fault::Unwritten,
    ];

    /// The word that is stored; its words for people are `mail-fault-…` of the catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Fault::Unreachable => "unreachable",
            Fault::Certificate => "certificate",
            Fault::Login => "login",
            Fault::NotNow => "not-now",
            Fault::Refused => "refused",
            Fault::Interrupted => "interrupted",
            Fault::Unreadable => "unreadable",
            Fault::Bounced => "bounced",
            Fault::Unwritten => "unwritten",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Fault> {
        Fault::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

/// An address at which a mail of ours did not arrive for good (N08).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BouncedAddress {
    /// What its server said.
    pub reply: String,
    pub at: Moment,
}

/// A mail as it stands in the outbox; without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub id: MailId,
    pub to: String,
    pub subject: String,
    pub state: State,
    /// How often the server was asked.
    pub attempts: i64,
    /// Present while it is queued.
    pub next_try_at: Option<Moment>,
    pub fault: Option<Fault>,
    /// The server's own words.
    pub reply: Option<String>,
    pub created_at: Moment,
    pub sent_at: Option<Moment>,
    /// The ticket that it is about.
    pub ticket_number: Option<String>,
    /// For whom it is news of that ticket. None for what leaves at once.
    pub news: Option<NoticeKind>,
    /// Its text is here: of what had left it is not, nor of what could not be written.
    pub has_text: bool,
}

impl Mail {
    /// True when a person may have it tried again: it has not left, nobody has it in hand, and there is something to send.
    pub fn can_be_retried(&self) -> bool {
        self.has_text && matches!(self.state, State::Queued | State::Failed | State::Uncertain)
    }
}
