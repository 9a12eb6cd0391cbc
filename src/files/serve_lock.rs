//! In charge of letting one server with jobs run on one SQLite file. Does not know what the server does.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, bail};

/// The lock; the system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub struct ServeLock {
    _file: File,
}

/// Takes the lock beside the database file, or says that another server has it.
pub fn take(database: &Path) -> anyhow::Result<ServeLock> {
    let mut name = database.as_os_str().to_owned();
    name.push(".serve-lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&name)
        .with_context(|| format!("the lock file {} cannot be opened", Path::new(&name).display()))?;
    match file.try_lock() {
        Ok(()) => Ok(ServeLock { _file: file }),
        Err(TryLockError::WouldBlock) => {
            bail!("another server runs its jobs on {}: stop it, or start this one with --no-jobs", database.display())
        }
        Err(TryLockError::Error(fault)) => Err(fault).context("the lock file cannot be locked"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("x.db");
        let held = take(&database).unwrap();
        assert!(take(&database).unwrap_err().to_string().contains("--no-jobs"));
        drop(held);
        take(&database).unwrap();
    }
}
