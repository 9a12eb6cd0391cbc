//! In charge of the authorities that are trusted to say who a provider of certified mail is: those built in, or those of a file. Does
//! not know where the file is.

use std::fmt;

use pkix_path::TrustAnchor;
use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::time::Validity;

use super::path;

/// The authority above AgID's, under which the providers of Italian certified mail are (`pec.md` 3): Actalis Authentication Root CA.
/// Built in, and not taken from the roots for web sites: of those it may go any day.
pub(super) const ACTALIS: &[u8] = include_bytes!("actalis.pem");

/// The rule by which AgID has the certificates of providers made (`pec.md` 3). The authority that is built in also stands above
/// certificates that anybody may have for a mailbox of their own: those do not state it.
pub(super) const OF_PROVIDERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.76.16.3.1.1");

/// Authorities that are trusted.
pub struct Anchors {
    /// What a signer's certificate has to state.
    pub(super) rule: Option<ObjectIdentifier>,
    anchors: Vec<TrustAnchor>,
    /// Of each, from when to when it is one.
    validity: Vec<Validity>,
}

impl Anchors {
    /// Those built in.
    ///
    /// # Errors
    /// None, as a test holds: the words would be why they cannot be read.
    pub fn built_in() -> Result<Anchors, String> {
        Ok(Anchors { rule: Some(OF_PROVIDERS), ..Anchors::of_pem(ACTALIS)? })
    }

    /// Those of a PEM, and no others: whoever they certify for mail is believed to be a provider.
    ///
    /// # Errors
    /// Why it cannot be read, or that there is none in it.
    pub fn of_pem(pem: &[u8]) -> Result<Anchors, String> {
        let mut found = Anchors { rule: None, anchors: Vec::new(), validity: Vec::new() };
        for one in CertificateDer::pem_slice_iter(pem) {
            let one = one.map_err(|fault| fault.to_string())?;
            let one = Certificate::from_der(&one).map_err(|fault| fault.to_string())?;
            found.validity.push(one.tbs_certificate.validity);
            found.anchors.push(TrustAnchor::try_from(one).map_err(|fault| fault.to_string())?);
        }
        if found.anchors.is_empty() { Err("no certificate in the file".into()) } else { Ok(found) }
    }

    /// Whether one of them, which was in force, stands above who signed at a moment (seconds since 1970).
    pub(super) fn lead_to(&self, signer: Certificate, others: &[Certificate], at: u64) -> bool {
        let found =
            path::anchor(signer, others, (&self.anchors, self.rule), at).and_then(|place| self.validity.get(place));
        found.is_some_and(|validity| {
            let within =
                validity.not_before.to_unix_duration().as_secs()..=validity.not_after.to_unix_duration().as_secs();
            within.contains(&at)
        })
    }
}

impl fmt::Debug for Anchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} authorities", self.anchors.len())
    }
}
