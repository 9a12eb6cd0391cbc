//! In charge of a place on disk for what is not finished yet: for its owner only, beside where the finished thing belongs, and
//! gone when it is dropped.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::key::random_name;

/// A folder for unfinished things.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes one in this folder.
    pub fn within(folder: &Path) -> anyhow::Result<Scratch> {
        let path = folder.join(format!(".sportello-{}", random_name::<8>()));
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.with_context(|| format!("nothing can be written in {}", folder.display()))?;
        Ok(Scratch(path))
    }

    /// The path of something within it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is only litter, under a name that tells whose.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The folder that a path is in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes sure that a name in this folder is on disk: it is only when the folder is.
pub fn sync(folder: &Path) -> anyhow::Result<()> {
    let synced = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.with_context(|| format!("the folder {} cannot be written safely", folder.display()))
}

/// Gives a finished file its name: whole, safely on disk, never over another.
pub fn put(finished: &Path, path: &Path) -> anyhow::Result<()> {
    match std::fs::hard_link(finished, path) {
        Ok(()) => {}
        Err(_) if path.try_exists()? => bail!("{} is there already and is not written over", path.display()),
        // Some file systems have no links.
        Err(_) => std::fs::rename(finished, path).with_context(|| format!("{} cannot be written", path.display()))?,
    }
    sync(folder_of(path))
}
