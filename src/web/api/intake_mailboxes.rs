//! In charge of the resource `intake/mailboxes`: the desk's own mailboxes. Never gives a password.

use rocket::http::Status as Answered;
use rocket::{State, delete, get, patch, post};
use serde::Serialize;

use super::body::Body;
use super::{ApiResult, Created, Json, List, window};
use crate::clock::Moment;
use crate::intake::mailbox;
use crate::mail::fault;
use crate::model::id::IntakeMailboxId;
use crate::model::intake::IntakeMailbox;
use crate::model::mailbox::Status;
use crate::model::organization::Area;
use crate::model::person::Language;
use crate::model::server::Server;
use crate::model::ticket::Severity;
use crate::people::rights::Act;
use crate::store;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// One of the desk's own mailboxes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = IntakeMailbox)]
pub struct View {
    id: String,
    address: String,
    username: String,
    imap: Server,
    authserv_id: Option<String>,
    plus_addresses: bool,
    area: Area,
    group_id: Option<String>,
    default_severity: Severity,
    enabled: bool,
    status: Status,
    status_detail: Option<String>,
    #[schema(value_type = Option<String>)]
    last_checked_at: Option<Moment>,
}

impl View {
    fn of(one: IntakeMailbox, language: Language) -> View {
        View {
            id: one.id.to_string(),
            address: one.address,
            username: one.username,
            imap: one.imap,
            authserv_id: one.authserv_id,
            plus_addresses: one.plus_addresses,
            area: one.area,
            group_id: one.group_id.map(|id| id.to_string()),
            default_severity: one.default_severity,
            enabled: one.enabled,
            status: one.status,
            status_detail: one.status_detail.map(|detail| fault::words(language, &detail)),
            last_checked_at: one.last_checked_at,
        }
    }
}

/// What makes or changes one.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct IntakeMailboxInput {
    address: String,
    username: String,
    password: String,
    imap: Server,
    authserv_id: Option<String>,
    plus_addresses: Option<bool>,
    area: Area,
    group_id: Option<String>,
    default_severity: Option<Severity>,
    enabled: Option<bool>,
}

/// The desk's own mailboxes, by address
#[utoipa::path(get, path = "/intake/mailboxes", tag = "intake", params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<View>)))]
#[get("/api/v1/intake/mailboxes?<limit>&<cursor>")]
pub async fn list(
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<View>> {
    caller.must(Act::ManageDesk)?;
    let page = store::intake_mailboxes::list(&mut *site.app.db.read().await?, &window(limit, cursor)?).await?;
    Ok(List::of(page, |one| View::of(one, caller.person.language)))
}

/// Add one; its login is tried first
#[utoipa::path(post, path = "/intake/mailboxes", tag = "intake", request_body = IntakeMailboxInput,
    responses((status = 201, body = View)))]
#[post("/api/v1/intake/mailboxes", data = "<body>")]
pub async fn create(body: Body, caller: Caller, site: &State<Site>) -> Result<Created<View>, Failure> {
    caller.must(Act::ManageDesk)?;
    let draft = mailbox::read(body.fields()?, None, &site.app.settings)?;
    let made = mailbox::create(&site.app, &caller.actor(), draft).await?;
    Ok(Created(Json::from(View::of(made, caller.person.language))))
}

/// One of them
#[utoipa::path(get, path = "/intake/mailboxes/{id}", tag = "intake", params(("id" = String, Path)),
    responses((status = 200, body = View)))]
#[get("/api/v1/intake/mailboxes/<id>")]
pub async fn show(id: IntakeMailboxId, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    Ok(Json::from(View::of(find(&id, &caller, site).await?, caller.person.language)))
}

/// Change one; a new password is tried first
#[utoipa::path(patch, path = "/intake/mailboxes/{id}", tag = "intake", params(("id" = String, Path)),
    request_body = IntakeMailboxInput, responses((status = 200, body = View)))]
#[patch("/api/v1/intake/mailboxes/<id>", data = "<body>")]
pub async fn change(id: IntakeMailboxId, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let old = find(&id, &caller, site).await?;
    let draft = mailbox::read(body.fields()?, Some(&old), &site.app.settings)?;
    let changed = mailbox::change(&site.app, &caller.actor(), &old, draft).await?;
    Ok(Json::from(View::of(changed, caller.person.language)))
}

/// Remove one: it is read no longer; the mails that it has brought stay
#[utoipa::path(delete, path = "/intake/mailboxes/{id}", tag = "intake", params(("id" = String, Path)), responses((status = 204)))]
#[delete("/api/v1/intake/mailboxes/<id>")]
pub async fn remove(id: IntakeMailboxId, caller: Caller, site: &State<Site>) -> Result<Answered, Failure> {
    let one = find(&id, &caller, site).await?;
    mailbox::remove(&site.app, &caller.actor(), &one).await?;
    Ok(Answered::NoContent)
}

async fn find(id: &IntakeMailboxId, caller: &Caller, site: &Site) -> Result<IntakeMailbox, Failure> {
    caller.must(Act::ManageDesk)?;
    store::intake_mailboxes::find(&mut *site.app.db.read().await?, id).await?.ok_or(Failure::NotFound)
}
