//! In charge of the form that gives a mailbox its new password, `/caselle/<id>/password` (H17).

use rocket::{State, get, post};
use serde_json::{Value, json};

use super::view;
use crate::hub::{draft, mailbox};
use crate::model::id::MailboxId;
use crate::model::mailbox::Mailbox;
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::refusal_words;
use crate::web::page::{Answer, Frame, PageResult, Sent};

/// The form.
#[get("/caselle/<id>/password")]
pub async fn show(id: MailboxId, agent: Agent, site: &State<Site>) -> PageResult {
    let mailbox = agent.mailbox(site, &id, Act::ManageMailboxes).await?;
    draw(site, &agent, &mailbox, empty(json!({})), None)
}

/// Tries the password once and keeps it when it is right.
#[post("/caselle/<id>/password", data = "<form>")]
pub async fn put(id: MailboxId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let mailbox = agent.mailbox(site, &id, Act::ManageMailboxes).await?;
    let mut fields = form.fields();
    fields.forget("username");
    let put = match draft::read_password(fields) {
        Ok(password) => mailbox::put_password(&site.app, &agent.actor(), &mailbox, &password).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match put {
        Ok(_) => Ok(Sent::done("/caselle", "password-changed")),
        Err(Refusal::Invalid(mut wrong)) => {
            // The page has one field: what is wrong with the server is told beside it.
            wrong.iter_mut().for_each(|one| one.field = "password".into());
            let form = form.again(site, agent.person.language, &wrong);
            Ok(Sent::again(draw(site, &agent, &mailbox, form, None)?))
        }
        Err(refusal @ Refusal::Busy(_)) => {
            let form = form.again(site, agent.person.language, &[]);
            let busy = refusal_words(site, agent.person.language, refusal);
            Ok(Sent::busy(draw(site, &agent, &mailbox, form, Some(busy))?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

fn draw(site: &Site, agent: &Agent, mailbox: &Mailbox, form: Value, busy: Option<String>) -> PageResult {
    let path = format!("/caselle/{}/password", mailbox.id);
    let frame = Frame::of(site, agent, &path, None);
    let context = json!({"mailbox": view(&frame, mailbox), "form": form, "busy": busy});
    frame.page("mailboxes/password", "mailbox-password-title", context)
}
