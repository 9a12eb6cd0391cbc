//! In charge of the figures of the desk, `/cruscotto` (P01–P03): how many requests came in a period, by what, and whether they were
//! answered and solved in time; each number leads to the list behind it. The same as a file, `/cruscotto.csv`.

use chrono::{Datelike, Days, NaiveDate};
use rocket::http::{ContentType, Header};
use rocket::{FromForm, State, get};
use serde_json::{Value, json};

use super::guard::{Agent, Asker};
use super::outcome::Failure;
use super::page::{Frame, PageResult};
use super::{Site, chart};
use crate::catalogue::Value as Word;
use crate::clock::Moment;
use crate::desk::figures::{self, QUARTER_MS, Step};
use crate::model::id::OrganizationId;
use crate::model::person::Visibility;
use crate::model::ticket::Channel;
use crate::people::rights::{self, Act};
use crate::sheet;
use crate::store;
use crate::store::ticket_list::{By, Met, Wanted};

/// The most organizations that are told apart.
const MOST: usize = 200;

/// So many days are looked at when none are asked for.
const PERIOD: u64 = 30;

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
    met: [i64; 4],
    steps: Vec<Step>,
    /// What came in each step, by channel; the busiest first.
    came: Vec<(Channel, Vec<i64>)>,
    /// How many were open at the end of each.
    open: Vec<i64>,
}

/// Whether somebody sees figures: only who works at the desk, or answers for a body: of one's own few requests there is nothing to count.
pub(super) fn must(agent: &Agent) -> Result<(), Failure> {
    agent.must(Act::AskForHelp)?;
    let answers = agent.person.memberships.iter().any(|one| one.visibility == Visibility::Organization);
    if rights::may(&agent.person, Act::WorkTickets) || answers { Ok(()) } else { Err(Failure::Forbidden) }
}

async fn counted(query: &Query<'_>, agent: &Agent, site: &Site) -> Result<Figures, Failure> {
    let now = site.app.clock.now();
    let today = now.utc().with_timezone(&site.app.settings.time_zone).date_naive();
    let day = |text: Option<&str>| {
        text.filter(|text| !text.is_empty()).map(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
    };
    let (from, to) = (day(query.dal), day(query.al));
    let first = today.checked_sub_days(Days::new(PERIOD - 1)).unwrap_or(today);
    let is_wrong = from == Some(None) || to == Some(None);
    let (from, to) = (from.flatten().unwrap_or(first), to.flatten().unwrap_or(today));
    let (from, to, is_wrong) = if from > to { (first, today, true) } else { (from, to, is_wrong) };
    let begins = |day: Option<NaiveDate>| day.and_then(|day| site.midnight(day));
    let wanted = Wanted { from: begins(Some(from)), until: begins(to.succ_opt()), ..Wanted::default() };
    let seen = agent.sight(site).await?;
    let asker = (&agent.person.id, agent.person.email.as_str());
    let mut c = site.app.db.read().await?;
    let total = store::ticket_list::count(&mut c, &seen, asker, &wanted).await?;
    let met = store::ticket_list::count_met(&mut c, &seen, asker, &wanted, now).await?;
    let steps = figures::steps(from, to);
    let in_zone = |at: Moment| at.utc().with_timezone(&site.app.settings.time_zone).date_naive();
    let counted = store::ticket_list::came(&mut c, &seen, asker, &wanted, QUARTER_MS).await?;
    let came: Vec<(Channel, Vec<i64>)> = figures::fold_by(&steps, &counted, in_zone)
        .into_iter()
        .filter_map(|(word, sums)| Some((Channel::parse(&word)?, sums)))
        .collect();
    let open = match wanted.from.zip(wanted.until) {
        Some(period) => {
            let (before, done) = store::ticket_list::backlog(&mut c, &seen, asker, period, QUARTER_MS).await?;
            let all: Vec<i64> = (0..steps.len()).map(|at| came.iter().map(|(_, sums)| sums[at]).sum()).collect();
            figures::open_at_ends(before, &all, &figures::fold(&steps, &done, in_zone))
        }
        None => vec![0; steps.len()],
    };
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
    Ok(Figures { from, to, is_wrong, total, by, met, steps, came, open })
}

/// The page.
#[get("/cruscotto?<query..>")]
pub async fn show(query: Query<'_>, agent: Agent, site: &State<Site>) -> PageResult {
    must(&agent)?;
    let figures = counted(&query, &agent, site).await?;
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
                json!({"text": text, "n": n, "share": share(*n, figures.total), "href": href})
            };
            json!({"id": by.word(), "title": frame.text(&format!("dashboard-by-{}", by.word())),
                   "rows": counted.iter().map(row).collect::<Vec<Value>>()})
        })
        .collect();
    let list = |words: String| works.then(|| format!("/operatore?vista=tutte&{days}{words}"));
    let clocks: Vec<Value> = [("dashboard-first-response", 0), ("dashboard-resolution", 2)]
        .map(|(text, at)| {
            let (kept, missed) = (figures.met[at], figures.met[at + 1]);
            let href = |at: usize| list(format!("&tempi={}", Met::ALL[at].word()));
            json!({"text": frame.text(text), "kept": kept, "missed": missed, "kept_href": href(at), "missed_href": href(at + 1),
                   "share": (kept + missed > 0).then(|| share(kept, kept + missed))})
        })
        .to_vec();
    let context = json!({
        "from": figures.from.to_string(), "to": figures.to.to_string(), "is_wrong": figures.is_wrong,
        "total": figures.total, "total_href": list(String::new()), "tables": tables, "clocks": clocks,
        "open": figures.open.last(), "unit": figures::unit(&figures.steps), "came": came(&frame, &figures, works), "backlog": backlog(&frame, &figures),
        "csv_href": format!("/cruscotto.csv?{days}"),
    });
    frame.page("dashboard/show", "dashboard-title", context)
}

/// So many in a hundred, to the nearest.
fn share(n: i64, total: i64) -> i64 {
    (n * 200 + total) / (total.max(1) * 2)
}

impl Figures {
    /// A day below a chart and in its table; with its year where the period has more than one.
    fn day(&self, day: NaiveDate) -> String {
        day.format(if self.from.year() == self.to.year() { "%d/%m" } else { "%d/%m/%Y" }).to_string()
    }

    fn called(&self, step: &Step) -> String {
        match step.is_day() {
            true => self.day(step.first),
            false => format!("{}–{}", self.day(step.first), self.day(step.last)),
        }
    }
}

/// The requests of each day by their channel: chart, legend and table.
fn came(frame: &Frame<'_>, figures: &Figures, works: bool) -> Value {
    let labels: Vec<String> = figures.steps.iter().map(|step| figures.day(step.first)).collect();
    let numbers: Vec<Vec<i64>> = figures.came.iter().map(|(_, sums)| sums.clone()).collect();
    let channel = |one: Channel| frame.text(&format!("channel-{}", one.as_str()));
    let parts: Vec<Value> =
        figures.came.iter().map(|(one, sums)| json!({"text": channel(*one), "n": sums.iter().sum::<i64>()})).collect();
    let rows: Vec<Value> = figures
        .steps
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let href = |words: &str| {
                works.then(|| format!("/operatore?vista=tutte&dal={}&al={}{words}", step.first, step.last))
            };
            let cells: Vec<Value> = figures
                .came
                .iter()
                .map(|(one, sums)| json!({"n": sums[at], "href": href(&format!("&canale={}", one.as_str()))}))
                .collect();
            let total: i64 = figures.came.iter().map(|(_, sums)| sums[at]).sum();
            json!({"text": figures.called(step), "cells": cells, "total": {"n": total, "href": href("")}})
        })
        .collect();
    json!({"chart": chart::bars(&labels, &numbers), "parts": parts, "rows": rows})
}

/// How many were open at the end of each day: chart and table.
fn backlog(frame: &Frame<'_>, figures: &Figures) -> Value {
    let labels: Vec<String> = figures.steps.iter().map(|step| figures.day(step.last)).collect();
    let most = figures.open.iter().copied().max().unwrap_or(0);
    let values = [("most", Word::Number(most)), ("last", Word::Number(figures.open.last().copied().unwrap_or(0)))];
    let rows = labels.iter().zip(&figures.open).map(|(text, n)| json!({"text": text, "n": n}));
    json!({"chart": chart::line(&labels, &figures.open), "rows": rows.collect::<Vec<Value>>(),
           "label": frame.site.templates.text(frame.language, "dashboard-backlog-label", &values)})
}

/// The same as a file that spreadsheets open in Italy (P03).
#[get("/cruscotto.csv?<query..>")]
pub async fn export(query: Query<'_>, agent: Agent, site: &State<Site>) -> Result<(ContentType, Exported), Failure> {
    must(&agent)?;
    let figures = counted(&query, &agent, site).await?;
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
    for (met, n) in Met::ALL.iter().zip(figures.met) {
        let (what, how) = match met {
            Met::FirstKept => ("dashboard-first-response", "dashboard-kept"),
            Met::FirstMissed => ("dashboard-first-response", "dashboard-missed"),
            Met::ResolutionKept => ("dashboard-resolution", "dashboard-kept"),
            Met::ResolutionMissed => ("dashboard-resolution", "dashboard-missed"),
        };
        text.push_str(&sheet::line(&[&frame.text(what), &frame.text(how), &n.to_string()]));
    }
    let unit = figures::unit(&figures.steps);
    for (at, step) in figures.steps.iter().enumerate() {
        let day = match step.is_day() {
            true => step.first.to_string(),
            false => format!("{}/{}", step.first, step.last),
        };
        for (channel, sums) in &figures.came {
            let what = format!(
                "{}: {}",
                frame.text(&format!("dashboard-came-{unit}")),
                frame.text(&format!("channel-{}", channel.as_str()))
            );
            text.push_str(&sheet::line(&[&what, &day, &sums[at].to_string()]));
        }
        let last = step.last.to_string();
        text.push_str(&sheet::line(&[
            &frame.text(&format!("dashboard-backlog-{unit}")),
            &last,
            &figures.open[at].to_string(),
        ]));
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
