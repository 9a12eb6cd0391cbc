//! In charge of commands and their answers on one connection: only our own tag ends a command. Does not know the mailbox.

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::Login;
use crate::mail::stream::{Allowance, Wire};
use crate::mail::{FaultKind, MailFault};

/// What any exchange but a fetch may answer with.
pub(super) const EXCHANGE: Allowance = Allowance { lines: 64 * 1024, line: 16 * 1024, literals: 4 * 1024, spare: 0 };

/// The first word of a status answer (RFC 9051, 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Ok,
    No,
    Bad,
    Bye,
    Preauth,
}

/// A status answer: `OK [CODE] text` and its sisters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Status {
    pub word: Word,
    /// What stands in brackets, empty when nothing does.
    pub code: String,
    pub text: String,
}

/// One thing the server said.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The end of the command of this tag.
    End(String, Status),
    /// An untagged OK, NO or BAD.
    Note(Status),
    /// Any other untagged answer, whole.
    Data(Vec<u8>),
    /// `+`: the server waits for the rest of the command.
    Continue,
}

/// A conversation with one server on behalf of one login.
pub(super) struct Session<'a> {
    pub wire: Wire,
    login: &'a Login<'a>,
    tags: u32,
    capabilities: Option<Vec<String>>,
}

impl<'a> Session<'a> {
    pub fn new(wire: Wire, login: &'a Login<'a>) -> Session<'a> {
        Session { wire, login, tags: 0, capabilities: None }
    }

    /// A tag that has not been used.
    pub fn tag(&mut self) -> String {
        self.tags += 1;
        format!("S{:03}", self.tags)
    }

    /// Sends the commands together and listens until all have ended; what is said meanwhile goes to `hear`.
    /// The ends come back in the order of the commands.
    pub async fn run(
        &mut self,
        commands: &[&str],
        allowance: Allowance,
        mut hear: impl FnMut(&Said),
    ) -> Result<Vec<Status>, MailFault> {
        let tags: Vec<String> = commands.iter().map(|_| self.tag()).collect();
        let lines: String = tags.iter().zip(commands).map(|(tag, command)| format!("{tag} {command}\r\n")).collect();
        self.wire.begin(allowance);
        self.wire.send(lines.as_bytes()).await?;
        let mut ends: Vec<Option<Status>> = vec![None; tags.len()];
        while ends.iter().any(Option::is_none) {
            match self.listen().await? {
                Said::End(tag, status) => {
                    if let Some(at) = tags.iter().position(|ours| *ours == tag) {
                        ends[at].get_or_insert(status);
                    }
                }
                Said::Continue => {
                    return Err(MailFault::ours(FaultKind::Protocol, "unasked-continuation"));
                }
                said => hear(&said),
            }
        }
        Ok(ends.into_iter().flatten().collect())
    }

    /// As [`Session::run`], for one command with a small answer.
    pub async fn ask(&mut self, command: &str, hear: impl FnMut(&Said)) -> Result<Status, MailFault> {
        self.ask_for(command, EXCHANGE, hear).await
    }

    /// As [`Session::run`], for one command.
    pub async fn ask_for(
        &mut self,
        command: &str,
        allowance: Allowance,
        hear: impl FnMut(&Said),
    ) -> Result<Status, MailFault> {
        let ends = self.run(&[command], allowance, hear).await?;
        ends.into_iter().next().ok_or_else(|| MailFault::ours(FaultKind::Protocol, "no-answer"))
    }

    /// The next thing the server says. BYE is a fault: the server is leaving.
    pub async fn listen(&mut self) -> Result<Said, MailFault> {
        let answer = self.wire.answer().await?;
        let said = understand(answer).ok_or_else(|| MailFault::ours(FaultKind::Protocol, "no-imap"))?;
        match &said {
            Said::End(_, status) | Said::Note(status) => {
                if status.word == Word::Bye {
                    let words = self.words(status);
                    return Err(MailFault::ours_with(FaultKind::Unreachable, "dismissed", words));
                }
                self.learn(&status.code);
            }
            Said::Data(data) => {
                const CAPABILITY: &[u8] = b"* CAPABILITY ";
                if data.get(..CAPABILITY.len()).is_some_and(|start| start.eq_ignore_ascii_case(CAPABILITY)) {
                    self.learn(&String::from_utf8_lossy(&data[2..]));
                }
            }
            Said::Continue => {}
        }
        Ok(said)
    }

    /// Whether the server has a capability; asks it when it has not said.
    pub async fn has(&mut self, capability: &str) -> Result<bool, MailFault> {
        if self.capabilities.is_none() {
            self.ask("CAPABILITY", |_| {}).await?;
        }
        let known = self.capabilities.get_or_insert_default();
        Ok(known.iter().any(|have| have.eq_ignore_ascii_case(capability)))
    }

    /// What was said of capabilities no longer holds (after TLS, after login: RFC 9051, 6.1.1).
    pub fn forget_capabilities(&mut self) {
        self.capabilities = None;
    }

    /// The server's code and text, for a fault's detail: the only door through which its words leave. Those that
    /// repeat the password, in any form in which we send it, are left out.
    pub fn words(&self, status: &Status) -> String {
        let forms = secret_forms(self.login);
        let safe = |words: &str| {
            let lower = Zeroizing::new(words.to_lowercase());
            let told = forms.iter().any(|form| lower.contains(form.as_str()));
            if told { "***".to_string() } else { words.to_string() }
        };
        match status.code.as_str() {
            "" => safe(&status.text),
            code => format!("{}: {}", safe(code), safe(&status.text)),
        }
    }

    /// LOGOUT, in the little time that politeness is worth.
    pub async fn leave(mut self) {
        const POLITENESS: std::time::Duration = std::time::Duration::from_secs(2);
        let goodbye = async {
            let _ = self.ask("LOGOUT", |_| {}).await;
            self.wire.close().await;
        };
        let _ = tokio::time::timeout(POLITENESS, goodbye).await;
    }

    fn learn(&mut self, told: &str) {
        let mut words = told.split_ascii_whitespace();
        if words.next().is_some_and(|word| word.eq_ignore_ascii_case("CAPABILITY")) {
            self.capabilities = Some(words.map(str::to_string).collect());
        }
    }
}

/// The base64 text of SASL PLAIN (RFC 4616), without its CRLF.
pub(super) fn sasl_plain(login: &Login<'_>) -> Zeroizing<String> {
    let password = login.password.expose_secret();
    let mut plain = Zeroizing::new(Vec::with_capacity(login.username.len() + password.len() + 2));
    plain.push(0);
    plain.extend_from_slice(login.username.as_bytes());
    plain.push(0);
    plain.extend_from_slice(password.as_bytes());
    Zeroizing::new(STANDARD.encode(&*plain))
}

/// A quoted string (RFC 9051, 4.3). Only for text without control characters.
pub(super) fn quoted(text: &str) -> Zeroizing<String> {
    let mut quoted = Zeroizing::new(String::with_capacity(text.len() * 2 + 2));
    quoted.push('"');
    for letter in text.chars() {
        if matches!(letter, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted.push('"');
    quoted
}

/// The password as it is, quoted, and in base64; in small letters, since an echo may change them.
fn secret_forms(login: &Login<'_>) -> Vec<Zeroizing<String>> {
    let password = login.password.expose_secret();
    if password.is_empty() {
        return Vec::new();
    }
    let encoded = Zeroizing::new(STANDARD.encode(password));
    let forms = [password, &quoted(password), &encoded, &sasl_plain(login)];
    forms.iter().map(|form| Zeroizing::new(form.to_lowercase())).collect()
}

/// Nothing when it is no answer of IMAP.
fn understand(answer: Vec<u8>) -> Option<Said> {
    if answer.starts_with(b"+") {
        return Some(Said::Continue);
    }
    let space = answer.iter().position(|byte| *byte == b' ')?;
    let status = status(&answer[space + 1..]);
    let tag = std::str::from_utf8(&answer[..space]).ok()?;
    match (tag, status) {
        ("*", Some(status)) => Some(Said::Note(status)),
        ("*", None) => Some(Said::Data(answer)),
        (tag, status) => Some(Said::End(tag.to_string(), status?)),
    }
}

/// `OK [CODE] text`; nothing when it does not begin with a status word.
fn status(rest: &[u8]) -> Option<Status> {
    let rest = String::from_utf8_lossy(rest);
    let rest = rest.trim_end_matches(['\r', '\n']);
    let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let word = match word.to_ascii_uppercase().as_str() {
        "OK" => Word::Ok,
        "NO" => Word::No,
        "BAD" => Word::Bad,
        "BYE" => Word::Bye,
        "PREAUTH" => Word::Preauth,
        _ => return None,
    };
    let (code, text) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).unwrap_or(("", rest));
    Some(Status { word, code: code.to_string(), text: text.trim().to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_answers() {
        let said = understand(b"S001 no [AUTHENTICATIONFAILED] No way.\r\n".to_vec()).unwrap();
        let status = Status { word: Word::No, code: "AUTHENTICATIONFAILED".to_string(), text: "No way.".to_string() };
        assert_eq!(said, Said::End("S001".to_string(), status));
        let bare = Status { word: Word::Ok, code: String::new(), text: String::new() };
        assert_eq!(understand(b"* OK\r\n".to_vec()), Some(Said::Note(bare)));
        assert_eq!(understand(b"+ go on\r\n".to_vec()), Some(Said::Continue));
        assert_eq!(understand(b"* 2 EXISTS\r\n".to_vec()), Some(Said::Data(b"* 2 EXISTS\r\n".to_vec())));
        for foreign in ["HTTP/1.1 400 Bad Request\r\n", "\r\n", "SSH-2.0-OpenSSH\r\n", "+OK"] {
            let said = understand(foreign.as_bytes().to_vec());
            assert!(matches!(said, None | Some(Said::Continue)), "{foreign:?} {said:?}");
        }
    }

    #[test]
    fn quoting() {
        assert_eq!(*quoted(r#"a"b\c"#), r#""a\"b\\c""#);
    }
}
