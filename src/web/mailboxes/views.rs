//! In charge of the console's saved views: saving the one on screen, removing one's own (H35).

use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::input::Fields;
use crate::model::id::ViewId;
use crate::people::rights::Act;
use crate::people::{Refusal, view};
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};

/// The form that names a view; `vista` is the query of its address.
#[get("/caselle/viste/nuova?<vista>")]
pub async fn new(vista: Option<&str>, agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::ListMailboxes)?;
    draw(site, &agent, empty(json!({"query": vista.unwrap_or_default()})))
}

/// Saves it.
#[post("/caselle/viste", data = "<form>")]
pub async fn create(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ListMailboxes)?;
    let texts = ["name", "query"].map(|name| (name.to_string(), form.get(name).to_string()));
    let mut fields = Fields::from_texts(texts);
    fields.put("page", "mailboxes");
    fields.put("shared", if form.get("shared").is_empty() { "false" } else { "true" });
    let saved = match view::read(fields, &agent.person, None) {
        Ok(one) => view::create(&site.app, &agent.actor(), one).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match saved {
        Ok(one) => Ok(Sent::done(format!("/caselle?{}", one.query).trim_end_matches('?'), "view-saved")),
        Err(Refusal::Invalid(wrong)) => {
            let form = form.again(site, agent.person.language, &wrong);
            Ok(Sent::again(draw(site, &agent, form)?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Removes one of one's own.
#[post("/caselle/viste/<id>/elimina", data = "<_form>")]
pub async fn remove(id: ViewId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let one = agent.own_view(site, &id).await?;
    view::remove(&site.app, &agent.actor(), &one).await?;
    Ok(Sent::done("/caselle", "view-removed"))
}

fn draw(site: &Site, agent: &Agent, form: Value) -> PageResult {
    Frame::of(site, agent, "/caselle/viste", None).page("mailboxes/view", "view-new-title", json!({"form": form}))
}
