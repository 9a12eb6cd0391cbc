//! In charge of the words for mail as it stands in a watched mailbox. Never stored: a watched mailbox's messages stay on its server.

use chrono::{DateTime, Utc};
use serde::Serialize;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
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

/// One line of a message list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub uid: u32,
    /// Decoded, with the PEC prefixes still in it; empty when the message has none.
    pub subject: String,
    /// Who wrote it, for the eye: the original sender of a certified message (`pec.md` 1.3), else From.
    pub from: String,
    /// The `Date` header, else the server's INTERNALDATE.
    pub date: Option<DateTime<Utc>>,
    /// Bytes.
    pub size: u32,
    pub seen: bool,
    pub kind: PecKind,
}

/// One message opened to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub envelope: Envelope,
    /// Addresses of To and Cc, as shown.
    pub to: Vec<String>,
    pub cc: Vec<String>,
    /// The readable text: of the original message inside a certified one, else of the message itself.
    pub text: String,
    /// True when the message was larger than we read and `text` may be cut.
    pub truncated: bool,
}
