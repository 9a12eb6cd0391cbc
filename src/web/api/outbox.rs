//! In charge of the resource `outbox`: what leaves by mail, and another try.

use rocket::{State, get, post};
use serde::Serialize;

use super::{ApiResult, Json, List, window};
use crate::clock::Moment;
use crate::input::FieldError;
use crate::model::id::MailId;
use crate::model::outbox::{Mail, State as Standing};
use crate::outbox;
use crate::people::Refusal;
use crate::people::rights::{self, Act};
use crate::store;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// A mail on its way.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = OutboxMail)]
pub struct View {
    id: String,
    to: String,
    subject: String,
    state: Standing,
    attempts: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    next_try_at: Option<Moment>,
    /// Why it has not left, with the server's own words.
    last_error: Option<String>,
    ticket_number: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Moment,
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Moment>,
}

impl View {
    fn of(site: &Site, caller: &Caller, mail: Mail) -> View {
        let words = |fault: &str| site.templates.text(caller.person.language, &format!("mail-fault-{fault}"), &[]);
        let last_error = mail.fault.map(|fault| match &mail.reply {
            Some(reply) => format!("{} {reply}", words(fault.as_str())),
            None => words(fault.as_str()),
        });
        let Mail { id, to, subject, state, attempts, next_try_at, created_at, sent_at, ticket_number, .. } = mail;
        View {
            id: id.to_string(),
            to,
            subject,
            state,
            attempts,
            next_try_at,
            last_error,
            ticket_number,
            created_at,
            sent_at,
        }
    }
}

/// Mails, newest first; for operators those about tickets that they see
#[utoipa::path(get, path = "/outbox", tag = "outbox", params(("state" = Option<String>, Query), ("limit" = Option<u32>, Query),
    ("cursor" = Option<String>, Query)), responses((status = 200, body = List<View>)))]
#[get("/api/v1/outbox?<state>&<limit>&<cursor>")]
pub async fn list(
    state: Option<&str>,
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<View>> {
    caller.must(Act::ManageOutbox)?;
    let states: Vec<Standing> = match state.map(Standing::parse) {
        Some(None) => return Err(vec![FieldError::new("state", "word")].into()),
        state => state.flatten().into_iter().collect(),
    };
    let seen = caller.sight(site).await?;
    let page = store::outbox::list(&mut *site.app.db.read().await?, &seen, &states, &window(limit, cursor)?).await?;
    Ok(List::of(page, |mail| View::of(site, &caller, mail)))
}

/// Say that the address of a mail takes mail again: what is about requests is sent to it once more
#[utoipa::path(post, path = "/outbox/{id}/address-works", tag = "outbox", params(("id" = String, Path)), responses((status = 200, body = View)))]
#[post("/api/v1/outbox/<id>/address-works")]
pub async fn address_works(id: MailId, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    if !rights::may(&caller.person, Act::ManageOutbox) {
        return Err(Failure::NotFound);
    }
    let seen = caller.sight(site).await?;
    let mail = store::outbox::find(&mut *site.app.db.read().await?, &seen, &id).await?.ok_or(Failure::NotFound)?;
    outbox::bounce::works_again(&site.app, &caller.actor(), &mail.to).await?;
    Ok(Json::from(View::of(site, &caller, mail)))
}

/// Try a mail again, with the same Message-ID
#[utoipa::path(post, path = "/outbox/{id}/retry", tag = "outbox", params(("id" = String, Path)), responses((status = 200, body = View)))]
#[post("/api/v1/outbox/<id>/retry")]
pub async fn retry(id: MailId, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    if !rights::may(&caller.person, Act::ManageOutbox) {
        return Err(Failure::NotFound);
    }
    let seen = caller.sight(site).await?;
    let mail = store::outbox::find(&mut *site.app.db.read().await?, &seen, &id).await?.ok_or(Failure::NotFound)?;
    match outbox::retry(&site.app, &caller.actor(), &mail).await? {
        Some(queued) => Ok(Json::from(View::of(site, &caller, queued))),
        None => Err(Refusal::Conflict("conflict-mail-left").into()),
    }
}
