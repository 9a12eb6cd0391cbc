//! In charge of what pages say of a file that is tried or loaded: why it cannot be read, what became of each line. Does not know
//! what the lines make.

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::Site;
use super::outcome::refusal_words;
use crate::catalogue;
use crate::input::underscored;
use crate::model::person::Language;
use crate::people::Refusal;
use crate::people::import::{Mode, Outcome};
use crate::sheet::{Column, Fault, Sheet};

/// The most lines of one file on a page, so that the answer comes while somebody waits; commands take more.
pub const MOST_LINES: usize = 500;

/// What is done by a form's button: what is not said to be loaded is only tried.
pub fn mode(act: &str) -> Mode {
    if act == "carica" { Mode::Load } else { Mode::Trial }
}

/// The lines of a file, or the form with what is wrong with it.
pub fn read(
    site: &Site,
    language: Language,
    file: Option<Zeroizing<Vec<u8>>>,
    columns: &[Column],
) -> Result<Sheet, Value> {
    let sheet = match file {
        Some(bytes) => Sheet::read(bytes, columns, MOST_LINES),
        None => Err(Fault { rule: "missing", names: String::new() }),
    };
    sheet.map_err(|fault| {
        let names = [("names", catalogue::Value::from(fault.names.as_str()))];
        let words = site.templates.text(language, &format!("sheet-{}", fault.rule), &names);
        json!({"values": {}, "errors": [{"field": "file", "message": words}]})
    })
}

/// What became of the lines.
pub fn result(site: &Site, language: Language, mode: Mode, outcomes: Vec<Outcome>) -> Value {
    let refused = outcomes.iter().filter(|outcome| outcome.refusal.is_some()).count();
    let accepted = outcomes.len() - refused;
    let lines: Vec<Value> = outcomes.into_iter().map(|outcome| line(site, language, outcome)).collect();
    json!({"loaded": mode == Mode::Load, "accepted": accepted, "refused": refused, "lines": lines})
}

fn line(site: &Site, language: Language, outcome: Outcome) -> Value {
    let said = |field: String, words: String| json!({"field": field, "words": words});
    let wrong: Vec<Value> = match outcome.refusal {
        None => Vec::new(),
        Some(Refusal::Invalid(wrong)) => wrong
            .iter()
            .map(|one| said(underscored(&one.field), site.templates.texts().wrong_field(language, one)))
            .collect(),
        Some(refusal) => vec![said(String::new(), refusal_words(site, language, refusal))],
    };
    json!({"number": outcome.number, "name": outcome.name, "wrong": wrong})
}
