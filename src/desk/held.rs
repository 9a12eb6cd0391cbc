//! In charge of the moment in which a reply of the desk can still be taken back (O06): until then nobody hears of it, and then it is
//! said like any other. Does not know what saying it means.

use std::time::Duration;

use super::reply::{self, Draft};
use super::ticket::Once;
use super::{sight, sight_of};
use crate::app::App;
use crate::model::id::HeldReplyId;
use crate::model::person::Person;
use crate::model::ticket::{Channel, HeldReply, MessageKind, State, Ticket};
use crate::model::trace::Actor;
use crate::people::Refusal;
use crate::store::{self, Result as Stored};

/// For so long a reply can be taken back.
pub const LASTS: Duration = Duration::from_secs(10);

/// For so long a node that sends one has it in hand; one that died gives it back by this.
const IN_HAND: Duration = Duration::from_secs(60);

/// Keeps a reply until it is sent. What would stop the sending now is said at once.
pub async fn keep(
    app: &App,
    actor: &Actor,
    by: &Person,
    ticket: &Ticket,
    draft: Draft,
    once: &Once,
) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    let now = super::merge::standing(&mut tx, &ticket.id).await?;
    if now.deleted_at.is_some() || matches!(now.state, State::Closed | State::Cancelled) {
        return Err(Refusal::Conflict("conflict-ticket-state"));
    }
    if let Some(seen) = &draft.seen
        && store::ticket_messages::any_said_after(&mut tx, &now.id, seen, &by.id).await?
    {
        return Err(Refusal::Conflict("conflict-newer-message"));
    }
    let one = HeldReply {
        id: HeldReplyId::new(),
        ticket_id: ticket.id.clone(),
        person_id: by.id.clone(),
        ip: actor.ip.clone(),
        body: draft.body,
        seen: draft.seen,
        attachments: draft.attachments,
        route: once.route.clone(),
        once: once.key.clone(),
        body_hash: once.body_hash.clone(),
        send_at: app.clock.now().plus(LASTS),
        fault: None,
    };
    store::held_replies::insert(&mut tx, &one).await?;
    store::ticket_drafts::delete(&mut tx, &by.id, &ticket.id, MessageKind::Public).await?;
    Ok(tx.commit().await?)
}

/// Takes one's own back; what was written is a draft again, before whatever was begun since. None when it is on its way or gone.
pub async fn take_back(app: &App, by: &Person, ticket: &Ticket, id: &HeldReplyId) -> Stored<Option<HeldReply>> {
    let mut tx = app.db.begin().await?;
    let taken = store::held_replies::take_back(&mut tx, &by.id, &ticket.id, id).await?;
    let Some(mut one) = taken else { return Ok(None) };
    let drafts = store::ticket_drafts::of(&mut tx, &by.id, &ticket.id).await?;
    if let Some((_, begun)) = drafts.into_iter().find(|(kind, _)| *kind == MessageKind::Public) {
        one.body = format!("{}\n\n{begun}", one.body);
    }
    let now = app.clock.now();
    store::ticket_drafts::put(&mut tx, &by.id, &ticket.id, MessageKind::Public, &one.body, now).await?;
    tx.commit().await?;
    Ok(Some(one))
}

/// Sends at once what a person has written in a ticket: who goes on with it does not think of taking back.
pub(super) async fn hurry(app: &App, by: &Person, ticket: &Ticket) -> Stored<()> {
    let mut tx = app.db.begin().await?;
    let any = store::held_replies::hurry(&mut tx, &by.id, &ticket.id, app.clock.now()).await?;
    tx.commit().await?;
    if any { send_due(app).await } else { Ok(()) }
}

/// Sends those whose moment has passed, one after another. A stop anywhere sends none twice: each is said under its form's key.
pub async fn send_due(app: &App) -> Stored<()> {
    loop {
        let now = app.clock.now();
        if !store::held_replies::any_due(&mut *app.db.read().await?, now).await? {
            return Ok(());
        }
        let mut tx = app.db.begin().await?;
        let claimed = store::held_replies::claim(&mut tx, now, now.plus(IN_HAND)).await?;
        tx.commit().await?;
        let Some(one) = claimed else { return Ok(()) };
        let sent = send(app, &one).await;
        let mut tx = app.db.begin().await?;
        match sent {
            Ok(()) => store::held_replies::delete(&mut tx, &one.id).await?,
            Err(Refusal::Store(fault)) => return Err(fault),
            Err(Refusal::Conflict(word)) => store::held_replies::fail(&mut tx, &one.id, word).await?,
            Err(_) => store::held_replies::fail(&mut tx, &one.id, "conflict-file-gone").await?,
        }
        tx.commit().await?;
    }
}

async fn send(app: &App, one: &HeldReply) -> Result<(), Refusal> {
    let gone = || Refusal::Conflict("conflict-ticket-state");
    let mut c = app.db.read().await?;
    let by = store::people::find(&mut c, &one.person_id).await?.filter(|by| by.active).ok_or_else(gone)?;
    let ticket = store::tickets::find_by_id(&mut c, &one.ticket_id).await?.ok_or_else(gone)?;
    let part = sight::part(&sight_of(&mut c, &by).await?, &ticket).filter(|part| part.is_desk()).ok_or_else(gone)?;
    drop(c);
    let draft = Draft {
        kind: MessageKind::Public,
        body: one.body.clone(),
        seen: one.seen.clone(),
        attachments: one.attachments.clone(),
        keeps_draft: true,
    };
    let once = Once { route: one.route.clone(), key: one.once.clone(), body_hash: one.body_hash.clone() };
    let actor = Actor { name: by.email.clone(), ip: one.ip.clone() };
    reply::say(app, &actor, &by, (&ticket, part), draft, Channel::Portal, Some(&once)).await?;
    Ok(())
}
