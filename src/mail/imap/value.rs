//! In charge of reading one answer of a server into values (RFC 9051, 9). Does not know which answers there are.
//!
//! Ours, because the parser of `imap-proto` 0.17 panics on `INTERNALDATE NIL`, nests as deep as the server likes and
//! refuses a STATUS with an item it has not heard of.

use std::borrow::Cow;

/// What we ask for is answered with lists in lists no deeper than this; only the parts of a message nest at all
/// (`structure.rs`), and a message nested deeper is one that nobody honest wrote.
const DEEPEST: usize = 40;

/// A piece of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A word, a number, a flag, `NIL`, or the name of a section as in `BODY[HEADER]<0>`.
    Atom(&'a [u8]),
    /// A quoted string or a literal.
    Text(Cow<'a, [u8]>),
    List(Vec<Value<'a>>),
}

impl<'a> Value<'a> {
    /// Whether this is the word, in any case.
    pub fn is(&self, word: &str) -> bool {
        matches!(self, Value::Atom(atom) if atom.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// The number, when it is one that fits.
    pub fn number<N: std::str::FromStr>(&self) -> Option<N> {
        match self {
            Value::Atom(atom) if atom.iter().all(u8::is_ascii_digit) => std::str::from_utf8(atom).ok()?.parse().ok(),
            _ => None,
        }
    }

    /// The bytes of a string, or of a word used as one; nothing for `NIL` and for a list.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Atom(atom) if atom.eq_ignore_ascii_case(b"NIL") => None,
            Value::Atom(atom) => Some(atom),
            Value::Text(text) => Some(text),
            Value::List(_) => None,
        }
    }

    pub fn list(&self) -> Option<&[Value<'a>]> {
        match self {
            Value::List(values) => Some(values),
            _ => None,
        }
    }
}

/// The values of an untagged answer (`* …` with its CRLF); nothing when it does not hold together.
pub(super) fn read(answer: &[u8]) -> Option<Vec<Value<'_>>> {
    let mut rest = answer.strip_prefix(b"* ")?.strip_suffix(b"\r\n")?;
    let values = values(&mut rest, DEEPEST)?;
    rest.is_empty().then_some(values)
}

/// Reads up to the end, or up to a closing parenthesis that is left in place.
fn values<'a>(rest: &mut &'a [u8], depth: usize) -> Option<Vec<Value<'a>>> {
    let mut found = Vec::new();
    loop {
        match rest.first() {
            None | Some(b')') => return Some(found),
            Some(b' ') => *rest = &rest[1..],
            Some(b'(') => {
                *rest = &rest[1..];
                found.push(Value::List(values(rest, depth.checked_sub(1)?)?));
                *rest = rest.strip_prefix(b")")?;
            }
            Some(b'"') => found.push(Value::Text(quoted(rest)?)),
            Some(b'{') => found.push(Value::Text(Cow::Borrowed(literal(rest)?))),
            Some(_) => found.push(Value::Atom(atom(rest)?)),
        }
    }
}

fn quoted<'a>(rest: &mut &'a [u8]) -> Option<Cow<'a, [u8]>> {
    let inside = rest.strip_prefix(b"\"")?;
    let mut escaped = false;
    let end = inside.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    })?;
    *rest = &inside[end + 1..];
    let text = &inside[..end];
    if !text.contains(&b'\\') {
        return Some(Cow::Borrowed(text));
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        plain.push(if *byte == b'\\' { *bytes.next()? } else { *byte });
    }
    Some(Cow::Owned(plain))
}

fn literal<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let digits = rest.iter().position(|byte| *byte == b'}')?;
    let size: usize = std::str::from_utf8(rest.get(1..digits)?).ok()?.parse().ok()?;
    let after = rest[digits + 1..].strip_prefix(b"\r\n")?;
    let (text, after) = after.split_at_checked(size)?;
    *rest = after;
    Some(text)
}

/// A word, with the section in brackets that may belong to it: `BODY[HEADER.FIELDS (FROM)]<0>` is one word.
fn atom<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut in_section = false;
    let end = rest.iter().position(|byte| {
        match byte {
            b'[' => in_section = true,
            b']' => in_section = false,
            _ => {}
        }
        matches!(byte, b' ' | b'(' | b')' | b'"' | b'{' | b'\r' | b'\n') && !in_section
    });
    let (atom, after) = rest.split_at(end.unwrap_or(rest.len()));
    *rest = after;
    (!atom.is_empty() && !in_section).then_some(atom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_words_numbers_strings_and_lists() {
        let answer = b"* STATUS \"a \\\"b\\\\\" (MESSAGES 12 UIDNEXT 5000000000)\r\n";
        let values = read(answer).unwrap();
        assert!(values[0].is("status"));
        assert_eq!(values[1].bytes(), Some(&b"a \"b\\"[..]));
        let items = values[2].list().unwrap();
        assert_eq!(items[1].number::<u32>(), Some(12));
        assert_eq!(items[3].number::<u32>(), None);
        assert_eq!(items[3].number::<u64>(), Some(5_000_000_000));
    }

    #[test]
    fn a_section_is_one_word_and_a_literal_is_taken_as_it_is() {
        let answer = b"* 3 FETCH (BODY[HEADER.FIELDS (FROM \"X\")]<0> {6}\r\n) \"\r\n( FLAGS (\\Seen \\*) X NIL)\r\n";
        let values = read(answer).unwrap();
        let items = values[2].list().unwrap();
        assert_eq!(items[0], Value::Atom(b"BODY[HEADER.FIELDS (FROM \"X\")]<0>"));
        assert_eq!(items[1].bytes(), Some(&b") \"\r\n("[..]));
        assert_eq!(items[3], Value::List(vec![Value::Atom(b"\\Seen"), Value::Atom(b"\\*")]));
        assert_eq!(items[5].bytes(), None);
    }

    #[test]
    fn what_does_not_hold_together_is_nothing() {
        for broken in [
            "",
            "* ",
            "OK\r\n",
            "* STATUS",
            "* (\r\n",
            "* )\r\n",
            "* (()\r\n",
            "* \"a\r\n",
            "* \"a\\\r\n",
            "* {3}\r\n12\r\n",
            "* {99999999999999999999}\r\n\r\n",
            "* {-1}\r\n\r\n",
            "* {}\r\n\r\n",
            "* BODY[ (a\r\n",
            "* {\r\n",
        ] {
            assert_eq!(read(broken.as_bytes()).filter(|values| !values.is_empty()), None, "{broken:?}");
        }
        let deep = format!("* {}{}\r\n", "(".repeat(5000), ")".repeat(5000));
        assert_eq!(read(deep.as_bytes()), None);
    }
}
