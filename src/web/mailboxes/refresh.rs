//! In charge of the buttons «Aggiorna»: all mailboxes, or one. The same visits as the schedule's.

use rocket::{State, post};

use crate::hub::refresh;
use crate::model::id::MailboxId;
use crate::people::rights::Act;
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Sent, local_path};

/// Visits every mailbox that this person reaches, now. Leaving the page does not stop it.
#[post("/caselle/aggiorna", data = "<form>")]
pub async fn all(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::RefreshMailboxes)?;
    let within = agent.reach(Act::RefreshMailboxes).organizations();
    refresh::begin(&site.app, &agent.actor(), refresh::Scope::All { within }).await?;
    // Back to the same view of the console.
    let back = local_path(form.get("torna"));
    Ok(Sent::done(if back.starts_with("/caselle") { back } else { "/caselle" }, "refresh-started"))
}

/// Visits one mailbox now, and comes back when it is done.
#[post("/caselle/<id>/aggiorna", data = "<_form>")]
pub async fn one(id: MailboxId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let mailbox = agent.mailbox(site, &id, Act::RefreshMailboxes).await?;
    let page = format!("/caselle/{}", mailbox.id);
    if mailbox.facts.status.is_stopped() {
        return Ok(Sent::not_done(page, "mailbox-not-refreshed"));
    }
    let asked = site.app.clock.now();
    refresh::begin(&site.app, &agent.actor(), refresh::Scope::These(std::slice::from_ref(&mailbox))).await?;
    refresh::wait(&site.app, &mailbox.id).await?;
    let now = agent.mailbox(site, &id, Act::RefreshMailboxes).await?;
    match now.facts.last_success_at {
        Some(at) if at >= asked => Ok(Sent::done(page, "mailbox-refreshed")),
        _ => Ok(Sent::not_done(page, "mailbox-unanswered")),
    }
}
