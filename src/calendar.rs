//! In charge of service hours: when an office is open, and when so much open time will have passed (features.md 4.3). Pure.
//! Does not know what is due, nor where calendars are kept.

use std::time::Duration;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeZone, Weekday};
use chrono_tz::Tz;

use crate::clock::Moment;
use crate::holidays;

/// How far ahead open time is looked for: past it a calendar is taken for closed for good.
const HORIZON_DAYS: u64 = 20 * 366;

/// From one time of the day to another, in minutes since midnight; the end is 1440 at most, and after the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Interval {
    pub from: u16,
    pub to: u16,
}

impl Interval {
    /// From one hour and minute to another.
    pub const fn new(from: (u16, u16), to: (u16, u16)) -> Interval {
        Interval { from: from.0 * 60 + from.1, to: to.0 * 60 + to.1 }
    }
}

/// Minutes since midnight as `08:30`.
pub fn time_of_day(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Days on which an office is closed besides national holidays: a patron's day, each year; a closure, once.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Closure {
    pub name: String,
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// The same days of each year from the first one's on.
    pub yearly: bool,
}

impl Closure {
    fn covers(&self, date: NaiveDate) -> bool {
        let within = |year: i32| {
            let moved = |day: NaiveDate| day.with_year(day.year() + year - self.first.year());
            moved(self.first).zip(moved(self.last)).is_some_and(|(first, last)| (first..=last).contains(&date))
        };
        // A closure over New Year begins in the year before.
        if self.yearly {
            date >= self.first && (within(date.year()) || within(date.year() - 1))
        } else {
            (self.first..=self.last).contains(&date)
        }
    }
}

/// When an office is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Its id in the API; calendars of the program's own have a word.
    pub id: String,
    pub name: String,
    /// The hours of each day of the week, Monday first; in rising order, without overlap.
    pub week: [Vec<Interval>; 7],
    pub closures: Vec<Closure>,
    pub zone: Tz,
}

/// A stretch of open time that counted towards a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub from: Moment,
    pub to: Moment,
}

impl Piece {
    /// How long it is, in milliseconds.
    pub fn length(self) -> i64 {
        self.to.since(self.from)
    }
}

/// A moment by which so much open time has passed, and of which stretches that time is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub at: Moment,
    pub pieces: Vec<Piece>,
}

/// How an office stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Open until a moment; None when no closing is in sight.
    Open(Option<Moment>),
    /// Closed until a moment; None when it is closed for good.
    Closed(Option<Moment>),
}

/// How many stretches that follow each other without a pause are looked through for a closing.
const STRETCHES: usize = 64;

impl Calendar {
    /// The help desk's hours: Monday to Friday 8–19, Saturday 8–14 (seed 001). 61 hours a week.
    pub fn assistance(name: String, zone: Tz) -> Calendar {
        let mut week: [Vec<Interval>; 7] = std::array::from_fn(|_| vec![Interval::new((8, 0), (19, 0))]);
        week[Weekday::Sat as usize] = vec![Interval::new((8, 0), (14, 0))];
        week[Weekday::Sun as usize] = Vec::new();
        Calendar { id: "assistenza".into(), name, week, closures: Vec::new(), zone }
    }

    /// The provider's hours for service requests: Monday to Friday 8:30–12:30 and 15–18 (seed 004). 35 hours a week.
    pub fn services(name: String, zone: Tz) -> Calendar {
        let day = vec![Interval::new((8, 30), (12, 30)), Interval::new((15, 0), (18, 0))];
        let mut week: [Vec<Interval>; 7] = std::array::from_fn(|_| day.clone());
        week[Weekday::Sat as usize] = Vec::new();
        week[Weekday::Sun as usize] = Vec::new();
        Calendar { id: "servizi".into(), name, week, closures: Vec::new(), zone }
    }

    /// When so much open time will have passed since a moment. The end of an interval is too late to begin in and in time to
    /// finish in. None when the calendar is closed for good, or so long that nobody waits for it.
    pub fn due(&self, from: Moment, time: Duration) -> Option<Due> {
        let mut missing = i64::try_from(time.as_millis()).ok()?;
        let mut pieces = Vec::new();
        if missing == 0 {
            return Some(Due { at: from, pieces });
        }
        for (open, close) in self.open_from(from) {
            let begin = open.max(from);
            let end = close.min(Moment(begin.0.saturating_add(missing)));
            if end <= begin {
                continue;
            }
            pieces.push(Piece { from: begin, to: end });
            missing -= end.since(begin);
            if missing == 0 {
                return Some(Due { at: end, pieces });
            }
        }
        None
    }

    /// How much open time there is between two moments, in milliseconds.
    pub fn open_between(&self, from: Moment, to: Moment) -> i64 {
        let stretches = self.open_from(from).take_while(|(open, _)| *open < to);
        stretches.map(|(open, close)| close.min(to).since(open.max(from)).max(0)).sum()
    }

    /// The end of so many days of work: that of a moment is not counted. None when it is closed for good.
    pub fn end_of_working_day(&self, from: Moment, days: usize) -> Option<Moment> {
        let today = self.zone.from_utc_datetime(&from.utc().naive_utc()).date_naive();
        let dates = (1..HORIZON_DAYS).map_while(|day| today.checked_add_days(Days::new(day)));
        let mut open = dates.filter(|date| !self.is_closed(*date)).filter_map(|date| {
            let last = self.week[date.weekday() as usize].last()?;
            Some(self.moment(date, last.to, true))
        });
        open.nth(days.checked_sub(1)?)
    }

    /// True at a moment in which work may begin.
    pub fn is_open(&self, at: Moment) -> bool {
        self.open_from(at).next().is_some_and(|(open, _)| open <= at)
    }

    /// Whether it is open at a moment, and when that changes (F17). Hours that go on at midnight are one stretch.
    pub fn standing(&self, at: Moment) -> Standing {
        let mut stretches = self.open_from(at);
        let Some((open, mut close)) = stretches.next() else { return Standing::Closed(None) };
        if open > at {
            return Standing::Closed(Some(open));
        }
        for (open, next) in stretches.take(STRETCHES) {
            if open > close {
                return Standing::Open(Some(close));
            }
            close = next;
        }
        Standing::Open(None)
    }

    /// The stretches of open time that end after a moment, in their order.
    fn open_from(&self, from: Moment) -> impl Iterator<Item = (Moment, Moment)> {
        let first = self.zone.from_utc_datetime(&from.utc().naive_utc()).date_naive();
        let days = (0..HORIZON_DAYS).map_while(move |day| first.checked_add_days(Days::new(day)));
        let open = days.filter(move |date| !self.is_closed(*date)).flat_map(move |date| {
            let hours = &self.week[date.weekday() as usize];
            hours.iter().map(move |hours| (self.moment(date, hours.from, false), self.moment(date, hours.to, true)))
        });
        open.filter(move |(open, close)| *close > from && close > open)
    }

    fn is_closed(&self, date: NaiveDate) -> bool {
        holidays::national(date).is_some() || self.closures.iter().any(|one| one.covers(date))
    }

    /// The moment of a time of the day. Of an hour that October doubles an opening takes the first and a closing the second; one
    /// that March leaves out is the first moment after it.
    fn moment(&self, date: NaiveDate, minutes: u16, is_end: bool) -> Moment {
        let midnight = date.and_time(NaiveTime::MIN);
        let mut local = midnight + chrono::Duration::minutes(i64::from(minutes));
        loop {
            let found = self.zone.from_local_datetime(&local);
            if let Some(at) = if is_end { found.latest() } else { found.earliest() } {
                return at.into();
            }
            // No zone leaves out more than a day, so a time that there is follows.
            local += chrono::Duration::minutes(1);
        }
    }
}

#[cfg(test)]
mod tests;
