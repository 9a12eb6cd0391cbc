//! In charge of making the jobs go on this node: begins what is due, claims visits and makes them within bounds, ends runs.
//! What it knows is in rows: a node that dies is taken over by the next claim after its lease.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::begin;
use crate::app::{App, Shared};
use crate::clock::Moment;
use crate::model::job::{JobName, Visit};
use crate::timetable::timetable;
use crate::{hub, people, store};

/// How often the runner looks around when nobody rings.
const TICK: Duration = Duration::from_millis(500);

/// How often sessions that are over are thrown away, and the head of the trace is written to the log: an anchor outside the
/// database (`security.md` 4).
const HOUSEKEEPING_EVERY: Duration = Duration::from_secs(300);

/// The word to stop, given once to everybody who listens.
pub type Stop = watch::Receiver<bool>;

/// Runs until told to stop; then takes nothing more, and hands back what it has not finished.
pub async fn run(app: Shared, mut stop: Stop) {
    let mut runner = Runner { app: app.clone(), begun: HashMap::new(), visits: JoinSet::new() };
    let mut housekeeping = tokio::time::interval(HOUSEKEEPING_EVERY);
    while !*stop.borrow() {
        if let Err(fault) = runner.look_around().await {
            tracing::error!(error = %fault, "the jobs could not look around; they will try again");
        }
        tokio::select! {
            () = app.work.notified() => {}
            () = tokio::time::sleep(TICK) => {}
            Some(made) = runner.visits.join_next(), if !runner.visits.is_empty() => report(made),
            _ = housekeeping.tick() => keep_house(&app).await,
            _ = stop.changed() => {}
        }
    }
    runner.visits.shutdown().await;
    match hand_back(&app).await {
        Ok(0) => {}
        Ok(visits) => tracing::info!(visits, "visits not finished were handed back"),
        Err(fault) => tracing::warn!(error = %fault, "visits not finished will be taken over when their lease ends"),
    }
}

struct Runner {
    app: Shared,
    /// The last slot seen of each job: the database says whose it was.
    begun: HashMap<JobName, Moment>,
    visits: JoinSet<store::Result<()>>,
}

impl Runner {
    async fn look_around(&mut self) -> store::Result<()> {
        // A job that cannot begin does not keep the others' work from going on.
        let begun = self.begin_due().await;
        while let Some(made) = self.visits.try_join_next() {
            report(made);
        }
        self.claim().await?;
        finish_runs(&self.app).await?;
        begun
    }

    async fn begin_due(&mut self) -> store::Result<()> {
        let now = self.app.clock.now();
        for job in timetable(&self.app.settings) {
            if let Some(slot) = job.last(now)
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
        let settings = &self.app.settings;
        let lease = lease(&self.app);
        let free = settings.refresh_concurrency.saturating_sub(self.visits.len());
        if free == 0 || !store::visits::any_due(&mut *self.app.db.read().await?, self.app.db.engine()).await? {
            return Ok(());
        }
        let mut tx = self.app.db.begin().await?;
        store::visits::stand_in_line(&mut tx).await?;
        let mut claimed = Vec::new();
        while claimed.len() < free
            && let Some(visit) =
                store::visits::claim(&mut tx, &self.app.node, settings.connections_per_server, lease).await?
        {
            claimed.push(visit);
        }
        tx.commit().await?;
        for visit in claimed {
            self.visits.spawn(make(self.app.clone(), visit));
        }
        Ok(())
    }
}

/// How long a claim holds without being renewed, in milliseconds.
fn lease(app: &App) -> i64 {
    app.settings.imap_timeout.as_millis() as i64 * 2
}

/// Makes a visit, holding its lease until it is done.
async fn make(app: Arc<App>, visit: Visit) -> store::Result<()> {
    // A task of its own: were it polled in turn with the visit, each could wait for the one writer that the other holds.
    // It ends with this one, however this one ends.
    let mut holding = JoinSet::new();
    holding.spawn(hold(app.clone(), visit.clone()));
    let made = hub::visit::make(&app, &visit).await;
    app.work.notify_one();
    made
}

/// Renews a visit's lease while it is ours. When it no longer is, the visit goes on and finds that it may not write.
async fn hold(app: Arc<App>, visit: Visit) {
    let mut renewal = tokio::time::interval(app.settings.imap_timeout);
    renewal.tick().await;
    loop {
        renewal.tick().await;
        match renew(&app, &visit).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(fault) => tracing::warn!(error = %fault, "a visit's lease could not be renewed"),
        }
    }
}

async fn renew(app: &App, visit: &Visit) -> store::Result<bool> {
    let mut tx = app.db.begin().await?;
    let is_ours = store::visits::renew(&mut tx, visit, lease(app)).await?;
    tx.commit().await?;
    Ok(is_ours)
}

fn report(made: Result<store::Result<()>, tokio::task::JoinError>) {
    match made {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => {
            tracing::error!(error = %fault, "a visit could not be written; it will be made again when its lease ends")
        }
        Err(fault) => tracing::error!(error = %fault, "a visit broke off; it will be made again when its lease ends"),
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
    tx.commit().await?;
    app.look_again();
    Ok(())
}

async fn hand_back(app: &App) -> store::Result<u64> {
    let mut tx = app.db.begin().await?;
    let visits = store::visits::hand_back(&mut tx, Some(&app.node)).await?;
    tx.commit().await?;
    Ok(visits)
}

async fn keep_house(app: &App) {
    if let Err(fault) = people::session::forget_stale(app).await {
        tracing::warn!(error = %fault, "sessions that are over could not be thrown away");
    }
    let head = async { store::audit::head(&mut *app.db.read().await?).await };
    match head.await {
        Ok(Some(head)) => tracing::info!(seq = head.seq, hash = hex::encode(head.hash), "head of the trace"),
        Ok(None) => {}
        Err(fault) => tracing::warn!(error = %fault, "the head of the trace could not be read"),
    }
}
