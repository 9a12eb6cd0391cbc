//! In charge of the page that asks before a body is deactivated or activated, `/enti/<id>/stato`: what follows from it.

use rocket::{State, get, post};
use serde_json::json;

use super::find_to_change;
use crate::hub::belonging;
use crate::model::id::OrganizationId;
use crate::people::organization::Draft;
use crate::store;
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};

/// What will happen.
#[get("/enti/<id>/stato")]
pub async fn show(id: OrganizationId, agent: Agent, site: &State<Site>) -> PageResult {
    let one = find_to_change(site, &agent, &id).await?;
    let sizes = store::organizations::sizes(&mut *site.app.db.read().await?, std::slice::from_ref(&one.id)).await?;
    let (mailboxes, people) = sizes.get(&one.id).copied().unwrap_or_default();
    let path = format!("/enti/{}/stato", one.id);
    let context = json!({"organization": {"id": one.id, "name": one.name, "active": one.active}, "mailboxes": mailboxes,
                         "people": people});
    let title = if one.active { "organization-deactivate" } else { "organization-activate" };
    Frame::of(site, &agent, &path, None).page("organizations/state", title, context)
}

/// Does it: `active` says which of the two, so that a form sent twice does nothing more.
#[post("/enti/<id>/stato", data = "<form>")]
pub async fn put(id: OrganizationId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let old = find_to_change(site, &agent, &id).await?;
    let active = form.get("active") == "true";
    if active != old.active {
        let draft = Draft { active, ..Draft::of(&old) };
        belonging::change_organization(&site.app, &agent.actor(), &old, draft).await?;
    }
    let word = if active { "organization-activated" } else { "organization-deactivated" };
    Ok(Sent::done(format!("/enti/{}", old.id), word))
}
