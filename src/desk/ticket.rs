//! In charge of opening a ticket and of changing what it says of itself. Rights to the ticket have been checked by the door; what
//! only the desk may say is refused here.

use chrono::Datelike;

use super::notice::{self, Notice};
use super::sight::{Part, sight};
use super::{calendar, change, deadline, event};
use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::input::{FieldError, Fields, is_email};
use crate::model::id::{AttachmentId, GroupId, MailboxId, MessageId, OrganizationId, PersonId, TicketId};
use crate::model::organization::Area;
use crate::model::person::Person;
use crate::model::ticket::{Channel, Event, Kind, Message, MessageKind, Requester, Severity, State, Ticket};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::people::rights::{self, Act as Right};
use crate::store::{self, Result as Stored, Tx};
use crate::text::fold;

/// The fields of a new ticket that anybody gives, and those that the desk gives beside them.
const FIELDS: [&str; 10] =
    ["subject", "body", "area", "kind", "category", "priority", "mailbox_ids", "cc", "attachments", "organization_id"];
const OF_DESK: [&str; 5] = ["requester.email", "requester.name", "requester.organization_id", "severity", "channel"];
/// The fields of a change that who asked gives, and those of the desk.
const CHANGED: [&str; 1] = ["cc"];
const CHANGED_BY_DESK: [&str; 8] =
    ["subject", "severity", "area", "kind", "category", "assignee_id", "group_id", "tags"];

/// The longest text of a message, in characters.
pub const MOST_TEXT: usize = 100_000;
const MOST_IN_COPY: usize = 50;

/// A key under which a request is made once (contract, 5): its route, itself, and the hash of what was sent with it.
#[derive(Debug, Clone)]
pub struct Once {
    pub route: String,
    pub key: String,
    pub body_hash: String,
}

/// What is asked for of a new ticket.
#[derive(Debug, Clone)]
pub struct Draft {
    subject: String,
    body: String,
    area: Area,
    kind: Option<Kind>,
    category: Option<String>,
    priority: Option<Severity>,
    mailbox_ids: Vec<MailboxId>,
    cc: Vec<String>,
    organization_id: Option<OrganizationId>,
    requester: Option<Requester>,
    severity: Option<Severity>,
    channel: Channel,
    attachments: Vec<AttachmentId>,
}

/// The files that a message names.
pub(super) fn files(fields: &mut Fields) -> Vec<AttachmentId> {
    let mut ids: Vec<AttachmentId> =
        fields.texts("attachments", 64).unwrap_or_default().into_iter().map(AttachmentId::from).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Reads a new ticket; `channel` is the door's own.
pub fn read(mut fields: Fields, by: &Person, channel: Channel) -> Result<Draft, Vec<FieldError>> {
    let is_desk = rights::may(by, Right::WorkTickets);
    let mut known = FIELDS.to_vec();
    if is_desk {
        known.extend(OF_DESK);
    }
    fields.object("requester");
    if fields.is_null("requester") {
        fields.forget("requester");
    }
    fields.only(&known);
    let subject = fields.required_text("subject", 200);
    let body = fields.required_prose("body", MOST_TEXT);
    let area = fields.required_text("area", 20).and_then(|word| match Area::parse(&word) {
        Some(area) => Some(area),
        None => {
            fields.refuse("area", "area");
            None
        }
    });
    let kind = fields.word("kind", "word", Kind::parse);
    let category = fields.text("category", 100);
    let priority = fields.word("priority", "word", Severity::parse);
    let mailbox_ids = fields.texts("mailbox_ids", 64).unwrap_or_default();
    let cc = addresses(&mut fields, "cc").unwrap_or_default();
    let attachments = files(&mut fields);
    let organization_id = fields.text("organization_id", 64).map(OrganizationId::from);
    let (mut requester, mut severity, mut from) = (None, None, channel);
    let mut of_requester = None;
    if is_desk {
        if fields.has_any("requester") {
            fields.required_text("requester.email", 254);
            let email = fields.email("requester.email").unwrap_or_default();
            let name = fields.text("requester.name", 200).unwrap_or_default();
            of_requester = fields.text("requester.organization_id", 64).map(OrganizationId::from);
            requester = Some(Requester { id: None, name, email });
        }
        severity = fields.word("severity", "word", Severity::parse);
        from = fields.word("channel", "word", Channel::parse).unwrap_or(channel);
    }
    let draft = subject.zip(body).zip(area).map(|((subject, body), area)| Draft {
        subject,
        body,
        area,
        kind,
        category,
        priority,
        mailbox_ids: mailbox_ids.into_iter().map(MailboxId::from).collect(),
        cc,
        organization_id: of_requester.or(organization_id),
        requester,
        severity,
        channel: from,
        attachments,
    });
    fields.finish(draft)
}

fn addresses(fields: &mut Fields, field: &str) -> Option<Vec<String>> {
    let list = fields.texts(field, 254)?;
    if list.len() > MOST_IN_COPY || !list.iter().all(|one| is_email(one)) {
        fields.refuse(field, "emails");
        return None;
    }
    let mut once: Vec<String> = Vec::new();
    for one in list {
        if !once.iter().any(|known| fold(known) == fold(&one)) {
            once.push(one);
        }
    }
    Some(once)
}

/// The severity that a ticket begins with: the desk's word, or the requester's, which never says «critical» by itself
/// (features.md 4.2).
fn first_severity(given: Option<Severity>, priority: Option<Severity>) -> Severity {
    given.unwrap_or(match priority {
        Some(Severity::Critical | Severity::High) => Severity::High,
        Some(other) => other,
        None => Severity::Medium,
    })
}

/// Opens a ticket. Under a key that was used the ticket that it made comes back.
pub async fn create(
    app: &App,
    actor: &Actor,
    by: &Person,
    draft: Draft,
    once: Option<&Once>,
) -> Result<Ticket, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let id = TicketId::new();
    if let Some(once) = once
        && let Some(made) = made_before(&mut tx, by, once, id.as_str(), now).await?
    {
        let found = store::tickets::find_by_id(&mut tx, &made.as_str().into()).await?;
        return found.ok_or(Refusal::Conflict("conflict-removed"));
    }
    let (requester, organization_id) = whose(&mut tx, by, &draft).await?;
    check_area(&mut tx, organization_id.as_ref(), draft.area).await?;
    check_mailboxes(&mut tx, by, organization_id.as_ref(), &draft.mailbox_ids).await?;
    let severity = first_severity(draft.severity, draft.priority);
    let calendar = calendar(app);
    let year = now.utc().with_timezone(&app.settings.time_zone).year();
    let ticket = Ticket {
        id,
        number: store::tickets::next_number(&mut tx, year).await?,
        subject: draft.subject,
        state: State::New,
        severity,
        priority: draft.priority,
        area: draft.area,
        kind: draft.kind,
        category: draft.category,
        channel: draft.channel,
        level: 1,
        group_id: None,
        organization_id,
        requester,
        assignee_id: None,
        tags: Vec::new(),
        reason: None,
        solution: None,
        created_at: now,
        updated_at: now,
        clocks: deadline::begin(&calendar, now, severity),
        reopened: 0,
        state_before: None,
        merged_into: None,
        follows: None,
        deleted_at: None,
        deleted_reason: None,
        revision: 1,
        cc: draft.cc,
        mailbox_ids: draft.mailbox_ids,
    };
    open(app, &mut tx, actor, by, &ticket, (&draft.body, &draft.attachments)).await?;
    tx.commit().await?;
    app.post.notify_one();
    Ok(ticket)
}

/// Writes a new ticket with its first message, and tells whom it concerns.
async fn open(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &Person,
    ticket: &Ticket,
    (body, files): (&str, &[AttachmentId]),
) -> Result<(), Refusal> {
    store::tickets::insert(tx, ticket, body).await?;
    let who = &ticket.requester;
    let message = Message {
        id: MessageId::new(),
        kind: MessageKind::Public,
        is_shown: true,
        event: None,
        body: body.into(),
        author_id: who.id.clone(),
        author_name: who.name.clone(),
        author_email: who.email.clone(),
        channel: ticket.channel,
        created_at: ticket.created_at,
    };
    store::ticket_messages::insert(tx, &ticket.id, &message).await?;
    super::attachment::attach(tx, files, &message.id, by).await?;
    let told = event(by, true, ticket.channel, ticket.created_at, change("created"));
    store::ticket_messages::insert(tx, &ticket.id, &told).await?;
    let detail = format!("{}, {}, {}", ticket.subject, ticket.severity.as_str(), ticket.area.as_str());
    audit::record(app, tx, actor, Act::on("ticket.created", &ticket.number).with(detail)).await?;
    let notice = Notice { kind: "ticket-created", text: body, message: Some(&message.id) };
    notice::tell_asking(app, tx, by, ticket, &notice).await?;
    if ticket.severity == Severity::Critical {
        let notice = Notice { kind: "ticket-critical", text: body, message: None };
        notice::tell_level(app, tx, by, ticket, 2, &notice).await?;
    }
    Ok(())
}

/// Notes that a thing is being made under a key; gives the thing that was made under it before.
pub(super) async fn made_before(
    tx: &mut Tx,
    by: &Person,
    once: &Once,
    thing: &str,
    now: Moment,
) -> Result<Option<String>, Refusal> {
    let under = (once.route.as_str(), once.key.as_str(), once.body_hash.as_str());
    if store::tickets::make_under(tx, &by.id, under, thing, now).await? {
        return Ok(None);
    }
    match store::tickets::made_under(tx, &by.id, &once.route, &once.key).await? {
        Some((hash, made)) if hash == once.body_hash => Ok(Some(made)),
        _ => Err(Refusal::field("Idempotency-Key", "key-reused")),
    }
}

/// Who asks, and for which body: the caller, or whom the desk names.
async fn whose(tx: &mut Tx, by: &Person, draft: &Draft) -> Result<(Requester, Option<OrganizationId>), Refusal> {
    let person = match &draft.requester {
        None => Some(by.clone()),
        Some(named) => store::people::find_by_email(tx, &named.email).await?.filter(|person| person.active),
    };
    let member_of = |id: &OrganizationId| {
        person.as_ref().is_some_and(|person| person.memberships.iter().any(|one| one.organization_id == *id))
    };
    let organization = match &draft.organization_id {
        Some(id) if draft.requester.is_none() && !member_of(id) => {
            return Err(Refusal::field("organization_id", "not-found"));
        }
        Some(id) => match store::organizations::find(tx, id).await?.filter(|one| one.active) {
            Some(one) => Some(one.id),
            None => {
                let field = if draft.requester.is_some() { "requester.organization_id" } else { "organization_id" };
                return Err(Refusal::field(field, "not-found"));
            }
        },
        None => person.as_ref().and_then(|one| one.memberships.first()).map(|one| one.organization_id.clone()),
    };
    let requester = match (&draft.requester, &person) {
        (_, Some(person)) => {
            Requester { id: Some(person.id.clone()), name: person.name.clone(), email: person.email.clone() }
        }
        (Some(named), None) => {
            let name = if named.name.is_empty() { named.email.clone() } else { named.name.clone() };
            Requester { id: None, name, email: named.email.clone() }
        }
        (None, None) => return Err(Refusal::Conflict("conflict-removed")),
    };
    Ok((requester, organization))
}

/// An area that the body may ask help for (F23).
async fn check_area(tx: &mut Tx, organization: Option<&OrganizationId>, area: Area) -> Result<(), Refusal> {
    let Some(id) = organization else { return Ok(()) };
    match store::organizations::find(tx, id).await? {
        Some(one) if !one.areas.contains(&area) => Err(Refusal::field("area", "area-not-enabled")),
        _ => Ok(()),
    }
}

/// Mailboxes of the ticket's own body, which the caller knows of (L01).
async fn check_mailboxes(
    tx: &mut Tx,
    by: &Person,
    organization: Option<&OrganizationId>,
    ids: &[MailboxId],
) -> Result<(), Refusal> {
    for id in ids {
        let found = store::mailboxes::find(tx, id).await?;
        let may = found.is_some_and(|one| {
            rights::may_on(by, Right::ListMailboxes, &one)
                && (organization.is_none() || one.card.organization_id.as_ref() == organization)
        });
        if !may {
            return Err(Refusal::field("mailbox_ids", "not-found"));
        }
    }
    Ok(())
}

/// Names a mailbox in a ticket.
pub async fn link(
    app: &App,
    actor: &Actor,
    by: &Person,
    ticket: &Ticket,
    mailbox: &MailboxId,
) -> Result<Ticket, Refusal> {
    let mut tx = app.db.begin().await?;
    check_mailboxes(&mut tx, by, ticket.organization_id.as_ref(), std::slice::from_ref(mailbox)).await?;
    if store::tickets::link(&mut tx, &ticket.id, mailbox).await? {
        linked(app, &mut tx, actor, by, ticket, mailbox, "linked").await?;
    }
    let now = store::tickets::find_by_id(&mut tx, &ticket.id).await?;
    tx.commit().await?;
    now.ok_or(Refusal::Conflict("conflict-removed"))
}

/// Names a mailbox no longer. False when it was not named.
pub async fn unlink(
    app: &App,
    actor: &Actor,
    by: &Person,
    ticket: &Ticket,
    mailbox: &MailboxId,
) -> Result<bool, Refusal> {
    let mut tx = app.db.begin().await?;
    if !store::tickets::unlink(&mut tx, &ticket.id, mailbox).await? {
        return Ok(false);
    }
    linked(app, &mut tx, actor, by, ticket, mailbox, "unlinked").await?;
    tx.commit().await?;
    Ok(true)
}

async fn linked(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &Person,
    ticket: &Ticket,
    mailbox: &MailboxId,
    what: &'static str,
) -> Result<(), Refusal> {
    let address = store::mailboxes::find(tx, mailbox).await?.map(|one| one.card.address).unwrap_or_default();
    let told = event(by, true, Channel::Portal, app.clock.now(), Event { new: address.clone(), ..change(what) });
    store::ticket_messages::insert(tx, &ticket.id, &told).await?;
    let act = if what == "linked" {
        Act::on("ticket.linked", &ticket.number)
    } else {
        Act::on("ticket.unlinked", &ticket.number)
    };
    Ok(audit::record(app, tx, actor, act.with(address)).await?)
}

/// What is to be changed of a ticket; None stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    subject: Option<String>,
    severity: Option<Severity>,
    area: Option<Area>,
    kind: Option<Option<Kind>>,
    category: Option<Option<String>>,
    cc: Option<Vec<String>>,
    assignee_id: Option<Option<PersonId>>,
    group_id: Option<Option<GroupId>>,
    tags: Option<Vec<String>>,
}

/// Why a change is not read.
pub enum Unread {
    /// A field that this person may not change.
    Forbidden,
    Invalid(Vec<FieldError>),
}

/// Reads a change by somebody who has this part in the ticket.
pub fn read_change(mut fields: Fields, part: Part) -> Result<Change, Unread> {
    if part == Part::Copy || (!part.is_desk() && CHANGED_BY_DESK.iter().any(|field| fields.has(field))) {
        return Err(Unread::Forbidden);
    }
    let known: Vec<&str> = CHANGED.iter().chain(&CHANGED_BY_DESK).copied().collect();
    fields.only(&known);
    let mut change = Change::default();
    for field in ["subject", "severity", "area"] {
        if fields.has(field) {
            fields.required_text(field, 200);
        }
    }
    change.subject = fields.text("subject", 200);
    change.severity = fields.word("severity", "word", Severity::parse);
    change.area = fields.word("area", "area", Area::parse);
    if fields.has("kind") {
        change.kind = Some(fields.word("kind", "word", Kind::parse));
    }
    if fields.has("category") {
        change.category = Some(fields.text("category", 100));
    }
    if fields.has("cc") {
        change.cc = Some(addresses(&mut fields, "cc").unwrap_or_default());
    }
    if fields.has("assignee_id") {
        change.assignee_id = Some(fields.text("assignee_id", 64).map(PersonId::from));
    }
    if fields.has("group_id") {
        change.group_id = Some(fields.text("group_id", 64).map(GroupId::from));
    }
    if fields.has("tags") {
        let mut tags: Vec<String> =
            fields.texts("tags", 50).unwrap_or_default().into_iter().filter(|tag| !tag.is_empty()).collect();
        tags.sort();
        tags.dedup();
        change.tags = Some(tags);
    }
    fields.finish(Some(change)).map_err(Unread::Invalid)
}

/// Changes a ticket. Each field that changes is an event with old and new; what it is about for those who asked is shown to them.
pub async fn apply(app: &App, actor: &Actor, by: &Person, ticket: &Ticket, wanted: Change) -> Result<Ticket, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let Some(old) = store::tickets::lock(&mut tx, &ticket.id).await? else {
        return Err(Refusal::Conflict("conflict-removed"));
    };
    if old.merged_into.is_some() || old.deleted_at.is_some() {
        return Err(Refusal::Conflict("conflict-ticket-state"));
    }
    let mut new = old.clone();
    let mut told: Vec<(&'static str, bool, String, String)> = Vec::new();
    if let Some(subject) = wanted.subject.filter(|subject| *subject != old.subject) {
        told.push(("subject", true, old.subject.clone(), subject.clone()));
        new.subject = subject;
    }
    if let Some(severity) = wanted.severity.filter(|severity| *severity != old.severity) {
        new.severity = severity;
        new.clocks = deadline::regraded(&calendar(app), old.created_at, &old.clocks, severity);
        told.push(("severity", true, old.severity.as_str().into(), severity.as_str().into()));
        let due = |ticket: &Ticket| ticket.clocks.resolution_due_at.map(Moment::rfc3339).unwrap_or_default();
        told.push(("due", false, due(&old), due(&new)));
    }
    if let Some(area) = wanted.area.filter(|area| *area != old.area) {
        check_area(&mut tx, old.organization_id.as_ref(), area).await?;
        told.push(("area", true, old.area.as_str().into(), area.as_str().into()));
        new.area = area;
    }
    if let Some(kind) = wanted.kind.filter(|kind| *kind != old.kind) {
        let word = |kind: Option<Kind>| kind.map(Kind::as_str).unwrap_or_default().to_string();
        told.push(("kind", true, word(old.kind), word(kind)));
        new.kind = kind;
    }
    if let Some(category) = wanted.category.filter(|category| *category != old.category) {
        told.push(("category", true, old.category.clone().unwrap_or_default(), category.clone().unwrap_or_default()));
        new.category = category;
    }
    if let Some(cc) = wanted.cc.filter(|cc| *cc != old.cc) {
        told.push(("cc", true, old.cc.join(", "), cc.join(", ")));
        new.cc = cc;
    }
    if let Some(tags) = wanted.tags.filter(|tags| *tags != old.tags) {
        told.push(("tags", false, old.tags.join(", "), tags.join(", ")));
        new.tags = tags;
    }
    if let Some(group) = wanted.group_id.filter(|group| *group != old.group_id) {
        let before = group_name(&mut tx, old.group_id.as_ref()).await?.unwrap_or_default();
        let after = group_name(&mut tx, group.as_ref()).await?;
        if group.is_some() && after.is_none() {
            return Err(Refusal::field("group_id", "not-found"));
        }
        told.push(("group", false, before, after.unwrap_or_default()));
        new.group_id = group;
    }
    if let Some(assignee) = wanted.assignee_id.filter(|assignee| *assignee != old.assignee_id) {
        let before = desk_person(&mut tx, &old, old.assignee_id.as_ref()).await?.map(|one| one.name);
        let after = desk_person(&mut tx, &new, assignee.as_ref()).await?;
        if assignee.is_some() && after.is_none() {
            return Err(Refusal::field("assignee_id", "not-found"));
        }
        let name = after.map(|one| one.name).unwrap_or_default();
        told.push(("assignee", false, before.unwrap_or_default(), name));
        new.assignee_id = assignee;
    }
    if told.is_empty() {
        return Ok(old);
    }
    // What stays at the desk leaves no mark for others, not even of its time.
    if told.iter().any(|(_, shown, ..)| *shown) {
        new.updated_at = now;
    }
    store::tickets::update(&mut tx, &new).await?;
    let said: Vec<String> = told.iter().map(|(what, _, old, new)| format!("{what}: {old} → {new}")).collect();
    for (what, shown, old, new) in told {
        let entry = event(by, shown, Channel::Portal, now, Event { old, new, ..change(what) });
        store::ticket_messages::insert(&mut tx, &ticket.id, &entry).await?;
    }
    audit::record(app, &mut tx, actor, Act::on("ticket.changed", &new.number).with(said.join("; "))).await?;
    if new.assignee_id != old.assignee_id {
        let notice = Notice { kind: "ticket-assigned", text: "", message: None };
        notice::tell_assignee(app, &mut tx, by, &new, &notice).await?;
    }
    if new.severity == Severity::Critical && old.severity != Severity::Critical {
        let notice = Notice { kind: "ticket-critical", text: "", message: None };
        notice::tell_level(app, &mut tx, by, &new, 2, &notice).await?;
    }
    if let Some(found) = store::tickets::find_by_id(&mut tx, &new.id).await? {
        new = found;
    }
    tx.commit().await?;
    app.post.notify_one();
    Ok(new)
}

async fn group_name(tx: &mut Tx, id: Option<&GroupId>) -> Stored<Option<String>> {
    match id {
        Some(id) => Ok(store::groups::find(tx, id).await?.map(|group| group.name)),
        None => Ok(None),
    }
}

/// A person of the desk who sees this ticket.
async fn desk_person(tx: &mut Tx, ticket: &Ticket, id: Option<&PersonId>) -> Stored<Option<Person>> {
    let Some(id) = id else { return Ok(None) };
    let Some(person) = store::people::find(tx, id).await? else { return Ok(None) };
    let groups = store::groups::of_person(tx, id).await?;
    let works = rights::may(&person, Right::WorkTickets) && super::sight::sees(&sight(&person, &groups), ticket);
    Ok(works.then_some(person))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_but_the_desk_calls_a_ticket_critical() {
        assert_eq!(first_severity(None, None), Severity::Medium);
        assert_eq!(first_severity(None, Some(Severity::Critical)), Severity::High);
        assert_eq!(first_severity(None, Some(Severity::Low)), Severity::Low);
        assert_eq!(first_severity(Some(Severity::Critical), Some(Severity::Low)), Severity::Critical);
    }
}
