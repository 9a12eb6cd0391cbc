//! In charge of visits to mailboxes: the login is the check (H15). Nothing is marked, nothing is stored of the mail. Looking
//! needs no database; what several looks have seen is written together.

use std::collections::HashMap;
use std::time::Duration;

use super::mailbox::{last_seen, record_status};
use super::secret::{self, Shut};
use super::{login, refusal, status};
use crate::app::App;
use crate::clock::Moment;
use crate::mail::MailFault;
use crate::mail::imap::{self, Ask, Login};
use crate::model::id::MailboxId;
use crate::model::job::{JobName, Outcome, Visit};
use crate::model::mailbox::{Facts, Mailbox};
use crate::model::message::InboxFacts;
use crate::model::trace::Actor;
use crate::store::secrets::Sealed;
use crate::store::visits::Ended;
use crate::store::{self, Result, Tx};
use crate::timetable::timed;

/// Space is asked for again after this long even when nothing has moved.
const QUOTA_EVERY_MS: i64 = 3_600_000;

/// A visit that this node has claimed, with what it needs.
#[derive(Debug)]
pub struct Task {
    pub visit: Visit,
    /// Absent when it was removed meanwhile.
    pub mailbox: Option<Mailbox>,
    pub sealed: Option<Sealed>,
    /// False when too many logins in a row have had no answer.
    pub may_log_in: bool,
}

/// What a visit came to.
#[derive(Debug)]
pub struct Look {
    pub visit: Visit,
    seen: Seen,
    /// The name of the password that was refused.
    refused: Option<String>,
}

#[derive(Debug)]
enum Seen {
    /// Nobody connected: the mailbox may not be tried, has no password, or the key is not at hand.
    NotTried,
    /// Nobody connected: the logins before this one had no answer.
    Withheld(Sealed),
    /// The sealed password does not open.
    Unreadable(Sealed),
    /// With this password, counting what is new from this UID on.
    Tried(Sealed, Option<i64>, std::result::Result<InboxFacts, MailFault>),
}

/// Claims the next visits and reads what they need: at most so many.
pub async fn claim(app: &App, most: usize) -> Result<Vec<Task>> {
    let wanted = store::visits::Claim {
        node: &app.node,
        now: app.clock.now(),
        most,
        per_server: app.settings.connections_per_server,
        lease_ms: lease_ms(app),
    };
    let mut tx = app.db.begin().await?;
    store::visits::stand_in_line(&mut tx).await?;
    let visits = store::visits::claim(&mut tx, &wanted).await?;
    let ids: Vec<MailboxId> = visits.iter().map(|visit| visit.mailbox_id.clone()).collect();
    let mut mailboxes = by_id(store::mailboxes::find_all(&mut tx, &ids).await?);
    let mut secrets = store::secrets::find_all(&mut tx, &ids).await?;
    let tried: Vec<MailboxId> =
        mailboxes.values().filter(|one| !one.facts.status.is_stopped()).map(|one| one.id.clone()).collect();
    let allowed = login::begin(app, &mut tx, &tried).await?;
    tx.commit().await?;
    Ok(visits
        .into_iter()
        .map(|visit| {
            let id = &visit.mailbox_id;
            let may_log_in = allowed.contains(id);
            Task { mailbox: mailboxes.remove(id), sealed: secrets.remove(id), may_log_in, visit }
        })
        .collect())
}

/// How long a claim holds without being renewed, in milliseconds.
pub fn lease_ms(app: &App) -> i64 {
    app.settings.imap_timeout.as_millis() as i64 * 2
}

/// Looks at one mailbox. Writes nothing: [`write`] does.
pub async fn look(app: &App, task: Task) -> Look {
    let Task { visit, mailbox, sealed, may_log_in } = task;
    let mut refused = None;
    let seen = match (mailbox, sealed) {
        (Some(mailbox), Some(_)) if mailbox.facts.status.is_stopped() => Seen::NotTried,
        (Some(_), Some(sealed)) if !may_log_in => Seen::Withheld(sealed),
        (Some(mailbox), Some(sealed)) => look_at(app, &mailbox, sealed, &mut refused).await,
        _ => Seen::NotTried,
    };
    Look { visit, seen, refused }
}

async fn look_at(app: &App, mailbox: &Mailbox, sealed: Sealed, refused: &mut Option<String>) -> Seen {
    let counted_from = mailbox.facts.new_from;
    let password = match secret::open(app, &mailbox.id, &mailbox.card, &sealed).await {
        Ok(Ok(password)) => password,
        Ok(Err(Shut::NoKey)) => return Seen::NotTried,
        Ok(Err(Shut::Unreadable)) => return Seen::Unreadable(sealed),
        Err(fault) => {
            tracing::error!(error = %fault, "the key of a sealed password could not be asked for");
            return Seen::NotTried;
        }
    };
    let login = Login { username: &mailbox.card.username, password: &password };
    let seen = imap::inbox(&app.net, &mailbox.card.imap, login, ask(mailbox, app.clock.now())).await;
    if seen.as_ref().is_err_and(|fault| fault.kind.is_refusal()) {
        *refused = Some(refusal::fingerprint(app, (&mailbox.card.imap, &mailbox.card.username), &password));
    }
    Seen::Tried(sealed, counted_from, seen)
}

/// What to ask for beside the counts: space every hour, and what has come when something has moved. Each mailbox has an hour
/// of its own, so that not all are asked at once.
fn ask(mailbox: &Mailbox, now: Moment) -> Ask {
    let offset = mailbox.id.spread() * QUOTA_EVERY_MS / 1000;
    let hour = |at: Moment| (at.0 + offset).div_euclid(QUOTA_EVERY_MS);
    let is_recent = mailbox.facts.last_success_at.is_some_and(|at| hour(at) == hour(now));
    Ask { quota: !is_recent || mailbox.facts.failures > 0, known: Some(last_seen(&mailbox.facts)) }
}

/// Writes what visits of this node saw, all of it in one transaction. Of a visit whose claim was lost meanwhile nothing is
/// written.
pub async fn write(app: &App, looks: &[Look]) -> Result<()> {
    let now = app.clock.now();
    let slot = slot_length(app, now);
    let told: Vec<(Outcome, String)> = looks.iter().map(|look| look.seen.told()).collect();
    let ended: Vec<Ended<'_>> = looks
        .iter()
        .zip(&told)
        .map(|(look, (outcome, detail))| Ended { visit: &look.visit, outcome: *outcome, detail })
        .collect();
    let ids: Vec<MailboxId> = looks.iter().map(|look| look.visit.mailbox_id.clone()).collect();
    let mut tx = app.db.begin().await?;
    // The mailboxes first, like everybody: who removes one locks it and then its visits.
    let mailboxes = by_id(store::mailboxes::lock_all(&mut tx, &ids).await?);
    let ours = store::visits::finish(&mut tx, &ended).await?;
    let is_answered = |look: &&Look| ours.contains(&look.visit.id) && look.seen.is_judged();
    let answered: Vec<MailboxId> = looks.iter().filter(is_answered).map(|look| look.visit.mailbox_id.clone()).collect();
    store::logins::end(&mut tx, &answered).await?;
    for fingerprint in looks.iter().filter_map(|look| look.refused.as_ref()) {
        refusal::count(app, &mut tx, fingerprint).await?;
    }
    let (mut unmoved, mut moved) = (Vec::new(), Vec::new());
    for look in looks.iter().filter(|look| ours.contains(&look.visit.id)) {
        let Some(mailbox) = mailboxes.get(&look.visit.mailbox_id) else { continue };
        let Some((sealed, facts)) = facts_after(mailbox, &look.seen, slot, now) else { continue };
        match is_unmoved(&mailbox.facts, &facts) {
            true => unmoved.push(mailbox.id.clone()),
            false => moved.push((mailbox, sealed, facts)),
        }
    }
    // A new password is not judged by what the old one met.
    let ids: Vec<MailboxId> = moved.iter().map(|(mailbox, ..)| mailbox.id.clone()).collect();
    let secrets = store::secrets::find_all(&mut tx, &ids).await?;
    for (mailbox, sealed, facts) in moved {
        if secrets.get(&mailbox.id) == Some(sealed) {
            write_facts(app, &mut tx, mailbox, &facts).await?;
        }
    }
    if !unmoved.is_empty() {
        store::mailboxes::set_checked(&mut tx, &unmoved, now).await?;
    }
    tx.commit().await?;
    app.visits_made.send_modify(|made| *made += ours.len() as u64);
    app.look_again();
    Ok(())
}

async fn write_facts(app: &App, tx: &mut Tx, mailbox: &Mailbox, facts: &Facts) -> Result<()> {
    store::mailboxes::set_facts(tx, &mailbox.id, facts).await?;
    record_status(app, tx, &Actor::system(), &mailbox.card.address, &mailbox.facts, facts).await
}

impl Look {
    /// True when the server has refused the login: to be written before anybody else can try.
    pub fn is_refusal(&self) -> bool {
        matches!(&self.seen, Seen::Tried(_, _, Err(fault)) if fault.kind.is_refusal())
    }
}

impl Seen {
    /// True when the server has said what it makes of the login, or none was sent.
    fn is_judged(&self) -> bool {
        match self {
            Seen::Withheld(_) => false,
            Seen::Tried(_, _, Err(fault)) => !fault.is_unjudged,
            _ => true,
        }
    }

    /// How the visit ended, and the words for its row.
    fn told(&self) -> (Outcome, String) {
        match self {
            Seen::Tried(_, _, Ok(_)) => (Outcome::Ok, String::new()),
            Seen::Tried(_, _, Err(fault)) => (Outcome::Failed, fault.detail.clone()),
            Seen::NotTried => (Outcome::Failed, "not tried".into()),
            Seen::Withheld(_) => (Outcome::Failed, login::withheld().to_string()),
            Seen::Unreadable(_) => (Outcome::Failed, "the sealed password does not open".into()),
        }
    }
}

/// What the facts become, by what was seen with this password. What people did while the visit was on its way is not undone by
/// it: a suspension stays, and a count made from before an opening is not taken.
fn facts_after<'s>(mailbox: &Mailbox, seen: &'s Seen, slot: Duration, now: Moment) -> Option<(&'s Sealed, Facts)> {
    let facts = &mailbox.facts;
    if facts.status.is_stopped() {
        return None;
    }
    match seen {
        Seen::NotTried => None,
        Seen::Unreadable(sealed) => Some((sealed, status::after_unreadable(facts, now))),
        Seen::Withheld(sealed) => Some((sealed, status::after_fault(facts, &login::withheld(), slot, now))),
        Seen::Tried(sealed, counted_from, Ok(seen)) => {
            Some((sealed, status::after_late_look(facts, *counted_from, seen, now)))
        }
        Seen::Tried(sealed, _, Err(fault)) => Some((sealed, status::after_fault(facts, fault, slot, now))),
    }
}

/// True when a good look has found everything as it was: nearly all looks do.
fn is_unmoved(old: &Facts, new: &Facts) -> bool {
    let (last_checked_at, last_success_at) = (new.last_checked_at, new.last_success_at);
    last_checked_at == last_success_at && *new == Facts { last_checked_at, last_success_at, ..old.clone() }
}

/// How far apart the slots of the watch are around a moment.
pub(super) fn slot_length(app: &App, now: Moment) -> Duration {
    let job = timed(JobName::RefreshMailboxes, &app.settings);
    let length = job.and_then(|job| Some(job.next(now)?.since(job.last(now)?)));
    Duration::from_millis(length.and_then(|length| u64::try_from(length).ok()).unwrap_or(0))
}

fn by_id(mailboxes: Vec<Mailbox>) -> HashMap<MailboxId, Mailbox> {
    mailboxes.into_iter().map(|mailbox| (mailbox.id.clone(), mailbox)).collect()
}
