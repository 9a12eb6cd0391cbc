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
    /// What kind of picture it is by its bytes, where it is one.
    pub picture: Option<Picture>,
}

/// A kind of picture that browsers show and that runs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    Png,
    Jpeg,
    Gif,
    Webp,
}

impl Picture {
    pub const ALL: [Picture; 4] = [Picture::Png, Picture::Jpeg, Picture::Gif, Picture::Webp];

    /// So many bytes of the beginning tell it.
    pub const TOLD_BY: usize = 12;

    /// The kind, by the bytes and nothing else.
    pub fn of(bytes: &[u8]) -> Option<Picture> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Picture::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Picture::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Picture::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Picture::Webp),
            _ => None,
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Picture::Png => "image/png",
            Picture::Jpeg => "image/jpeg",
            Picture::Gif => "image/gif",
            Picture::Webp => "image/webp",
        }
    }

    pub fn parse(media_type: &str) -> Option<Picture> {
        Picture::ALL.into_iter().find(|one| one.media_type() == media_type)
    }
}
