//! In charge of the figures of the desk, `/cruscotto` (P01–P03): how many requests came in a period, by what, and whether they were
//! answered and solved in time; each number leads to the list behind it. The same as a file, `/cruscotto.csv`.

use chrono::{Datelike, NaiveDate};
use rocket::http::{ContentType, Header};
use rocket::{FromForm, State, get};
use serde_json::{Value, json};

use super::Site;
use super::guard::{Agent, Asker};
use super::outcome::Failure;
use super::page::{Frame, PageResult};
use crate::clock::Moment;
use crate::model::id::OrganizationId;
use crate::model::person::Visibility;
use crate::people::rights::{self, Act};
use crate::sheet;
use crate::store;
use crate::store::ticket_list::{By, Kept, Wanted};

/// The most organizations that are told apart.
const MOST: usize = 200;

/// Which period is asked for: from a day to a day, both of it.
#[derive(Debug, FromForm)]
pub struct Query<'q> {
    dal: Option<&'q str>,
    al: Option<&'q str>,
}

/// A part of a figure: its text, the word of the address that lists it, how many.
type Part = (String, String, i64);

/// What the figures are of.
struct Figures {
    from: NaiveDate,
    to: NaiveDate,
    is_wrong: bool,
    total: i64,
    by: Vec<(By, Vec<Part>)>,
    kept: Kept,
}

/// Whether somebody sees figures: only who works at the desk, or answers for a body: of one's own few requests there is nothing to count.
pub(super) fn must(agent: &Agent) -> Result<(), Failure> {
    agent.must(Act::AskForHelp)?;
    let answers = agent.person.memberships.iter().any(|one| one.visibility == Visibility::Organization);
    if rights::may(&agent.person, Act::WorkTickets) || answers { Ok(()) } else { Err(Failure::Forbidden) }
}

async fn figures(query: &Query<'_>, agent: &Agent, site: &Site) -> Result<Figures, Failure> {
    let now = site.app.clock.now();
    let today = now.utc().with_timezone(&site.app.settings.time_zone).date_naive();
    let day = |text: Option<&str>| {
        text.filter(|text| !text.is_empty()).map(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
    };
    let (from, to) = (day(query.dal), day(query.al));
    let first = today.with_day(1).unwrap_or(today);
    let is_wrong = from == Some(None) || to == Some(None);
    let (from, to) = (from.flatten().unwrap_or(first), to.flatten().unwrap_or(today));
    let (from, to, is_wrong) = if from > to { (first, today, true) } else { (from, to, is_wrong) };
    let begins = |day: Option<NaiveDate>| day.and_then(|day| site.midnight(day));
    let wanted = Wanted { from: begins(Some(from)), until: begins(to.succ_opt()), ..Wanted::default() };
    let seen = agent.sight(site).await?;
    let asker = (&agent.person.id, agent.person.email.as_str());
    let mut c = site.app.db.read().await?;
    let total = store::ticket_list::count(&mut c, &seen, asker, &wanted).await?;
    let kept = store::ticket_list::kept(&mut c, &seen, asker, &wanted, now).await?;
    let mut by = Vec::new();
    for one in By::ALL {
        let counted = store::ticket_list::count_by(&mut c, &seen, asker, &wanted, one, MOST).await?;
        let names = match one {
            By::Organization => {
                let ids: Vec<OrganizationId> = counted.iter().map(|(id, _)| id.as_str().into()).collect();
                store::organizations::names(&mut c, ids.iter()).await?
            }
            _ => Default::default(),
        };
        let text = |word: &str| {
            let key = match one {
                By::Channel => format!("channel-{word}"),
                By::Area => format!("area-{word}"),
                By::Severity => format!("severity-{word}"),
                By::State => format!("ticket-state-{}", word.replace('_', "-")),
                By::Level => format!("level-{word}"),
                By::Organization if word.is_empty() => "dashboard-no-organization".into(),
                By::Organization => {
                    return names.get(&OrganizationId::from(word)).cloned().unwrap_or_default();
                }
            };
            site.templates.text(agent.person.language, &key, &[])
        };
        by.push((one, counted.into_iter().map(|(word, n)| (text(&word), word, n)).collect()));
    }
    Ok(Figures { from, to, is_wrong, total, by, kept })
}

/// The page.
#[get("/cruscotto?<query..>")]
pub async fn show(query: Query<'_>, agent: Agent, site: &State<Site>) -> PageResult {
    must(&agent)?;
    let figures = figures(&query, &agent, site).await?;
    let frame = Frame::of(site, &agent, "/cruscotto", None);
    let works = rights::may(&agent.person, Act::WorkTickets);
    let days = format!("dal={}&al={}", figures.from, figures.to);
    let tables: Vec<Value> = figures
        .by
        .iter()
        .map(|(by, counted)| {
            let row = |(text, word, n): &Part| {
                // The queue is the desk's; who answers for a body has its own lists.
                let href = by.filter().filter(|_| works && !word.is_empty());
                let href = href.map(|name| format!("/operatore?vista=tutte&{days}&{name}={word}"));
                json!({"text": text, "n": n, "share": n * 100 / figures.total.max(1), "href": href})
            };
            json!({"id": by.word(), "title": frame.text(&format!("dashboard-by-{}", by.word())),
                   "rows": counted.iter().map(row).collect::<Vec<Value>>()})
        })
        .collect();
    let kept = &figures.kept;
    let context = json!({
        "from": figures.from.to_string(), "to": figures.to.to_string(), "is_wrong": figures.is_wrong,
        "total": figures.total, "total_href": works.then(|| format!("/operatore?vista=tutte&{days}")), "tables": tables,
        "clocks": [
            {"text": frame.text("dashboard-first-response"), "kept": kept.first_kept, "missed": kept.first_missed},
            {"text": frame.text("dashboard-resolution"), "kept": kept.resolution_kept, "missed": kept.resolution_missed},
        ],
        "csv_href": format!("/cruscotto.csv?{days}"),
    });
    frame.page("dashboard/show", "dashboard-title", context)
}

/// The same as a file that spreadsheets open in Italy (P03).
#[get("/cruscotto.csv?<query..>")]
pub async fn export(query: Query<'_>, agent: Agent, site: &State<Site>) -> Result<(ContentType, Exported), Failure> {
    must(&agent)?;
    let figures = figures(&query, &agent, site).await?;
    let frame = Frame::of(site, &agent, "/cruscotto", None);
    let mut text = String::from("\u{feff}");
    let head = ["dashboard-th-what", "dashboard-th-value", "dashboard-th-count"].map(|key| frame.text(key));
    text.push_str(&sheet::line(&[&head[0], &head[1], &head[2]]));
    text.push_str(&sheet::line(&[&frame.text("dashboard-total"), "", &figures.total.to_string()]));
    for (by, counted) in &figures.by {
        let what = frame.text(&format!("dashboard-by-{}", by.word()));
        for (value, _, n) in counted {
            text.push_str(&sheet::line(&[&what, value, &n.to_string()]));
        }
    }
    let kept = &figures.kept;
    for (what, kept, missed) in [
        ("dashboard-first-response", kept.first_kept, kept.first_missed),
        ("dashboard-resolution", kept.resolution_kept, kept.resolution_missed),
    ] {
        text.push_str(&sheet::line(&[&frame.text(what), &frame.text("dashboard-kept"), &kept.to_string()]));
        text.push_str(&sheet::line(&[&frame.text(what), &frame.text("dashboard-missed"), &missed.to_string()]));
    }
    let name = Header::new("Content-Disposition", "attachment; filename=\"cruscotto.csv\"");
    Ok((ContentType::CSV, Exported { text, name }))
}

/// A file on its way.
#[derive(rocket::Responder)]
pub struct Exported {
    text: String,
    name: Header<'static>,
}

impl Site {
    /// The first moment of a day, in the installation's zone.
    pub fn midnight(&self, day: NaiveDate) -> Option<Moment> {
        use chrono::TimeZone;
        let local = self.app.settings.time_zone.from_local_datetime(&day.and_hms_opt(0, 0, 0)?).earliest()?;
        Some(local.to_utc().into())
    }
}
