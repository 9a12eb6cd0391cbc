//! In charge of whether the signature of a provider of certified mail holds (`pec.md` 3): bytes as they came, authorities and a moment
//! in, a verdict out. Pure; does not know what a mail says, nor what is done with the verdict.

mod anchors;
mod cms;
mod path;

pub use anchors::Anchors;

use ::cms::cert::x509::der::Encode;
use ::x509_cert::Certificate;
use ::x509_cert::der::Decode;
use mail_parser::{HeaderName, HeaderValue};
use ring::signature::UnparsedPublicKey;

use super::parse::parts::Part;
use crate::clock::Moment;
use crate::model::ticket::Signature;
use crate::text::fold;
use cms::Signed;

/// Those of the providers have some 8 KB, with the certificates above them.
const LONGEST_SIGNATURE: usize = 64 * 1024;

/// Of one signature more certificates are not looked at.
const MOST_CERTIFICATES: usize = 16;

/// Machines whose clocks are apart by as much are not called liars.
const CLOCKS_APART_MS: i64 = 3_600_000;

/// What is known of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    pub signature: Signature,
    /// The provider, as the authority above it says; of a signature that is valid alone.
    pub provider: Option<String>,
    /// It holds by a digest that is no longer thought safe (SHA-1).
    pub is_obsolete: bool,
}

impl Seal {
    /// That of a mail which nobody has looked at yet.
    pub fn unseen(is_signed: bool) -> Seal {
        Seal::of(if is_signed { Signature::Unverifiable } else { Signature::Absent })
    }

    fn of(signature: Signature) -> Seal {
        Seal { signature, provider: None, is_obsolete: false }
    }
}

/// Looks at the signature over all of a mail (RFC 8551, 3.5.3), whose bytes are as they came over the wire. It says who the provider is,
/// not who wrote; and of the headers above it only that `From` is the provider's.
pub fn verify(raw: &[u8], anchors: &Anchors, now: Moment) -> Seal {
    let outer = Part::read(raw);
    if !outer.is("multipart", "signed") {
        return Seal::of(Signature::Absent);
    }
    // Cut at the same places as for being read, so that what is shown is what is signed.
    let (signed, signature, others) = match outer.slices(3).as_slice() {
        [signed, signature, others @ ..] => (*signed, Part::read(signature), others.len()),
        _ => return Seal::of(Signature::Unverifiable),
    };
    if !signature.is("application", "pkcs7-signature") && !signature.is("application", "x-pkcs7-signature") {
        return Seal::of(Signature::Unverifiable);
    }
    let Some(opened) = opened(&signature) else { return Seal::of(Signature::Unverifiable) };
    let digest = opened.digest;
    let is_whole = others == 0 && ring::digest::digest(digest.algorithm(), signed).as_ref() == opened.message_digest;
    let seal = |signature| Seal { is_obsolete: digest.is_obsolete(), ..Seal::of(signature) };
    let key = opened.key.raw_bytes();
    let holds = || UnparsedPublicKey::new(digest.rsa(), key).verify(&opened.attributes, &opened.signature).is_ok();
    if !is_whole || !holds() {
        return seal(Signature::Invalid);
    }
    match provider(&opened, sole_author(&outer).as_deref(), anchors, now) {
        Some(provider) => Seal { provider: Some(provider), ..seal(Signature::Valid) },
        None => seal(Signature::UnknownProvider),
    }
}

/// The address from which a mail comes as it came, when it is one alone.
fn sole_author(outer: &Part<'_>) -> Option<String> {
    let mut from = outer.headers().iter().filter(|header| header.name == HeaderName::From);
    let (one, None) = (from.next()?, from.next()) else { return None };
    let mut named = HeaderValue::as_address(&one.value)?.iter();
    let (one, None) = (named.next()?, named.next()) else { return None };
    one.address().map(str::to_string)
}

/// A signature that is none too large, read.
fn opened(part: &Part<'_>) -> Option<Signed> {
    // In base64, with its line ends.
    if part.body().len() > LONGEST_SIGNATURE * 3 / 2 {
        return None;
    }
    let bytes = part.decoded();
    cms::open(&bytes).filter(|_| bytes.len() <= LONGEST_SIGNATURE)
}

/// The name of who has signed, where an authority that is trusted says that mail from this address is theirs to sign.
fn provider(signed: &Signed, from: Option<&str>, anchors: &Anchors, now: Moment) -> Option<String> {
    let at = signed.signed_at.unwrap_or(now.0 / 1000);
    if at > (now.0 + CLOCKS_APART_MS) / 1000 {
        return None;
    }
    let from = fold(from?);
    let read = |one: &::cms::cert::x509::Certificate| Certificate::from_der(&one.to_der().ok()?).ok();
    let signer = read(&signed.signer)?;
    let others: Vec<Certificate> = signed.others.iter().filter_map(read).collect();
    let is_theirs = path::boxes(&signer).iter().any(|known| fold(known) == from);
    let is_trusted = || anchors.lead_to(signer.clone(), &others, u64::try_from(at).ok()?).then_some(());
    is_theirs.then(is_trusted)??;
    Some(path::name(&signer).unwrap_or(from))
}

#[cfg(test)]
mod tests;
