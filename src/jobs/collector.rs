//! In charge of reading the desk's own mailboxes from this node: one session for each that is in no other node's hand, begun anew
//! when it ends, later each time when it ends badly. Does not know what is read.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::{AbortHandle, Id, JoinSet};
use tokio::time::Instant;

use super::Stop;
use crate::app::Shared;
use crate::intake::reading::{self, Ended};
use crate::model::id::IntakeMailboxId;
use crate::model::intake::IntakeMailbox;
use crate::store::{self, Engine};

/// How often it is looked whose sessions are to be begun or ended.
const TICK: Duration = Duration::from_secs(5);

/// How long a mailbox stays this node's without a look.
const LEASE_MS: i64 = 20_000;

/// How long after an end with a fault the next session begins, in seconds; the last is repeated. A refused login has none (H18).
const WAITS: [u64; 5] = [5, 30, 60, 120, 300];

/// How often it is looked, at the end, whether a login is still on its way.
const HEARS_OUT: Duration = Duration::from_millis(50);

/// A session that has lasted so long has worked.
const WORKED: Duration = Duration::from_secs(60);

/// A mailbox that this node reads.
struct Read {
    one: IntakeMailbox,
    /// None between two sessions.
    session: Option<(Id, AbortHandle)>,
    /// Whether its session has a password on its way: it is heard out.
    is_at_login: Arc<AtomicBool>,
    is_refused: bool,
    begun_at: Instant,
    faults: usize,
    next_at: Instant,
}

/// Reads until told to stop. What was being fetched then is on its server still.
pub async fn run(app: Shared, mut stop: Stop) {
    // On SQLite there is one node: whoever had them before is gone.
    if app.db.engine() == Engine::Sqlite
        && let Err(fault) = give_back(&app, None).await
    {
        tracing::warn!(error = %fault, "the desk's mailboxes will be taken over when their lease ends");
    }
    let (mut reads, mut sessions) = (HashMap::new(), JoinSet::new());
    while !*stop.borrow() {
        if let Err(fault) = look(&app, &mut reads, &mut sessions).await {
            tracing::error!(error = %fault, "the desk's mailboxes could not be looked up; it will be tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            () = app.intake.notified() => {}
            Some(ended) = sessions.join_next_with_id() => {
                let (id, ended) = ended.unwrap_or_else(|fault| {
                    (fault.id(), Ended::NotKept(anyhow::anyhow!("a session broke off: {fault}")))
                });
                end(&app, &mut reads, id, &ended).await;
            }
            _ = stop.changed() => {}
        }
    }
    while reads.values().any(|read: &Read| read.session.is_some() && read.is_at_login.load(Ordering::Relaxed)) {
        tokio::select! {
            Some(ended) = sessions.join_next_with_id() => {
                let (id, ended) = ended.unwrap_or_else(|fault| (fault.id(), Ended::InOrder));
                end(&app, &mut reads, id, &ended).await;
            }
            () = tokio::time::sleep(HEARS_OUT) => {}
        }
    }
    sessions.shutdown().await;
    if let Err(fault) = give_back(&app, Some(&app.node)).await {
        tracing::warn!(error = %fault, "the desk's mailboxes will be taken over when their lease ends");
    }
}

/// Begins the sessions that are to be, and ends those that are not.
async fn look(
    app: &Shared,
    reads: &mut HashMap<IntakeMailboxId, Read>,
    sessions: &mut JoinSet<Ended>,
) -> store::Result<()> {
    let mut tx = app.db.begin().await?;
    let ours = store::intake_mailboxes::claim(&mut tx, &app.node, LEASE_MS).await?;
    tx.commit().await?;
    reads.retain(|id, read| {
        let is_same = ours.iter().any(|(one, _)| one.id == *id && one.revision == read.one.revision);
        let stays = is_same || (read.session.is_some() && read.is_at_login.load(Ordering::Relaxed));
        if let (false, Some((_, session))) = (stays, &read.session) {
            session.abort();
        }
        stays
    });
    for (one, sealed) in ours {
        let fresh = || Read {
            one: one.clone(),
            session: None,
            is_at_login: Arc::default(),
            is_refused: false,
            begun_at: Instant::now(),
            faults: 0,
            next_at: Instant::now(),
        };
        let read = reads.entry(one.id.clone()).or_insert_with(fresh);
        if read.session.is_none() && !read.is_refused && read.next_at <= Instant::now() {
            let (app, is_at_login) = (app.clone(), read.is_at_login.clone());
            let session = sessions.spawn(async move { reading::session(&app, &one, &sealed, &is_at_login).await });
            (read.session, read.begun_at) = (Some((session.id(), session)), Instant::now());
        }
    }
    Ok(())
}

/// Writes how a session ended, and when the next begins.
async fn end(app: &Shared, reads: &mut HashMap<IntakeMailboxId, Read>, session: Id, ended: &Ended) {
    let Some(read) = reads.values_mut().find(|read| read.session.as_ref().is_some_and(|(id, _)| *id == session)) else {
        return;
    };
    read.session = None;
    // One that has worked for a while begins the count anew: some servers hang up early.
    let has_worked = read.begun_at.elapsed() >= WORKED;
    let faults = if has_worked { 0 } else { read.faults };
    read.faults = if matches!(ended, Ended::InOrder) { 0 } else { faults + 1 };
    let wait = read.faults.checked_sub(1).map_or(0, |at| WAITS[at.min(WAITS.len() - 1)]);
    read.next_at = Instant::now() + Duration::from_secs(wait);
    // Also when it cannot be written: a refused password is not sent again before somebody has changed something (H18).
    read.is_refused |= matches!(ended, Ended::Fault(fault) if fault.kind.is_refusal());
    if let Err(fault) = reading::write_end(app, &read.one, ended).await {
        tracing::error!(error = %fault, "how a mailbox of the desk stands could not be written");
    }
}

async fn give_back(app: &Shared, node: Option<&str>) -> store::Result<()> {
    let mut tx = app.db.begin().await?;
    store::intake_mailboxes::give_back(&mut tx, node).await?;
    tx.commit().await
}
