//! In charge of lists of messages: the newest of INBOX, a part of any folder. Whatever one message does to its server, the
//! others are listed (H38). Does not know who pages through them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use tokio::time::{Instant, timeout_at};

use super::Login;
use super::count::{COUNTING, count_of, counted, search};
use super::fetch::{Fetched, MARKS, fetched};
use super::folder::{INBOX, Opened, examine, examine_folder};
use super::inbox::facts;
use super::login::open;
use super::message::fetch_message;
use super::session::{EXCHANGE, Said, Session, Word};
use super::value;
use crate::mail::net::Net;
use crate::mail::parse;
use crate::mail::stream::Allowance;
use crate::mail::{FaultKind, MailFault};
use crate::model::message::{Envelope, InboxFacts, Message, Numbered};
use crate::model::server::Server;

/// The most messages one list may have.
const LONGEST_LIST: u32 = 200;

/// How much of each of these a list reads, in bytes.
const MOST_HEADERS: usize = 16 * 1024;

/// What one message may take beside its headers, in bytes; more of it is read and thrown away, up to all that one message
/// of the largest can have in its headers.
const MOST_MARKS: usize = 64 * 1024;
const MOST_SPARE: usize = 128 * 1024 * 1024;

/// How many messages of one list a server may hang up over.
const MOST_FATAL: usize = 3;

/// The headers a list needs: those that tell the kind (`pec.md` 1.1) and those it shows. Each line is asked for by itself, so
/// that a subject as long as a book hides neither kind nor sender.
const LIST_HEADERS: [&str; 4] = [
    "X-RICEVUTA X-TRASPORTO X-RIFERIMENTO-MESSAGE-ID REM-MESSAGETYPE REM-EVENTIDENTIFIER DATE CONTENT-TYPE",
    "FROM REPLY-TO",
    "SUBJECT",
    "TO",
];

/// What opening INBOX shows.
#[derive(Debug)]
pub struct Newest {
    /// As of the moment of the list.
    pub facts: InboxFacts,
    /// Newest first.
    pub envelopes: Vec<Envelope>,
    /// The message that was asked for with them.
    pub message: Option<Result<Message, MailFault>>,
}

/// A part of a folder's messages.
#[derive(Debug)]
pub struct Listing {
    pub uid_validity: u32,
    /// Newest first.
    pub envelopes: Vec<Envelope>,
    /// True when there are older ones.
    pub goes_on: bool,
}

/// A message to be read along with a list, up to so many bytes. Without a UIDVALIDITY the number is taken as it is.
#[derive(Debug, Clone, Copy)]
pub struct Chosen {
    pub uid: u32,
    pub uid_validity: Option<u32>,
    pub max_bytes: u32,
}

/// The newest `limit` messages of INBOX (at most 200), newest first, the facts of INBOX as of that moment, and one message
/// of it, all in one session. A message that cannot be read is listed with what could be.
///
/// # Errors
/// Any [`FaultKind`] but `NotFound` and `Renumbered`; those of the chosen message are its own.
pub async fn newest(
    net: &Net,
    server: &Server,
    login: Login<'_>,
    limit: u32,
    chosen: Option<Chosen>,
) -> Result<Newest, MailFault> {
    let mut session = open(net, server, &login).await?;
    let mut facts = facts(&mut session, false).await?;
    // EXISTS and UIDNEXT of EXAMINE are of one moment: the list has exactly the messages before that UIDNEXT.
    let opened = examine(&mut session).await?;
    facts.total = opened.total;
    facts.uid_next = opened.uid_next.unwrap_or(facts.uid_next);
    facts.uid_validity = opened.uid_validity.unwrap_or(facts.uid_validity);
    let way = Way { net, server, login: &login, folder: INBOX, opened };
    let envelopes = rows(&mut session, &way, facts.total, limit.min(LONGEST_LIST)).await?;
    let message = match chosen {
        None => None,
        Some(chosen) if chosen.uid_validity.is_some_and(|known| known != facts.uid_validity) => Some(Err(renumbered())),
        Some(chosen) => Some(fetch_message(&mut session, chosen.uid, chosen.max_bytes).await),
    };
    session.leave().await;
    Ok(Newest { facts, envelopes, message })
}

/// The newest `limit` messages (at most 200) of a folder, or the newest of those older than one.
///
/// # Errors
/// `NotFound` when there is no such folder; `Renumbered` when `before` is of another numbering; else any [`FaultKind`].
pub async fn list(
    net: &Net,
    server: &Server,
    login: Login<'_>,
    folder: &str,
    limit: u32,
    before: Option<Numbered>,
) -> Result<Listing, MailFault> {
    let mut session = open(net, server, &login).await?;
    let opened = examine_folder(&mut session, folder).await?;
    let last = match before {
        None => opened.total,
        Some(before) => {
            as_numbered(&opened, Some(before.uid_validity))?;
            older(&mut session, before.uid).await?.min(opened.total)
        }
    };
    let limit = limit.min(LONGEST_LIST);
    let uid_validity = numbering(&opened);
    let way = Way { net, server, login: &login, folder, opened };
    let mut envelopes = rows(&mut session, &way, last, limit).await?;
    envelopes.retain(|one| before.is_none_or(|before| one.uid < before.uid));
    session.leave().await;
    Ok(Listing { uid_validity, envelopes, goes_on: last > limit })
}

/// Goes on only when the folder is numbered as it was.
pub(super) fn as_numbered(opened: &Opened, known: Option<u32>) -> Result<(), MailFault> {
    match known {
        Some(known) if known != numbering(opened) => Err(renumbered()),
        _ => Ok(()),
    }
}

/// Zero for a server that does not tell: it never renumbers, as far as anybody can know.
fn numbering(opened: &Opened) -> u32 {
    opened.uid_validity.unwrap_or(0)
}

fn renumbered() -> MailFault {
    MailFault::ours(FaultKind::Renumbered, "renumbered")
}

/// How many messages have a smaller UID: messages are in the order of their UIDs, so the last of these has this place
/// in the folder (RFC 9051, 2.3.1.2). No place changes during SEARCH and FETCH (7.5.1).
async fn older(session: &mut Session<'_>, uid: u32) -> Result<u32, MailFault> {
    if uid <= 1 {
        return Ok(0);
    }
    let command = search(session, 1, uid - 1).await?;
    let mut found = None;
    let hear = |said: &Said| {
        if let Said::Data(answer) = said
            && let Some(values) = value::read(answer)
        {
            found = count_of(&values, found);
        }
    };
    let end = session.ask_for(&command, COUNTING, hear).await?;
    counted(session, &end, found)
}

/// The way back to a folder, for when its server hangs up in the middle of a list.
struct Way<'w> {
    net: &'w Net,
    server: &'w Server,
    login: &'w Login<'w>,
    folder: &'w str,
    opened: Opened,
}

impl<'w> Way<'w> {
    /// The folder again, in a new session that ends no later; nothing when it is no longer as it was.
    async fn again(&self, ends: Instant) -> Result<Option<Session<'w>>, MailFault> {
        let mut session = open(self.net, self.server, self.login).await?;
        session.wire.end_visit(ends);
        let opened = examine_folder(&mut session, self.folder).await?;
        Ok((opened == self.opened).then_some(session))
    }
}

/// The `limit` messages up to a place in the folder, newest first. Some servers hang up over a message that they cannot
/// read: they are asked again, in a new session, for all but that one. All the sessions together have the time of one.
async fn rows<'w>(session: &mut Session<'w>, way: &Way<'w>, last: u32, limit: u32) -> Result<Vec<Envelope>, MailFault> {
    let mut rows = Rows { numbers: last.saturating_sub(limit) + 1..=last, found: BTreeMap::new(), fatal: Vec::new() };
    let ends = session.wire.visit_ends();
    while let Err(fault) = rows.ask(session).await {
        // Messages are answered for in their order, so it is the first without an answer.
        let fatal = rows.missing().first().copied().filter(|_| rows.fatal.len() < MOST_FATAL);
        let hung_up = fault.kind == FaultKind::Unreachable && !session.wire.is_late();
        let (true, Some(fatal)) = (hung_up, fatal) else { return Err(fault) };
        rows.fatal.push(fatal);
        let again = timeout_at(ends, way.again(ends)).await.unwrap_or(Ok(None));
        *session = again?.ok_or(fault)?;
    }
    let mut envelopes: Vec<Envelope> = rows.found.into_values().collect();
    envelopes.sort_by_key(|envelope| std::cmp::Reverse(envelope.uid));
    Ok(envelopes)
}

/// A list that is being read.
struct Rows {
    numbers: RangeInclusive<u32>,
    found: BTreeMap<u32, Envelope>,
    /// Messages that the server has hung up over.
    fatal: Vec<u32>,
}

impl Rows {
    fn missing(&self) -> Vec<u32> {
        self.numbers.clone().filter(|number| !self.found.contains_key(number) && !self.fatal.contains(number)).collect()
    }

    /// What is asked of a message grows less until the server answers for it: with its structure, without, and at the last
    /// its marks alone; of one that it hung up over, nothing for which it must be read.
    async fn ask(&mut self, session: &mut Session<'_>) -> Result<(), MailFault> {
        let section = |names: &str| format!("BODY.PEEK[HEADER.FIELDS ({names})]<0.{MOST_HEADERS}>");
        let headers = LIST_HEADERS.map(section).join(" ");
        let whole = format!("{MARKS} BODYSTRUCTURE {headers}");
        let mut refusal = None;
        for (items, is_last) in [(whole, false), (format!("{MARKS} {headers}"), false), (MARKS.to_string(), true)] {
            refusal = self.fetch(session, &self.missing(), &items, is_last).await?.or(refusal);
        }
        refusal = self.fetch(session, &self.fatal.clone(), "UID FLAGS", true).await?.or(refusal);
        // Some servers end with NO when one message of many could not be read: the others are still a list.
        match refusal.filter(|_| self.found.is_empty()) {
            Some(words) => Err(MailFault::ours_with(FaultKind::Protocol, "listing-failed", words)),
            None if self.found.is_empty() && !self.numbers.is_empty() => {
                Err(MailFault::ours(FaultKind::Protocol, "listing-empty"))
            }
            None => Ok(()),
        }
    }

    /// Asks for some messages; the server's words when it does not end well.
    async fn fetch(
        &mut self,
        session: &mut Session<'_>,
        numbers: &[u32],
        items: &str,
        without_headers: bool,
    ) -> Result<Option<String>, MailFault> {
        if numbers.is_empty() {
            return Ok(None);
        }
        let each = |bytes: usize| EXCHANGE.lines + numbers.len() * bytes;
        let allowance = Allowance {
            lines: each(MOST_MARKS),
            line: MOST_MARKS,
            literals: each(LIST_HEADERS.len() * MOST_HEADERS),
            spare: MOST_SPARE,
        };
        let hear = |said: &Said| {
            let Some(Fetched { number, marks, section }) = fetched(said) else { return };
            let bytes = section.and_then(|section| section.bytes);
            let is_new = numbers.contains(&number) && !self.found.values().any(|known| known.uid == marks.uid);
            if is_new && (bytes.is_some() || without_headers) {
                self.found.entry(number).or_insert_with(|| parse::envelope(&marks, bytes.as_deref()));
            }
        };
        let ends = session.run(&[&format!("FETCH {} ({items})", set(numbers))], allowance, hear).await?;
        Ok(ends.first().filter(|end| end.word != Word::Ok).map(|end| session.words(end)))
    }
}

/// Numbers in rising order as a set: `1:3,7` (RFC 9051, 9: `sequence-set`).
fn set(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|one, next| one + 1 == *next);
    let written = runs.map(|run| match run {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}:{last}"),
        [] => String::new(),
    });
    written.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_joined_in_runs() {
        assert_eq!(set(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
        assert_eq!(set(&[5]), "5");
    }
}
