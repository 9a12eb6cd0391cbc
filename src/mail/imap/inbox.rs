//! In charge of the facts of INBOX: STATUS, quota, and what has moved. Does not know what the hub makes of them.

use super::Login;
use super::arrivals::{Known, arrivals};
use super::login::open;
use super::session::{EXCHANGE, Said, Session, Word};
use super::value::{self, Value};
use crate::mail::net::Net;
use crate::mail::{FaultKind, MailFault};
use crate::model::message::{InboxFacts, Quota};
use crate::model::server::Server;

const STATUS: &str = "STATUS INBOX (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)";

/// Some servers have no quota, and refuse it: that is no fault.
pub(super) const GET_QUOTA: &str = "GETQUOTAROOT INBOX";

/// STORAGE is counted in these (RFC 9208, 5.1).
const QUOTA_UNIT: u64 = 1024;

/// What a visit asks beside the counts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ask {
    /// The space used, where the server tells it.
    pub quota: bool,
    /// What the caller has seen last; when something has moved since, the newest message's date and the messages that came.
    pub known: Option<Known>,
}

/// One visit: login, STATUS of INBOX, what else is asked, logout. Changes nothing.
///
/// # Errors
/// Any [`FaultKind`] but `NotFound`. An answer with something missing is `Protocol`, never a mailbox with zeros.
pub async fn inbox(net: &Net, server: &Server, login: Login<'_>, ask: Ask) -> Result<InboxFacts, MailFault> {
    let mut session = open(net, server, &login).await?;
    let mut facts = facts(&mut session, ask.quota).await?;
    if let Some(known) = ask.known.filter(|known| known.has_moved(&facts)) {
        arrivals(&mut session, &mut facts, known, ask.quota).await?;
    }
    session.leave().await;
    Ok(facts)
}

/// STATUS, with the quota in the same flight.
pub(super) async fn facts(session: &mut Session<'_>, ask_quota: bool) -> Result<InboxFacts, MailFault> {
    let ask_quota = ask_quota && session.has("QUOTA").await?;
    let commands: &[&str] = if ask_quota { &[STATUS, GET_QUOTA] } else { &[STATUS] };
    let mut heard = Heard::default();
    let ends = session.run(commands, EXCHANGE, |said| heard.hear(said)).await?;
    // Only the first end matters: a refused GETQUOTAROOT is a mailbox without quota.
    if let Some(end) = ends.first().filter(|end| end.word != Word::Ok) {
        return Err(MailFault::ours_with(FaultKind::Protocol, "status-failed", session.words(end)));
    }
    heard.facts().ok_or_else(|| MailFault::ours(FaultKind::Protocol, "status-incomplete"))
}

#[derive(Default)]
struct Heard {
    uid_validity: Option<u32>,
    uid_next: Option<u32>,
    total: Option<u32>,
    unread: Option<u32>,
    quota: Option<Quota>,
}

impl Heard {
    fn hear(&mut self, said: &Said) {
        let Said::Data(answer) = said else { return };
        let Some(values) = value::read(answer) else { return };
        match values.as_slice() {
            // INBOX is the same name however it is spelled (RFC 9051, 5.1).
            [what, name, Value::List(items)] if what.is("STATUS") && is_inbox(name) => {
                for item in items.chunks_exact(2) {
                    let number = item[1].number::<u32>();
                    let slot = match &item[0] {
                        item if item.is("MESSAGES") => &mut self.total,
                        item if item.is("UNSEEN") => &mut self.unread,
                        item if item.is("UIDNEXT") => &mut self.uid_next,
                        item if item.is("UIDVALIDITY") => &mut self.uid_validity,
                        _ => continue,
                    };
                    *slot = number;
                }
            }
            values => self.quota = quota_of(values, self.quota),
        }
    }

    /// Nothing when a number is missing, or is a zero where the protocol has none (RFC 9051, 9: `nz-number`).
    fn facts(self) -> Option<InboxFacts> {
        Some(InboxFacts {
            uid_validity: self.uid_validity.filter(|number| *number > 0)?,
            uid_next: self.uid_next.filter(|number| *number > 0)?,
            total: self.total?,
            unread: self.unread?,
            quota: self.quota,
            arrived: None,
            last_message_at: None,
        })
    }
}

fn is_inbox(name: &Value<'_>) -> bool {
    name.bytes().is_some_and(|name| name.eq_ignore_ascii_case(b"INBOX"))
}

/// The quota that an answer tells, or the one known so far, whichever will be full first.
pub(super) fn quota_of(values: &[Value<'_>], known: Option<Quota>) -> Option<Quota> {
    match values {
        [what, _root, Value::List(resources)] if what.is("QUOTA") => {
            let storage = resources.chunks_exact(3).find(|resource| resource[0].is("STORAGE"));
            tighter(known, storage.and_then(storage_quota))
        }
        _ => known,
    }
}

/// In bytes; nothing for a limit of zero (some servers' «no limit») and for numbers past what a database can hold.
fn storage_quota(resource: &[Value<'_>]) -> Option<Quota> {
    let bytes = |value: &Value<'_>| {
        let bytes = value.number::<u64>()?.checked_mul(QUOTA_UNIT)?;
        i64::try_from(bytes).is_ok().then_some(bytes)
    };
    let quota = Quota { used: bytes(&resource[1])?, limit: bytes(&resource[2])? };
    (quota.limit > 0).then_some(quota)
}

/// Of the roots that a mailbox may have, the one that will be full first.
fn tighter(one: Option<Quota>, other: Option<Quota>) -> Option<Quota> {
    let fullness = |quota: &Quota| quota.used as f64 / quota.limit as f64;
    one.into_iter().chain(other).max_by(|a, b| fullness(a).total_cmp(&fullness(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hear(answers: &[&str]) -> Heard {
        let mut heard = Heard::default();
        answers.iter().for_each(|answer| heard.hear(&Said::Data(answer.as_bytes().to_vec())));
        heard
    }

    #[test]
    fn status_in_any_spelling_and_with_items_not_asked_for() {
        for answer in [
            "* STATUS INBOX (MESSAGES 7 UNSEEN 2 UIDNEXT 31 UIDVALIDITY 1700000000)\r\n",
            "* status \"inbox\" (UIDVALIDITY 1700000000 X-NEW 3 UIDNEXT 31 UNSEEN 2 MESSAGES 7)\r\n",
            "* STATUS {5}\r\nInBox (MESSAGES 7 UNSEEN 2 UIDNEXT 31 UIDVALIDITY 1700000000 SIZE 4294967299) \r\n",
        ] {
            let facts = hear(&[answer]).facts().unwrap();
            let counts = (facts.uid_validity, facts.uid_next, facts.total, facts.unread, facts.quota);
            assert_eq!(counts, (1_700_000_000, 31, 7, 2, None), "{answer:?}");
        }
    }

    #[test]
    fn anything_missing_is_no_answer() {
        for answer in [
            "* STATUS INBOX (MESSAGES 7 UNSEEN 2 UIDNEXT 31)\r\n",
            "* STATUS INBOX (MESSAGES 7 UNSEEN 2 UIDVALIDITY 1)\r\n",
            "* STATUS INBOX (MESSAGES 7 UIDNEXT 31 UIDVALIDITY 1)\r\n",
            "* STATUS INBOX (UNSEEN 2 UIDNEXT 31 UIDVALIDITY 1)\r\n",
            "* STATUS INBOX (MESSAGES 7 UNSEEN 2 UIDNEXT 0 UIDVALIDITY 1)\r\n",
            "* STATUS INBOX (MESSAGES 7 UNSEEN 2 UIDNEXT 5 UIDVALIDITY 4294967296)\r\n",
            "* STATUS INBOX (MESSAGES -7 UNSEEN 2 UIDNEXT 5 UIDVALIDITY 1)\r\n",
            "* STATUS Posta (MESSAGES 7 UNSEEN 2 UIDNEXT 5 UIDVALIDITY 1)\r\n",
            "* STATUS INBOX ()\r\n",
        ] {
            assert!(hear(&[answer]).facts().is_none(), "{answer:?}");
        }
    }

    #[test]
    fn quota_in_bytes_of_the_tightest_root() {
        let quota = |answers: &[&str]| hear(answers).quota;
        let ten = "* QUOTA \"User quota\" (MESSAGE 1 9 STORAGE 512 10240)\r\n";
        assert_eq!(quota(&[ten]), Some(Quota { used: 524_288, limit: 10_485_760 }));
        let full = "* QUOTA b (STORAGE 9 10)\r\n";
        assert_eq!(quota(&[full, ten]), Some(Quota { used: 9216, limit: 10_240 }));
        assert_eq!(quota(&["* QUOTA \"\" (STORAGE 1 0)\r\n"]), None);
        assert_eq!(quota(&["* QUOTA \"\" (STORAGE 1 18446744073709551615)\r\n"]), None);
        assert_eq!(quota(&["* QUOTA \"\" ()\r\n"]), None);
    }
}
