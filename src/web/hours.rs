//! In charge of how the desk's hours are said (F17): whether it is open, when that changes, the hours of the week. Does not know how
//! they are set.

use chrono::{DateTime, Datelike, Days};
use chrono_tz::Tz;
use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::Site;
use crate::calendar::{Calendar, Interval, Standing, time_of_day};
use crate::catalogue::Value as Word;
use crate::clock::Moment;
use crate::model::person::Language;
use crate::store;

/// What a page says to who needs somebody to talk to: the contacts, and how the desk stands now.
pub async fn help(c: &mut AnyConnection, site: &Site, language: Language) -> store::Result<Value> {
    let contacts = store::contacts::all(c).await?;
    let promise = crate::desk::hours::promise(&site.app, c).await?;
    Ok(json!({"contacts": contacts, "hours": now(site, language, &promise.calendar)}))
}

/// What a page says of the desk now: `{open, text, week}`.
fn now(site: &Site, language: Language, calendar: &Calendar) -> Value {
    let at = site.app.clock.now();
    let standing = calendar.standing(at);
    let words = |key: &str, values: &[(&str, Word)]| site.templates.text(language, key, values);
    json!({
        "open": matches!(standing, Standing::Open(_)),
        "text": said(&words, calendar.zone, standing, at),
        "week": week(&words, calendar),
    })
}

/// How it stands, in words: «aperto ora · chiude alle 19:00», «chiuso ora · riapre lunedì alle 08:00».
fn said(words: &impl Fn(&str, &[(&str, Word)]) -> String, zone: Tz, standing: Standing, now: Moment) -> String {
    let (word, change) = match standing {
        Standing::Open(change) => ("desk-open", change.map(|at| ("desk-closes", at))),
        Standing::Closed(change) => ("desk-closed", change.map(|at| ("desk-opens", at))),
    };
    match change {
        None => words(word, &[]),
        Some((what, at)) => {
            let (at, now) = (at.utc().with_timezone(&zone), now.utc().with_timezone(&zone));
            let when = [("when", Word::Text(when(words, &at, &now)))];
            format!("{} · {}", words(word, &[]), words(what, &when))
        }
    }
}

/// A moment to come: today the time, within a week the day of the week, then the day.
fn when(words: &impl Fn(&str, &[(&str, Word)]) -> String, at: &DateTime<Tz>, now: &DateTime<Tz>) -> String {
    let time = ("time", Word::Text(at.format("%H:%M").to_string()));
    let (day, today) = (at.date_naive(), now.date_naive());
    if day == today {
        return words("desk-at-time", &[time]);
    }
    if today.checked_add_days(Days::new(7)).is_some_and(|week| day < week) {
        let name = words(&format!("on-weekday-{}", at.weekday().number_from_monday()), &[]);
        return words("desk-at-weekday", &[("day", Word::Text(name)), time]);
    }
    words("desk-at-day", &[("day", Word::Text(at.format("%d/%m").to_string())), time])
}

/// The hours of the week, days of the same hours together: «lun–ven 08:00–19:00, sab 08:00–14:00».
fn week(words: &impl Fn(&str, &[(&str, Word)]) -> String, calendar: &Calendar) -> String {
    let day = |number: usize| words(&format!("short-weekday-{}", number + 1), &[]);
    let hours = |day: &[Interval]| {
        let one = |one: &Interval| format!("{}–{}", time_of_day(one.from), time_of_day(one.to));
        day.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let mut said: Vec<String> = Vec::new();
    let mut first = 0;
    while first < calendar.week.len() {
        let same = calendar.week[first..].iter().take_while(|day| **day == calendar.week[first]).count();
        let last = first + same - 1;
        if !calendar.week[first].is_empty() {
            let days = if last == first { day(first) } else { format!("{}–{}", day(first), day(last)) };
            said.push(format!("{days} {}", hours(&calendar.week[first])));
        }
        first = last + 1;
    }
    said.join("; ")
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;
    use crate::catalogue::Catalogue;

    const ROME: Tz = chrono_tz::Europe::Rome;

    fn words(language: Language) -> impl Fn(&str, &[(&str, Word)]) -> String {
        move |key, values| Catalogue::shared().text(language, key, values)
    }

    #[test]
    fn the_desk_says_when_it_closes_and_when_it_opens_again() {
        let calendar = Calendar::assistance(String::new(), ROME);
        let at = |text: &str| {
            let local = chrono::NaiveDateTime::parse_from_str(text, "%d/%m/%Y %H:%M").unwrap();
            Moment::from(ROME.from_local_datetime(&local).unwrap())
        };
        let cases = [
            ("18/11/2026 10:00", "aperto ora · chiude alle 19:00", "open now · closes at 19:00"),
            ("18/11/2026 07:00", "chiuso ora · riapre alle 08:00", "closed now · opens again at 08:00"),
            (
                "21/11/2026 14:30",
                "chiuso ora · riapre lunedì alle 08:00",
                "closed now · opens again on Monday at 08:00",
            ),
            (
                "07/12/2026 20:00",
                "chiuso ora · riapre mercoledì alle 08:00",
                "closed now · opens again on Wednesday at 08:00",
            ),
            (
                "27/03/2027 15:00",
                "chiuso ora · riapre martedì alle 08:00",
                "closed now · opens again on Tuesday at 08:00",
            ),
            (
                "24/10/2026 15:00",
                "chiuso ora · riapre lunedì alle 08:00",
                "closed now · opens again on Monday at 08:00",
            ),
        ];
        for (now, italian, english) in cases {
            let standing = calendar.standing(at(now));
            for (language, expected) in [(Language::It, italian), (Language::En, english)] {
                assert_eq!(said(&words(language), ROME, standing, at(now)), expected, "at {now}");
            }
        }
        let far = Standing::Closed(Some(at("07/01/2027 08:00")));
        let expected = "chiuso ora · riapre il 07/01 alle 08:00";
        assert_eq!(said(&words(Language::It), ROME, far, at("24/12/2026 20:00")), expected);
        assert_eq!(said(&words(Language::It), ROME, Standing::Closed(None), at("24/12/2026 20:00")), "chiuso ora");
    }

    #[test]
    fn days_of_the_same_hours_are_said_together() {
        let mut calendar = Calendar::assistance(String::new(), ROME);
        assert_eq!(week(&words(Language::It), &calendar), "lun–ven 08:00–19:00; sab 08:00–14:00");
        calendar.week[2] = vec![Interval::new((8, 30), (12, 30)), Interval::new((15, 0), (18, 0))];
        let expected = "Mon–Tue 08:00–19:00; Wed 08:30–12:30, 15:00–18:00; Thu–Fri 08:00–19:00; Sat 08:00–14:00";
        assert_eq!(week(&words(Language::En), &calendar), expected);
    }
}
