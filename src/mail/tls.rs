//! In charge of naming why TLS was not agreed on, and what to do. Certificates are always checked (C12): there is no word
//! here for «go on all the same». Does not know how the connection is made.

use tokio_rustls::rustls::{AlertDescription, CertificateError, Error};

use super::{FaultKind, MailFault};

/// Why the server's identity is not proven, or why it could not be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TlsCause {
    Expired,
    NotYetValid,
    WrongName,
    UnknownAuthority,
    /// An authority's own certificate used as a server's, as `openssl req -x509` makes it: self-signed, and refused even when
    /// it is trusted.
    OwnAuthority,
    Revoked,
    /// Nothing newer than TLS 1.1 (W31).
    OldTls,
    /// What answers does not speak TLS.
    NoTls,
}

impl TlsCause {
    /// Every cause, for catalogues and tests.
    pub const ALL: [TlsCause; 8] = [
        TlsCause::Expired,
        TlsCause::NotYetValid,
        TlsCause::WrongName,
        TlsCause::UnknownAuthority,
        TlsCause::OwnAuthority,
        TlsCause::Revoked,
        TlsCause::OldTls,
        TlsCause::NoTls,
    ];

    /// The rule by which a typed server is wrong: its words are in the catalogue.
    pub fn rule(self) -> &'static str {
        match self {
            TlsCause::Expired => "certificate-expired",
            TlsCause::NotYetValid => "certificate-not-yet-valid",
            TlsCause::WrongName => "certificate-wrong-name",
            TlsCause::UnknownAuthority => "certificate-unknown-authority",
            TlsCause::OwnAuthority => "certificate-own-authority",
            TlsCause::Revoked => "certificate-revoked",
            TlsCause::OldTls => "tls-old",
            TlsCause::NoTls => "tls-none",
        }
    }
}

/// The fault of a TLS that was not agreed on.
pub(super) fn tls_fault(error: &Error) -> MailFault {
    let cause = cause(error);
    let kind = FaultKind::Certificate;
    let fault = match (cause, error) {
        (Some(cause), _) => MailFault::ours(kind, cause.rule()),
        (None, Error::InvalidCertificate(wrong)) => {
            MailFault::ours_with(kind, "certificate-refused", wrong.to_string())
        }
        (None, other) => MailFault::ours_with(kind, "tls-failed", other.to_string()),
    };
    MailFault { tls: cause, ..fault }
}

fn cause(error: &Error) -> Option<TlsCause> {
    match error {
        Error::InvalidCertificate(wrong) => match wrong {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Some(TlsCause::Expired),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Some(TlsCause::NotYetValid),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Some(TlsCause::WrongName)
            }
            CertificateError::UnknownIssuer => Some(TlsCause::UnknownAuthority),
            CertificateError::Revoked => Some(TlsCause::Revoked),
            // The variant's own type is webpki's, not rustls's.
            CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
                Some(TlsCause::OwnAuthority)
            }
            _ => None,
        },
        Error::AlertReceived(AlertDescription::ProtocolVersion) | Error::PeerIncompatible(_) => Some(TlsCause::OldTls),
        Error::InvalidMessage(_) => Some(TlsCause::NoTls),
        _ => None,
    }
}
