//! In charge of the page that makes many bodies from a file, `/enti/importa` (A06): first tried, then loaded.

use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::people::import::{self, COLUMNS};
use crate::people::rights::Act;
use crate::web::Site;
use crate::web::form::{Uploaded, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::upload::{self, MOST_LINES};

/// The page, without a file yet.
#[get("/enti/importa")]
pub async fn show(agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageOrganizations)?;
    draw(site, &agent, empty(json!({})), Value::Null)
}

/// Tries the file, or loads it.
#[post("/enti/importa", data = "<form>")]
pub async fn run(form: Uploaded, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ManageOrganizations)?;
    let (mode, language) = (upload::mode(&form.act), agent.person.language);
    let sheet = match upload::read(site, language, form.file, &COLUMNS) {
        Ok(sheet) => sheet,
        Err(form) => return Ok(Sent::again(draw(site, &agent, form, Value::Null)?)),
    };
    let outcomes = import::organizations(&site.app, &agent.actor(), &sheet, mode, |_| ()).await;
    Ok(Sent::Seen(draw(site, &agent, empty(json!({})), upload::result(site, language, mode, outcomes))?))
}

fn draw(site: &Site, agent: &Agent, form: Value, result: Value) -> PageResult {
    let columns = COLUMNS.iter().map(|(name, needed)| json!({"name": name, "needed": needed}));
    let context = json!({"form": form, "result": result, "columns": columns.collect::<Vec<_>>(), "most_lines": MOST_LINES,
                         "back_href": "/enti", "back_key": "menu-organizations", "key": "organizations"});
    Frame::of(site, agent, "/enti/importa", None).page("admin/import", "organizations-import-title", context)
}
