//! In charge of people: who they are, what they may do, how they prove it. Does not know mailboxes nor pages.

pub mod brake;
pub mod contact;
pub mod enrolment;
pub mod import;
pub mod link;
pub mod organization;
pub mod password;
pub mod person;
pub mod rights;
pub mod session;
pub mod token;
pub mod view;

use crate::input::FieldError;
use crate::store;

/// Why a verb was not done.
#[derive(Debug)]
pub enum Refusal {
    /// What was typed is wrong: every wrong field, and why.
    Invalid(Vec<FieldError>),
    /// The thing cannot be done as things stand; the key of the words that say why.
    Conflict(&'static str),
    /// The key that seals this database's secrets is not at hand: none is written.
    NoKey,
    /// Every place for a watched mailbox is taken.
    Full { used: i64, allowed: i64 },
    /// Somebody else's server has no place free now, in its own words: nothing typed is wrong.
    Busy(String),
    /// Too early after attempts that failed; seconds to wait.
    TooMany(u64),
    /// The database failed.
    Store(sqlx::Error),
}

impl Refusal {
    /// One wrong field.
    pub fn field(field: &str, rule: &'static str) -> Refusal {
        Refusal::Invalid(vec![FieldError::new(field, rule)])
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(fault: sqlx::Error) -> Refusal {
        Refusal::Store(fault)
    }
}

impl From<Vec<FieldError>> for Refusal {
    fn from(wrong: Vec<FieldError>) -> Refusal {
        Refusal::Invalid(wrong)
    }
}

/// Turns «such a thing is already there» into a wrong field.
pub(crate) fn taken(fault: sqlx::Error, field: &str) -> Refusal {
    match (store::is_taken(&fault), field) {
        (true, "email") => Refusal::field(field, "email-taken"),
        (true, _) => Refusal::field(field, "taken"),
        (false, _) => Refusal::Store(fault),
    }
}
