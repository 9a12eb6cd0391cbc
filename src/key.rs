//! In charge of sealing: the master key, what is derived from it, and the one way a secret is closed and opened
//! (`security.md` 3). Does not know files nor tables.

use aes_siv::aead::KeyInit;
use aes_siv::siv::Aes256Siv;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// What a derived key is for; no two purposes share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Credentials of watched mailboxes.
    Mailboxes,
    /// The installation's own keys.
    Installation,
    /// Names for passwords that were refused.
    Refusals,
    /// Mails that wait in the outbox.
    Outbox,
    /// Passwords of the desk's own mailboxes.
    Intake,
    /// The text that tells whether the key is the right one.
    Canary,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Purpose::Mailboxes => b"sportello seal mailbox-secrets v1",
            Purpose::Installation => b"sportello seal installation-keys v1",
            Purpose::Refusals => b"sportello refused passwords v1",
            Purpose::Outbox => b"sportello seal outbox v1",
            Purpose::Intake => b"sportello seal intake v1",
            Purpose::Canary => b"sportello seal canary v1",
        }
    }
}

/// The seal did not open: another key, or a text that was changed or moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the sealed text does not open with this key in this place")
    }
}

impl std::error::Error for Unreadable {}

/// The master key: 32 random bytes that live in a file, never in the database. It only ever seals.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(***)")
    }
}

impl MasterKey {
    /// A new one, from the system's random source.
    pub fn generate() -> MasterKey {
        MasterKey(random())
    }

    /// Reads base64, white space around it allowed. None when it is not 32 bytes.
    pub fn from_base64(text: &str) -> Option<MasterKey> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).ok()?);
        let mut key = Zeroizing::new([0u8; 32]);
        (bytes.len() == 32).then(|| key.copy_from_slice(&bytes))?;
        Some(MasterKey(key))
    }

    /// The form in which the key file holds it.
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.0.as_slice()))
    }

    /// A name for the key that tells nothing of it: how a database says which key seals it.
    pub fn id(&self) -> String {
        let mut name = [0u8; 16];
        self.derive(b"sportello key id v1", &mut name);
        hex::encode(name)
    }

    /// Closes `plain` so that it opens only with this key, for this purpose, bound to exactly these things.
    /// SIV takes the bound things as a vector: nothing is joined, so nothing can be shifted between them (RFC 5297, 2.4).
    pub fn seal(&self, purpose: Purpose, bound: &[&[u8]], plain: &[u8]) -> Vec<u8> {
        // The only error is more than 126 bound things; the callers' lists are fixed and short.
        self.cipher(purpose).encrypt(bound, plain).unwrap_or_else(|_| unreachable!("a short list of bound things"))
    }

    /// Opens what `seal` closed.
    pub fn open(&self, purpose: Purpose, bound: &[&[u8]], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        self.cipher(purpose).decrypt(bound, sealed).map(Zeroizing::new).map_err(|_| Unreadable)
    }

    fn cipher(&self, purpose: Purpose) -> Aes256Siv {
        let mut key = Zeroizing::new([0u8; 64]);
        self.derive(purpose.label(), key.as_mut_slice());
        Aes256Siv::new((&*key).into())
    }

    fn derive(&self, label: &[u8], out: &mut [u8]) {
        // HKDF-SHA256 refuses only outputs over 8,160 bytes (RFC 5869, 2.3).
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand(label, out)
            .unwrap_or_else(|_| unreachable!("a short output"));
    }
}

/// One of the installation's own keys: random, made once, in the database sealed by the master, so that what it closes opens
/// after any number of rotations (`security.md` 3).
#[derive(Debug)]
pub struct InstallationKey {
    key: MasterKey,
    purpose: Purpose,
}

impl InstallationKey {
    /// The key that these bytes are, for this purpose alone.
    pub fn new(bytes: Zeroizing<[u8; 32]>, purpose: Purpose) -> InstallationKey {
        InstallationKey { key: MasterKey(bytes), purpose }
    }

    /// Closes `plain`, bound to exactly these things.
    pub fn seal(&self, bound: &[&[u8]], plain: &[u8]) -> Vec<u8> {
        self.key.seal(self.purpose, bound, plain)
    }

    /// Opens what `seal` closed.
    pub fn open(&self, bound: &[&[u8]], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        self.key.open(self.purpose, bound, sealed)
    }

    /// What only who has the key can say of these fields (HMAC-SHA-256, RFC 2104), each with its length before it.
    pub fn mac(&self, fields: &[&[u8]]) -> Vec<u8> {
        crate::chain::mac(&self.key.0, fields)
    }
}

/// Fresh random bytes that are wiped when dropped. A system without a random source cannot run us.
pub fn random<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0u8; N]);
    getrandom::fill(bytes.as_mut_slice()).unwrap_or_else(|fault| panic!("the system gives no random bytes: {fault}"));
    bytes
}

/// A random name that is no secret: of an installation, of a request. Twice as many letters as bytes.
pub fn random_name<const N: usize>() -> String {
    hex::encode(random::<N>().as_slice())
}

/// A new secret for a cookie, a link or an API token: 256 random bits, in 43 letters safe in an address.
pub fn fresh_token() -> Zeroizing<String> {
    Zeroizing::new(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random::<32>().as_slice()))
}

/// What is stored of such a secret: its SHA-256, in hexadecimal.
pub fn token_hash(token: &str) -> String {
    use sha2::Digest;
    hex::encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_only_with_the_same_key_purpose_and_bound_things() {
        let key = MasterKey::generate();
        let sealed = key.seal(Purpose::Mailboxes, &[b"a", b"bc"], b"secret");
        assert_eq!(&**key.open(Purpose::Mailboxes, &[b"a", b"bc"], &sealed).unwrap(), b"secret");
        assert!(key.open(Purpose::Mailboxes, &[b"ab", b"c"], &sealed).is_err(), "bound things must not be joined");
        assert!(key.open(Purpose::Installation, &[b"a", b"bc"], &sealed).is_err());
        assert!(MasterKey::generate().open(Purpose::Mailboxes, &[b"a", b"bc"], &sealed).is_err());
        let mut touched = sealed.clone();
        touched[3] ^= 1;
        assert!(key.open(Purpose::Mailboxes, &[b"a", b"bc"], &touched).is_err());
        assert!(key.open(Purpose::Mailboxes, &[b"a", b"bc"], b"").is_err());
    }

    #[test]
    fn a_key_survives_its_file_form_and_shows_nothing_in_debug() {
        let key = MasterKey::generate();
        let again = MasterKey::from_base64(&format!(" {}\n", *key.to_base64())).unwrap();
        assert_eq!(again.id(), key.id());
        assert_ne!(MasterKey::generate().id(), key.id());
        assert!(MasterKey::from_base64("c2hvcnQ=").is_none() && MasterKey::from_base64("§").is_none());
        assert_eq!(format!("{key:?}"), "MasterKey(***)");
    }
}
