//! In charge of text: folding for search and unique names, sizes in words, cuts. Pure.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form in which texts are compared: lower case, without accents, spaces joined.
/// The same on both databases, whose own `lower()` differ.
pub fn fold(text: &str) -> String {
    let bare: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` made safe inside a LIKE pattern whose escape character is `\`.
pub fn like_escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Bytes in words, with the decimal comma or point of the language: `1,2 GB`.
pub fn bytes(count: i64, comma: bool) -> String {
    let (divisor, unit) = match count {
        ..1_000 => return format!("{count} B"),
        1_000..1_000_000 => (1_000.0, "kB"),
        1_000_000..1_000_000_000 => (1_000_000.0, "MB"),
        _ => (1_000_000_000.0, "GB"),
    };
    let text = format!("{:.1} {unit}", count as f64 / divisor);
    if comma { text.replace('.', ",") } else { text }
}

/// A word as it begins a line of its own.
pub fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A limit in whole units, so that what is said to fit does fit: `115 MB`.
pub fn whole(bytes: u64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// A number with its thousands apart: `1.087` in Italian, `1,087` in English.
pub fn number(count: i64, dot: bool) -> String {
    let digits = count.unsigned_abs().to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or("")).collect();
    format!("{}{}", if count < 0 { "-" } else { "" }, groups.join(if dot { "." } else { "," }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_case_accents_and_spaces() {
        assert_eq!(fold("  Unità   di  Città È "), "unita di citta e");
        assert_eq!(fold("ẞtraße"), "ßtraße");
    }

    #[test]
    fn patterns_cannot_be_smuggled_into_like() {
        assert_eq!(like_escape(r"50%_\"), r"50\%\_\\");
    }

    #[test]
    fn sizes_and_numbers_read_as_the_language_writes_them() {
        assert_eq!(
            (bytes(999, true), bytes(1_240_000_000, true), bytes(1_500, false)),
            ("999 B".into(), "1,2 GB".into(), "1.5 kB".into())
        );
        assert_eq!(
            (whole(999), whole(512 * 1024), whole(110 * 1024 * 1024)),
            ("999 B".into(), "524 kB".into(), "115 MB".into())
        );
        assert_eq!(
            (number(1087, true), number(999, true), number(-1234567, false)),
            ("1.087".into(), "999".into(), "-1,234,567".into())
        );
    }
}
