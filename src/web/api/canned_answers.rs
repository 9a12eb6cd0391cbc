//! In charge of the resource `canned-answers`: answers that the desk has ready.

use rocket::http::Status;
use rocket::{State, delete, get, patch, post};
use serde::Serialize;

use super::body::Body;
use super::{ApiResult, Created, Json, List, window};
use crate::desk::canned_answer as verbs;
use crate::model::id::CannedAnswerId;
use crate::model::organization::Area;
use crate::model::ticket::CannedAnswer;
use crate::people::rights::{self, Act};
use crate::store;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// An answer that is ready.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CannedAnswer)]
pub struct View {
    id: String,
    title: String,
    /// With `{{numero}}`, `{{oggetto}}`, `{{richiedente}}`, `{{ente}}`, `{{casella}}` for what the ticket fills.
    body: String,
    area: Option<Area>,
}

impl View {
    fn of(one: CannedAnswer) -> View {
        View { id: one.id.to_string(), title: one.title, body: one.body, area: one.area }
    }
}

/// What makes or changes one.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct CannedAnswerInput {
    title: String,
    body: String,
    area: Option<Area>,
}

/// Answers that are ready, by title
#[utoipa::path(get, path = "/canned-answers", tag = "canned-answers", params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<View>)))]
#[get("/api/v1/canned-answers?<limit>&<cursor>")]
pub async fn list(
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<View>> {
    caller.must(Act::WorkTickets)?;
    let page = store::canned_answers::list(&mut *site.app.db.read().await?, &window(limit, cursor)?).await?;
    Ok(List::of(page, View::of))
}

/// Have an answer ready
#[utoipa::path(post, path = "/canned-answers", tag = "canned-answers", request_body = CannedAnswerInput, responses((status = 201, body = View)))]
#[post("/api/v1/canned-answers", data = "<body>")]
pub async fn create(body: Body, caller: Caller, site: &State<Site>) -> Result<Created<View>, Failure> {
    caller.must(Act::WorkTickets)?;
    let one = verbs::read(body.fields()?, None)?;
    Ok(Created(Json::from(View::of(verbs::create(&site.app, &caller.actor(), one).await?))))
}

/// Change one
#[utoipa::path(patch, path = "/canned-answers/{id}", tag = "canned-answers", params(("id" = String, Path)), request_body = CannedAnswerInput,
    responses((status = 200, body = View)))]
#[patch("/api/v1/canned-answers/<id>", data = "<body>")]
pub async fn change(id: CannedAnswerId, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let old = find(&id, &caller, site).await?;
    let one = verbs::read(body.fields()?, Some(&old))?;
    Ok(Json::from(View::of(verbs::change(&site.app, &caller.actor(), &old, one).await?)))
}

/// Remove one
#[utoipa::path(delete, path = "/canned-answers/{id}", tag = "canned-answers", params(("id" = String, Path)), responses((status = 204)))]
#[delete("/api/v1/canned-answers/<id>")]
pub async fn remove(id: CannedAnswerId, caller: Caller, site: &State<Site>) -> Result<Status, Failure> {
    let old = find(&id, &caller, site).await?;
    verbs::remove(&site.app, &caller.actor(), &old).await?;
    Ok(Status::NoContent)
}

/// One, for who works at the desk; others are told that there is none.
async fn find(id: &CannedAnswerId, caller: &Caller, site: &Site) -> Result<CannedAnswer, Failure> {
    let found = store::canned_answers::find(&mut *site.app.db.read().await?, id).await?;
    found.filter(|_| rights::may(&caller.person, Act::WorkTickets)).ok_or(Failure::NotFound)
}
