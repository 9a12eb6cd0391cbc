//! In charge of the form of a body, `/enti/nuovo` and `/enti/<id>`.

use rocket::request::FlashMessage;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::{find, find_to_change};
use crate::hub::belonging;
use crate::model::id::OrganizationId;
use crate::model::organization::Organization;
use crate::people::Refusal;
use crate::people::organization::{self, Draft};
use crate::people::rights::{self, Act};
use crate::store;
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};

/// The form for a new body.
#[get("/enti/nuovo")]
pub async fn new(agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageOrganizations)?;
    draw(site, &agent, None, empty(json!({"area_pec": "on"})), None).await
}

/// Makes a body.
#[post("/enti", data = "<form>")]
pub async fn create(mut form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ManageOrganizations)?;
    gather(&mut form);
    let made = match Draft::read(fields(&form), None) {
        Ok(draft) => organization::create(&site.app, &agent.actor(), draft).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match made {
        Ok(made) => Ok(Sent::done(format!("/enti/{}", made.id), "organization-created")),
        Err(refusal) => again(site, &agent, None, &form, refusal).await,
    }
}

/// A body, in its form for those who may change it.
#[get("/enti/<id>")]
pub async fn show(id: OrganizationId, agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    let one = find(site, &agent, &id).await?;
    let has = |area: &str| one.areas.iter().any(|known| known.as_str() == area).then_some("on");
    let values = json!({"code": one.code, "name": one.name, "tax_code": one.tax_code, "area_pec": has("pec"),
                        "area_pki": has("pki"), "email_domains": one.email_domains.join(", "), "read_only_view": one.read_only_view.then_some("on")});
    draw(site, &agent, Some(&one), empty(values), flash.as_ref()).await
}

/// Changes a body.
#[post("/enti/<id>", data = "<form>")]
pub async fn change(id: OrganizationId, mut form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let old = find_to_change(site, &agent, &id).await?;
    gather(&mut form);
    let changed = match Draft::read(fields(&form), Some(&old)) {
        Ok(draft) => belonging::change_organization(&site.app, &agent.actor(), &old, draft).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match changed {
        Ok(_) => Ok(Sent::done(format!("/enti/{}", old.id), "saved")),
        Err(refusal) => again(site, &agent, Some(&old), &form, refusal).await,
    }
}

/// The boxes that are ticked become the list that the rule reads; what was emptied is said to be empty.
fn gather(form: &mut Posted) {
    let areas: Vec<&str> =
        ["pec", "pki"].into_iter().filter(|area| !form.get(&format!("area_{area}")).is_empty()).collect();
    let areas = areas.join(",");
    form.texts().push(("areas".into(), areas));
}

fn fields(form: &Posted) -> crate::input::Fields {
    let mut fields = form.fields();
    ["area_pec", "area_pki"].into_iter().for_each(|name| fields.forget(&name.replacen('_', ".", 1)));
    ["area_pec", "area_pki"].into_iter().for_each(|name| fields.forget(name));
    fields.put("read_only_view", if form.get("read_only_view").is_empty() { "false" } else { "true" });
    for emptied in ["name", "code", "tax_code", "areas", "email_domains"] {
        if form.get(emptied).trim().is_empty() {
            fields.put(emptied, "");
        }
    }
    fields
}

async fn again(site: &Site, agent: &Agent, old: Option<&Organization>, form: &Posted, refusal: Refusal) -> Answer {
    let Refusal::Invalid(wrong) = refusal else { return Err(refusal.into()) };
    let form = form.again(site, agent.person.language, &wrong);
    Ok(Sent::again(draw(site, agent, old, form, None).await?))
}

async fn draw(
    site: &Site,
    agent: &Agent,
    old: Option<&Organization>,
    form: Value,
    flash: Option<&FlashMessage<'_>>,
) -> PageResult {
    let path = old.map_or("/enti".into(), |one| format!("/enti/{}", one.id));
    let frame = Frame::of(site, agent, &path, flash);
    let sizes = match old {
        Some(one) => {
            store::organizations::sizes(&mut *site.app.db.read().await?, std::slice::from_ref(&one.id)).await?
        }
        None => Default::default(),
    };
    let (mailboxes, people) = old.and_then(|one| sizes.get(&one.id)).copied().unwrap_or_default();
    let context = json!({
        "form": form,
        "organization": old.map(|one| json!({"id": one.id, "name": one.name, "active": one.active})),
        "mailboxes": mailboxes,
        "people": people,
        "may_manage": rights::may(&agent.person, Act::ManageOrganizations),
        "sees_people": rights::may(&agent.person, Act::SeePeople),
    });
    let title = old.map_or(frame.text("organization-new-title"), |one| one.name.clone());
    Ok(rocket::response::content::RawHtml(frame.render("organizations/form", &title, context)?))
}
