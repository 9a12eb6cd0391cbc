//! In charge of changing what a ticket says of itself. The door has checked that it is seen; who may change which field is refused
//! here.

use super::notice::{self, Notice, To};
use super::sight::{self, Part, sees};
use super::ticket::{addresses, check_area};
use super::{changed, deadline, event, sight_of};
use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::input::{FieldError, Fields};
use crate::model::id::{GroupId, PersonId, TicketId};
use crate::model::organization::Area;
use crate::model::person::Person;
use crate::model::ticket::{Channel, Event, Kind, PASSWORD_LOST, Severity, Ticket};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::people::rights::{self, Act as Right};
use crate::store::{self, Result as Stored, Tx};
use crate::text::fold;

/// Mails make no more people in copy than this (features.md 5); by hand there may be more.
pub const MOST_FOLLOWING: usize = 20;

/// So many requests that go on with each other are looked through.
const MOST_FOLLOWED: usize = 10;

/// The fields of a change that who asked gives, and those of the desk.
const CHANGED: [&str; 1] = ["cc"];
const CHANGED_BY_DESK: [&str; 8] =
    ["subject", "severity", "area", "kind", "category", "assignee_id", "group_id", "tags"];

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

impl Change {
    /// True when a field that is to become something else is not any more as it was seen.
    fn is_stale(&self, seen: &Ticket, now: &Ticket) -> bool {
        fn moved<T: PartialEq>(wanted: Option<&T>, seen: &T, now: &T) -> bool {
            wanted.is_some_and(|wanted| seen != now && wanted != now)
        }
        moved(self.subject.as_ref(), &seen.subject, &now.subject)
            || moved(self.severity.as_ref(), &seen.severity, &now.severity)
            || moved(self.area.as_ref(), &seen.area, &now.area)
            || moved(self.kind.as_ref(), &seen.kind, &now.kind)
            || moved(self.category.as_ref(), &seen.category, &now.category)
            || moved(self.cc.as_ref(), &seen.cc, &now.cc)
            || moved(self.assignee_id.as_ref(), &seen.assignee_id, &now.assignee_id)
            || moved(self.group_id.as_ref(), &seen.group_id, &now.group_id)
            || moved(self.tags.as_ref(), &seen.tags, &now.tags)
    }
}

/// Why a change is not read.
pub enum Unread {
    /// A field that this person may not change.
    Forbidden,
    Invalid(Vec<FieldError>),
}

/// Reads a change by somebody who has this part in the ticket.
pub fn read(mut fields: Fields, part: Part) -> Result<Change, Unread> {
    if !part.may_change() || (!part.is_desk() && CHANGED_BY_DESK.iter().any(|field| fields.has(field))) {
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

/// Changes a ticket, which the caller has seen so: what somebody else has changed meanwhile is not written over. Each field that
/// changes is an event with old and new; what it is about for those who asked is shown to them.
pub async fn apply(app: &App, actor: &Actor, by: &Person, ticket: &Ticket, wanted: Change) -> Result<Ticket, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let Some(old) = store::tickets::lock(&mut tx, &ticket.id).await? else {
        return Err(Refusal::Conflict("conflict-removed"));
    };
    if old.merged_into.is_some() || old.deleted_at.is_some() {
        return Err(Refusal::Conflict("conflict-ticket-state"));
    }
    if wanted.is_stale(ticket, &old) {
        return Err(Refusal::Conflict("conflict-changed-thing"));
    }
    let mut new = old.clone();
    let due = |ticket: &Ticket| ticket.clocks.resolution_due_at.map(Moment::rfc3339).unwrap_or_default();
    let mut told: Vec<(&'static str, bool, String, String)> = Vec::new();
    if let Some(subject) = wanted.subject.filter(|subject| *subject != old.subject) {
        told.push(("subject", true, old.subject.clone(), subject.clone()));
        new.subject = subject;
    }
    if let Some(severity) = wanted.severity.filter(|severity| *severity != old.severity) {
        new.severity = severity;
        new.clocks = deadline::regraded(&super::hours::promise(app, &mut tx).await?, &new, now);
        told.push(("severity", true, old.severity.as_str().into(), severity.as_str().into()));
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
        let has_days = [&old.category, &category].into_iter().any(|one| one.as_deref() == Some(PASSWORD_LOST));
        new.category = category;
        if has_days {
            new.clocks = deadline::moved(&super::hours::promise(app, &mut tx).await?, &new, now);
        }
    }
    if due(&old) != due(&new) {
        told.push(("due", false, due(&old), due(&new)));
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
    // Who does not see it any longer does not work on it: it goes back to those to be taken.
    if new.assignee_id.is_some()
        && (&new.area, &new.group_id) != (&old.area, &old.group_id)
        && desk_person(&mut tx, &new, new.assignee_id.as_ref()).await?.is_none()
    {
        let before = match &new.assignee_id {
            Some(id) => store::people::find(&mut tx, id).await?.map(|one| one.name),
            None => None,
        };
        told.push(("assignee", false, before.unwrap_or_default(), String::new()));
        new.assignee_id = None;
    }
    if told.is_empty() {
        return Ok(old);
    }
    // What stays at the desk leaves no mark for others, not even of its time.
    if told.iter().any(|(_, shown, ..)| *shown) {
        new.updated_at = now;
    }
    store::tickets::update(&mut tx, &new).await?;
    // Another group is to have it: those who look after the addresses to which it came have it no longer.
    if new.group_id != old.group_id && !old.queues.is_empty() {
        store::tickets::leave_queues(&mut tx, &new.id).await?;
    }
    let said: Vec<String> = told.iter().map(|(what, _, old, new)| format!("{what}: {old} → {new}")).collect();
    for (what, shown, old, new) in told {
        let entry = event(by, shown, Channel::Portal, now, Event { old, new, ..changed(what) });
        store::ticket_messages::insert(&mut tx, &ticket.id, &entry).await?;
    }
    audit::record(app, &mut tx, actor, Act::on("ticket.changed", &new.number).with(said.join("; "))).await?;
    if new.assignee_id != old.assignee_id {
        let notice = Notice { kind: "ticket-assigned", text: "", message: None };
        notice::tell(app, &mut tx, by, &new, &[To::Assignee], &notice).await?;
    }
    if new.severity == Severity::Critical && old.severity != Severity::Critical {
        let notice = Notice { kind: "ticket-critical", text: "", message: None };
        notice::tell(app, &mut tx, by, &new, &[To::Level(2)], &notice).await?;
    }
    if let Some(found) = store::tickets::find_by_id(&mut tx, &new.id).await? {
        new = found;
    }
    tx.commit().await?;
    app.post.notify_one();
    Ok(new)
}

/// Puts those whom a mail names in copy too, if who wrote it may add people on the request's page. Not who was taken out of copy before:
/// a mail program answers to all, and is no word against a person's. In the caller's transaction; they have the mail itself.
pub async fn add_followers(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &Person,
    ticket: &TicketId,
    named: Vec<String>,
) -> Result<(), Refusal> {
    let Some(old) = store::tickets::lock(tx, ticket).await? else { return Ok(()) };
    let may = super::author_of(by).is_some()
        && old.merged_into.is_none()
        && sight::part(&sight_of(tx, by).await?, &old).is_some_and(Part::may_change);
    if !may || named.is_empty() {
        return Ok(());
    }
    let mut left_out = taken_out(tx, &old).await?;
    left_out.extend(old.cc.iter().chain([&old.requester.email]).map(|email| fold(email)));
    if let Some(id) = &old.requester.id {
        left_out.extend(store::people::find(tx, id).await?.map(|one| fold(&one.email)));
    }
    let room = MOST_FOLLOWING.saturating_sub(old.cc.len());
    let named: Vec<String> = named.into_iter().filter(|email| !left_out.contains(&fold(email))).take(room).collect();
    if named.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let mut new = Ticket { updated_at: now, ..old.clone() };
    new.cc.extend(named);
    store::tickets::update(tx, &new).await?;
    let (before, after) = (old.cc.join(", "), new.cc.join(", "));
    let detail = format!("cc: {before} → {after}");
    let told = event(by, true, Channel::Email, now, Event { old: before, new: after, ..changed("cc") });
    store::ticket_messages::insert(tx, &new.id, &told).await?;
    audit::record(app, tx, actor, Act::on("ticket.changed", &new.number).with(detail)).await?;
    Ok(())
}

/// The addresses that were once taken out of copy of a ticket, or of those with which it goes on, folded: the history says it.
async fn taken_out(tx: &mut Tx, ticket: &Ticket) -> Stored<Vec<String>> {
    let (mut found, mut here) = (Vec::new(), ticket.clone());
    for _ in 0..MOST_FOLLOWED {
        for told in store::ticket_messages::copies_told(tx, &here.id).await? {
            let after: Vec<String> = told.new.split(", ").map(fold).collect();
            found.extend(told.old.split(", ").map(fold).filter(|email| !after.contains(email)));
        }
        let Some(number) = &here.follows else { break };
        let Some(before) = store::tickets::find(tx, number).await? else { break };
        here = before;
    }
    Ok(found)
}

async fn group_name(tx: &mut Tx, id: Option<&GroupId>) -> Stored<Option<String>> {
    match id {
        Some(id) => Ok(store::groups::find(tx, id).await?.map(|group| group.name)),
        None => Ok(None),
    }
}

/// A person of the desk who sees this ticket.
pub(super) async fn desk_person(tx: &mut Tx, ticket: &Ticket, id: Option<&PersonId>) -> Stored<Option<Person>> {
    let Some(id) = id else { return Ok(None) };
    let Some(person) = store::people::find(tx, id).await? else { return Ok(None) };
    let works = rights::may(&person, Right::WorkTickets) && sees(&sight_of(tx, &person).await?, ticket);
    Ok(works.then_some(person))
}
