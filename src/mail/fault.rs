//! In charge of naming what went wrong on the wire. Does not know what the hub makes of it.

use std::fmt;

use super::tls::TlsCause;

/// What kind of fault a mail server, or the way to it, had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The server refused the credentials of this login. Trying again may lock the holder out.
    LoginRefused,
    /// The server refused this login because the password is too old (`EXPIRED`, RFC 5530).
    PasswordExpired,
    /// The server refused this login and sends its holder to the provider (`CONTACTADMIN`, RFC 5530).
    AccountBlocked,
    /// The server refused the login for a passing reason (`UNAVAILABLE`, `LIMIT`, `INUSE`, … RFC 5530).
    LoginUnavailable,
    /// The settings forbid this server: a private address, a clear-text connection. Nobody was connected to.
    NotAllowed,
    /// No connection, or it broke: name not found, refused, reset, end of file, deadline passed.
    Unreachable,
    /// TLS could not be agreed on, or the certificate was not accepted.
    Certificate,
    /// The server said something that is not the protocol, or not what was asked.
    Protocol,
    /// The server said more than we are ready to hold.
    TooMuch,
    /// The thing asked for is not there (a message that has been removed, a folder).
    NotFound,
    /// The folder is numbered otherwise than when the number asked for was given (UIDVALIDITY): it may be another message's.
    Renumbered,
}

impl FaultKind {
    /// True when the server has judged this login and said no: nobody may try the same credentials again (H18).
    pub fn is_refusal(self) -> bool {
        matches!(self, FaultKind::LoginRefused | FaultKind::PasswordExpired | FaultKind::AccountBlocked)
    }
}

/// A fault, with words for the log and for the mailbox's card. Never holds a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFault {
    pub kind: FaultKind,
    /// The server's own words or the system's, cleaned of control characters and capped in length.
    pub detail: String,
    /// Of a `Certificate`, the cause, where it is one of those with words of their own.
    pub tls: Option<TlsCause>,
    /// The credentials were sent, and the server has not said what it makes of them: it may have counted a refusal.
    pub is_unjudged: bool,
}

impl MailFault {
    /// A fault with its words; control characters become spaces and the text is capped at 300 characters.
    pub fn new(kind: FaultKind, detail: impl AsRef<str>) -> MailFault {
        let detail = detail.as_ref().chars().map(|c| if c.is_control() { ' ' } else { c }).take(300);
        MailFault { kind, detail: detail.collect::<String>().trim().to_string(), tls: None, is_unjudged: false }
    }
}

impl MailFault {
    /// The same fault of a login that was sent and not judged.
    pub fn unjudged(self) -> MailFault {
        MailFault { is_unjudged: true, ..self }
    }
}

impl fmt::Display for MailFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.detail)
    }
}

impl std::error::Error for MailFault {}
