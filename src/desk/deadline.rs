//! In charge of a ticket's deadlines: targets in minutes of the desk's hours, pauses, another severity (features.md 4.2, S08–S10).
//! Pure: of facts and a moment.

use std::time::Duration;

use crate::calendar::{Calendar, Due};
use crate::clock::Moment;
use crate::model::ticket::{Clocks, Severity, State};

/// What a severity promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Targets {
    pub first_response: Duration,
    pub resolution: Duration,
}

/// The proposal of features.md 4.2, in minutes of open time.
pub fn targets(severity: Severity) -> Targets {
    let minutes = |first_response: u64, resolution: u64| Targets {
        first_response: Duration::from_secs(first_response * 60),
        resolution: Duration::from_secs(resolution * 60),
    };
    match severity {
        Severity::Critical => minutes(30, 4 * 60),
        Severity::High => minutes(60, 8 * 60),
        Severity::Medium => minutes(4 * 60, 24 * 60),
        Severity::Low => minutes(8 * 60, 40 * 60),
    }
}

/// When somebody must have taken charge of what came at a moment.
pub fn first_response(calendar: &Calendar, created: Moment, severity: Severity) -> Option<Due> {
    calendar.due(created, targets(severity).first_response)
}

/// When it must be solved, the clock having stood still for so much open time (milliseconds).
pub fn resolution(calendar: &Calendar, created: Moment, severity: Severity, paused_ms: i64) -> Option<Due> {
    let stood = Duration::from_millis(paused_ms.max(0).unsigned_abs());
    calendar.due(created, targets(severity).resolution + stood)
}

/// The clocks of a ticket that has just come.
pub fn begin(calendar: &Calendar, created: Moment, severity: Severity) -> Clocks {
    Clocks {
        first_response_due_at: first_response(calendar, created, severity).map(|due| due.at),
        resolution_due_at: resolution(calendar, created, severity, 0).map(|due| due.at),
        ..Clocks::default()
    }
}

/// The clocks after a change of state: what waits for others stands still, what goes on keeps the rest of its time (S09).
pub fn moved(
    calendar: &Calendar,
    (created, severity): (Moment, Severity),
    clocks: &Clocks,
    to: State,
    now: Moment,
) -> Clocks {
    let mut clocks = *clocks;
    if let Some(since) = clocks.paused_at.filter(|_| !to.is_paused()) {
        clocks.paused_ms += calendar.open_between(since, now);
        clocks.paused_at = None;
    }
    if to.is_paused() {
        clocks.paused_at = clocks.paused_at.or(Some(now));
        clocks.resolution_due_at = None;
    } else if to.is_active() {
        clocks.resolved_at = None;
        clocks.resolution_due_at = resolution(calendar, created, severity, clocks.paused_ms).map(|due| due.at);
    } else {
        clocks.resolution_due_at = None;
        clocks.resolved_at = clocks.resolved_at.or((to == State::Resolved || to == State::Closed).then_some(now));
    }
    clocks
}

/// The clocks with another severity: counted anew from the beginning (S10).
pub fn regraded(calendar: &Calendar, created: Moment, clocks: &Clocks, severity: Severity) -> Clocks {
    Clocks {
        first_response_due_at: first_response(calendar, created, severity).map(|due| due.at),
        resolution_due_at: match clocks.resolution_due_at {
            Some(_) => resolution(calendar, created, severity, clocks.paused_ms).map(|due| due.at),
            None => None,
        },
        ..*clocks
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn at(text: &str) -> Moment {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        chrono_tz::Europe::Rome.from_local_datetime(&local).unwrap().into()
    }

    fn calendar() -> Calendar {
        Calendar::assistance(String::new(), chrono_tz::Europe::Rome)
    }

    #[test]
    fn what_comes_in_the_night_is_due_the_next_day() {
        let clocks = begin(&calendar(), at("2026-11-20 18:45"), Severity::Critical);
        assert_eq!(clocks.first_response_due_at, Some(at("2026-11-21 08:15")));
        assert_eq!(clocks.resolution_due_at, Some(at("2026-11-21 11:45")));
    }

    #[test]
    fn waiting_over_a_weekend_costs_nothing() {
        let calendar = calendar();
        let created = at("2026-11-20 09:00");
        let ticket = (created, Severity::Critical);
        let clocks = begin(&calendar, created, Severity::Critical);
        let asked = moved(&calendar, ticket, &clocks, State::PendingRequester, at("2026-11-20 10:00"));
        assert_eq!((asked.resolution_due_at, asked.paused_at), (None, Some(at("2026-11-20 10:00"))));
        let still = moved(&calendar, ticket, &asked, State::PendingConditions, at("2026-11-21 09:00"));
        assert_eq!(still.paused_at, asked.paused_at, "from one wait to another the clock stands still");
        let answered = moved(&calendar, ticket, &still, State::Open, at("2026-11-23 08:30"));
        assert_eq!(answered.resolution_due_at, Some(at("2026-11-23 11:30")), "three of four hours were left");
        let again = moved(&calendar, ticket, &answered, State::PendingThirdParty, at("2026-11-23 09:00"));
        assert_eq!(again.resolution_due_at, answered.resolution_due_at, "the provider's time counts");
        let solved = moved(&calendar, ticket, &again, State::Resolved, at("2026-11-23 10:00"));
        assert_eq!((solved.resolution_due_at, solved.resolved_at), (None, Some(at("2026-11-23 10:00"))));
        let reopened = moved(&calendar, ticket, &solved, State::Open, at("2026-11-23 10:30"));
        assert_eq!((reopened.resolution_due_at, reopened.resolved_at), (Some(at("2026-11-23 11:30")), None));
    }

    #[test]
    fn another_severity_counts_from_the_beginning() {
        let calendar = calendar();
        let created = at("2026-11-23 08:00");
        let clocks = begin(&calendar, created, Severity::Medium);
        let graver = regraded(&calendar, created, &clocks, Severity::Critical);
        assert_eq!(graver.resolution_due_at, Some(at("2026-11-23 12:00")));
        let paused =
            moved(&calendar, (created, Severity::Medium), &clocks, State::PendingRequester, at("2026-11-23 09:00"));
        assert_eq!(regraded(&calendar, created, &paused, Severity::Low).resolution_due_at, None, "it still waits");
    }
}
