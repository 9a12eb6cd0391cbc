//! In charge of folder names as the wire has them: modified UTF-7 (RFC 3501, 5.1.3), there and back. Does not know which
//! folders there are.
//!
//! Ours, because the crate that does it (`utf7-imap`) takes what is not of the coding for text, without a word.

use base64::Engine;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 with `,` for `/`, without padding. Bits left over must be zero, so that one name has one coding.
const CODING: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// The name as people write it; nothing when it is not of this coding, or another coding of a name that has a shorter one.
pub(super) fn decode(wire: &[u8]) -> Option<String> {
    let mut name = String::with_capacity(wire.len());
    let mut rest = std::str::from_utf8(wire).ok()?;
    while let Some((plain, shifted)) = rest.split_once('&') {
        let (coded, after) = shifted.split_once('-')?;
        name.push_str(plain);
        match coded {
            "" => name.push('&'),
            coded => name.push_str(&utf16(coded)?),
        }
        rest = after;
    }
    name.push_str(rest);
    (encode(&name).as_bytes() == wire).then_some(name)
}

/// The name as the wire wants it.
pub(super) fn encode(name: &str) -> String {
    let mut wire = String::with_capacity(name.len());
    let mut units: Vec<u8> = Vec::new();
    for letter in name.chars().map(Some).chain([None]) {
        let plain = letter.filter(|letter| matches!(letter, ' '..='~'));
        if let (Some(letter), None) = (letter, plain) {
            let mut pair = [0; 2];
            units.extend(letter.encode_utf16(&mut pair).iter().flat_map(|unit| unit.to_be_bytes()));
            continue;
        }
        if !units.is_empty() {
            wire.push('&');
            CODING.encode_string(&units, &mut wire);
            wire.push('-');
            units.clear();
        }
        match plain {
            Some('&') => wire.push_str("&-"),
            Some(letter) => wire.push(letter),
            None => {}
        }
    }
    wire
}

fn utf16(coded: &str) -> Option<String> {
    let bytes = CODING.decode(coded).ok()?;
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    char::decode_utf16(pairs.iter().map(|pair| u16::from_be_bytes(*pair))).collect::<Result<_, _>>().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_there_and_back() {
        for (name, wire) in [
            ("INBOX", "INBOX"),
            ("", ""),
            ("Posta inviata", "Posta inviata"),
            ("Tom & Jerry", "Tom &- Jerry"),
            ("&", "&-"),
            ("Perché no", "Perch&AOk- no"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"), // the RFC's own
            ("📁", "&2D3cwQ-"),
            ("é&è", "&AOk-&-&AOg-"),
            ("a\"b\\c/%*", "a\"b\\c/%*"),
        ] {
            assert_eq!(encode(name), wire);
            assert_eq!(decode(wire.as_bytes()).as_deref(), Some(name), "{wire}");
        }
        // Every letter that can stand alone, and beside a plain one.
        for letter in (0..=0x10_ffff).step_by(37).filter_map(char::from_u32) {
            for name in [letter.to_string(), format!("a{letter}b&{letter}{letter}")] {
                let wire = encode(&name);
                assert!(wire.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{wire}");
                assert_eq!(decode(wire.as_bytes()), Some(name));
            }
        }
    }

    #[test]
    fn what_is_not_of_the_coding_is_nothing() {
        for wire in [
            &b"&"[..],
            b"&AOk",
            b"a&b",
            b"&AO-",       // bits left over
            b"&AOk=-",     // padded
            b"&AOk/-",     // the other base64
            b"&A-",        // not a whole byte
            b"&AOkA-",     // not a whole letter
            b"&2D0-",      // half of a pair
            b"&3MHYPQ-",   // a pair the wrong way round
            b"&AGE-",      // a letter that is written as it is
            b"&AOk-&AOg-", // two runs where one does
            b"Perch\xe9",
            "Perché".as_bytes(),
            b"a\x07b",
        ] {
            assert_eq!(decode(wire), None, "{:?}", String::from_utf8_lossy(wire));
        }
    }
}
