//! In charge of the words for a request of the public form that waits until its address is confirmed.

use crate::clock::Moment;
use crate::model::id::PendingRequestId;
use crate::model::organization::Area;
use crate::model::request_field::FieldAnswer;
use crate::model::ticket::{Kind, Severity};

/// A request that waits; once it was confirmed, what was typed is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingRequest {
    pub id: PendingRequestId,
    pub email: String,
    pub name: String,
    /// As typed. Absent for who has no body yet (F08).
    pub organization: Option<String>,
    pub phone: String,
    pub mailbox: String,
    pub area: Area,
    pub kind: Kind,
    pub category: Option<String>,
    pub priority: Severity,
    pub subject: String,
    pub body: String,
    /// What was answered to the fields of its area.
    pub fields: Vec<FieldAnswer>,
    pub created_at: Moment,
    /// Until when the link is good, and the request kept.
    pub expires_at: Moment,
    /// The request that was made of it.
    pub number: Option<String>,
}
