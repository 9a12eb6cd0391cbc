//! In charge of what a certificate says, and of the way from it up to an authority (RFC 5280, 6). Does not know which ones are trusted.

use pkix_path::{SignatureVerifier, TrustAnchor, ValidationPolicy, names_match, validate_path};
use ring::signature::UnparsedPublicKey;
use x509_cert::Certificate;
use x509_cert::der::asn1::{ObjectIdentifier, PrintableStringRef, Utf8StringRef};
use x509_cert::der::oid::AssociatedOid;
use x509_cert::der::{DecodeOwned, Tag, Tagged};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage, SubjectAltName};
use x509_cert::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::cms::Digest;

const EMAIL_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4");
const ANY_PURPOSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// How certificates are signed: RSA over SHA-256, 384, 512. No authority of today signs any over SHA-1.
const ALGORITHMS: [ObjectIdentifier; 3] = [
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13"),
];

/// The signer, and at most so many authorities below the one that is trusted: of the providers there is one.
const LONGEST: usize = 4;

/// So many ways are tried: certificates of the same names can stand in many orders.
const MOST_TRIES: usize = 32;

/// The addresses that a certificate is for.
pub(super) fn boxes(certificate: &Certificate) -> Vec<String> {
    let names = extension::<SubjectAltName>(certificate).flatten().map(|found| found.0).unwrap_or_default();
    let of = |name: &GeneralName| match name {
        GeneralName::Rfc822Name(address) => Some(address.as_str().to_string()),
        _ => None,
    };
    names.iter().filter_map(of).collect()
}

/// The organization that a certificate is for, else its common name.
pub(super) fn name(certificate: &Certificate) -> Option<String> {
    let all = || certificate.tbs_certificate.subject.0.iter().flat_map(|part| part.0.iter());
    let text = |wanted: ObjectIdentifier| {
        let value = &all().find(|one| one.oid == wanted)?.value;
        let text = match value.tag() {
            Tag::PrintableString => value.decode_as::<PrintableStringRef<'_>>().ok()?.to_string(),
            _ => value.decode_as::<Utf8StringRef<'_>>().ok()?.to_string(),
        };
        Some(crate::mail::parse::text::one_line(&text)).filter(|text| !text.is_empty())
    };
    text(ORGANIZATION).or_else(|| text(COMMON_NAME))
}

/// The trusted authority to which a certificate for signing mail leads, and which say that it was good at a moment (seconds since 1970).
/// Where `rule` is given, the signer's certificate states that it is made by it.
pub(super) fn anchor(
    signer: Certificate,
    others: &[Certificate],
    (anchors, rule): (&[TrustAnchor], Option<ObjectIdentifier>),
    at: u64,
) -> Option<usize> {
    if !is_for_signing(&signer) {
        return None;
    }
    let mut policy = ValidationPolicy::new(at);
    policy.min_rsa_key_bits = Some(2048);
    policy.allowed_signature_algs = Some(ALGORITHMS.to_vec());
    policy.required_leaf_eku = Some(vec![EMAIL_PROTECTION]);
    policy.required_leaf_policy_oids = rule.map(|rule| vec![rule]);
    let others: Vec<&Certificate> = others.iter().filter(|one| may_be_for_mail(one)).collect();
    // From the signer up, the shorter ways first.
    let mut ways = std::collections::VecDeque::from([vec![signer]]);
    for _ in 0..MOST_TRIES {
        let way = ways.pop_front()?;
        if let Ok(valid) = validate_path(&way, anchors, &policy, &Ring) {
            return Some(valid.anchor_index);
        }
        let top = &way.last()?.tbs_certificate;
        if way.len() == LONGEST {
            continue;
        }
        for one in &others {
            let is_above = names_match(&one.tbs_certificate.subject, &top.issuer) && !way.contains(one);
            if is_above && ways.len() < MOST_TRIES {
                ways.push_back(way.iter().cloned().chain([(*one).clone()]).collect());
            }
        }
    }
    None
}

/// Whether a certificate is for signatures (RFC 8550, 4.4.2).
fn is_for_signing(certificate: &Certificate) -> bool {
    let usage = extension::<KeyUsage>(certificate);
    usage.is_some_and(|usage| usage.is_none_or(|usage| usage.digital_signature() || usage.non_repudiation()))
}

/// Whether an authority may have to do with mail: where it says what it is for, that is named (RFC 8550, 4.4.4).
fn may_be_for_mail(authority: &Certificate) -> bool {
    let names = |one: &ExtendedKeyUsage| one.0.iter().any(|purpose| [EMAIL_PROTECTION, ANY_PURPOSE].contains(purpose));
    extension::<ExtendedKeyUsage>(authority).is_some_and(|purposes| purposes.as_ref().is_none_or(names))
}

/// What an extension says, if it is there; nothing where it cannot be read, or is there twice.
fn extension<T: DecodeOwned + AssociatedOid>(certificate: &Certificate) -> Option<Option<T>> {
    let mut found = certificate.tbs_certificate.extensions.iter().flatten().filter(|one| one.extn_id == T::OID);
    match (found.next(), found.next()) {
        (None, _) => Some(None),
        (Some(one), None) => T::from_der(one.extn_value.as_bytes()).ok().map(Some),
        (Some(_), Some(_)) => None,
    }
}

/// Signatures of certificates, looked at by ring.
struct Ring;

impl SignatureVerifier for Ring {
    fn verify_signature(
        &self,
        algorithm: AlgorithmIdentifierRef<'_>,
        issuer: SubjectPublicKeyInfoRef<'_>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), signature::Error> {
        let digest = Digest::of_signature(&algorithm.oid.to_string()).ok_or_else(signature::Error::new)?;
        let key = UnparsedPublicKey::new(digest.rsa(), issuer.subject_public_key.raw_bytes());
        key.verify(message, signature).map_err(|_| signature::Error::new())
    }
}
