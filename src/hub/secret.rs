//! In charge of sealing a mailbox's credentials and of opening them just before use (`security.md` 3).
//! A seal is bound to its mailbox, user, servers and installation: moved anywhere else it does not open.

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::app::Keys;
use crate::key::{Purpose, Unreadable, random};
use crate::model::id::MailboxId;
use crate::model::mailbox::Card;
use crate::store::secrets::Sealed;

/// The only way secrets are sealed so far.
const FORMAT: i64 = 1;

/// Sealed texts are a multiple of this long, so that their size does not tell the password's.
const BLOCK: usize = 256;

/// Seals a mailbox's user name and password.
pub(super) fn seal(keys: &Keys, id: &MailboxId, card: &Card, password: &SecretString) -> Sealed {
    let nonce = random::<16>();
    let mut plain = Zeroizing::new(Vec::with_capacity(4 * BLOCK));
    for part in [card.username.as_bytes(), password.expose_secret().as_bytes()] {
        plain.extend_from_slice(&(part.len() as u32).to_be_bytes());
        plain.extend_from_slice(part);
    }
    let padded = plain.len().next_multiple_of(BLOCK);
    plain.resize(padded, 0);
    let bound = bound(keys, id, card, FORMAT, nonce.as_slice());
    let bound: Vec<&[u8]> = bound.iter().map(Vec::as_slice).collect();
    let credentials = keys.master.seal(Purpose::Mailboxes, &bound, &plain);
    Sealed { format: FORMAT, nonce: nonce.to_vec(), credentials }
}

/// Opens a mailbox's password. The user name inside must be the card's.
pub(super) fn open(keys: &Keys, id: &MailboxId, card: &Card, sealed: &Sealed) -> Result<SecretString, Unreadable> {
    let bound = bound(keys, id, card, sealed.format, &sealed.nonce);
    let bound: Vec<&[u8]> = bound.iter().map(Vec::as_slice).collect();
    let plain = keys.master.open(Purpose::Mailboxes, &bound, &sealed.credentials)?;
    let (username, rest) = part(&plain).ok_or(Unreadable)?;
    let (password, _padding) = part(rest).ok_or(Unreadable)?;
    let password = std::str::from_utf8(password).map_err(|_| Unreadable)?;
    if username != card.username.as_bytes() { Err(Unreadable) } else { Ok(password.to_string().into()) }
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_be_bytes(*length) as usize)
}

fn bound(keys: &Keys, id: &MailboxId, card: &Card, format: i64, nonce: &[u8]) -> Vec<Vec<u8>> {
    let mut bound: Vec<Vec<u8>> = vec![
        format.to_be_bytes().to_vec(),
        keys.instance_id.as_bytes().to_vec(),
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
    use crate::chain::ChainKey;
    use crate::key::MasterKey;
    use crate::model::mailbox::Authorization;
    use crate::model::server::{Security, Server};

    fn keys() -> Keys {
        Keys { master: MasterKey::generate(), chain: ChainKey::new(random()), instance_id: "one".into() }
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
        let (keys, id) = (keys(), MailboxId::new());
        let sizes: Vec<usize> = ["x", "à\"\\{ %€\u{0}", &"y".repeat(200)]
            .into_iter()
            .map(|password| {
                let sealed = seal(&keys, &id, &card(), &password.into());
                assert_eq!(open(&keys, &id, &card(), &sealed).unwrap().expose_secret(), password);
                sealed.credentials.len()
            })
            .collect();
        assert_eq!(sizes, [272, 272, 272]);
    }

    #[test]
    fn equal_inputs_do_not_show() {
        let (keys, id) = (keys(), MailboxId::new());
        let (one, two) = (seal(&keys, &id, &card(), &"x".into()), seal(&keys, &id, &card(), &"x".into()));
        assert_ne!(one.credentials, two.credentials);
    }

    #[test]
    fn a_seal_opens_nowhere_else() {
        let (keys_, id) = (keys(), MailboxId::new());
        let sealed = seal(&keys_, &id, &card(), &"x".into());
        let check = |what: &str, keys: &Keys, id: &MailboxId, change: &dyn Fn(&mut Card, &mut Sealed)| {
            let (mut card, mut sealed) = (card(), sealed.clone());
            change(&mut card, &mut sealed);
            assert!(open(keys, id, &card, &sealed).is_err(), "{what}");
        };
        check("another mailbox", &keys_, &MailboxId::new(), &|_, _| {});
        check("another master key", &keys(), &id, &|_, _| {});
        check("another user", &keys_, &id, &|card, _| card.username = "M9".into());
        check("another host", &keys_, &id, &|card, _| card.imap.host = "evil.example".into());
        check("another port", &keys_, &id, &|card, _| card.imap.port = 143);
        check("less security", &keys_, &id, &|card, _| card.imap.security = Security::None);
        check("another sending server", &keys_, &id, &|card, _| card.smtp = None);
        check("another nonce", &keys_, &id, &|_, sealed| sealed.nonce[0] ^= 1);
        check("another format", &keys_, &id, &|_, sealed| sealed.format = 2);
        let Keys { master, chain, .. } = keys_;
        let moved = Keys { master, chain, instance_id: "two".into() };
        check("another installation", &moved, &id, &|_, _| {});
    }
}
