//! In charge of the resource `calendars`: service hours, and the deadlines that they give.

use std::time::Duration;

use chrono::{Datelike, TimeZone};
use rocket::{State, get};
use serde::Serialize;

use super::{ApiResult, Json, List};
use crate::calendar::{Calendar, Interval, Piece, time_of_day};
use crate::clock::Moment;
use crate::desk::hours;
use crate::holidays::NATIONAL;
use crate::input::FieldError;
use crate::model::page::Page;
use crate::web::Site;
use crate::web::guard::Caller;
use crate::web::outcome::Failure;

/// The longest target, in minutes: two years of open time at 61 hours a week.
const LONGEST: u64 = 2 * 53 * 61 * 60;

/// When an office is open.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Calendar)]
pub struct View {
    id: String,
    name: String,
    intervals: Vec<IntervalView>,
    /// National holidays of this year and the next; closures of the office's own.
    holidays: Vec<HolidayView>,
}

/// Hours of a day of the week.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Interval)]
pub struct IntervalView {
    /// 1 is Monday, 7 Sunday (ISO 8601).
    weekday: usize,
    /// `08:00`, in the installation's time zone.
    from: String,
    /// `24:00` at most.
    to: String,
}

/// Days on which the office is closed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Holiday)]
pub struct HolidayView {
    name: String,
    #[schema(format = Date)]
    from: String,
    #[schema(format = Date)]
    to: String,
}

/// A moment by which so much open time has passed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Due)]
pub struct DueView {
    #[schema(value_type = String, format = DateTime)]
    due_at: Moment,
    pieces: Vec<PieceView>,
}

/// A stretch of open time that counts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Piece)]
pub struct PieceView {
    #[schema(value_type = String, format = DateTime)]
    from: Moment,
    #[schema(value_type = String, format = DateTime)]
    to: Moment,
    minutes: i64,
}

/// Every calendar
#[utoipa::path(get, path = "/calendars", tag = "calendars", responses((status = 200, body = List<View>)))]
#[get("/api/v1/calendars")]
pub async fn list(caller: Caller, site: &State<Site>) -> ApiResult<List<View>> {
    let items = calendars(site, &caller).await?;
    Ok(List::of(Page { items, next: None }, |calendar| view(site, &caller, calendar)))
}

/// One calendar
#[utoipa::path(get, path = "/calendars/{id}", tag = "calendars", params(("id" = String, Path)), responses((status = 200, body = View)))]
#[get("/api/v1/calendars/<id>")]
pub async fn show(id: &str, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    Ok(Json::from(view(site, &caller, find(site, &caller, id).await?)))
}

/// When so many minutes of open time will have passed since a moment
#[utoipa::path(get, path = "/calendars/{id}/due", tag = "calendars", params(("id" = String, Path), ("from" = String, Query),
    ("minutes" = u64, Query)), responses((status = 200, body = DueView)))]
#[get("/api/v1/calendars/<id>/due?<from>&<minutes>")]
pub async fn due(
    id: &str,
    from: Option<&str>,
    minutes: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<DueView> {
    let calendar = find(site, &caller, id).await?;
    let mut wrong = Vec::new();
    let begin = from.and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok()).map(Moment::from);
    // Deadlines are in whole minutes, and so is the beginning: seconds would show in no page.
    let begin = begin.map(|begin| Moment(begin.0 - begin.0.rem_euclid(60_000)));
    if begin.is_none() {
        wrong.push(FieldError::new("from", if from.is_none() { "required" } else { "moment" }));
    }
    let time = minutes.and_then(|text| text.parse::<u64>().ok()).filter(|minutes| *minutes <= LONGEST);
    if time.is_none() {
        wrong.push(FieldError::new("minutes", if minutes.is_none() { "required" } else { "not-a-number" }));
    }
    let (Some(begin), Some(time)) = (begin, time) else { return Err(wrong.into()) };
    let due = calendar.due(begin, Duration::from_secs(time * 60));
    let due = due.ok_or_else(|| Failure::from(vec![FieldError::new("from", "moment")]))?;
    let piece = |piece: Piece| PieceView { from: piece.from, to: piece.to, minutes: piece.length() / 60_000 };
    Ok(Json::from(DueView { due_at: due.at, pieces: due.pieces.into_iter().map(piece).collect() }))
}

async fn find(site: &Site, caller: &Caller, id: &str) -> Result<Calendar, Failure> {
    calendars(site, caller).await?.into_iter().find(|one| one.id == id).ok_or(Failure::NotFound)
}

/// The calendars as they are now, named in the caller's language.
async fn calendars(site: &Site, caller: &Caller) -> Result<Vec<Calendar>, Failure> {
    let all = hours::all(&site.app, &mut *site.app.db.read().await?).await?;
    let named = |one: hours::Hours| {
        let name = site.templates.text(caller.person.language, &format!("calendar-{}", one.id()), &[]);
        Calendar { name, ..one.promise.calendar }
    };
    Ok(all.into_iter().map(named).collect())
}

fn view(site: &Site, caller: &Caller, calendar: Calendar) -> View {
    let interval = |(weekday, hours): (usize, &Interval)| IntervalView {
        weekday,
        from: time_of_day(hours.from),
        to: time_of_day(hours.to),
    };
    let days = (1..).zip(&calendar.week);
    let intervals = days.flat_map(|(day, hours)| hours.iter().map(move |one| interval((day, one)))).collect();
    let this_year = calendar.zone.from_utc_datetime(&site.app.clock.now().utc().naive_utc()).year();
    let national = [this_year, this_year + 1]
        .into_iter()
        .flat_map(|year| NATIONAL.into_iter().filter_map(move |one| Some((one.name, one.date(year)?))));
    let mut holidays: Vec<HolidayView> = national
        .map(|(name, date)| HolidayView {
            name: site.templates.text(caller.person.language, &format!("holiday-{name}"), &[]),
            from: date.to_string(),
            to: date.to_string(),
        })
        .collect();
    holidays.extend(calendar.closures.iter().map(|one| HolidayView {
        name: one.name.clone(),
        from: one.first.to_string(),
        to: one.last.to_string(),
    }));
    View { id: calendar.id, name: calendar.name, intervals, holidays }
}
