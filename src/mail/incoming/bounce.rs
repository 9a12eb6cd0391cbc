//! In charge of what a mail says of another that could not be delivered (RFC 3464). Does not know what was sent.

use mail_parser::HeaderName;

use super::File;
use super::automatic::{Automatic, automatic};
use super::content::Content;
use super::headers::{Person, bare, id, ids};
use crate::mail::parse::parts::{Part, all_written_headers};
use crate::mail::parse::text::one_line;

/// The most groups of fields that are read: one is of the message, the others of one recipient each.
const MOST_GROUPS: usize = 500;

/// The most recipients read of a text.
const MOST_IN_TEXT: usize = 50;

/// News of mail that was not delivered, or not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    pub recipients: Vec<BouncedRecipient>,
    /// The `Message-ID` of what was sent, without brackets.
    pub original_message_id: Option<String>,
}

/// What became of a mail for one of its recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BouncedRecipient {
    /// As we wrote it, where that is told (`Original-Recipient`), else `Final-Recipient`.
    pub email: String,
    /// `failed`, `delayed`, `delivered`, `relayed` or `expanded` (RFC 3464, 2.3.3), another word that was said, or empty where
    /// nothing says what became of it.
    pub action: String,
    /// `5.1.1` (RFC 3463).
    pub status: Option<String>,
}

impl BouncedRecipient {
    /// It did not arrive, and nobody tries any longer. Whatever the status: a mail whose time is over ends with what it was put off
    /// for (4.4.1, 4.4.7).
    pub fn is_final(&self) -> bool {
        self.action == "failed"
    }

    /// It has arrived, has gone on, or is only late.
    pub fn is_no_failure(&self) -> bool {
        matches!(self.action.as_str(), "delayed" | "delivered" | "relayed" | "expanded")
    }
}

/// The bounce that a mail is: a report of delivery, whatever it came in where a machine sent it, or the letter of a mailer daemon that
/// knows no reports.
pub(super) fn bounce(
    part: &Part<'_>,
    from: Option<&Person>,
    headers: &[(String, String)],
    content: &Content,
) -> Option<Bounce> {
    let is_status = |file: &&File| matches!(media(file), "message/delivery-status" | "message/global-delivery-status");
    let failed = field(headers, "X-Failed-Recipients");
    let is_machine = || matches!(automatic(headers), Some(Automatic::AutoSubmitted | Automatic::NullSender));
    let is_daemon = from.is_some_and(|from| is_from_daemon(from, headers, failed));
    if (part.is("multipart", "report") || is_daemon || is_machine())
        && let Some(status) = content.files.iter().find(is_status)
    {
        let (recipients, named) = report(&status.bytes);
        return Some(Bounce { recipients, original_message_id: original_id(content).or(named) });
    }
    if !is_daemon {
        return None;
    }
    let recipients = match failed {
        Some(failed) => failed.split(',').filter_map(bare).map(|person| recipient(person, "failed", None)).collect(),
        None => in_text(&content.text),
    };
    let original_message_id = original_id(content);
    (!recipients.is_empty() || original_message_id.is_some()).then_some(Bounce { recipients, original_message_id })
}

/// Behind `postmaster` there may be a person, whose program sends no signs of a machine.
fn is_from_daemon(from: &Person, headers: &[(String, String)], failed: Option<&str>) -> bool {
    let local = from.email.split('@').next().unwrap_or_default();
    let is = |name: &str| local.eq_ignore_ascii_case(name);
    let is_machine = || matches!(automatic(headers), Some(Automatic::AutoSubmitted | Automatic::NullSender));
    is("mailer-daemon") || (is("postmaster") && (failed.is_some() || is_machine()))
}

/// The recipients of a report, and the message it names itself, as Google does.
fn report(bytes: &[u8]) -> (Vec<BouncedRecipient>, Option<String>) {
    let (mut recipients, mut named) = (Vec::new(), None);
    let mut rest = bytes;
    for _ in 0..MOST_GROUPS {
        if rest.is_empty() {
            break;
        }
        let fields = all_written_headers(rest);
        named = named.or_else(|| field(&fields, "X-Original-Message-ID").and_then(id));
        recipients.extend(reported(&fields));
        rest = Part::read(rest).body();
    }
    (recipients, named)
}

/// The fields of one recipient (RFC 3464, 2.3).
fn reported(fields: &[(String, String)]) -> Option<BouncedRecipient> {
    let address = |name: &str| {
        let value = field(fields, name)?;
        bare(value.rsplit_once(';').map_or(value, |(_, address)| address).trim().trim_matches(['<', '>']))
    };
    let word = |name: &str| field(fields, name).and_then(|value| value.split_whitespace().next()).map(one_line);
    let email = address("Original-Recipient").or_else(|| address("Final-Recipient"))?.email;
    let action = word("Action").unwrap_or_default().to_ascii_lowercase();
    let status = word("Status").filter(|status| is_status(status));
    Some(BouncedRecipient { email, action, status })
}

/// The message that came back: itself, its headers alone, or a line of the text that tells of it.
fn original_id(content: &Content) -> Option<String> {
    let is_original = |file: &&File| {
        matches!(
            media(file),
            "message/rfc822"
                | "message/global"
                | "message/rfc822-headers"
                | "message/global-headers"
                | "text/rfc822-headers"
        )
    };
    let of_file =
        |file: &File| ids(&Part::read(file.bytes.trim_ascii_start()), &HeaderName::MessageId).into_iter().next();
    content.files.iter().filter(is_original).find_map(of_file).or_else(|| id_in_text(&content.text))
}

/// `Message-ID: <…>`, the identifier perhaps on the next line.
fn id_in_text(text: &str) -> Option<String> {
    let mut lines = text.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']));
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("Message-ID") {
            let value = if value.trim().is_empty() { lines.next().unwrap_or_default() } else { value };
            return Some(value).filter(|value| value.contains('@')).and_then(id);
        }
    }
    None
}

/// The addresses that stand alone on a line (qmail: `<a@b>:`, Exim: `  a@b`), above the copy of what was sent; where there are none,
/// those that stand among words.
fn in_text(text: &str) -> Vec<BouncedRecipient> {
    let is_copy = |line: &&str| {
        let line = line.trim_start_matches(['-', ' ']).to_ascii_lowercase();
        line.starts_with("below this line is a copy")
            || line.starts_with("this is a copy of")
            || line.starts_with("original message")
            || line.starts_with("messaggio originale")
    };
    let above: Vec<&str> = text.lines().take_while(|line| !is_copy(line)).collect();
    let status = above.iter().flat_map(|line| line.split(|letter: char| !letter.is_ascii_digit() && letter != '.'));
    let status = status.map(|word| word.trim_matches('.')).find(|word| is_status(word)).map(str::to_string);
    let action = match status.as_deref().and_then(|status| status.chars().next()) {
        _ if above.iter().any(|line| has_given_up(line)) => "failed",
        Some('5') => "failed",
        Some('4') => "delayed",
        _ => "",
    };
    let alone = above.iter().filter_map(|line| bare(line.trim().trim_end_matches(':').trim_matches(['<', '>'])));
    let mut found: Vec<Person> = alone.take(MOST_IN_TEXT).collect();
    if found.is_empty() {
        let ends = |letter: char| !letter.is_alphanumeric();
        let words = above.iter().take_while(|line| !is_message_id(line)).flat_map(|line| line.split_whitespace());
        found.extend(words.filter_map(|word| bare(word.trim_matches(ends))).take(MOST_IN_TEXT));
    }
    found.into_iter().map(|person| recipient(person, action, status.clone())).collect()
}

fn is_message_id(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| name.trim().eq_ignore_ascii_case("Message-ID"))
}

/// How qmail, Exim and others end a mail whose time is over, with the status that it was put off for.
fn has_given_up(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let after_attempts = line.contains("failed") && line.contains(" attempts");
    after_attempts
        || ["given up", "not going to try again", "retry timeout exceeded"].iter().any(|words| line.contains(words))
}

fn recipient(person: Person, action: &str, status: Option<String>) -> BouncedRecipient {
    BouncedRecipient { email: person.email, action: action.to_string(), status }
}

/// Whether it is a class and two numbers (RFC 3463, 2).
fn is_status(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(is_number) && matches!(parts.first(), Some(&("2" | "4" | "5")))
}

fn field<'a>(fields: &'a [(String, String)], wanted: &str) -> Option<&'a str> {
    fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str())
}

fn media(file: &File) -> &str {
    &file.media_type
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(found: &[BouncedRecipient]) -> Vec<(&str, &str, Option<&str>, bool)> {
        found
            .iter()
            .map(|one| (one.email.as_str(), one.action.as_str(), one.status.as_deref(), one.is_final()))
            .collect()
    }

    #[test]
    fn the_fields_of_each_recipient() {
        let raw = "Reporting-MTA: dns; mx.example\r\nX-Original-Message-ID: <1@a>\r\n\r\n\
                   Final-Recipient: rfc822; interno@b.example\r\nOriginal-Recipient: rfc822;a@b.example\r\nAction: failed\r\n\
                   Status: 5.1.1 (no such user)\r\n\r\n\r\n\
                   Final-Recipient: RFC822; <c@d.example>\r\nAction: Delayed\r\nStatus: 4.4.1\r\n\r\n\
                   Final-Recipient: rfc822; e@f.example\r\nAction: failed\r\nStatus: 4.4.7\r\n\r\n\
                   Final-Recipient: rfc822; g@h.example\r\nAction: failed\r\nStatus: mai\r\n\r\n\
                   Final-Recipient: rfc822; nessuno\r\nAction: failed\r\n";
        let (found, named) = report(raw.as_bytes());
        assert_eq!(
            told(&found),
            [
                ("a@b.example", "failed", Some("5.1.1"), true),
                ("c@d.example", "delayed", Some("4.4.1"), false),
                ("e@f.example", "failed", Some("4.4.7"), true),
                ("g@h.example", "failed", None, true),
            ]
        );
        assert_eq!(named.as_deref(), Some("1@a"));
        assert!(report(b"").0.is_empty() && report("\r\n".repeat(10_000).as_bytes()).0.is_empty());
    }

    #[test]
    fn letters_of_daemons() {
        let text = "Hi. This is the qmail-send program.\n\n<no@b.example>:\nRemote host said: 550 5.1.1 unknown\n\n\
                    --- Below this line is a copy of the message.\n\nReturn-Path: <x@y.example>\nMessage-ID: <9@a.example>\n\n  z@w.example";
        assert_eq!(told(&in_text(text)), [("no@b.example", "failed", Some("5.1.1"), true)]);
        assert_eq!(id_in_text(text).as_deref(), Some("9@a.example"));
        assert_eq!(
            told(&in_text("attempts will go on\n  a@b.example\n 4.4.1 host 192.0.2.1")),
            [("a@b.example", "delayed", Some("4.4.1"), false)]
        );
        let over = "I'm not going to try again; this message has been in the queue too long.";
        assert_eq!(
            told(&in_text(&format!("<a@b.example>:\n#4.4.1 host\n{over}"))),
            [("a@b.example", "failed", Some("4.4.1"), true)]
        );
        assert_eq!(told(&in_text("Qualcosa su\na@b.example")), [("a@b.example", "", None, false)], "nothing says so");
        assert_eq!((id_in_text("Message-Id:\n <8@a>").as_deref(), id_in_text("message-id: boh")), (Some("8@a"), None));
    }

    #[test]
    fn a_person_at_postmaster_is_no_daemon() {
        let from = |email: &str| bare(email).unwrap();
        let said = |name: &str, value: &str| vec![(name.to_string(), value.to_string())];
        assert!(is_from_daemon(&from("MAILER-DAEMON@mx.example"), &[], None));
        assert!(is_from_daemon(&from("postmaster@mx.example"), &said("Return-Path", "<>"), None));
        assert!(is_from_daemon(&from("postmaster@mx.example"), &[], Some("a@b.example")));
        assert!(!is_from_daemon(&from("postmaster@comune.example"), &said("Return-Path", "<a@b>"), None));
        assert!(!is_from_daemon(&from("mario@comune.example"), &said("Return-Path", "<>"), None));
    }
}
