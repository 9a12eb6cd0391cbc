//! In charge of the page `/caselle/<id>/rimuovi`, which says what removing a mailbox does before it is done (H25).

use rocket::{State, get, post};
use serde_json::json;

use super::view;
use crate::hub::mailbox;
use crate::model::id::MailboxId;
use crate::people::rights::Act;
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};

/// What will happen, and the button.
#[get("/caselle/<id>/rimuovi")]
pub async fn show(id: MailboxId, agent: Agent, site: &State<Site>) -> PageResult {
    let mailbox = agent.mailbox(site, &id, Act::ManageMailboxes).await?;
    let path = format!("/caselle/{}/rimuovi", mailbox.id);
    let frame = Frame::of(site, &agent, &path, None);
    frame.page("mailboxes/remove", "mailbox-remove-title", json!({"mailbox": view(&frame, &mailbox)}))
}

/// Removes it.
#[post("/caselle/<id>/rimuovi", data = "<_form>")]
pub async fn remove(id: MailboxId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let mailbox = agent.mailbox(site, &id, Act::ManageMailboxes).await?;
    mailbox::remove(&site.app, &agent.actor(), &mailbox).await?;
    Ok(Sent::done("/caselle", "mailbox-removed"))
}
