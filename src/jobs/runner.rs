//! In charge of making the jobs go on this node: begins what is due, claims visits and makes them within bounds, ends runs.
//! Does not know how looks are written and claims held: `writer` does.
//! What it knows is in rows: a node that dies is taken over by the next claim after its lease.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::{self, JoinError, JoinSet};
use tokio::time::Instant;

use super::begin;
use super::writer::{self, InHand};
use crate::app::{App, Shared};
use crate::clock::Moment;
use crate::hub::visit;
use crate::model::id::VisitId;
use crate::model::job::JobName;
use crate::store::visits::InHandOf;
use crate::timetable::timetable;
use crate::{desk, people, store};

/// How often the runner looks around when nobody rings.
const TICK: Duration = Duration::from_millis(500);

/// Claims are at least so far apart: when visits end in quick order, one claim takes the places of several.
const BETWEEN_CLAIMS: Duration = Duration::from_millis(10);

/// How long visits on their way are waited for when the program stops: a login that was sent is better heard out.
const FAREWELL: Duration = Duration::from_secs(4);

/// How often sessions that are over are thrown away, and the head of the trace is written to the log: an anchor outside the
/// database (`security.md` 4).
const HOUSEKEEPING_EVERY: Duration = Duration::from_secs(300);

/// The word to stop, given once to everybody who listens.
pub type Stop = watch::Receiver<bool>;

/// Runs until told to stop; then takes nothing more, hears out what is on its way, and hands back what it has not finished.
pub async fn run(app: Shared, stop: Stop) {
    work(app, stop, true).await;
}

/// As [`run`], but begins no job: makes the visits that stand in line, beside whoever else makes some.
pub async fn help(app: Shared, stop: Stop) {
    work(app, stop, false).await;
}

async fn work(app: Shared, mut stop: Stop, begins_jobs: bool) {
    let (looks, seen) = mpsc::unbounded_channel();
    let in_hand = Arc::new(InHand::default());
    let writing = tokio::spawn(writer::run(app.clone(), seen, in_hand.clone()));
    let holding = tokio::spawn(writer::hold(app.clone(), in_hand.clone()));
    let mut runner = Runner {
        app: app.clone(),
        begins_jobs,
        begun: HashMap::new(),
        in_hand,
        looks,
        visits: JoinSet::new(),
        made_by: HashMap::new(),
        looked_for_dead: None,
        is_busy: false,
    };
    let mut housekeeping = tokio::time::interval(HOUSEKEEPING_EVERY);
    while !*stop.borrow() {
        let began = Instant::now();
        if let Err(fault) = runner.look_around().await {
            tracing::error!(error = %fault, "the jobs could not look around; they will try again");
        }
        tokio::select! {
            () = app.work.notified() => {}
            () = tokio::time::sleep(TICK) => {}
            Some(made) = runner.visits.join_next_with_id(), if !runner.visits.is_empty() => runner.ended(made),
            _ = housekeeping.tick(), if begins_jobs => keep_house(&app).await,
            _ = stop.changed() => {}
        }
        // With nothing on its way there is nothing to gather.
        if !runner.visits.is_empty() {
            tokio::time::sleep_until(began + BETWEEN_CLAIMS).await;
        }
    }
    let all_back = async { while runner.visits.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(FAREWELL, all_back).await;
    runner.visits.shutdown().await;
    // The last looks are written before what is left is handed back.
    drop(runner);
    if let Err(fault) = writing.await {
        tracing::error!(error = %fault, "the last visits could not be written");
    }
    holding.abort();
    match hand_back(&app).await {
        Ok(0) => {}
        Ok(visits) => tracing::info!(visits, "visits not finished were handed back"),
        Err(fault) => tracing::warn!(error = %fault, "visits not finished will be taken over when their lease ends"),
    }
}

struct Runner {
    app: Shared,
    begins_jobs: bool,
    /// The last slot seen of each job: the database says whose it was.
    begun: HashMap<JobName, Moment>,
    in_hand: Arc<InHand>,
    looks: mpsc::UnboundedSender<visit::Look>,
    visits: JoinSet<()>,
    made_by: HashMap<task::Id, VisitId>,
    /// When visits of nodes that are dead were last looked for.
    looked_for_dead: Option<Instant>,
    /// The last claim found something to make.
    is_busy: bool,
}

impl Runner {
    async fn look_around(&mut self) -> store::Result<()> {
        // Before a slot begins: a visit that is back in line is not doubled by it.
        if self.looked_for_dead.is_none_or(|at| at.elapsed() >= TICK) {
            self.looked_for_dead = Some(Instant::now());
            take_from_the_dead(&self.app, &self.in_hand.all()).await?;
        }
        // A job that cannot begin does not keep the others' work from going on.
        let begun = if self.begins_jobs { self.begin_due().await } else { Ok(()) };
        while let Some(made) = self.visits.try_join_next_with_id() {
            self.ended(made);
        }
        self.claim().await?;
        finish_runs(&self.app).await?;
        begun
    }

    async fn begin_due(&mut self) -> store::Result<()> {
        let now = self.app.clock.now();
        for job in timetable(&self.app.settings) {
            if let Some(slot) = job.last(now)
                && job.enabled
                && self.begun.get(&job.name) != Some(&slot)
            {
                begin(&self.app, job.name, slot).await?;
                self.begun.insert(job.name, slot);
            }
        }
        Ok(())
    }

    /// Claims as many visits as there are places, and sets each on its way.
    async fn claim(&mut self) -> store::Result<()> {
        let app = &self.app;
        let free = app.settings.refresh_concurrency.saturating_sub(self.visits.len());
        if free == 0 {
            return Ok(());
        }
        // A claim is a write: where the last one found nothing, whether there is something is asked first.
        let now = app.clock.now();
        if !self.is_busy && !store::visits::any_due(&mut *app.db.read().await?, now).await? {
            return Ok(());
        }
        let tasks = visit::claim(app, free).await?;
        self.is_busy = !tasks.is_empty();
        for task in tasks {
            let (app, looks, id) = (self.app.clone(), self.looks.clone(), task.visit.id.clone());
            self.in_hand.take(id.clone());
            // Nobody hears the look only when the program has stopped: then the visit is handed back.
            let making = self.visits.spawn(async move { drop(looks.send(visit::look(&app, task).await)) });
            self.made_by.insert(making.id(), id);
        }
        Ok(())
    }

    fn ended(&mut self, made: Result<(task::Id, ()), JoinError>) {
        let id = made.as_ref().map_or_else(JoinError::id, |(id, ())| *id);
        let visit = self.made_by.remove(&id);
        if let (Err(fault), Some(visit)) = (made, visit) {
            tracing::error!(error = %fault, "a visit broke off; it will be made again when its lease ends");
            self.in_hand.put_down(&visit);
        }
    }
}

async fn finish_runs(app: &App) -> store::Result<()> {
    let ready = store::runs::ready_to_finish(&mut *app.db.read().await?).await?;
    if ready.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    for (run, tally) in ready {
        store::runs::finish(&mut tx, &run, tally, app.clock.now()).await?;
    }
    // Consoles show how far a run has come: its end is a change.
    store::mailboxes::say_changed(&mut tx).await?;
    tx.commit().await?;
    app.look_again();
    Ok(())
}

/// A node that has not renewed its leases in time is taken for dead: others make its visits.
async fn take_from_the_dead(app: &App, ours: &[VisitId]) -> store::Result<()> {
    if !store::visits::any_of_the_dead(&mut *app.db.read().await?, app.db.engine()).await? {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    store::visits::stand_in_line(&mut tx).await?;
    let visits = store::visits::hand_back(&mut tx, InHandOf::TheDead { but: ours }).await?;
    tx.commit().await?;
    if visits > 0 {
        tracing::warn!(visits, "visits whose leases had ended were taken over");
    }
    Ok(())
}

async fn hand_back(app: &App) -> store::Result<u64> {
    let mut tx = app.db.begin().await?;
    let visits = store::visits::hand_back(&mut tx, InHandOf::Node(&app.node)).await?;
    tx.commit().await?;
    Ok(visits)
}

async fn keep_house(app: &App) {
    if let Err(fault) = people::session::forget_stale(app).await {
        tracing::warn!(error = %fault, "sessions that are over could not be thrown away");
    }
    if let Err(fault) = people::brake::forget_old(app).await {
        tracing::warn!(error = %fault, "old failed log-ins could not be forgotten");
    }
    if let Err(fault) = desk::assistance::forget_old(app).await {
        tracing::warn!(error = %fault, "requests that were not confirmed in time could not be forgotten");
    }
    if let Err(fault) = desk::attachment::forget_loose(app).await {
        tracing::warn!(error = format!("{fault:#}"), "files that no message names could not be thrown away");
    }
    if let Err(fault) = desk::presence::forget_old(app).await {
        tracing::warn!(error = %fault, "old drafts could not be forgotten");
    }
    if let Err(fault) = desk::ticket::forget_keys(app).await {
        tracing::warn!(error = %fault, "old keys of requests could not be forgotten");
    }
    let head = async { store::audit::head(&mut *app.db.read().await?).await };
    match head.await {
        Ok(Some(head)) => tracing::info!(seq = head.seq, hash = hex::encode(head.hash), "head of the trace"),
        Ok(None) => {}
        Err(fault) => tracing::warn!(error = %fault, "the head of the trace could not be read"),
    }
}
