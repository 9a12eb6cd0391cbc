//! In charge of the scheduled jobs' page, `/lavori` (J03).

use rocket::request::FlashMessage;
use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::catalogue::Value as Word;
use crate::desk::rounds;
use crate::hub::refresh;
use crate::intake;
use crate::model::job::{JobName, Outcome, Run, Tally};
use crate::model::page::Window;
use crate::model::person::Language;
use crate::outbox::delivery;
use crate::people::rights::Act;
use crate::store;
use crate::timetable::timetable;
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::health::late_jobs;
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::when::When;

/// When each job ran, how it went, when it runs next.
#[get("/lavori")]
pub async fn show(agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::SeeJobs)?;
    let frame = Frame::of(site, &agent, "/lavori", flash.as_ref());
    let when = When::new(site, frame.language);
    let now = site.app.clock.now();
    let late = late_jobs(site).await?;
    let mut rows: Vec<Value> = Vec::new();
    for job in timetable(&site.app.settings) {
        let last = store::runs::list(&mut *site.app.db.read().await?, job.name, &Window::first(1)).await?.items.pop();
        rows.push(json!({
            "name": job.name.as_str(),
            "text": frame.text(&format!("job-{}", job.name.as_str())),
            "schedule": job.text,
            "schedule_text": schedule_text(&frame, &job.text),
            "enabled": job.enabled,
            "late": late.contains(&job.name.as_str()),
            "last": last.map(|run| run_view(&frame, &when, &run)),
            "next": job.next(now).map(|next| when.exact(next)),
            "run_href": format!("/lavori/{}/esegui", job.name.as_str()),
        }));
    }
    frame.page("admin/jobs", "jobs-title", json!({"jobs": rows}))
}

/// Runs a job now.
#[post("/lavori/<name>/esegui", data = "<_form>")]
pub async fn run(name: &str, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::RunJobs)?;
    match JobName::parse(name).ok_or(Failure::NotFound)? {
        JobName::RefreshMailboxes => {
            refresh::begin(&site.app, &agent.actor(), refresh::Scope::All { within: None }).await?;
        }
        JobName::DeliverMail => {
            delivery::begin(&site.app, &agent.actor()).await?;
        }
        job @ (JobName::CheckDeadlines | JobName::CloseResolved) => {
            rounds::begin(&site.app, job, None, Some(&agent.actor())).await?;
        }
        job @ (JobName::TakeInMail | JobName::Retention) => {
            intake::rounds::begin(&site.app, job, None, Some(&agent.actor())).await?;
        }
    }
    Ok(Sent::done("/lavori", "job-started"))
}

/// A schedule in words, for the forms that people give it; null for any other.
fn schedule_text(frame: &Frame<'_>, cron: &str) -> Option<String> {
    let parts: Vec<&str> = cron.split_whitespace().collect();
    let [second, minute, hour, "*", "*", "*"] = parts[..] else { return None };
    let number = |text: &str| text.parse::<i64>().ok();
    let (key, values) = match (minute, hour) {
        ("*", "*") if second != "0" => {
            ("jobs-each-seconds", vec![("n", Word::Number(number(second.strip_prefix("*/")?)?))])
        }
        _ if second != "0" => return None,
        ("*" | "*/1", "*") => ("jobs-each-minute", vec![]),
        (minute, "*") => match minute.strip_prefix("*/") {
            Some(every) => ("jobs-each-minutes", vec![("n", Word::Number(number(every)?))]),
            None => ("jobs-each-hour", vec![("n", Word::Number(number(minute)?))]),
        },
        _ => {
            let at = format!("{:02}:{:02}", number(hour)?, number(minute)?);
            ("jobs-each-day", vec![("at", Word::Text(at))])
        }
    };
    Some(frame.site.templates.text(frame.language, key, &values))
}

fn run_view(frame: &Frame<'_>, when: &When<'_>, run: &Run) -> Value {
    let (word, mark) = match run.outcome {
        None => ("running", "bl"),
        Some(Outcome::Ok) => ("ok", "ok"),
        Some(Outcome::Partial) => ("partial", "wa"),
        Some(Outcome::Failed) => ("failed", "ko"),
    };
    json!({
        "started": when.exact(run.started_at),
        "outcome": word,
        "outcome_text": frame.text(&format!("outcome-{word}")),
        "mark": mark,
        "detail": run.tally.map(|tally| tally_text(frame.site, frame.language, tally)),
        "duration_text": run.finished_at.map(|end| when.lasting(end.since(run.started_at))),
    })
}

/// How the parts of a run went, in words.
pub fn tally_text(site: &Site, language: Language, tally: Tally) -> String {
    let values = [("well", Word::Number(tally.well)), ("failed", Word::Number(tally.failed))];
    site.templates.text(language, "jobs-tally", &values)
}
