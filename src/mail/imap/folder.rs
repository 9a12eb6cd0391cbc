//! In charge of a folder's name and of opening it to look. Does not know what is asked of it then.

use super::session::{Said, Session, Status, Word, quoted};
use super::{utf7, value};
use crate::mail::{FaultKind, MailFault};

/// The folder that every mailbox has (RFC 9051, 5.1).
pub const INBOX: &str = "INBOX";

/// Codes of a NO that say «not now» rather than «no such folder» (RFC 5530).
const PASSING: [&str; 6] = ["UNAVAILABLE", "LIMIT", "INUSE", "SERVERBUG", "CONTACTADMIN", "CORRUPTION"];

/// What a folder says of itself when it is opened.
#[derive(PartialEq, Eq)]
pub(super) struct Opened {
    pub total: u32,
    pub uid_next: Option<u32>,
    pub uid_validity: Option<u32>,
}

/// EXAMINE of INBOX (RFC 9051, 6.3.3): nothing said afterwards can change the mailbox.
pub(super) async fn examine(session: &mut Session<'_>) -> Result<Opened, MailFault> {
    match try_examine(session, INBOX).await? {
        Ok(opened) => Ok(opened),
        Err(end) => Err(not_opened(session, &end)),
    }
}

/// EXAMINE of a folder by the name that people see. A name with a control character in it is never sent.
///
/// # Errors
/// `NotFound` when the server has none of this name, or none that can be opened.
pub(super) async fn examine_folder(session: &mut Session<'_>, name: &str) -> Result<Opened, MailFault> {
    if name.eq_ignore_ascii_case(INBOX) {
        return examine(session).await;
    }
    let missing = || MailFault::ours(FaultKind::NotFound, "no-folder");
    if !is_sendable(name) {
        return Err(missing());
    }
    // Some servers have names that are not of the coding: those are shown, and asked for, as they are.
    let coded = utf7::encode(name);
    let as_it_is = Some(name).filter(|name| *name != coded);
    for wire in [Some(coded.as_str()), as_it_is].into_iter().flatten() {
        match try_examine(session, &quoted(wire)).await? {
            Ok(opened) => return Ok(opened),
            Err(end) => {
                let code = end.code.split(' ').next().unwrap_or_default();
                if PASSING.iter().any(|known| known.eq_ignore_ascii_case(code)) {
                    return Err(not_opened(session, &end));
                }
            }
        }
    }
    Err(missing())
}

/// Whether a name can be that of a folder, and be sent.
pub(super) fn is_sendable(name: &str) -> bool {
    !name.is_empty() && !name.contains(char::is_control)
}

/// A folder as the server's answer names it, for people: decoded when it is of the coding, else as it is.
pub(super) fn shown(wire: &[u8]) -> String {
    match utf7::decode(wire) {
        Some(name) if name.eq_ignore_ascii_case(INBOX) => INBOX.to_string(),
        Some(name) => name,
        None => String::from_utf8_lossy(wire).into_owned(),
    }
}

async fn try_examine(session: &mut Session<'_>, argument: &str) -> Result<Result<Opened, Status>, MailFault> {
    let (mut total, mut uid_next, mut uid_validity) = (None, None, None);
    let nonzero = |number: &str| number.parse().ok().filter(|number| *number > 0u32);
    let hear = |said: &Said| match said {
        Said::Note(status) => match status.code.split_once(' ') {
            Some((code, number)) if code.eq_ignore_ascii_case("UIDNEXT") => uid_next = nonzero(number),
            Some((code, number)) if code.eq_ignore_ascii_case("UIDVALIDITY") => uid_validity = nonzero(number),
            _ => {}
        },
        Said::Data(answer) => {
            if let Some([number, what]) = value::read(answer).as_deref()
                && what.is("EXISTS")
            {
                total = number.number();
            }
        }
        _ => {}
    };
    let end = session.ask(&format!("EXAMINE {argument}"), hear).await?;
    Ok(match total {
        Some(total) if end.word == Word::Ok => Ok(Opened { total, uid_next, uid_validity }),
        _ => Err(end),
    })
}

fn not_opened(session: &Session<'_>, end: &Status) -> MailFault {
    MailFault::ours_with(FaultKind::Protocol, "not-opened", session.words(end))
}
