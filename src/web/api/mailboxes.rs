//! In charge of the resource `mailboxes`.

use rocket::http::Status as HttpStatus;
use rocket::{FromForm, State, delete, get, patch, post, put};
use serde::Serialize;

use super::{Accepted, ApiResult, Begun, Body, Created, Json, List, window};
use crate::clock::Moment;
use crate::hub::belonging;
use crate::hub::draft::{self, Draft};
use crate::hub::refresh::{self, Scope};
use crate::hub::{capacity, listing, mailbox};
use crate::input::FieldError;
use crate::mail::fault;
use crate::model::id::MailboxId;
use crate::model::mailbox::{Authorization, Mailbox, QuotaState, Status};
use crate::model::server::Server;
use crate::people::rights::{self, Act};
use crate::store::mailbox_list::{self, Order, Wanted};
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// A watched mailbox. Its password goes in and never comes out.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Mailbox)]
pub struct View {
    id: String,
    address: String,
    /// This, authorization, servers and status_detail are null for those who only see how the mailbox stands; whose it is and its
    /// figures for those who see its address and status only.
    username: Option<String>,
    description: Option<String>,
    group: Option<String>,
    organization_id: Option<String>,
    holder_tax_code: Option<String>,
    authorization: Option<Authorization>,
    imap: Option<Server>,
    smtp: Option<Server>,
    status: Status,
    #[schema(value_type = String, format = DateTime)]
    status_since: Moment,
    status_detail: Option<String>,
    suspended: bool,
    quota_state: Option<QuotaState>,
    new_messages: Option<i64>,
    unread_messages: Option<i64>,
    total_messages: Option<i64>,
    /// Bytes.
    quota_used: Option<i64>,
    /// Bytes.
    quota_limit: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_message_at: Option<Moment>,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_checked_at: Option<Moment>,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_success_at: Option<Moment>,
}

impl View {
    fn of(caller: &Caller, mailbox: Mailbox) -> View {
        let settings = rights::may_on(&caller.person, Act::SeeMailboxSettings, &mailbox);
        let figures = rights::may_on(&caller.person, Act::SeeMailboxFigures, &mailbox);
        let (card, facts) = (mailbox.card, mailbox.facts);
        View {
            id: mailbox.id.to_string(),
            quota_state: figures.then(|| facts.quota_state()),
            address: card.address,
            username: Some(card.username).filter(|_| settings),
            description: card.description.filter(|_| figures),
            group: card.group.filter(|_| figures),
            organization_id: card.organization_id.filter(|_| figures).map(|id| id.to_string()),
            holder_tax_code: card.holder_tax_code.filter(|_| figures),
            authorization: Some(card.authorization).filter(|_| settings),
            imap: Some(card.imap).filter(|_| settings),
            smtp: card.smtp.filter(|_| settings),
            status: facts.status,
            status_since: facts.status_since,
            status_detail: facts
                .status_detail
                .filter(|_| settings)
                .map(|detail| fault::words(caller.person.language, &detail)),
            suspended: facts.status == Status::Suspended,
            new_messages: figures.then_some(facts.new_messages),
            unread_messages: figures.then_some(facts.unread_messages),
            total_messages: figures.then_some(facts.total_messages),
            quota_used: facts.quota_used.filter(|_| figures),
            quota_limit: facts.quota_limit.filter(|_| figures),
            last_message_at: facts.last_message_at.filter(|_| figures),
            last_checked_at: facts.last_checked_at.filter(|_| figures),
            last_success_at: facts.last_success_at.filter(|_| figures),
        }
    }
}

/// What makes or changes a mailbox. A change of user name, server, port or security needs the password with it.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct MailboxInput {
    address: String,
    username: String,
    password: String,
    imap: Server,
    authorization: Authorization,
    smtp: Option<Server>,
    description: Option<String>,
    group: Option<String>,
    organization_id: Option<String>,
    holder_tax_code: Option<String>,
    /// With true no login is tried until a password is put.
    activating: Option<bool>,
    /// Only on change: stops the watch, or takes it up again.
    suspended: Option<bool>,
}

/// A password on its way in.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct PasswordInput {
    password: String,
}

/// What a list may ask for.
#[derive(Debug, FromForm)]
pub struct Query<'q> {
    status: Option<&'q str>,
    unread: Option<&'q str>,
    new: Option<&'q str>,
    q: Option<&'q str>,
    organization_id: Option<&'q str>,
    group: Option<&'q str>,
    sort: Option<&'q str>,
    limit: Option<&'q str>,
    cursor: Option<&'q str>,
}

impl Query<'_> {
    fn order(&self) -> Option<(Order, bool)> {
        let text = self.sort.unwrap_or("name");
        let (falling, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
        Order::ALL.iter().find(|(_, known)| *known == word).map(|(order, _)| (*order, falling))
    }
}

/// Mailboxes; filters combine; `sort` is a field's name, with `-` before it from the greatest
#[utoipa::path(get, path = "/mailboxes", tag = "mailboxes", params(("status" = Option<Status>, Query), ("unread" = Option<bool>, Query),
    ("new" = Option<bool>, Query), ("q" = Option<String>, Query), ("organization_id" = Option<String>, Query), ("group" = Option<String>, Query),
    ("sort" = Option<String>, Query), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<View>)))]
#[get("/api/v1/mailboxes?<query..>")]
pub async fn list(query: Query<'_>, caller: Caller, site: &State<Site>) -> ApiResult<List<View>> {
    caller.must(Act::ListMailboxes)?;
    let (order, status) = (query.order(), query.status.map(Status::parse));
    let mut wrong: Vec<FieldError> = Vec::new();
    let flag = |text: Option<&str>| text.map_or(Some(false), |text| text.parse::<bool>().ok());
    let (with_new, with_unread) = (flag(query.new), flag(query.unread));
    let told = [
        ("sort", order.is_none()),
        ("status", status == Some(None)),
        ("new", with_new.is_none()),
        ("unread", with_unread.is_none()),
    ];
    for (name, is_wrong) in told {
        if is_wrong {
            wrong.push(FieldError::new(name, "word"));
        }
    }
    let (Some((order, falling)), true) = (order, wrong.is_empty()) else { return Err(wrong.into()) };
    let wanted = Wanted {
        q: query.q.map(Into::into),
        statuses: status.map(|status| status.into_iter().collect()),
        with_new: with_new == Some(true),
        with_unread: with_unread == Some(true),
        organization_id: query.organization_id.map(Into::into),
        group: query.group.map(Into::into),
        ..Wanted::default()
    };
    let (wanted, order) = listing::narrowed(&caller.person, wanted, order);
    let window = window(query.limit, query.cursor)?;
    let page = mailbox_list::list(&mut *site.app.db.read().await?, &wanted, order, falling, &window).await?;
    Ok(List::of(page, |mailbox| View::of(&caller, mailbox)))
}

/// Add a mailbox; its login is tried once, and nothing is saved when it is refused. Without `organization_id` it belongs to
/// the one active organization whose `tax_code` is its `holder_tax_code`, if there is one
#[utoipa::path(post, path = "/mailboxes", tag = "mailboxes", request_body = MailboxInput, responses((status = 201, body = View)))]
#[post("/api/v1/mailboxes", data = "<body>")]
pub async fn create(body: Body, caller: Caller, site: &State<Site>) -> Result<Created<View>, Failure> {
    caller.must(Act::ManageMailboxes)?;
    let mut fields = body.fields()?;
    // A conflict comes before wrong fields (contract, 5).
    capacity::check(&site.app).await?;
    belonging::by_holder(&site.app, &caller.reach(Act::ManageMailboxes), &mut fields).await?;
    let draft = Draft::read(fields, None, &site.app.settings)?;
    let made = mailbox::create(&site.app, &caller.actor(), draft).await?;
    Ok(Created(Json::from(View::of(&caller, made))))
}

/// One mailbox
#[utoipa::path(get, path = "/mailboxes/{id}", tag = "mailboxes", params(("id" = String, Path)), responses((status = 200, body = View)))]
#[get("/api/v1/mailboxes/<id>")]
pub async fn show(id: MailboxId, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    Ok(Json::from(View::of(&caller, caller.mailbox(site, &id, Act::ListMailboxes).await?)))
}

/// Change a mailbox
#[utoipa::path(patch, path = "/mailboxes/{id}", tag = "mailboxes", params(("id" = String, Path)), request_body = MailboxInput,
    responses((status = 200, body = View)))]
#[patch("/api/v1/mailboxes/<id>", data = "<body>")]
pub async fn change(id: MailboxId, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let old = caller.mailbox(site, &id, Act::ManageMailboxes).await?;
    let draft = Draft::read(body.fields()?, Some(&old.card), &site.app.settings)?;
    let changed = mailbox::change(&site.app, &caller.actor(), &old, draft).await?;
    Ok(Json::from(View::of(&caller, changed)))
}

/// Stop watching a mailbox for good; its sealed password is erased, the trace stays
#[utoipa::path(delete, path = "/mailboxes/{id}", tag = "mailboxes", params(("id" = String, Path)), responses((status = 204)))]
#[delete("/api/v1/mailboxes/<id>")]
pub async fn remove(id: MailboxId, caller: Caller, site: &State<Site>) -> Result<HttpStatus, Failure> {
    let old = caller.mailbox(site, &id, Act::ManageMailboxes).await?;
    mailbox::remove(&site.app, &caller.actor(), &old).await?;
    Ok(HttpStatus::NoContent)
}

/// Give a mailbox its new password; it is tried at once
#[utoipa::path(put, path = "/mailboxes/{id}/password", tag = "mailboxes", params(("id" = String, Path)), request_body = PasswordInput,
    responses((status = 200, body = View)))]
#[put("/api/v1/mailboxes/<id>/password", data = "<body>")]
pub async fn put_password(id: MailboxId, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let old = caller.mailbox(site, &id, Act::ManageMailboxes).await?;
    let password = draft::read_password(body.fields()?)?;
    let changed = mailbox::put_password(&site.app, &caller.actor(), &old, &password).await?;
    Ok(Json::from(View::of(&caller, changed)))
}

/// What a refresh answers.
#[derive(rocket::Responder)]
pub enum Refreshed {
    Begun(Accepted<Begun>),
    Done(Json<Box<View>>),
}

/// Visit a mailbox now; with `wait=true` the answer is the mailbox as it then stands
#[utoipa::path(post, path = "/mailboxes/{id}/refresh", tag = "mailboxes", params(("id" = String, Path), ("wait" = Option<bool>, Query)),
    responses((status = 202, body = Begun), (status = 200, body = View)))]
#[post("/api/v1/mailboxes/<id>/refresh?<wait>")]
pub async fn refresh_one(
    id: MailboxId,
    wait: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> Result<Refreshed, Failure> {
    let mailbox = caller.mailbox(site, &id, Act::RefreshMailboxes).await?;
    let run = refresh::begin(&site.app, &caller.actor(), Scope::These(std::slice::from_ref(&mailbox))).await?;
    if wait != Some("true") {
        return Ok(Refreshed::Begun(Accepted(Json::from(Begun { run_id: run.to_string() }))));
    }
    refresh::wait(&site.app, &id).await?;
    let view = View::of(&caller, caller.mailbox(site, &id, Act::ListMailboxes).await?);
    Ok(Refreshed::Done(Json::from(Box::new(view))))
}

/// Visit every mailbox that the caller reaches, now
#[utoipa::path(post, path = "/mailboxes/refresh", tag = "mailboxes", responses((status = 202, body = Begun)))]
#[post("/api/v1/mailboxes/refresh")]
pub async fn refresh_all(caller: Caller, site: &State<Site>) -> Result<Accepted<Begun>, Failure> {
    caller.must(Act::RefreshMailboxes)?;
    let within = caller.reach(Act::RefreshMailboxes).organizations();
    let run = refresh::begin(&site.app, &caller.actor(), Scope::All { within }).await?;
    Ok(Accepted(Json::from(Begun { run_id: run.to_string() })))
}
