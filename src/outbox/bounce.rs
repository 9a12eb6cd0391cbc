//! In charge of addresses at which mail of ours did not arrive for good (N08): which answers of a server say so, and what takes an
//! address off that list. Does not know how an answer came: at once from our server, or later as a mail.

use crate::clock::Moment;
use crate::store::{self, Result, Tx};

/// Whether an answer says that nobody will ever read mail at this address. What a server says of this one mail (its size, its
/// content, its sender) says nothing of the address (RFC 3463, 3).
pub fn is_of_address(reply: &str) -> bool {
    let enhanced = reply.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(|word| {
        let mut parts = word.split('.').map(str::parse::<u32>);
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Ok(class)), Some(Ok(subject)), Some(Ok(detail)), None) => Some((class, subject, detail)),
            _ => None,
        }
    });
    match enhanced {
        // Of the address, of the mailbox (but a full one, and too large a mail), of the way there.
        Some((5, 1, detail)) => !matches!(detail, 7 | 8),
        Some((5, 2, detail)) => !matches!(detail, 2 | 3),
        Some((5, 4, _)) => true,
        Some(_) => false,
        None => ["550", "551", "553"].iter().any(|code| reply.trim_start().starts_with(code)),
    }
}

/// Writes down that an address takes no mail, if that is what the answer says.
pub async fn mark(tx: &mut Tx, address: &str, reply: &str, now: Moment) -> Result<()> {
    match is_of_address(reply) {
        true => store::bounced_addresses::put(tx, address, reply, now).await,
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_address;

    #[test]
    fn an_answer_about_the_address_is_told_from_one_about_the_mail() {
        for of_address in [
            "failed 5.1.1",
            "550 5.1.1 <x@y.example>: Recipient address rejected: User unknown",
            "550 5.2.1 mailbox disabled",
            "failed 5.4.4",
            "550 No such user here",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound",
        ] {
            assert!(is_of_address(of_address), "{of_address}");
        }
        for of_mail in [
            "550 5.7.1 message rejected as spam",
            "552 5.2.2 mailbox full",
            "552 5.2.3 too long",
            "552 message size exceeds limit",
            "554 5.6.0 content",
            "550 5.1.8 sender's domain does not exist",
            "failed 4.2.2",
            "failed",
            "",
        ] {
            assert!(!is_of_address(of_mail), "{of_mail}");
        }
    }
}
