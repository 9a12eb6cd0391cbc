//! In charge of naming mailboxes in a ticket (L01). The door has checked that the ticket is seen.

use super::ticket::check_mailboxes;
use super::{changed, event};
use crate::app::App;
use crate::audit;
use crate::model::id::MailboxId;
use crate::model::person::Person;
use crate::model::ticket::{Channel, Event, Ticket};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::store::{self, Tx};

/// Names a mailbox in a ticket.
pub async fn link(
    app: &App,
    actor: &Actor,
    by: &Person,
    ticket: &Ticket,
    mailbox: &MailboxId,
) -> Result<Ticket, Refusal> {
    let mut tx = app.db.begin().await?;
    held(&mut tx, ticket).await?;
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
    held(&mut tx, ticket).await?;
    if !store::tickets::unlink(&mut tx, &ticket.id, mailbox).await? {
        return Ok(false);
    }
    linked(app, &mut tx, actor, by, ticket, mailbox, "unlinked").await?;
    tx.commit().await?;
    Ok(true)
}

/// Holds the ticket; what was joined to another, or thrown away, says nothing new.
async fn held(tx: &mut Tx, ticket: &Ticket) -> Result<(), Refusal> {
    match store::tickets::lock(tx, &ticket.id).await? {
        Some(now) if now.merged_into.is_none() && now.deleted_at.is_none() => Ok(()),
        _ => Err(Refusal::Conflict("conflict-ticket-state")),
    }
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
    let told = event(by, true, Channel::Portal, app.clock.now(), Event { new: address.clone(), ..changed(what) });
    store::ticket_messages::insert(tx, &ticket.id, &told).await?;
    let act = if what == "linked" {
        Act::on("ticket.linked", &ticket.number)
    } else {
        Act::on("ticket.unlinked", &ticket.number)
    };
    Ok(audit::record(app, tx, actor, act.with(address)).await?)
}
