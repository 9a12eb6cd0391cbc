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

/// The last slot at or before `now`. None when there was none for a year.
///
/// Looked for forwards, from further and further back: cron 0.17 walks backwards into the wrong one of the two hours that
/// October doubles.
pub fn last_slot(schedule: &Schedule, zone: Tz, now: Moment) -> Option<Moment> {
    const MINUTE: i64 = 60_000;
    [MINUTE, 60 * MINUTE, 24 * 60 * MINUTE, 31 * 24 * 60 * MINUTE, 366 * 24 * 60 * MINUTE].into_iter().find_map(|back| {
        let from = Moment(now.0 - back).utc().with_timezone(&zone);
        let slots = schedule.after(&from).map(|at| Moment(at.timestamp_millis()));
        slots.take_while(|slot| *slot <= now).last()
    })
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
        check("2026-10-25T02:02:00+01:00", "2026-10-25T02:00:00+01:00", "2026-10-25T02:05:00+01:00");
    }

    #[test]
    fn a_rare_schedule_has_a_last_slot_too() {
        let (yearly, rome) = (parse("0 30 8 1 Jan *").unwrap(), chrono_tz::Europe::Rome);
        assert_eq!(last_slot(&yearly, rome, at("2026-11-22T09:00:00+01:00")), Some(at("2026-01-01T08:30:00+01:00")));
        assert_eq!(last_slot(&parse("0 0 0 1 Jan * 2030").unwrap(), rome, at("2026-11-22T09:00:00+01:00")), None);
    }

    #[test]
    fn nonsense_is_not_a_schedule() {
        for text in ["", "often", "* * *", "99 * * * * *"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
