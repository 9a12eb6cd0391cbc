//! In charge of what is done to a person's account, `/utenti/<id>/…`: active or not, another link, the sessions' end.

use rocket::{State, get, post};
use serde_json::json;

use super::find_to_change;
use super::form::show_link;
use crate::model::id::PersonId;
use crate::people::person::{self, Draft};
use crate::people::{link, session};
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};

/// What will happen when the account is deactivated, or active again.
#[get("/utenti/<id>/stato")]
pub async fn show(id: PersonId, agent: Agent, site: &State<Site>) -> PageResult {
    let one = find_to_change(site, &agent, &id).await?;
    let path = format!("/utenti/{}/stato", one.id);
    let context = json!({"who": {"id": one.id, "name": one.name, "email": one.email, "active": one.active}});
    let title = if one.active { "person-deactivate" } else { "person-activate" };
    Frame::of(site, &agent, &path, None).page("people/state", title, context)
}

/// Does it: `active` says which of the two, so that a form sent twice does nothing more.
#[post("/utenti/<id>/stato", data = "<form>")]
pub async fn put(id: PersonId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let old = find_to_change(site, &agent, &id).await?;
    let active = form.get("active") == "true";
    if active != old.active {
        person::change(&site.app, &agent.actor(), &old, Draft { active, ..Draft::of(&old) }).await?;
    }
    let word = if active { "person-activated" } else { "person-deactivated" };
    Ok(Sent::done(format!("/utenti/{}", old.id), word))
}

/// Gives another link to choose a password: by mail, or shown once where no mail goes out. Those given before end.
#[post("/utenti/<id>/collegamento", data = "<_form>")]
pub async fn give_link(id: PersonId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let one = find_to_change(site, &agent, &id).await?;
    match link::give(&site.app, &agent.actor(), &one).await? {
        Some(link) => Ok(Sent::Seen(show_link(site, &agent, &one, &link)?)),
        None => Ok(Sent::done(format!("/utenti/{}", one.id), "person-link-sent")),
    }
}

/// Ends all sessions of the person.
#[post("/utenti/<id>/sessioni", data = "<_form>")]
pub async fn end_sessions(id: PersonId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let one = find_to_change(site, &agent, &id).await?;
    session::end_all(&site.app, &agent.actor(), &one, None).await?;
    Ok(Sent::done(format!("/utenti/{}", one.id), "sessions-ended"))
}
