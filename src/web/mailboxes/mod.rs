//! In charge of the pages under `/caselle`. What several of them show of a mailbox is made here.

pub mod bulk;
pub mod capacity;
pub mod card;
pub mod edit;
pub mod import;
pub mod list;
pub mod new;
pub mod password;
pub mod query;
pub mod refresh;
pub mod remove;
pub mod show;

use serde_json::{Value, json};

use super::page::Frame;
use super::when::When;
use crate::clock::Moment;
use crate::mail::fault;
use crate::model::job::JobName;
use crate::model::mailbox::{Mailbox, QuotaState, Status};
use crate::model::person::Language;
use crate::people::rights::{self, Act};
use crate::text;
use crate::timetable::timed;

/// The shape beside a status: its colour is never alone (`ui.md` 5).
pub fn mark(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::NeverChecked | Status::Activating => "bl",
        Status::TemporaryError => "wa",
        Status::Suspended | Status::Expired | Status::Annulled => "off",
        _ => "ko",
    }
}

/// True when the mailbox has been waiting to be activated for too long.
fn activation_is_late(frame: &Frame<'_>, mailbox: &Mailbox) -> bool {
    mailbox.facts.activation_is_late(frame.site.app.clock.now())
}

/// A status in words, with what lies over it: late, nearly full, full.
fn status_words(frame: &Frame<'_>, mailbox: &Mailbox, late_before: Moment) -> (String, &'static str) {
    let facts = &mailbox.facts;
    let overlay = match (facts.status, facts.quota_state()) {
        (Status::Activating, _) if activation_is_late(frame, mailbox) => Some(("overlay-activation-late", "wa")),
        (Status::Ok, QuotaState::Full) => Some(("overlay-full", "ko")),
        (Status::Ok, _) if facts.last_checked_at.is_some_and(|at| at < late_before) => Some(("overlay-late", "wa")),
        (Status::Ok, QuotaState::Low) => Some(("overlay-low", "wa")),
        _ => None,
    };
    match overlay {
        Some((key, mark)) => (frame.text(key), mark),
        None => (frame.text(&format!("status-{}", facts.status.as_str().replace('_', "-"))), mark(facts.status)),
    }
}

/// Before this moment a last check is too long ago: the third slot back. Between slots, as at night, nothing is late.
fn late_before(frame: &Frame<'_>) -> Moment {
    let now = frame.site.app.clock.now();
    let job = timed(JobName::RefreshMailboxes, &frame.site.app.settings);
    let before = |at: Moment| job.as_ref().and_then(|job| job.last(at));
    let third = before(now).and_then(|slot| before(Moment(slot.0 - 1))).and_then(|slot| before(Moment(slot.0 - 1)));
    third.unwrap_or(Moment(0))
}

/// True when the mailbox waits for a password.
fn waits_for_password(mailbox: &Mailbox) -> bool {
    matches!(
        mailbox.facts.status,
        Status::WrongPassword
            | Status::PasswordExpired
            | Status::AccountBlocked
            | Status::SecretUnreadable
            | Status::Activating
    )
}

fn may(frame: &Frame<'_>, act: Act, mailbox: &Mailbox) -> bool {
    frame.agent.is_some_and(|agent| rights::may_on(&agent.person, act, mailbox))
}

/// Where this person puts a new password, when the mailbox waits for one.
fn password_href(frame: &Frame<'_>, mailbox: &Mailbox) -> Option<String> {
    let may = may(frame, Act::ManageMailboxes, mailbox);
    (may && waits_for_password(mailbox)).then(|| format!("/caselle/{}/password", mailbox.id))
}

/// Where who may not manage a mailbox that waits for its manager asks for it; null for who may. The address is null for who
/// asks nobody.
fn ask(frame: &Frame<'_>, mailbox: &Mailbox) -> Value {
    let waits = waits_for_password(mailbox) || mailbox.facts.status == Status::Expired;
    if !waits || may(frame, Act::ManageMailboxes, mailbox) {
        return Value::Null;
    }
    let asks = frame.agent.is_some_and(|agent| rights::may(&agent.person, Act::AskForHelp));
    json!({"href": asks.then(|| format!("/richieste/nuova?casella={}", mailbox.id))})
}

/// What a mailbox's own pages show of it.
fn view(frame: &Frame<'_>, mailbox: &Mailbox) -> Value {
    let when = When::new(frame.site, frame.language);
    let facts = &mailbox.facts;
    let (status_text, mark) = status_words(frame, mailbox, late_before(frame));
    let comma = frame.language == Language::It;
    let quota = facts.quota_used.zip(facts.quota_limit.filter(|limit| *limit > 0)).map(|(used, limit)| {
        let percent = (used as f64 * 100.0 / limit as f64).round() as i64;
        json!({"used_text": text::bytes(used, comma), "limit_text": text::bytes(limit, comma), "percent": percent})
    });
    let may = |act| may(frame, act, mailbox);
    json!({
        "id": mailbox.id,
        "name": mailbox.name(),
        "address": mailbox.card.address,
        "status": facts.status,
        "status_text": status_text,
        "mark": mark,
        "status_since": when.ago(facts.status_since),
        "status_detail": facts.status_detail.as_deref().map(|detail| fault::words(frame.language, detail)),
        "checked": when.ago_or_null(facts.last_checked_at),
        "new": facts.new_messages,
        "unread": facts.unread_messages,
        "total": facts.total_messages,
        "quota": quota,
        "password_href": password_href(frame, mailbox),
        "ask": ask(frame, mailbox),
        "activation_late": activation_is_late(frame, mailbox),
        "may_manage": may(Act::ManageMailboxes),
        "may_refresh": may(Act::RefreshMailboxes) && !facts.status.is_stopped(),
    })
}

/// A change of status in words, from what the trace says of it (`ok → wrong_password: words of the server`).
pub fn status_change(frame: &Frame<'_>, detail: &str) -> (String, Option<String>) {
    let (change, words) = detail
        .split_once(": ")
        .map_or((detail, None), |(change, words)| (change, Some(fault::words(frame.language, words))));
    let word = |status: &str| {
        let known = Status::parse(status).is_some();
        if known { frame.text(&format!("status-{}", status.replace('_', "-"))) } else { status.to_string() }
    };
    match change.split_once(" → ") {
        Some((from, to)) => (format!("{} → {}", word(from), word(to)), words),
        None => (change.to_string(), words),
    }
}
