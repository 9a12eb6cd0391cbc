//! In charge of the form that changes a mailbox, `/caselle/<id>/modifica`. Another server or user asks for the password with it.

use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::hub::draft::Draft;
use crate::hub::mailbox;
use crate::model::id::MailboxId;
use crate::model::mailbox::Mailbox;
use crate::model::page::Window;
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::store;
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::refusal_words;
use crate::web::page::{Answer, Frame, PageResult, Sent};

/// The form with what there is.
#[get("/caselle/<id>/modifica")]
pub async fn show(id: MailboxId, agent: Agent, site: &State<Site>) -> PageResult {
    let one = agent.mailbox(site, &id, Act::ManageMailboxes).await?;
    let card = &one.card;
    let smtp = card.smtp.as_ref();
    let values = json!({
        "description": card.description, "group": card.group, "organization_id": card.organization_id,
        "username": card.username, "holder_tax_code": card.holder_tax_code,
        "authorization_holder": card.authorization.holder, "authorization_date": card.authorization.date,
        "imap_host": card.imap.host, "imap_port": card.imap.port.to_string(), "imap_security": card.imap.security,
        "smtp_host": smtp.map(|one| &one.host), "smtp_port": smtp.map(|one| one.port.to_string()),
        "smtp_security": smtp.map(|one| one.security),
    });
    draw(site, &agent, &one, empty(values), None).await
}

/// Changes it.
#[post("/caselle/<id>/modifica", data = "<form>")]
pub async fn change(id: MailboxId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let one = agent.mailbox(site, &id, Act::ManageMailboxes).await?;
    let mut fields = form.fields();
    // What was emptied is taken away; without an SMTP server its port and security say nothing.
    for emptied in ["description", "group", "organization_id", "holder_tax_code"] {
        if form.get(emptied).trim().is_empty() {
            fields.put(emptied, "");
        }
    }
    for needed in ["username", "authorization.holder", "authorization.date", "imap.host"] {
        if !fields.has(needed) {
            fields.put(needed, "");
        }
    }
    if !fields.has("smtp.host") {
        ["smtp.port", "smtp.security"].into_iter().for_each(|field| fields.forget(field));
        fields.empty("smtp");
    }
    let changed = match Draft::read(fields, Some(&one.card), &site.app.settings) {
        Ok(draft) => mailbox::change(&site.app, &agent.actor(), &one, draft).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    let language = agent.person.language;
    match changed {
        Ok(_) => Ok(Sent::done(format!("/caselle/{}/scheda", one.id), "saved")),
        Err(Refusal::Invalid(wrong)) => {
            let form = form.again(site, language, &wrong);
            Ok(Sent::again(draw(site, &agent, &one, form, None).await?))
        }
        Err(refusal @ Refusal::Busy(_)) => {
            let form = form.again(site, language, &[]);
            let busy = refusal_words(site, language, refusal);
            Ok(Sent::busy(draw(site, &agent, &one, form, Some(busy)).await?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn draw(site: &Site, agent: &Agent, one: &Mailbox, form: Value, busy: Option<String>) -> PageResult {
    let path = format!("/caselle/{}/modifica", one.id);
    let page = store::organizations::list(&mut *site.app.db.read().await?, None, "", &Window::first(1000)).await?;
    let organizations: Vec<Value> = page.items.iter().map(|one| json!({"id": one.id, "name": one.name})).collect();
    let context = json!({"form": form, "busy": busy, "organizations": organizations,
                         "mailbox": {"id": one.id, "name": one.name(), "address": one.card.address}});
    Frame::of(site, agent, &path, None).page("mailboxes/edit", "mailbox-edit-title", context)
}
