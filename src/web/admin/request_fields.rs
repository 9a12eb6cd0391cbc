//! In charge of the pages of fields that the forms of an area ask for, `/impostazioni/campi` (K17): the list, the form, removing one.

use rocket::request::FlashMessage;
use rocket::response::content::RawHtml;
use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::desk::request_field::{self as verbs, FIELDS};
use crate::input::{FieldError, Fields};
use crate::model::id::RequestFieldId;
use crate::model::request_field::{FieldKind, RequestField};
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::store;
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Frame, PageResult, Sent};

const LIST: &str = "/impostazioni/campi";

/// Between two fields in the order that the form proposes.
const STEP: i64 = 10;

/// The fields, area by area.
#[get("/impostazioni/campi")]
pub async fn list(agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageDesk)?;
    let frame = Frame::of(site, &agent, LIST, flash.as_ref());
    let fields = store::request_fields::all(&mut *site.app.db.read().await?).await?;
    let row = |one: &RequestField| {
        json!({
            "label": one.label, "label_en": one.label_en, "href": format!("{LIST}/{}", one.id), "position": one.position,
            "area": frame.text(&format!("area-{}", one.area.as_str())), "kind": frame.text(&kind_key(one.kind)),
            "required": one.required, "active": one.active,
        })
    };
    frame.page("admin/request_fields", "asked-title", json!({"rows": fields.iter().map(row).collect::<Vec<Value>>()}))
}

/// The key of the words for what a field takes.
fn kind_key(kind: FieldKind) -> String {
    format!("asked-kind-{}", kind.as_str().replace('_', "-"))
}

/// The form for a new one, at the end of the order.
#[get("/impostazioni/campi/nuovo")]
pub async fn new(agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageDesk)?;
    let fields = store::request_fields::all(&mut *site.app.db.read().await?).await?;
    let last = fields.iter().map(|one| one.position).max().unwrap_or_default();
    let position = (last + STEP).min(verbs::LAST);
    let values = json!({"position": position, "active": "on", "kind": FieldKind::Text.as_str()});
    draw(site, &agent, None, empty(values))
}

/// Makes one.
#[post("/impostazioni/campi", data = "<form>")]
pub async fn create(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ManageDesk)?;
    done(site, &agent, None, &form).await
}

/// One, in its form.
#[get("/impostazioni/campi/<id>", rank = 2)]
pub async fn show(id: RequestFieldId, agent: Agent, site: &State<Site>) -> PageResult {
    let one = find(site, &agent, &id).await?;
    let on = |flag: bool| if flag { "on" } else { "" };
    let values = json!({
        "label": one.label, "label_en": one.label_en, "area": one.area.as_str(), "kind": one.kind.as_str(),
        "options": one.options.join("\n"), "required": on(one.required), "help": one.help, "position": one.position,
        "active": on(one.active),
    });
    draw(site, &agent, Some(&one), empty(values))
}

/// Changes one.
#[post("/impostazioni/campi/<id>", rank = 2, data = "<form>")]
pub async fn change(id: RequestFieldId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let old = find(site, &agent, &id).await?;
    done(site, &agent, Some(&old), &form).await
}

/// Removes one.
#[post("/impostazioni/campi/<id>/elimina", rank = 2, data = "<_form>")]
pub async fn remove(id: RequestFieldId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let old = find(site, &agent, &id).await?;
    verbs::remove(&site.app, &agent.actor(), &old).await?;
    Ok(Sent::done(LIST, "request-field-removed"))
}

/// One, for who writes them; others are told that there is none.
async fn find(site: &Site, agent: &Agent, id: &RequestFieldId) -> Result<RequestField, Failure> {
    let found = store::request_fields::find(&mut *site.app.db.read().await?, id).await?;
    found.filter(|_| agent.must(Act::ManageDesk).is_ok()).ok_or(Failure::NotFound)
}

async fn done(site: &Site, agent: &Agent, old: Option<&RequestField>, form: &Posted) -> Answer {
    let again = |wrong: &[FieldError]| {
        let form = form.again(site, agent.person.language, wrong);
        draw(site, agent, old, form).map(Sent::again)
    };
    // The form comes back with the field as it is now, and whoever sends it again has been told.
    let meanwhile = [FieldError::new("label", "changed-meanwhile")];
    if old.is_some_and(|old| form.get("seen") != verbs::fingerprint(old)) {
        return again(&meanwhile);
    }
    let texts = FIELDS.map(|name| (name.to_string(), form.get(name).to_string()));
    let mut fields = Fields::from_texts(texts);
    for flag in ["required", "active"] {
        fields.put(flag, if form.get(flag).is_empty() { "false" } else { "true" });
    }
    let wanted = match verbs::read(fields, old) {
        Ok(wanted) => wanted,
        Err(wrong) => return again(&wrong),
    };
    let done = match old {
        None => verbs::create(&site.app, &agent.actor(), wanted).await,
        Some(old) => verbs::change(&site.app, &agent.actor(), old, wanted).await,
    };
    match done {
        Ok(_) => Ok(Sent::done(LIST, "saved")),
        Err(Refusal::Invalid(wrong)) => again(&wrong),
        Err(Refusal::Conflict(_)) => again(&meanwhile),
        Err(refusal) => Err(refusal.into()),
    }
}

fn draw(site: &Site, agent: &Agent, old: Option<&RequestField>, form: Value) -> PageResult {
    let path = old.map_or(LIST.into(), |one| format!("{LIST}/{}", one.id));
    let frame = Frame::of(site, agent, &path, None);
    let areas = ["pec", "pki"].map(|word| json!({"id": word, "name": frame.text(&format!("area-{word}"))}));
    let kinds: Vec<Value> =
        FieldKind::ALL.iter().map(|one| json!({"id": one.as_str(), "name": frame.text(&kind_key(*one))})).collect();
    let context = json!({
        "form": form, "areas": areas, "kinds": kinds, "is_new": old.is_none(), "seen": old.map(verbs::fingerprint),
    });
    let title = old.map_or(frame.text("asked-new"), |one| one.label.clone());
    Ok(RawHtml(frame.render("admin/request_field", &title, context)?))
}
