//! In charge of the words for mail as it stands in a watched mailbox. Never stored: a watched mailbox's messages stay on its server.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What INBOX says of itself in one STATUS (RFC 9051, 6.3.11), and what the quota command says (RFC 9208).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxFacts {
    pub uid_validity: u32,
    pub uid_next: u32,
    pub total: u32,
    pub unread: u32,
    /// Absent when it was not asked, or when the server has no quota.
    pub quota: Option<Quota>,
    /// How many messages have a UID from the one asked about on; absent when it was not asked, or when nothing has moved.
    pub arrived: Option<u32>,
    /// When the newest message came in; absent when it was not asked, or when nothing has moved.
    pub last_message_at: Option<DateTime<Utc>>,
}

/// Space of a mailbox, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    pub used: u64,
    pub limit: u64,
}

/// What a message is, decided from its own top-level headers only (`pec.md` 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PecKind {
    CertifiedMessage,
    Anomaly,
    Acceptance,
    NonAcceptance,
    TakenInCharge,
    Delivery,
    DeliveryError,
    DeliveryWarning,
    VirusDetected,
    RemDispatch,
    RemReceipt,
    /// Looks certified, is not.
    Suspicious,
    Ordinary,
}

impl PecKind {
    /// Every kind, for catalogues and tests.
    pub const ALL: [PecKind; 13] = [
        PecKind::CertifiedMessage,
        PecKind::Anomaly,
        PecKind::Acceptance,
        PecKind::NonAcceptance,
        PecKind::TakenInCharge,
        PecKind::Delivery,
        PecKind::DeliveryError,
        PecKind::DeliveryWarning,
        PecKind::VirusDetected,
        PecKind::RemDispatch,
        PecKind::RemReceipt,
        PecKind::Suspicious,
        PecKind::Ordinary,
    ];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            PecKind::CertifiedMessage => "certified_message",
            PecKind::Anomaly => "anomaly",
            PecKind::Acceptance => "acceptance",
            PecKind::NonAcceptance => "non_acceptance",
            PecKind::TakenInCharge => "taken_in_charge",
            PecKind::Delivery => "delivery",
            PecKind::DeliveryError => "delivery_error",
            PecKind::DeliveryWarning => "delivery_warning",
            PecKind::VirusDetected => "virus_detected",
            PecKind::RemDispatch => "rem_dispatch",
            PecKind::RemReceipt => "rem_receipt",
            PecKind::Suspicious => "suspicious",
            PecKind::Ordinary => "ordinary",
        }
    }
}

/// What a folder is for (RFC 6154, or its name: `pec.md` 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FolderRole {
    Inbox,
    Sent,
    Drafts,
    Trash,
    Junk,
    Archive,
}

/// A folder that may hold messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// As people write it.
    pub name: String,
    pub role: Option<FolderRole>,
    /// Absent, like the two that follow, when the server would not say.
    pub total: Option<u32>,
    pub unread: Option<u32>,
    pub uid_validity: Option<u32>,
}

/// A message by its number in a folder. The number means something only together with UIDVALIDITY (RFC 9051, 2.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered {
    pub uid_validity: u32,
    pub uid: u32,
}

/// One line of a message list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub uid: u32,
    /// Decoded, with the PEC prefixes still in it; empty when the message has none.
    pub subject: String,
    /// Who wrote it, for the eye: the original sender of a certified message (`pec.md` 1.3), else From.
    pub from: String,
    /// Addresses of To, as shown.
    pub to: Vec<String>,
    /// The `Date` header, else the server's INTERNALDATE.
    pub date: Option<DateTime<Utc>>,
    /// Bytes.
    pub size: u32,
    pub seen: bool,
    /// The server's words (RFC 9051, 2.3.2), without `\Recent`, which each session changes.
    pub flags: Vec<String>,
    /// Whether it carries files: of a certified message, whether its original does.
    pub has_attachments: bool,
    pub kind: PecKind,
    /// `X-Riferimento-Message-ID` without brackets: the Message-ID that a receipt or an envelope is about.
    pub reference: Option<String>,
    /// False when the server could not give even the headers: all but number, size and flags is empty.
    pub readable: bool,
}

/// A file in a message. A certified message's original counts as one, and its own files follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its place among the files of the message, from 1.
    pub n: u32,
    /// As the sender wrote it, on one line; nothing can be concluded from it.
    pub name: Option<String>,
    /// Bytes, decoded; absent where the message was cut in it.
    pub size: Option<u64>,
    /// `type/subtype`, as the sender says.
    pub media_type: String,
}

/// One message opened to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub envelope: Envelope,
    /// Addresses of Cc, as shown.
    pub cc: Vec<String>,
    /// Name and value as written, unfolded, in their order; at most 64 KB of them.
    pub headers: Vec<(String, String)>,
    /// The readable text: of the original message inside a certified one, else of the message itself.
    pub text: String,
    pub attachments: Vec<Attachment>,
    /// True when the message was larger than we read and `text` may be cut.
    pub truncated: bool,
}
