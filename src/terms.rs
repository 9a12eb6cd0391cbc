//! In charge of the terms by which texts are found: words without accents and case, and the stems of Italian ones, so that another
//! form of a word finds it too. Pure. Does not know where they are kept.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};

use crate::text::fold;

/// A word is cut after so many characters.
const LONGEST: usize = 40;

/// The most terms of one text: about a book of some hundred pages.
const MOST: usize = 20_000;

/// The most words of a query that count.
const MOST_ASKED: usize = 8;

/// The words of a text, folded.
fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LONGEST).collect())
        .collect();
    words.into_iter()
}

fn stem(word: &str) -> Option<String> {
    // Numbers and codes have one form.
    let is_word = word.len() > 3 && word.chars().all(|c| c.is_ascii_alphabetic());
    is_word.then(|| Stemmer::create(Algorithm::Italian).stem(word).into_owned()).filter(|stem| stem.len() > 2)
}

/// The terms of a text, each once, with a space between.
pub fn terms(text: &str) -> String {
    let mut terms = BTreeSet::new();
    for word in words(text) {
        terms.extend(stem(&word));
        terms.insert(word);
        if terms.len() >= MOST {
            break;
        }
    }
    terms.into_iter().collect::<Vec<_>>().join(" ")
}

/// What the words of a text come down to, in their order: the stem of each, or the word itself where it has none.
pub fn stems(text: &str) -> Vec<String> {
    words(text).map(|word| stem(&word).unwrap_or(word)).collect()
}

/// A word that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// As typed, folded: the beginning of a word is enough.
    pub start: String,
    /// Its stem.
    pub stem: Option<String>,
}

/// The words of a query: each of them is to be found. Holds letters and digits only, whatever was typed.
pub fn asked(query: &str) -> Vec<Asked> {
    words(query).take(MOST_ASKED).map(|word| Asked { stem: stem(&word), start: word }).collect()
}

/// Whether a text, of which these are the terms, is found by a query, as both databases find it.
pub fn holds(terms: &str, query: &str) -> bool {
    let is = |one: &Asked, term: &str| term.starts_with(&one.start) || one.stem.as_deref() == Some(term);
    asked(query).iter().all(|one| terms.split(' ').any(|term| is(one, term)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(text: &str, query: &str) -> bool {
        holds(&terms(text), query)
    }

    #[test]
    fn other_forms_and_accents_find_the_same() {
        for (text, query) in [
            ("La casella non si apre", "caselle"),
            ("Password rifiutata", "rifiutato"),
            ("le password scadute", "scaduta"),
            ("All’università di Pisa", "universita"),
            ("Universita'", "UNIVERSITÀ"),
            ("scrive suap.tributi@pec.comune.example", "tributi comune"),
            ("messaggi certificati", "messaggio certif"),
        ] {
            assert!(finds(text, query), "{text} {query}");
        }
        assert!(!finds("La casella non si apre", "firma") && !finds("La casella", "casella firma"));
    }

    #[test]
    fn nothing_but_letters_and_digits_is_asked_for() {
        for hostile in ["\"' OR 1=1 --", "a* NEAR/2 (b)", "x:y | !z & w", "\0\u{202e}", "((((", "%_\\"] {
            for one in asked(hostile) {
                assert!(one.start.chars().all(char::is_alphanumeric), "{one:?}");
            }
        }
        assert!(asked("  ,;. ").is_empty());
        assert_eq!(asked(&"parola ".repeat(10_000)).len(), MOST_ASKED);
        assert_eq!(terms(&"x".repeat(100_000)).len(), LONGEST);
    }
}
