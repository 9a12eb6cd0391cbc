//! In charge of the headers that name people and messages. Does not know what a message says.

use mail_parser::{Addr, Address, HeaderName, HeaderValue};

use crate::mail::parse::parts::Part;
use crate::mail::parse::text::one_line;
use crate::mail::parse::words;

/// The longest identifier that is kept, in bytes: no mail program makes one half as long, and an index takes it in every database.
const LONGEST_ID: usize = 500;

/// The most messages that one is taken to answer.
const MOST_REFERENCES: usize = 50;

/// The most people read of one header.
const MOST_PERSONS: usize = 500;

/// The longest address (RFC 5321, 4.5.3.1: 64 and 255 octets beside the `@`).
const LONGEST_EMAIL: usize = 320;

/// Somebody named in a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// On one line; absent when it says no more than the address.
    pub name: Option<String>,
    /// As written: it has an `@` and no spaces, no more is checked.
    pub email: String,
}

/// The first person of a header who has an address.
pub(super) fn person(part: &Part<'_>, name: HeaderName<'static>) -> Option<Person> {
    persons(part, name).into_iter().next()
}

/// Those of a header who have an address, out of their groups (RFC 5322, 3.4).
pub(super) fn persons(part: &Part<'_>, name: HeaderName<'static>) -> Vec<Person> {
    let list = part.header(&name).and_then(HeaderValue::as_address);
    list.map(Address::iter).into_iter().flatten().filter_map(known).take(MOST_PERSONS).collect()
}

/// How many authors a message names, in all of its `From` headers.
pub(super) fn authors(part: &Part<'_>) -> usize {
    let from = part.headers().iter().filter(|header| header.name == HeaderName::From);
    from.filter_map(|header| header.value.as_address()).map(|list| list.iter().count()).sum()
}

/// For whom servers on its way have taken a message in: each writes its own line, and no more than a mail names in one header.
pub(super) fn delivered_to(written: &[(String, String)]) -> Vec<String> {
    let is_of = |name: &str| ["Delivered-To", "X-Original-To"].iter().any(|known| known.eq_ignore_ascii_case(name));
    let said = written.iter().filter(|(name, _)| is_of(name)).map(|(_, value)| value.trim().trim_matches(['<', '>']));
    said.filter_map(bare).map(|one| one.email).take(MOST_PERSONS).collect()
}

/// A person of whom there is an address alone.
pub(super) fn bare(email: &str) -> Option<Person> {
    let email = one_line(email);
    let holds = email.contains('@') && email.chars().count() <= LONGEST_EMAIL && !email.contains(char::is_whitespace);
    holds.then_some(Person { name: None, email })
}

/// Some programs encode name and address as one word.
fn known(address: &Addr<'_>) -> Option<Person> {
    let name = address.name().unwrap_or_default();
    let (name, email) = match address.address() {
        Some(email) => (name, email),
        None => name.trim().strip_suffix('>')?.rsplit_once('<')?,
    };
    let (name, person) = (one_line(name), bare(email)?);
    Some(Person { name: Some(name).filter(|name| !name.is_empty() && *name != person.email), ..person })
}

/// The subject (RFC 5322, 3.6.5), decoded.
pub(super) fn subject(part: &Part<'_>) -> String {
    one_line(part.header(&HeaderName::Subject).and_then(HeaderValue::as_text).unwrap_or_default())
}

/// The identifiers in a header, without brackets (RFC 5322, 3.6.4), in its order.
pub(super) fn ids(part: &Part<'_>, name: &HeaderName<'_>) -> Vec<String> {
    let written: Vec<&str> = match part.header(name) {
        Some(HeaderValue::Text(one)) => vec![one],
        Some(HeaderValue::TextList(many)) => many.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    };
    // Some programs encode long ones like words (RFC 2047 forbids it, 5).
    let read = |one: &str| match words::said(one) {
        Some(said) => said.split(|c: char| c.is_whitespace() || c == '>').filter_map(id).collect(),
        None => id(one).into_iter().collect::<Vec<String>>(),
    };
    written.into_iter().flat_map(read).collect()
}

/// One identifier, without brackets and not longer than is kept; nothing when there are spaces in it.
pub(super) fn id(written: &str) -> Option<String> {
    let bare = written.trim().trim_matches(['<', '>']).trim();
    let mut id: String = bare.chars().filter(|letter| !letter.is_control()).collect();
    id.truncate(id.floor_char_boundary(LONGEST_ID));
    (!id.is_empty() && !id.contains(char::is_whitespace)).then_some(id)
}

/// The messages that one answers, the nearest first.
pub(super) fn references(part: &Part<'_>) -> Vec<String> {
    let older = ids(part, &HeaderName::References).into_iter().rev();
    let mut found: Vec<String> = Vec::new();
    for id in ids(part, &HeaderName::InReplyTo).into_iter().chain(older) {
        if found.len() == MOST_REFERENCES {
            break;
        }
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_answered_nearest_first_and_once() {
        let of = |raw: &str| references(&Part::read(raw.as_bytes()));
        assert_eq!(
            of("References: <1@a> <2@a>\r\n <3@a>\r\nIn-Reply-To: your mail of today <2@a>\r\n\r\n"),
            ["2@a", "3@a", "1@a"]
        );
        assert_eq!(of("In-Reply-To: senza@parentesi\r\n\r\n"), ["senza@parentesi"]);
        // As Python writes a long one.
        assert_eq!(
            of(
                "In-Reply-To: =?utf-8?q?=3CTK-2026-000401=2E01a226f1b58c=2E99?=\r\n =?utf-8?q?=40desk=2Eexample=3E?=\r\nReferences: =?utf-8?b?PDFAYT4gPDJAYT4=?=\r\n\r\n"
            ),
            ["TK-2026-000401.01a226f1b58c.99@desk.example", "2@a", "1@a"]
        );
        assert!(of("In-Reply-To: la tua del 3\r\nReferences:\r\n\r\n").is_empty());
        let many: String = (0..80).map(|at| format!(" <{at}@a>\r\n")).collect();
        let found = of(&format!("References:{many}\r\n"));
        assert_eq!((found.len(), found[0].as_str(), found[49].as_str()), (50, "79@a", "30@a"));
        let long = of(&format!("In-Reply-To: <{}@a>\r\n\r\n", "è".repeat(2000)));
        assert_eq!(long[0].chars().count(), 250);
    }

    #[test]
    fn people_with_an_address() {
        let raw = "To: \"Rossi, Mario\" <m.rossi@comune.borgo.example>, undisclosed-recipients:;, Ufficio: a@b.example, \
                   <c@d.example>;, solo nome\r\nCc: x@y.example <x@y.example>\r\n\r\n";
        let part = Part::read(raw.as_bytes());
        let to = persons(&part, HeaderName::To);
        assert_eq!(
            to.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(),
            ["m.rossi@comune.borgo.example", "a@b.example", "c@d.example"]
        );
        assert_eq!(to[0].name.as_deref(), Some("Rossi, Mario"));
        assert_eq!(person(&part, HeaderName::Cc), bare("x@y.example"));
        assert_eq!((person(&part, HeaderName::From), bare("a b@c"), bare("")), (None, None, None));
    }
}
