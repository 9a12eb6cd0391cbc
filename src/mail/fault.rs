//! In charge of naming what went wrong on the wire. Does not know what the hub makes of it.

use std::fmt;

use super::tls::TlsCause;
use crate::catalogue::Catalogue;
use crate::model::person::Language;

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
    /// The server's own words or the system's, cleaned of control characters and capped in length; or ours, as a key (`words`).
    pub detail: String,
    /// Of a `Certificate`, the cause, where it is one of those with words of their own.
    pub tls: Option<TlsCause>,
    /// The credentials were sent, and the server has not said what it makes of them: it may have counted a refusal.
    pub is_unjudged: bool,
}

/// What begins a detail that is ours: a key of the catalogue, and after a space what it speaks of.
const OURS: char = '@';

impl MailFault {
    /// A fault in the server's own words, or the system's; control characters become spaces and the text is capped at 300
    /// characters.
    pub fn new(kind: FaultKind, said: impl AsRef<str>) -> MailFault {
        let said = cleaned(said.as_ref());
        let detail = said.trim_start_matches(OURS).trim().to_string();
        MailFault { kind, detail, tls: None, is_unjudged: false }
    }

    /// A fault in words of ours: those of `fault-<key>` in the catalogue.
    pub fn ours(kind: FaultKind, key: &'static str) -> MailFault {
        MailFault { kind, detail: format!("{OURS}{key}"), tls: None, is_unjudged: false }
    }

    /// The same, speaking of something: the server's words, a time, a number.
    pub fn ours_with(kind: FaultKind, key: &'static str, of: impl AsRef<str>) -> MailFault {
        MailFault { detail: format!("{OURS}{key} {}", cleaned(of.as_ref())), ..MailFault::ours(kind, key) }
    }

    /// A fault of which the detail was kept.
    pub fn kept(kind: FaultKind, detail: String) -> MailFault {
        MailFault { kind, detail, tls: None, is_unjudged: false }
    }

    /// The same fault of a login that was sent and not judged.
    pub fn unjudged(self) -> MailFault {
        MailFault { is_unjudged: true, ..self }
    }
}

fn cleaned(text: &str) -> String {
    let text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300);
    text.collect::<String>().trim().to_string()
}

/// A detail in a reader's language: what is ours from the catalogue, what a server or the system said as it is.
pub fn words(language: Language, detail: &str) -> String {
    let Some(ours) = detail.strip_prefix(OURS) else { return detail.into() };
    let (key, of) = ours.split_once(' ').unwrap_or((ours, ""));
    let texts = Catalogue::shared();
    let key = format!("fault-{key}");
    match texts.has(Language::En, &key) {
        true => texts.text(language, &key, &[("words", of.into())]),
        false => ours.into(),
    }
}

/// The words for a log line or a terminal.
impl fmt::Display for MailFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words(Language::En, &self.detail))
    }
}

impl std::error::Error for MailFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ours_is_said_in_the_readers_language_and_a_servers_words_as_they_are() {
        let refused = MailFault::ours(FaultKind::Unreachable, "connection-refused");
        assert_eq!(words(Language::It, &refused.detail), "Il server rifiuta la connessione");
        assert_eq!(refused.to_string(), "The server refuses the connection");
        let failed = MailFault::ours_with(FaultKind::Protocol, "reading-failed", "LIMIT: Troppo\r\ntardi");
        assert_eq!(failed.to_string(), "Reading failed: LIMIT: Troppo  tardi");
        for said in ["AUTHENTICATIONFAILED: No.", "Il server rifiuta", "a@b"] {
            let fault = MailFault::new(FaultKind::LoginRefused, said);
            assert_eq!((words(Language::It, &fault.detail), fault.to_string()), (said.into(), said.into()));
        }
        // A server that would speak as if it were us.
        assert_eq!(MailFault::new(FaultKind::Protocol, "@@connection-refused").to_string(), "connection-refused");
        assert_eq!(words(Language::It, "@nobody-knows x"), "nobody-knows x");
    }
}
