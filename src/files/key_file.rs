//! In charge of the file that holds the master key, and of the two beside it: `.new` while a rotation is on its way, `.old`
//! after one. Does not know which database the key belongs to.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use zeroize::Zeroizing;

use crate::key::{MasterKey, random_name};

/// Reads the key. None when there is no file; an error with words when others can read it or it is not a key.
pub fn read(path: &Path) -> anyhow::Result<Option<MasterKey>> {
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault).with_context(|| format!("the key file {} cannot be opened", path.display())),
    };
    let mode = file.metadata()?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        bail!("the key file {0} can be read by others (mode {mode:04o}): run chmod 600 {0}", path.display());
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).with_context(|| format!("the key file {} cannot be read", path.display()))?;
    match MasterKey::from_base64(&text) {
        Some(key) => Ok(Some(key)),
        None => bail!("the key file {} does not hold 32 bytes in base64", path.display()),
    }
}

/// Writes a new key, readable by its owner only and safely on disk when this returns. It appears whole or not at all, and
/// never over another: False when somebody was quicker.
pub fn create(path: &Path, key: &MasterKey) -> anyhow::Result<bool> {
    let folder = folder(path);
    std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    let words = || format!("the key file {} cannot be made", path.display());
    let draft = folder.join(format!(".key-{}", random_name::<8>()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).with_context(words)?;
    let written = writeln!(file, "{}", *key.to_base64()).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| std::fs::hard_link(&draft, path));
    std::fs::remove_file(&draft)?;
    match linked {
        Ok(()) => {
            sync(folder)?;
            Ok(true)
        }
        Err(fault) if fault.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(fault) => Err(fault).with_context(words),
    }
}

/// The next key of a rotation that is on its way, or that was cut short.
pub fn new_path(path: &Path) -> PathBuf {
    beside(path, ".new")
}

/// The key before the last rotation.
pub fn old_path(path: &Path) -> PathBuf {
    beside(path, ".old")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    name.into()
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A name in a folder is on disk only when the folder is.
fn sync(folder: &Path) -> anyhow::Result<()> {
    let synced = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.with_context(|| format!("the folder {} cannot be written safely", folder.display()))
}

/// Writes the next key beside the present one, for its owner only and safely on disk when this returns. Never over another.
pub fn propose(path: &Path, key: &MasterKey) -> anyhow::Result<()> {
    let new = new_path(path);
    let words = || format!("the key file {} cannot be made", new.display());
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new).with_context(words)?;
    writeln!(file, "{}", *key.to_base64()).and_then(|()| file.sync_all()).with_context(words)?;
    sync(folder(path))
}

/// The present key becomes the old one, if it has not already, and the next becomes the present. Each step is safely on disk
/// before the next one, and can be made again.
pub fn put_in_place(path: &Path) -> anyhow::Result<()> {
    let rename = |from: &Path, to: &Path| -> anyhow::Result<()> {
        let renamed = std::fs::rename(from, to);
        renamed.with_context(|| format!("{} cannot be renamed to {}", from.display(), to.display()))?;
        sync(folder(path))
    };
    if path.try_exists()? {
        rename(path, &old_path(path))?;
    }
    rename(&new_path(path), path)
}

/// Throws the next key away.
pub fn withdraw(path: &Path) -> anyhow::Result<()> {
    let new = new_path(path);
    std::fs::remove_file(&new).with_context(|| format!("{} cannot be removed", new.display()))?;
    sync(folder(path))
}

/// The key of this name, in its place or about to be put there. A file that cannot be read counts as not there.
pub fn find(path: &Path, id: &str) -> Option<MasterKey> {
    // Looked at in its place twice: it may be moved there between the first look and the second.
    let places = [path.to_path_buf(), new_path(path), path.to_path_buf()];
    places.iter().find_map(|place| read(place).ok().flatten().filter(|key| key.id() == id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_for_its_owner_only_and_never_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/master.key");
        assert!(read(&path).unwrap().is_none());
        let key = MasterKey::generate();
        assert!(create(&path, &key).unwrap());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(read(&path).unwrap().unwrap().id(), key.id());
        assert!(!create(&path, &MasterKey::generate()).unwrap());
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no draft is left");
        assert_eq!(read(&path).unwrap().unwrap().id(), key.id());
    }

    #[test]
    fn a_key_that_others_can_read_is_refused_with_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert!(create(&path, &MasterKey::generate()).unwrap());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let words = read(&path).unwrap_err().to_string();
        assert!(words.contains("0640") && words.contains("chmod 600"), "{words}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "not a key").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("32 bytes"));
    }
}
