//! In charge of delivering what is due (`security.md` 6): each mail is taken with a lease and a fence, the server is given its
//! text only when that was written down, and what nobody knows is told to a person instead of being tried again.

use std::time::Duration;

use lettre::Address;

use super::{Sender, bounce, bound, sender};
use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::mail::submission::{NotTaken, Submission};
use crate::model::id::RunId;
use crate::model::job::{JobName, Run, Tally};
use crate::model::outbox::{Fault, State};
use crate::model::trace::{Act, Actor};
use crate::store::outbox::{InHand, InHandOf, Turn};
use crate::store::{self, Result};

/// How many mails are taken at once: they go over one connection, one after another.
const AT_ONCE: i64 = 20;

/// How long after a try that failed the next one comes, in seconds; the last is repeated.
const WAITS: [u64; 6] = [30, 60, 120, 300, 600, 900];

/// A mail that the server has not taken for so long is given up (RFC 5321, 4.5.4.1: four to five days).
const GIVEN_UP_AFTER: Duration = Duration::from_secs(4 * 24 * 3600);

/// What has left is remembered so long, without its text.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// What never left waits so long for a person who decides.
const KEPT_STUCK: Duration = Duration::from_secs(180 * 24 * 3600);

/// Delivers everything that is due, until there is no more or `go_on` says no.
pub async fn deliver(app: &App, go_on: impl Fn() -> bool) -> Result<Tally> {
    let mut tally = Tally { well: 0, failed: 0 };
    // The settings were checked at the start.
    let Ok(Some(sender)) = sender(&app.settings) else { return Ok(tally) };
    while go_on() && store::outbox::any_due(&mut *app.db.read().await?, app.db.engine(), app.clock.now()).await? {
        let mut tx = app.db.begin().await?;
        store::outbox::hand_back(&mut tx, InHandOf::TheDead).await?;
        let mails = store::outbox::claim(&mut tx, &app.node, app.clock.now(), lease_ms(app), AT_ONCE).await?;
        tx.commit().await?;
        if mails.is_empty() {
            break;
        }
        let mut line = Line { app, sender: &sender, open: None };
        for mail in mails {
            if !go_on() {
                // Told to stop: what was not begun goes back to the line, for whoever comes next.
                hand_back(app).await?;
                break;
            }
            match line.deliver(&mail).await? {
                true => tally.well += 1,
                false => tally.failed += 1,
            }
        }
        line.close().await;
    }
    Ok(tally)
}

/// Gives back what this node has in hand: a stop.
pub async fn hand_back(app: &App) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::outbox::hand_back(&mut tx, InHandOf::Node(&app.node)).await?;
    tx.commit().await
}

/// Begins the run of a slot: what is due is delivered in it. None when the slot has one.
pub async fn begin_slot(app: &App, slot: Moment) -> Result<Option<RunId>> {
    let now = app.clock.now();
    let run = new_run(Some(slot), now);
    let mut tx = app.db.begin().await?;
    if !store::runs::insert(&mut tx, &run, &app.node, None).await? {
        return Ok(None);
    }
    let ago = |long: Duration| Moment(now.0 - long.as_millis() as i64);
    store::outbox::delete_old(&mut tx, ago(KEPT), ago(KEPT_STUCK)).await?;
    bounce::forget_old(&mut tx, now).await?;
    tx.commit().await?;
    app.post.notify_one();
    Ok(Some(run.id))
}

/// Begins a run that a person asked for: mails that wait after faults are due at once.
pub async fn begin(app: &App, actor: &Actor) -> Result<RunId> {
    let run = new_run(None, app.clock.now());
    let mut tx = app.db.begin().await?;
    store::runs::insert(&mut tx, &run, &app.node, Some(&actor.name)).await?;
    store::outbox::hurry(&mut tx, run.started_at).await?;
    audit::record(app, &mut tx, actor, Act::on("job.run", JobName::DeliverMail.as_str())).await?;
    tx.commit().await?;
    app.post.notify_one();
    Ok(run.id)
}

fn new_run(slot: Option<Moment>, now: Moment) -> Run {
    let (id, job) = (RunId::new(), JobName::DeliverMail);
    Run { id, job, slot, started_at: now, finished_at: None, outcome: None, tally: None }
}

/// Ends the runs that wait for what was delivered: those of this node, and those of nodes that are gone.
pub async fn finish_runs(app: &App, tally: Tally) -> Result<bool> {
    let now = app.clock.now();
    let given_up = Moment(now.0 - 2 * lease_ms(app));
    if !store::runs::any_open(&mut *app.db.read().await?, JobName::DeliverMail).await? {
        return Ok(false);
    }
    let mut tx = app.db.begin().await?;
    store::runs::finish_open(&mut tx, JobName::DeliverMail, &app.node, given_up, tally, now).await?;
    tx.commit().await?;
    Ok(true)
}

/// Longer than connecting, announcing and handing over may take together.
fn lease_ms(app: &App) -> i64 {
    (app.settings.imap_timeout * 14).as_millis() as i64
}

/// The connection over which a handful of mails goes; made when the first one needs it, and again after each fault.
struct Line<'a> {
    app: &'a App,
    sender: &'a Sender,
    open: Option<Submission>,
}

impl Line<'_> {
    /// Delivers one. True when the server has taken it.
    async fn deliver(&mut self, mail: &InHand) -> Result<bool> {
        let app = self.app;
        let Ok(bytes) = app.keys.outbox.open(&bound(&mail.id, &mail.message_id, &mail.to), &mail.sealed) else {
            self.write(mail, Turn::Given { up_as: State::Failed }, Some((Fault::Unreadable, ""))).await?;
            return Ok(false);
        };
        // What stood in line already when an address turned out to take no mail does not leave either (N08).
        if mail.is_about_ticket
            && let Some(bounced) = bounce::of(app, &mut *app.db.read().await?, &mail.to).await?
        {
            let given_up = Turn::Given { up_as: State::Failed };
            self.write(mail, given_up, Some((Fault::Bounced, &bounced.reply))).await?;
            return Ok(false);
        }
        let mut submission = match self.announced(mail).await {
            Ok(submission) => submission,
            Err(why) => return self.not_taken(mail, why).await,
        };
        // From here on the server may have it, whatever becomes of us.
        let about_to = Turn::HandingOver { lease_ms: lease_ms(app) };
        if !self.write(mail, about_to, None).await? {
            return Ok(false);
        }
        match submission.hand_over(&bytes).await {
            Ok(()) => {
                self.open = Some(submission);
                self.write(mail, Turn::Sent { at: app.clock.now() }, None).await?;
                Ok(true)
            }
            Err(why) => self.not_taken(mail, why).await,
        }
    }

    /// A connection that waits for this mail's text.
    async fn announced(&mut self, mail: &InHand) -> std::result::Result<Submission, NotTaken> {
        let refused = |words: String| NotTaken { fault: Fault::Refused, reply: words };
        let to = mail.to.parse::<Address>().map_err(|fault| refused(format!("{fault}")))?;
        let sender = self.sender;
        let (from, is_answer) = (&sender.from.email, mail.is_answer);
        if let Some(mut submission) = self.open.take() {
            match submission.announce(from, &to, is_answer).await {
                Ok(()) => return Ok(submission),
                // A server may have hung up since the last mail: that is no fault of this one.
                Err(NotTaken { fault: Fault::Unreachable, .. }) => {}
                Err(why) => return Err(why),
            }
        }
        let mut submission = Submission::open(&self.app.net, &sender.outgoing, sender.login.as_ref()).await?;
        submission.announce(from, &to, is_answer).await.map(|()| submission)
    }

    async fn not_taken(&mut self, mail: &InHand, why: NotTaken) -> Result<bool> {
        let now = self.app.clock.now();
        let turn = match why.fault {
            Fault::Refused | Fault::Unreadable | Fault::Bounced | Fault::Unwritten => {
                Turn::Given { up_as: State::Failed }
            }
            Fault::Interrupted => Turn::Given { up_as: State::Uncertain },
            Fault::Unreachable | Fault::Certificate | Fault::Login | Fault::NotNow => next_try(mail.attempts, now),
        };
        tracing::warn!(mail = %mail.id, fault = why.fault.as_str(), reply = why.reply, "a mail was not taken");
        self.write(mail, turn, Some((why.fault, &why.reply))).await?;
        Ok(false)
    }

    async fn write(&self, mail: &InHand, turn: Turn, why: Option<(Fault, &str)>) -> Result<bool> {
        let mut tx = self.app.db.begin().await?;
        let reply = why.map(|(_, reply)| reply).filter(|reply| !reply.is_empty());
        let ours = store::outbox::turn(&mut tx, mail, turn, why.map(|(fault, _)| fault), reply).await?;
        if let (true, Some((Fault::Refused, reply))) = (ours, why) {
            bounce::mark(&mut tx, &mail.to, reply, self.app.clock.now()).await?;
        }
        tx.commit().await?;
        if !ours {
            tracing::warn!(mail = %mail.id, "a mail is not in our hand any longer: it is left to who took it");
        }
        Ok(ours)
    }

    async fn close(self) {
        if let Some(submission) = self.open {
            submission.close().await;
        }
    }
}

/// When a mail that was not taken is tried again, after so many tries: later each time, and no more after four days.
fn next_try(attempts: i64, now: Moment) -> Turn {
    let made = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX);
    let longest = WAITS[WAITS.len() - 1];
    let early: u64 = WAITS.iter().sum();
    let waited = early + longest * made.saturating_sub(WAITS.len()) as u64;
    if made >= WAITS.len() && Duration::from_secs(waited) > GIVEN_UP_AFTER {
        return Turn::Given { up_as: State::Failed };
    }
    Turn::PutOff { until: now.plus(Duration::from_secs(*WAITS.get(made).unwrap_or(&longest))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_grow_and_end_after_four_days() {
        let wait = |attempts| match next_try(attempts, Moment(0)) {
            Turn::PutOff { until } => Some(until.0 / 1000),
            _ => None,
        };
        for (attempts, seconds) in [(1, 30), (2, 60), (3, 120), (4, 300), (5, 600), (6, 900), (7, 900), (300, 900)] {
            assert_eq!(wait(attempts), Some(seconds), "after {attempts} tries");
        }
        assert_eq!(wait(400), None);
    }
}
