//! In charge of what tells of a mail which request it is about (features.md 5): the Message-ID of ours, and the address of its own to
//! which answers to it go. Both give a place, never an identity, and cannot be made up. Does not know who writes.

use subtle::ConstantTimeEq;

use crate::app::App;
use crate::model::id::MailId;
use crate::model::intake::after_plus;

/// The longest part of an address before its `@` (RFC 5321, 4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

/// So long is `+TK-2026-000123.` with the end of an id, a point and ten bytes in hex.
const LONGEST_TAG: usize = 45;

/// So many letters of a mail's id, its last ones, which are chance.
const OF_ID: usize = 8;

/// What stands for the id of a mail where all of a ticket are meant.
const THREAD: &str = "thread";

/// The Message-ID of a mail about a ticket.
pub(super) fn message_id(app: &App, number: &str, id: &MailId, domain: &str) -> String {
    format!("<{number}.{id}.{}@{domain}>", sign(app, b"thread", number, id.as_str()))
}

/// The Message-ID of no mail, which all mails about a ticket name: programs show them as one conversation by it.
pub(super) fn thread(app: &App, number: &str, domain: &str) -> String {
    format!("<{number}.{THREAD}.{}@{domain}>", sign(app, b"thread", number, THREAD))
}

/// The number of the ticket that a mail of ours was about, by its Message-ID without brackets. None for all that is not ours.
pub fn number_in(app: &App, message_id: &str) -> Option<String> {
    let (local, _) = message_id.split_once('@')?;
    let (rest, signed) = local.rsplit_once('.')?;
    let (number, id) = rest.split_once('.')?;
    let ours = sign(app, b"thread", number, id);
    bool::from(ours.as_bytes().ct_eq(signed.to_ascii_lowercase().as_bytes())).then(|| number.to_string())
}

/// The address of its own to which answers to a mail about a ticket go, of one of the desk's. All of it in small letters, which every
/// server leaves as they are. None where there is no room for it.
pub(super) fn address(app: &App, desk: &str, number: &str, id: &MailId) -> Option<String> {
    let (local, domain) = desk.rsplit_once('@')?;
    let entry = &id.as_str()[id.as_str().len().checked_sub(OF_ID)?..];
    let tag = format!("{}.{entry}.{}", number.to_ascii_lowercase(), sign(app, b"address", number, entry));
    (local.len() + 1 + tag.len() <= LONGEST_LOCAL).then(|| format!("{local}+{tag}@{domain}"))
}

/// Whether such an address can be made of one of the desk's.
pub fn has_room(desk: &str) -> bool {
    desk.rsplit_once('@').is_some_and(|(local, _)| local.len() + LONGEST_TAG <= LONGEST_LOCAL)
}

/// The number of the ticket to which an address belongs, by what stands after the plus of one of ours, folded. None for all others.
pub fn number_at(app: &App, ours: &[String], email: &str) -> Option<String> {
    let email = email.to_ascii_lowercase();
    let tag = ours.iter().find_map(|one| after_plus(one, &email))?;
    let (rest, signed) = tag.rsplit_once('.')?;
    let (number, entry) = rest.split_once('.')?;
    let number = number.to_ascii_uppercase();
    let made = sign(app, b"address", &number, entry);
    bool::from(made.as_bytes().ct_eq(signed.as_bytes())).then_some(number)
}

/// Ten bytes of what only we can say of a mail about a ticket, for this purpose.
fn sign(app: &App, purpose: &[u8], number: &str, id: &str) -> String {
    hex::encode(&app.keys.outbox.mac(&[purpose, number.as_bytes(), id.as_bytes()])[..10])
}
