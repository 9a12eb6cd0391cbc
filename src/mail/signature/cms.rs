//! In charge of what a detached signature says (RFC 5652, 5), in DER or in BER. Does not know whether any of it is true.

use cms::cert::CertificateChoices;
use cms::cert::x509::Certificate;
use cms::cert::x509::der::asn1::{Any, BitString, GeneralizedTime, ObjectIdentifier, OctetStringRef, UtcTime};
use cms::cert::x509::der::{Decode, Encode, EncodingRules, Tag};
use cms::cert::x509::ext::pkix::SubjectKeyIdentifier;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedAttributes, SignedData, SignerIdentifier, SignerInfo};
use ring::{digest, signature};

use super::MOST_CERTIFICATES;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// An RSA key has so many bytes, with what stands around its number: from 2048 bits to 8192.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 256..=1100;

/// A signature, opened.
pub(super) struct Signed {
    pub digest: Digest,
    /// What it says the digest of the content is.
    pub message_digest: Vec<u8>,
    /// Seconds since 1970, as who has signed says.
    pub signed_at: Option<i64>,
    /// The bytes that are signed: the attributes, as DER has them (RFC 5652, 5.4).
    pub attributes: Vec<u8>,
    pub signature: Vec<u8>,
    /// The certificate of who has signed, and its RSA key.
    pub signer: Certificate,
    pub key: BitString,
    /// The other certificates that came along.
    pub others: Vec<Certificate>,
}

/// The digests that providers use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digest {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    const ALL: [(Digest, &str, &str); 4] = [
        (Digest::Sha1, "1.3.14.3.2.26", "1.2.840.113549.1.1.5"),
        (Digest::Sha256, "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.11"),
        (Digest::Sha384, "2.16.840.1.101.3.4.2.2", "1.2.840.113549.1.1.12"),
        (Digest::Sha512, "2.16.840.1.101.3.4.2.3", "1.2.840.113549.1.1.13"),
    ];

    /// By its own name.
    fn named(oid: &ObjectIdentifier) -> Option<Digest> {
        let oid = oid.to_string();
        Digest::ALL.into_iter().find(|(_, known, _)| *known == oid).map(|(digest, ..)| digest)
    }

    /// By the name of an RSA signature over it.
    pub fn of_signature(oid: &str) -> Option<Digest> {
        Digest::ALL.into_iter().find(|(_, _, known)| *known == oid).map(|(digest, ..)| digest)
    }

    pub fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            Digest::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Digest::Sha256 => &digest::SHA256,
            Digest::Sha384 => &digest::SHA384,
            Digest::Sha512 => &digest::SHA512,
        }
    }

    pub fn rsa(self) -> &'static signature::RsaParameters {
        match self {
            Digest::Sha1 => &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            Digest::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
            Digest::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
            Digest::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        }
    }

    pub fn is_obsolete(self) -> bool {
        self == Digest::Sha1
    }
}

/// Opens a signature by one signer over what stands outside it. Nothing where it is something else, or made in a way that is not known
/// here.
pub(super) fn open(bytes: &[u8]) -> Option<Signed> {
    let info = ContentInfo::from_ber(bytes).ok().filter(|info| info.content_type == SIGNED_DATA)?;
    let data = info.content.decode_as_encoding::<SignedData>(EncodingRules::Ber).ok()?;
    let content = data.encap_content_info;
    let [signer] = data.signer_infos.0.as_slice() else { return None };
    let digest = Digest::named(&signer.digest_alg.oid)?;
    let by = &signer.signature_algorithm.oid;
    let is_rsa = *by == RSA || Digest::of_signature(&by.to_string()) == Some(digest);
    let attributes = signer.signed_attrs.as_ref()?;
    let content_type = only(attributes, &CONTENT_TYPE)??.decode_as::<ObjectIdentifier>().ok()?;
    if !is_rsa || content.econtent.is_some() || content_type != content.econtent_type {
        return None;
    }
    let mut certificates: Vec<Certificate> = Vec::new();
    for one in data.certificates.iter().flat_map(|set| set.0.iter()) {
        if let CertificateChoices::Certificate(one) = one {
            certificates.push(one.clone());
        }
    }
    if certificates.len() > MOST_CERTIFICATES {
        return None;
    }
    let place = certificates.iter().position(|one| is_of(one, signer))?;
    let certificate = certificates.swap_remove(place);
    let key = certificate.tbs_certificate().subject_public_key_info();
    let is_known = key.algorithm.oid == RSA && KEY_BYTES.contains(&key.subject_public_key.raw_bytes().len());
    Some(Signed {
        digest,
        message_digest: only(attributes, &MESSAGE_DIGEST)??.decode_as::<&OctetStringRef>().ok()?.as_bytes().to_vec(),
        signed_at: match only(attributes, &SIGNING_TIME)? {
            Some(time) => Some(i64::try_from(seconds(time)?).ok()?),
            None => None,
        },
        attributes: attributes.to_der().ok()?,
        signature: signer.signature.as_bytes().to_vec(),
        key: is_known.then(|| key.subject_public_key.clone())?,
        signer: certificate,
        others: certificates,
    })
}

/// The one value of an attribute, if it is there; nothing where it is there more than once, or has not one value (RFC 5652, 11).
fn only<'a>(attributes: &'a SignedAttributes, name: &ObjectIdentifier) -> Option<Option<&'a Any>> {
    let mut found = attributes.iter().filter(|one| one.oid == *name);
    match (found.next(), found.next()) {
        (None, _) => Some(None),
        (Some(one), None) => match one.values.as_slice() {
            [value] => Some(Some(value)),
            _ => None,
        },
        (Some(_), Some(_)) => None,
    }
}

/// Seconds since 1970 (RFC 5652, 11.3).
fn seconds(time: &Any) -> Option<u64> {
    use cms::cert::x509::der::Tagged;
    let since = match time.tag() {
        Tag::UtcTime => time.decode_as::<UtcTime>().ok()?.to_unix_duration(),
        _ => time.decode_as::<GeneralizedTime>().ok()?.to_unix_duration(),
    };
    Some(since.as_secs())
}

fn is_of(certificate: &Certificate, signer: &SignerInfo) -> bool {
    let certificate = certificate.tbs_certificate();
    match &signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(one) => {
            *certificate.issuer() == one.issuer && *certificate.serial_number() == one.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => certificate
            .get_extension::<SubjectKeyIdentifier>()
            .is_ok_and(|found| found.is_some_and(|(_, own)| own == *id)),
    }
}
