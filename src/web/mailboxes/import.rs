//! In charge of the page that adds many mailboxes from a file, `/caselle/importa` (H34): first tried, then loaded. Between the
//! two nothing is kept: the file, which holds passwords, is chosen again.

use rocket::http::{ContentType, Header};
use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::catalogue;
use crate::hub::import::{self, COLUMNS};
use crate::input::underscored;
use crate::people::Refusal;
use crate::people::import::{Mode, Outcome};
use crate::people::rights::Act;
use crate::sheet::{Fault, Sheet};
use crate::web::Site;
use crate::web::form::{Uploaded, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::refusal_words;
use crate::web::page::{Answer, Frame, PageResult, Sent};

/// The most lines of one file here, so that the answer comes while somebody waits; the command takes more.
const MOST_LINES: usize = 500;

/// The page, without a file yet.
#[get("/caselle/importa")]
pub async fn show(agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageMailboxes)?;
    draw(site, &agent, empty(json!({})), Value::Null)
}

/// A file on its way to a browser's folder.
#[derive(Debug, rocket::Responder)]
pub struct Download {
    text: String,
    kind: ContentType,
    name: Header<'static>,
}

/// The header of a file to be filled in, as spreadsheets in Italy open it: with `;`, and marked as UTF-8.
#[get("/caselle/importa/modello.csv")]
pub async fn model(agent: Agent) -> Result<Download, crate::web::outcome::Failure> {
    agent.must(Act::ManageMailboxes)?;
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).filter(|name| *name != "organization_id").collect();
    Ok(Download {
        text: format!("\u{feff}{}\r\n", names.join(";")),
        kind: ContentType::CSV,
        name: Header::new("Content-Disposition", "attachment; filename=\"caselle.csv\""),
    })
}

/// Tries the file, or loads it. A load goes on when the browser gives up waiting: what it has added is in the console, and a
/// file that is sent again finds it there.
#[post("/caselle/importa", data = "<form>")]
pub async fn run(form: Uploaded, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ManageMailboxes)?;
    // What is not said to be loaded is only tried.
    let mode = if form.act == "carica" { Mode::Load } else { Mode::Trial };
    let sheet = match form.file {
        Some(bytes) => Sheet::read(bytes, &COLUMNS, MOST_LINES),
        None => Err(Fault { rule: "missing", names: String::new() }),
    };
    let sheet = match sheet {
        Ok(sheet) => sheet,
        Err(fault) => {
            let names = [("names", catalogue::Value::from(fault.names.as_str()))];
            let words = site.templates.text(agent.person.language, &format!("sheet-{}", fault.rule), &names);
            let form = json!({"values": {}, "errors": [{"field": "file", "message": words}]});
            return Ok(Sent::again(draw(site, &agent, form, Value::Null)?));
        }
    };
    let reach = agent.reach(Act::ManageMailboxes);
    let outcomes = import::mailboxes(&site.app, &agent.actor(), &reach, &sheet, mode, |_| ()).await;
    let refused = outcomes.iter().filter(|outcome| outcome.refusal.is_some()).count();
    let accepted = outcomes.len() - refused;
    let lines: Vec<Value> = outcomes.into_iter().map(|outcome| line(site, &agent, outcome)).collect();
    let result = json!({"loaded": mode == Mode::Load, "accepted": accepted, "refused": refused, "lines": lines});
    Ok(Sent::Seen(draw(site, &agent, empty(json!({})), result)?))
}

fn line(site: &Site, agent: &Agent, outcome: Outcome) -> Value {
    let language = agent.person.language;
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

fn draw(site: &Site, agent: &Agent, form: Value, result: Value) -> PageResult {
    let columns = COLUMNS.iter().map(|(name, needed)| json!({"name": name, "needed": needed}));
    let context =
        json!({"form": form, "result": result, "columns": columns.collect::<Vec<_>>(), "most_lines": MOST_LINES});
    Frame::of(site, agent, "/caselle/importa", None).page("mailboxes/import", "import-title", context)
}
