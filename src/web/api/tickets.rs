//! In charge of the resource `tickets`: opening, finding, changing, naming mailboxes. The verbs are in `ticket_verbs`.

use std::collections::BTreeMap;

use rocket::http::Status;
use rocket::{FromForm, State, delete, get, patch, post, put};
use serde::Serialize;

use super::body::Body;
use super::once::Key;
use super::{ApiResult, Created, Json, List, window};
use crate::clock::Moment;
use crate::desk::change::{self as changing, Unread};
use crate::desk::{link as linking, ticket};
use crate::input::FieldError;
use crate::model::id::MailboxId;
use crate::model::organization::Area;
use crate::model::person::Person;
use crate::model::request_field::FieldAnswer;
use crate::model::ticket::{Channel, Kind, Queue, Severity, State as Standing, Ticket};
use crate::people::rights::{self, Act};
use crate::store;
use crate::store::ticket_list::{Order, Scope, Wanted};
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// Who asked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Requester)]
pub struct RequesterView {
    name: String,
    email: String,
}

/// A queue of the desk: who looks at what comes to one of its addresses.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TicketQueue)]
pub struct QueueView {
    address: String,
    area: Area,
    group_id: Option<String>,
}

impl From<Queue> for QueueView {
    fn from(one: Queue) -> QueueView {
        QueueView { address: one.address, area: one.area, group_id: one.group_id.map(|id| id.to_string()) }
    }
}

/// What was answered to a field, which may have changed since.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = FieldAnswer)]
pub struct AnswerView {
    /// The field, as `request-fields` names it while it is there.
    id: String,
    label: String,
    /// A date is `2026-11-30`, a yes or a no `true` or `false`.
    value: String,
}

impl AnswerView {
    fn of(one: &FieldAnswer, reader: &Person) -> AnswerView {
        AnswerView { id: one.id.clone(), label: one.label_in(reader.language).into(), value: one.value.clone() }
    }
}

/// A request, as whoever sees it sees it. What stays at the desk is null or empty for others.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Ticket)]
pub struct View {
    number: String,
    subject: String,
    state: Standing,
    severity: Severity,
    priority: Option<Severity>,
    area: Area,
    kind: Option<Kind>,
    category: Option<String>,
    channel: Channel,
    /// Null for who does not work at the desk.
    level: Option<i64>,
    group_id: Option<String>,
    /// The queues in which it stands beside that of its own area and group; the desk's.
    queues: Vec<QueueView>,
    organization_id: Option<String>,
    requester: RequesterView,
    assignee_id: Option<String>,
    cc: Vec<String>,
    tags: Vec<String>,
    mailbox_ids: Vec<String>,
    reason: Option<String>,
    solution: Option<String>,
    /// What was answered to the fields of its area.
    fields: Vec<AnswerView>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Moment,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Moment,
    #[schema(value_type = Option<String>, format = DateTime)]
    first_response_due_at: Option<Moment>,
    /// When those who asked are to hear again.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_update_due_at: Option<Moment>,
    #[schema(value_type = Option<String>, format = DateTime)]
    resolution_due_at: Option<Moment>,
    #[schema(value_type = Option<String>, format = DateTime)]
    first_responded_at: Option<Moment>,
    #[schema(value_type = Option<String>, format = DateTime)]
    resolved_at: Option<Moment>,
    /// The number of the ticket that stayed.
    merged_into: Option<String>,
    /// The number of the closed ticket that this one goes on with.
    follows: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    deleted_at: Option<Moment>,
}

impl View {
    /// As it is shown to this person. What stays at the desk is shown to who works there; mailboxes to who may list them.
    pub(super) fn of(ticket: Ticket, reader: &Person) -> View {
        let clocks = ticket.clocks;
        let is_desk = rights::may(reader, Act::WorkTickets);
        let knows = rights::reach(reader, Act::ListMailboxes).covers(ticket.organization_id.as_ref());
        View {
            number: ticket.number,
            subject: ticket.subject,
            state: ticket.state,
            severity: ticket.severity,
            priority: ticket.priority,
            area: ticket.area,
            kind: ticket.kind,
            category: ticket.category,
            channel: ticket.channel,
            level: is_desk.then_some(ticket.level),
            group_id: ticket.group_id.filter(|_| is_desk).map(|id| id.to_string()),
            queues: ticket.queues.into_iter().filter(|_| is_desk).map(QueueView::from).collect(),
            organization_id: ticket.organization_id.map(|id| id.to_string()),
            requester: RequesterView { name: ticket.requester.name, email: ticket.requester.email },
            assignee_id: ticket.assignee_id.map(|id| id.to_string()),
            cc: ticket.cc,
            tags: if is_desk { ticket.tags } else { Vec::new() },
            mailbox_ids: ticket.mailbox_ids.iter().filter(|_| knows).map(ToString::to_string).collect(),
            reason: ticket.reason,
            solution: ticket.solution,
            fields: ticket.fields.iter().map(|one| AnswerView::of(one, reader)).collect(),
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
            first_response_due_at: clocks.first_response_due_at,
            next_update_due_at: clocks.next_update_due_at,
            resolution_due_at: clocks.resolution_due_at,
            first_responded_at: clocks.first_responded_at,
            resolved_at: clocks.resolved_at,
            merged_into: ticket.merged_into,
            follows: ticket.follows,
            deleted_at: ticket.deleted_at,
        }
    }
}

/// Whom the desk opens a ticket for.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct RequesterInput {
    email: String,
    name: Option<String>,
    organization_id: Option<String>,
}

/// What opens a ticket; the last three are the desk's.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct TicketInput {
    subject: String,
    body: String,
    area: Area,
    kind: Option<Kind>,
    /// `password_lost` has a time of its own: three working days of the calendar `servizi`, whatever the severity.
    category: Option<String>,
    priority: Option<Severity>,
    mailbox_ids: Option<Vec<String>>,
    cc: Option<Vec<String>>,
    attachments: Option<Vec<String>>,
    /// By the ids of `request-fields`: those of the area, of which some must be answered.
    fields: Option<BTreeMap<String, String>>,
    /// Of several that one belongs to.
    organization_id: Option<String>,
    requester: Option<RequesterInput>,
    severity: Option<Severity>,
    channel: Option<Channel>,
}

/// What changes a ticket; who asked changes `cc` only.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct TicketChange {
    subject: Option<String>,
    severity: Option<Severity>,
    area: Option<Area>,
    kind: Option<Kind>,
    category: Option<String>,
    cc: Option<Vec<String>>,
    assignee_id: Option<String>,
    group_id: Option<String>,
    tags: Option<Vec<String>>,
}

/// What a list may ask for.
#[derive(Debug, FromForm)]
pub struct Query<'q> {
    state: Option<&'q str>,
    severity: Option<&'q str>,
    area: Option<&'q str>,
    channel: Option<&'q str>,
    level: Option<&'q str>,
    assignee: Option<&'q str>,
    organization_id: Option<&'q str>,
    mailbox_id: Option<&'q str>,
    tag: Option<&'q str>,
    q: Option<&'q str>,
    scope: Option<&'q str>,
    sort: Option<&'q str>,
    deleted: Option<&'q str>,
    limit: Option<&'q str>,
    cursor: Option<&'q str>,
}

impl Query<'_> {
    /// What is wanted and in which order; every filter that cannot be read is told.
    fn read(&self, caller: &Caller) -> Result<(Wanted, (Order, bool)), Failure> {
        let mut wrong = Vec::new();
        let refuse = |wrong: &mut Vec<FieldError>, field: &str| wrong.push(FieldError::new(field, "word"));
        let states = self.state.unwrap_or_default().split(',').filter(|word| !word.is_empty()).map(Standing::parse);
        let severities =
            self.severity.unwrap_or_default().split(',').filter(|word| !word.is_empty()).map(Severity::parse);
        let (states, severities): (Option<Vec<_>>, Option<Vec<_>>) = (states.collect(), severities.collect());
        let (area, channel) = (self.area.map(Area::parse), self.channel.map(Channel::parse));
        let level = self.level.map(|level| level.parse::<i64>().ok());
        let scope = self.scope.map_or(Some(Scope::All), Scope::parse);
        let (falling, word) = match self.sort {
            None => (true, "created_at"),
            Some(sort) => sort.strip_prefix('-').map_or((false, sort), |word| (true, word)),
        };
        let order = Order::ALL.iter().find(|(_, known)| *known == word).map(|(order, _)| *order);
        for (is_wrong, field) in [
            (states.is_none(), "state"),
            (severities.is_none(), "severity"),
            (area == Some(None), "area"),
            (channel == Some(None), "channel"),
            (level == Some(None), "level"),
            (scope.is_none(), "scope"),
            (order.is_none(), "sort"),
        ] {
            if is_wrong {
                refuse(&mut wrong, field);
            }
        }
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let assignee = match self.assignee {
            Some("me") => Some(caller.person.id.clone()),
            Some("none" | "") | None => None,
            Some(id) => Some(id.into()),
        };
        let wanted = Wanted {
            states: states.unwrap_or_default(),
            severities: severities.unwrap_or_default(),
            area: area.flatten(),
            channel: channel.flatten(),
            level: level.flatten(),
            assignee_id: assignee,
            unassigned: self.assignee == Some("none"),
            organization_id: self.organization_id.map(Into::into),
            mailbox_id: self.mailbox_id.map(Into::into),
            tag: self.tag.map(Into::into),
            from: None,
            until: None,
            q: self.q.map(Into::into),
            scope: scope.unwrap_or_default(),
            deleted: self.deleted == Some("true"),
            met: None,
        };
        Ok((wanted, (order.unwrap_or_default(), falling)))
    }
}

/// Tickets that the caller sees; filters combine
#[utoipa::path(get, path = "/tickets", tag = "tickets", params(("state" = Option<String>, Query), ("severity" = Option<String>, Query),
    ("area" = Option<Area>, Query), ("channel" = Option<Channel>, Query), ("level" = Option<i64>, Query), ("assignee" = Option<String>, Query),
    ("organization_id" = Option<String>, Query), ("mailbox_id" = Option<String>, Query), ("tag" = Option<String>, Query), ("q" = Option<String>, Query),
    ("scope" = Option<String>, Query), ("sort" = Option<String>, Query), ("deleted" = Option<bool>, Query), ("limit" = Option<u32>, Query),
    ("cursor" = Option<String>, Query)), responses((status = 200, body = List<View>)))]
#[get("/api/v1/tickets?<query..>")]
pub async fn list(query: Query<'_>, caller: Caller, site: &State<Site>) -> ApiResult<List<View>> {
    caller.must(Act::AskForHelp)?;
    let (wanted, order) = query.read(&caller)?;
    let window = window(query.limit, query.cursor)?;
    let sight = caller.sight(site).await?;
    let asker = (&caller.person.id, caller.person.email.as_str());
    let page =
        store::ticket_list::list(&mut *site.app.db.read().await?, &sight, asker, &wanted, order, &window).await?;
    Ok(List::of(page, |ticket| View::of(ticket, &caller.person)))
}

/// Open a ticket; the same Idempotency-Key again gives the same ticket
#[utoipa::path(post, path = "/tickets", tag = "tickets", request_body = TicketInput, responses((status = 201, body = View)))]
#[post("/api/v1/tickets", data = "<body>")]
pub async fn create(body: Body, key: Key, caller: Caller, site: &State<Site>) -> Result<Created<View>, Failure> {
    caller.must(Act::AskForHelp)?;
    let once = key.once("tickets", &body)?;
    let asked = store::request_fields::asked(&mut *site.app.db.read().await?).await?;
    let draft = ticket::read(body.fields()?, &caller.person, Channel::Api, &asked)?;
    let made = ticket::create(&site.app, &caller.actor(), &caller.person, draft, once.as_ref()).await?;
    Ok(Created(shown(&caller, made)))
}

/// One ticket
#[utoipa::path(get, path = "/tickets/{number}", tag = "tickets", params(("number" = String, Path)), responses((status = 200, body = View)))]
#[get("/api/v1/tickets/<number>")]
pub async fn show(number: &str, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let (ticket, _) = caller.ticket(site, number).await?;
    Ok(Json::from(View::of(ticket, &caller.person)))
}

/// Change a ticket
#[utoipa::path(patch, path = "/tickets/{number}", tag = "tickets", params(("number" = String, Path)), request_body = TicketChange,
    responses((status = 200, body = View)))]
#[patch("/api/v1/tickets/<number>", data = "<body>")]
pub async fn change(number: &str, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let (old, part) = caller.ticket(site, number).await?;
    if !part.may_change() {
        return Err(Failure::Forbidden);
    }
    let wanted = match changing::read(body.fields()?, part) {
        Ok(wanted) => wanted,
        Err(Unread::Forbidden) => return Err(Failure::Forbidden),
        Err(Unread::Invalid(wrong)) => return Err(wrong.into()),
    };
    let changed = changing::apply(&site.app, &caller.actor(), &caller.person, &old, wanted).await?;
    Ok(Json::from(View::of(changed, &caller.person)))
}

/// Name a mailbox in a ticket
#[utoipa::path(put, path = "/tickets/{number}/mailboxes/{mailbox_id}", tag = "tickets", params(("number" = String, Path),
    ("mailbox_id" = String, Path)), responses((status = 200, body = View)))]
#[put("/api/v1/tickets/<number>/mailboxes/<mailbox_id>")]
pub async fn link(number: &str, mailbox_id: MailboxId, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let (old, part) = caller.ticket(site, number).await?;
    caller.mailbox(site, &mailbox_id, Act::ListMailboxes).await?;
    if !part.may_change() {
        return Err(Failure::Forbidden);
    }
    let now = linking::link(&site.app, &caller.actor(), &caller.person, &old, &mailbox_id).await?;
    Ok(Json::from(View::of(now, &caller.person)))
}

/// Name a mailbox no longer
#[utoipa::path(delete, path = "/tickets/{number}/mailboxes/{mailbox_id}", tag = "tickets", params(("number" = String, Path),
    ("mailbox_id" = String, Path)), responses((status = 204)))]
#[delete("/api/v1/tickets/<number>/mailboxes/<mailbox_id>")]
pub async fn unlink(
    number: &str,
    mailbox_id: MailboxId,
    caller: Caller,
    site: &State<Site>,
) -> Result<Status, Failure> {
    let (old, part) = caller.ticket(site, number).await?;
    caller.mailbox(site, &mailbox_id, Act::ListMailboxes).await?;
    if !part.may_change() {
        return Err(Failure::Forbidden);
    }
    match linking::unlink(&site.app, &caller.actor(), &caller.person, &old, &mailbox_id).await? {
        true => Ok(Status::NoContent),
        false => Err(Failure::NotFound),
    }
}

fn shown(caller: &Caller, ticket: Ticket) -> Json<View> {
    Json::from(View::of(ticket, &caller.person))
}
