//! In charge of fetching one message to be read. Does not know what is in it.

use super::Login;
use super::fetch::{Fetched, MARKS, fetched};
use super::folder::examine_folder;
use super::list::{Chosen, as_numbered};
use super::login::open;
use super::session::{EXCHANGE, Said, Session, Word};
use crate::mail::net::Net;
use crate::mail::parse;
use crate::mail::stream::Allowance;
use crate::mail::{FaultKind, MailFault};
use crate::model::message::Message;
use crate::model::server::Server;

/// One message of a folder.
///
/// # Errors
/// `NotFound` when there is no such folder or message, `Renumbered` when its number is of another numbering; else any
/// [`FaultKind`].
pub async fn message(
    net: &Net,
    server: &Server,
    login: Login<'_>,
    folder: &str,
    chosen: Chosen,
) -> Result<Message, MailFault> {
    if chosen.uid == 0 {
        return Err(missing());
    }
    let mut session = open(net, server, &login).await?;
    let opened = examine_folder(&mut session, folder).await?;
    as_numbered(&opened, chosen.uid_validity)?;
    let message = fetch_message(&mut session, chosen.uid, chosen.max_bytes).await?;
    session.leave().await;
    Ok(message)
}

pub(super) fn missing() -> MailFault {
    MailFault::ours(FaultKind::NotFound, "message-gone")
}

/// One message of the folder that is open, of which at most `max_bytes` are read.
pub(super) async fn fetch_message(session: &mut Session<'_>, uid: u32, max_bytes: u32) -> Result<Message, MailFault> {
    if uid == 0 {
        return Err(missing());
    }
    let max_bytes = max_bytes.max(1); // there is no asking for zero (RFC 9051, 9: `partial`)
    let command = format!("UID FETCH {uid} ({MARKS} BODY.PEEK[]<0.{max_bytes}>)");
    let allowance = Allowance { literals: max_bytes as usize + EXCHANGE.literals, ..EXCHANGE };
    let mut found = None;
    let hear = |said: &Said| {
        if let Some(Fetched { marks, section: Some(section), .. }) = fetched(said)
            && marks.uid == uid
        {
            found.get_or_insert((marks, section.bytes));
        }
    };
    let ends = session.run(&[&command], allowance, hear).await?;
    if let Some(end) = ends.first().filter(|end| end.word != Word::Ok) {
        return Err(MailFault::ours_with(FaultKind::Protocol, "reading-failed", session.words(end)));
    }
    let (marks, bytes) = found.ok_or_else(missing)?;
    let mut bytes = bytes.ok_or_else(|| MailFault::ours(FaultKind::Protocol, "no-text"))?;
    // The size is the server's word and some servers are off by a little: it only counts when we read up to our limit.
    let truncated = bytes.len() > max_bytes as usize || (bytes.len() == max_bytes as usize && marks.size > max_bytes);
    bytes.truncate(max_bytes as usize);
    // Decoding megabytes is work for another thread than those that wait for answers.
    let parsed = tokio::task::spawn_blocking(move || parse::message(&marks, &bytes, truncated)).await;
    parsed.map_err(|_| MailFault::ours(FaultKind::Protocol, "message-unreadable"))
}
