//! In charge of what the dashboard's figures are of: the days, weeks or months into which a period falls, and what came and was
//! open in each. Pure: knows neither pages nor statements.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::clock::Moment;

/// A chart has no more points than so many (`ui.md` 2).
const MOST_POINTS: usize = 90;

/// How fine moments are counted before they fall into days: every zone's midnight is a whole number of these from UTC's.
pub const QUARTER_MS: i64 = 15 * 60 * 1000;

/// One step of a period: from a day on, for so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// A period in days; in weeks that begin on Monday, or in months, where it would be too many of them.
pub fn steps(from: NaiveDate, to: NaiveDate) -> Vec<Step> {
    let next: [fn(NaiveDate) -> Option<NaiveDate>; 3] = [
        |day| day.succ_opt(),
        |day| day.checked_add_days(Days::new(7 - u64::from(day.weekday().num_days_from_monday()))),
        |day| day.with_day(1)?.checked_add_months(Months::new(1)),
    ];
    for next in next {
        let (mut steps, mut first) = (Vec::new(), from);
        while first <= to && steps.len() < MOST_POINTS {
            let Some(after) = next(first) else { break };
            steps.push(Step { first, last: after.pred_opt().unwrap_or(first).min(to) });
            first = after;
        }
        if first > to {
            return steps;
        }
    }
    vec![Step { first: from, last: to }]
}

impl Step {
    /// True for a single day.
    pub fn is_day(&self) -> bool {
        self.first == self.last
    }
}

/// The word for how long the steps of a period are: `day`, `week` or `month`.
pub fn unit(steps: &[Step]) -> &'static str {
    let longest = steps.iter().map(|step| step.last.signed_duration_since(step.first).num_days()).max();
    match longest.unwrap_or(0) {
        0 => "day",
        1..=6 => "week",
        _ => "month",
    }
}

/// What was counted by quarters of an hour, in the steps into which they fall. `day` gives a moment's day.
pub fn fold(steps: &[Step], counted: &[(i64, i64)], day: impl Fn(Moment) -> NaiveDate) -> Vec<i64> {
    let mut sums = vec![0; steps.len()];
    for (quarter, n) in counted {
        let day = day(Moment(quarter * QUARTER_MS));
        // The step that begins last before it.
        let place = steps.partition_point(|step| step.first <= day);
        if let Some(sum) = place.checked_sub(1).and_then(|place| sums.get_mut(place)) {
            *sum += n;
        }
    }
    sums
}

/// The same, apart by a word; the words with the most first.
pub fn fold_by(
    steps: &[Step],
    counted: &[(i64, String, i64)],
    day: impl Fn(Moment) -> NaiveDate,
) -> Vec<(String, Vec<i64>)> {
    let mut of: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    for (quarter, word, n) in counted {
        of.entry(word).or_default().push((*quarter, *n));
    }
    let mut all: Vec<(String, Vec<i64>)> =
        of.into_iter().map(|(word, counted)| (word.to_string(), fold(steps, &counted, &day))).collect();
    all.sort_by_key(|(_, sums)| std::cmp::Reverse(sums.iter().sum::<i64>()));
    all
}

/// How many are open at the end of each step: those that were before it, with what came and without what was done.
pub fn open_at_ends(before: i64, came: &[i64], done: &[i64]) -> Vec<i64> {
    let mut open = before;
    came.iter()
        .zip(done)
        .map(|(came, done)| {
            open += came - done;
            open
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_falls_into_days_weeks_or_months_without_a_gap() {
        for (from, to, points) in [
            ("2026-10-24", "2026-11-22", 30),
            ("2026-11-22", "2026-11-22", 1),
            ("2026-01-01", "2026-12-31", 53),
            ("2000-01-15", "2006-12-31", 84),
            ("1900-01-01", "2026-12-31", 1),
            ("2026-08-01", "2026-10-29", 90),
            ("2026-08-01", "2026-10-30", 14),
        ] {
            let steps = steps(day(from), day(to));
            assert_eq!(steps.len(), points, "{from} {to}");
            let unit = match points {
                30 => "day",
                53 => "week",
                84 => "month",
                _ => unit(&steps),
            };
            assert_eq!(super::unit(&steps), unit, "{from} {to}");
            assert_eq!((steps[0].first, steps[points - 1].last), (day(from), day(to)));
            for pair in steps.windows(2) {
                assert_eq!(pair[0].last.succ_opt(), Some(pair[1].first));
            }
        }
    }

    #[test]
    fn moments_fall_into_the_days_of_the_zone_also_when_its_clock_changes() {
        let zone = chrono_tz::Europe::Rome;
        let in_zone = |at: Moment| at.utc().with_timezone(&zone).date_naive();
        // 25 October 2026 has 25 hours: it begins at 22:00 UTC and ends at 23:00 UTC.
        let hour = |hours: i64| {
            Moment(day("2026-10-24").and_hms_opt(22, 0, 0).unwrap().and_utc().timestamp_millis() + hours * 3_600_000)
        };
        let quarters: Vec<(i64, i64)> = [-1, 0, 24, 25].map(|hours| (hour(hours).0 / QUARTER_MS, 1)).to_vec();
        let steps = steps(day("2026-10-24"), day("2026-10-26"));
        assert_eq!(fold(&steps, &quarters, in_zone), [1, 2, 1]);
        let by = [(hour(0).0 / QUARTER_MS, "phone".to_string(), 1), (hour(1).0 / QUARTER_MS, "email".to_string(), 2)];
        assert_eq!(
            fold_by(&steps, &by, in_zone),
            [("email".to_string(), vec![0, 2, 0]), ("phone".to_string(), vec![0, 1, 0])]
        );
        assert_eq!(open_at_ends(4, &[1, 2, 1], &[0, 3, 5]), [5, 4, 0]);
    }
}
