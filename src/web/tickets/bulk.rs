//! In charge of what is done to several requests of the queue at once, `/operatore/insieme` (O09), by the same verbs as one by one;
//! and of what became of each.

use rocket::{State, post};
use serde_json::{Value, json};

use crate::desk::change::{self as changing, Unread};
use crate::desk::sight::{Part, sees};
use crate::desk::state::Verb;
use crate::desk::verb::{self, NotDone, With};
use crate::input::Fields;
use crate::model::ticket::Ticket;
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::store;
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::{Failure, refusal_words};
use crate::web::page::{Answer, Frame, Sent, local_path};

/// How many requests at once.
const MOST: usize = 100;

/// What is done to each.
enum Deed {
    Do(Verb, With),
    /// A field becomes this.
    Change(&'static str, String),
    /// A tag more.
    Tag(String),
}

/// Reads what is to be done. None when what it needs was not given.
fn deed(form: &Posted, agent: &Agent) -> Result<Option<Deed>, Failure> {
    let given = |name: &str| Some(form.get(name).trim().to_string()).filter(|text| !text.is_empty());
    Ok(match form.get("azione") {
        "prendi" => Some(Deed::Do(Verb::Take, With::default())),
        "chiudi" => Some(Deed::Do(Verb::Close, With::default())),
        "annulla" => given("motivo").map(|reason| Deed::Do(Verb::Cancel, With { reason, ..With::default() })),
        "assegna" => given("assegnata").map(|id| match id.as_str() {
            "io" => Deed::Change("assignee_id", agent.person.id.to_string()),
            _ => Deed::Change("assignee_id", id),
        }),
        "gravita" => given("gravita").map(|word| Deed::Change("severity", word)),
        "gruppo" => given("gruppo").map(|id| Deed::Change("group_id", id)),
        "etichetta" => given("etichetta").map(Deed::Tag),
        _ => return Err(Failure::Malformed),
    })
}

/// Does it, and shows what became of each request where not all went well.
#[post("/operatore/insieme", data = "<form>")]
pub async fn act(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::WorkTickets)?;
    let back = local_path(form.get("torna"));
    let back = if back.starts_with("/operatore") { back } else { "/operatore" }.to_string();
    let Some(deed) = deed(&form, &agent)? else { return Ok(Sent::not_done(back, "bulk-needs")) };
    let mut numbers: Vec<&str> = form.all("scelta").take(MOST).collect();
    numbers.dedup();
    if numbers.is_empty() {
        return Ok(Sent::not_done(back, "none-chosen"));
    }
    let language = agent.person.language;
    let seen = agent.sight(site).await?;
    let mut lines = Vec::new();
    for number in numbers {
        // What one does not see is not there.
        let found = store::tickets::find(&mut *site.app.db.read().await?, number).await?;
        let Some(ticket) = found.filter(|one| sees(&seen, one)) else { continue };
        let why = match one(site, &agent, &ticket, &deed).await {
            Ok(()) => None,
            Err(NotDone::Forbidden) => Some(site.templates.text(language, "bulk-forbidden-ticket", &[])),
            Err(NotDone::Refused(Refusal::Invalid(wrong))) => {
                wrong.first().map(|one| site.templates.texts().wrong_field(language, one))
            }
            Err(NotDone::Refused(refusal)) => Some(refusal_words(site, language, refusal)),
        };
        lines.push(json!({"name": ticket.subject, "address": ticket.number, "why": why}));
    }
    let failed = lines.iter().filter(|line| !line["why"].is_null()).count();
    if failed == 0 && !lines.is_empty() {
        return Ok(Sent::done(back, "bulk-all-done"));
    }
    let lines: Vec<Value> = lines;
    let context = json!({"well": lines.len() - failed, "failed": failed, "lines": lines, "back_href": back});
    let frame = Frame::of(site, &agent, "/operatore/insieme", None);
    Ok(Sent::Seen(frame.page("tickets/bulk", "bulk-title", context)?))
}

/// The same to one of them.
async fn one(site: &Site, agent: &Agent, ticket: &Ticket, deed: &Deed) -> Result<(), NotDone> {
    let (app, actor, person) = (&site.app, agent.actor(), &agent.person);
    let mut fields = Fields::default();
    match deed {
        Deed::Do(verb, with) => {
            return verb::act(app, &actor, person, (ticket, Part::Desk), *verb, with.clone()).await.map(drop);
        }
        Deed::Change(field, text) => fields.put(field, text),
        Deed::Tag(tag) => {
            let tags: Vec<&str> = ticket.tags.iter().map(String::as_str).chain([tag.as_str()]).collect();
            fields.put("tags", &tags.join(","));
        }
    }
    match changing::read(fields, Part::Desk) {
        Ok(wanted) => Ok(changing::apply(app, &actor, person, ticket, wanted).await.map(drop)?),
        Err(Unread::Forbidden) => Err(NotDone::Forbidden),
        Err(Unread::Invalid(wrong)) => Err(NotDone::Refused(Refusal::Invalid(wrong))),
    }
}
