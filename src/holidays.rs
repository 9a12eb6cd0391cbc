//! In charge of the days on which the Italian State does not work, each from its first year on. Pure. Does not know calendars
//! of offices, nor patron days.

use chrono::{Datelike, Days, NaiveDate};

/// A national holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// The key of its name in the catalogue, without `holiday-`.
    pub name: &'static str,
    day: Day,
    /// The first year in which it is one.
    since: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    /// Month and day.
    Fixed(u32, u32),
    /// Days after Easter Sunday.
    AfterEaster(u64),
}

/// Law 260/1949, art. 2, less what law 54/1977 suspended, with what came back (d.P.R. 792/1985: Epiphany; law 336/2000:
/// 2 June) and the feast of Saint Francis (law 151/2025, in force since 1 January 2026). Every Sunday is one besides.
pub const NATIONAL: [Holiday; 13] = [
    Holiday { name: "new-year", day: Day::Fixed(1, 1), since: 1950 },
    Holiday { name: "epiphany", day: Day::Fixed(1, 6), since: 1986 },
    Holiday { name: "easter", day: Day::AfterEaster(0), since: 1950 },
    Holiday { name: "easter-monday", day: Day::AfterEaster(1), since: 1950 },
    Holiday { name: "liberation", day: Day::Fixed(4, 25), since: 1950 },
    Holiday { name: "labour", day: Day::Fixed(5, 1), since: 1950 },
    Holiday { name: "republic", day: Day::Fixed(6, 2), since: 2001 },
    Holiday { name: "assumption", day: Day::Fixed(8, 15), since: 1950 },
    Holiday { name: "saint-francis", day: Day::Fixed(10, 4), since: 2026 },
    Holiday { name: "all-saints", day: Day::Fixed(11, 1), since: 1950 },
    Holiday { name: "immaculate", day: Day::Fixed(12, 8), since: 1950 },
    Holiday { name: "christmas", day: Day::Fixed(12, 25), since: 1950 },
    Holiday { name: "saint-stephen", day: Day::Fixed(12, 26), since: 1950 },
];

impl Holiday {
    /// Its date in a year, where it is a holiday then.
    pub fn date(self, year: i32) -> Option<NaiveDate> {
        let date = match self.day {
            Day::Fixed(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Day::AfterEaster(days) => easter(year)?.checked_add_days(Days::new(days)),
        };
        date.filter(|_| year >= self.since)
    }
}

/// The national holiday that a day is, Sundays aside.
pub fn national(date: NaiveDate) -> Option<Holiday> {
    NATIONAL.into_iter().find(|one| one.date(date.year()) == Some(date))
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm in Meeus, Astronomical Algorithms, ch. 8).
fn easter(year: i32) -> Option<NaiveDate> {
    let a = year.rem_euclid(19);
    let (b, c) = (year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(sum / 31).ok()?, u32::try_from(sum % 31).ok()? + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn easter_falls_where_the_church_says() {
        // features.md 4.3, and the earliest and latest of our times.
        for (year, month, date) in
            [(2026, 4, 5), (2027, 3, 28), (2028, 4, 16), (2029, 4, 1), (2030, 4, 21), (2008, 3, 23), (2038, 4, 25)]
        {
            assert_eq!(easter(year), Some(day(year, month, date)));
        }
    }

    #[test]
    fn a_holiday_is_one_from_its_first_year_on() {
        let name = |date| national(date).map(|one| one.name);
        assert_eq!(name(day(2025, 10, 4)), None);
        assert_eq!(name(day(2026, 10, 4)), Some("saint-francis"));
        assert_eq!(name(day(2027, 3, 29)), Some("easter-monday"));
        assert_eq!(name(day(2026, 12, 8)), Some("immaculate"));
        // Suspended since 1977, though the law's list still has it.
        assert_eq!(name(day(2026, 3, 19)), None);
        assert_eq!(name(day(2026, 11, 4)), None);
    }
}
