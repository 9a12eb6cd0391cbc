//! In charge of who has a request open at the desk, and what they have begun to write there (O02, O04, O05). Nobody is kept out by
//! it: it is told, not enforced. The door has checked that the ticket is seen.

use std::time::Duration;

use super::ticket::MOST_TEXT;
use crate::app::App;
use crate::clock::Moment;
use crate::model::person::Person;
use crate::model::ticket::{MessageKind, Ticket};
use crate::people::Refusal;
use crate::store::{self, Result};

/// So long somebody is taken to be there after the last word of the page: a lid that is closed is noticed.
const LASTS: Duration = Duration::from_secs(12);

/// A word that says nothing new is written down again only when so much of it is left.
const RENEWED: Duration = Duration::from_secs(6);

/// How long a draft is kept that nobody goes on with.
const DRAFTS_LAST: Duration = Duration::from_secs(90 * 24 * 3600);

/// Says that a person has the request open, and whether it writes; tells who else is there.
pub async fn here(app: &App, person: &Person, ticket: &Ticket, writing: bool) -> Result<Vec<(String, bool)>> {
    let now = app.clock.now();
    let mut c = app.db.read().await?;
    if !store::ticket_presence::is_said(&mut c, &ticket.id, &person.id, writing, now.plus(RENEWED)).await? {
        drop(c);
        let mut tx = app.db.begin().await?;
        store::ticket_presence::put(&mut tx, &ticket.id, &person.id, writing, now.plus(LASTS)).await?;
        tx.commit().await?;
        c = app.db.read().await?;
    }
    store::ticket_presence::others(&mut c, &ticket.id, &person.id, now).await
}

/// Keeps what a person has begun to write; nothing at all throws it away.
pub async fn keep_draft(
    app: &App,
    person: &Person,
    ticket: &Ticket,
    kind: MessageKind,
    body: &str,
) -> std::result::Result<(), Refusal> {
    if body.chars().count() > MOST_TEXT {
        return Err(Refusal::field("body_text", "too-long"));
    }
    let mut tx = app.db.begin().await?;
    match body.trim() {
        "" => store::ticket_drafts::delete(&mut tx, &person.id, &ticket.id, kind).await?,
        _ => store::ticket_drafts::put(&mut tx, &person.id, &ticket.id, kind, body, app.clock.now()).await?,
    }
    Ok(tx.commit().await?)
}

/// Forgets who is gone, and drafts that nobody goes on with.
pub async fn forget_old(app: &App) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    store::ticket_presence::forget_old(&mut tx, now).await?;
    store::ticket_drafts::forget_old(&mut tx, Moment(now.0 - DRAFTS_LAST.as_millis() as i64)).await?;
    tx.commit().await
}
