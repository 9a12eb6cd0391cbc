//! In charge of a mailbox's password going in and coming out: always with the key that the database names, so that a rotation
//! made elsewhere meanwhile is followed, and nothing is ever sealed by a retired key. Does not know how a seal is made.

use secrecy::SecretString;

use super::seal::Seal;
use crate::app::App;
use crate::model::id::MailboxId;
use crate::model::mailbox::Card;
use crate::people::Refusal;
use crate::store::secrets::Sealed;
use crate::store::{self, Tx};

/// Why a password does not come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shut {
    /// The row was tampered with, or moved: an alarm.
    Unreadable,
    /// This program has not the key that the database names, and no key file holds it. Says nothing of the mailbox.
    NoKey,
}

/// Opens the password that was found sealed for this mailbox. When it does not open, a rotation may have passed by since it
/// was read: then it is read again, and so is the key file.
pub(super) async fn open(
    app: &App,
    id: &MailboxId,
    card: &Card,
    sealed: &Sealed,
) -> store::Result<Result<SecretString, Shut>> {
    let instance_id = app.keys.instance_id.as_str();
    if let Ok(password) = (Seal { master: &app.keys.master.held(), instance_id }).open(id, card, sealed) {
        return Ok(Ok(password));
    }
    let mut missed = None;
    loop {
        let found = store::secrets::find_with_key(&mut *app.db.read().await?, id).await?;
        let Some((current, key_id)) = found.filter(|(current, _)| current == sealed) else {
            // Another password was given meanwhile: this one is nobody's any more.
            return Ok(Err(Shut::Unreadable));
        };
        match app.keys.master.named(&key_id) {
            Some(master) => {
                let opened = Seal { master: &master, instance_id }.open(id, card, &current);
                return Ok(opened.map_err(|_| Shut::Unreadable));
            }
            // The file may just have been moved by one more rotation; twice the same name means that it is not there.
            None if missed.as_ref() == Some(&key_id) => return Ok(Err(Shut::NoKey)),
            None => missed = Some(key_id),
        }
    }
}

/// Seals a password and writes it, over the old one if there is one. The key is the one that the database names in this very
/// transaction: a rotation waits for its end, or this for the rotation's.
pub(super) async fn put(
    app: &App,
    tx: &mut Tx,
    id: &MailboxId,
    card: &Card,
    password: &SecretString,
) -> Result<(), Refusal> {
    let key_id = store::keys::share_key_id(tx).await?;
    let master = app.keys.master.named(&key_id).ok_or(Refusal::NoKey)?;
    let sealed = Seal { master: &master, instance_id: &app.keys.instance_id }.close(id, card, password);
    Ok(store::secrets::put(tx, id, &sealed).await?)
}
