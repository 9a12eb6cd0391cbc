//! In charge of making many bodies from a file, and of what any load from a file says of each line. Rights have been checked
//! by the door. A line that is refused stops no other.

use std::collections::HashSet;

use super::{Refusal, organization};
use crate::app::App;
use crate::input::Fields;
use crate::model::trace::Actor;
use crate::sheet::{self, Column, Sheet};
use crate::store;
use crate::text::fold;

/// Whether a load is done or only tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Connects to nobody, writes nothing, tells what can be known so.
    Trial,
    Load,
}

/// What became of a line.
#[derive(Debug)]
pub struct Outcome {
    /// The line's number in the file.
    pub number: usize,
    /// What the line is about, when that can be told: an address, a code.
    pub name: String,
    /// Why it was refused; None for a line that was, or would be, accepted.
    pub refusal: Option<Refusal>,
}

impl Outcome {
    /// Of a line that was tried. A failing database is written to the log; whoever loads is told to load the line again.
    pub fn of(number: usize, name: String, done: Result<(), Refusal>) -> Outcome {
        let refusal = done.err().map(|refusal| match refusal {
            Refusal::Store(fault) => {
                tracing::error!(line = number, error = %fault, "a line of a file could not be kept");
                Refusal::Conflict("conflict-not-kept")
            }
            refusal => refusal,
        });
        Outcome { number, name, refusal }
    }
}

/// The columns of a file of bodies.
pub const COLUMNS: [Column; 6] = [
    ("code", true),
    ("name", true),
    ("tax_code", false),
    ("areas", false),
    ("email_domains", false),
    ("active", false),
];

/// Makes a body from each line; `said` hears of each as it is done.
pub async fn organizations(
    app: &App,
    actor: &Actor,
    sheet: &Sheet,
    mode: Mode,
    mut said: impl FnMut(&Outcome),
) -> Vec<Outcome> {
    let mut seen = HashSet::new();
    let mut outcomes = Vec::new();
    for line in sheet.lines() {
        let texts = line.texts.map_err(|rule| Refusal::field("", rule));
        let code = texts.as_ref().ok().and_then(|texts| texts.iter().find(|(name, _)| name == "code"));
        let code: String = code.map(|(_, code)| code.trim().chars().take(50).collect()).unwrap_or_default();
        let done = match texts {
            Ok(texts) => make(app, actor, mode, texts, &mut seen).await,
            Err(refusal) => Err(refusal),
        };
        let outcome = Outcome::of(line.number, code, done);
        said(&outcome);
        outcomes.push(outcome);
    }
    outcomes
}

async fn make(
    app: &App,
    actor: &Actor,
    mode: Mode,
    texts: Vec<(String, String)>,
    seen: &mut HashSet<String>,
) -> Result<(), Refusal> {
    let texts = texts.into_iter().map(|(name, text)| match name.as_str() {
        "active" => (name, sheet::yes_or_no(&text)),
        _ => (name, text),
    });
    let mut fields = Fields::from_named(texts);
    if fields.verbatim("code").is_some_and(|code| !seen.insert(fold(&code))) {
        fields.refuse("code", "doubled");
    }
    let draft = organization::Draft::read(fields, None)?;
    if mode == Mode::Load {
        return organization::create(app, actor, draft).await.map(drop);
    }
    match store::organizations::find_by_code(&mut *app.db.read().await?, &draft.code).await? {
        Some(_) => Err(Refusal::field("code", "taken")),
        None => Ok(()),
    }
}
