//! In charge of whether a mail comes from whom it says (features.md 5, E17), by what our own receiving server wrote. Pure; does not know
//! who that is to us.

use crate::mail::incoming::{Incoming, Person, Verdict};
use crate::model::intake::IntakeMailbox;
use crate::model::message::PecKind;
use crate::provider;
use crate::text::fold;

/// What our own receiving server says of the sender: nothing is no fault, and what others say counts for nothing (E17).
pub(super) fn is_suspicious(mail: &Incoming, mailbox: Option<&IntakeMailbox>) -> bool {
    let Some(mailbox) = mailbox else { return true };
    let ours = mailbox.signs_as();
    let email = |one: &Option<Person>| one.as_ref().map(|one| fold(&one.email));
    if mail.authors > 1 {
        return true;
    }
    if mail.is_enveloped() {
        return mail.is_disguised() || (is_suspicious_envelope(mail, &ours) && !is_vouched_for(mail, mailbox));
    }
    if email(&mail.from) != email(&mail.envelope_from) {
        return true;
    }
    ours.into_iter().any(|server| {
        let said = mail.authentication(server);
        // DMARC is the sum of the others (RFC 7489, 4.2); without it one that passes for the author's own domain is enough.
        match said.dmarc {
            Verdict::Fail => true,
            Verdict::Pass => false,
            Verdict::None => [said.spf, said.dkim].contains(&Verdict::Fail) && mail.holds(server) != Some(true),
        }
    })
}

/// Whether somebody vouches for the sender: our own server, or the provider of certified mail. Nothing said is no vouching.
pub(super) fn is_certain(mail: &Incoming, mailbox: &IntakeMailbox) -> bool {
    match mail.is_enveloped() {
        true => is_vouched_for(mail, mailbox),
        false => mailbox.signs_as().into_iter().any(|server| mail.holds(server) == Some(true)),
    }
}

/// Whether the provider's signature says that who wrote has sent this to us, whatever way it came here. Something that was certified for
/// somebody else and is sent on by who knows whom is no more than any other envelope.
fn is_vouched_for(mail: &Incoming, mailbox: &IntakeMailbox) -> bool {
    let (Some(statement), Some(from)) = (mail.statement(), &mail.from) else { return false };
    let is_ours = |address: &String| fold(address) == fold(&mailbox.address);
    statement.sender.as_deref().map(fold) == Some(fold(&from.email)) && statement.recipients.iter().any(is_ours)
}

/// Whom an envelope of certified mail names is as true as its envelope, where its signature does not vouch for it: where our server says
/// something of it, it must be that it comes from a provider that we know. Who wrote is the same in it and on it. Of an anomaly the
/// provider vouches for nothing (RFC 6109, 2.1.1.2): where our server looks at senders, nobody has looked at this one.
fn is_suspicious_envelope(mail: &Incoming, ours: &[&str]) -> bool {
    let from = mail.from.as_ref().map(|from| fold(&from.email));
    let named = mail.certified.as_ref().and_then(|certified| certified.sender.as_deref()).map(fold);
    if named.is_some() && named != from {
        return true;
    }
    let domain = mail.envelope_from.as_ref().and_then(|from| from.email.rsplit_once('@')).map(|(_, domain)| domain);
    let is_known = mail.kind != PecKind::Anomaly && domain.is_some_and(provider::is_certifier);
    ours.iter().filter_map(|server| mail.holds(server)).any(|holds| !holds || !is_known)
}
