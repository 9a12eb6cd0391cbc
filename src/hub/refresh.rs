//! In charge of putting visits in line: by the schedule, by a button, by the API. All the same run, all the same visits.

use std::time::Duration;

use super::refusal;
use super::visit::slot_length;
use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::model::id::{MailboxId, OrganizationId, RunId};
use crate::model::job::{JobName, Run};
use crate::model::mailbox::Mailbox;
use crate::model::trace::{Act, Actor};
use crate::store::visits::{Enqueue, When};
use crate::store::{self, Result};

/// Finished runs and visits are kept so long; what they found stays in the mailboxes and the trace. Visits are many: of five
/// thousand mailboxes half a day is some 300 MB.
const RUNS_KEPT: Duration = Duration::from_secs(48 * 3600);
const VISITS_KEPT: Duration = Duration::from_secs(12 * 3600);

/// The visits of a slot are spread over half of it, and no longer than this (J05).
const LONGEST_SPREAD: Duration = Duration::from_secs(30);

/// Begins the run of a slot. None when the slot has one already.
pub async fn begin_slot(app: &App, slot: Moment) -> Result<Option<RunId>> {
    let now = app.clock.now();
    let run = new_run(Some(slot), now);
    let spread = (slot_length(app, now) / 2).min(LONGEST_SPREAD).as_millis() as i64;
    let wanted = Enqueue { only: None, within: None, when: When::Slot(slot, spread) };
    let mut tx = app.db.begin().await?;
    store::visits::stand_in_line(&mut tx).await?;
    if !store::runs::insert(&mut tx, &run, &app.node, None).await? {
        return Ok(None);
    }
    store::visits::enqueue(&mut tx, &run.id, &wanted, now).await?;
    let ago = |kept: Duration| Moment(now.0 - kept.as_millis() as i64);
    refusal::forget_old(app, &mut tx).await?;
    store::runs::delete_finished(&mut tx, ago(RUNS_KEPT), ago(VISITS_KEPT)).await?;
    tx.commit().await?;
    Ok(Some(run.id))
}

/// Which mailboxes somebody asks to visit.
#[derive(Debug, Clone)]
pub enum Scope<'m> {
    /// All of them, or all of these bodies.
    All {
        within: Option<Vec<OrganizationId>>,
    },
    These(&'m [Mailbox]),
}

/// Begins a run that a person asked for. A visit that is in line already is not doubled: it becomes part of this run and goes
/// first.
pub async fn begin(app: &App, actor: &Actor, scope: Scope<'_>) -> Result<RunId> {
    let now = app.clock.now();
    let run = new_run(None, now);
    let (only, within, acts) = match scope {
        Scope::These(mailboxes) => {
            let acts = mailboxes.iter().map(|one| Act::on("mailbox.refreshed", &one.card.address)).collect();
            (Some(mailboxes.iter().map(|one| one.id.clone()).collect()), None, acts)
        }
        Scope::All { within } => (None, within, vec![Act::on("job.run", JobName::RefreshMailboxes.as_str())]),
    };
    let wanted = Enqueue { only, within, when: When::Now(now) };
    let mut tx = app.db.begin().await?;
    store::visits::stand_in_line(&mut tx).await?;
    store::runs::insert(&mut tx, &run, &app.node, Some(&actor.name)).await?;
    store::visits::adopt(&mut tx, &run.id, &wanted, now).await?;
    store::visits::enqueue(&mut tx, &run.id, &wanted, now).await?;
    for act in acts {
        audit::record(app, &mut tx, actor, act).await?;
    }
    tx.commit().await?;
    app.work.notify_one();
    app.look_again();
    Ok(run.id)
}

/// Waits until no visit of the mailbox is in line or being made, on whatever node; gives up after as long as a visit may take
/// with one before it.
pub async fn wait(app: &App, mailbox: &MailboxId) -> Result<()> {
    let mut made = app.visits_made.subscribe();
    let patience = app.settings.imap_timeout * 6;
    let waiting = async {
        loop {
            made.mark_unchanged();
            if !store::visits::is_open(&mut *app.db.read().await?, mailbox).await? {
                return Ok(());
            }
            // Another node may make the visit: it rings no bell here.
            let _ = tokio::time::timeout(Duration::from_millis(500), made.changed()).await;
        }
    };
    tokio::time::timeout(patience, waiting).await.unwrap_or(Ok(()))
}

fn new_run(slot: Option<Moment>, now: Moment) -> Run {
    Run {
        id: RunId::new(),
        job: JobName::RefreshMailboxes,
        slot,
        started_at: now,
        finished_at: None,
        outcome: None,
        tally: None,
    }
}
