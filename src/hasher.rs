//! In charge of the hashes of people's passwords: making and comparing them. Does not know whose they are.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// Hashes and compares passwords on blocking threads, a few at a time: each costs 19 MiB and tens of milliseconds.
pub struct Hasher {
    argon: Argon2<'static>,
    places: Arc<Semaphore>,
    /// Compared with when there is no such account, so that the answer takes as long.
    decoy: String,
}

impl Default for Hasher {
    fn default() -> Hasher {
        Hasher::new()
    }
}

impl Hasher {
    /// argon2id with m = 19 MiB, t = 2, p = 1 (`security.md` 2).
    pub fn new() -> Hasher {
        let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_else(|_| unreachable!("within argon2's bounds"));
        // The hash of no password: no text that anybody types has it.
        let decoy = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        Hasher {
            argon: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            places: Arc::new(Semaphore::new(2)),
            decoy: decoy.into(),
        }
    }

    /// The PHC string of a password, with a salt of its own.
    pub async fn hash(&self, password: &SecretString) -> String {
        let (argon, password) = (self.argon.clone(), password.clone());
        self.on_a_blocking_thread(move || {
            let hash = argon.hash_password(password.expose_secret().as_bytes());
            hash.map(|hash| hash.to_string()).unwrap_or_else(|fault| panic!("argon2 cannot hash: {fault}"))
        })
        .await
    }

    /// True when the password is the one of the hash. No hash at all takes as long, and is false.
    pub async fn matches(&self, password: &SecretString, hash: Option<&str>) -> bool {
        let (argon, password) = (self.argon.clone(), password.clone());
        let (text, is_there) = (hash.unwrap_or(&self.decoy).to_string(), hash.is_some());
        self.on_a_blocking_thread(move || {
            let right = PasswordHash::new(&text)
                .is_ok_and(|hash| argon.verify_password(password.expose_secret().as_bytes(), &hash).is_ok());
            right && is_there
        })
        .await
    }

    async fn on_a_blocking_thread<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        // The semaphore is never closed, and the work panics only when the system is out of memory.
        let _place = self.places.clone().acquire_owned().await.unwrap_or_else(|_| unreachable!("never closed"));
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|fault| std::panic::resume_unwind(fault.into_panic()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_knows_its_password_and_no_other() {
        let hasher = Hasher::new();
        let hash = hasher.hash(&"quattro cavalli verdi".into()).await;
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.matches(&"quattro cavalli verdi".into(), Some(&hash)).await);
        assert!(!hasher.matches(&"quattro cavalli neri".into(), Some(&hash)).await);
        assert!(!hasher.matches(&"quattro cavalli verdi".into(), None).await);
        assert!(!hasher.matches(&"x".into(), Some("not a hash")).await);
    }
}
