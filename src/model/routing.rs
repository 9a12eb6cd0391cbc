//! In charge of the words for rules that say where a request goes by itself (R03, R04).

use crate::model::id::{GroupId, MailboxId, OrganizationId, PersonId, RoutingRuleId};
use crate::model::organization::Area;
use crate::model::ticket::{Channel, Severity};

super::ticket::words! {
    /// When a rule is asked.
    Occasion {
        /// As a request comes in.
        Opened = "opened",
        /// As a deadline of it has passed.
        Overdue = "overdue",
    }
}

/// What a rule asks for; absent is whatever.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    pub area: Option<Area>,
    pub channel: Option<Channel>,
    pub severity: Option<Severity>,
    pub organization_id: Option<OrganizationId>,
    pub mailbox_id: Option<MailboxId>,
    /// One of them is to be found in subject or text, in whatever form of its words.
    pub words: Vec<String>,
}

/// Where a rule puts a request; absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placement {
    pub group_id: Option<GroupId>,
    pub assignee_id: Option<PersonId>,
    pub level: Option<i64>,
    /// Only as a request comes in, and only when the desk has not said it.
    pub severity: Option<Severity>,
    pub tags: Vec<String>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutingRule {
    pub id: RoutingRuleId,
    pub name: String,
    /// The lowest is asked first.
    pub position: i64,
    pub active: bool,
    pub occasion: Occasion,
    pub when: Conditions,
    pub then: Placement,
}
