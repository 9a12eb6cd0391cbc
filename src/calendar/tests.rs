//! In charge of the proof that deadlines fall where features.md 4.3 says, and that open time is neither lost nor invented.

use super::*;
use chrono::DateTime;

const ROME: Tz = chrono_tz::Europe::Rome;
const HOUR: u64 = 60;

fn assistance() -> Calendar {
    Calendar::assistance("Assistenza".into(), ROME)
}

fn services() -> Calendar {
    Calendar::services("Servizi".into(), ROME)
}

/// A moment in Rome: `21/11/2026 12:30`.
fn at(text: &str) -> Moment {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%d/%m/%Y %H:%M").unwrap();
    ROME.from_local_datetime(&local).unwrap().into()
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

#[test]
fn the_worked_deadlines_fall_where_they_were_computed_to() {
    let cases = [
        (assistance(), "21/11/2026 12:30", 4 * HOUR, "23/11/2026 10:30"),
        (assistance(), "20/11/2026 18:45", 30, "21/11/2026 08:15"),
        (assistance(), "22/11/2026 10:00", 30, "23/11/2026 08:30"),
        (assistance(), "24/12/2026 17:00", 4 * HOUR, "28/12/2026 10:00"),
        (assistance(), "27/03/2027 12:30", 4 * HOUR, "30/03/2027 10:30"),
        (assistance(), "02/10/2027 12:30", 4 * HOUR, "05/10/2027 10:30"),
        (assistance(), "24/10/2026 13:30", 2 * HOUR, "26/10/2026 09:30"),
        (services(), "18/11/2026 13:00", 3 * HOUR, "18/11/2026 18:00"),
        (services(), "20/11/2026 16:30", 3 * HOUR, "23/11/2026 10:00"),
        (services(), "20/11/2026 16:30", 12 * HOUR, "24/11/2026 12:00"),
        (services(), "21/11/2026 10:00", 3 * HOUR, "23/11/2026 11:30"),
        (services(), "07/12/2026 17:00", 3 * HOUR, "09/12/2026 10:30"),
    ];
    for (calendar, from, target, expected) in cases {
        let due = calendar.due(at(from), minutes(target)).unwrap();
        assert_eq!(due.at, at(expected), "{} from {from}", calendar.id);
    }
}

#[test]
fn a_deadline_is_made_of_open_pieces_that_add_up_to_it() {
    // Every 37 minutes of the weeks around both clock changes, Christmas and Easter: no random source, the same each time.
    for (calendar, begins) in [assistance(), services()].iter().flat_map(|calendar| {
        ["20/10/2026 00:00", "20/12/2026 00:00", "24/03/2027 00:00"].map(|begins| (calendar, at(begins)))
    }) {
        for target in [1, 45, 3 * HOUR, 12 * HOUR, 40 * HOUR] {
            let mut before = None;
            for step in 0..400 {
                let from = Moment(begins.0 + step * 37 * 60_000);
                let due = calendar.due(from, minutes(target)).unwrap();
                let sum: i64 = due.pieces.iter().map(|piece| piece.length()).sum();
                assert_eq!(sum, target as i64 * 60_000);
                assert!(due.pieces.iter().all(|piece| calendar.is_open(piece.from) && piece.from >= from));
                assert!(due.pieces.windows(2).all(|pair| pair[0].to <= pair[1].from));
                assert_eq!(due.pieces.last().map(|piece| piece.to), Some(due.at));
                assert!(calendar.is_open(Moment(due.at.0 - 1)), "it never falls in a closed moment");
                assert!(before <= Some(due.at), "who asks later waits no less");
                before = Some(due.at);
            }
        }
    }
}

#[test]
fn an_interval_ends_before_its_last_minute_begins() {
    let calendar = services();
    assert!(calendar.is_open(at("18/11/2026 17:59")) && !calendar.is_open(at("18/11/2026 18:00")));
    assert_eq!(calendar.due(at("18/11/2026 18:00"), minutes(1)).unwrap().at, at("19/11/2026 08:31"));
    assert_eq!(calendar.due(at("18/11/2026 18:00"), Duration::ZERO).unwrap().at, at("18/11/2026 18:00"));
}

#[test]
fn an_hour_that_the_clock_doubles_or_leaves_out_counts_as_long_as_it_lasts() {
    let mut night = assistance();
    night.week = std::array::from_fn(|_| vec![Interval::new((1, 0), (4, 0))]);
    let from = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc().into();
    let hours = |from: Moment| {
        let due = night.due(from, minutes(HOUR * 24)).unwrap();
        due.pieces[0].length() / 3_600_000
    };
    assert_eq!(hours(from("2026-10-25T00:00:00+02:00")), 4);
    assert_eq!(hours(from("2028-03-26T00:00:00+01:00")), 2);
    assert_eq!(hours(from("2028-03-27T00:00:00+02:00")), 3);
}

#[test]
fn closures_are_once_or_each_year() {
    let date = |text: &str| NaiveDate::parse_from_str(text, "%d/%m/%Y").unwrap();
    let mut calendar = assistance();
    calendar.closures = vec![
        Closure { name: "San Giovanni".into(), first: date("24/06/2026"), last: date("24/06/2026"), yearly: true },
        Closure { name: "Trasloco".into(), first: date("10/08/2026"), last: date("12/08/2026"), yearly: false },
        Closure { name: "Fine anno".into(), first: date("31/12/2026"), last: date("02/01/2027"), yearly: true },
    ];
    for (closed, is_closed) in [
        ("24/06/2025 09:00", false),
        ("24/06/2026 09:00", true),
        ("24/06/2027 09:00", true),
        ("11/08/2026 09:00", true),
        ("11/08/2027 09:00", false),
        ("31/12/2027 09:00", true),
        ("02/01/2029 09:00", true),
        ("04/01/2029 09:00", false),
    ] {
        assert_eq!(!calendar.is_open(at(closed)), is_closed, "{closed}");
    }
}

#[test]
fn a_calendar_that_never_opens_has_no_deadlines() {
    let mut calendar = assistance();
    calendar.week = std::array::from_fn(|_| Vec::new());
    assert_eq!(calendar.due(at("18/11/2026 18:00"), minutes(1)), None);
    assert!(!calendar.is_open(at("18/11/2026 10:00")));
}

#[test]
fn an_office_says_until_when_it_is_open_and_when_it_opens_again() {
    let open = |until: &str| Standing::Open(Some(at(until)));
    let closed = |until: &str| Standing::Closed(Some(at(until)));
    let cases = [
        (assistance(), "18/11/2026 10:00", open("18/11/2026 19:00"), "in the middle of a day"),
        (assistance(), "18/11/2026 08:00", open("18/11/2026 19:00"), "the first moment"),
        (assistance(), "18/11/2026 19:00", closed("19/11/2026 08:00"), "the last moment is too late"),
        (assistance(), "18/11/2026 07:59", closed("18/11/2026 08:00"), "before it opens"),
        (assistance(), "21/11/2026 13:59", open("21/11/2026 14:00"), "Saturday"),
        (assistance(), "21/11/2026 14:00", closed("23/11/2026 08:00"), "over Sunday"),
        (assistance(), "07/12/2026 19:30", closed("09/12/2026 08:00"), "over a holiday"),
        (assistance(), "24/12/2026 19:00", closed("28/12/2026 08:00"), "two holidays and a Sunday"),
        (assistance(), "27/03/2027 14:00", closed("30/03/2027 08:00"), "clocks go forward, then Easter Monday"),
        (assistance(), "28/03/2027 01:30", closed("30/03/2027 08:00"), "half an hour before clocks go forward"),
        (assistance(), "24/10/2026 15:00", closed("26/10/2026 08:00"), "clocks go back"),
        (assistance(), "02/10/2027 14:00", closed("05/10/2027 08:00"), "San Francesco"),
        (services(), "18/11/2026 12:30", closed("18/11/2026 15:00"), "the pause at noon"),
        (services(), "18/11/2026 15:00", open("18/11/2026 18:00"), "after the pause"),
        (services(), "20/11/2026 18:00", closed("23/11/2026 08:30"), "over a weekend"),
    ];
    for (calendar, now, expected, why) in cases {
        assert_eq!(calendar.standing(at(now)), expected, "{} at {now}: {why}", calendar.id);
    }
}

#[test]
fn of_the_hour_that_october_doubles_each_half_says_the_same_closing() {
    let mut night = assistance();
    night.week = std::array::from_fn(|_| vec![Interval::new((0, 0), (4, 0))]);
    let closing = Standing::Open(Some(at("25/10/2026 04:00")));
    let first = at("25/10/2026 01:59");
    for minutes in [0, 2, 62, 122] {
        assert_eq!(night.standing(Moment(first.0 + minutes * 60_000)), closing, "{minutes} minutes later");
    }
    assert_eq!(night.standing(Moment(first.0 + 181 * 60_000)), Standing::Closed(Some(at("26/10/2026 00:00"))));
}

#[test]
fn hours_over_midnight_are_one_stretch_and_an_office_may_never_open_or_close() {
    let mut late = assistance();
    late.week = std::array::from_fn(|_| Vec::new());
    assert_eq!(late.standing(at("18/11/2026 10:00")), Standing::Closed(None));
    late.week[2] = vec![Interval::new((20, 0), (24, 0))];
    late.week[3] = vec![Interval::new((0, 0), (2, 0))];
    assert_eq!(late.standing(at("18/11/2026 21:00")), Standing::Open(Some(at("19/11/2026 02:00"))));
    late.week = std::array::from_fn(|_| vec![Interval::new((0, 0), (24, 0))]);
    // At the next holiday it closes.
    assert_eq!(late.standing(at("18/11/2026 21:00")), Standing::Open(Some(at("08/12/2026 00:00"))));
}

#[test]
fn days_of_work_are_counted_from_the_day_after() {
    let cases = [
        // An ordinary week, at any hour of the day.
        ("30/11/2026 09:00", 3, "03/12/2026 18:00"),
        ("30/11/2026 23:30", 3, "03/12/2026 18:00"),
        // A weekend; the Immaculate on a Tuesday; Easter Monday.
        ("21/11/2026 10:00", 3, "25/11/2026 18:00"),
        ("04/12/2026 10:00", 3, "10/12/2026 18:00"),
        ("26/03/2027 10:00", 1, "30/03/2027 18:00"),
        // The night in which the clocks change.
        ("23/10/2026 12:00", 1, "26/10/2026 18:00"),
    ];
    for (from, days, end) in cases {
        assert_eq!(services().end_of_working_day(at(from), days), Some(at(end)), "{days} from {from}");
    }
    let closed = Calendar { week: std::array::from_fn(|_| Vec::new()), ..services() };
    assert_eq!(closed.end_of_working_day(at("30/11/2026 09:00"), 3), None);
    assert_eq!(services().end_of_working_day(at("30/11/2026 09:00"), 0), None);
}
