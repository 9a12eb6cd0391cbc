//! In charge of bytes becoming letters when the charset that is said may be a lie. Does not know MIME.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;

/// The text of these bytes. Labels are read as browsers read them (WHATWG Encoding, 4.2), where us-ascii and iso-8859-1 are
/// windows-1252: programs that say so are of that Windows, or write UTF-8 and do not say it. What is valid UTF-8 beyond
/// ASCII is hardly ever anything else.
pub(super) fn text(bytes: &[u8], declared: Option<&str>) -> String {
    let label = declared.unwrap_or_default().trim().trim_matches(['"', '\'']);
    match Encoding::for_label(label.as_bytes()) {
        Some(known) if known != UTF_8 && known != WINDOWS_1252 => known.decode(bytes).0.into_owned(),
        Some(_) => western(bytes),
        None => match charset_decoder(label.as_bytes()) {
            Some(decode) => decode(bytes),
            None => western(bytes),
        },
    }
}

/// UTF-8 where it holds. Where it holds but for some bytes it is UTF-8 that was spoilt; where no letter beyond ASCII holds,
/// windows-1252.
fn western(bytes: &[u8]) -> String {
    let (read, _, is_broken) = UTF_8.decode(bytes);
    let is_foreign = |letter: char| !letter.is_ascii() && letter != char::REPLACEMENT_CHARACTER;
    if !is_broken || read.contains(is_foreign) { read.into_owned() } else { WINDOWS_1252.decode(bytes).0.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_charset_said_or_not() {
        let utf8 = "perché – «città» €".as_bytes();
        let windows = b"perch\xe9 \x96 \xabcitt\xe0\xbb \x80";
        for declared in
            [None, Some("us-ascii"), Some("ISO-8859-1"), Some("windows-1252"), Some("utf-8"), Some("x-none")]
        {
            assert_eq!(text(utf8, declared), "perché – «città» €", "{declared:?}");
            assert_eq!(text(windows, declared), "perché – «città» €", "{declared:?}");
        }
        for (bytes, declared, expected) in [
            (&b"\xa4"[..], "iso-8859-15", "€"),
            (b"\x82", "ibm850", "é"),
            (b"+AOg-", "utf-7", "è"),
            (b"\x1b$B$3\x1b(B", "iso-2022-jp", "こ"),
            (b"\xb0\xa1", "gb2312", "啊"),
            (b"\xff\xfeA\x00", "utf-16", "A"),
            (b"\xef\xbb\xbfciao", "us-ascii", "ciao"),
            (b"citt\xc3\xa0 e perch\xc3", "utf-8", "città e perch\u{fffd}"),
            (b"", "", ""),
        ] {
            assert_eq!(text(bytes, Some(declared)), expected, "{declared}");
        }
    }
}
