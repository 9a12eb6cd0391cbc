//! In charge of a ticket's deadlines: targets in minutes of the desk's hours, pauses, another severity (features.md 4.2, S08–S10).
//! Pure: of facts and a moment.

use std::time::Duration;

use crate::calendar::{Calendar, Due};
use crate::clock::Moment;
use crate::model::ticket::{Clocks, PASSWORD_LOST, Severity, State, Ticket};

/// In how many working days of the service calendar a password that was lost is given anew: about three (seed 002, «FORM… circa 3
/// giorni lavorativi»; its form of the webmail says two, and what is promised is the longer).
pub const PASSWORD_DAYS: usize = 3;

/// What a severity promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Targets {
    pub first_response: Duration,
    pub next_update: Duration,
    pub resolution: Duration,
}

/// When the desk works, and what each severity promises in that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    pub calendar: Calendar,
    /// When the provider works on what it is asked for, in whose days some things are promised.
    pub services: Calendar,
    /// In the order of `Severity::ALL`, the gravest first.
    pub targets: [Targets; 4],
}

impl Promise {
    /// The proposal of features.md 4.2, in minutes of open time. A working day of the desk has 11 hours.
    pub fn shipped(calendar: Calendar) -> Promise {
        let minutes = |first_response: u64, next_update: u64, resolution: u64| Targets {
            first_response: Duration::from_secs(first_response * 60),
            next_update: Duration::from_secs(next_update * 60),
            resolution: Duration::from_secs(resolution * 60),
        };
        let targets = [
            minutes(30, 2 * 60, 4 * 60),
            minutes(60, 4 * 60, 8 * 60),
            minutes(4 * 60, 11 * 60, 24 * 60),
            minutes(8 * 60, 33 * 60, 40 * 60),
        ];
        let services = Calendar::services(String::new(), calendar.zone);
        Promise { calendar, services, targets }
    }

    /// What a severity promises.
    pub fn of(&self, severity: Severity) -> Targets {
        let [critical, high, medium, low] = self.targets;
        match severity {
            Severity::Critical => critical,
            Severity::High => high,
            Severity::Medium => medium,
            Severity::Low => low,
        }
    }

    /// In how much of the desk's time a ticket must be solved: what its severity promises, or for a password that was lost, however
    /// grave, what there is of it until the end of the working days.
    pub fn to_resolve(&self, ticket: &Ticket) -> Duration {
        let end = match ticket.category.as_deref() {
            Some(PASSWORD_LOST) => self.password_due(ticket.created_at),
            _ => None,
        };
        let until = end.map(|end| stood(self.calendar.open_between(ticket.created_at, end)));
        until.filter(|time| !time.is_zero()).unwrap_or(self.of(ticket.severity).resolution)
    }

    /// By when a password that is asked for now is given anew.
    pub fn password_due(&self, asked: Moment) -> Option<Moment> {
        self.services.end_of_working_day(asked, PASSWORD_DAYS)
    }
}

/// When somebody must have taken charge, the clock having stood still for so much open time (milliseconds).
pub fn first_response(promise: &Promise, created: Moment, severity: Severity, paused_ms: i64) -> Option<Due> {
    promise.calendar.due(created, promise.of(severity).first_response + stood(paused_ms))
}

/// When a ticket must be solved, its clock having stood still for so much open time (milliseconds).
pub fn resolution(promise: &Promise, ticket: &Ticket, paused_ms: i64) -> Option<Due> {
    promise.calendar.due(ticket.created_at, promise.to_resolve(ticket) + stood(paused_ms))
}

fn stood(paused_ms: i64) -> Duration {
    Duration::from_millis(paused_ms.max(0).unsigned_abs())
}

/// When those who asked are to hear again.
fn next_update(promise: &Promise, severity: Severity, clocks: &Clocks) -> Option<Moment> {
    promise.calendar.due(clocks.next_update_since?, promise.of(severity).next_update).map(|due| due.at)
}

/// The clocks of a ticket that has just come.
pub fn begin(promise: &Promise, ticket: &Ticket) -> Clocks {
    Clocks {
        first_response_due_at: first_response(promise, ticket.created_at, ticket.severity, 0).map(|due| due.at),
        resolution_due_at: resolution(promise, ticket, 0).map(|due| due.at),
        ..Clocks::default()
    }
}

/// The clocks after the desk has said something to those who asked: a human act, which also takes charge (features.md 4.1).
pub fn told(clocks: &Clocks, now: Moment) -> Clocks {
    Clocks { first_responded_at: clocks.first_responded_at.or(Some(now)), next_update_since: Some(now), ..*clocks }
}

/// The clocks of a ticket that is to stand so, with those that it had: what waits for others, is solved, cancelled or in the bin
/// stands still, what goes on keeps the rest of its time (S09, features.md 4.1).
pub fn moved(promise: &Promise, ticket: &Ticket, now: Moment) -> Clocks {
    let mut clocks = ticket.clocks;
    let stands = ticket.deleted_at.is_some() || !ticket.state.is_active() || ticket.state.is_paused();
    if stands {
        clocks.paused_at = clocks.paused_at.or(Some(now));
        clocks.resolution_due_at = None;
        clocks.next_update_due_at = None;
    } else {
        if let Some(since) = clocks.paused_at.take() {
            clocks.paused_ms += promise.calendar.open_between(since, now);
            clocks.next_update_since = clocks.next_update_since.map(|_| now);
        }
        if clocks.first_responded_at.is_none() {
            let due = first_response(promise, ticket.created_at, ticket.severity, clocks.paused_ms);
            clocks.first_response_due_at = due.map(|due| due.at);
        }
        let due = resolution(promise, ticket, clocks.paused_ms);
        clocks.resolution_due_at = due.map(|due| due.at);
        clocks.next_update_due_at = next_update(promise, ticket.severity, &clocks);
    }
    clocks.resolved_at = match ticket.state {
        State::Resolved | State::Closed => clocks.resolved_at.or(Some(now)),
        _ => None,
    };
    clocks
}

/// The clocks of a ticket with another severity: counted anew from the beginning (S10).
pub fn regraded(promise: &Promise, ticket: &Ticket, now: Moment) -> Clocks {
    let clocks = ticket.clocks;
    let due = first_response(promise, ticket.created_at, ticket.severity, 0);
    moved(
        promise,
        &Ticket { clocks: Clocks { first_response_due_at: due.map(|due| due.at), ..clocks }, ..ticket.clone() },
        now,
    )
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn at(text: &str) -> Moment {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        chrono_tz::Europe::Rome.from_local_datetime(&local).unwrap().into()
    }

    fn promise() -> Promise {
        Promise::shipped(Calendar::assistance(String::new(), chrono_tz::Europe::Rome))
    }

    #[test]
    fn what_comes_in_the_night_is_due_the_next_day() {
        let clocks = ticket("2026-11-20 18:45", Severity::Critical).clocks;
        assert_eq!(clocks.first_response_due_at, Some(at("2026-11-21 08:15")));
        assert_eq!(clocks.resolution_due_at, Some(at("2026-11-21 11:45")));
    }

    fn ticket(created: &str, severity: Severity) -> Ticket {
        let created = at(created);
        let new = Ticket { severity, created_at: created, ..crate::desk::tests::ticket() };
        Ticket { clocks: begin(&promise(), &new), ..new }
    }

    #[test]
    fn a_password_that_was_lost_has_working_days_whatever_its_severity() {
        let asked = Ticket { category: Some(PASSWORD_LOST.into()), ..ticket("2026-11-30 09:00", Severity::Low) };
        let mut new = Ticket { clocks: begin(&promise(), &asked), ..asked };
        assert_eq!(new.clocks.resolution_due_at, Some(at("2026-12-03 18:00")));
        assert_eq!(new.clocks.first_response_due_at, Some(at("2026-11-30 17:00")), "the desk answers as ever");
        new.severity = Severity::Critical;
        new.clocks = regraded(&promise(), &new, at("2026-11-30 10:00"));
        assert_eq!(new.clocks.resolution_due_at, Some(at("2026-12-03 18:00")));
        let waits = then(&new, State::PendingRequester, "2026-11-30 10:00");
        let answered = then(&waits, State::Open, "2026-12-01 10:00");
        assert_eq!(answered.clocks.resolution_due_at, Some(at("2026-12-04 18:00")), "a day of the desk was waited for");
        let mut never = promise();
        never.services.week = std::array::from_fn(|_| Vec::new());
        let usual = promise().of(Severity::Critical).resolution;
        assert_eq!(never.to_resolve(&new), usual, "with no such day its severity counts");
    }

    /// The same ticket in another state, at a moment.
    fn then(ticket: &Ticket, state: State, now: &str) -> Ticket {
        let mut new = Ticket { state, ..ticket.clone() };
        new.clocks = moved(&promise(), &new, at(now));
        new
    }

    #[test]
    fn waiting_over_a_weekend_costs_nothing() {
        let new = ticket("2026-11-20 09:00", Severity::Critical);
        let asked = then(&new, State::PendingRequester, "2026-11-20 10:00");
        assert_eq!((asked.clocks.resolution_due_at, asked.clocks.paused_at), (None, Some(at("2026-11-20 10:00"))));
        let still = then(&asked, State::PendingConditions, "2026-11-21 09:00");
        assert_eq!(still.clocks.paused_at, asked.clocks.paused_at, "from one wait to another the clock stands still");
        let answered = then(&still, State::Open, "2026-11-23 08:30");
        assert_eq!(answered.clocks.resolution_due_at, Some(at("2026-11-23 11:30")), "three of four hours were left");
        let again = then(&answered, State::PendingThirdParty, "2026-11-23 09:00");
        assert_eq!(again.clocks.resolution_due_at, answered.clocks.resolution_due_at, "the provider's time counts");
    }

    #[test]
    fn what_is_solved_or_put_away_stands_still_until_it_goes_on() {
        let open = then(&ticket("2026-11-23 08:00", Severity::Critical), State::Open, "2026-11-23 08:10");
        for state in [State::Resolved, State::Closed, State::Cancelled] {
            let over = then(&open, state, "2026-11-23 09:00");
            assert_eq!(over.clocks.resolution_due_at, None);
            let is_solved = state != State::Cancelled;
            assert_eq!(over.clocks.resolved_at, is_solved.then(|| at("2026-11-23 09:00")), "{state:?}");
            let back = then(&over, State::Open, "2026-11-26 10:00");
            assert_eq!(back.clocks.resolution_due_at, Some(at("2026-11-26 13:00")), "{state:?}: three hours were left");
            assert_eq!((back.clocks.resolved_at, back.clocks.paused_at), (None, None));
        }
        let binned = Ticket { deleted_at: Some(at("2026-11-23 09:00")), ..open.clone() };
        let binned = then(&binned, State::Open, "2026-11-23 09:00");
        assert_eq!(binned.clocks.resolution_due_at, None);
        let back = then(&Ticket { deleted_at: None, ..binned }, State::Open, "2026-11-26 10:00");
        assert_eq!(back.clocks.resolution_due_at, Some(at("2026-11-26 13:00")));
    }

    #[test]
    fn who_asked_is_to_hear_again_in_time() {
        let mut new = ticket("2026-11-23 08:00", Severity::High);
        assert_eq!(new.clocks.next_update_due_at, None, "before anybody has taken charge the first clock runs");
        new.clocks = told(&new.clocks, at("2026-11-23 08:30"));
        let taken = then(&new, State::Open, "2026-11-23 08:30");
        assert_eq!(taken.clocks.next_update_due_at, Some(at("2026-11-23 12:30")));
        let asked = then(&taken, State::PendingRequester, "2026-11-23 09:00");
        assert_eq!(asked.clocks.next_update_due_at, None, "it is the requester's turn");
        let answered = then(&asked, State::Open, "2026-11-23 17:00");
        assert_eq!(answered.clocks.next_update_due_at, Some(at("2026-11-24 10:00")), "counted from the answer");
        let mut graver = Ticket { severity: Severity::Critical, ..answered };
        graver.clocks = regraded(&promise(), &graver, at("2026-11-23 17:30"));
        assert_eq!(graver.clocks.next_update_due_at, Some(at("2026-11-23 19:00")));
    }

    #[test]
    fn another_severity_counts_from_the_beginning() {
        let mut graver = Ticket { severity: Severity::Critical, ..ticket("2026-11-23 08:00", Severity::Medium) };
        graver.clocks = regraded(&promise(), &graver, at("2026-11-23 09:00"));
        assert_eq!(graver.clocks.resolution_due_at, Some(at("2026-11-23 12:00")));
        let waits = then(&ticket("2026-11-23 08:00", Severity::Medium), State::PendingRequester, "2026-11-23 09:00");
        let mut lesser = Ticket { severity: Severity::Low, ..waits };
        lesser.clocks = regraded(&promise(), &lesser, at("2026-11-23 10:00"));
        assert_eq!(lesser.clocks.resolution_due_at, None, "it still waits");
    }
}
