//! In charge of what a FETCH answer says of one message. Does not know what was asked, nor what is in the message.

use chrono::{DateTime, Datelike, Utc};

use super::session::Said;
use super::structure;
use super::value::{self, Value};
use crate::mail::parse::Marks;

/// What is asked of a message beside its bytes.
pub(super) const MARKS: &str = "UID FLAGS RFC822.SIZE INTERNALDATE";

/// The longest flag that is shown, and how many of them: a keyword is any word that anybody has set.
const LONGEST_FLAG: usize = 100;
const MOST_FLAGS: usize = 50;

/// A message as the server told of it.
pub(super) struct Fetched {
    /// Its place in the folder, from 1, the oldest.
    pub number: u32,
    pub marks: Marks,
    /// The body section, when the answer has one; several sections of headers are one.
    pub section: Option<Section>,
}

/// A body section, or a part of it.
pub(super) struct Section {
    /// Where in the section the bytes begin.
    pub origin: u32,
    /// Absent when the server has only NIL to say.
    pub bytes: Option<Vec<u8>>,
}

impl Section {
    /// This one with another's headers after its own, which may have been cut.
    fn and(self, other: Section) -> Section {
        let bytes = match (self.bytes, other.bytes) {
            (Some(own), Some(others)) if !own.trim_ascii().is_empty() => {
                Some([own.trim_ascii_end(), &others].join(&b"\r\n"[..]))
            }
            (own, others) => others.or(own),
        };
        Section { bytes, ..self }
    }
}

/// A FETCH answer that has a UID; nothing for the others, such as flags that another client changed meanwhile, and for
/// one that does not hold together.
pub(super) fn fetched(said: &Said) -> Option<Fetched> {
    let Said::Data(answer) = said else { return None };
    let values = value::read(answer)?;
    let [number, what, Value::List(items)] = values.as_slice() else { return None };
    if !what.is("FETCH") {
        return None;
    }
    let (mut uid, mut section) = (None, None);
    let mut marks = Marks::of(0);
    for item in items.chunks_exact(2) {
        let (name, value) = (&item[0], &item[1]);
        if name.is("UID") {
            uid = value.number().filter(|uid| *uid > 0);
        } else if name.is("RFC822.SIZE") {
            marks.size = value.number().unwrap_or(0);
        } else if name.is("INTERNALDATE") {
            marks.received = value.bytes().and_then(internal_date);
        } else if name.is("FLAGS") {
            marks.flags = value.list().map(flags).unwrap_or_default();
        } else if name.is("BODYSTRUCTURE") {
            marks.files = structure::files(value);
        } else if let Value::Atom(name) = name
            && name.get(..5).is_some_and(|it| it.eq_ignore_ascii_case(b"BODY["))
        {
            let next = Section { origin: origin(name)?, bytes: value.bytes().map(<[u8]>::to_vec) };
            section = Some(match section {
                None => next,
                Some(before) => Section::and(before, next),
            });
        }
    }
    Some(Fetched { number: number.number()?, marks: Marks { uid: uid?, ..marks }, section })
}

/// The `65536` of `BODY[]<65536>`; zero when nothing is said.
fn origin(name: &[u8]) -> Option<u32> {
    let Some(end) = name.strip_suffix(b">") else { return Some(0) };
    let at = end.iter().rposition(|byte| *byte == b'<')?;
    Value::Atom(&end[at + 1..]).number()
}

fn flags(words: &[Value<'_>]) -> Vec<String> {
    let words = words.iter().filter(|word| !word.is("\\Recent")).filter_map(Value::bytes);
    let words = words.filter(|word| word.len() <= LONGEST_FLAG).take(MOST_FLAGS);
    words.map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

/// `" 7-Feb-2026 02:44:25 +0100"` (RFC 9051, 9: `date-time`).
pub(super) fn internal_date(text: &[u8]) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let date = DateTime::parse_from_str(text, "%d-%b-%Y %H:%M:%S %z").ok()?.to_utc();
    // chrono reads years of any length; no mail is of one.
    (1970..=9998).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(answer: &str) -> Option<Fetched> {
        fetched(&Said::Data(answer.as_bytes().to_vec()))
    }

    #[test]
    fn a_fetch_answer_in_any_order() {
        let fetched = read(
            "* 4 FETCH (FLAGS (\\Flagged \\SEEN \\Recent $Inoltrato) BODY[HEADER.FIELDS (FROM)]<0> {8}\r\nFrom: a\n \
             INTERNALDATE \" 7-Feb-2026 02:44:25 +0100\" X-GM-LABELS (\"\\\\Inbox\") RFC822.SIZE 44 UID 9)\r\n",
        )
        .unwrap();
        assert_eq!((fetched.number, fetched.marks.uid, fetched.marks.size), (4, 9, 44));
        assert_eq!(fetched.marks.flags, ["\\Flagged", "\\SEEN", "$Inoltrato"]);
        assert_eq!(fetched.marks.received.unwrap().to_rfc3339(), "2026-02-07T01:44:25+00:00");
        let section = fetched.section.unwrap();
        assert_eq!((section.bytes.as_deref(), section.origin), (Some(&b"From: a\n"[..]), 0));
    }

    #[test]
    fn sections_of_headers_are_one() {
        let bytes = |sections: &str| read(&format!("* 1 FETCH (UID 9 {sections})\r\n")).unwrap().section.unwrap().bytes;
        let three = "BODY[HEADER.FIELDS (A)]<0> {8}\r\nA: a\r\n\r\n BODY[HEADER.FIELDS (B)]<0> {2}\r\n\r\n BODY[HEADER.FIELDS (C)]<0> \"C: cu\"";
        assert_eq!(
            bytes("BODY[HEADER.FIELDS (A)] \"\" BODY[HEADER.FIELDS (B)] \"B: b\"").as_deref(),
            Some(&b"B: b"[..])
        );
        assert_eq!(bytes(three).as_deref(), Some(&b"A: a\r\nC: cu"[..]));
        assert_eq!(
            bytes("BODY[HEADER.FIELDS (A)] NIL BODY[HEADER.FIELDS (B)] \"B: b\"").as_deref(),
            Some(&b"B: b"[..])
        );
        assert_eq!(bytes("BODY[HEADER.FIELDS (A)] NIL BODY[HEADER.FIELDS (B)] NIL"), None);
    }

    #[test]
    fn a_piece_says_where_it_begins() {
        for (name, origin) in [("BODY[]", 0), ("BODY[]<0>", 0), ("body[]<65536>", 65_536)] {
            assert_eq!(read(&format!("* 1 FETCH (UID 9 {name} \"x\")\r\n")).unwrap().section.unwrap().origin, origin);
        }
        assert!(read("* 1 FETCH (UID 9 BODY[]<x> \"x\")\r\n").is_none());
    }

    #[test]
    fn what_a_message_lacks_is_left_empty() {
        let fetched = read("* 4 FETCH (UID 9 FLAGS NIL INTERNALDATE NIL RFC822.SIZE NIL BODY[] NIL)\r\n").unwrap();
        assert_eq!((fetched.marks.uid, fetched.marks.size, fetched.marks.flags.len()), (9, 0, 0));
        assert_eq!((fetched.marks.received, fetched.section.unwrap().bytes), (None, None));
    }

    #[test]
    fn other_answers_are_not_a_message() {
        for answer in [
            "* 4 FETCH (FLAGS (\\Seen))\r\n",
            "* 4 FETCH (UID 0 BODY[] \"\")\r\n",
            "* 4 FETCH (BODY[] \"\")\r\n",
            "* x FETCH (UID 9 BODY[] \"\")\r\n",
            "* 4 FETCH ()\r\n",
            "* 4 FETCH\r\n",
            "* 4 EXPUNGE\r\n",
        ] {
            assert!(read(answer).is_none(), "{answer:?}");
        }
    }
}
