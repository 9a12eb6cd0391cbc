//! In charge of the parts of a message: its headers, its body, the parts within. Does not know what they are for.
//!
//! The structure is walked here and only the headers are given to `mail-parser`: its own walk builds every nested
//! message, as deep as the sender likes, and takes them down by recursion.

use std::borrow::Cow;

use base64::{Engine, alphabet, engine::DecodePaddingMode, engine::GeneralPurpose, engine::GeneralPurposeConfig};
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{ContentType, Header, HeaderName, HeaderValue, MessageParser};

use super::{parameters, uuencode, words};

/// No honest part has longer headers; the rest of them is not read.
const MOST_HEADERS: usize = 1024 * 1024;

/// Of these, as many are shown as they are written.
const MOST_SHOWN: usize = 64 * 1024;

/// Base64 as mail has it: cut short, or with bits left over.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// A message or one of its parts.
pub(in crate::mail) struct Part<'a> {
    headers: Vec<Header<'static>>,
    body: &'a [u8],
}

impl<'a> Part<'a> {
    /// Headers up to the first empty line, then the body.
    pub fn read(raw: &'a [u8]) -> Part<'a> {
        let (head, body) = split_head(raw);
        // Old programs write letters beyond ASCII as they are, in the charset of their Windows.
        // What was cut in the middle of a header ends there.
        let head = text_of(&words::joined(&head[..head.len().min(MOST_HEADERS)]), None);
        let head = parameters::joined(&head) + "\r\n";
        let parsed = MessageParser::default().parse_headers(head.as_bytes());
        let headers = parsed.and_then(|mut message| message.parts.pop()).map(|part| part.headers).unwrap_or_default();
        Part { headers: headers.into_iter().map(Header::into_owned).collect(), body }
    }

    /// A body alone, of something that has no headers.
    pub fn bare(body: &'a [u8]) -> Part<'a> {
        Part { headers: Vec::new(), body }
    }

    pub fn headers(&self) -> &[Header<'static>] {
        &self.headers
    }

    /// The value of the first header of this name.
    pub fn header(&self, name: &HeaderName<'_>) -> Option<&HeaderValue<'static>> {
        self.headers.iter().find(|header| header.name == *name).map(|header| &header.value)
    }

    /// Whether the content is of this type.
    pub fn is(&self, wanted: &str, subtype: &str) -> bool {
        let (said, said_subtype) = self.media();
        said.eq_ignore_ascii_case(wanted) && said_subtype.eq_ignore_ascii_case(subtype)
    }

    /// The file name, from either header that may have it (`pec.md` 1.4).
    pub fn file_name(&self) -> Option<&str> {
        let filename = self.disposition().and_then(|disposition| parameter(disposition, "filename"));
        filename.or_else(|| self.content_type().and_then(|content| parameter(content, "name")))
    }

    /// `type/subtype` as the sender says, in small letters.
    pub fn media_type(&self) -> String {
        let (media, subtype) = self.media();
        format!("{media}/{subtype}").to_ascii_lowercase()
    }

    pub fn is_attachment(&self) -> bool {
        self.disposition().is_some_and(|disposition| disposition.ctype().eq_ignore_ascii_case("attachment"))
    }

    pub fn is_multipart(&self) -> bool {
        self.content_type().is_some_and(|content| content.ctype().eq_ignore_ascii_case("multipart"))
    }

    /// The parts of a multipart, at most `most` of them. When the boundary announced is not there, the first line
    /// that looks like one is taken for it.
    pub fn children(&self, most: usize) -> Vec<Part<'a>> {
        // What begins at once, without the empty line that ought to be there, has no headers.
        let begins_at_once =
            |part: &Part<'_>, raw: &[u8]| part.headers.is_empty() && !raw.trim_ascii_start().is_empty();
        let read = |raw: &'a [u8]| {
            let part = Part::read(raw);
            if begins_at_once(&part, raw) && !raw.starts_with(b"\n") && !raw.starts_with(b"\r\n") {
                return Part::bare(raw);
            }
            part
        };
        self.slices(most).into_iter().map(read).collect()
    }

    /// The same as bytes, headers and body, without the line end before the boundary.
    pub fn slices(&self, most: usize) -> Vec<&'a [u8]> {
        if !self.is_multipart() {
            return Vec::new();
        }
        let announced = self.content_type().and_then(|content| content.attribute("boundary")).unwrap_or_default();
        let parts = split_parts(self.body, announced.as_bytes(), most);
        if !parts.is_empty() {
            return parts;
        }
        let first = self.body.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"--"));
        split_parts(self.body, first.unwrap_or_default().trim_ascii(), most)
    }

    /// The body with its transfer encoding undone; as it is, when the encoding does not hold.
    pub fn decoded(&self) -> Cow<'a, [u8]> {
        let encoding = self.header(&HeaderName::ContentTransferEncoding).and_then(HeaderValue::as_text);
        let encoding = encoding.unwrap_or_default().trim_start_matches(['"', ' ', '\t']);
        let end = encoding.find([';', '"', ' ', '\t', '(', ',']).unwrap_or(encoding.len());
        let decoded = match encoding.get(..end).unwrap_or_default().to_ascii_lowercase().as_str() {
            "base64" => decode_base64(self.body),
            "quoted-printable" => {
                quoted_printable_decode(self.body).or_else(|| Some(decode_spoilt_quoted_printable(self.body)))
            }
            "x-uuencode" | "uuencode" | "x-uue" => uuencode::decode(self.body),
            _ => None,
        };
        decoded.map_or(Cow::Borrowed(self.body), Cow::Owned)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        text_of(&self.decoded(), self.charset())
    }

    /// The charset that the sender says.
    pub fn charset(&self) -> Option<&str> {
        self.content_type().and_then(|content| content.attribute("charset"))
    }

    /// The body as it stands, its transfer encoding not undone.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Type and subtype as said; text/plain where nothing that can be read is (RFC 2045, 5.2).
    fn media(&self) -> (&str, &str) {
        let said = self.content_type().map(|said| (said.ctype(), said.subtype().unwrap_or_default()));
        let said = said.map(|(media, subtype)| (media.trim(), subtype.split_whitespace().next().unwrap_or_default()));
        said.filter(|(media, subtype)| !media.is_empty() && !subtype.is_empty()).unwrap_or(("text", "plain"))
    }

    fn content_type(&self) -> Option<&ContentType<'static>> {
        self.header(&HeaderName::ContentType).and_then(HeaderValue::as_content_type)
    }

    fn disposition(&self) -> Option<&ContentType<'static>> {
        self.header(&HeaderName::ContentDisposition).and_then(HeaderValue::as_content_type)
    }
}

/// The value of a parameter; of one that is there for old programs too, the one with all its letters (RFC 6266, 4.3).
fn parameter<'a>(of: &'a ContentType<'static>, name: &str) -> Option<&'a str> {
    let said = || of.attributes().into_iter().flatten().filter(|one| one.name == name).map(|one| one.value.as_ref());
    said().find(|value| !value.is_ascii()).or_else(|| said().next())
}

/// Name and value of each header as written, unfolded (RFC 5322, 2.2.3). A line that is no header is left out.
pub(super) fn written_headers(raw: &[u8]) -> Vec<(String, String)> {
    headers_within(raw, MOST_SHOWN)
}

/// The same of all that is read of the headers.
pub(in crate::mail) fn all_written_headers(raw: &[u8]) -> Vec<(String, String)> {
    headers_within(raw, MOST_HEADERS)
}

fn headers_within(raw: &[u8], most: usize) -> Vec<(String, String)> {
    let (head, _) = split_head(raw);
    let head = text_of(&head[..head.len().min(most)], None);
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.lines() {
        match (line.strip_prefix([' ', '\t']), headers.last_mut(), line.split_once(':')) {
            (Some(_), Some((_, value)), _) => value.push_str(line),
            (None, _, Some((name, value))) if !name.trim().is_empty() => {
                headers.push((name.trim().to_string(), value.to_string()));
            }
            _ => {}
        }
    }
    headers.iter_mut().for_each(|(_, value)| *value = value.trim().to_string());
    headers
}

/// The headers with their empty line, and what follows it. Where there is no empty line, words that follow the headers are the body.
fn split_head(raw: &[u8]) -> (&[u8], &[u8]) {
    let (mut end, mut last) = (0, None);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if last.is_none() && end > 0 && !is_of_head(line) {
            last = Some(end);
        }
        end += line.len();
        if line == b"\r\n" || line == b"\n" {
            return raw.split_at(end);
        }
    }
    raw.split_at(last.unwrap_or(end))
}

/// Whether a line can stand among headers: one, the rest of one, or the line that mail folders of old put above them.
fn is_of_head(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    let is_named = name.len() < line.len() && !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic());
    is_named || line.starts_with(b" ") || line.starts_with(b"\t") || line.starts_with(b"From ")
}

/// In the charset that is said, else in UTF-8, else in Windows-1252, which has a letter for nearly every byte.
fn text_of(bytes: &[u8], charset: Option<&str>) -> String {
    match charset.and_then(|charset| charset_decoder(charset.as_bytes())) {
        Some(decode) => decode(bytes),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_string(),
            Err(_) => charset_decoder(b"windows-1252").map(|decode| decode(bytes)).unwrap_or_default(),
        },
    }
}

/// What stands between the boundary lines (RFC 2046, 5.1.1). A message cut short ends its last part where it ends.
fn split_parts<'a>(body: &'a [u8], boundary: &[u8], most: usize) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    if boundary.is_empty() {
        return parts;
    }
    let mut open: Option<usize> = None;
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        if let Some(rest) = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary)) {
            let closing = rest.trim_ascii() == b"--";
            if closing || rest.trim_ascii().is_empty() {
                // The line break before a boundary belongs to the boundary.
                let before = |start: usize| {
                    let part = &body[start..at];
                    let part = part.strip_suffix(b"\n").unwrap_or(part);
                    part.strip_suffix(b"\r").unwrap_or(part)
                };
                parts.extend(open.map(before));
                open = (!closing && parts.len() < most).then_some(at + line.len());
                if open.is_none() {
                    break;
                }
            }
        }
        at += line.len();
    }
    parts.extend(open.map(|start| &body[start..]));
    parts
}

pub(super) fn decode_base64(body: &[u8]) -> Option<Vec<u8>> {
    decode_whole_base64(body).or_else(|| decode_spoilt_base64(body))
}

/// What is as it ought to be, which takes a fraction of the time.
fn decode_whole_base64(body: &[u8]) -> Option<Vec<u8>> {
    let mut letters = Vec::with_capacity(body.len());
    body.split(|byte| *byte == b'\n').for_each(|line| letters.extend_from_slice(line.trim_ascii()));
    let padding = letters.iter().rev().take_while(|byte| **byte == b'=').count();
    letters.truncate(letters.len() - padding);
    FORGIVING.decode(letters).ok()
}

/// What was cut, or has other signs in it: the letters up to the first padding.
fn decode_spoilt_base64(body: &[u8]) -> Option<Vec<u8>> {
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut letters: Vec<u8> = body.iter().copied().take_while(|byte| *byte != b'=').filter(letter).collect();
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    FORGIVING.decode(letters).ok()
}

/// What has a sign in it that is none of the coding stands as it is; all else is decoded.
fn decode_spoilt_quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut made = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let written = line.trim_ascii_end();
        match written.strip_suffix(b"=") {
            Some(soft) => words::unescape(soft, &mut made),
            None => {
                words::unescape(written, &mut made);
                let end = line.iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
                made.extend(line.get(line.len() - end..).unwrap_or_default());
            }
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_as_they_are_written() {
        let raw = b"Subject: =?utf-8?q?x?=\r\n folded\r\n\tagain\r\nX: \r\nno header\r\n: nameless\r\nX:  caff\xe8 \r\n\r\nBody: no\r\n";
        let found = written_headers(raw);
        let expected = [("Subject", "=?utf-8?q?x?= folded\tagain"), ("X", ""), ("X", "caffè")];
        assert_eq!(found, expected.map(|(name, value)| (name.to_string(), value.to_string())));
        assert!(written_headers(b"").is_empty() && written_headers(b" folded first\r\n").is_empty());
    }

    #[test]
    fn parts_between_boundaries() {
        let body = b"preamble\r\n--b\r\none\r\n--bb\r\n--b \r\n\r\n--b--\r\nepilogue\r\n--b\r\nno\r\n";
        assert_eq!(split_parts(body, b"b", 9), [&b"one\r\n--bb"[..], b""]);
        assert_eq!(split_parts(b"--b\nA: b\n\ncut sho", b"b", 9), [&b"A: b\n\ncut sho"[..]]);
        assert_eq!(split_parts(b"--b\n1\n--b\n2\n--b\n3\n--b--", b"b", 2), [b"1", b"2"]);
        assert!(split_parts(b"nothing", b"b", 9).is_empty());
        assert!(split_parts(b"--\n--\n", b"", 9).is_empty());
    }

    #[test]
    fn base64_that_was_cut() {
        for (encoded, plain) in [
            ("UGVyY2jDqQ==", "Perché"),
            ("UGVy\r\nY2g", "Perch"),
            ("UGVyY", "Per"),
            ("UG!Vy", "Per"),
            ("UGVy==UGVy", "Per"),
            ("", ""),
        ] {
            assert_eq!(decode_base64(encoded.as_bytes()).unwrap(), plain.as_bytes());
        }
    }

    #[test]
    fn an_encoding_that_does_not_hold_spoils_itself_only() {
        let text = |encoding: &str, body: &str| {
            Part::read(format!("Content-Transfer-Encoding: {encoding}\r\n\r\n{body}").as_bytes()).text()
        };
        for encoding in ["quoted-printable", "Quoted-Printable;", "\"quoted-printable\"", "quoted-printable (RFC 2045)"]
        {
            assert_eq!(text(encoding, "a=b&c=ZZ perch=C3=A9=\r\n no=  \r\nx =3D=\r\n="), "a=b&c=ZZ perché nox =");
        }
        assert_eq!(text("base64;", "UGVyY2jDqQ=="), "Perché");
        assert_eq!(text("8-bit", "=C3"), "=C3");
        assert_eq!(text("x-uuencode", "begin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n"), "Cat");
        assert_eq!(text("x-uuencode", "niente"), "niente");
    }

    #[test]
    fn types_that_are_none_are_plain_text() {
        let media = |said: &str| Part::read(format!("Content-Type: {said}\r\n\r\n").as_bytes()).media_type();
        for said in ["text", "text/", "", "html", ";charset=utf-8"] {
            assert_eq!(media(said), "text/plain", "{said}");
        }
        assert_eq!(media("TEXT/HTML Content-Transfer-Encoding: 8bit"), "text/html");
        assert_eq!(media("application/pdf; name=a.pdf"), "application/pdf");
    }

    #[test]
    fn words_below_headers_without_an_empty_line() {
        let body = |raw: &str| String::from_utf8(Part::read(raw.as_bytes()).body().to_vec()).unwrap();
        assert_eq!(
            body("From: a@b\r\nSubject: x\r\n y\r\nBuongiorno a tutti\r\nDa: me\r\n"),
            "Buongiorno a tutti\r\nDa: me\r\n"
        );
        assert_eq!(body("From: a@b\r\nSubject: x\r\n"), "");
        assert_eq!(body("From: a@b\r\nrotta\r\nSubject: x\r\n\r\ncorpo"), "corpo");
        assert_eq!(body("From a@b gio 12\nFrom: a@b\nciao a tutti\n"), "ciao a tutti\n");
    }

    #[test]
    fn text_in_its_charset() {
        let text = |raw: &[u8]| Part::read(raw).text();
        let latin = b"Content-Type: text/plain; charset=ISO-8859-1\r\nContent-Transfer-Encoding: Quoted-Printable\r\n\r\nperch=E9";
        assert_eq!(text(latin), "perché");
        assert_eq!(text(b"Content-Type: text/plain; charset=x-none\r\n\r\nperch\xe9"), "perché");
        assert_eq!(text("\r\nperché".as_bytes()), "perché");
        assert_eq!(text(b""), "");
        // Truncated in the middle of a letter: the letter is lost, not the text.
        assert!(text(b"Content-Type: text/plain; charset=utf-8\r\n\r\nperch\xc3").starts_with("perch"));
    }
}
