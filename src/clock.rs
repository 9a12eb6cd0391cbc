//! In charge of what time it is. Does not know calendars: a moment is a number, the page turns it into words.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

/// A moment: milliseconds since 1970-01-01T00:00:00Z, as stored in every `*_at` column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// The same moment as a date. Moments outside the years 1 to 9998 stand at the edge, so that no zone can carry them
    /// out of the calendar.
    pub fn utc(self) -> DateTime<Utc> {
        const FIRST: i64 = -62_135_596_800_000;
        const LAST: i64 = 253_370_764_799_000;
        DateTime::from_timestamp_millis(self.0.clamp(FIRST, LAST)).unwrap_or_default()
    }

    /// This moment and so much later.
    pub fn plus(self, later: std::time::Duration) -> Moment {
        Moment(self.0.saturating_add(i64::try_from(later.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Milliseconds from `earlier` to this, negative when it is the other way round.
    pub fn since(self, earlier: Moment) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// RFC 3339 in UTC, to the second.
    pub fn rfc3339(self) -> String {
        self.utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }
}

impl<Z: chrono::TimeZone> From<DateTime<Z>> for Moment {
    fn from(date: DateTime<Z>) -> Moment {
        Moment(date.timestamp_millis())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

/// The clock that the program is given: the machine's, or one that a test moves.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    #[default]
    Machine,
    Held(Arc<AtomicI64>),
}

impl Clock {
    /// What time it is.
    pub fn now(&self) -> Moment {
        match self {
            Clock::Machine => Moment(Utc::now().timestamp_millis()),
            Clock::Held(at) => Moment(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a held clock forward; the machine's clock is nobody's to move.
    pub fn advance(&self, by: std::time::Duration) {
        if let Clock::Held(at) = self {
            at.fetch_add(by.as_millis() as i64, Ordering::SeqCst);
        }
    }
}
