//! In charge of the places for watched mailboxes (H21, H22): who adds a mailbox takes one, an administrator adds a block of
//! them. What is watched is never given up because the setting has shrunk.

use crate::app::App;
use crate::audit;
use crate::model::capacity::Capacity;
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::store::{self, Tx};

/// The capacity with so many blocks, when so many places are taken.
pub fn of(app: &App, blocks: i64, used: i64) -> Capacity {
    let settings = &app.settings;
    Capacity { used, included: settings.included_mailboxes.into(), blocks, block_size: settings.block_size.into() }
}

/// How many places there are now, and how many are taken.
pub async fn read(app: &App) -> store::Result<Capacity> {
    let mut c = app.db.read().await?;
    let blocks = store::capacity::blocks(&mut c).await?;
    Ok(of(app, blocks, store::capacity::used(&mut c).await?))
}

/// Refuses who would not find a place. Somebody else may still be quicker: `take_place` has the last word.
pub async fn check(app: &App) -> Result<(), Refusal> {
    refuse_full(read(app).await?)
}

/// Refuses unless a place is free, and lets nobody else take it before this write has ended.
pub async fn take_place(app: &App, tx: &mut Tx) -> Result<(), Refusal> {
    let blocks = store::capacity::lock(tx).await?;
    refuse_full(of(app, blocks, store::capacity::used(tx).await?))
}

/// Adds a block. With `seen`, only if there are still as many as somebody has seen: a button pressed twice adds one.
pub async fn add_block(app: &App, actor: &Actor, seen: Option<i64>) -> Result<Capacity, Refusal> {
    let mut tx = app.db.begin().await?;
    let blocks = store::capacity::lock(&mut tx).await?;
    if seen.is_some_and(|seen| seen != blocks) {
        return Err(Refusal::Conflict("conflict-capacity"));
    }
    let old = of(app, blocks, store::capacity::used(&mut tx).await?);
    let new = old.enlarged();
    store::capacity::set_blocks(&mut tx, new.blocks).await?;
    let detail = format!("{} → {} blocks, {} → {} mailboxes", old.blocks, new.blocks, old.allowed(), new.allowed());
    audit::record(app, &mut tx, actor, Act::on("capacity.block-added", "capacity").with(detail)).await?;
    tx.commit().await?;
    Ok(new)
}

fn refuse_full(capacity: Capacity) -> Result<(), Refusal> {
    match capacity.is_full() {
        true => Err(Refusal::Full { used: capacity.used, allowed: capacity.allowed() }),
        false => Ok(()),
    }
}
