//! In charge of when a schedule falls due, in the installation's time zone, through both clock changes. Pure.

use std::str::FromStr;

use chrono_tz::Tz;
use cron::Schedule;

use crate::clock::Moment;

/// Reads a cron expression with seconds: `0 */5 * * * *`.
pub fn parse(text: &str) -> anyhow::Result<Schedule> {
    Schedule::from_str(text).map_err(|_| anyhow::anyhow!("«{text}» is not a cron expression with seconds"))
}

/// The first slot after `now`. None for a schedule that is over.
pub fn next_slot(schedule: &Schedule, zone: Tz, now: Moment) -> Option<Moment> {
    schedule.after(&now.utc().with_timezone(&zone)).next().map(|at| Moment(at.timestamp_millis()))
}

/// The last slot at or before `now`. None for a schedule that has not begun.
pub fn last_slot(schedule: &Schedule, zone: Tz, now: Moment) -> Option<Moment> {
    // The iterator leaves the given moment itself out, so it is asked from one second later.
    let from = Moment(now.0 - now.0.rem_euclid(1000) + 1000).utc().with_timezone(&zone);
    schedule.after(&from).rev().next().map(|at| Moment(at.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn at(text: &str) -> Moment {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc().into()
    }

    #[test]
    fn slots_lie_before_and_after_now() {
        let every_five = parse("0 */5 * * * *").unwrap();
        let rome = chrono_tz::Europe::Rome;
        let check = |now: &str, last: &str, next: &str| {
            assert_eq!(last_slot(&every_five, rome, at(now)), Some(at(last)), "last at {now}");
            assert_eq!(next_slot(&every_five, rome, at(now)), Some(at(next)), "next at {now}");
        };
        check("2026-11-22T09:12:33+01:00", "2026-11-22T09:10:00+01:00", "2026-11-22T09:15:00+01:00");
        check("2026-11-22T09:10:00+01:00", "2026-11-22T09:10:00+01:00", "2026-11-22T09:15:00+01:00");
        // The lost hour of March and the doubled one of October: slots go on every five minutes of real time.
        check("2026-03-29T01:58:00+01:00", "2026-03-29T01:55:00+01:00", "2026-03-29T03:00:00+02:00");
        check("2026-10-25T02:58:00+02:00", "2026-10-25T02:55:00+02:00", "2026-10-25T02:00:00+01:00");
    }

    #[test]
    fn nonsense_is_not_a_schedule() {
        for text in ["", "often", "* * *", "99 * * * * *"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
