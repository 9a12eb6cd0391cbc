//! In charge of the authorities that are trusted to say who a provider of certified mail is: those built in, or those of a file. Does
//! not know where the file is.

use std::fmt;

use pkix_path::TrustAnchor;
use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::time::Validity;

use super::path;

/// The authority above AgID's, under which the providers of Italian certified mail are (`pec.md` 3): Actalis Authentication Root CA.
/// Built in, and not taken from the roots for web sites: of those it may go any day.
pub(super) const ACTALIS: &[u8] = include_bytes!("actalis.pem");

/// Authorities that are trusted.
pub struct Anchors {
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
        Anchors::of_pem(ACTALIS)
    }

    /// Those of a PEM, and no others.
    ///
    /// # Errors
    /// Why it cannot be read, or that there is none in it.
    pub fn of_pem(pem: &[u8]) -> Result<Anchors, String> {
        let mut found = Anchors { anchors: Vec::new(), validity: Vec::new() };
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
        let found = path::anchor(signer, others, &self.anchors, at).and_then(|place| self.validity.get(place));
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
