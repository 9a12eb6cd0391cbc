//! In charge of the encoded words of headers (RFC 2047) before they are read: those that stand together become one, in UTF-8. Does
//! not know which headers have them.
//!
//! Programs cut letters in two at the end of a word, fold in the middle of file names, name charsets that few know and lie about
//! them; `mail-parser` reads each word by itself.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::charset;

/// The longest name of a charset with its language (RFC 2231, 5).
const LONGEST_CHARSET: usize = 80;

/// Bytes in a charset that is said.
type Run = Vec<(Vec<u8>, Vec<u8>)>;

/// The same headers, each run of encoded words being one word.
pub(super) fn joined(head: &[u8]) -> Vec<u8> {
    let mut made = Vec::with_capacity(head.len());
    let mut rest = head;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"=?") {
        let (before, from) = rest.split_at(at);
        made.extend_from_slice(before);
        let (run, length) = run(from);
        if run.is_empty() {
            made.extend_from_slice(b"=?");
            rest = from.get(2..).unwrap_or_default();
        } else {
            let text: String = run.iter().map(|(charset, bytes)| letters(charset, bytes)).collect();
            if !text.is_empty() {
                made.extend_from_slice(format!("=?utf-8?B?{}?=", STANDARD.encode(text)).as_bytes());
            }
            rest = from.get(length..).unwrap_or_default();
        }
    }
    made.extend_from_slice(rest);
    made
}

/// What the words say of which a text wholly is made. None of any other text.
pub(in crate::mail) fn said(text: &str) -> Option<String> {
    let text = text.trim();
    let (run, length) = run(text.as_bytes());
    (!run.is_empty() && length == text.len())
        .then(|| run.iter().map(|(charset, bytes)| letters(charset, bytes)).collect())
}

fn letters(charset: &[u8], bytes: &[u8]) -> String {
    let label = String::from_utf8_lossy(charset);
    charset::text(bytes, label.split('*').next())
}

/// The words that begin here with nothing but white space between them, and their length. What is of one charset is decoded
/// together.
fn run(from: &[u8]) -> (Run, usize) {
    let mut found: Run = Vec::new();
    let mut length = 0;
    let mut at = 0;
    while let Some((charset, bytes, long)) = from.get(at..).and_then(word) {
        match found.last_mut() {
            Some((known, before)) if known.eq_ignore_ascii_case(charset) => before.extend(bytes),
            _ => found.push((charset.to_vec(), bytes)),
        }
        length = at + long;
        let after = from.get(length..).unwrap_or_default();
        at = length + after.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let between = from.get(length..at).unwrap_or_default();
        // The next header begins its line.
        if between.last().is_some_and(|byte| *byte == b'\n') {
            break;
        }
    }
    (found, length)
}

/// One word: its charset, its bytes, its length.
fn word(from: &[u8]) -> Option<(&[u8], Vec<u8>, usize)> {
    let inside = from.strip_prefix(b"=?")?;
    let mark = |bytes: &[u8]| bytes.iter().position(|byte| *byte == b'?');
    let charset = inside.get(..mark(inside.get(..inside.len().min(LONGEST_CHARSET))?)?)?;
    if charset.is_empty() || charset.iter().any(u8::is_ascii_whitespace) {
        return None;
    }
    let [_, encoding, b'?', data @ ..] = inside.get(charset.len()..)? else { return None };
    let data = data.get(..mark(data)?)?;
    let length = charset.len() + data.len() + 7;
    if from.get(length - 2..length)? != b"?=" || data.contains(&b'\n') {
        return None;
    }
    let bytes = match encoding {
        b'Q' | b'q' => {
            let spaced: Vec<u8> = data.iter().map(|byte| if *byte == b'_' { b' ' } else { *byte }).collect();
            let mut made = Vec::with_capacity(data.len());
            unescape(&spaced, &mut made);
            made
        }
        b'B' | b'b' => super::parts::decode_base64(data)?,
        _ => return None,
    };
    Some((charset, bytes, length))
}

/// Undoes `=E8`; what is none stands as it is.
pub(super) fn unescape(from: &[u8], made: &mut Vec<u8>) {
    let mut rest = from;
    while let [byte, after @ ..] = rest {
        let escaped = match after {
            [high, low, ..] if *byte == b'=' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                made.push(high * 16 + low);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                made.push(*byte);
                rest = after;
            }
        }
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a header with these words says.
    fn said(written: &[u8]) -> String {
        let head = [b"Subject: ", written, b"\r\n\r\n"].concat();
        let part = super::super::parts::Part::read(&head);
        let subject = part.header(&mail_parser::HeaderName::Subject).and_then(mail_parser::HeaderValue::as_text);
        subject.unwrap_or_default().to_string()
    }

    #[test]
    fn words_as_programs_write_them() {
        for (written, expected) in [
            ("=?utf-8?Q?Citt=C3=A0_aperta?=", "Città aperta"),
            ("=?utf-8?Q?Citt=C3?= =?UTF-8?Q?=A0?=", "Città"),
            ("=?utf-8?B?Q2l0dMM=?=\r\n =?utf-8?B?oA==?=", "Città"),
            ("=?utf-8?B?Q2l0?==?utf-8?B?dMOg?=", "Città"),
            ("R: =?iso-8859-1?Q?Citt=E0?= aperta", "R: Città aperta"),
            ("=?iso-8859-1?Q?Citt=C3=A0?=", "Città"),
            ("=?iso-8859-1?Q?=93Citt=E0=94?=", "“Città”"),
            ("=?gb2312?B?tPq/qg==?=", "代开"),
            ("=?iso-2022-jp?B?GyRCJDMbKEI=?=", "こ"),
            ("=?iso-8859-1*it?Q?Citt=E0?=", "Città"),
            ("=?utf-8?Q?a b?= c", "a b c"),
            ("=?utf-8?Q?a?= =?iso-8859-1?Q?=E8?=", "aè"),
            ("=?utf-8?Q??=", ""),
            ("=?utf-8?Q?100=% fatto?=", "100=% fatto"),
            ("=?x-none?Q?perch=E9?=", "perché"),
        ] {
            assert_eq!(said(written.as_bytes()), expected, "{written}");
        }
        assert_eq!(said(b"=?iso-8859-1?Q?Citt\xe0?="), "Città");
    }

    #[test]
    fn what_is_no_word_stays() {
        for head in ["a =? b", "=?utf-8?X?a?=", "=?utf-8?Q?a", "=?? ?=", "=?a b?Q?c?=", "=?", ""] {
            assert_eq!(joined(head.as_bytes()), head.as_bytes(), "{head}");
        }
        let two = "A: =?utf-8?Q?a?=\r\nB: =?utf-8?Q?b?=\r\n";
        assert_eq!(joined(two.as_bytes()), b"A: =?utf-8?B?YQ==?=\r\nB: =?utf-8?B?Yg==?=\r\n");
    }
}
