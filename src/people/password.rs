//! In charge of what may be a person's password (U02, `security.md` 2). Its hash is made by `hasher`.

use secrecy::{ExposeSecret, SecretString};

use super::Refusal;
use crate::app::App;
use crate::model::person::Person;
use crate::store;
use crate::text::fold;

/// The shortest and the longest password, in characters (`security.md` 2).
pub const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// Words that everybody tries first; a password that is little more than one of them is refused.
const COMMON: [&str; 24] = [
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
    "postaelettronica",
    "forzaitalia",
    "iloveyou",
    "superman",
    "francesco",
    "alessandro",
    "giuseppe",
    "juventus",
    "napoli1926",
    "comunedi",
    "protocollo",
    "segreteria",
];

/// How many equal characters may stand in a row (seed 002).
const MOST_EQUAL: usize = 2;

/// The rules that a page shows while somebody types, in their order; the words are the catalogue's `rule-…`. One of the last
/// five cannot be told by a page.
pub const RULES: [&str; 4] = ["too-short", "repeated", "too-common", "used-before"];

/// Which rule a new password breaks, if any, but for those used before. `about` are words that others know of its owner.
pub fn fault(password: &SecretString, about: &[&str]) -> Option<&'static str> {
    let text = password.expose_secret();
    match text.chars().count() {
        n if n < *LENGTH.start() => return Some("too-short"),
        n if n > *LENGTH.end() => return Some("too-long"),
        _ => {}
    }
    let letters: Vec<char> = text.chars().collect();
    if letters.windows(MOST_EQUAL + 1).any(|row| row.iter().all(|one| *one == row[0])) {
        return Some("repeated");
    }
    let different: std::collections::HashSet<char> = letters.into_iter().collect();
    let folded = fold(text);
    let guessable = |word: &str| word.chars().count() > 2 && folded.contains(word) && folded.len() < word.len() + 6;
    let known = about.iter().flat_map(|words| [fold(words), fold(words.split('@').next().unwrap_or_default())]);
    let is_known = known.into_iter().any(|word| guessable(&word));
    (different.len() < 5 || is_known || COMMON.iter().any(|word| guessable(word))).then_some("too-common")
}

/// The hash of a person's new password, once it is found good: none of the last ones either (U02).
pub async fn hash(app: &App, person: &Person, chosen: &SecretString) -> Result<String, Refusal> {
    if let Some(rule) = fault(chosen, &[&person.email, &person.name]) {
        return Err(Refusal::field("password", rule));
    }
    let last = store::passwords::of(&mut *app.db.read().await?, &person.id).await?;
    for old in &last {
        if app.hasher.matches(chosen, Some(old)).await {
            return Err(Refusal::field("password", "used-before"));
        }
    }
    Ok(app.hasher.hash(chosen).await)
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
        check("aaaaaaaaaaaaaaaa", Some("repeated"));
        check("quattro cavalli bbb", Some("repeated"));
        check("abababababababab", Some("too-common"));
        check("Password12345", Some("too-common"));
        check("amministratore1", Some("too-common"));
        check("anna.bini@example.org", Some("too-common"));
        check("quattro cavalli verdi", None);
        check("à\"{ %€ à\"{ %€ ", None);
    }
}
