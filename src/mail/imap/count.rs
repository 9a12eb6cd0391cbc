//! In charge of how many messages a SEARCH finds: how it is asked, heard and judged. Does not know what is searched for.

use super::session::{EXCHANGE, Session, Status, Word};
use super::value::Value;
use crate::mail::stream::Allowance;
use crate::mail::{FaultKind, MailFault};

/// The most that a list of numbers may take, all on one line: a hundred thousand of them.
const LONGEST_NUMBERS: usize = 1024 * 1024;

/// What the answer may take.
pub(super) const COUNTING: Allowance = Allowance { lines: LONGEST_NUMBERS, line: LONGEST_NUMBERS, ..EXCHANGE };

/// The command for the messages of a range of UIDs. The server may count by itself (ESEARCH, RFC 4731); else it lists, and
/// we count.
pub(super) async fn search(session: &mut Session<'_>, first: u32, last: u32) -> Result<String, MailFault> {
    let how = if session.has("ESEARCH").await? { "RETURN (COUNT) " } else { "" };
    Ok(format!("SEARCH {how}UID {first}:{last}"))
}

/// How many have been found after one more untagged answer.
pub(super) fn count_of(values: &[Value<'_>], known: Option<u32>) -> Option<u32> {
    match values {
        [what, numbers @ ..] if what.is("SEARCH") => {
            let count = numbers.iter().filter(|number| number.number::<u32>().is_some()).count();
            Some(known.unwrap_or(0).saturating_add(u32::try_from(count).unwrap_or(u32::MAX)))
        }
        [what, items @ ..] if what.is("ESEARCH") => {
            let at = items.iter().position(|item| item.is("COUNT"));
            at.and_then(|at| items.get(at + 1)).and_then(Value::number).or(known)
        }
        _ => known,
    }
}

/// The count when the command has ended well. One that was never told is a fault, and not a zero.
pub(super) fn counted(session: &Session<'_>, end: &Status, found: Option<u32>) -> Result<u32, MailFault> {
    let words = || MailFault::ours_with(FaultKind::Protocol, "count-failed", session.words(end));
    found.filter(|_| end.word == Word::Ok).ok_or_else(words)
}
