//! In charge of one visit to one mailbox: the login is the check (H15). Nothing is marked, nothing is stored of the mail.

use super::mailbox::{last_seen, record_status};
use super::secret::{self, Shut};
use super::status;
use crate::app::App;
use crate::clock::Moment;
use crate::mail::MailFault;
use crate::mail::imap::{self, Ask, Login};
use crate::model::job::{Outcome, Visit};
use crate::model::mailbox::{Facts, Mailbox};
use crate::model::message::InboxFacts;
use crate::model::trace::Actor;
use crate::store::secrets::Sealed;
use crate::store::{self, Result};

/// Space is asked for again after this long even when nothing has moved.
const QUOTA_EVERY_MS: i64 = 3_600_000;

/// What a visit came to.
enum Look {
    /// Nobody connected: the mailbox may not be tried, has no password, or the key is not at hand.
    NotTried,
    /// The sealed password does not open.
    Unreadable(Sealed),
    /// With this password, counting what is new from this UID on.
    Tried(Sealed, Option<i64>, std::result::Result<InboxFacts, MailFault>),
}

/// Makes a visit that this node has claimed, and writes what it saw. Nothing is written when the claim was lost meanwhile.
pub async fn make(app: &App, visit: &Visit) -> Result<()> {
    // Bound first: in a match it would keep its connection through the whole visit, and visits would use them all up.
    let found = store::mailboxes::find(&mut *app.db.read().await?, &visit.mailbox_id).await?;
    let look = match found {
        Some(mailbox) => look_at(app, &mailbox).await?,
        None => Look::NotTried,
    };
    let now = app.clock.now();
    let (outcome, detail) = match &look {
        Look::Tried(_, _, Ok(_)) => (Outcome::Ok, String::new()),
        Look::Tried(_, _, Err(fault)) => (Outcome::Failed, fault.to_string()),
        Look::NotTried => (Outcome::Failed, "not tried".into()),
        Look::Unreadable(_) => (Outcome::Failed, "the sealed password does not open".into()),
    };
    let mut tx = app.db.begin().await?;
    // The mailbox first, like everybody: who removes one locks it and then its visits.
    let mailbox = store::mailboxes::lock(&mut tx, &visit.mailbox_id).await?;
    if !store::visits::finish(&mut tx, visit, outcome, &detail).await? {
        return Ok(());
    }
    if let Some(mailbox) = mailbox {
        let secret = store::secrets::find(&mut tx, &mailbox.id).await?;
        if let Some(facts) = facts_after(&mailbox, secret.as_ref(), look, now) {
            store::mailboxes::set_facts(&mut tx, &mailbox.id, &facts).await?;
            let address = &mailbox.card.address;
            record_status(app, &mut tx, &Actor::system(), address, &mailbox.facts, &facts).await?;
        }
    }
    tx.commit().await?;
    app.visits_made.send_modify(|made| *made += 1);
    app.look_again();
    Ok(())
}

async fn look_at(app: &App, mailbox: &Mailbox) -> Result<Look> {
    if mailbox.facts.status.is_stopped() {
        return Ok(Look::NotTried);
    }
    let sealed = store::secrets::find(&mut *app.db.read().await?, &mailbox.id).await?;
    let Some(sealed) = sealed else { return Ok(Look::NotTried) };
    let password = match secret::open(app, &mailbox.id, &mailbox.card, &sealed).await? {
        Ok(password) => password,
        Err(Shut::NoKey) => return Ok(Look::NotTried),
        Err(Shut::Unreadable) => return Ok(Look::Unreadable(sealed)),
    };
    let login = Login { username: &mailbox.card.username, password: &password };
    let seen = imap::inbox(&app.net, &mailbox.card.imap, login, ask(&mailbox.facts, app.clock.now())).await;
    Ok(Look::Tried(sealed, mailbox.facts.new_from, seen))
}

/// What to ask for beside the counts: space every hour, and what has come when something has moved.
fn ask(facts: &Facts, now: Moment) -> Ask {
    let hour = |at: Moment| at.0.div_euclid(QUOTA_EVERY_MS);
    let is_recent = facts.last_success_at.is_some_and(|at| hour(at) == hour(now));
    Ask { quota: !is_recent || facts.failures > 0, known: Some(last_seen(facts)) }
}

/// What the facts become. What people did while the visit was on its way is not undone by it: a suspension stays, a new
/// password is not judged by what the old one met, and a count made from before an opening is not taken.
fn facts_after(mailbox: &Mailbox, secret: Option<&Sealed>, look: Look, now: Moment) -> Option<Facts> {
    let facts = &mailbox.facts;
    if facts.status.is_stopped() {
        return None;
    }
    match look {
        Look::Unreadable(sealed) if secret == Some(&sealed) => Some(status::after_unreadable(facts, now)),
        Look::Tried(sealed, counted_from, seen) if secret == Some(&sealed) => Some(match seen {
            Ok(seen) => status::after_late_look(facts, counted_from, &seen, now),
            Err(fault) => status::after_fault(facts, &fault, now),
        }),
        _ => None,
    }
}
