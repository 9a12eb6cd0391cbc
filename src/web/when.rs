//! In charge of moments in words: relative under a day, in the installation's time zone, exact on hover (`ui.md` 5, Y10).

use chrono::{DateTime, Datelike};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::Site;
use crate::catalogue::Value as Word;
use crate::clock::Moment;
use crate::model::person::Language;

/// Speaks of moments as one page does: one language, one zone, one now.
pub struct When<'s> {
    site: &'s Site,
    language: Language,
    now: Moment,
}

impl<'s> When<'s> {
    /// For a page drawn now.
    pub fn new(site: &'s Site, language: Language) -> When<'s> {
        When { site, language, now: site.app.clock.now() }
    }

    /// `{iso, text, title}`, with the text relative under a day and a day after that.
    pub fn ago(&self, at: Moment) -> Value {
        self.view(at, self.relative(at))
    }

    /// The same when there is such a moment, else null.
    pub fn ago_or_null(&self, at: Option<Moment>) -> Value {
        at.map_or(Value::Null, |at| self.ago(at))
    }

    /// `{iso, text, title}` with the time of a moment of today, the day of any other.
    pub fn stamp(&self, at: Moment) -> Value {
        let (local, today) = (self.local(at), self.local(self.now));
        let text =
            if local.date_naive() == today.date_naive() { local.format("%H:%M").to_string() } else { self.day(&local) };
        self.view(at, text)
    }

    /// `{iso, text, title}` with day and time to the second.
    pub fn exact(&self, at: Moment) -> Value {
        self.view(at, self.local(at).format("%d/%m/%Y %H:%M:%S").to_string())
    }

    /// The time of day.
    pub fn clock(&self, at: Moment) -> String {
        self.local(at).format("%H:%M").to_string()
    }

    /// How long something took, in words.
    pub fn lasting(&self, ms: i64) -> String {
        let seconds = ms.max(0) / 1000;
        let texts = &self.site.templates;
        match seconds {
            ..60 => texts.text(self.language, "time-seconds-long", &[("n", Word::Number(seconds))]),
            _ => {
                let values = [("minutes", Word::Number(seconds / 60)), ("seconds", Word::Number(seconds % 60))];
                texts.text(self.language, "time-minutes-long", &values)
            }
        }
    }

    /// How long it is, for who has it before or behind: two units at most.
    pub fn left(&self, ms: i64) -> String {
        let minutes = ms.max(0) / 60_000;
        let (key, more, less) = match minutes {
            ..60 => ("time-left-minutes", minutes, 0),
            60..1440 => ("time-left-hours", minutes / 60, minutes % 60),
            _ => ("time-left-days", minutes / 1440, minutes % 1440 / 60),
        };
        let values = [("more", Word::Number(more)), ("less", Word::Number(less))];
        self.site.templates.text(self.language, key, &values)
    }

    /// `{iso, text, title}` with day and time to the minute; of today the time alone.
    pub fn minute(&self, at: Moment) -> Value {
        let (local, today) = (self.local(at), self.local(self.now));
        let format = match local.date_naive() == today.date_naive() {
            true => "%H:%M",
            false if local.year() == today.year() => "%d/%m %H:%M",
            false => "%d/%m/%Y %H:%M",
        };
        self.view(at, local.format(format).to_string())
    }

    /// Day and time to the minute, also of today.
    pub fn full(&self, at: Moment) -> String {
        let local = self.local(at);
        format!("{} {}", self.day(&local), local.format("%H:%M"))
    }

    /// A day in words: «giovedì 3 dicembre».
    pub fn long_day(&self, at: Moment) -> String {
        let local = self.local(at);
        let word = |key: String| self.site.templates.text(self.language, &key, &[]);
        let values = [
            ("weekday", Word::Text(word(format!("on-weekday-{}", local.weekday().number_from_monday())))),
            ("day", Word::Number(i64::from(local.day()))),
            ("month", Word::Text(word(format!("month-{}", local.month())))),
        ];
        self.site.templates.text(self.language, "long-day", &values)
    }

    fn view(&self, at: Moment, text: String) -> Value {
        json!({"iso": at.rfc3339(), "text": text, "title": self.local(at).format("%d/%m/%Y %H:%M").to_string()})
    }

    fn relative(&self, at: Moment) -> String {
        let minutes = self.now.since(at).div_euclid(60_000);
        let text = |key: &str, n: i64| self.site.templates.text(self.language, key, &[("n", Word::Number(n))]);
        match minutes {
            ..1 => text("time-now", 0),
            1..60 => text("time-minutes", minutes),
            60..1440 => text("time-hours", minutes / 60),
            _ => {
                let (local, today) = (self.local(at), self.local(self.now));
                let days = today.date_naive().signed_duration_since(local.date_naive()).num_days();
                if days == 1 { text("time-yesterday", 1) } else { self.day(&local) }
            }
        }
    }

    fn day(&self, local: &DateTime<Tz>) -> String {
        let is_this_year = local.year() == self.local(self.now).year();
        local.format(if is_this_year { "%d/%m" } else { "%d/%m/%Y" }).to_string()
    }

    fn local(&self, at: Moment) -> DateTime<Tz> {
        at.utc().with_timezone(&self.site.app.settings.time_zone)
    }
}
