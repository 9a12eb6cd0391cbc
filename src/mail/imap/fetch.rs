//! In charge of fetching: the newest messages of INBOX as a list, and one message whole. Does not know what is in them.

use chrono::{DateTime, Datelike, Utc};

use super::Login;
use super::inbox::facts;
use super::login::open;
use super::session::{EXCHANGE, Said, Session, Word};
use super::value::{self, Value};
use crate::mail::net::Net;
use crate::mail::parse::{self, Marks};
use crate::mail::stream::Allowance;
use crate::mail::{FaultKind, MailFault};
use crate::model::message::{Envelope, InboxFacts, Message};
use crate::model::server::Server;

/// The most messages one list may have.
const LONGEST_LIST: u32 = 200;

/// How much of a message's headers a list reads, in bytes.
const MOST_HEADERS: u32 = 16 * 1024;

/// What is asked of a message beside its bytes.
const MARKS: &str = "UID FLAGS RFC822.SIZE INTERNALDATE";

/// The headers a list needs: those it shows and those that tell the kind (`pec.md` 1.1).
const LIST_HEADERS: &str = "FROM REPLY-TO DATE SUBJECT X-RICEVUTA X-TRASPORTO REM-MESSAGETYPE REM-EVENTIDENTIFIER";

/// The newest `limit` messages of INBOX (at most 200), newest first, and the facts of INBOX as of that moment.
/// A message that cannot be read is listed with what could be.
///
/// # Errors
/// Any [`FaultKind`] but `NotFound`.
pub async fn newest(
    net: &Net,
    server: &Server,
    login: Login<'_>,
    limit: u32,
) -> Result<(InboxFacts, Vec<Envelope>), MailFault> {
    let mut session = open(net, server, &login).await?;
    let mut facts = facts(&mut session, false).await?;
    // EXISTS and UIDNEXT of EXAMINE are of one moment: the list has exactly the messages before that UIDNEXT.
    let opened = examine(&mut session).await?;
    facts.total = opened.total;
    facts.uid_next = opened.uid_next.unwrap_or(facts.uid_next);
    facts.uid_validity = opened.uid_validity.unwrap_or(facts.uid_validity);
    let limit = limit.min(LONGEST_LIST).min(facts.total);
    let mut list: Vec<Envelope> = Vec::new();
    if limit > 0 {
        let first = facts.total - limit + 1;
        let command = format!(
            "FETCH {first}:{} ({MARKS} BODY.PEEK[HEADER.FIELDS ({LIST_HEADERS})]<0.{MOST_HEADERS}>)",
            facts.total
        );
        let room = |each: u32| EXCHANGE.lines + (limit * each) as usize;
        let allowance = Allowance { lines: room(2 * 1024), line: EXCHANGE.line, literals: room(MOST_HEADERS) };
        let hear = |said: &Said| {
            if let Some(fetched) = fetched(said)
                && list.len() < limit as usize
                && !list.iter().any(|known| known.uid == fetched.marks.uid)
            {
                list.push(parse::envelope(&fetched.marks, &fetched.bytes));
            }
        };
        let ends = session.run(&[&command], allowance, hear).await?;
        // Some servers end with NO when one message of many could not be read: the others are still a list.
        if let Some(end) = ends.first().filter(|end| end.word != Word::Ok && list.is_empty()) {
            let words = format!("Elenco non riuscito: {}", session.words(end));
            return Err(MailFault::new(FaultKind::Protocol, words));
        }
    }
    session.leave().await;
    list.sort_by_key(|envelope| std::cmp::Reverse(envelope.uid));
    Ok((facts, list))
}

/// One message of INBOX by UID, of which at most `max_bytes` are read.
///
/// # Errors
/// `NotFound` when there is no such message; else as [`newest`].
pub async fn message(
    net: &Net,
    server: &Server,
    login: Login<'_>,
    uid: u32,
    max_bytes: u32,
) -> Result<Message, MailFault> {
    let missing = || MailFault::new(FaultKind::NotFound, "Il messaggio non è più nella casella");
    if uid == 0 {
        return Err(missing());
    }
    let max_bytes = max_bytes.max(1); // there is no asking for zero (RFC 9051, 9: `partial`)
    let mut session = open(net, server, &login).await?;
    examine(&mut session).await?;
    let command = format!("UID FETCH {uid} ({MARKS} BODY.PEEK[]<0.{max_bytes}>)");
    let allowance = Allowance { literals: max_bytes as usize + EXCHANGE.literals, ..EXCHANGE };
    let mut found: Option<Fetched> = None;
    let hear = |said: &Said| {
        if let Some(fetched) = fetched(said).filter(|fetched| fetched.marks.uid == uid) {
            found.get_or_insert(fetched);
        }
    };
    let ends = session.run(&[&command], allowance, hear).await?;
    if let Some(end) = ends.first().filter(|end| end.word != Word::Ok) {
        let words = format!("Lettura non riuscita: {}", session.words(end));
        return Err(MailFault::new(FaultKind::Protocol, words));
    }
    session.leave().await;
    let Fetched { marks, mut bytes } = found.ok_or_else(missing)?;
    // The size is the server's word and some servers are off by a little: it only counts when we read up to our limit.
    let truncated = bytes.len() > max_bytes as usize || (bytes.len() == max_bytes as usize && marks.size > max_bytes);
    bytes.truncate(max_bytes as usize);
    // Decoding megabytes is work for another thread than those that wait for answers.
    let parsed = tokio::task::spawn_blocking(move || parse::message(&marks, &bytes, truncated)).await;
    parsed.map_err(|_| MailFault::new(FaultKind::Protocol, "Il messaggio non si lascia leggere"))
}

pub(super) struct Opened {
    pub total: u32,
    pub uid_next: Option<u32>,
    pub uid_validity: Option<u32>,
}

/// EXAMINE (RFC 9051, 6.3.3): nothing said afterwards can change the mailbox.
pub(super) async fn examine(session: &mut Session<'_>) -> Result<Opened, MailFault> {
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
    let end = session.ask("EXAMINE INBOX", hear).await?;
    match total {
        Some(total) if end.word == Word::Ok => Ok(Opened { total, uid_next, uid_validity }),
        _ => {
            let words = format!("La casella non si apre: {}", session.words(&end));
            Err(MailFault::new(FaultKind::Protocol, words))
        }
    }
}

struct Fetched {
    marks: Marks,
    bytes: Vec<u8>,
}

/// A FETCH answer that has a UID and a body section, even an empty one; nothing for the others, such as flags
/// that another client changed meanwhile.
fn fetched(said: &Said) -> Option<Fetched> {
    let Said::Data(answer) = said else { return None };
    let values = value::read(answer)?;
    let [_number, what, Value::List(items)] = values.as_slice() else { return None };
    if !what.is("FETCH") {
        return None;
    }
    let (mut uid, mut bytes) = (None, None);
    let mut marks = Marks { uid: 0, size: 0, seen: false, received: None };
    for item in items.chunks_exact(2) {
        let (name, value) = (&item[0], &item[1]);
        if name.is("UID") {
            uid = value.number().filter(|uid| *uid > 0);
        } else if name.is("RFC822.SIZE") {
            marks.size = value.number().unwrap_or(0);
        } else if name.is("INTERNALDATE") {
            marks.received = value.bytes().and_then(internal_date);
        } else if name.is("FLAGS") {
            marks.seen = value.list().is_some_and(|flags| flags.iter().any(|flag| flag.is("\\Seen")));
        } else if matches!(name, Value::Atom(name) if name.get(..5).is_some_and(|it| it.eq_ignore_ascii_case(b"BODY[")))
        {
            bytes = Some(value.bytes().unwrap_or_default().to_vec());
        }
    }
    Some(Fetched { marks: Marks { uid: uid?, ..marks }, bytes: bytes? })
}

/// `" 7-Feb-2026 02:44:25 +0100"` (RFC 9051, 9: `date-time`).
pub(super) fn internal_date(text: &[u8]) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let date = DateTime::parse_from_str(text, "%d-%b-%Y %H:%M:%S %z").ok()?.to_utc();
    // chrono reads years of any length; no mail is of one.
    (1970..=9998).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fetch_answer_in_any_order() {
        let answer = "* 4 FETCH (FLAGS (\\Flagged \\SEEN) BODY[HEADER.FIELDS (FROM)]<0> {8}\r\nFrom: a\n \
                      INTERNALDATE \" 7-Feb-2026 02:44:25 +0100\" X-GM-LABELS (\"\\\\Inbox\") RFC822.SIZE 44 UID 9)\r\n";
        let fetched = fetched(&Said::Data(answer.as_bytes().to_vec())).unwrap();
        assert_eq!((fetched.marks.uid, fetched.marks.size, fetched.marks.seen), (9, 44, true));
        assert_eq!(fetched.marks.received.unwrap().to_rfc3339(), "2026-02-07T01:44:25+00:00");
        assert_eq!(fetched.bytes, b"From: a\n");
    }

    #[test]
    fn what_a_message_lacks_is_left_empty() {
        let answer = "* 4 FETCH (UID 9 FLAGS NIL INTERNALDATE NIL RFC822.SIZE NIL BODY[] NIL)\r\n";
        let fetched = fetched(&Said::Data(answer.as_bytes().to_vec())).unwrap();
        assert_eq!((fetched.marks.uid, fetched.marks.size, fetched.marks.seen), (9, 0, false));
        assert_eq!((fetched.marks.received, fetched.bytes.len()), (None, 0));
    }

    #[test]
    fn other_answers_are_not_a_message() {
        for answer in [
            "* 4 FETCH (FLAGS (\\Seen))\r\n",
            "* 4 FETCH (UID 0 BODY[] \"\")\r\n",
            "* 4 FETCH (BODY[] \"\")\r\n",
            "* 4 FETCH ()\r\n",
            "* 4 FETCH\r\n",
            "* 4 EXPUNGE\r\n",
        ] {
            assert!(fetched(&Said::Data(answer.as_bytes().to_vec())).is_none(), "{answer:?}");
        }
    }
}
