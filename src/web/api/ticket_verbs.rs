//! In charge of the verbs on a ticket, `tickets/{number}/…`, each an address of its own.

use rocket::{State, delete, post};

use super::body::Body;
use super::tickets::View;
use super::{ApiResult, Json};
use crate::desk::state::Verb;
use crate::desk::verb::{self, NotDone};
use crate::input::FieldError;
use crate::outbox;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// What a verb needs: see each.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct VerbInput {
    /// take: from whom, when somebody else has taken charge
    from: Option<String>,
    /// wait: `requester`, `conditions` or `third_party`
    r#for: Option<String>,
    /// wait, escalate, cancel, delete
    reason: Option<String>,
    /// escalate: 1 to 3
    level: Option<i64>,
    /// resolve
    solution: Option<String>,
    /// merge: the number of the ticket that stays
    into: Option<String>,
    /// split
    message_ids: Option<Vec<String>>,
}

async fn act(number: &str, verb: Option<Verb>, body: Body, caller: &Caller, site: &Site) -> ApiResult<View> {
    let (ticket, part) = caller.ticket(site, number).await?;
    // Who may not do it at all is told so whatever was sent.
    let tried = verb.unwrap_or(Verb::WaitForRequester);
    if crate::desk::state::after(&ticket, tried, part) == Err(crate::desk::state::No::Forbidden) {
        return Err(Failure::Forbidden);
    }
    let mut fields = body.fields_or_none()?;
    let verb = match verb {
        Some(verb) => verb,
        None => match verb::read_wait(&mut fields) {
            Some(verb) => verb,
            None => return Err(vec![FieldError::new("for", "word")].into()),
        },
    };
    let with = verb::read(fields, verb)?;
    let done = match verb {
        Verb::Split => verb::split(&site.app, &caller.actor(), &caller.person, (&ticket, part), with).await,
        _ => verb::act(&site.app, &caller.actor(), &caller.person, (&ticket, part), verb, with).await,
    };
    match done {
        Ok(ticket) => Ok(Json::from(View::of(ticket, &caller.person))),
        Err(NotDone::Forbidden) => Err(Failure::Forbidden),
        Err(NotDone::Refused(refusal)) => Err(refusal.into()),
    }
}

/// Take charge of a ticket
#[utoipa::path(post, path = "/tickets/{number}/take", tag = "tickets", params(("number" = String, Path)), request_body = VerbInput,
    responses((status = 200, body = View)))]
#[post("/api/v1/tickets/<number>/take", data = "<body>")]
pub async fn take(number: &str, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    act(number, Some(Verb::Take), body, &caller, site).await
}

/// Wait: for the requester, for conditions, for a third party; why is told to those who asked
#[utoipa::path(post, path = "/tickets/{number}/wait", tag = "tickets", params(("number" = String, Path)), request_body = VerbInput,
    responses((status = 200, body = View)))]
#[post("/api/v1/tickets/<number>/wait", data = "<body>")]
pub async fn wait(number: &str, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    act(number, None, body, &caller, site).await
}

/// Pass a ticket to another level of competence
#[utoipa::path(post, path = "/tickets/{number}/escalate", tag = "tickets", params(("number" = String, Path)), request_body = VerbInput,
    responses((status = 200, body = View)))]
#[post("/api/v1/tickets/<number>/escalate", data = "<body>")]
pub async fn escalate(number: &str, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    act(number, Some(Verb::Escalate), body, &caller, site).await
}

/// Solve a ticket; the solution is sent to those who asked
#[utoipa::path(post, path = "/tickets/{number}/resolve", tag = "tickets", params(("number" = String, Path)), request_body = VerbInput,
    responses((status = 200, body = View)))]
#[post("/api/v1/tickets/<number>/resolve", data = "<body>")]
pub async fn resolve(number: &str, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    act(number, Some(Verb::Resolve), body, &caller, site).await
}

/// Open a solved ticket again
#[utoipa::path(post, path = "/tickets/{number}/reopen", tag = "tickets", params(("number" = String, Path)), request_body = VerbInput,
    responses((status = 200, body = View)))]
#[post("/api/v1/tickets/<number>/reopen", data = "<body>")]
pub async fn reopen(number: &str, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    act(number, Some(Verb::Reopen), body, &caller, site).await
}

/// Close a ticket: confirms the solution, or says that it is settled
#[utoipa::path(post, path = "/tickets/{number}/close", tag = "tickets", params(("number" = String, Path)), request_body = VerbInput,
    responses((status = 200, body = View)))]
#[post("/api/v1/tickets/<number>/close", data = "<body>")]
pub async fn close(number: &str, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    act(number, Some(Verb::Close), body, &caller, site).await
}

/// Cancel a ticket: doubled, spam, opened by mistake
#[utoipa::path(post, path = "/tickets/{number}/cancel", tag = "tickets", params(("number" = String, Path)), request_body = VerbInput,
    responses((status = 200, body = View)))]
#[post("/api/v1/tickets/<number>/cancel", data = "<body>")]
pub async fn cancel(number: &str, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    act(number, Some(Verb::Cancel), body, &caller, site).await
}

/// Undo a cancellation or a deletion
#[utoipa::path(post, path = "/tickets/{number}/restore", tag = "tickets", params(("number" = String, Path)), request_body = VerbInput,
    responses((status = 200, body = View)))]
#[post("/api/v1/tickets/<number>/restore", data = "<body>")]
pub async fn restore(number: &str, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    act(number, Some(Verb::Restore), body, &caller, site).await
}

/// Merge a ticket into another, which goes on
#[utoipa::path(post, path = "/tickets/{number}/merge", tag = "tickets", params(("number" = String, Path)), request_body = VerbInput,
    responses((status = 200, body = View)))]
#[post("/api/v1/tickets/<number>/merge", data = "<body>")]
pub async fn merge(number: &str, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    act(number, Some(Verb::Merge), body, &caller, site).await
}

/// Undo a merge
#[utoipa::path(post, path = "/tickets/{number}/unmerge", tag = "tickets", params(("number" = String, Path)), request_body = VerbInput,
    responses((status = 200, body = View)))]
#[post("/api/v1/tickets/<number>/unmerge", data = "<body>")]
pub async fn unmerge(number: &str, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    act(number, Some(Verb::Unmerge), body, &caller, site).await
}

/// Move messages into a ticket of their own
#[utoipa::path(post, path = "/tickets/{number}/split", tag = "tickets", params(("number" = String, Path)), request_body = VerbInput,
    responses((status = 200, body = View)))]
#[post("/api/v1/tickets/<number>/split", data = "<body>")]
pub async fn split(number: &str, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    act(number, Some(Verb::Split), body, &caller, site).await
}

/// Put a ticket into the bin, with a reason; `restore` takes it out
#[utoipa::path(delete, path = "/tickets/{number}", tag = "tickets", params(("number" = String, Path)), request_body = VerbInput,
    responses((status = 204)))]
#[delete("/api/v1/tickets/<number>", data = "<body>")]
pub async fn remove(
    number: &str,
    body: Body,
    caller: Caller,
    site: &State<Site>,
) -> Result<rocket::http::Status, Failure> {
    act(number, Some(Verb::Delete), body, &caller, site).await.map(|_| rocket::http::Status::NoContent)
}

/// Say that the requester's address takes mail again: what is about requests is sent to it once more
#[utoipa::path(post, path = "/tickets/{number}/address-works", tag = "tickets", params(("number" = String, Path)),
    responses((status = 200, body = View)))]
#[post("/api/v1/tickets/<number>/address-works")]
pub async fn address_works(number: &str, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let (ticket, part) = caller.ticket(site, number).await?;
    if !part.is_desk() {
        return Err(Failure::Forbidden);
    }
    outbox::bounce::works_again(&site.app, &caller.actor(), &ticket.requester.email).await?;
    Ok(Json::from(View::of(ticket, &caller.person)))
}
