//! In charge of the resources `intake/held` and `intake/unprocessed`: mail that waits for a person.

use rocket::http::Status as Answered;
use rocket::{State, get, post};
use serde::Serialize;

use super::attachments::Download;
use super::body::Body;
use super::{ApiResult, Json, List, window};
use crate::clock::Moment;
use crate::desk::sight_of;
use crate::intake::taking;
use crate::model::id::IntakeMailId;
use crate::model::intake::{IntakeMail, MailGoes, MailReason, MailState};
use crate::people::rights::Act;
use crate::store;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;
use crate::web::tickets::mails::{find, original, waiting};

/// A mail that waits.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = IntakeMail)]
pub struct View {
    id: String,
    #[schema(value_type = String)]
    received_at: Moment,
    from: Option<String>,
    subject: Option<String>,
    reason: Option<MailReason>,
}

impl View {
    fn of(one: IntakeMail) -> View {
        View {
            id: one.id.to_string(),
            received_at: one.received_at,
            from: one.sender_email,
            subject: one.subject,
            reason: one.reason,
        }
    }
}

async fn listed(
    state: MailState,
    (limit, cursor): (Option<&str>, Option<&str>),
    caller: &Caller,
    site: &Site,
) -> ApiResult<List<View>> {
    caller.must(Act::WorkTickets)?;
    let mut c = site.app.db.read().await?;
    let sight = sight_of(&mut c, &caller.person).await?;
    let page = store::intake_mails::list(&mut c, &sight, state, &window(limit, cursor)?).await?;
    Ok(List::of(page, View::of))
}

/// Mail that is held, newest first
#[utoipa::path(get, path = "/intake/held", tag = "intake", params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<View>)))]
#[get("/api/v1/intake/held?<limit>&<cursor>")]
pub async fn held(
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<View>> {
    listed(MailState::Held, (limit, cursor), &caller, site).await
}

/// Mail that could not be read, newest first
#[utoipa::path(get, path = "/intake/unprocessed", tag = "intake", params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<View>)))]
#[get("/api/v1/intake/unprocessed?<limit>&<cursor>")]
pub async fn unprocessed(
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<View>> {
    listed(MailState::Unprocessed, (limit, cursor), &caller, site).await
}

/// Where a mail that is let in goes. By itself into the request that it answers by an id, or in which its sender has a part; else into
/// a new one.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct AcceptInput {
    into: Option<MailGoes>,
}

/// A mail that was let in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AcceptedMail {
    #[serde(flatten)]
    mail: View,
    /// The request in which it stands.
    ticket_number: String,
}

/// Let a mail in that is held
#[utoipa::path(post, path = "/intake/held/{id}/accept", tag = "intake", params(("id" = String, Path)), request_body = AcceptInput,
    responses((status = 200, body = AcceptedMail)))]
#[post("/api/v1/intake/held/<id>/accept", data = "<body>")]
pub async fn accept(id: IntakeMailId, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<AcceptedMail> {
    let one = waiting(site, &caller, &id, MailState::Held).await?;
    let mut fields = body.fields_or_none()?;
    fields.only(&["into"]);
    let into = fields.word("into", "word", MailGoes::parse);
    fields.finish(Some(()))?;
    let ticket = taking::accept(&site.app, &caller.actor(), &caller.person, &one, into).await?;
    let mail = View::of(find(site, &caller, &id).await?);
    Ok(Json::from(AcceptedMail { mail, ticket_number: ticket.number }))
}

/// Have a mail read again that could not be
#[utoipa::path(post, path = "/intake/unprocessed/{id}/retry", tag = "intake", params(("id" = String, Path)),
    responses((status = 202)))]
#[post("/api/v1/intake/unprocessed/<id>/retry")]
pub async fn retry(id: IntakeMailId, caller: Caller, site: &State<Site>) -> Result<Answered, Failure> {
    let one = waiting(site, &caller, &id, MailState::Unprocessed).await?;
    taking::retry(&site.app, &caller.actor(), &one).await?;
    Ok(Answered::Accepted)
}

/// A held mail as it came
#[utoipa::path(get, path = "/intake/held/{id}/raw", tag = "intake", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream")))]
#[get("/api/v1/intake/held/<id>/raw")]
pub async fn held_raw(id: IntakeMailId, caller: Caller, site: &State<Site>) -> Result<Download, Failure> {
    original(site, &waiting(site, &caller, &id, MailState::Held).await?).await
}

/// A mail that could not be read as it came
#[utoipa::path(get, path = "/intake/unprocessed/{id}/raw", tag = "intake", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream")))]
#[get("/api/v1/intake/unprocessed/<id>/raw")]
pub async fn unprocessed_raw(id: IntakeMailId, caller: Caller, site: &State<Site>) -> Result<Download, Failure> {
    original(site, &waiting(site, &caller, &id, MailState::Unprocessed).await?).await
}
