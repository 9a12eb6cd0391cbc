//! In charge of the words for work that time or a person starts: jobs, their runs, visits.

use serde::Serialize;

use crate::clock::Moment;
use crate::model::id::{MailboxId, RunId, VisitId};

/// The scheduled jobs there are; each name is the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobName {
    RefreshMailboxes,
    DeliverMail,
    CheckDeadlines,
    CloseResolved,
    TakeInMail,
    Retention,
}

impl JobName {
    /// Every job.
    pub const ALL: [JobName; 6] = [
        JobName::RefreshMailboxes,
        JobName::TakeInMail,
        JobName::DeliverMail,
        JobName::CheckDeadlines,
        JobName::CloseResolved,
        JobName::Retention,
    ];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            JobName::RefreshMailboxes => "refresh-mailboxes",
            JobName::DeliverMail => "deliver-mail",
            JobName::CheckDeadlines => "check-deadlines",
            JobName::CloseResolved => "close-resolved",
            JobName::TakeInMail => "take-in-mail",
            JobName::Retention => "retention",
        }
    }

    /// Reads the word of the contract.
    pub fn parse(word: &str) -> Option<JobName> {
        JobName::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// All went well.
    Ok,
    /// Some of it failed; the detail says how many.
    Partial,
    Failed,
}

impl Outcome {
    /// The word that is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Partial => "partial",
            Outcome::Failed => "failed",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Outcome> {
        [Outcome::Ok, Outcome::Partial, Outcome::Failed].into_iter().find(|known| known.as_str() == word)
    }
}

/// One execution of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub id: RunId,
    pub job: JobName,
    /// Absent when a person asked for it.
    pub slot: Option<Moment>,
    pub started_at: Moment,
    pub finished_at: Option<Moment>,
    pub outcome: Option<Outcome>,
    /// Absent while it runs.
    pub tally: Option<Tally>,
}

/// How the parts of a run went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub well: i64,
    pub failed: i64,
}

impl Tally {
    /// What the run came to.
    pub fn outcome(self) -> Outcome {
        match self {
            Tally { failed: 0, .. } => Outcome::Ok,
            Tally { well: 0, .. } => Outcome::Failed,
            _ => Outcome::Partial,
        }
    }
}

/// A visit that this node has taken and must make before its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub id: VisitId,
    pub mailbox_id: MailboxId,
    /// Grows with every claim: a holder that wakes up late finds another number and writes nothing.
    pub fence: i64,
}
