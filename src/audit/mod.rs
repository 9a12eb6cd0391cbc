//! In charge of the trace: every act is written down in the transaction that does it, chained to the one before.
//! Does not know what the acts mean.

use crate::app::App;
use crate::chain::{Break, ChainKey, Walk};
use crate::clock::Moment;
use crate::model::trace::{Act, Actor, Entry};
use crate::store::{self, Tx};

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

/// Walks the chain from its first row to its head, as it stands at one moment.
pub async fn verify(app: &App) -> store::Result<Verdict> {
    let mut c = app.db.read().await?;
    // The head is read first: rows that are added during the walk are not waited for.
    let head = store::audit::head(&mut c).await?;
    let mut walk = Walk::new(&app.keys.chain);
    let Some(head) = head else { return Ok(Verdict { rows: 0, broken: Some(Break::Head) }) };
    loop {
        let rows = store::audit::after(&mut c, walk.seq(), 1000).await?;
        let last = rows.len() < 1000;
        for entry in rows {
            if entry.seq > head.seq && walk.seq() == head.seq {
                return Ok(Verdict { rows: walk.seq(), broken: walk.end(&head).err() });
            }
            if let Err(broken) = walk.step(&entry) {
                return Ok(Verdict { rows: walk.seq(), broken: Some(broken) });
            }
        }
        if last {
            return Ok(Verdict { rows: walk.seq(), broken: walk.end(&head).err() });
        }
    }
}
