//! In charge of the people who write to us and of what becomes of what they ask: tickets, their states, their deadlines, who
//! sees them, who is told. Does not know pages, nor how mailboxes are watched.

pub mod assistance;
pub mod attachment;
pub mod canned_answer;
pub mod change;
pub mod deadline;
pub mod duplicate;
pub mod figures;
pub mod group;
pub mod held;
pub mod hours;
pub mod link;
pub mod merge;
pub mod notice;
pub mod presence;
pub mod relation;
pub mod reply;
pub mod request_field;
pub mod rounds;
pub mod routing;
pub mod sight;
pub mod state;
pub mod ticket;
pub mod undelivered;
pub mod verb;

use sqlx::AnyConnection;

use crate::app::App;
use crate::clock::Moment;
use crate::model::id::{MessageId, PersonId, TicketId};
use crate::model::person::{Language, Person, Role};
use crate::model::ticket::{Channel, Event, Message, MessageKind, Sight, Ticket};
use crate::people::person::Draft;
use crate::store::{self, Tx};

/// What a person sees of the desk's tickets, as things stand now.
pub async fn sight_of(c: &mut AnyConnection, person: &Person) -> store::Result<Sight> {
    let mut seen = sight::sight(person, &store::groups::of_person(c, &person.id).await?);
    if let Sight::Asking { organizations, read_only, .. } = &mut seen
        && !organizations.is_empty()
    {
        *read_only = store::organizations::read_only(c, organizations).await?;
    }
    Ok(seen)
}

/// Nobody: whom a notice of what the program itself does, or a stranger, must not leave out.
pub fn nobody() -> Person {
    Draft::new(String::new(), String::new(), Role::Auditor, Language::default()).person(Moment(0))
}

/// An entry of a ticket's history that says what changed.
fn event(author: &Person, shown: bool, channel: Channel, now: Moment, event: Event) -> Message {
    Message {
        id: MessageId::new(),
        kind: MessageKind::Event,
        is_shown: shown,
        event: Some(event),
        body: String::new(),
        author_id: author_of(author),
        author_name: author.name.clone(),
        author_email: author.email.clone(),
        channel,
        created_at: now,
        mail: None,
    }
}

/// Whose address it is, when somebody vouches for that; with what is in force now.
pub async fn known(tx: &mut Tx, email: &str, now: Moment) -> store::Result<Option<Person>> {
    let found = store::people::find_by_email(tx, email).await?.filter(|one| one.active && one.email_vouched);
    let Some(mut person) = found else { return Ok(None) };
    Ok(store::people::keep_in_force(tx, &mut person, now).await?.then_some(person))
}

/// No name that somebody gives themselves in a mail is longer here.
const LONGEST_NAME: usize = 200;

/// Somebody without an account, who has a part in a ticket by an address.
pub fn outsider(email: &str, name: &str) -> Person {
    use crate::model::person::{Language, Role};
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let draft = crate::people::person::Draft::new(email.into(), name, Role::OrgUser, Language::default());
    Person { id: "".into(), ..draft.person(Moment(0)) }
}

/// Who is named as the author of an entry: only who has an account.
fn author_of(person: &Person) -> Option<PersonId> {
    Some(person.id.clone()).filter(|id| !id.as_str().is_empty())
}

/// Writes into the history what the program itself did.
async fn told(tx: &mut Tx, ticket: &Ticket, shown: bool, now: Moment, event: Event) -> store::Result<MessageId> {
    let entry = Message {
        id: MessageId::new(),
        kind: MessageKind::Event,
        is_shown: shown,
        event: Some(event),
        body: String::new(),
        author_id: None,
        author_name: "Sportello".into(),
        author_email: "system".into(),
        channel: Channel::System,
        created_at: now,
        mail: None,
    };
    store::ticket_messages::insert(tx, &ticket.id, &entry).await?;
    Ok(entry.id)
}

/// Writes into the history what stays at the desk: what the program itself has seen. Gives the entry.
pub async fn noted(app: &App, tx: &mut Tx, ticket: &Ticket, what: &str, of: &str) -> store::Result<MessageId> {
    told(tx, ticket, false, app.clock.now(), Event { new: of.into(), ..changed(what) }).await
}

/// Writes into the history, for the desk, who has let in the mail of a sender.
pub async fn let_in(app: &App, tx: &mut Tx, by: &Person, ticket: &TicketId, sender: &str) -> store::Result<()> {
    let entry = Event { new: sender.into(), ..changed("mail-let-in") };
    let entry = event(by, false, Channel::Portal, app.clock.now(), entry);
    store::ticket_messages::insert(tx, ticket, &entry).await
}

/// What changed, without values.
fn changed(what: &str) -> Event {
    Event { what: what.into(), old: String::new(), new: String::new(), why: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::organization::Area;
    use crate::model::ticket::{Clocks, Requester, Severity, State};

    /// A ticket of which the rules need nothing in particular.
    pub(super) fn ticket() -> Ticket {
        Ticket {
            id: TicketId::new(),
            number: "TK-2026-000001".into(),
            subject: String::new(),
            state: State::New,
            severity: Severity::Medium,
            priority: None,
            area: Area::Pec,
            kind: None,
            category: None,
            channel: Channel::Api,
            level: 1,
            group_id: None,
            organization_id: None,
            requester: Requester { id: None, name: String::new(), email: String::new() },
            assignee_id: None,
            tags: vec![],
            reason: None,
            solution: None,
            created_at: Moment(0),
            updated_at: Moment(0),
            clocks: Clocks::default(),
            reopened: 0,
            state_before: None,
            merged_into: None,
            follows: None,
            deleted_at: None,
            deleted_reason: None,
            revision: 1,
            cc: vec![],
            mailbox_ids: vec![],
            queues: vec![],
            fields: vec![],
        }
    }
}
