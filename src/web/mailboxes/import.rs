//! In charge of the page that adds many mailboxes from a file, `/caselle/importa` (H34): first tried, then loaded. Between the
//! two nothing is kept: the file, which holds passwords, is chosen again.

use rocket::http::{ContentType, Header};
use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::hub::import::{self, COLUMNS};
use crate::people::rights::Act;
use crate::web::Site;
use crate::web::form::{Uploaded, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::upload::{self, MOST_LINES};

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
    let (mode, language) = (upload::mode(&form.act), agent.person.language);
    let sheet = match upload::read(site, language, form.file, &COLUMNS) {
        Ok(sheet) => sheet,
        Err(form) => return Ok(Sent::again(draw(site, &agent, form, Value::Null)?)),
    };
    let reach = agent.reach(Act::ManageMailboxes);
    let outcomes = import::mailboxes(&site.app, &agent.actor(), &reach, &sheet, mode, |_| ()).await;
    Ok(Sent::Seen(draw(site, &agent, empty(json!({})), upload::result(site, language, mode, outcomes))?))
}

fn draw(site: &Site, agent: &Agent, form: Value, result: Value) -> PageResult {
    let columns = COLUMNS.iter().map(|(name, needed)| json!({"name": name, "needed": needed}));
    let context =
        json!({"form": form, "result": result, "columns": columns.collect::<Vec<_>>(), "most_lines": MOST_LINES});
    Frame::of(site, agent, "/caselle/importa", None).page("mailboxes/import", "import-title", context)
}
