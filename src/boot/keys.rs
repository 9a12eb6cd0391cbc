//! In charge of the keys of an installation at the start: opened, or made for a database that has none. Never another key
//! for a database that has one.

use std::path::Path;

use anyhow::{Context, bail};
use zeroize::Zeroizing;

use crate::app::Keys;
use crate::audit;
use crate::chain::ChainKey;
use crate::clock::Clock;
use crate::files::key_file;
use crate::files::master::Master;
use crate::hub::rotation;
use crate::key::{InstallationKey, MasterKey, Purpose, random, random_name};
use crate::model::trace::{Act, Actor};
use crate::store::keys::KeyState;
use crate::store::{self, Db};

/// Opens the keys, making them for a database that has none. A database sealed by another key stops the start with words. The
/// keys are opened one after another: where a rotation has passed between them it is begun again.
pub(super) async fn open(path: &Path, db: &Db, clock: &Clock) -> anyhow::Result<Keys> {
    let key_id = async || -> anyhow::Result<Option<String>> {
        Ok(store::keys::state_with(&mut *db.read().await?, "audit").await?.map(|(state, _)| state.key_id))
    };
    let mut before = key_id().await?;
    loop {
        let opened = open_once(path, db, clock).await;
        let after = key_id().await?;
        if opened.is_ok() || before.is_none() || before == after {
            return opened;
        }
        before = after;
    }
}

async fn open_once(path: &Path, db: &Db, clock: &Clock) -> anyhow::Result<Keys> {
    let (master, state, sealed) = match look_for_keys(db, path).await? {
        (Some(key), Some((state, sealed))) => (key, state, sealed),
        (None, Some(_)) => bail!(missing_key(path)),
        (key, None) => {
            let master = match key {
                Some(key) => key,
                None => first_master(path)?,
            };
            let (state, sealed) = first_keys(db, &master, clock).await?;
            (master, state, sealed)
        }
    };
    if !rotation::is_sealed_by(&state, &master) {
        bail!(wrong_key(path, &state));
    }
    let chain = open_chain(&master, &state, sealed)?;
    let outbox = open_or_make(db, &master, &state.instance_id, "outbox").await?;
    let outbox = InstallationKey::new(outbox, Purpose::Outbox);
    let intake = open_or_make(db, &master, &state.instance_id, "intake").await?;
    let intake = InstallationKey::new(intake, Purpose::Intake);
    let master = Master::new(path.to_path_buf(), master);
    Ok(Keys { master, chain, outbox, intake, instance_id: state.instance_id })
}

/// Opens one of the installation's keys that came after the first, making it for a database that has none yet.
async fn open_or_make(
    db: &Db,
    master: &MasterKey,
    instance_id: &str,
    name: &str,
) -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let bound = [instance_id.as_bytes(), name.as_bytes()];
    let (_, found) =
        store::keys::state_with(&mut *db.read().await?, name).await?.context("the state of the keys is missing")?;
    let sealed = match found {
        Some(sealed) => sealed,
        None => {
            let mut tx = db.begin().await?;
            // Rotations stand in this line too, and so do other nodes that start.
            let state = store::keys::lock_state(&mut tx).await?.context("the state of the keys is missing")?;
            if state.key_id != master.id() {
                bail!("the master key is being rotated: start again when it is done");
            }
            match store::keys::state_with(&mut tx, name).await? {
                Some((_, Some(sealed))) => sealed,
                _ => {
                    let sealed = master.seal(Purpose::Installation, &bound, random::<32>().as_slice());
                    store::keys::put_installation_key(&mut tx, name, &sealed).await?;
                    tx.commit().await?;
                    sealed
                }
            }
        }
    };
    let opened = master.open(Purpose::Installation, &bound, &sealed);
    let opened = opened.with_context(|| format!("the installation's key «{name}» does not open"))?;
    let bytes: [u8; 32] =
        opened.as_slice().try_into().with_context(|| format!("the key «{name}» has another length"))?;
    Ok(bytes.into())
}

/// Opens the key of the trace.
pub(super) fn open_chain(master: &MasterKey, state: &KeyState, sealed: Option<Vec<u8>>) -> anyhow::Result<ChainKey> {
    let sealed = sealed.context("the key of the trace is missing")?;
    let opened = master
        .open(Purpose::Installation, &[state.instance_id.as_bytes(), b"audit"], &sealed)
        .map_err(|_| anyhow::anyhow!("the key of the trace does not open: the database was tampered with"))?;
    let chain: [u8; 32] = opened.as_slice().try_into().context("the key of the trace has another length")?;
    Ok(ChainKey::new(chain.into()))
}

/// The words for a key file that is not there.
pub(super) fn missing_key(path: &Path) -> String {
    format!(
        "the key file {} is missing, and this database is sealed by a key: put the key file back in its place. \
         Without it the passwords of the mailboxes cannot be opened",
        path.display()
    )
}

/// The words for a key file that holds another key, with the name of the right one when it lies beside.
pub(super) fn wrong_key(path: &Path, state: &KeyState) -> String {
    let old = key_file::old_path(path);
    let is_old = key_file::read(&old).is_ok_and(|key| key.is_some_and(|key| key.id() == state.key_id));
    format!(
        "the key file {} is not the one this database is sealed by: put the right key file in its place{}",
        path.display(),
        if is_old { format!(" ({} is the one)", old.display()) } else { String::new() }
    )
}

/// What the key file holds, and what the database says of its keys, with the sealed key of the trace.
type Found = (Option<MasterKey>, Option<(KeyState, Option<Vec<u8>>)>);

/// Looks for the keys, finishing first what a kill has left of a rotation. Looks once more when file and database do not
/// agree: a rotation may have been made between one and the other.
async fn look_for_keys(db: &Db, path: &Path) -> anyhow::Result<Found> {
    let look = async || -> anyhow::Result<Found> {
        rotation::finish(db, path).await?;
        let state = store::keys::state_with(&mut *db.read().await?, "audit").await?;
        Ok((key_file::read(path)?, state))
    };
    match look().await? {
        (key, Some((state, _))) if key.as_ref().is_none_or(|key| key.id() != state.key_id) => look().await,
        found => Ok(found),
    }
}

/// Makes the key of a database that has none.
fn first_master(path: &Path) -> anyhow::Result<MasterKey> {
    let key = MasterKey::generate();
    match key_file::create(path, &key)? {
        true => Ok(key),
        // Another process has just made one: there is one key, and it is that.
        false => key_file::read(path)?.context("the key file has just been there and is gone"),
    }
}

/// Makes the keys of a database that has none, and the beginning of its trace. When another node is quicker, its keys count.
async fn first_keys(db: &Db, master: &MasterKey, clock: &Clock) -> anyhow::Result<(KeyState, Option<Vec<u8>>)> {
    let state = rotation::state_for(random_name::<16>(), master);
    let mut tx = db.begin().await?;
    if !store::keys::insert_state(&mut tx, &state).await? {
        drop(tx);
        let others = store::keys::state_with(&mut *db.read().await?, "audit").await?;
        return others.context("the state of the keys is missing");
    }
    let chain = random::<32>();
    let sealed = master.seal(Purpose::Installation, &[state.instance_id.as_bytes(), b"audit"], chain.as_slice());
    store::keys::put_installation_key(&mut tx, "audit", &sealed).await?;
    let chain = ChainKey::new(chain);
    store::audit::insert_head(&mut tx, &chain.head(0, Vec::new())).await?;
    audit::begin(&mut tx, &chain, clock.now(), &Actor::system(), Act::on("installation.created", &state.instance_id))
        .await?;
    tx.commit().await?;
    Ok((state, Some(sealed)))
}
