//! In charge of addresses at which mail of ours did not arrive for good (N08): which answers of a server say so, and what takes an
//! address off that list. Does not know how an answer came: at once from our server, or later as a mail.

use std::collections::HashSet;
use std::time::Duration;

use sqlx::AnyConnection;

use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::model::outbox::BouncedAddress;
use crate::model::trace::{Act, Actor};
use crate::store::{self, Result, Tx};
use crate::text::fold;

/// An address is believed to take no mail for so long (features.md 5: sixty days); then one is tried again.
const BELIEVED: Duration = Duration::from_secs(60 * 24 * 3600);

/// The codes that say that nobody will ever read mail at this address (RFC 3463, 3.2 and 3.3; RFC 7505): no such mailbox, no such
/// domain, no address at all, moved, a domain that takes none, switched off. All others may be about us, the way or the mail.
const OF_ADDRESS: [&str; 6] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];

/// The same in the words of servers that give no such code, folded.
const WORDS: [&str; 16] = [
    "user unknown",
    "unknown user",
    "unknown recipient",
    "recipient unknown",
    "no such user",
    "no such mailbox",
    "no such recipient",
    "no such address",
    "no mailbox here",
    "user not found",
    "mailbox not found",
    "mailbox unavailable",
    "mailbox does not exist",
    "user does not exist",
    "utente sconosciuto",
    "casella inesistente",
];

/// Whether an answer says that nobody will ever read mail at this address. What a server says of this one mail (its size, its
/// content), of us (too much mail, no relaying) or of the way says nothing of the address.
pub fn is_of_address(reply: &str) -> bool {
    let is_code = |word: &&str| {
        let mut parts = word.split('.');
        parts.clone().count() == 3 && parts.all(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit()))
    };
    match reply.split(|c: char| !c.is_ascii_digit() && c != '.').find(is_code) {
        Some(code) => OF_ADDRESS.contains(&code),
        None => {
            let said = fold(reply);
            ["550", "551", "553"].iter().any(|code| said.starts_with(code))
                && WORDS.iter().any(|one| said.contains(one))
        }
    }
}

/// Writes down that an address takes no mail, if that is what the answer says.
pub async fn mark(tx: &mut Tx, address: &str, reply: &str, now: Moment) -> Result<()> {
    match is_of_address(reply) {
        true => store::bounced_addresses::put(tx, address, reply, now).await,
        false => Ok(()),
    }
}

/// Since when what an address has answered is believed.
fn believed_since(now: Moment) -> Moment {
    Moment(now.0 - BELIEVED.as_millis() as i64)
}

/// What is known of an address that takes no mail. None for one that takes it, or at which it may be tried again.
pub async fn of(app: &App, c: &mut AnyConnection, address: &str) -> Result<Option<BouncedAddress>> {
    store::bounced_addresses::find(c, address, believed_since(app.clock.now())).await
}

/// Those of these addresses that take no mail, folded.
pub async fn among(app: &App, c: &mut AnyConnection, addresses: &[&str]) -> Result<HashSet<String>> {
    store::bounced_addresses::among(c, addresses, believed_since(app.clock.now())).await
}

/// Takes an address off the list on a person's word. False when it was not on it.
pub async fn works_again(app: &App, actor: &Actor, address: &str) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    if !store::bounced_addresses::delete(&mut tx, address).await? {
        return Ok(false);
    }
    audit::record(app, &mut tx, actor, Act::on("mail.address-works", address)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Forgets what is believed no longer.
pub async fn forget_old(tx: &mut Tx, now: Moment) -> Result<()> {
    store::bounced_addresses::delete_old(tx, believed_since(now)).await
}

#[cfg(test)]
mod tests {
    use super::is_of_address;

    #[test]
    fn an_answer_about_the_address_is_told_from_one_about_the_mail_or_about_us() {
        for of_address in [
            "failed 5.1.1",
            "550 5.1.1 <x@y.example>: Recipient address rejected: User unknown",
            "550 5.2.1 mailbox disabled",
            "550 No such user here",
            "550 Requested action not taken: mailbox unavailable",
            "550 Utente sconosciuto",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound",
            "556 5.1.10 Domain takes no mail",
        ] {
            assert!(is_of_address(of_address), "{of_address}");
        }
        for other in [
            "550 5.7.1 message rejected as spam",
            "552 5.2.2 mailbox full",
            "552 5.2.3 too long",
            "552 message size exceeds limit",
            "554 5.6.0 content",
            "550 5.1.8 sender's domain does not exist",
            "550 5.4.5 Daily user sending limit exceeded",
            "554 5.4.6 Routing loop detected",
            "failed 5.4.4",
            "550 Relaying denied",
            "550 Too much traffic from this sender",
            "550 192.0.2.1 is blocked",
            "451 mailbox unavailable",
            "failed 4.2.2",
            "failed",
            "",
        ] {
            assert!(!is_of_address(other), "{other}");
        }
    }
}
