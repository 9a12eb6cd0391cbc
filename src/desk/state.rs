//! In charge of the state machine of a ticket (features.md 4.1): from, verb, to, who may. One pure table.

use super::sight::Part;
use crate::model::ticket::{State, Ticket};

/// What may be done with a ticket, by a word of its own in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Take,
    WaitForRequester,
    WaitForConditions,
    WaitForThirdParty,
    Escalate,
    Resolve,
    Reopen,
    Close,
    Cancel,
    Restore,
    Merge,
    Unmerge,
    Split,
    Delete,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Verb; 14] = [
        Verb::Take,
        Verb::WaitForRequester,
        Verb::WaitForConditions,
        Verb::WaitForThirdParty,
        Verb::Escalate,
        Verb::Resolve,
        Verb::Reopen,
        Verb::Close,
        Verb::Cancel,
        Verb::Restore,
        Verb::Merge,
        Verb::Unmerge,
        Verb::Split,
        Verb::Delete,
    ];

    /// The word under `ticket-event-` in the catalogue, and in the trace after `ticket.`.
    pub fn past(self) -> &'static str {
        match self {
            Verb::Take => "taken",
            Verb::WaitForRequester => "waiting-requester",
            Verb::WaitForConditions => "waiting-conditions",
            Verb::WaitForThirdParty => "waiting-third-party",
            Verb::Escalate => "escalated",
            Verb::Resolve => "resolved",
            Verb::Reopen => "reopened",
            Verb::Close => "closed",
            Verb::Cancel => "cancelled",
            Verb::Restore => "restored",
            Verb::Merge => "merged",
            Verb::Unmerge => "unmerged",
            Verb::Split => "split",
            Verb::Delete => "deleted",
        }
    }

    /// True when those who asked see in the history that it was done (K09).
    pub fn is_shown(self) -> bool {
        !matches!(self, Verb::Escalate | Verb::Split | Verb::Delete | Verb::Unmerge)
    }
}

/// The state of a ticket after a word to who asked did not arrive: nobody waits for an answer to it, and a solution that nobody has read
/// is none (features.md 4.1). None where nothing moves. Whoever solves for an address that is known to take no mail knows it, or it
/// could never be solved.
pub fn after_loss(ticket: &Ticket, was_known: bool) -> Option<State> {
    let goes_on = ticket.state.is_paused() || (ticket.state == State::Resolved && !was_known);
    (goes_on && ticket.deleted_at.is_none()).then_some(State::Open)
}

/// Why a verb is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum No {
    /// Not by this person.
    Forbidden,
    /// Not as things stand.
    NotNow,
}

/// The state after a verb, done by somebody who has this part in the ticket.
pub fn after(ticket: &Ticket, verb: Verb, part: Part) -> Result<State, No> {
    let asks = matches!(part, Part::Requester | Part::Organization);
    match verb {
        Verb::Close | Verb::Reopen if asks => {}
        _ if part.is_desk() => {}
        _ => return Err(No::Forbidden),
    }
    let state = ticket.state;
    let is_merged = ticket.merged_into.is_some();
    if ticket.deleted_at.is_some() {
        return if verb == Verb::Restore { Ok(state) } else { Err(No::NotNow) };
    }
    match verb {
        Verb::Take if state.is_active() => Ok(State::Open),
        Verb::WaitForRequester if state.is_active() => Ok(State::PendingRequester),
        Verb::WaitForConditions if state.is_active() => Ok(State::PendingConditions),
        Verb::WaitForThirdParty if state.is_active() => Ok(State::PendingThirdParty),
        Verb::Escalate if state.is_active() => Ok(state),
        Verb::Resolve if state.is_active() => Ok(State::Resolved),
        Verb::Reopen if state == State::Resolved => Ok(State::Open),
        // Who asked may say that it is settled whenever it is; the desk solves first, and closes what is solved.
        Verb::Close if state == State::Resolved || (asks && state.is_active()) => Ok(State::Closed),
        Verb::Cancel if state.is_active() || state == State::Resolved => Ok(State::Cancelled),
        Verb::Restore if state == State::Cancelled => Ok(State::New),
        Verb::Merge if state.is_active() || state == State::Resolved => Ok(State::Closed),
        Verb::Unmerge if is_merged => Ok(ticket.state_before.unwrap_or(State::Open)),
        Verb::Split if !is_merged => Ok(state),
        Verb::Delete => Ok(state),
        _ => Err(No::NotNow),
    }
}
