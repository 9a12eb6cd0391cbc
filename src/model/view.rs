//! In charge of the words for saved views: an address of a page under a name.

use serde::Serialize;

use crate::model::id::{PersonId, ViewId};

/// The pages whose views can be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ViewPage {
    Mailboxes,
    Tickets,
}

impl ViewPage {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            ViewPage::Mailboxes => "mailboxes",
            ViewPage::Tickets => "tickets",
        }
    }

    /// Reads the word of the contract.
    pub fn parse(word: &str) -> Option<ViewPage> {
        [ViewPage::Mailboxes, ViewPage::Tickets].into_iter().find(|known| known.as_str() == word)
    }
}

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub id: ViewId,
    pub owner_id: PersonId,
    pub page: ViewPage,
    pub name: String,
    /// The address's query, in the page's words.
    pub query: String,
    /// Others see it too; only its owner changes it.
    pub shared: bool,
}
