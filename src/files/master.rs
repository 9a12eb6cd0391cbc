//! In charge of the master key of a running program: held in memory, and read again when the database names another. Does
//! not know the database.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::key_file;
use crate::key::MasterKey;

/// The master key that this program holds, and the file it is from.
#[derive(Debug)]
pub struct Master {
    path: PathBuf,
    held: RwLock<Arc<MasterKey>>,
    /// The name that was looked for in vain last: it is asked for often, and logged once.
    missed: Mutex<Option<String>>,
}

impl Master {
    /// Begins with the key that was read from this file.
    pub fn new(path: PathBuf, key: MasterKey) -> Master {
        Master { path, held: RwLock::new(Arc::new(key)), missed: Mutex::default() }
    }

    /// The key as it is held now.
    pub fn held(&self) -> Arc<MasterKey> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The name of the key that is held now.
    pub fn id(&self) -> String {
        self.held().id()
    }

    /// The key of this name: the one held or, after a rotation made by another process, the one that the key file has now,
    /// which is held from then on. None when the file has not that key either; that is logged as an alarm,
    /// once until it is found.
    pub fn named(&self, id: &str) -> Option<Arc<MasterKey>> {
        let held = self.held();
        if held.id() == id {
            return Some(held);
        }
        let found = key_file::find(&self.path, id);
        let is_news = self.misses(found.is_none().then_some(id));
        match found {
            Some(key) => {
                let key = Arc::new(key);
                *self.held.write().unwrap_or_else(PoisonError::into_inner) = key.clone();
                tracing::info!(key.id = id, "the master key was rotated: the key file was read again");
                Some(key)
            }
            None => {
                if is_news {
                    tracing::error!(key.id = id, "the database is sealed by a key that the key file does not hold");
                }
                None
            }
        }
    }

    /// Remembers the name that is missing, if one is. True when it is another than before.
    fn misses(&self, id: Option<&str>) -> bool {
        let mut missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *missed, id.map(str::to_string)).as_deref() != id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_missing_is_news_once_until_it_was_found() {
        let folder = tempfile::tempdir().unwrap();
        let (path, held, next) = (folder.path().join("master.key"), MasterKey::generate(), MasterKey::generate());
        let master = Master::new(path.clone(), held);
        let id = next.id();
        let missed = || master.missed.lock().unwrap().clone();
        assert!(master.named(&id).is_none() && missed().as_ref() == Some(&id));
        assert!(!master.misses(Some(&id)) && master.misses(Some("another")));
        key_file::create(&path, &next).unwrap();
        assert!(master.named(&id).is_some() && missed().is_none());
        assert!(master.misses(Some(&id)), "news again");
    }

    #[test]
    fn an_unknown_name_is_looked_for_in_the_file_and_never_replaced_by_another_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let (old, new) = (MasterKey::generate(), MasterKey::generate());
        let (old_id, new_id) = (old.id(), new.id());
        key_file::create(&path, &old).unwrap();
        let master = Master::new(path.clone(), old);
        assert!(master.named(&new_id).is_none());
        assert_eq!(master.id(), old_id, "what is held stays");
        key_file::propose(&path, &new).unwrap();
        assert_eq!(master.named(&new_id).unwrap().id(), new_id, "before it is in its place");
        key_file::put_in_place(&path).unwrap();
        assert_eq!(master.named(&new_id).unwrap().id(), new_id);
        assert!(master.named(&old_id).is_none(), "a retired key is not taken back");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(master.named(&new_id).unwrap().id(), new_id, "what is held needs no file");
    }
}
