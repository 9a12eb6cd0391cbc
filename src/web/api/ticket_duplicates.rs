//! In charge of what is perhaps the same ticket, `tickets/{number}/duplicates` (F26): for who works at the desk. Joining two is the
//! verb `merge`.

use rocket::http::Status;
use rocket::{State, get, post};
use serde::Serialize;

use super::tickets::View;
use super::{ApiResult, Json, List};
use crate::desk::duplicate::{self, Why};
use crate::model::ticket::Ticket;
use crate::people::Refusal;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// A ticket that is perhaps the same.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Duplicate)]
pub struct DuplicateView {
    ticket: View,
    why: Vec<Why>,
    /// Addresses of those who would read more than now if the two were merged.
    read_more: Vec<String>,
}

/// A ticket, for who works on it.
async fn of_desk(caller: &Caller, site: &Site, number: &str) -> Result<Ticket, Failure> {
    let (ticket, part) = caller.ticket(site, number).await?;
    if part.is_desk() { Ok(ticket) } else { Err(Failure::Forbidden) }
}

/// Tickets that are perhaps the same, of those that the caller sees, the likeliest first
#[utoipa::path(get, path = "/tickets/{number}/duplicates", tag = "tickets", params(("number" = String, Path)),
    responses((status = 200, body = List<DuplicateView>)))]
#[get("/api/v1/tickets/<number>/duplicates")]
pub async fn list(number: &str, caller: Caller, site: &State<Site>) -> ApiResult<List<DuplicateView>> {
    let ticket = of_desk(&caller, site, number).await?;
    let sight = caller.sight(site).await?;
    let found = duplicate::of_ticket(&mut *site.app.db.read().await?, &sight, &ticket).await?;
    let items = found.into_iter().map(|one| DuplicateView {
        ticket: View::of(one.ticket, &caller.person),
        why: one.why,
        read_more: one.read_more,
    });
    Ok(Json::from(List { items: items.collect(), next: None }))
}

/// Say that two tickets are not the same: neither is proposed for the other any more
#[utoipa::path(post, path = "/tickets/{number}/duplicates/{other}/dismiss", tag = "tickets", params(("number" = String, Path),
    ("other" = String, Path)), responses((status = 204)))]
#[post("/api/v1/tickets/<number>/duplicates/<other>/dismiss")]
pub async fn dismiss(number: &str, other: &str, caller: Caller, site: &State<Site>) -> Result<Status, Failure> {
    let ticket = of_desk(&caller, site, number).await?;
    match duplicate::tell_apart(&site.app, &caller.actor(), &caller.person, &ticket, other).await {
        Ok(()) => Ok(Status::NoContent),
        Err(Refusal::Invalid(_)) => Err(Failure::NotFound),
        Err(refusal) => Err(refusal.into()),
    }
}
