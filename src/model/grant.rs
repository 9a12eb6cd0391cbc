//! In charge of the words for grants: what a person may do in a mailbox that the role alone does not open.

use serde::Serialize;

use crate::clock::Moment;
use crate::model::id::{MailboxId, PersonId};

/// What a grant lets its person do in the mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    /// Open it and read.
    View,
    /// Mark and move messages.
    Write,
    Send,
    Delete,
}

impl Right {
    /// Every right; the first is part of each grant.
    pub const ALL: [Right; 4] = [Right::View, Right::Write, Right::Send, Right::Delete];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Right::View => "view",
            Right::Write => "write",
            Right::Send => "send",
            Right::Delete => "delete",
        }
    }

    /// Reads the word of the contract.
    pub fn parse(word: &str) -> Option<Right> {
        Right::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

/// A person's rights in a mailbox, given by whoever answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub mailbox_id: MailboxId,
    pub person_id: PersonId,
    /// In the order of [`Right::ALL`], `View` always among them.
    pub rights: Vec<Right>,
    /// The first moment in which it no longer holds.
    pub until: Option<Moment>,
}

impl Grant {
    /// True at a moment in which it holds: one that ends on Friday is gone on Saturday (T13).
    pub fn holds(&self, now: Moment) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}
