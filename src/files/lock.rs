//! In charge of who may do what to one SQLite file at once: one server makes its jobs, one process brings its schema up to
//! date. Does not know what they do.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// A lock; the system gives it back when it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the place of the one server with jobs. None when another has it.
pub fn serve(database: &Path) -> anyhow::Result<Option<Lock>> {
    let file = open(database, ".serve-lock")?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(fault)) => Err(fault).context("the lock file cannot be locked"),
    }
}

/// Waits for the turn to bring the schema up to date: of two first starts at once, one makes it and the other finds it made.
pub fn migrate(database: &Path) -> anyhow::Result<Lock> {
    let file = open(database, ".migrate-lock")?;
    file.lock().context("the lock file cannot be locked")?;
    Ok(Lock { _file: file })
}

fn open(database: &Path, ending: &str) -> anyhow::Result<File> {
    let mut name: OsString = database.into();
    name.push(ending);
    let path = PathBuf::from(name);
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
    file.with_context(|| format!("the lock file {} cannot be opened", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("x.db");
        let held = serve(&database).unwrap();
        assert!(held.is_some() && serve(&database).unwrap().is_none());
        drop(held);
        assert!(serve(&database).unwrap().is_some());
    }
}
