//! In charge of a session that stays: what a mailbox has is asked again and again on one login, its messages are handed on, and
//! between two looks it waits until the server says that something has come. Does not know what becomes of a message.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use tokio::time::Instant;

use super::Login;
use super::count::COUNTING;
use super::fetch::fetched;
use super::folder::examine;
use super::login::open;
use super::raw::{PIECE, piece};
use super::session::{EXCHANGE, Said, Session, Word};
use super::value;
use crate::mail::net::Net;
use crate::mail::{FaultKind, MailFault};
use crate::model::server::Server;

/// How long the answers to one look, or to one message, may take in all.
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// So many messages are asked at once for their size.
const AT_ONCE: usize = 200;

/// So many messages are searched at once.
const SEARCHED_AT_ONCE: u32 = 20_000;

/// How long a piece of a message is, in bytes.
pub const MESSAGE_PIECE: usize = PIECE as usize;

/// INBOX as it stands at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub uid_validity: u32,
    pub uid_next: u32,
    /// How many messages are in it.
    pub total: u32,
}

/// A message as it stands in INBOX.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub uid: u32,
    /// Bytes.
    pub size: u32,
    /// INTERNALDATE.
    pub received: Option<DateTime<Utc>>,
}

/// A session on INBOX, open for looking only.
pub struct Kept<'a> {
    session: Session<'a>,
    has_idle: bool,
}

impl<'a> Kept<'a> {
    /// Connects and logs in, once.
    pub async fn open(net: &Net, server: &Server, login: &'a Login<'a>) -> Result<Kept<'a>, MailFault> {
        let mut session = open(net, server, login).await?;
        let has_idle = session.has("IDLE").await?;
        Ok(Kept { session, has_idle })
    }

    /// INBOX as it is now (RFC 9051, 2.3.1.1).
    pub async fn look(&mut self) -> Result<Standing, MailFault> {
        self.begin();
        let opened = examine(&mut self.session).await?;
        let told = opened.uid_validity.zip(opened.uid_next);
        let (uid_validity, uid_next) = told.ok_or_else(|| MailFault::ours(FaultKind::Protocol, "status-incomplete"))?;
        Ok(Standing { uid_validity, uid_next, total: opened.total })
    }

    /// The UIDs of what came into INBOX on a day or later by the server's own date, in their order: of all that there is, or from a
    /// number on. So many messages are asked for at once that no answer is too long; they are counted by their places, for a
    /// server may begin its numbers at a thousand million. The last ones first: what goes away meanwhile moves others to places that
    /// are searched later.
    pub async fn uids(&mut self, now: Standing, from: Option<u32>, since: NaiveDate) -> Result<Vec<u32>, MailFault> {
        let mut uids = Vec::new();
        match from {
            Some(from) => uids = self.searched(&format!("UID {from}:*"), since).await?,
            None => {
                for step in (0..now.total.div_ceil(SEARCHED_AT_ONCE)).rev() {
                    let first = step * SEARCHED_AT_ONCE + 1;
                    // A place that is there no longer is a fault to some servers: the last one is named `*`.
                    let last = first.saturating_add(SEARCHED_AT_ONCE - 1);
                    let last = if last >= now.total { "*".to_string() } else { last.to_string() };
                    uids.extend(self.searched(&format!("{first}:{last}"), since).await?);
                }
            }
        }
        // `*` is the last message, whatever its number.
        uids.retain(|uid| *uid >= from.unwrap_or(1));
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    async fn searched(&mut self, which: &str, since: NaiveDate) -> Result<Vec<u32>, MailFault> {
        self.begin();
        let mut uids = Vec::new();
        let hear = |said: &Said| {
            let Said::Data(answer) = said else { return };
            if let Some([what, numbers @ ..]) = value::read(answer).as_deref()
                && what.is("SEARCH")
            {
                uids.extend(numbers.iter().filter_map(|number| number.number::<u32>()).filter(|uid| *uid > 0));
            }
        };
        // The months of RFC 9051, 9 (`date-month`) are English whatever the reader's language.
        let command = format!("UID SEARCH {which} SINCE {}", since.format("%-d-%b-%Y"));
        let end = self.session.ask_for(&command, COUNTING, hear).await?;
        if end.word != Word::Ok {
            return Err(MailFault::ours_with(FaultKind::Protocol, "reading-failed", self.session.words(&end)));
        }
        Ok(uids)
    }

    /// What the server says of these messages; those that are gone are left out.
    pub async fn arrivals(&mut self, uids: &[u32]) -> Result<Vec<Arrival>, MailFault> {
        let mut found = Vec::new();
        for some in uids.chunks(AT_ONCE) {
            self.begin();
            let list = some.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
            let hear = |said: &Said| {
                if let Some(one) = fetched(said).filter(|one| some.contains(&one.marks.uid)) {
                    let marks = one.marks;
                    found.push(Arrival { uid: marks.uid, size: marks.size, received: marks.received });
                }
            };
            let command = format!("UID FETCH {list} (UID RFC822.SIZE INTERNALDATE)");
            let end = self.session.ask_for(&command, COUNTING, hear).await?;
            if end.word != Word::Ok {
                return Err(MailFault::ours_with(FaultKind::Protocol, "reading-failed", self.session.words(&end)));
            }
        }
        found.sort_by_key(|one| one.uid);
        found.dedup_by_key(|one| one.uid);
        Ok(found)
    }

    /// A piece of a message from a place on: the last is shorter than [`MESSAGE_PIECE`]. None when the message is gone, or is not
    /// what the server said of it.
    pub async fn piece(&mut self, one: &Arrival, at: u32) -> Result<Option<Vec<u8>>, MailFault> {
        self.begin();
        match piece(&mut self.session, one.uid, at).await {
            Ok((size, bytes)) => Ok(Some(bytes).filter(|bytes| size == one.size && bytes.len() <= PIECE as usize)),
            Err(fault) if fault.kind == FaultKind::NotFound => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Waits until the server says that something has moved, or until `most` is over; where it has no IDLE (RFC 2177), for
    /// `each` only.
    pub async fn wait(&mut self, most: Duration, each: Duration) -> Result<(), MailFault> {
        if !self.has_idle {
            // What the server says meanwhile is heard with the next answer.
            self.session.wire.said_something(each).await?;
            return Ok(());
        }
        self.begin();
        let tag = self.session.tag();
        self.session.wire.begin(EXCHANGE);
        self.session.wire.send(format!("{tag} IDLE\r\n").as_bytes()).await?;
        let mut has_moved = false;
        loop {
            match self.session.listen().await? {
                Said::Continue => break,
                Said::Data(_) => has_moved = true,
                Said::End(ours, _) if ours == tag => {
                    // It is not allowed now: from here on it is asked.
                    self.has_idle = false;
                    return Ok(());
                }
                _ => {}
            }
        }
        if !has_moved {
            self.session.wire.said_something(most).await?;
        }
        self.begin();
        self.session.wire.begin(COUNTING);
        self.session.wire.send(b"DONE\r\n").await?;
        while !matches!(self.session.listen().await?, Said::End(ours, _) if ours == tag) {}
        Ok(())
    }

    /// LOGOUT.
    pub async fn leave(self) {
        self.session.leave().await;
    }

    fn begin(&mut self) {
        self.session.wire.end_visit(Instant::now() + LONGEST);
    }
}
