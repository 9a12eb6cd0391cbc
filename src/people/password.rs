//! In charge of what may be a person's password. Pure; its hash is made by `hasher`.

use secrecy::{ExposeSecret, SecretString};

use crate::text::fold;

/// The shortest and the longest password, in characters (`security.md` 2).
pub const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// Words that everybody tries first; a password that is little more than one of them is refused.
const COMMON: [&str; 12] = [
    "password",
    "sportello",
    "qwertyuiop",
    "123456789",
    "legalmail",
    "postacertificata",
    "benvenuto",
    "amministratore",
    "administrator",
    "letmein",
    "ciaociao",
    "abcdefgh",
];

/// Which rule a new password breaks, if any. `about` are words that others know of its owner.
pub fn fault(password: &SecretString, about: &[&str]) -> Option<&'static str> {
    let text = password.expose_secret();
    match text.chars().count() {
        n if n < *LENGTH.start() => return Some("too-short"),
        n if n > *LENGTH.end() => return Some("too-long"),
        _ => {}
    }
    let letters: std::collections::HashSet<char> = text.chars().collect();
    let folded = fold(text);
    let guessable = |word: &str| !word.is_empty() && folded.contains(word) && folded.len() < word.len() + 6;
    let known = about.iter().map(|word| fold(word)).any(|word| guessable(&word));
    (letters.len() < 5 || known || COMMON.iter().any(|word| guessable(word))).then_some("too-common")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_not_the_ones_everybody_tries() {
        let check = |password: &str, expected: Option<&str>| {
            assert_eq!(fault(&password.into(), &["anna.bini@example.org", "Anna Bini"]), expected, "{password}");
        };
        check("corta", Some("too-short"));
        check(&"à".repeat(129), Some("too-long"));
        check("aaaaaaaaaaaaaaaa", Some("too-common"));
        check("Password12345", Some("too-common"));
        check("amministratore1", Some("too-common"));
        check("anna.bini@example.org", Some("too-common"));
        check("quattro cavalli verdi", None);
        check("à\"{ %€ à\"{ %€ ", None);
    }
}
