//! In charge of saving the view on screen and removing one's own (H35), of the console and of the operator's queue. Does not know
//! what the pages show.

use rocket::{State, get, post};
use serde_json::{Value, json};

use super::Site;
use super::form::{Posted, empty};
use super::guard::{Agent, Asker};
use super::page::{Answer, Frame, PageResult, Sent};
use crate::input::Fields;
use crate::model::id::ViewId;
use crate::model::view::ViewPage;
use crate::people::rights::Act;
use crate::people::{Refusal, view};

/// Where the views of a page are, and who sees that page.
fn home(page: ViewPage) -> (&'static str, Act, &'static str) {
    match page {
        ViewPage::Mailboxes => ("/caselle", Act::ListMailboxes, "menu-mailboxes"),
        ViewPage::Tickets => ("/operatore", Act::WorkTickets, "menu-desk"),
    }
}

/// The form that names a view of the console; `vista` is the query of its address.
#[get("/caselle/viste/nuova?<vista>")]
pub async fn new_of_mailboxes(vista: Option<&str>, agent: Agent, site: &State<Site>) -> PageResult {
    new(ViewPage::Mailboxes, vista, &agent, site)
}

/// The same, of the queue.
#[get("/operatore/viste/nuova?<vista>")]
pub async fn new_of_tickets(vista: Option<&str>, agent: Agent, site: &State<Site>) -> PageResult {
    new(ViewPage::Tickets, vista, &agent, site)
}

fn new(page: ViewPage, query: Option<&str>, agent: &Agent, site: &Site) -> PageResult {
    agent.must(home(page).1)?;
    draw(site, agent, page, empty(json!({"query": query.unwrap_or_default()})))
}

/// Saves a view of the console.
#[post("/caselle/viste", data = "<form>")]
pub async fn create_of_mailboxes(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    create(ViewPage::Mailboxes, &form, &agent, site).await
}

/// Saves a view of the queue.
#[post("/operatore/viste", data = "<form>")]
pub async fn create_of_tickets(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    create(ViewPage::Tickets, &form, &agent, site).await
}

async fn create(page: ViewPage, form: &Posted, agent: &Agent, site: &Site) -> Answer {
    let (path, act, _) = home(page);
    agent.must(act)?;
    let texts = ["name", "query"].map(|name| (name.to_string(), form.get(name).to_string()));
    let mut fields = Fields::from_texts(texts);
    fields.put("page", page.as_str());
    fields.put("shared", if form.get("shared").is_empty() { "false" } else { "true" });
    let saved = match view::read(fields, &agent.person, None) {
        Ok(one) => view::create(&site.app, &agent.actor(), one).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match saved {
        Ok(one) => Ok(Sent::done(format!("{path}?{}", one.query).trim_end_matches('?'), "view-saved")),
        Err(Refusal::Invalid(wrong)) => {
            let form = form.again(site, agent.person.language, &wrong);
            Ok(Sent::again(draw(site, agent, page, form)?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Removes one of one's own, of the console.
#[post("/caselle/viste/<id>/elimina", data = "<_form>")]
pub async fn remove_of_mailboxes(id: ViewId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    remove(&id, &agent, site).await
}

/// Removes one of one's own, of the queue.
#[post("/operatore/viste/<id>/elimina", rank = 2, data = "<_form>")]
pub async fn remove_of_tickets(id: ViewId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    remove(&id, &agent, site).await
}

async fn remove(id: &ViewId, agent: &Agent, site: &Site) -> Answer {
    let one = agent.own_view(site, id).await?;
    view::remove(&site.app, &agent.actor(), &one).await?;
    Ok(Sent::done(home(one.page).0, "view-removed"))
}

fn draw(site: &Site, agent: &Agent, page: ViewPage, form: Value) -> PageResult {
    let (path, _, text) = home(page);
    let here = format!("{path}/viste");
    let frame = Frame::of(site, agent, &here, None);
    let help = if page == ViewPage::Tickets { "view-name-help-tickets" } else { "view-name-help" };
    let context = json!({"form": form, "help": help, "home_href": path, "home_text": frame.text(text)});
    frame.page("views/new", "view-new-title", context)
}
