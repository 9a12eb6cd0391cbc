//! In charge of the words for a file that somebody sends along.

use crate::model::id::{AttachmentId, MessageId, PersonId};

/// Whose a file is until a message names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    Person(PersonId),
    /// Who has no account, by the SHA-256 of its browser's token.
    Visitor(String),
}

/// A file, known by the SHA-256 of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub id: AttachmentId,
    /// As its sender called it, made harmless: one line, no folders.
    pub name: String,
    /// In bytes.
    pub size: i64,
    /// What its sender says it is; nobody relies on it.
    pub media_type: String,
    /// In hexadecimal.
    pub sha256: String,
    pub uploader_id: Option<PersonId>,
    /// For a file of who has no account: the SHA-256 of its browser's token.
    pub visitor: Option<String>,
    /// Absent until a message names it.
    pub message_id: Option<MessageId>,
}
