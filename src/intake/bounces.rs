//! In charge of the mails that say that one of ours did not arrive (E08): to which letter and recipient each belongs. Does not know what
//! is said of it on the request (`desk::undelivered`), nor how such a mail is read.

use super::placing::Stops;
use crate::app::App;
use crate::desk::undelivered;
use crate::mail::incoming::{Bounce, Incoming};
use crate::model::id::{MessageId, TicketId};
use crate::model::intake::MailReason;
use crate::model::message::PecKind;
use crate::model::outbox::Mail;
use crate::model::ticket::Signature;
use crate::outbox;
use crate::store::{self, Tx};
use crate::text::fold;

/// What did not arrive is told on the very mail, and to who works on the ticket (E08). Each letter has one recipient, so that its id
/// alone says which it was, whatever address it was passed on to.
pub(super) async fn bounced(app: &App, tx: &mut Tx, bounce: &Bounce) -> Result<(TicketId, MessageId), Stops> {
    let (held, dropped) = (|| Stops::Held(MailReason::Bounce), || Stops::Dropped(MailReason::Bounce));
    let id = bounce.original_message_id.as_ref().ok_or_else(held)?;
    let mail = store::outbox::of_message(tx, &format!("<{id}>")).await?;
    let is_to = |email: &str| mail.as_ref().is_some_and(|mail| fold(&mail.to) == fold(email));
    let mut lost = bounce.recipients.iter().filter(|one| one.is_final());
    let Some(lost) = lost.clone().find(|one| is_to(&one.email)).or_else(|| lost.next()) else {
        // Of a mail that is only late nothing is said; where nothing says what became of it a person decides.
        let is_ours = mail.is_some() || outbox::number_in(app, id).is_some();
        let has_not_failed = !bounce.recipients.is_empty() && bounce.recipients.iter().all(|one| one.is_no_failure());
        return Err(if is_ours && has_not_failed { dropped() } else { held() });
    };
    let Some(mail) = &mail else { return Err(held()) };
    let reply = format!("{} {}", lost.action, lost.status.as_deref().unwrap_or_default());
    if !store::outbox::bounced(tx, &mail.id, reply.trim()).await? {
        return Err(dropped());
    }
    // What an address that it was passed on to says is none of the one that we wrote to.
    if is_to(&lost.email) {
        outbox::bounce::mark(tx, &mail.to, reply.trim(), app.clock.now()).await?;
    }
    told(app, tx, mail, MailReason::Bounce).await
}

/// From so long after it left on, a warning that a certified mail is not delivered is the last one (`pec.md` 2.3: 22 to 24 hours).
const GIVEN_UP_MS: i64 = 20 * 3_600_000;

/// What a provider's receipt says of a mail of ours that left through certified mail (features.md 5.1.3). Receipts open nothing and are
/// never answered; only what was refused or not delivered is told (RFC 6109, 3.1.2, 3.1.3, 3.1.6, 3.2.4, 3.3.3). What was wrong with the
/// address is said by the provider in words, so that no address is marked by it.
pub(super) async fn receipt(app: &App, tx: &mut Tx, mail: &Incoming) -> Result<(TicketId, MessageId), Stops> {
    let dropped = || Stops::Dropped(MailReason::Receipt);
    // The bytes are not those that a provider has signed.
    if mail.seal.signature == Signature::Invalid {
        return Err(Stops::Held(MailReason::Altered));
    }
    // All others say that something went well.
    if !matches!(mail.kind, PecKind::NonAcceptance | PecKind::DeliveryError | PecKind::DeliveryWarning) {
        return Err(dropped());
    }
    let id = mail.receipt_for.as_ref().ok_or_else(dropped)?;
    let letter = store::outbox::of_message(tx, &format!("<{id}>")).await?.ok_or_else(dropped)?;
    // The first warning comes after twelve hours and says that it is late; the second, before a day is over, that it is given up.
    let is_given_up = letter.sent_at.is_some_and(|at| app.clock.now().since(at) >= GIVEN_UP_MS);
    let is_only_late = mail.kind == PecKind::DeliveryWarning && !is_given_up;
    if is_only_late || !store::outbox::bounced(tx, &letter.id, &mail.subject).await? {
        return Err(dropped());
    }
    told(app, tx, &letter, MailReason::Receipt).await
}

/// Tells the request of a letter, if it is about one.
async fn told(app: &App, tx: &mut Tx, letter: &Mail, reason: MailReason) -> Result<(TicketId, MessageId), Stops> {
    let dropped = || Stops::Dropped(reason);
    let number = letter.ticket_number.as_ref().ok_or_else(dropped)?;
    let ticket = store::tickets::find(tx, number).await?.ok_or_else(dropped)?;
    let entry = undelivered::tell(app, tx, &ticket, letter).await?;
    Ok((ticket.id, entry))
}
