//! In charge of when a schedule falls due, in the installation's time zone, through both clock changes. Pure.

use std::str::FromStr;

use chrono::{FixedOffset, Offset, TimeZone};
use chrono_tz::Tz;
use cron::Schedule;

use crate::clock::Moment;

/// Reads a cron expression with seconds: `0 */5 * * * *`.
pub fn parse(text: &str) -> anyhow::Result<Schedule> {
    Schedule::from_str(text).map_err(|_| anyhow::anyhow!("«{text}» is not a cron expression with seconds"))
}

/// The first slot after `now`. None for a schedule that is over.
///
/// Slots are looked for with the clock as it stands, and with the other one where the clock changes on the way: cron 0.17
/// by itself loses the second of the two hours that October doubles, and walks backwards into the wrong one.
pub fn next_slot(schedule: &Schedule, zone: Tz, now: Moment) -> Option<Moment> {
    let after = |offset: FixedOffset| schedule.after_owned(now.utc().with_timezone(&offset)).map(Moment::from);
    let first = after(offset(zone, now)).next()?;
    let then = offset(zone, first);
    if then == offset(zone, now) { Some(first) } else { after(then).find(|slot| offset(zone, *slot) == then) }
}

/// The last slot at or before `now`. None for a schedule that has not begun.
pub fn last_slot(schedule: &Schedule, zone: Tz, now: Moment) -> Option<Moment> {
    // The iterator leaves the given moment itself out, so it is asked from one second later.
    let from = Moment(now.0 - now.0.rem_euclid(1000) + 1000);
    let before = |offset: FixedOffset| schedule.after_owned(from.utc().with_timezone(&offset)).rev().map(Moment::from);
    let last = before(offset(zone, now)).next()?;
    let then = offset(zone, last);
    if then == offset(zone, now) { Some(last) } else { before(then).find(|slot| offset(zone, *slot) == then) }
}

/// How far the zone's clock is from UTC at a moment.
fn offset(zone: Tz, at: Moment) -> FixedOffset {
    zone.offset_from_utc_datetime(&at.utc().naive_utc()).fix()
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
        assert_eq!(next_slot(&yearly, rome, at("2026-11-22T09:00:00+01:00")), Some(at("2027-01-01T08:30:00+01:00")));
        let nightly = parse("0 30 2 * * *").unwrap();
        assert_eq!(
            last_slot(&nightly, rome, at("2026-03-29T12:00:00+02:00")),
            Some(at("2026-03-28T02:30:00+01:00")),
            "that night has no 02:30"
        );
        assert_eq!(next_slot(&nightly, rome, at("2026-03-28T12:00:00+01:00")), Some(at("2026-03-30T02:30:00+02:00")));
    }

    #[test]
    fn nonsense_is_not_a_schedule() {
        for text in ["", "often", "* * *", "99 * * * * *"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
