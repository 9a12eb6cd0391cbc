//! In charge of the pages of answers that the desk has ready (O07), `/operatore/risposte-pronte`: the list, the form, removing one.

use rocket::request::FlashMessage;
use rocket::response::content::RawHtml;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::Site;
use super::form::{Posted, empty};
use super::guard::{Agent, Asker};
use super::outcome::Failure;
use super::page::{Answer, Frame, PageResult, Sent};
use crate::desk::canned_answer::{self as verbs, PLACES};
use crate::input::Fields;
use crate::model::id::CannedAnswerId;
use crate::model::page::{Cursor, Window};
use crate::model::ticket::CannedAnswer;
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::store;

const LIST: &str = "/operatore/risposte-pronte";

/// How many a page lists.
const EACH_PAGE: usize = 100;

/// The answers, by title.
#[get("/operatore/risposte-pronte?<da>")]
pub async fn list(da: Option<&str>, agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::WorkTickets)?;
    let frame = Frame::of(site, &agent, LIST, flash.as_ref());
    let window = Window { limit: EACH_PAGE, after: da.and_then(Cursor::decode) };
    let page = store::canned_answers::list(&mut *site.app.db.read().await?, &window).await?;
    let row = |one: &CannedAnswer| {
        let area = one.area.map(|area| frame.text(&format!("area-{}", area.as_str())));
        let start: String = one.body.chars().take(120).collect();
        json!({"title": one.title, "area": area, "start": start, "href": format!("{LIST}/{}", one.id)})
    };
    let next = page.next.as_ref().map(|next| format!("{LIST}?da={}", next.encode()));
    let rows: Vec<Value> = page.items.iter().map(row).collect();
    frame.page("desk/canned_answers", "canned-answers", json!({"rows": rows, "next_href": next}))
}

/// The form for a new one.
#[get("/operatore/risposte-pronte/nuova")]
pub async fn new(agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::WorkTickets)?;
    draw(site, &agent, None, empty(json!({})), None)
}

/// Makes one.
#[post("/operatore/risposte-pronte", data = "<form>")]
pub async fn create(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::WorkTickets)?;
    let made = match verbs::read(fields(&form), None) {
        Ok(one) => verbs::create(&site.app, &agent.actor(), one).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match made {
        Ok(_) => Ok(Sent::done(LIST, "saved")),
        Err(refusal) => again(site, &agent, None, &form, refusal),
    }
}

/// One, in its form.
#[get("/operatore/risposte-pronte/<id>", rank = 2)]
pub async fn show(id: CannedAnswerId, agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    let one = find(site, &agent, &id).await?;
    let values = json!({"title": one.title, "body": one.body, "area": one.area.map(|area| area.as_str())});
    draw(site, &agent, Some(&one), empty(values), flash.as_ref())
}

/// Changes one.
#[post("/operatore/risposte-pronte/<id>", rank = 2, data = "<form>")]
pub async fn change(id: CannedAnswerId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let old = find(site, &agent, &id).await?;
    let changed = match verbs::read(fields(&form), Some(&old)) {
        Ok(one) => verbs::change(&site.app, &agent.actor(), &old, one).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match changed {
        Ok(_) => Ok(Sent::done(LIST, "saved")),
        Err(refusal) => again(site, &agent, Some(&old), &form, refusal),
    }
}

/// Removes one.
#[post("/operatore/risposte-pronte/<id>/elimina", rank = 2, data = "<_form>")]
pub async fn remove(id: CannedAnswerId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let old = find(site, &agent, &id).await?;
    verbs::remove(&site.app, &agent.actor(), &old).await?;
    Ok(Sent::done(LIST, "canned-answer-removed"))
}

/// One, for who works at the desk; others are told that there is none.
async fn find(site: &Site, agent: &Agent, id: &CannedAnswerId) -> Result<CannedAnswer, Failure> {
    let found = store::canned_answers::find(&mut *site.app.db.read().await?, id).await?;
    found.filter(|_| agent.must(Act::WorkTickets).is_ok()).ok_or(Failure::NotFound)
}

fn fields(form: &Posted) -> Fields {
    let mut fields = Fields::default();
    fields.put("title", form.get("title"));
    fields.put("body", form.get("body"));
    match form.get("area") {
        "" => fields.empty("area"),
        area => fields.put("area", area),
    }
    fields
}

fn again(site: &Site, agent: &Agent, old: Option<&CannedAnswer>, form: &Posted, refusal: Refusal) -> Answer {
    let Refusal::Invalid(wrong) = refusal else { return Err(refusal.into()) };
    let form = form.again(site, agent.person.language, &wrong);
    Ok(Sent::again(draw(site, agent, old, form, None)?))
}

fn draw(
    site: &Site,
    agent: &Agent,
    old: Option<&CannedAnswer>,
    form: Value,
    flash: Option<&FlashMessage<'_>>,
) -> PageResult {
    let path = old.map_or(LIST.into(), |one| format!("{LIST}/{}", one.id));
    let frame = Frame::of(site, agent, &path, flash);
    let areas = ["pec", "pki"].map(|word| json!({"id": word, "name": frame.text(&format!("area-{word}"))}));
    let places = PLACES.map(|place| format!("{{{{{place}}}}}")).join(", ");
    let context = json!({"form": form, "areas": areas, "places": places, "is_new": old.is_none()});
    let title = old.map_or(frame.text("canned-answer-new"), |one| one.title.clone());
    Ok(RawHtml(frame.render("desk/canned_answer", &title, context)?))
}
