//! In charge of the seal on a mailbox's credentials (`security.md` 3): bound to its mailbox, user, servers and installation,
//! so that moved anywhere else it does not open. Pure: which master key is the right one is `secret.rs`'s to know.

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::key::{MasterKey, Purpose, Unreadable, random};
use crate::model::id::MailboxId;
use crate::model::mailbox::Card;
use crate::store::secrets::Sealed;

/// The only way secrets are sealed so far.
const FORMAT: i64 = 1;

/// Sealed texts are a multiple of this long, so that their size does not tell the password's.
const BLOCK: usize = 256;

/// What a seal is made with: the master key, and the name of the installation it is bound to.
#[derive(Clone, Copy)]
pub(super) struct Seal<'k> {
    pub master: &'k MasterKey,
    pub instance_id: &'k str,
}

impl Seal<'_> {
    /// Seals a mailbox's user name and password.
    pub fn close(self, id: &MailboxId, card: &Card, password: &SecretString) -> Sealed {
        let nonce = random::<16>();
        let mut plain = Zeroizing::new(Vec::with_capacity(4 * BLOCK));
        for part in [card.username.as_bytes(), password.expose_secret().as_bytes()] {
            plain.extend_from_slice(&(part.len() as u32).to_be_bytes());
            plain.extend_from_slice(part);
        }
        let padded = plain.len().next_multiple_of(BLOCK);
        plain.resize(padded, 0);
        self.close_plain(id, card, FORMAT, nonce.as_slice(), &plain)
    }

    /// Opens a mailbox's password. The user name inside must be the card's.
    pub fn open(self, id: &MailboxId, card: &Card, sealed: &Sealed) -> Result<SecretString, Unreadable> {
        let plain = self.open_plain(id, card, sealed)?;
        let (username, rest) = part(&plain).ok_or(Unreadable)?;
        let (password, _padding) = part(rest).ok_or(Unreadable)?;
        let password = std::str::from_utf8(password).map_err(|_| Unreadable)?;
        if username != card.username.as_bytes() { Err(Unreadable) } else { Ok(password.to_string().into()) }
    }

    /// The same secret under another master key. It keeps its nonce, which names the giving of a password: to whoever took
    /// the old seal in hand before, this is not another password.
    pub fn renew(self, next: &MasterKey, id: &MailboxId, card: &Card, sealed: &Sealed) -> Result<Sealed, Unreadable> {
        let plain = self.open_plain(id, card, sealed)?;
        Ok(Seal { master: next, ..self }.close_plain(id, card, sealed.format, &sealed.nonce, &plain))
    }

    fn close_plain(self, id: &MailboxId, card: &Card, format: i64, nonce: &[u8], plain: &[u8]) -> Sealed {
        let bound = bound(self.instance_id, id, card, format, nonce);
        let bound: Vec<&[u8]> = bound.iter().map(Vec::as_slice).collect();
        let credentials = self.master.seal(Purpose::Mailboxes, &bound, plain);
        Sealed { format, nonce: nonce.to_vec(), credentials }
    }

    fn open_plain(self, id: &MailboxId, card: &Card, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        let bound = bound(self.instance_id, id, card, sealed.format, &sealed.nonce);
        let bound: Vec<&[u8]> = bound.iter().map(Vec::as_slice).collect();
        self.master.open(Purpose::Mailboxes, &bound, &sealed.credentials)
    }
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_be_bytes(*length) as usize)
}

fn bound(instance_id: &str, id: &MailboxId, card: &Card, format: i64, nonce: &[u8]) -> Vec<Vec<u8>> {
    let mut bound: Vec<Vec<u8>> = vec![
        format.to_be_bytes().to_vec(),
        instance_id.as_bytes().to_vec(),
        id.as_str().as_bytes().to_vec(),
        card.username.as_bytes().to_vec(),
    ];
    for server in [Some(&card.imap), card.smtp.as_ref()] {
        bound.push(server.map_or(Vec::new(), |server| server.host.as_bytes().to_vec()));
        bound.push(server.map_or(Vec::new(), |server| server.port.to_be_bytes().to_vec()));
        bound.push(server.map_or(Vec::new(), |server| server.security.as_str().as_bytes().to_vec()));
    }
    bound.push(nonce.to_vec());
    bound
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mailbox::Authorization;
    use crate::model::server::{Security, Server};

    fn seal<'k>(master: &'k MasterKey) -> Seal<'k> {
        Seal { master, instance_id: "one" }
    }

    fn card() -> Card {
        let imap = Server { host: "imaps.pec.example".into(), port: 993, security: Security::Tls };
        Card {
            address: "a@pec.example".into(),
            username: "M1234".into(),
            description: None,
            group: None,
            organization_id: None,
            holder_tax_code: None,
            authorization: Authorization { holder: "Sindaco".into(), date: "2026-01-02".into() },
            smtp: Some(Server { host: "smtps.pec.example".into(), port: 465, ..imap.clone() }),
            imap,
        }
    }

    #[test]
    fn any_password_comes_back_and_its_length_does_not_show() {
        let (key, id) = (MasterKey::generate(), MailboxId::new());
        let sizes: Vec<usize> = ["x", "à\"\\{ %€\u{0}", &"y".repeat(200)]
            .into_iter()
            .map(|password| {
                let sealed = seal(&key).close(&id, &card(), &password.into());
                assert_eq!(seal(&key).open(&id, &card(), &sealed).unwrap().expose_secret(), password);
                sealed.credentials.len()
            })
            .collect();
        assert_eq!(sizes, [272, 272, 272]);
    }

    #[test]
    fn equal_inputs_do_not_show() {
        let (key, id) = (MasterKey::generate(), MailboxId::new());
        let (one, two) = (seal(&key).close(&id, &card(), &"x".into()), seal(&key).close(&id, &card(), &"x".into()));
        assert_ne!(one.credentials, two.credentials);
    }

    #[test]
    fn under_another_master_key_it_is_the_same_secret() {
        let (old, new, id) = (MasterKey::generate(), MasterKey::generate(), MailboxId::new());
        let sealed = seal(&old).close(&id, &card(), &"x".into());
        let renewed = seal(&old).renew(&new, &id, &card(), &sealed).unwrap();
        assert_eq!(seal(&new).open(&id, &card(), &renewed).unwrap().expose_secret(), "x");
        assert_ne!(renewed.credentials, sealed.credentials);
        assert_eq!(renewed, sealed, "nobody has given another password");
        assert_ne!(seal(&new).close(&id, &card(), &"x".into()), sealed, "somebody has given one, be it the same");
        assert!(seal(&old).open(&id, &card(), &renewed).is_err());
        assert!(seal(&new).renew(&old, &id, &card(), &sealed).is_err(), "what does not open is not sealed anew");
    }

    #[test]
    fn a_seal_opens_nowhere_else() {
        let (key, other, id) = (MasterKey::generate(), MasterKey::generate(), MailboxId::new());
        let (here, moved) = (seal(&key), Seal { master: &key, instance_id: "two" });
        let sealed = here.close(&id, &card(), &"x".into());
        let check = |what: &str, seal: Seal<'_>, id: &MailboxId, change: &dyn Fn(&mut Card, &mut Sealed)| {
            let (mut card, mut sealed) = (card(), sealed.clone());
            change(&mut card, &mut sealed);
            assert!(seal.open(id, &card, &sealed).is_err(), "{what}");
        };
        check("another mailbox", here, &MailboxId::new(), &|_, _| {});
        check("another master key", seal(&other), &id, &|_, _| {});
        check("another user", here, &id, &|card, _| card.username = "M9".into());
        check("another host", here, &id, &|card, _| card.imap.host = "evil.example".into());
        check("another port", here, &id, &|card, _| card.imap.port = 143);
        check("less security", here, &id, &|card, _| card.imap.security = Security::None);
        check("another sending server", here, &id, &|card, _| card.smtp = None);
        check("another nonce", here, &id, &|_, sealed| sealed.nonce[0] ^= 1);
        check("another format", here, &id, &|_, sealed| sealed.format = 2);
        check("another installation", moved, &id, &|_, _| {});
    }
}
