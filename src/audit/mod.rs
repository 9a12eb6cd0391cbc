//! In charge of the trace: every act is written down in the transaction that does it, chained to the one before.
//! Does not know what the acts mean.

use crate::app::App;
use crate::chain::{Break, ChainKey, Walk};
use crate::clock::Moment;
use crate::model::trace::{Act, Actor, Entry};
use crate::store::{self, Db, Tx};

/// Writes an act down. It lasts exactly when the act does: same transaction.
pub async fn record(app: &App, tx: &mut Tx, actor: &Actor, act: Act) -> store::Result<()> {
    begin(tx, &app.keys.chain, app.clock.now(), actor, act).await
}

/// The same for the act that begins the trace, when there is no program yet to do it.
pub async fn begin(tx: &mut Tx, chain: &ChainKey, now: Moment, actor: &Actor, act: Act) -> store::Result<()> {
    let head = store::audit::lock_head(tx).await?;
    let mut entry = Entry {
        seq: head.seq + 1,
        at: now,
        actor: actor.name.clone(),
        action: act.action.into(),
        subject: act.subject,
        detail: act.detail,
        ip: actor.ip.clone(),
        prev: head.hash,
        hash: Vec::new(),
    };
    entry.hash = chain.hash(&entry);
    let mac = chain.head_mac(entry.seq, &entry.hash);
    store::audit::append(tx, &entry, &mac).await
}

/// What has changed of a thing, each with old and new, as the detail of an act.
pub fn differences(what: Vec<(&str, String, String)>) -> String {
    let changed = what.into_iter().filter(|(_, old, new)| old != new);
    changed.map(|(what, old, new)| format!("{what}: {old} → {new}")).collect::<Vec<_>>().join("; ")
}

/// Writes down an act that changes nothing else: an access.
pub async fn record_alone(app: &App, actor: &Actor, act: Act) -> store::Result<()> {
    let mut tx = app.db.begin().await?;
    record(app, &mut tx, actor, act).await?;
    tx.commit().await
}

/// What a walk along the whole chain found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Rows that are as they were written.
    pub rows: i64,
    /// The first place where the chain is broken.
    pub broken: Option<Break>,
}

/// Walks the chain from its first row to its head. Rows that are added during the walk are walked over too.
pub async fn verify(app: &App) -> store::Result<Verdict> {
    walk(&app.db, &app.keys.chain).await
}

/// The same where there is no program, but its database and the key of its trace.
pub async fn walk(db: &Db, chain: &ChainKey) -> store::Result<Verdict> {
    const STRETCH: usize = 1000;
    let mut c = db.read().await?;
    let mut walk = Walk::new(chain);
    loop {
        let rows = store::audit::after(&mut c, walk.seq(), STRETCH as i64).await?;
        for entry in &rows {
            if let Err(broken) = walk.step(entry) {
                return Ok(Verdict { rows: walk.seq(), broken: Some(broken) });
            }
        }
        if rows.len() == STRETCH {
            continue;
        }
        // A row and the head move together, so a head read after the rows is never behind them, unless it was put back.
        let Some(head) = store::audit::head(&mut c).await? else {
            return Ok(Verdict { rows: walk.seq(), broken: Some(Break::Head) });
        };
        let has_grown = head.seq > walk.seq() && !store::audit::after(&mut c, walk.seq(), 1).await?.is_empty();
        if !has_grown {
            return Ok(Verdict { rows: walk.seq(), broken: walk.end(&head).err() });
        }
    }
}
