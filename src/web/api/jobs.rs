//! In charge of the resource `jobs`.

use rocket::{State, get, post};
use serde::Serialize;

use super::{Accepted, ApiResult, Begun, Json, List, window};
use crate::clock::Moment;
use crate::desk::rounds;
use crate::hub::refresh::{self, Scope};
use crate::intake;
use crate::model::id::RunId;
use crate::model::job::{JobName, Outcome, Run};
use crate::model::page::{Page, Window};
use crate::outbox::delivery;
use crate::people::rights::Act;
use crate::store;
use crate::timetable::timetable;
use crate::web::Site;
use crate::web::admin::jobs::tally_text;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// A scheduled job.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Job)]
pub struct View {
    name: String,
    /// Cron with seconds, in the installation's time zone.
    schedule: String,
    enabled: bool,
    last_run: Option<RunView>,
    #[schema(value_type = Option<String>, format = DateTime)]
    next_run_at: Option<Moment>,
}

/// One execution of a job.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Run)]
pub struct RunView {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    started_at: Moment,
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Moment>,
    /// Null while it runs.
    outcome: Option<Outcome>,
    detail: String,
}

impl RunView {
    fn of(site: &Site, caller: &Caller, run: Run) -> RunView {
        let Run { id, started_at, finished_at, outcome, tally, .. } = run;
        let detail = tally.map(|tally| tally_text(site, caller.person.language, tally)).unwrap_or_default();
        RunView { id: id.to_string(), started_at, finished_at, outcome, detail }
    }
}

/// Every job
#[utoipa::path(get, path = "/jobs", tag = "jobs", responses((status = 200, body = List<View>)))]
#[get("/api/v1/jobs")]
pub async fn list(caller: Caller, site: &State<Site>) -> ApiResult<List<View>> {
    caller.must(Act::SeeJobs)?;
    let now = site.app.clock.now();
    let mut items = Vec::new();
    for job in timetable(&site.app.settings) {
        let mut last = store::runs::list(&mut *site.app.db.read().await?, job.name, &Window::first(1)).await?;
        items.push(View {
            name: job.name.as_str().into(),
            next_run_at: job.next(now),
            schedule: job.text,
            enabled: job.enabled,
            last_run: last.items.pop().map(|run| RunView::of(site, &caller, run)),
        });
    }
    Ok(List::of(Page { items, next: None }, |view| view))
}

/// The runs of a job, newest first
#[utoipa::path(get, path = "/jobs/{name}/runs", tag = "jobs", params(("name" = String, Path), ("limit" = Option<u32>, Query),
    ("cursor" = Option<String>, Query)), responses((status = 200, body = List<RunView>)))]
#[get("/api/v1/jobs/<name>/runs?<limit>&<cursor>")]
pub async fn runs(
    name: &str,
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<RunView>> {
    let job = find(name)?;
    caller.must(Act::SeeJobs)?;
    let page = store::runs::list(&mut *site.app.db.read().await?, job, &window(limit, cursor)?).await?;
    Ok(List::of(page, |run| RunView::of(site, &caller, run)))
}

/// One run
#[utoipa::path(get, path = "/jobs/{name}/runs/{id}", tag = "jobs", params(("name" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = RunView)))]
#[get("/api/v1/jobs/<name>/runs/<id>")]
pub async fn run(name: &str, id: RunId, caller: Caller, site: &State<Site>) -> ApiResult<RunView> {
    let job = find(name)?;
    caller.must(Act::SeeJobs)?;
    let found = store::runs::find(&mut *site.app.db.read().await?, job, &id).await?;
    Ok(Json::from(RunView::of(site, &caller, found.ok_or(Failure::NotFound)?)))
}

/// Run a job now
#[utoipa::path(post, path = "/jobs/{name}/run", tag = "jobs", params(("name" = String, Path)), responses((status = 202, body = Begun)))]
#[post("/api/v1/jobs/<name>/run")]
pub async fn begin(name: &str, caller: Caller, site: &State<Site>) -> Result<Accepted<Begun>, Failure> {
    let job = find(name)?;
    caller.must(Act::RunJobs)?;
    let run = match job {
        JobName::RefreshMailboxes => refresh::begin(&site.app, &caller.actor(), Scope::All { within: None }).await?,
        JobName::DeliverMail => delivery::begin(&site.app, &caller.actor()).await?,
        job @ (JobName::CheckDeadlines | JobName::CloseResolved) => {
            // Without a slot nobody can have been quicker.
            rounds::begin(&site.app, job, None, Some(&caller.actor())).await?.ok_or(Failure::Busy)?
        }
        job @ (JobName::TakeInMail | JobName::Retention) => {
            intake::rounds::begin(&site.app, job, None, Some(&caller.actor())).await?.ok_or(Failure::Busy)?
        }
    };
    Ok(Accepted(Json::from(Begun { run_id: run.to_string() })))
}

fn find(name: &str) -> Result<JobName, Failure> {
    JobName::parse(name).ok_or(Failure::NotFound)
}
