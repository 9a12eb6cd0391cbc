//! In charge of the trace in its reader's words: who acted, on what, what changed. What is stored, exported and given by the API
//! stays as it was written.

use super::page::Frame;
use super::when::When;
use crate::clock::Moment;
use crate::mail::fault;
use crate::model::job::JobName;
use crate::model::mailbox::Status;
use crate::model::organization::Area;
use crate::model::outbox;
use crate::model::person::{Language, Role};
use crate::model::request_field::FieldKind;
use crate::model::routing::Occasion;
use crate::model::ticket::{Channel, Kind, NoticeKind, PASSWORD_LOST, Relation, Severity, State};
use crate::model::trace::Entry;

/// What stands between the parts of a detail.
const BETWEEN: [&str; 4] = [" → ", "; ", ": ", ", "];

/// What a mailbox's card says of itself in a detail, and the key of its words.
const OF_CARD: [(&str, &str); 6] = [
    ("user ", "field-username"),
    ("imap ", "field-imap-host"),
    ("smtp ", "field-smtp-host"),
    ("group ", "field-group"),
    ("tax code ", "field-holder-tax-code"),
    ("organization ", "field-organization-id"),
];

/// What is counted in a detail, and the key of its words.
const COUNTED: [(&str, &str); 5] = [
    (" blocks", "trace-blocks"),
    (" mailboxes", "trace-mailboxes"),
    (" members", "trace-members"),
    (" passwords", "trace-passwords"),
    (" bytes", "trace-bytes"),
];

/// Speaks of the trace as one page does.
pub struct Words<'w> {
    text: &'w dyn Fn(&str) -> String,
    moment: &'w dyn Fn(Moment) -> String,
}

/// The act in words.
pub fn action(frame: &Frame<'_>, one: &Entry) -> String {
    frame.text(&format!("action-{}", one.action.replace('.', "-")))
}

/// Who acted, in words.
pub fn actor(frame: &Frame<'_>, one: &Entry) -> String {
    match one.actor.as_str() {
        "system" => frame.text("actor-system"),
        name => match name.strip_prefix("cli:") {
            Some(user) => format!("{} ({user})", frame.text("actor-command")),
            None => name.into(),
        },
    }
}

/// What it was done on, in words.
pub fn subject(frame: &Frame<'_>, one: &Entry) -> String {
    match (one.action.as_str(), one.subject.as_str()) {
        ("job.run", job) if JobName::parse(job).is_some() => frame.text(&format!("job-{job}")),
        ("setting.changed", name) => frame.text(&format!("contact-{}", name.replace('_', "-"))),
        ("calendar.changed", id) => frame.text(&format!("calendar-{id}")),
        (_, "audit") => frame.text("audit-title"),
        (_, "capacity") => frame.text("capacity-title"),
        ("link.created", "first_admin") => frame.text("welcome-first-title"),
        (_, subject) => subject.into(),
    }
}

/// What else there is to know, in words.
pub fn detail(frame: &Frame<'_>, when: &When<'_>, one: &Entry) -> String {
    let told = match one.detail.split_once(": ") {
        Some((change, said)) if one.action == "mailbox.status-changed" => {
            format!("{change}: {}", fault::words(frame.language, said))
        }
        _ => one.detail.clone(),
    };
    Words { text: &|key| frame.text(key), moment: &|at| when.full(at) }.detail(&one.action, &told)
}

/// What the trace calls what somebody has typed as this page shows it, or how its name begins there. None when it is no such word.
pub fn meant(frame: &Frame<'_>, typed: &str) -> Option<String> {
    let named = JobName::ALL.into_iter().map(|job| (job.as_str(), format!("job-{}", job.as_str())));
    let shown = [
        ("system", "actor-system"),
        ("cli:", "actor-command"),
        ("audit", "audit-title"),
        ("capacity", "capacity-title"),
    ];
    let mut all = named.chain(shown.map(|(name, key)| (name, key.to_string())));
    all.find(|(_, key)| frame.text(key).eq_ignore_ascii_case(typed)).map(|(name, _)| name.into())
}

impl Words<'_> {
    fn detail(&self, action: &str, detail: &str) -> String {
        let whole = ["user.changed", "user.preferences-changed", "mailbox.changed", "organization.changed"];
        let changed = if whole.contains(&action) { only_changed(detail) } else { detail.into() };
        let mut said = String::new();
        let (mut rest, mut before) = (changed.as_str(), "");
        while !rest.is_empty() {
            let cut = BETWEEN.iter().filter_map(|sign| rest.find(sign).map(|at| (at, *sign))).min();
            let (at, after) = cut.unwrap_or((rest.len(), ""));
            let is_name = after == ": " && before != " → ";
            let is_pair = before == " → " || after == " → ";
            match self.part(action, &rest[..at], is_name, is_pair) {
                Some(words) => said.push_str(&words),
                // An empty side of a pair is «nothing».
                None if at == 0 && is_pair => said.push('–'),
                None => said.push_str(&rest[..at]),
            }
            said.push_str(after);
            if rest.len() == at + after.len() && after == " → " {
                said.push('–');
            }
            (rest, before) = (&rest[at + after.len()..], after);
        }
        said
    }

    /// A part in words, when it is a word of the program.
    fn part(&self, action: &str, part: &str, is_name: bool, is_pair: bool) -> Option<String> {
        let text = |key: String| Some((self.text)(&key));
        let dashed = || part.replace('_', "-");
        if let Ok(at) = chrono::DateTime::parse_from_rfc3339(part) {
            return Some((self.moment)(at.to_utc().into()));
        }
        match action.split_once('.')?.0 {
            "ticket" if is_name => of_ticket(part).map(self.text),
            "ticket" if is_pair || action == "ticket.created" => {
                if State::parse(part).is_some() {
                    text(format!("ticket-state-{}", dashed()))
                } else if Severity::parse(part).is_some() {
                    text(format!("severity-{part}"))
                } else if Kind::parse(part).is_some() || part == PASSWORD_LOST {
                    text(format!("ticket-kind-{}", dashed()))
                } else if ["ticket.escalated", "ticket.routed"].contains(&action) && ["1", "2", "3"].contains(&part) {
                    text(format!("level-{part}"))
                } else if let Some(number) = part.strip_prefix("follows ") {
                    Some(format!("{} {number}", (self.text)("request-follows")))
                } else {
                    ["pec", "pki"].contains(&part).then(|| (self.text)(&format!("area-{part}")))
                }
            }
            "ticket" if action == "ticket.related" => {
                let (relation, number) = part.split_once(' ')?;
                let relation = Relation::parse(relation)?;
                Some(format!("{} {number}", (self.text)(&format!("relation-{}", relation.as_str()))))
            }
            "ticket" => {
                let (clock, percent) = part.split_once(' ').filter(|_| action == "ticket.warned")?;
                Some(format!("{} {percent}", (self.text)(of_ticket(clock)?)))
            }
            "mailbox" if action == "mailbox.status-changed" => {
                Status::parse(part).filter(|_| is_pair)?;
                text(format!("status-{}", dashed()))
            }
            "mailbox" => {
                if let Some((holder, day)) =
                    part.strip_prefix("authorised by ").and_then(|rest| rest.rsplit_once(" on "))
                {
                    return Some(format!(
                        "{}: {holder}, {}",
                        (self.text)("field-authorization-holder"),
                        local_day(day)
                    ));
                }
                let (mark, key) = OF_CARD.into_iter().find(|(mark, _)| part.starts_with(mark))?;
                Some(format!("{}: {}", (self.text)(key), &part[mark.len()..]))
            }
            "mail" => {
                outbox::State::parse(part).filter(|_| is_pair)?;
                text(format!("mail-state-{}", dashed()))
            }
            "user" | "organization" | "view" => match part {
                "inactive" if action.starts_with("organization") => text("organization-inactive".into()),
                "inactive" => text("person-inactive".into()),
                "read-only view" => text("organization-read-only".into()),
                "comments" if action.starts_with("organization") => text("organization-comments".into()),
                "shared" => text("views-shared".into()),
                _ if Role::parse(part).is_some() => text(format!("role-{}", dashed())),
                _ if Language::ALL.iter().any(|one| one.as_str() == part) => text(format!("language-{part}")),
                "mails off" if is_name => text("trace-mails-off".into()),
                _ if NoticeKind::ALL.iter().any(|one| one.as_str() == part) => text(format!("profile-notice-{part}")),
                "single keys on" => text("trace-keys-on".into()),
                "single keys off" => text("trace-keys-off".into()),
                _ => part.strip_prefix("level ").and_then(|level| text(format!("level-{level}"))),
            },
            "routing-rule" if is_name => of_rule(part).map(self.text),
            "routing-rule" if is_pair => match part {
                "true" => text("routing-active".into()),
                "false" => text("routing-off".into()),
                _ if Severity::parse(part).is_some() => text(format!("severity-{part}")),
                _ if Channel::parse(part).is_some() => text(format!("channel-{part}")),
                _ if Area::parse(part).is_some() => text(format!("area-{part}")),
                _ if Occasion::parse(part).is_some() => text(format!("occasion-{part}")),
                _ => None,
            },
            "request-field" if is_name => of_field(part).map(self.text),
            "request-field" if is_pair => match part {
                "true" | "false" => text(format!("answer-{part}")),
                _ if Area::parse(part).is_some() => text(format!("area-{part}")),
                _ if FieldKind::parse(part).is_some() => text(format!("asked-kind-{}", dashed())),
                _ => None,
            },
            "grant" => {
                let (rights, until) = part.split_once(" until ").unwrap_or((part, ""));
                let known = |word| crate::model::grant::Right::parse(word).is_some();
                let words: Vec<&str> = rights.split(' ').collect();
                let words = words.iter().all(|word| known(word)).then_some(words)?;
                let said: Vec<String> = words.iter().map(|word| (self.text)(&format!("right-{word}"))).collect();
                let end = match chrono::DateTime::parse_from_rfc3339(until) {
                    Ok(at) => format!(" → {}", (self.moment)(at.to_utc().into())),
                    Err(_) => until.into(),
                };
                Some(said.join(" + ") + &end)
            }
            _ => {
                let (mark, key) = COUNTED.into_iter().find(|(mark, _)| part.ends_with(mark))?;
                let count: i64 = part[..part.len() - mark.len()].parse().ok()?;
                Some(format!("{count} {}", (self.text)(key)))
            }
        }
    }
}

/// The key of the words of a ticket's field, or of one of its clocks.
fn of_ticket(field: &str) -> Option<&'static str> {
    Some(match field {
        "subject" => "request-subject",
        "severity" => "severity",
        "due" => "due",
        "area" => "request-area",
        "kind" => "request-kind",
        "category" => "trace-category",
        "cc" => "requests-cc",
        "tags" => "tags",
        "state" => "requests-state",
        "escalated" => "level",
        "group" => "mailboxes-group",
        "assignee" => "assignee",
        "first_response" => "due-first-response",
        "resolution" => "due-resolution",
        _ => return None,
    })
}

/// The key of the words of what a rule says.
fn of_rule(field: &str) -> Option<&'static str> {
    Some(match field {
        "name" => "routing-name",
        "position" => "routing-position",
        "active" => "routing-active",
        "occasion" => "routing-occasion",
        "area" => "request-area",
        "channel" => "channel",
        "severity" => "severity",
        "organization" => "request-organization",
        "mailbox" => "routing-mailbox",
        "words" => "routing-words",
        "to group" => "routing-to-group",
        "to assignee" => "routing-to-assignee",
        "to level" => "routing-to-level",
        "to severity" => "routing-to-severity",
        "to tags" => "routing-to-tags",
        _ => return None,
    })
}

/// The key of the words of what a field of the forms says.
fn of_field(field: &str) -> Option<&'static str> {
    Some(match field {
        "label" => "asked-label",
        "label_en" => "asked-label-en",
        "area" => "request-area",
        "kind" => "asked-kind",
        "options" => "asked-options",
        "required" => "asked-required",
        "help" => "asked-help",
        "position" => "routing-position",
        "active" => "asked-active",
        _ => return None,
    })
}

/// A day of the calendar as people here write it; what is no day stays as it is.
pub fn local_day(day: &str) -> String {
    chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .map_or_else(|_| day.into(), |day| day.format("%d/%m/%Y").to_string())
}

/// Of a thing told whole before and after (`a, b, c → a, d, c`) only what differs: `b → d`.
fn only_changed(detail: &str) -> String {
    let Some((old, new)) = detail.split_once(" → ").filter(|(_, new)| !new.contains(" → ")) else {
        return detail.into();
    };
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split(", ").collect(), new.split(", ").collect());
    if old.len() != new.len() || old.len() == 1 {
        return detail.into();
    }
    let pairs = old.iter().zip(&new).filter(|(old, new)| old != new);
    pairs.map(|(old, new)| format!("{old} → {new}")).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(action: &str, detail: &str) -> String {
        Words { text: &|key| format!("<{key}>"), moment: &|_| "27/11 16:00".into() }.detail(action, detail)
    }

    #[test]
    fn words_of_the_program_are_told_in_the_readers() {
        for (action, detail, expected) in [
            ("mailbox.status-changed", "ok → wrong_password", "<status-ok> → <status-wrong-password>"),
            (
                "mailbox.status-changed",
                "ok → unreachable: no answer: ok, later",
                "<status-ok> → <status-unreachable>: no answer: ok, later",
            ),
            ("ticket.closed", "resolved → closed", "<ticket-state-resolved> → <ticket-state-closed>"),
            ("ticket.cancelled", "open → cancelled: closed", "<ticket-state-open> → <ticket-state-cancelled>: closed"),
            ("ticket.escalated", "1 → 2: serve", "<level-1> → <level-2>: serve"),
            ("ticket.merged", "new → TK-2026-000002", "<ticket-state-new> → TK-2026-000002"),
            ("ticket.related", "caused TK-2026-000001", "<relation-caused> TK-2026-000001"),
            (
                "ticket.routed",
                "Accessi: escalated: 1 → 2; group:  → Firma",
                "Accessi: <level>: <level-1> → <level-2>; <mailboxes-group>: – → Firma",
            ),
            (
                "ticket.replied",
                "state: new → open; assignee:  → Marco",
                "<requests-state>: <ticket-state-new> → <ticket-state-open>; <assignee>: – → Marco",
            ),
            (
                "ticket.changed",
                "severity: medium → critical; due: 2026-11-27T15:00:00Z → 2026-11-27T11:00:00Z; assignee:  → Marco",
                "<severity>: <severity-medium> → <severity-critical>; <due>: 27/11 16:00 → 27/11 16:00; <assignee>: – → Marco",
            ),
            ("ticket.created", "Aiuto, medium, pec", "Aiuto, <severity-medium>, <area-pec>"),
            ("ticket.warned", "first_response 75%", "<due-first-response> 75%"),
            ("mail.retried", "Oggetto: failed → queued", "Oggetto: <mail-state-failed> → <mail-state-queued>"),
            ("user.created", "Anna, org_admin, level 1, it", "Anna, <role-org-admin>, <level-1>, <language-it>"),
            ("user.changed", "Anna, operator, level 1, it → Anna, operator, level 2, it", "<level-1> → <level-2>"),
            ("grant.created", "a@example.org: view write", "a@example.org: <right-view> + <right-write>"),
            (
                "mailbox.changed",
                "P, user a, imap h:1 tls → P, user b, imap h:1 tls",
                "<field-username>: a → <field-username>: b",
            ),
            (
                "mailbox.created",
                "P, authorised by A on B on 2026-08-28",
                "P, <field-authorization-holder>: A on B, 28/08/2026",
            ),
            (
                "capacity.block-added",
                "1 → 2 blocks, 70 → 90 mailboxes",
                "1 → 2 <trace-blocks>, 70 → 90 <trace-mailboxes>",
            ),
            (
                "routing-rule.changed",
                "active: true → false; area:  → pki; to group: Firma → Primo livello",
                "<routing-active>: <routing-active> → <routing-off>; <request-area>: – → <area-pki>; <routing-to-group>: Firma → Primo livello",
            ),
            ("folder.read", "INBOX", "INBOX"),
            ("setting.changed", "- → a", "- → a"),
        ] {
            assert_eq!(said(action, detail), expected, "{action}: {detail}");
        }
    }
}
