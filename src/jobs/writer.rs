//! In charge of what this node has in hand: writes what visits saw, several at once while a write is on its way, and holds
//! their leases until then. Does not know who claims visits, nor when.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, timeout_at};

use crate::app::Shared;
use crate::hub::visit::{self, Look};
use crate::model::id::VisitId;
use crate::store;

/// The most looks that are written in one transaction.
const MOST_AT_ONCE: usize = 128;

/// What has been seen waits so long for more to be written with it; a refused login does not wait.
const GATHER: Duration = Duration::from_millis(10);

/// The visits that this node has claimed and not ended.
#[derive(Debug, Default)]
pub struct InHand(Mutex<HashSet<VisitId>>);

impl InHand {
    /// A visit is about to be made.
    pub fn take(&self, visit: VisitId) {
        self.visits().insert(visit);
    }

    /// A visit is not held any longer.
    pub fn put_down(&self, visit: &VisitId) {
        self.visits().remove(visit);
    }

    /// All of them.
    pub fn all(&self) -> Vec<VisitId> {
        self.visits().iter().cloned().collect()
    }

    fn len(&self) -> usize {
        self.visits().len()
    }

    fn visits(&self) -> MutexGuard<'_, HashSet<VisitId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes looks as they come, until nobody can send any.
pub async fn run(app: Shared, mut seen: UnboundedReceiver<Look>, in_hand: Arc<InHand>) {
    let mut looks = Vec::with_capacity(MOST_AT_ONCE);
    while seen.recv_many(&mut looks, MOST_AT_ONCE).await > 0 {
        gather(&mut seen, &mut looks, &in_hand).await;
        if let Err(fault) = visit::write(&app, &looks).await {
            tracing::warn!(error = %fault, visits = looks.len(), "visits could not be written together; each is written alone");
            // One that cannot be written does not take the others with it.
            for look in &looks {
                if let Err(fault) = visit::write(&app, std::slice::from_ref(look)).await {
                    tracing::error!(error = %fault, visit = %look.visit.id, "a visit could not be written; it will be made again when its lease ends");
                }
            }
        }
        looks.iter().for_each(|look| in_hand.put_down(&look.visit.id));
        looks.clear();
        app.work.notify_one();
    }
}

/// Waits for more while there is more to come.
async fn gather(seen: &mut UnboundedReceiver<Look>, looks: &mut Vec<Look>, in_hand: &InHand) {
    let ends = Instant::now() + GATHER;
    while looks.len() < MOST_AT_ONCE.min(in_hand.len()) && !looks.iter().any(Look::is_refusal) {
        match timeout_at(ends, seen.recv()).await {
            Ok(Some(look)) => looks.push(look),
            _ => return,
        }
    }
}

/// Holds the leases of what is in hand, until it is stopped. A visit that is no longer ours goes on, and finds that it may not
/// write.
pub async fn hold(app: Shared, in_hand: Arc<InHand>) {
    let mut renewal = tokio::time::interval(app.settings.imap_timeout);
    loop {
        renewal.tick().await;
        let visits = in_hand.all();
        if visits.is_empty() {
            continue;
        }
        let renewed: store::Result<()> = async {
            let mut tx = app.db.begin().await?;
            store::visits::renew(&mut tx, &app.node, &visits, visit::lease_ms(&app)).await?;
            tx.commit().await
        }
        .await;
        if let Err(fault) = renewed {
            tracing::warn!(error = %fault, "the leases of visits could not be renewed");
        }
    }
}
