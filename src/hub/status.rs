//! In charge of what a mailbox's facts become after somebody has looked at it. Pure: facts and `now`, nothing else.

use std::time::Duration;

use crate::clock::Moment;
use crate::mail::{FaultKind, MailFault};
use crate::model::mailbox::{Facts, Status};
use crate::model::message::InboxFacts;

/// The facts after a good look at INBOX.
pub fn after_look(facts: &Facts, seen: &InboxFacts, now: Moment) -> Facts {
    let mut next = standing(facts, Status::Ok, None, now);
    let (validity, uid_next, total) = (i64::from(seen.uid_validity), i64::from(seen.uid_next), i64::from(seen.total));
    match facts.uid_validity {
        Some(known) if known == validity => {}
        // Renumbered: what was new stays a number, and counting starts anew.
        Some(_) => (next.new_from, next.new_before) = (Some(uid_next), facts.new_messages),
        None => (next.new_from, next.new_before) = (Some(uid_next), 0),
    }
    let arrived = match (next.new_from == facts.new_from, seen.arrived) {
        (true, Some(arrived)) => i64::from(arrived),
        (true, None) => facts.new_messages - facts.new_before,
        (false, _) => 0,
    };
    next.failures = 0;
    next.uid_validity = Some(validity);
    next.uid_next = Some(uid_next);
    next.total_messages = total;
    next.unread_messages = i64::from(seen.unread);
    next.new_messages = (next.new_before + arrived).clamp(0, total);
    if let Some(quota) = seen.quota {
        next.quota_used = i64::try_from(quota.used).ok();
        next.quota_limit = i64::try_from(quota.limit).ok();
    }
    next.last_message_at =
        if total == 0 { None } else { seen.last_message_at.map(Moment::from).or(facts.last_message_at) };
    next.last_success_at = Some(now);
    next
}

/// However many faults there were in a row, the schedule tries again after so long.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// The facts after a look that failed. A refused login counts at once; faults of the net, of TLS and of the server only from
/// the second in a row, and never as a wrong password (H28). `slot` is how far apart the slots of the schedule are.
pub fn after_fault(facts: &Facts, fault: &MailFault, slot: Duration, now: Moment) -> Facts {
    let status = match fault.kind {
        FaultKind::LoginRefused => Status::WrongPassword,
        FaultKind::PasswordExpired => Status::PasswordExpired,
        FaultKind::AccountBlocked => Status::AccountBlocked,
        FaultKind::Certificate => Status::CertificateInvalid,
        FaultKind::Unreachable | FaultKind::NotAllowed => Status::Unreachable,
        FaultKind::LoginUnavailable
        | FaultKind::Protocol
        | FaultKind::TooMuch
        | FaultKind::NotFound
        | FaultKind::Renumbered => Status::TemporaryError,
    };
    let failures = facts.failures.saturating_add(1);
    let is_sure = fault.kind.is_refusal() || failures >= 2;
    let mut next = standing(facts, if is_sure { status } else { facts.status }, Some(fault.detail.clone()), now);
    next.failures = failures;
    // A fault that a person met while the schedule was waiting does not make it wait longer.
    let waiting = facts.next_try_at.filter(|at| *at > now);
    next.next_try_at = waiting.or_else(|| wait(failures, slot).map(|wait| now.plus(wait)));
    next
}

/// How long the schedule leaves a mailbox alone after so many faults in a row (J05): after the first it is tried in the next
/// slot; from the second on every second slot, every fourth, and so on, and at least once an hour. Half a slot less, so
/// that the slot meant is surely past it.
fn wait(failures: i64, slot: Duration) -> Option<Duration> {
    let doublings = u32::try_from(failures.saturating_sub(1)).ok().filter(|doublings| *doublings > 0)?;
    let wait = slot.saturating_mul(2u32.saturating_pow(doublings)).min(LONGEST_WAIT.max(slot));
    Some(wait.saturating_sub(slot / 2))
}

/// The facts of a mailbox whose sealed password does not open: an alarm, not something to try again.
pub fn after_unreadable(facts: &Facts, now: Moment) -> Facts {
    standing(facts, Status::SecretUnreadable, None, now)
}

/// The facts after somebody has opened the mailbox's page and seen this: from now on, nothing in it is new.
pub fn after_opening(facts: &Facts, seen: &InboxFacts, now: Moment) -> Facts {
    let mut next = after_look(facts, seen, now);
    (next.new_from, next.new_before, next.new_messages) = (next.uid_next, 0, 0);
    next
}

/// The facts after a look that was asked for from this mark on, when the mailbox may have been opened, suspended or moved
/// meanwhile: a suspension stays, and a count made from another mark is not taken.
pub fn after_late_look(facts: &Facts, counted_from: Option<i64>, seen: &InboxFacts, now: Moment) -> Facts {
    let mut next = after_look(facts, seen, now);
    if counted_from != facts.new_from {
        let uncounted = InboxFacts { arrived: None, ..seen.clone() };
        // What has moved is left as known before, so that the next visit finds it moved and counts it.
        let (uid_validity, uid_next, total_messages) = (facts.uid_validity, facts.uid_next, facts.total_messages);
        next = Facts { uid_validity, uid_next, total_messages, ..after_look(facts, &uncounted, now) };
    }
    match facts.status {
        Status::Suspended => {
            Facts { status: facts.status, status_since: facts.status_since, suspended_from: Some(next.status), ..next }
        }
        _ => next,
    }
}

/// The facts of a mailbox whose watch a person suspends: nothing has been looked at. Of one that nobody may try the server's
/// words stay, for it will stand so again.
pub fn suspended(facts: &Facts, now: Moment) -> Facts {
    match facts.status {
        Status::Suspended => facts.clone(),
        from => Facts {
            suspended_from: Some(from),
            last_checked_at: facts.last_checked_at,
            ..standing(facts, Status::Suspended, facts.status_detail.clone().filter(|_| from.is_stopped()), now)
        },
    }
}

/// The facts of a mailbox whose watch a person takes up again. One that nobody might try when it was suspended still waits
/// for a new password: suspending and resuming is not a way to try a refused one again (H18).
pub fn resumed(facts: &Facts, now: Moment) -> Facts {
    let (status, detail) = match facts.suspended_from {
        _ if facts.status != Status::Suspended => return facts.clone(),
        Some(from) if from.is_stopped() => (from, facts.status_detail.clone()),
        _ => (Status::NeverChecked, None),
    };
    Facts { failures: 0, last_checked_at: facts.last_checked_at, ..standing(facts, status, detail, now) }
}

fn standing(facts: &Facts, status: Status, detail: Option<String>, now: Moment) -> Facts {
    let status_since = if status == facts.status { facts.status_since } else { now };
    let (status_detail, last_checked_at) = (detail, Some(now));
    let (suspended_from, next_try_at) = (None, None);
    Facts { status, status_since, status_detail, suspended_from, last_checked_at, next_try_at, ..facts.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOT: Duration = Duration::from_secs(300);

    fn seen(uid_next: u32, total: u32, arrived: Option<u32>) -> InboxFacts {
        InboxFacts { uid_validity: 7, uid_next, total, unread: 1, quota: None, arrived, last_message_at: None }
    }

    fn watched() -> Facts {
        after_look(&Facts::fresh(Status::NeverChecked, Moment(0)), &seen(11, 10, None), Moment(1))
    }

    #[test]
    fn what_was_there_when_it_was_added_is_not_new() {
        let facts = watched();
        assert_eq!(
            (facts.new_messages, facts.new_from, facts.total_messages, facts.unread_messages),
            (0, Some(11), 10, 1)
        );
        assert_eq!((facts.status, facts.status_since, facts.last_success_at), (Status::Ok, Moment(1), Some(Moment(1))));
    }

    #[test]
    fn new_is_what_came_since_the_last_opening_whatever_its_flags() {
        let facts = after_look(&watched(), &seen(14, 13, Some(3)), Moment(2));
        assert_eq!((facts.new_messages, facts.status_since), (3, Moment(1)));
        // Nothing moved, so the server was not asked to count: the number stays.
        assert_eq!(after_look(&facts, &seen(14, 13, None), Moment(3)).new_messages, 3);
        // One of the new ones was deleted elsewhere.
        assert_eq!(after_look(&facts, &seen(14, 12, Some(2)), Moment(3)).new_messages, 2);
        let opened = after_opening(&facts, &seen(15, 14, Some(4)), Moment(4));
        assert_eq!((opened.new_messages, opened.new_from), (0, Some(15)));
        assert_eq!(after_look(&opened, &seen(16, 15, Some(1)), Moment(5)).new_messages, 1);
    }

    #[test]
    fn a_renumbered_mailbox_keeps_the_number_and_starts_anew_and_never_shows_more_than_it_holds() {
        let facts = after_look(&watched(), &seen(14, 13, Some(3)), Moment(2));
        let renumbered = InboxFacts { uid_validity: 8, ..seen(5, 4, Some(4)) };
        let facts = after_look(&facts, &renumbered, Moment(3));
        assert_eq!((facts.new_messages, facts.new_before, facts.new_from), (3, 3, Some(5)));
        let later = InboxFacts { uid_validity: 8, ..seen(6, 5, Some(1)) };
        assert_eq!(after_look(&facts, &later, Moment(4)).new_messages, 4);
        let emptied = InboxFacts { uid_validity: 8, ..seen(6, 2, Some(1)) };
        assert_eq!(after_look(&facts, &emptied, Moment(4)).new_messages, 2);
    }

    #[test]
    fn a_refused_login_counts_at_once_other_faults_from_the_second_in_a_row() {
        let check = |kind: FaultKind, first: Status, second: Status| {
            let fault = MailFault::new(kind, "words");
            let one = after_fault(&watched(), &fault, SLOT, Moment(2));
            let two = after_fault(&one, &fault, SLOT, Moment(3));
            assert_eq!((one.status, two.status), (first, second), "{kind:?}");
            assert_eq!((two.failures, two.status_detail.as_deref()), (2, Some("words")));
            assert_eq!(after_look(&two, &seen(11, 10, None), Moment(9)).failures, 0);
            assert_eq!((two.total_messages, two.last_success_at), (10, Some(Moment(1))), "what was known stays");
        };
        check(FaultKind::LoginRefused, Status::WrongPassword, Status::WrongPassword);
        check(FaultKind::PasswordExpired, Status::PasswordExpired, Status::PasswordExpired);
        check(FaultKind::AccountBlocked, Status::AccountBlocked, Status::AccountBlocked);
        check(FaultKind::Unreachable, Status::Ok, Status::Unreachable);
        check(FaultKind::NotAllowed, Status::Ok, Status::Unreachable);
        check(FaultKind::Certificate, Status::Ok, Status::CertificateInvalid);
        check(FaultKind::LoginUnavailable, Status::Ok, Status::TemporaryError);
        check(FaultKind::Protocol, Status::Ok, Status::TemporaryError);
        check(FaultKind::TooMuch, Status::Ok, Status::TemporaryError);
    }

    #[test]
    fn the_first_fault_waits_for_the_next_slot_and_waits_grow_from_the_second() {
        let fault = MailFault::new(FaultKind::Unreachable, "words");
        let mut facts = watched();
        let mut waits = Vec::new();
        for _ in 0..7 {
            let now = facts.next_try_at.unwrap_or(Moment(0));
            facts = after_fault(&facts, &fault, SLOT, now);
            waits.push(facts.next_try_at.map(|at| (at.since(now) + 150_000) / 300_000));
            let asked = after_fault(&facts, &fault, SLOT, now);
            assert!(facts.next_try_at.is_none() || asked.next_try_at == facts.next_try_at, "asking costs no wait");
        }
        assert_eq!(waits, [None, Some(2), Some(4), Some(8), Some(12), Some(12), Some(12)], "in slots");
        assert_eq!(after_look(&facts, &seen(11, 10, None), Moment(9)).next_try_at, None);
        let rare = Duration::from_secs(7200);
        let facts = Facts { next_try_at: None, ..facts };
        assert_eq!(
            after_fault(&facts, &fault, rare, Moment(0)).next_try_at,
            Some(Moment(3_600_000)),
            "never past a slot"
        );
        for failures in [0, -1, i64::MAX] {
            wait(failures, SLOT);
        }
    }

    #[test]
    fn suspending_is_not_a_look_and_does_not_free_a_refused_password() {
        let facts = suspended(&watched(), Moment(50));
        assert_eq!(
            (facts.status, facts.status_since, facts.last_checked_at),
            (Status::Suspended, Moment(50), Some(Moment(1)))
        );
        assert_eq!(resumed(&facts, Moment(60)).status, Status::NeverChecked);
        let refused = after_fault(&watched(), &MailFault::new(FaultKind::LoginRefused, "no"), SLOT, Moment(2));
        let twice = suspended(&suspended(&refused, Moment(3)), Moment(4));
        let again = resumed(&twice, Moment(5));
        assert_eq!(
            (again.status, again.status_detail.as_deref()),
            (Status::WrongPassword, Some("no")),
            "its words stay"
        );
        let repaired = after_late_look(&twice, twice.new_from, &seen(11, 10, None), Moment(6));
        assert_eq!((repaired.status, repaired.status_since), (Status::Suspended, Moment(3)));
        assert_eq!(
            (repaired.status_detail.as_deref(), resumed(&repaired, Moment(7)).status),
            (None, Status::NeverChecked)
        );
        let silent = after_fault(&watched(), &MailFault::new(FaultKind::Unreachable, "silence"), SLOT, Moment(2));
        assert_eq!(suspended(&silent, Moment(3)).status_detail, None);
        assert_eq!(resumed(&watched(), Moment(8)), watched());
    }

    #[test]
    fn a_count_from_before_an_opening_is_not_taken_and_what_came_meanwhile_is_counted_next() {
        // A visit asks from 11 on; meanwhile somebody opens the mailbox at UIDNEXT 14, and one more message comes.
        let opened = after_opening(&watched(), &seen(14, 13, Some(3)), Moment(2));
        let late = after_late_look(&opened, Some(11), &seen(15, 14, Some(4)), Moment(3));
        assert_eq!((late.new_messages, late.uid_next, late.total_messages), (0, Some(14), 13));
        assert_eq!(after_late_look(&late, Some(14), &seen(15, 14, Some(1)), Moment(4)).new_messages, 1);
    }
}
