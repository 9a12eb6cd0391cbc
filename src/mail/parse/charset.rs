//! In charge of bytes becoming letters when the charset that is said may be a lie. Does not know MIME.

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, WINDOWS_1252, X_USER_DEFINED};
use mail_parser::decoders::charsets::map::charset_decoder;

/// So many letters beyond ASCII are no UTF-8 by chance, where what is said has letters of several bytes too.
const FEW: usize = 4;

/// The text of these bytes. Labels are read as browsers read them (WHATWG Encoding, 4.2), where us-ascii and iso-8859-1 are
/// windows-1252: programs that say so are of that Windows, or write UTF-8 and do not say it. What is valid UTF-8 beyond
/// ASCII is hardly ever anything else.
pub(in crate::mail) fn text(bytes: &[u8], declared: Option<&str>) -> String {
    let label = declared.unwrap_or_default().trim().trim_matches(['"', '\'']);
    match Encoding::for_label(label.as_bytes()) {
        Some(known) if [UTF_8, WINDOWS_1252, X_USER_DEFINED, REPLACEMENT].contains(&known) => western(bytes),
        Some(known) if known.is_single_byte() && std::str::from_utf8(bytes).is_ok() => western(bytes),
        Some(known) => {
            let (read, _, is_broken) = known.decode(bytes);
            let as_utf8 = std::str::from_utf8(bytes).ok().filter(|_| known.is_ascii_compatible());
            let foreign = as_utf8.map_or(0, |text| text.chars().filter(|letter| !letter.is_ascii()).take(FEW).count());
            let is_lie = as_utf8.is_some() && (is_broken || foreign == FEW);
            if is_lie { western(bytes) } else { read.into_owned() }
        }
        None => match charset_decoder(label.as_bytes()).or_else(|| charset_decoder(alias(label)?)) {
            Some(decode) => decode(bytes),
            None => western(bytes),
        },
    }
}

/// Other names of charsets that are no browser's.
fn alias(label: &str) -> Option<&'static [u8]> {
    match label.to_ascii_lowercase().as_str() {
        "unicode-1-1-utf-7" | "x-unicode-2-0-utf-7" | "utf7" => Some(b"utf-7"),
        "cp850" | "ibm-850" | "850" => Some(b"ibm850"),
        "x-mac-roman" | "mac" | "macos-roman" => Some(b"macintosh"),
        _ => None,
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
            (b"\x82", "cp850", "é"),
            (b"\x8f", "macintosh", "è"),
            (b"\xd0\xd2\xc9", "koi8-r", "при"),
            (b"citt\xc3\xa0", "iso-8859-15", "città"),
            (b"citt\xc3\xa0", "koi8-r", "città"),
            ("信息永久有效期".as_bytes(), "gb2312", "信息永久有效期"),
            (b"~{<:Ky~}", "hz-gb-2312", "~{<:Ky~}"),
            (b"+AOg-", "unicode-1-1-utf-7", "è"),
            (b"perch\xe9", "x-user-defined", "perché"),
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
