//! In charge of a backup of the whole installation and of its way back: database and files, never the key. On SQLite; for
//! PostgreSQL it says how its own tools do it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use super::keys;
use crate::config::Settings;
use crate::files::scratch::{self, Scratch};
use crate::files::{archive, key_file};
use crate::hub::rotation;
use crate::store::whole::Counts;
use crate::store::{self, Db, Schema};

/// What the key file is to the database that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFound {
    /// It opens the database.
    Opens,
    /// There is none; what to do.
    Missing(String),
    /// It is not the right one; what to do.
    Another(String),
}

/// Writes the archive while the server runs, or not. Never over a file.
pub async fn make(settings: &Settings, path: &Path) -> anyhow::Result<Counts> {
    let Some(file) = Db::file_of(&settings.database_url) else {
        bail!(
            "this installation is on PostgreSQL, whose own tool makes its backup while the server runs: \
             pg_dump --format=custom --file={} \"$DATABASE_URL\". Keep the folder {} with it, if it is there",
            path.display(),
            files(settings).display()
        )
    };
    ensure!(file.is_file(), super::no_database(settings));
    ensure!(!path.try_exists()?, "{} is there already and is not written over", path.display());
    let scratch = Scratch::within(scratch::folder_of(path))?;
    let (copy, whole) = (scratch.join("database"), scratch.join("archive"));
    let db = Db::open(&settings.database_url).await?;
    // The copy first: a file is on disk before the database speaks of it.
    store::whole::copy(&db, &copy).await.context("the database cannot be copied")?;
    db.close().await;
    let (counts, _) = look_into(&copy, async |_| Ok(())).await?;
    archive::write(&whole, &copy, &files(settings))?;
    scratch::put(&whole, path)?;
    Ok(counts)
}

/// Puts a backup into an installation that has no database. All of it, or nothing.
pub async fn restore(settings: &Settings, path: &Path) -> anyhow::Result<(Counts, KeyFound)> {
    let Some(target) = Db::file_of(&settings.database_url) else {
        bail!(
            "this installation is on PostgreSQL, whose own tool restores its backup into an empty database: \
             pg_restore --no-owner --dbname=\"$DATABASE_URL\" FILE"
        )
    };
    for there in [target.clone(), beside(&target, "-wal"), beside(&target, "-shm"), files(settings)] {
        ensure!(!there.try_exists()?, "{} is there already: restore into an installation without", there.display());
    }
    let (folder, data) = (scratch::folder_of(&target), settings.data_dir.as_path());
    for folder in [folder, data] {
        std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    }
    // One beside each place, since these may be two disks.
    let (for_database, for_files) = (Scratch::within(folder)?, Scratch::within(data)?);
    let (database, unpacked) = (for_database.join("database"), for_files.join("files"));
    let has_files = archive::read(path, &database, &unpacked)?;
    let looked = look_into(&database, async |db| take_over(settings, db).await).await;
    let (counts, key) = looked.with_context(|| format!("{} cannot be restored", path.display()))?;
    if has_files {
        std::fs::rename(&unpacked, files(settings)).context("the files cannot be put in their place")?;
        scratch::sync(data)?;
    }
    // Last: with the database in its place the installation is there.
    scratch::put(&database, &target)?;
    Ok((counts, key))
}

/// Checks a copy of a database that nobody else has open, and counts what is in it.
async fn look_into<T>(copy: &Path, further: impl AsyncFnOnce(&Db) -> anyhow::Result<T>) -> anyhow::Result<(Counts, T)> {
    let db = Db::open(&format!("sqlite://{}", copy.display())).await?;
    let looked = async {
        let wrong = store::whole::wrong_pages(&db).await.context("this is not a database")?;
        ensure!(wrong.is_none(), "the database is damaged: {}", wrong.unwrap_or_default());
        ensure!(db.schema().await? != Schema::None, "the database is not one of Sportello");
        let further = further(&db).await?;
        let counts = store::whole::counts(&mut *db.read().await?).await.context("the database cannot be read")?;
        Ok((counts, further))
    };
    let looked = looked.await;
    db.close().await;
    ensure!(!store::whole::has_rest(copy), "the copy of the database could not be closed");
    looked
}

/// Brings the schema of a database that was unpacked up to date, and says whether the key file is its own.
async fn take_over(settings: &Settings, db: &Db) -> anyhow::Result<KeyFound> {
    db.migrate().await?;
    let path = &settings.key_file;
    let state = store::keys::state_with(&mut *db.read().await?, "audit").await?;
    Ok(match (state, key_file::read(path)?) {
        (Some(_), None) => KeyFound::Missing(keys::missing_key(path)),
        (Some((state, _)), Some(key)) if !rotation::is_sealed_by(&state, &key) => {
            KeyFound::Another(keys::wrong_key(path, &state))
        }
        _ => KeyFound::Opens,
    })
}

/// Everything that lies outside the database and belongs to it.
fn files(settings: &Settings) -> PathBuf {
    settings.data_dir.join("files")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    name.into()
}
