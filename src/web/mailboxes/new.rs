//! In charge of the form that adds a mailbox, `/caselle/nuova`.

use rocket::http::Status;
use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::hub::belonging;
use crate::hub::draft::Draft;
use crate::hub::{capacity, mailbox};
use crate::model::page::Window;
use crate::people::Refusal;
use crate::people::rights::{self, Act};
use crate::provider::{self, PROVIDERS, Provider};
use crate::store;
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::refusal_words;
use crate::web::page::{Answer, Frame, PageResult, Sent};

/// The form, with what nearly every provider has; instead of it, when every place is taken, what can be done about it.
#[get("/caselle/nuova")]
pub async fn show(agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageMailboxes)?;
    draw(site, &agent, None, None, None).await
}

/// Adds the mailbox, after its login has been tried once. Servers left empty are those of the address's provider.
#[post("/caselle", data = "<form>")]
pub async fn create(mut form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ManageMailboxes)?;
    provider::fill(form.texts());
    let mut fields = form.fields();
    if !fields.has("smtp.host") {
        // The page always sends these; without a server they say nothing.
        ["smtp.port", "smtp.security"].into_iter().for_each(|field| fields.forget(field));
    }
    let tied = belonging::by_holder(&site.app, &agent.reach(Act::ManageMailboxes), &mut fields).await?;
    let made = match Draft::read(fields, None, &site.app.settings) {
        Ok(draft) => mailbox::create(&site.app, &agent.actor(), draft).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match made {
        Ok(_) if tied.is_some() => Ok(Sent::done("/caselle", "mailbox-created-tied")),
        Ok(_) => Ok(Sent::done("/caselle", "mailbox-created")),
        Err(Refusal::Invalid(wrong)) => {
            let provider = provider::of(form.get("address")).filter(|one| one.imap().host == form.get("imap_host"));
            let form = form.again(site, agent.person.language, &wrong);
            Ok(Sent::again(draw(site, &agent, Some(form), provider, None).await?))
        }
        Err(Refusal::Full { .. }) => {
            let form = form.again(site, agent.person.language, &[]);
            Ok(Sent::Again((Status::Conflict, draw(site, &agent, Some(form), None, None).await?)))
        }
        Err(refusal @ Refusal::Busy(_)) => {
            let form = form.again(site, agent.person.language, &[]);
            let busy = refusal_words(site, agent.person.language, refusal);
            Ok(Sent::busy(draw(site, &agent, Some(form), None, Some(busy)).await?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// The page with what was typed, and why the mail server could not be asked; with a fresh form when nothing was typed and
/// there is a place for it.
async fn draw(
    site: &Site,
    agent: &Agent,
    typed: Option<Value>,
    provider: Option<&Provider>,
    busy: Option<String>,
) -> PageResult {
    let places = capacity::read(&site.app).await?;
    let fresh = || empty(json!({"imap_port": "993", "imap_security": "tls", "smtp_port": "465"}));
    let form = typed.or_else(|| (!places.is_full()).then(fresh));
    let window = Window::first(1000);
    let page = store::organizations::list(&mut *site.app.db.read().await?, None, "", &window).await?;
    let organizations: Vec<Value> = page.items.iter().map(|one| json!({"id": one.id, "name": one.name})).collect();
    let told = |one: &Provider| json!({"name": one.name, "domains": one.domains, "imap": one.imap(), "smtp": one.smtp(), "has_user_id": one.has_user_id});
    let context = json!({
        "form": form,
        "busy": busy,
        "organizations": organizations,
        "capacity": super::capacity::view(places),
        "may_enlarge": rights::may(&agent.person, Act::ManageCapacity),
        "provider": provider.map(told),
        "providers": PROVIDERS.iter().map(told).collect::<Vec<_>>(),
    });
    Frame::of(site, agent, "/caselle/nuova", None).page("mailboxes/new", "mailbox-new-title", context)
}
