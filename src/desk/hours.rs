//! In charge of when the desk works and what it promises in that time, as the regional administrator has set it (S06, S07, S12):
//! reading a change, saying which deadlines it would move, moving them. Does not know how open time is counted.

use std::time::Duration;

use chrono::{Days, NaiveDate};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use super::deadline::{self, Promise, Targets};
use super::{changed, told};
use crate::app::App;
use crate::audit;
use crate::calendar::{Calendar, Closure, Interval, time_of_day};
use crate::clock::Moment;
use crate::input::{FieldError, Fields};
use crate::model::id::TicketId;
use crate::model::ticket::{Clocks, Event, Severity, Ticket};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::store::{self, calendars::Row};

/// The ids of the calendars, the desk's own first.
pub const IDS: [&str; 2] = ["assistenza", "servizi"];

/// The three targets of a severity, in the order of the form.
pub const CLOCKS: [&str; 3] = ["first_response", "next_update", "resolution"];

/// The most closures of a calendar.
pub const MOST_CLOSURES: usize = 60;

/// How many tickets are read at once.
const AT_ONCE: i64 = 200;

/// A calendar, with what the desk promises in its hours, and how often it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    pub promise: Promise,
    pub revision: i64,
}

impl Hours {
    /// The word of the calendar.
    pub fn id(&self) -> &str {
        &self.promise.calendar.id
    }
}

/// Every calendar as it is now, the desk's own first.
pub async fn all(app: &App, c: &mut AnyConnection) -> store::Result<Vec<Hours>> {
    let (rows, zone) = (store::calendars::all(c).await?, app.settings.time_zone);
    let shipped = [Calendar::assistance(String::new(), zone), Calendar::services(String::new(), zone)];
    shipped.into_iter().map(|calendar| as_set(&rows, calendar)).collect()
}

/// What the desk promises now.
pub async fn promise(app: &App, c: &mut AnyConnection) -> store::Result<Promise> {
    let rows = store::calendars::all(c).await?;
    Ok(as_set(&rows, Calendar::assistance(String::new(), app.settings.time_zone))?.promise)
}

/// A calendar as it was set, or as it is shipped.
fn as_set(rows: &[Row], shipped: Calendar) -> store::Result<Hours> {
    let mut hours = Hours { promise: Promise::shipped(shipped), revision: 0 };
    if let Some(row) = rows.iter().find(|row| row.id == hours.promise.services.id) {
        hours.promise.services.week = read_json(&row.week)?;
        hours.promise.services.closures = read_json(&row.closures)?;
    }
    let Some(row) = rows.iter().find(|row| row.id == hours.id()) else { return Ok(hours) };
    hours.promise.calendar.week = read_json(&row.week)?;
    hours.promise.calendar.closures = read_json(&row.closures)?;
    hours.promise.targets = read_json::<[[u64; 3]; 4]>(&row.targets)?.map(|minutes| {
        let [first_response, next_update, resolution] = minutes.map(|minutes| Duration::from_secs(minutes * 60));
        Targets { first_response, next_update, resolution }
    });
    hours.revision = row.revision;
    Ok(hours)
}

fn read_json<T: serde::de::DeserializeOwned>(text: &str) -> store::Result<T> {
    serde_json::from_str(text).map_err(|fault| sqlx::Error::Decode(fault.into()))
}

/// Reads a change of a calendar: `day_1`–`day_7` as «08:30-12:30, 15:00-18:00», closures by number, and for the desk's own what
/// each severity promises, as hours and minutes.
pub fn read(mut fields: Fields, base: &Hours, now: Moment) -> Result<Hours, Vec<FieldError>> {
    let mut new = base.clone();
    for (number, day) in (1..).zip(&mut new.promise.calendar.week) {
        let name = format!("day_{number}");
        let text = fields.text(&name, 200).unwrap_or_default();
        match intervals(&text) {
            Some(hours) => *day = hours,
            None => fields.refuse(&name, "hours"),
        }
    }
    new.promise.calendar.closures = (0..MOST_CLOSURES).filter_map(|number| closure(&mut fields, number)).collect();
    if base.id() == IDS[0] {
        for (severity, targets) in Severity::ALL.iter().zip(&mut new.promise.targets) {
            let [first_response, next_update, resolution] = CLOCKS.map(|clock| {
                let name = format!("target_{}_{clock}", severity.as_str());
                let read = fields.text(&name, 10).as_deref().and_then(duration);
                if read.is_none() {
                    fields.refuse(&name, "duration");
                }
                read.unwrap_or_default()
            });
            *targets = Targets { first_response, next_update, resolution };
        }
    }
    let wanted = new.promise.targets.iter().map(|one| one.resolution).max().unwrap_or_default();
    let mut read = fields.finish(Some(new))?;
    read.revision = base.revision;
    if read.promise.calendar.due(now, wanted).is_none() {
        return Err(vec![FieldError::new("day_1", "hours-none")]);
    }
    Ok(read)
}

/// Hours of a day; an empty text is a closed day. None when they cannot be read, overlap or end before they begin.
fn intervals(text: &str) -> Option<Vec<Interval>> {
    let minutes = |text: &str| {
        let (hours, minutes) = text.trim().split_once([':', '.'])?;
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        let at = hours.checked_mul(60)?.checked_add(minutes)?;
        (minutes < 60 && at <= 24 * 60).then_some(at)
    };
    let read = |part: &str| {
        let (from, to) = part.split_once(['-', '–'])?;
        let one = Interval { from: minutes(from)?, to: minutes(to)? };
        (one.from < one.to).then_some(one)
    };
    let parts = text.split([',', ';']).filter(|part| !part.trim().is_empty());
    let mut hours = parts.map(read).collect::<Option<Vec<Interval>>>()?;
    hours.sort_by_key(|one| one.from);
    let is_apart = hours.windows(2).all(|two| two[0].to <= two[1].from);
    is_apart.then_some(hours)
}

/// Hours of a day as `intervals` reads them.
pub fn intervals_text(hours: &[Interval]) -> String {
    hours.iter().map(|one| format!("{}-{}", time_of_day(one.from), time_of_day(one.to))).collect::<Vec<_>>().join(", ")
}

/// Hours and minutes, one minute at least and 999 hours at most.
fn duration(text: &str) -> Option<Duration> {
    let (hours, minutes) = text.split_once(':').unwrap_or((text, "0"));
    let (hours, minutes): (u64, u64) = (hours.trim().parse().ok()?, minutes.trim().parse().ok()?);
    let all = hours.checked_mul(60)?.checked_add(minutes)?;
    (hours <= 999 && minutes < 60 && all > 0).then(|| Duration::from_secs(all * 60))
}

/// A target as `duration` reads it.
pub fn duration_text(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// One closure of the form; None when its line is empty, or wrong.
fn closure(fields: &mut Fields, number: usize) -> Option<Closure> {
    let named = |what: &str| format!("closure_{number}_{what}");
    let name = fields.text(&named("name"), 100).unwrap_or_default();
    let mut day = |what: &str| {
        let text = fields.text(&named(what), 10).filter(|text| !text.is_empty())?;
        let read = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
        let read = read.filter(|day| (2000..2100).contains(&chrono::Datelike::year(day)));
        if read.is_none() {
            fields.refuse(&named(what), "day");
        }
        read
    };
    let (first, last) = (day("first"), day("last"));
    let yearly = fields.flag(&named("yearly")).unwrap_or_default();
    if name.is_empty() && first.is_none() && last.is_none() {
        return None;
    }
    if name.is_empty() {
        fields.refuse(&named("name"), "closure-name");
    }
    let Some(first) = first else {
        fields.refuse(&named("first"), "closure-first");
        return None;
    };
    let last = last.unwrap_or(first);
    let most = first.checked_add_days(Days::new(if yearly { 180 } else { 365 }));
    if last < first || most.is_none_or(|most| last > most) {
        fields.refuse(&named("last"), "closure-order");
        return None;
    }
    Some(Closure { name, first, last, yearly })
}

/// One deadline of a request that a change would move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// One of [`CLOCKS`].
    pub clock: &'static str,
    pub from: Option<Moment>,
    pub to: Option<Moment>,
}

impl Move {
    /// True when what is late would not be any longer.
    pub fn is_saved(&self, now: Moment) -> bool {
        self.from.is_some_and(|at| at < now) && self.to.is_none_or(|at| at >= now)
    }

    /// True when what is not late would be.
    pub fn is_lost(&self, now: Moment) -> bool {
        self.from.is_none_or(|at| at >= now) && self.to.is_some_and(|at| at < now)
    }
}

/// A request whose deadlines a change would move.
#[derive(Debug, Clone)]
pub struct Moved {
    pub number: String,
    pub subject: String,
    pub severity: Severity,
    pub moves: Vec<Move>,
}

/// How many tickets' deadlines a change would move, and the first of them (S12).
#[derive(Debug, Clone, Default)]
pub struct Preview {
    pub count: usize,
    /// Of how many something late would no longer be, and of how many something would become late.
    pub saved: usize,
    pub lost: usize,
    pub first: Vec<Moved>,
}

/// How many are shown of those that would move.
const SHOWN: usize = 50;

/// What would move under other hours.
pub async fn preview(app: &App, new: &Hours) -> store::Result<Preview> {
    let mut preview = Preview::default();
    // In the days of the other calendar only some things are promised.
    let promise = match new.id() == IDS[0] {
        true => new.promise.clone(),
        false => {
            let now = promise(app, &mut *app.db.read().await?).await?;
            Promise { services: new.promise.calendar.clone(), ..now }
        }
    };
    let (mut after, now) = (None, app.clock.now());
    loop {
        let batch = store::deadlines::running(&mut *app.db.read().await?, after.as_ref(), AT_ONCE).await?;
        let Some(last) = batch.last() else { return Ok(preview) };
        after = Some(last.id.clone());
        for (old, to) in batch.iter().filter_map(|old| Some((old, would_move(&promise, old, now)?))) {
            let moves = moves(&old.clocks, &to.clocks);
            preview.count += 1;
            preview.saved += usize::from(moves.iter().any(|one| one.is_saved(now)));
            preview.lost += usize::from(moves.iter().any(|one| one.is_lost(now)));
            if preview.first.len() < SHOWN {
                preview.first.push(Moved {
                    number: old.number.clone(),
                    subject: old.subject.clone(),
                    severity: old.severity,
                    moves,
                });
            }
        }
    }
}

/// The deadlines that are not the same; one that was met is none any longer.
fn moves(old: &Clocks, new: &Clocks) -> Vec<Move> {
    let of = |one: &Clocks| {
        let first = one.first_response_due_at.filter(|_| one.first_responded_at.is_none());
        [first, one.next_update_due_at, one.resolution_due_at]
    };
    let pairs = CLOCKS.iter().zip(of(old).into_iter().zip(of(new)));
    pairs.filter(|(_, (from, to))| from != to).map(|(clock, (from, to))| Move { clock, from, to }).collect()
}

/// The ticket as its clocks are under these hours, when they are others than it has.
fn would_move(promise: &Promise, old: &Ticket, now: Moment) -> Option<Ticket> {
    let clocks = deadline::moved(promise, old, now);
    let runs = old.clocks.resolution_due_at.is_some() && old.deleted_at.is_none();
    (runs && clocks != old.clocks).then(|| Ticket { clocks, ..old.clone() })
}

/// Writes a change, and moves the deadlines that it moves; a stop between is made good by the next round of `check-deadlines`.
/// How many moved.
pub async fn change(app: &App, actor: &Actor, old: &Hours, new: &Hours) -> Result<usize, Refusal> {
    let (was, is) = (row(old), row(new));
    let mut tx = app.db.begin().await?;
    if !store::calendars::put(&mut tx, &is).await? {
        return Err(Refusal::Conflict("conflict-changed-thing"));
    }
    let said = audit::differences(said(old, new));
    if (&was.week, &was.closures, &was.targets) != (&is.week, &is.closures, &is.targets) {
        audit::record(app, &mut tx, actor, Act::on("calendar.changed", new.id()).with(said)).await?;
    }
    tx.commit().await?;
    Ok(follow(app).await?)
}

/// What of the hours has changed, in the words of the trace.
fn said(old: &Hours, new: &Hours) -> Vec<(&'static str, String, String)> {
    let week = |hours: &Hours| {
        let days = hours.promise.calendar.week.iter().map(|day| intervals_text(day));
        days.map(|day| if day.is_empty() { "-".into() } else { day }).collect::<Vec<String>>().join(" | ")
    };
    let closures = |hours: &Hours| {
        let one = |one: &Closure| {
            let yearly = if one.yearly { " yearly" } else { "" };
            format!("{} {}/{}{yearly}", one.name, one.first, one.last)
        };
        hours.promise.calendar.closures.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let targets = |hours: &Hours| {
        let one = |one: &Targets| [one.first_response, one.next_update, one.resolution].map(duration_text).join(" ");
        hours.promise.targets.iter().map(one).collect::<Vec<_>>().join(" | ")
    };
    vec![
        ("hours", week(old), week(new)),
        ("closures", closures(old), closures(new)),
        ("targets", targets(old), targets(new)),
    ]
}

fn row(hours: &Hours) -> Row {
    let minutes = |one: &Targets| [one.first_response, one.next_update, one.resolution].map(|time| time.as_secs() / 60);
    let calendar = &hours.promise.calendar;
    Row {
        id: calendar.id.clone(),
        week: serde_json::json!(calendar.week).to_string(),
        closures: serde_json::json!(calendar.closures).to_string(),
        targets: serde_json::json!(hours.promise.targets.each_ref().map(minutes)).to_string(),
        revision: hours.revision,
    }
}

/// A word for what these hours say, whatever empty lines the form had: what was previewed is what is saved.
pub fn fingerprint(hours: &Hours) -> String {
    let row = row(hours);
    let said = [row.id, row.week, row.closures, row.targets, row.revision.to_string()].join("\n");
    hex::encode(Sha256::digest(said))
}

/// Brings the deadlines of every ticket whose clock runs to what the hours of now say, each with an event. How many moved.
pub async fn follow(app: &App) -> store::Result<usize> {
    let (mut after, mut count): (Option<TicketId>, usize) = (None, 0);
    loop {
        let now = app.clock.now();
        let mut c = app.db.read().await?;
        let promise = promise(app, &mut c).await?;
        let batch = store::deadlines::running(&mut c, after.as_ref(), AT_ONCE).await?;
        drop(c);
        let Some(last) = batch.last() else { return Ok(count) };
        after = Some(last.id.clone());
        for seen in batch.iter().filter(|seen| would_move(&promise, seen, now).is_some()) {
            let mut tx = app.db.begin().await?;
            let Some(old) = store::tickets::lock(&mut tx, &seen.id).await? else { continue };
            // It stays at the desk: not even the time of change moves, which who asked would see.
            let Some(new) = would_move(&promise, &old, now) else { continue };
            store::tickets::update(&mut tx, &new).await?;
            let due = |ticket: &Ticket| ticket.clocks.resolution_due_at.map(Moment::rfc3339).unwrap_or_default();
            if due(&old) != due(&new) {
                let event = Event { old: due(&old), new: due(&new), ..changed("due") };
                told(&mut tx, &new, false, now, event).await?;
            }
            tx.commit().await?;
            count += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        let read = |text: &str| intervals(text).map(|hours| intervals_text(&hours));
        assert_eq!(read("8:30-12.30, 15:00–18:00").as_deref(), Some("08:30-12:30, 15:00-18:00"));
        assert_eq!(read("15:00-18:00; 08:30-12:30").as_deref(), Some("08:30-12:30, 15:00-18:00"), "in order");
        assert_eq!(read(" ").as_deref(), Some(""), "closed");
        assert_eq!(read("00:00-24:00").as_deref(), Some("00:00-24:00"));
        for wrong in
            ["8-12", "12:00-08:00", "08:00-24:01", "08:00-12:00, 11:00-13:00", "08:70-12:00", "x", "65535:59-1:0"]
        {
            assert_eq!(intervals(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn targets_are_hours_and_minutes() {
        assert_eq!(duration("4:30"), Some(Duration::from_secs(270 * 60)));
        assert_eq!(duration("24"), Some(Duration::from_secs(24 * 3600)));
        assert_eq!(duration_text(Duration::from_secs(30 * 60)), "0:30");
        for wrong in ["0:00", "1:60", "-1", "", "18446744073709551615:00"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
