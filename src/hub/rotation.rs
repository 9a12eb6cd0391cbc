//! In charge of putting another master key in the place of the present one (`security.md` 3, «Rotation»). The database is the
//! truth: the key that it names is the right one, and what a kill has left of the files is settled by that name alone.
//!
//! `master.key.new` is written > one transaction seals everything anew and names the new key > the old file becomes `.old`,
//! the new one takes its place. Each step is safely on disk before the next.

use std::path::Path;

use anyhow::{Context, bail};

use super::seal::Seal;
use crate::app::App;
use crate::audit;
use crate::files::{key_file, lock};
use crate::key::{MasterKey, Purpose};
use crate::model::trace::{Act, Actor};
use crate::store::keys::KeyState;
use crate::store::{self, Db, Tx};

/// What the canary says: a text that only the right key opens.
const CANARY: &[u8] = b"sportello";

/// What a rotation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// Passwords that the new key seals.
    pub secrets: usize,
    /// The addresses of mailboxes whose password did not open, before as after: tampered rows, left as they were.
    pub unreadable: Vec<String>,
}

/// Makes a new master key and seals every secret anew with it. First finishes what a kill has left of another rotation.
///
/// # Errors
/// With words when it is not done; then the old key stays. A password that does not open is no reason: it did not open before
/// either, and whoever spoils a row must not be able to keep a leaked key in use. Its row is left as it is, and told.
pub async fn rotate(app: &App, actor: &Actor) -> anyhow::Result<Rotated> {
    let path = &app.settings.key_file;
    let _turn = turn(path).await?;
    settle(&app.db, path).await?;
    let next = MasterKey::generate();
    key_file::propose(path, &next)?;
    let sealed = seal_anew(app, actor, &next).await;
    // Refused, done, or a COMMIT of which nobody knows the end: the database says.
    let settled = settle(&app.db, path).await;
    let rotated = sealed?;
    settled.with_context(|| {
        let new = key_file::new_path(path);
        format!("everything is sealed by the new key, but it is still in {}; the next start moves it", new.display())
    })?;
    app.keys.master.named(&next.id()).context("the new key has just been put in its place and is gone")?;
    Ok(rotated)
}

/// Finishes what a kill has left of a rotation, if it has left anything. Waits for one that is on its way.
pub async fn finish(db: &Db, path: &Path) -> anyhow::Result<()> {
    if !key_file::new_path(path).try_exists()? {
        return Ok(());
    }
    let _turn = turn(path).await?;
    settle(db, path).await
}

/// True when the state's canary opens with this key.
pub fn is_sealed_by(state: &KeyState, master: &MasterKey) -> bool {
    state.key_id == master.id() && master.open(Purpose::Canary, &canary_bound(state), &state.sealed_canary).is_ok()
}

/// The state of an installation whose secrets this key seals.
pub fn state_for(instance_id: String, master: &MasterKey) -> KeyState {
    let mut state = KeyState { instance_id, key_id: master.id(), sealed_canary: Vec::new() };
    state.sealed_canary = master.seal(Purpose::Canary, &canary_bound(&state), CANARY);
    state
}

fn canary_bound(state: &KeyState) -> [&[u8]; 2] {
    [state.instance_id.as_bytes(), state.key_id.as_bytes()]
}

/// The turn among the rotations and starts of all nodes that share the key file.
async fn turn(path: &Path) -> anyhow::Result<lock::Lock> {
    // Waiting for a file's lock holds a thread, so it is one made for waiting.
    let path = path.to_path_buf();
    tokio::task::spawn_blocking(move || lock::rotate(&path)).await?
}

/// Moves the files to where the key that the database names says they belong. Whoever calls holds the turn.
async fn settle(db: &Db, path: &Path) -> anyhow::Result<()> {
    // Locked: the COMMIT of a rotation whose process is gone may still be on its way, and its key must not be thrown away.
    let mut tx = db.begin().await?;
    let Some(state) = store::keys::lock_state(&mut tx).await? else { return Ok(()) };
    let is_the_one =
        |place: &Path| key_file::read(place).is_ok_and(|key| key.is_some_and(|key| key.id() == state.key_id));
    let new = key_file::new_path(path);
    if is_the_one(&new) {
        tracing::info!(key.id = state.key_id, "the rotated master key is put in its place");
        key_file::put_in_place(path)
    } else if is_the_one(path) && new.try_exists()? {
        tracing::info!("a rotation of the master key was not made: its new key is thrown away");
        key_file::withdraw(path)
    } else {
        Ok(())
    }
}

/// The one transaction: all secrets, the keys that outlive the master, the canary, the name of the key, and the trace.
async fn seal_anew(app: &App, actor: &Actor, next: &MasterKey) -> anyhow::Result<Rotated> {
    let mut tx = app.db.begin().await?;
    let state = store::keys::lock_state(&mut tx).await?.context("the state of the keys is missing")?;
    let Some(master) = app.keys.master.named(&state.key_id).filter(|master| is_sealed_by(&state, master)) else {
        bail!("the key file is not the one this database is sealed by");
    };
    let instance_id = state.instance_id.as_str();
    for (name, sealed) in store::keys::installation_keys(&mut tx).await? {
        let bound = [instance_id.as_bytes(), name.as_bytes()];
        let opened = master.open(Purpose::Installation, &bound, &sealed);
        let opened = opened.with_context(|| format!("the installation's key «{name}» does not open"))?;
        store::keys::put_installation_key(&mut tx, &name, &next.seal(Purpose::Installation, &bound, &opened)).await?;
    }
    let rotated = renew_secrets(&mut tx, Seal { master: &master, instance_id }, next).await?;
    store::keys::set_state(&mut tx, &state_for(state.instance_id.clone(), next)).await?;
    let mut told = format!("{} → {}, {} passwords", state.key_id, next.id(), rotated.secrets);
    if !rotated.unreadable.is_empty() {
        told.push_str(&format!("; left as they were, not readable: {}", rotated.unreadable.join(", ")));
    }
    audit::record(app, &mut tx, actor, Act::on("key.rotated", instance_id).with(told)).await?;
    tx.commit().await?;
    Ok(rotated)
}

async fn renew_secrets(tx: &mut Tx, seal: Seal<'_>, next: &MasterKey) -> anyhow::Result<Rotated> {
    let mut rotated = Rotated { secrets: 0, unreadable: Vec::new() };
    for (mailbox, sealed) in store::secrets::all(tx).await? {
        match seal.renew(next, &mailbox.id, &mailbox.card, &sealed) {
            Ok(renewed) => {
                rotated.secrets += usize::from(store::secrets::reseal(tx, &mailbox.id, &renewed).await?);
            }
            Err(_) => rotated.unreadable.push(mailbox.card.address),
        }
    }
    Ok(rotated)
}
