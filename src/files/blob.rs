//! In charge of files that people send along, on disk under the SHA-256 of their bytes: streamed, whole and safely there before
//! anybody names them. Does not know whose they are.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Context;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::scratch::{self, Scratch};
use crate::model::attachment::Picture;

/// A file on its way in.
pub struct Incoming {
    scratch: Scratch,
    path: PathBuf,
    file: tokio::fs::File,
    digest: Sha256,
    size: u64,
    begins: Vec<u8>,
}

impl Incoming {
    /// Begins one in the folder of the installation's files, which is made when it is not there.
    pub async fn begin(data_dir: &Path) -> anyhow::Result<Incoming> {
        let folder = folder(data_dir);
        tokio::fs::create_dir_all(&folder).await.with_context(|| format!("{} cannot be made", folder.display()))?;
        let scratch = Scratch::within(&folder)?;
        let path = scratch.join("file");
        let file = tokio::fs::File::create(&path).await?;
        Ok(Incoming { scratch, path, file, digest: Sha256::new(), size: 0, begins: Vec::new() })
    }

    /// Writes some more of it.
    pub async fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.file.write_all(bytes).await?;
        self.digest.update(bytes);
        self.size += bytes.len() as u64;
        self.begins.extend(bytes.iter().take(Picture::TOLD_BY - self.begins.len()));
        Ok(())
    }

    /// How many bytes have come.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What kind of picture it is, by what has come of it.
    pub fn picture(&self) -> Option<Picture> {
        Picture::of(&self.begins)
    }

    /// Gives it its name, once it is safely on disk. Returns the SHA-256 in hexadecimal.
    pub async fn finish(mut self, data_dir: &Path) -> anyhow::Result<String> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let sha256 = hex::encode(self.digest.finalize());
        let target = path(data_dir, &sha256);
        let (from, kept) = (self.path, self.scratch);
        tokio::task::spawn_blocking(move || {
            let _kept = kept;
            let own = scratch::folder_of(&target);
            if std::fs::create_dir(own).is_ok() {
                // A file is safely there when its folder is.
                scratch::sync(scratch::folder_of(own))?;
            }
            // The same bytes may have come before: then they are young again, so that nobody throws them away now.
            if target.try_exists()? && std::fs::File::open(&target)?.set_modified(SystemTime::now()).is_ok() {
                Ok(())
            } else {
                scratch::put(&from, &target).or_else(|fault| if target.exists() { Ok(()) } else { Err(fault) })
            }
        })
        .await??;
        Ok(sha256)
    }
}

fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("files")
}

/// Where the bytes of a SHA-256 lie.
pub fn path(data_dir: &Path, sha256: &str) -> PathBuf {
    let (first, rest) = sha256.split_at(sha256.len().min(2));
    folder(data_dir).join(first).join(rest)
}

/// The SHA-256 of some bytes, in hexadecimal: under which name they would lie.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Removes the bytes of a SHA-256, unless they came again in so much time.
pub fn remove_old(data_dir: &Path, sha256: &str, age: Duration) -> std::io::Result<()> {
    let path = path(data_dir, sha256);
    let is_old = |file: &std::fs::Metadata| file.modified().is_ok_and(|at| at.elapsed().is_ok_and(|lies| lies >= age));
    match std::fs::metadata(&path) {
        Ok(file) if is_old(&file) => std::fs::remove_file(&path),
        Ok(_) => Ok(()),
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(fault) => Err(fault),
    }
}
