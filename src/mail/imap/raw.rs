//! In charge of handing on a message byte by byte as its server has it, in pieces: a message of any size costs the memory of
//! a few. Does not know who takes it.

use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, timeout_at};

use super::Login;
use super::fetch::fetched;
use super::folder::examine_folder;
use super::list::as_numbered;
use super::login::open;
use super::message::missing;
use super::session::{EXCHANGE, Said, Session, Word};
use crate::mail::net::Net;
use crate::mail::stream::Allowance;
use crate::mail::{FaultKind, MailFault};
use crate::model::server::Server;

/// How much is asked for at once, in bytes.
pub(super) const PIECE: u32 = 64 * 1024;

/// How long the whole may take: whoever takes it may be slow, and holds one of the few places at the server.
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// How long one piece waits to be taken.
const LONGEST_PIECE: Duration = Duration::from_secs(30);

/// Which message.
#[derive(Debug, Clone)]
pub struct Source {
    pub folder: String,
    pub uid: u32,
    /// Without it the number is taken as it is.
    pub uid_validity: Option<u32>,
}

/// What is handed on.
#[derive(Debug)]
pub enum Piece {
    /// First, once: how many bytes will come. The message has been found and its first piece is here.
    Size(u32),
    Bytes(Vec<u8>),
}

/// Hands a message on. The bytes are all of the message exactly when this ends well: the last piece is given only when it
/// has turned out to be the last, and all together have the size that the server says. Ends early, and well, when nobody
/// is there to take them any longer.
///
/// # Errors
/// `NotFound` when there is no such folder or message, `Renumbered` when its number is of another numbering; `Unreachable`
/// also when a piece is not taken within half a minute, or the whole not within five; else any [`FaultKind`]. After `Piece::Size` an error means that what was given is not the whole.
pub async fn raw(
    net: &Net,
    server: &Server,
    login: Login<'_>,
    source: &Source,
    give: &Sender<Piece>,
) -> Result<(), MailFault> {
    if source.uid == 0 {
        return Err(missing());
    }
    let ends = Instant::now() + LONGEST;
    let mut session = open(net, server, &login).await?;
    let opened = examine_folder(&mut session, &source.folder).await?;
    as_numbered(&opened, source.uid_validity)?;
    session.wire.end_visit(ends);
    let (mut at, mut announced) = (0, None);
    let mut held = None;
    loop {
        let (size, bytes) = piece(&mut session, source.uid, at).await?;
        let is_first = announced.is_none();
        let whole = *announced.get_or_insert(size);
        let is_last = bytes.len() < PIECE as usize;
        at = u32::try_from(bytes.len()).ok().and_then(|length| at.checked_add(length)).unwrap_or(u32::MAX);
        if size != whole || at > whole || bytes.len() > PIECE as usize || (is_last && at < whole) {
            return Err(MailFault::ours_with(FaultKind::Protocol, "wrong-size", format!("{whole}, {at}")));
        }
        // What was held is now known not to be the last, or to be followed by nothing.
        let first = is_first.then_some(Piece::Size(whole));
        let before = held.replace(bytes);
        let last = held.take_if(|_| is_last);
        for piece in first.into_iter().chain(before.into_iter().chain(last).map(Piece::Bytes)) {
            let taken = timeout_at(ends.min(Instant::now() + LONGEST_PIECE), give.send(piece)).await;
            if taken.map_err(|_| untaken())?.is_err() {
                return Ok(());
            }
        }
        if is_last {
            session.leave().await;
            return Ok(());
        }
    }
}

fn untaken() -> MailFault {
    MailFault::ours(FaultKind::Unreachable, "not-fetched")
}

/// A piece from a place on, and the size of the whole.
pub(super) async fn piece(session: &mut Session<'_>, uid: u32, at: u32) -> Result<(u32, Vec<u8>), MailFault> {
    let command = format!("UID FETCH {uid} (UID RFC822.SIZE BODY.PEEK[]<{at}.{PIECE}>)");
    let allowance = Allowance { literals: PIECE as usize + EXCHANGE.literals, ..EXCHANGE };
    let mut found = None;
    let hear = |said: &Said| {
        if let Some(fetched) = fetched(said)
            && let (true, Some(section)) = (fetched.marks.uid == uid, fetched.section)
            && section.origin == at
        {
            // Past the end some servers say NIL.
            found.get_or_insert((fetched.marks.size, section.bytes.unwrap_or_default()));
        }
    };
    let ends = session.run(&[&command], allowance, hear).await?;
    match ends.first().filter(|end| end.word != Word::Ok) {
        Some(end) => Err(MailFault::ours_with(FaultKind::Protocol, "reading-failed", session.words(end))),
        None => found.ok_or_else(missing),
    }
}
