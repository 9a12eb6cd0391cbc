//! In charge of doing a verb of the state machine: under the ticket's lock, with its event, its trace and its notices in one
//! transaction. What may follow what is `state`'s.

use super::notice::{self, Notice, To};
use super::sight::Part;
use super::state::{No, Verb, after};
use super::{changed, deadline, event, merge};
use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::input::{FieldError, Fields};
use crate::model::id::{MessageId, PersonId};
use crate::model::person::Person;
use crate::model::ticket::{Channel, Clocks, Event, Message, MessageKind, State, Ticket};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::store::{self, Tx};

/// What a verb is done with.
#[derive(Debug, Clone, Default)]
pub struct With {
    /// From whom it is taken, when somebody else has taken charge.
    pub from: Option<PersonId>,
    pub reason: String,
    pub solution: String,
    pub level: Option<i64>,
    /// The survivor of a merge, by its number.
    pub into: String,
    pub message_ids: Vec<MessageId>,
}

/// Why a verb was not done.
#[derive(Debug)]
pub enum NotDone {
    Forbidden,
    Refused(Refusal),
}

impl<R: Into<Refusal>> From<R> for NotDone {
    fn from(refusal: R) -> NotDone {
        NotDone::Refused(refusal.into())
    }
}

/// Reads what `verb` needs: «wait» names what for and why, «escalate» a level and why, «resolve» the solution, and so on.
pub fn read(mut fields: Fields, verb: Verb) -> Result<With, Vec<FieldError>> {
    let mut with = With::default();
    let needs: &[&str] = match verb {
        Verb::WaitForRequester | Verb::WaitForConditions | Verb::WaitForThirdParty => &["for", "reason"],
        Verb::Escalate => &["level", "reason"],
        Verb::Resolve => &["solution"],
        Verb::Cancel | Verb::Delete => &["reason"],
        Verb::Merge => &["into"],
        Verb::Split => &["message_ids"],
        Verb::Take => &["from"],
        Verb::Reopen | Verb::Close | Verb::Restore | Verb::Unmerge => &[],
    };
    fields.only(needs);
    if needs.contains(&"from") {
        with.from = fields.text("from", 64).map(PersonId::from);
    }
    if needs.contains(&"reason") {
        with.reason = fields.required_prose("reason", 2_000).unwrap_or_default();
    }
    if needs.contains(&"solution") {
        with.solution = fields.required_prose("solution", super::ticket::MOST_TEXT).unwrap_or_default();
    }
    if needs.contains(&"into") {
        with.into = fields.required_text("into", 40).unwrap_or_default();
    }
    if needs.contains(&"level") {
        with.level = fields.number("level", 1, 3);
        if with.level.is_none() {
            fields.refuse("level", "required");
        }
    }
    if needs.contains(&"message_ids") {
        let ids = fields.texts("message_ids", 64).unwrap_or_default();
        if ids.is_empty() {
            fields.refuse("message_ids", "required");
        }
        with.message_ids = ids.into_iter().map(MessageId::from).collect();
    }
    fields.finish(Some(with))
}

/// Which wait is asked for.
pub fn read_wait(fields: &mut Fields) -> Option<Verb> {
    match fields.text("for", 40)?.as_str() {
        "requester" => Some(Verb::WaitForRequester),
        "conditions" => Some(Verb::WaitForConditions),
        "third_party" => Some(Verb::WaitForThirdParty),
        _ => None,
    }
}

/// Does a verb, by somebody who has this part in the ticket.
pub async fn act(
    app: &App,
    actor: &Actor,
    by: &Person,
    (ticket, part): (&Ticket, Part),
    verb: Verb,
    with: With,
) -> Result<Ticket, NotDone> {
    super::held::hurry(app, by, ticket).await?;
    let mut tx = app.db.begin().await?;
    let other = match verb {
        Verb::Merge if part.is_desk() => Some(merge::wanted(&mut tx, by, &with.into).await?),
        Verb::Unmerge if part.is_desk() => merge::survivor(&mut tx, ticket).await?,
        _ => None,
    };
    merge::hold(&mut tx, &ticket.id, other.as_ref()).await?;
    let old = store::tickets::lock(&mut tx, &ticket.id).await?.ok_or(Refusal::Conflict("conflict-removed"))?;
    let to = match after(&old, verb, part) {
        Ok(to) => to,
        Err(No::Forbidden) => return Err(NotDone::Forbidden),
        Err(No::NotNow) => return Err(Refusal::Conflict("conflict-ticket-state").into()),
    };
    if verb == Verb::Take && old.state != State::New {
        // Of several who take charge one wins; the others are told, unless they take it over from who has it.
        match &old.assignee_id {
            Some(has) if *has == by.id && old.state == State::Open => return Ok(old),
            Some(has) if *has != by.id && with.from.as_ref() != Some(has) => {
                return Err(Refusal::Conflict("conflict-ticket-taken").into());
            }
            _ => {}
        }
    }
    // The same wait for the same reason, pressed twice.
    if old.state == to && to.is_waiting() && old.reason.as_ref() == Some(&with.reason) {
        return Ok(old);
    }
    let promise = super::hours::promise(app, &mut tx).await?;
    let mut new = prepared(&promise, by, &old, (verb, to, part), &with, app.clock.now())?;
    match (verb, &other) {
        (Verb::Merge, Some(into)) => new.merged_into = Some(merge::join(app, &mut tx, actor, by, &old, into).await?),
        (Verb::Unmerge, Some(from)) => merge::part(app, &mut tx, actor, by, &old, from).await?,
        _ => {}
    }
    store::tickets::update(&mut tx, &new).await?;
    let message = recorded(app, &mut tx, actor, by, (&old, &new), verb, &with).await?;
    tell(app, &mut tx, by, &new, verb, &with, message.as_ref()).await?;
    if let Some(found) = store::tickets::find_by_id(&mut tx, &new.id).await? {
        new = found;
    }
    tx.commit().await?;
    app.post.notify_one();
    Ok(new)
}

/// The ticket as the verb leaves it.
fn prepared(
    promise: &deadline::Promise,
    by: &Person,
    old: &Ticket,
    (verb, to, part): (Verb, State, Part),
    with: &With,
    now: Moment,
) -> Result<Ticket, Refusal> {
    // What stays at the desk leaves no mark for others, not even of its time.
    let updated_at = if verb.is_shown() { now } else { old.updated_at };
    let mut new = Ticket { state: to, updated_at, ..old.clone() };
    let is_human_act = part.is_desk()
        && matches!(
            verb,
            Verb::Take | Verb::WaitForRequester | Verb::WaitForConditions | Verb::WaitForThirdParty | Verb::Resolve
        );
    if is_human_act {
        new.clocks = deadline::told(&old.clocks, now);
    }
    match verb {
        Verb::Take => new.assignee_id = Some(by.id.clone()),
        Verb::WaitForRequester | Verb::WaitForConditions | Verb::WaitForThirdParty => {
            new.reason = Some(with.reason.clone());
        }
        Verb::Escalate => {
            if with.level == Some(old.level) {
                return Err(Refusal::field("level", "same-level"));
            }
            new.level = with.level.unwrap_or(old.level);
            new.assignee_id = None;
        }
        Verb::Resolve => new.solution = Some(with.solution.clone()),
        Verb::Reopen => new.reopened += 1,
        Verb::Cancel => {
            new.state_before = Some(old.state);
            new.reason = Some(with.reason.clone());
        }
        Verb::Restore if old.deleted_at.is_some() => {
            new.deleted_at = None;
            new.deleted_reason = None;
        }
        Verb::Restore => new.reason = None,
        Verb::Merge => new.state_before = Some(old.state),
        Verb::Unmerge => {
            new.merged_into = None;
            new.state_before = None;
        }
        Verb::Delete => {
            new.deleted_at = Some(now);
            new.deleted_reason = Some(with.reason.clone());
        }
        Verb::Close | Verb::Split => {}
    }
    if verb == Verb::Reopen || verb == Verb::Take {
        new.reason = None;
    }
    new.clocks = deadline::moved(promise, &new, now);
    Ok(new)
}

/// Writes the verb into history and trace. What those who asked are to read is an entry of its own, which comes back.
async fn recorded(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &Person,
    (old, new): (&Ticket, &Ticket),
    verb: Verb,
    with: &With,
) -> Result<Option<MessageId>, Refusal> {
    let now = app.clock.now();
    let mut said = None;
    let text = if verb == Verb::Resolve { &with.solution } else { "" };
    if !text.is_empty() {
        let message = Message {
            id: MessageId::new(),
            kind: MessageKind::Public,
            is_shown: true,
            event: None,
            body: text.into(),
            author_id: Some(by.id.clone()),
            author_name: by.name.clone(),
            author_email: by.email.clone(),
            channel: Channel::Portal,
            created_at: now,
            mail: None,
        };
        store::ticket_messages::insert(tx, &new.id, &message).await?;
        said = Some(message.id);
    }
    let what = Event {
        old: if verb == Verb::Escalate { old.level.to_string() } else { old.state.as_str().into() },
        new: match verb {
            Verb::Escalate => new.level.to_string(),
            Verb::Merge => new.merged_into.clone().unwrap_or_default(),
            _ => new.state.as_str().into(),
        },
        why: with.reason.clone(),
        ..changed(verb.past())
    };
    let detail = match with.reason.as_str() {
        "" => format!("{} → {}", what.old, what.new),
        why => format!("{} → {}: {why}", what.old, what.new),
    };
    store::ticket_messages::insert(tx, &new.id, &event(by, verb.is_shown(), Channel::Portal, now, what)).await?;
    audit::record(app, tx, actor, traced(verb, &new.number).with(detail)).await?;
    Ok(said)
}

/// The act in the words of the trace.
fn traced(verb: Verb, number: &str) -> Act {
    match verb {
        Verb::Take => Act::on("ticket.taken", number),
        Verb::WaitForRequester | Verb::WaitForConditions | Verb::WaitForThirdParty => Act::on("ticket.waiting", number),
        Verb::Escalate => Act::on("ticket.escalated", number),
        Verb::Resolve => Act::on("ticket.resolved", number),
        Verb::Reopen => Act::on("ticket.reopened", number),
        Verb::Close => Act::on("ticket.closed", number),
        Verb::Cancel => Act::on("ticket.cancelled", number),
        Verb::Restore => Act::on("ticket.restored", number),
        Verb::Merge => Act::on("ticket.merged", number),
        Verb::Unmerge => Act::on("ticket.unmerged", number),
        Verb::Split => Act::on("ticket.split", number),
        Verb::Delete => Act::on("ticket.deleted", number),
    }
}

async fn tell(
    app: &App,
    tx: &mut Tx,
    by: &Person,
    ticket: &Ticket,
    verb: Verb,
    with: &With,
    message: Option<&MessageId>,
) -> Result<(), Refusal> {
    let (kind, to): (_, &[To]) = match verb {
        Verb::Take => ("ticket-taken", &[To::Asking]),
        Verb::WaitForRequester => ("ticket-waiting-requester", &[To::Asking]),
        Verb::WaitForConditions => ("ticket-waiting-conditions", &[To::Asking]),
        Verb::WaitForThirdParty => ("ticket-waiting-third-party", &[To::Asking]),
        Verb::Resolve => ("ticket-resolved", &[To::Asking]),
        Verb::Close => ("ticket-closed", &[To::Assignee, To::Asking]),
        Verb::Cancel => ("ticket-cancelled", &[To::Asking]),
        Verb::Reopen => ("ticket-reopened", &[To::Assignee]),
        Verb::Escalate => ("ticket-escalated", &[To::Level(ticket.level)]),
        Verb::Restore | Verb::Merge | Verb::Unmerge | Verb::Split | Verb::Delete => return Ok(()),
    };
    let text = if verb == Verb::Resolve { &with.solution } else { &with.reason };
    Ok(notice::tell(app, tx, by, ticket, to, &Notice { kind, text, message }).await?)
}

/// Moves messages into a ticket of their own, which goes on beside this one (K12).
pub async fn split(
    app: &App,
    actor: &Actor,
    by: &Person,
    (ticket, part): (&Ticket, Part),
    with: With,
) -> Result<Ticket, NotDone> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let mut with = with;
    with.message_ids.sort();
    with.message_ids.dedup();
    let old = store::tickets::lock(&mut tx, &ticket.id).await?.ok_or(Refusal::Conflict("conflict-removed"))?;
    match after(&old, Verb::Split, part) {
        Ok(_) => {}
        Err(No::Forbidden) => return Err(NotDone::Forbidden),
        Err(No::NotNow) => return Err(Refusal::Conflict("conflict-ticket-state").into()),
    }
    let year = chrono::Datelike::year(&now.utc().with_timezone(&app.settings.time_zone));
    let number = store::tickets::next_number(&mut tx, year).await?;
    let mut new = Ticket {
        id: crate::model::id::TicketId::new(),
        number: number.clone(),
        state: State::New,
        assignee_id: None,
        solution: None,
        reason: None,
        created_at: now,
        updated_at: now,
        clocks: Clocks::default(),
        reopened: 0,
        state_before: None,
        follows: Some(old.number.clone()),
        fields: Vec::new(),
        revision: 1,
        ..old.clone()
    };
    new.clocks = deadline::begin(&super::hours::promise(app, &mut tx).await?, &new);
    store::tickets::insert(&mut tx, &new).await?;
    let moved = store::ticket_messages::carry(&mut tx, &old.id, &new.id, &with.message_ids).await?;
    if moved != with.message_ids.len() as u64 {
        return Err(Refusal::field("message_ids", "not-found").into());
    }
    for (of, what) in [
        (&old.id, Event { new: number.clone(), ..changed("split") }),
        (&new.id, Event { old: old.number.clone(), ..changed("split-from") }),
    ] {
        store::ticket_messages::insert(&mut tx, of, &event(by, false, Channel::Portal, now, what)).await?;
    }
    audit::record(app, &mut tx, actor, traced(Verb::Split, &old.number).with(number)).await?;
    tx.commit().await?;
    Ok(new)
}
