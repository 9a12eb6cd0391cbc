//! In charge of who of those in copy of a mail follows its request (E11, features.md 5). Does not know what a follower sees.

use crate::desk::change::MOST_FOLLOWING;
use crate::mail::incoming::Incoming;
use crate::model::intake::is_one_of;
use crate::store::{self, Tx};
use crate::text::fold;

/// Nor are more looked up: a mail may name thousands.
const MOST_LOOKED_UP: usize = 50;

/// Those in copy who become followers (E11): people whom we know, or of an entity's domain; strangers are only in the text.
pub(super) async fn copies(tx: &mut Tx, mail: &Incoming, sender: &str) -> store::Result<Vec<String>> {
    let ours = store::intake_mailboxes::addresses(tx).await?;
    let mut found: Vec<String> = Vec::new();
    for one in mail.cc.iter().chain(&mail.to).take(MOST_LOOKED_UP) {
        let email = fold(&one.email);
        let is_known =
            email == fold(sender) || is_one_of(&ours, &email) || found.iter().any(|known| fold(known) == email);
        if is_known || is_nobody(&email) || !crate::input::is_email(&one.email) || found.len() >= MOST_FOLLOWING {
            continue;
        }
        if store::mailboxes::find_by_address(tx, &one.email).await?.is_some() {
            continue;
        }
        let domain = one.email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
        let has_account =
            store::people::find_by_email(tx, &one.email).await?.is_some_and(|person| person.email_vouched);
        if has_account || store::organizations::of_domain(tx, domain).await?.is_some() {
            found.push(one.email.clone());
        }
    }
    Ok(found)
}

/// Whether nobody reads what comes to an address, by its own name.
fn is_nobody(email: &str) -> bool {
    let local = email.split_once('@').map_or(email, |(local, _)| local);
    let local: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    ["noreply", "donotreply", "nonrispondere", "mailerdaemon", "postmaster"].iter().any(|name| local.starts_with(name))
}
