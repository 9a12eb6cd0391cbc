//! In charge of the page that makes many people from a file, `/utenti/importa` (A06): first tried, then loaded.

use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::people::enrolment::{self, COLUMNS};
use crate::people::rights::Act;
use crate::web::Site;
use crate::web::form::{Uploaded, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::upload::{self, MOST_LINES};

/// The page, without a file yet.
#[get("/utenti/importa")]
pub async fn show(agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::ManagePeople)?;
    draw(site, &agent, empty(json!({})), Value::Null)
}

/// Tries the file, or loads it.
#[post("/utenti/importa", data = "<form>")]
pub async fn run(form: Uploaded, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ManagePeople)?;
    let (mode, language) = (upload::mode(&form.act), agent.person.language);
    let sheet = match upload::read(site, language, form.file, &COLUMNS) {
        Ok(sheet) => sheet,
        Err(form) => return Ok(Sent::again(draw(site, &agent, form, Value::Null)?)),
    };
    let outcomes = enrolment::people(&site.app, &agent.actor(), &agent.person, &sheet, mode).await;
    Ok(Sent::Seen(draw(site, &agent, empty(json!({})), upload::result(site, language, mode, outcomes))?))
}

fn draw(site: &Site, agent: &Agent, form: Value, result: Value) -> PageResult {
    let columns = COLUMNS.iter().map(|(name, needed)| json!({"name": name, "needed": needed}));
    let context = json!({"form": form, "result": result, "columns": columns.collect::<Vec<_>>(), "most_lines": MOST_LINES,
                         "back_href": "/utenti", "back_key": "menu-people", "key": "people"});
    Frame::of(site, agent, "/utenti/importa", None).page("admin/import", "people-import-title", context)
}
