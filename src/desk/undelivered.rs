//! In charge of what becomes of a request when a mail about it did not arrive for good (E08, features.md 4.1): it is marked, nobody
//! waits for an answer to it, and somebody is told. Does not know how that came out: at once, by a mail, or because an earlier one
//! had not arrived either.

use super::notice::{self, Notice, To};
use super::state::after_loss;
use super::{changed, deadline, hours, nobody, noted, told};
use crate::app::App;
use crate::audit;
use crate::model::id::MessageId;
use crate::model::outbox::{Fault, Mail};
use crate::model::ticket::{Event, NoticeKind, State, Ticket};
use crate::model::trace::{Act, Actor};
use crate::store::{self, Result, Tx};

/// How many are looked at in one go; the others come with the next.
const AT_ONCE: i64 = 50;

/// Tells the desk of words to those who asked that have not left for good, each once.
pub async fn tell_all(app: &App) -> Result<()> {
    let mails = store::outbox::untold(&mut *app.db.read().await?, AT_ONCE).await?;
    let mut is_told = false;
    for mail in &mails {
        // One that cannot be told of does not keep the others from it.
        match tell_one(app, mail).await {
            Ok(()) => is_told = true,
            Err(fault) => {
                tracing::warn!(error = %fault, mail = %mail.id, "the desk could not be told of a mail that has not left");
            }
        }
    }
    // Where nothing can be written, it is looked again in its time.
    if is_told {
        app.post.notify_one();
    }
    Ok(())
}

async fn tell_one(app: &App, mail: &Mail) -> Result<()> {
    let mut tx = app.db.begin().await?;
    // Another node may have been faster, or a person has it tried again.
    if !store::outbox::told(&mut tx, &mail.id).await? {
        return Ok(());
    }
    if let Some(number) = &mail.ticket_number
        && let Some(ticket) = store::tickets::find(&mut tx, number).await?
    {
        tell(app, &mut tx, &ticket, mail).await?;
    }
    tx.commit().await
}

/// Marks a mail that did not arrive in the history of its request. Where it was a word to who asked, what waits for an answer or is
/// solved goes on, and who answers for it is told. Gives the entry; the caller rings `app.post`.
pub async fn tell(app: &App, tx: &mut Tx, ticket: &Ticket, mail: &Mail) -> Result<MessageId> {
    let entry = noted(app, tx, ticket, "bounced", &mail.to).await?;
    let (to, ticket) = match mail.news {
        Some(NoticeKind::Own) => (To::Answering, gone_on(app, tx, ticket, mail).await?),
        // Of what goes to colleagues nobody is told by another mail, which may come back too.
        Some(NoticeKind::Work) => return Ok(entry),
        Some(NoticeKind::Copies) | None => (To::Assignee, ticket.clone()),
    };
    let notice = Notice { kind: "ticket-bounced", text: &mail.to, message: None };
    notice::tell(app, tx, &nobody(), &ticket, &[to], &notice).await?;
    Ok(entry)
}

/// The ticket as it goes on. It does not count as opened again: nobody was discontent with the solution.
async fn gone_on(app: &App, tx: &mut Tx, ticket: &Ticket, mail: &Mail) -> Result<Ticket> {
    let Some(old) = store::tickets::lock(tx, &ticket.id).await? else { return Ok(ticket.clone()) };
    let Some(state) = after_loss(&old, mail.fault == Some(Fault::Bounced)) else { return Ok(old) };
    let now = app.clock.now();
    let mut new = Ticket { state, reason: None, updated_at: now, ..old.clone() };
    new.clocks = deadline::moved(&hours::promise(app, tx).await?, &new, now);
    store::tickets::update(tx, &new).await?;
    let what = if old.state == State::Resolved { "reopened" } else { "opened" };
    let (from, to) = (old.state.as_str(), new.state.as_str());
    told(tx, &new, true, now, Event { old: from.into(), new: to.into(), ..changed(what) }).await?;
    let detail = format!("{}: {from} → {to}", mail.to);
    audit::record(app, tx, &Actor::system(), Act::on("ticket.undelivered", &new.number).with(detail)).await?;
    Ok(new)
}
