//! In charge of tax codes: the codice fiscale of a person (16 characters) or of a body (11 digits) and the partita IVA (11
//! digits). Rules and vectors of `pec.md` 7; no crate that we found takes every omocodia. Pure.

/// At the place of a digit, the letter that tells apart two people who would have the same code (omocodia).
const LETTERS_FOR_DIGITS: &[u8; 10] = b"LMNPQRSTUV";

/// The places of a person's code, from 0, that hold a digit or its letter.
const DIGITS: [usize; 7] = [6, 7, 9, 10, 12, 13, 14];

/// The letters of the months, from January.
const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";

/// What a character at an odd place (the 1st, the 3rd, …) is worth for the check letter: by digit, and by letter from A.
const ODD: [u32; 26] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/// A tax code as it is kept: capital letters, without spaces, dots and the `IT` of a partita IVA.
///
/// # Errors
/// The rule that it breaks, a key of the catalogue without `invalid-`. Whether the office of a partita IVA exists (digits 8 to
/// 10) is not asked: a body's code need not follow that.
pub fn read(text: &str) -> Result<String, &'static str> {
    let code: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '.').map(|c| c.to_ascii_uppercase()).collect();
    let code = match code.strip_prefix("IT") {
        Some(digits) if digits.len() == 11 => digits.to_string(),
        _ => code,
    };
    match code.len() {
        11 if code.bytes().all(|c| c.is_ascii_digit()) => check_body(code.as_bytes())?,
        16 if code.is_ascii() => check_person(code.as_bytes())?,
        11 => return Err("tax-code-form"),
        _ => return Err("tax-code-length"),
    }
    Ok(code)
}

fn check_body(code: &[u8]) -> Result<(), &'static str> {
    if code.iter().all(|c| *c == b'0') {
        return Err("tax-code-form");
    }
    let worth = |(place, c): (usize, &u8)| {
        let digit = u32::from(c - b'0');
        let twice = 2 * digit;
        if place % 2 == 0 { digit } else { twice - if twice > 9 { 9 } else { 0 } }
    };
    // With the check digit, whose place is odd, all add up to tens.
    let sum: u32 = code.iter().enumerate().map(worth).sum();
    if sum.is_multiple_of(10) { Ok(()) } else { Err("tax-code-check") }
}

fn check_person(code: &[u8]) -> Result<(), &'static str> {
    let mut bare = code.to_vec();
    for place in DIGITS {
        match LETTERS_FOR_DIGITS.iter().zip(b'0'..).find(|(letter, _)| **letter == bare[place]) {
            Some((_, digit)) => bare[place] = digit,
            None if bare[place].is_ascii_digit() => {}
            None => return Err("tax-code-form"),
        }
    }
    let is_letter = |place: usize| DIGITS.contains(&place) || bare[place].is_ascii_uppercase();
    if !(0..16).all(is_letter) {
        return Err("tax-code-form");
    }
    if !MONTHS.contains(&bare[8]) {
        return Err("tax-code-month");
    }
    let day = (bare[9] - b'0') * 10 + (bare[10] - b'0');
    if !matches!(day, 1..=31 | 41..=71) {
        return Err("tax-code-day");
    }
    // Computed on the code as written, with its letters.
    let worth = |(place, c): (usize, &u8)| {
        let rank = if c.is_ascii_digit() { c - b'0' } else { c - b'A' };
        if place % 2 == 0 { ODD[usize::from(rank)] } else { u32::from(rank) }
    };
    let sum: u32 = code[..15].iter().enumerate().map(worth).sum();
    if sum % 26 == u32::from(code[15] - b'A') { Ok(()) } else { Err("tax-code-check") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_paper() {
        for valid in [
            "RSSMRA80A01H501U",
            "BNCNNA75D55F205R",
            "RSSMRA80A01H50MM",
            "RSSMRAULALMHRLMD",
            "12345670587",
            "11111110158",
            "98765430016",
            "00123450884",
            "80012340586",
            "97123450583",
            "90012340361",
            "84000000277",
            // The office does not exist: a warning at most.
            "12345677012",
        ] {
            assert_eq!(read(valid), Ok(valid.to_string()));
        }
        for (wrong, rule) in [
            ("RSSMRA80A01H501X", "tax-code-check"),
            ("RSSMRA80F01H501G", "tax-code-month"),
            ("RSSMRA80A99H501Y", "tax-code-day"),
            ("RSSMRA80A01H50MU", "tax-code-check"),
            ("12345670588", "tax-code-check"),
            ("21345670587", "tax-code-check"),
            ("00000000000", "tax-code-form"),
            ("80012340587", "tax-code-check"),
            ("97123450584", "tax-code-check"),
            ("90012340362", "tax-code-check"),
            ("84000000278", "tax-code-check"),
        ] {
            assert_eq!(read(wrong), Err(rule), "{wrong}");
        }
    }

    #[test]
    fn it_is_kept_in_one_form_however_it_is_typed() {
        for typed in ["rssmra80a01h501u", " RSS MRA 80A01 H501U ", "RSS.MRA.80A01.H501U", "RSSMRA80A01\u{a0}H501U"] {
            assert_eq!(read(typed), Ok("RSSMRA80A01H501U".into()), "{typed:?}");
        }
        for typed in ["IT12345670587", "it 123 4567 0587", "I.T. 12345670587", "12.345.670.587"] {
            assert_eq!(read(typed), Ok("12345670587".into()), "{typed:?}");
        }
    }

    #[test]
    fn what_is_no_code_is_told_from_one() {
        for (wrong, rule) in [
            ("", "tax-code-length"),
            ("1234567058", "tax-code-length"),
            ("ITRSSMRA80A01H501U", "tax-code-length"),
            ("1234567058A", "tax-code-form"),
            ("RSSMRA80A01H5010", "tax-code-form"),
            ("R1SMRA80A01H501U", "tax-code-form"),
            ("RSSMRAA0A01H501U", "tax-code-form"),
            ("RSSMRA80A00H501U", "tax-code-day"),
            ("RSSMRA80A32H501U", "tax-code-day"),
            ("RSSMRA80A72H501U", "tax-code-day"),
            ("RSSMRA80à1H501U", "tax-code-length"),
            ("１２３４５６７０５８７", "tax-code-length"),
            ("à\0\u{202e}", "tax-code-length"),
        ] {
            assert_eq!(read(wrong), Err(rule), "{wrong:?}");
        }
        // No character at any place makes it panic.
        for place in 0..16 {
            for c in 0..=u8::MAX {
                let mut code = b"RSSMRA80A01H501U".to_vec();
                code[place] = c;
                let _ = read(&String::from_utf8_lossy(&code));
            }
        }
    }
}
