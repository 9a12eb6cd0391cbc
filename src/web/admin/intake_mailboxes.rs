//! In charge of the pages of the desk's own mailboxes, `/impostazioni/posta`: who answers for the desk adds, changes and removes them.

use rocket::request::FlashMessage;
use rocket::response::content::RawHtml;
use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::input::Fields;
use crate::intake::{flood, mailbox};
use crate::mail::fault;
use crate::model::id::IntakeMailboxId;
use crate::model::intake::IntakeMailbox;
use crate::model::page::Window;
use crate::model::ticket::Severity;
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::store;
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::mailboxes::mark;
use crate::web::outcome::{Failure, refusal_words};
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::when::When;

const LIST: &str = "/impostazioni/posta";

/// More than any desk has.
const MOST: usize = 200;

/// The mailboxes, by address, with how each stands.
#[get("/impostazioni/posta")]
pub async fn list(agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageDesk)?;
    let frame = Frame::of(site, &agent, LIST, flash.as_ref());
    let when = When::new(site, frame.language);
    let mut c = site.app.db.read().await?;
    let found = store::intake_mailboxes::list(&mut c, &Window::first(MOST)).await?.items;
    let flooded = flood::since(&mut c).await?;
    drop(c);
    let row = |one: &IntakeMailbox| {
        json!({
            "address": one.address, "href": format!("{LIST}/{}", one.id), "enabled": one.enabled,
            "area": frame.text(&format!("area-{}", one.area.as_str())),
            "mark": mark(one.status), "status_text": frame.text(&format!("status-{}", one.status.as_str().replace('_', "-"))),
            "detail": one.status_detail.as_deref().map(|detail| fault::words(frame.language, detail)),
            "checked": when.ago_or_null(one.last_checked_at),
        })
    };
    let rows: Vec<Value> = found.iter().map(row).collect();
    frame.page("admin/intake_mailboxes", "intake-title", json!({"rows": rows, "flooded": when.ago_or_null(flooded)}))
}

/// The form for a new one.
#[get("/impostazioni/posta/nuova")]
pub async fn new(agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageDesk)?;
    let form = json!({"imap_port": "993", "imap_security": "tls", "area": "pec", "default_severity": "medium", "enabled": "on"});
    draw(site, &agent, None, empty(form), None).await
}

/// Adds one; its login is tried first.
#[post("/impostazioni/posta", data = "<form>")]
pub async fn create(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ManageDesk)?;
    let made = match mailbox::read(fields(&form), None, &site.app.settings) {
        Ok(draft) => mailbox::create(&site.app, &agent.actor(), draft).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match made {
        Ok(_) => Ok(Sent::done(LIST, "saved")),
        Err(refusal) => again(site, &agent, None, &form, refusal).await,
    }
}

/// One, in its form.
#[get("/impostazioni/posta/<id>", rank = 2)]
pub async fn show(id: IntakeMailboxId, agent: Agent, site: &State<Site>) -> PageResult {
    let one = find(site, &agent, &id).await?;
    let values = json!({
        "address": one.address, "username": one.username, "imap_host": one.imap.host, "imap_port": one.imap.port.to_string(),
        "imap_security": one.imap.security.as_str(), "authserv_id": one.authserv_id,
        "plus_addresses": one.plus_addresses.then_some("on"), "area": one.area.as_str(), "group_id": one.group_id,
        "default_severity": one.default_severity.as_str(), "enabled": one.enabled.then_some("on"),
    });
    draw(site, &agent, Some(&one), empty(values), None).await
}

/// Changes one; a new password is tried first.
#[post("/impostazioni/posta/<id>", rank = 2, data = "<form>")]
pub async fn change(id: IntakeMailboxId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let old = find(site, &agent, &id).await?;
    let changed = match mailbox::read(fields(&form), Some(&old), &site.app.settings) {
        Ok(draft) => mailbox::change(&site.app, &agent.actor(), &old, draft).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match changed {
        Ok(_) => Ok(Sent::done(LIST, "saved")),
        Err(refusal) => again(site, &agent, Some(&old), &form, refusal).await,
    }
}

/// Removes one: it is read no longer.
#[post("/impostazioni/posta/<id>/elimina", data = "<_form>")]
pub async fn remove(id: IntakeMailboxId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let one = find(site, &agent, &id).await?;
    mailbox::remove(&site.app, &agent.actor(), &one).await?;
    Ok(Sent::done(LIST, "intake-mailbox-removed"))
}

async fn find(site: &Site, agent: &Agent, id: &IntakeMailboxId) -> Result<IntakeMailbox, Failure> {
    agent.must(Act::ManageDesk)?;
    store::intake_mailboxes::find(&mut *site.app.db.read().await?, id).await?.ok_or(Failure::NotFound)
}

/// The names of the form hold no dots; a password that was not typed is not given.
fn fields(form: &Posted) -> Fields {
    let mut fields = Fields::default();
    for name in ["address", "username", "area", "default_severity"] {
        fields.put(name, form.get(name));
    }
    for part in ["host", "port", "security"] {
        fields.put(&format!("imap.{part}"), form.get(&format!("imap_{part}")));
    }
    if !form.get("password").is_empty() {
        fields.put("password", form.get("password"));
    }
    match form.get("authserv_id") {
        "" => fields.empty("authserv_id"),
        name => fields.put("authserv_id", name),
    }
    match form.get("group_id") {
        "" => fields.empty("group_id"),
        id => fields.put("group_id", id),
    }
    for name in ["plus_addresses", "enabled"] {
        fields.put(name, if form.get(name).is_empty() { "false" } else { "true" });
    }
    fields
}

async fn again(site: &Site, agent: &Agent, old: Option<&IntakeMailbox>, form: &Posted, refusal: Refusal) -> Answer {
    let language = agent.person.language;
    match refusal {
        Refusal::Invalid(wrong) => {
            Ok(Sent::again(draw(site, agent, old, form.again(site, language, &wrong), None).await?))
        }
        Refusal::Busy(words) => {
            let said = refusal_words(site, language, Refusal::Busy(words));
            Ok(Sent::busy(draw(site, agent, old, form.again(site, language, &[]), Some(said)).await?))
        }
        refusal => Err(refusal.into()),
    }
}

async fn draw(
    site: &Site,
    agent: &Agent,
    old: Option<&IntakeMailbox>,
    form: Value,
    busy: Option<String>,
) -> PageResult {
    let path = old.map_or(LIST.into(), |one| format!("{LIST}/{}", one.id));
    let frame = Frame::of(site, agent, &path, None);
    let groups = store::groups::list(&mut *site.app.db.read().await?, &Window::first(MOST)).await?.items;
    let severities: Vec<&str> = Severity::ALL.iter().map(|one| one.as_str()).collect();
    let context = json!({
        "form": form, "is_new": old.is_none(), "busy": busy, "areas": ["pec", "pki"], "severities": severities,
        "groups": groups.iter().map(|one| json!({"id": one.id, "name": one.name})).collect::<Vec<Value>>(),
    });
    let title = old.map_or(frame.text("intake-mailbox-new"), |one| one.address.clone());
    Ok(RawHtml(frame.render("admin/intake_mailbox", &title, context)?))
}
