//! In charge of what has come into INBOX since the caller last saw it: how many messages, and the newest one's date.
//! Does not know what «new» means to people.

use super::count::{COUNTING, count_of, counted, search};
use super::fetch::internal_date;
use super::folder::examine;
use super::inbox::{GET_QUOTA, quota_of};
use super::session::{Said, Session};
use super::value::{self, Value};
use crate::mail::MailFault;
use crate::model::message::InboxFacts;

/// What the caller has seen last of INBOX.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// UIDVALIDITY, UIDNEXT and MESSAGES; absent when the caller has seen nothing yet.
    pub seen: Option<(u32, u32, u32)>,
    /// Messages are counted from this UID on; absent when there is nothing to count from.
    pub count_from: Option<u32>,
}

impl Known {
    /// True when INBOX is no longer as the caller has seen it.
    pub(super) fn has_moved(self, facts: &InboxFacts) -> bool {
        self.seen != Some((facts.uid_validity, facts.uid_next, facts.total))
    }
}

/// Asks for both, in one flight, and with them for the space used, unless that has just been asked: what has come has taken
/// some. The facts become those of the moment of this question.
pub(super) async fn arrivals(
    session: &mut Session<'_>,
    facts: &mut InboxFacts,
    known: Known,
    has_quota: bool,
) -> Result<(), MailFault> {
    let opened = examine(session).await?;
    facts.total = opened.total;
    facts.uid_next = opened.uid_next.unwrap_or(facts.uid_next);
    facts.uid_validity = opened.uid_validity.unwrap_or(facts.uid_validity);
    let mut commands = Vec::new();
    let mut count = None;
    if facts.total > 0 {
        commands.push(format!("FETCH {} (INTERNALDATE)", facts.total));
    }
    match known.count_from {
        Some(_) if facts.total == 0 => facts.arrived = Some(0),
        // The range has an end: `n:*` would count the last message when n is past it (RFC 9051, 9: `seq-range`).
        Some(from) if from < facts.uid_next => {
            count = Some(commands.len());
            commands.push(format!("UID {}", search(session, from, facts.uid_next - 1).await?));
        }
        Some(_) => facts.arrived = Some(0),
        None => {}
    }
    if !has_quota && session.has("QUOTA").await? {
        commands.push(GET_QUOTA.to_string());
    }
    let (mut found, mut date, mut quota) = (None, None, None);
    let hear = |said: &Said| {
        let Said::Data(answer) = said else { return };
        match value::read(answer).as_deref() {
            Some([_, what, Value::List(items)]) if what.is("FETCH") => {
                let item = items.chunks_exact(2).find(|item| item[0].is("INTERNALDATE"));
                date = item.and_then(|item| item[1].bytes()).and_then(internal_date).or(date);
            }
            Some(values) => {
                found = count_of(values, found);
                quota = quota_of(values, quota);
            }
            None => {}
        }
    };
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    let ends = session.run(&commands, COUNTING, hear).await?;
    // A date that the server does not give is no fault; a count that it does not make is.
    if let Some(end) = count.and_then(|at| ends.get(at)) {
        facts.arrived = Some(counted(session, end, found)?);
    }
    facts.last_message_at = date;
    facts.quota = quota.or(facts.quota);
    Ok(())
}
