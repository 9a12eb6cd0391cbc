//! In charge of the resource `mailboxes/{id}/grants`.

use rocket::http::Status;
use rocket::{State, delete, get, put};
use serde::Serialize;

use super::{ApiResult, Body, Json, List};
use crate::clock::Moment;
use crate::hub::grant;
use crate::model::grant::{Grant, Right};
use crate::model::id::{MailboxId, PersonId};
use crate::model::page::Page;
use crate::people::rights::Act;
use crate::store;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// What a person may do in a mailbox.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Grant)]
pub struct View {
    user_id: String,
    rights: Vec<Right>,
    /// The first moment in which it no longer holds; null when it lasts.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Moment>,
}

impl View {
    fn of(grant: Grant) -> View {
        View { user_id: grant.person_id.to_string(), rights: grant.rights, until: grant.until }
    }
}

/// What is given.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct GrantInput {
    /// `view` is part of every grant.
    rights: Vec<Right>,
    until: Option<String>,
}

/// Who may open a mailbox besides those whose role says so, by name
#[utoipa::path(get, path = "/mailboxes/{id}/grants", tag = "grants", params(("id" = String, Path)),
    responses((status = 200, body = List<View>)))]
#[get("/api/v1/mailboxes/<id>/grants")]
pub async fn list(id: MailboxId, caller: Caller, site: &State<Site>) -> ApiResult<List<View>> {
    let mailbox = caller.mailbox(site, &id, Act::GrantMailboxes).await?;
    let items = store::grants::of_mailbox(&mut *site.app.db.read().await?, &mailbox.id).await?;
    Ok(List::of(Page { items, next: None }, |(grant, _, _)| View::of(grant)))
}

/// Give a person rights in a mailbox, instead of those it has there
#[utoipa::path(put, path = "/mailboxes/{id}/grants/{user_id}", tag = "grants", params(("id" = String, Path), ("user_id" = String, Path)),
    request_body = GrantInput, responses((status = 200, body = View)))]
#[put("/api/v1/mailboxes/<id>/grants/<user_id>", data = "<body>")]
pub async fn put(id: MailboxId, user_id: PersonId, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let mailbox = caller.mailbox(site, &id, Act::GrantMailboxes).await?;
    let person = caller.grantee(site, &user_id).await?;
    let given = grant::read(body.fields()?, site.app.clock.now())?;
    let grant = grant::put(&site.app, &caller.actor(), &mailbox, &person, given).await?;
    Ok(Json::from(View::of(grant)))
}

/// Take away what a person may do in a mailbox
#[utoipa::path(delete, path = "/mailboxes/{id}/grants/{user_id}", tag = "grants", params(("id" = String, Path), ("user_id" = String, Path)),
    responses((status = 204)))]
#[delete("/api/v1/mailboxes/<id>/grants/<user_id>")]
pub async fn remove(id: MailboxId, user_id: PersonId, caller: Caller, site: &State<Site>) -> Result<Status, Failure> {
    let mailbox = caller.mailbox(site, &id, Act::GrantMailboxes).await?;
    // Whoever has a grant may lose it, also one who could not be given it any more.
    let person = store::people::find(&mut *site.app.db.read().await?, &user_id).await?.ok_or(Failure::NotFound)?;
    match grant::remove(&site.app, &caller.actor(), &mailbox, &person).await? {
        true => Ok(Status::NoContent),
        false => Err(Failure::NotFound),
    }
}
