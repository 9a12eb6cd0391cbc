//! In charge of the page on which the desk writes down who called and what for, `/operatore/telefonata` (F16, F28): the person is
//! looked for, the request opened in its name. Works without scripts.

use rocket::{FromForm, State, get, post};
use serde_json::{Value, json};

use super::{Names, files, fresh_key, goes_on, kept_files, kinds, once, row, severity, with_files};
use crate::desk::ticket as desk;
use crate::input::Fields;
use crate::model::id::{OrganizationId, PersonId};
use crate::model::page::Window;
use crate::model::person::Person;
use crate::model::ticket::{Channel, Severity, State as Standing};
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::store;
use crate::store::ticket_list::{Order, Wanted};
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::when::When;

/// How many people a search shows.
const FOUND: usize = 12;

/// The channels by which somebody reaches the desk without a program of ours taking the request in.
const CHANNELS: [Channel; 4] = [Channel::Phone, Channel::Email, Channel::Chat, Channel::Form];

/// What the page may be asked for.
#[derive(Debug, FromForm)]
pub struct Query<'q> {
    /// Who is looked for, by name or address.
    chi: Option<&'q str>,
    /// Who it is.
    persona: Option<&'q str>,
}

/// The page: who is looked for, or the form for who was found.
#[get("/operatore/telefonata?<query..>")]
pub async fn show(query: Query<'_>, agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::WorkTickets)?;
    let form = empty(json!({"channel": Channel::Phone.as_str(), "severity": Severity::Medium.as_str()}));
    let id = query.persona.map(PersonId::from);
    draw(site, &agent, query.chi.unwrap_or_default().trim(), id, form).await
}

/// Opens the request.
#[post("/operatore/telefonata", data = "<form>")]
pub async fn create(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::WorkTickets)?;
    let mut texts: Vec<(String, String)> = ["subject", "body", "area", "kind", "severity", "channel"]
        .map(|name| (name.to_string(), form.get(name).to_string()))
        .to_vec();
    texts.push(("mailbox_ids".into(), form.get("mailbox_id").into()));
    texts.push(("attachments".into(), files(&form)));
    for (name, field) in [
        ("requester_email", "requester.email"),
        ("requester_name", "requester.name"),
        ("organization_id", "requester.organization_id"),
    ] {
        texts.push((field.into(), form.get(name).into()));
    }
    let mut fields = Fields::from_texts(texts);
    for needed in ["requester.email", "severity", "channel"] {
        fields.required_text(needed, 254);
    }
    let key = once(&form, "/operatore/telefonata");
    let made = match with_files(&form, desk::read(fields, &agent.person, Channel::Phone)) {
        Ok(draft) => desk::create(&site.app, &agent.actor(), &agent.person, draft, key.as_ref()).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match made {
        // A rule may have put it where others work.
        Ok(ticket) => Ok(Sent::done(goes_on(site, &agent, &ticket).await?, "request-logged")),
        Err(Refusal::Invalid(wrong)) => {
            let kept = kept_files(site, &agent.person.id, &form).await?;
            let id = Some(form.get("person_id")).filter(|id| !id.is_empty()).map(PersonId::from);
            let mut form = form.again(site, agent.person.language, &wrong);
            form["kept"] = kept.into();
            Ok(Sent::again(draw(site, &agent, "", id, form).await?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn draw(site: &Site, agent: &Agent, who: &str, id: Option<PersonId>, mut form: Value) -> PageResult {
    let frame = Frame::of(site, agent, "/operatore/telefonata", None);
    let (when, now) = (When::new(site, frame.language), site.app.clock.now());
    let mut c = site.app.db.read().await?;
    let person = match &id {
        Some(id) => store::people::find(&mut c, id).await?.filter(|one| one.active),
        None => None,
    };
    let found = match who {
        "" => Vec::new(),
        who => {
            let state = Some(store::people::State::Active);
            let wanted = store::people::Wanted { q: who.into(), state, ..Default::default() };
            store::people::list(&mut c, &wanted, &Window::first(FOUND)).await?.items
        }
    };
    let bodies: Vec<OrganizationId> = found
        .iter()
        .chain(&person)
        .flat_map(|one| one.memberships.iter().map(|place| place.organization_id.clone()))
        .collect();
    let bodies = store::organizations::names(&mut c, bodies.iter()).await?;
    // Who is known brings its bodies; of others every one may be chosen.
    let organizations: Vec<Value> = match &person {
        Some(person) => {
            let own = person.memberships.iter().map(|place| &place.organization_id);
            own.filter_map(|id| bodies.get(id).map(|name| json!({"id": id, "name": name}))).collect()
        }
        None => {
            let all = store::organizations::list(&mut c, None, "", &Window::first(500)).await?;
            all.items.iter().filter(|one| one.active).map(|one| json!({"id": one.id, "name": one.name})).collect()
        }
    };
    let own: Vec<OrganizationId> =
        person.iter().flat_map(|one| one.memberships.iter().map(|place| place.organization_id.clone())).collect();
    let mut mailboxes = Vec::new();
    let mut open = Vec::new();
    let seen = crate::desk::sight_of(&mut c, &agent.person).await?;
    let asker = (&agent.person.id, agent.person.email.as_str());
    for id in &own {
        let wanted = store::mailbox_list::Wanted { organization_id: Some(id.clone()), ..Default::default() };
        let order = store::mailbox_list::Order::Address;
        mailboxes.extend(store::mailbox_list::list(&mut c, &wanted, order, false, &Window::first(200)).await?.items);
        // What is open already may be what the call is about (F26).
        let active = Standing::ALL.iter().copied().filter(|state| state.is_active()).collect();
        let wanted = Wanted { organization_id: Some(id.clone()), states: active, ..Wanted::default() };
        let latest = (Order::Updated, true);
        open.extend(store::ticket_list::list(&mut c, &seen, asker, &wanted, latest, &Window::first(5)).await?.items);
    }
    let names = Names::of(&mut c, &open).await?;
    drop(c);
    if let Some(person) = &person {
        for (name, text) in [("requester_email", &person.email), ("requester_name", &person.name)] {
            if form["values"].get(name).is_none() {
                form["values"][name] = text.as_str().into();
            }
        }
    }
    let candidate = |one: &Person| {
        let places = one.memberships.iter().filter_map(|place| bodies.get(&place.organization_id));
        let places: Vec<&String> = places.collect();
        json!({"name": one.name, "email": one.email, "places": places, "href": format!("/operatore/telefonata?persona={}", one.id)})
    };
    let areas = ["pec", "pki"].map(|word| json!({"id": word, "name": frame.text(&format!("area-{word}"))}));
    let context = json!({
        "form": form, "once": fresh_key(), "who": who, "found": found.iter().map(candidate).collect::<Vec<Value>>(),
        "caller": person.as_ref().map(|one| json!({"id": one.id, "name": one.name, "email": one.email})),
        "organizations": organizations,
        "mailboxes": mailboxes.iter().map(|one| json!({"id": one.id, "name": one.card.address})).collect::<Vec<Value>>(),
        "open": open.iter().map(|one| row(&frame, &when, &names, one, now, false)).collect::<Vec<Value>>(),
        "areas": areas,
        "kinds": kinds(&frame),
        "severities": Severity::ALL.iter().map(|one| {
            let shown = severity(&frame, *one);
            json!({"id": shown["word"], "name": shown["text"]})
        }).collect::<Vec<Value>>(),
        "channels": CHANNELS.map(|one| json!({"id": one.as_str(), "name": frame.text(&format!("channel-{}", one.as_str()))})),
    });
    frame.page("tickets/phone", "phone-title", context)
}
