//! In charge of the page on which the desk writes down who called and what for, `/operatore/telefonata` (F16, F28): the person is
//! looked for, the request opened in its name. Works without scripts.

use rocket::{FromForm, State, get, post};
use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::callers;
use super::{
    Names, answers, asked_fields, files, fresh_key, goes_on, kept_files, kinds, once, row, severity, typed_kind,
    with_files,
};
use crate::catalogue::Value as Word;
use crate::clock::Moment;
use crate::desk::duplicate::{self, Proposal};
use crate::desk::ticket as desk;
use crate::input::{FieldError, Fields};
use crate::model::id::{OrganizationId, PersonId};
use crate::model::page::Window;
use crate::model::ticket::{Channel, Requester, Severity, Sight, State as Standing};
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::store;
use crate::store::ticket_list::{Order, Wanted};
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::when::When;

/// The longest telephone number, as on the public form.
const LONGEST_PHONE: usize = 40;

/// What stands for nobody whom we know, when another was chosen.
const NOBODY: &str = "-";

/// How many bodies may be chosen from.
const MOST_BODIES: usize = 500;

/// The channels by which somebody reaches the desk without a program of ours taking the request in.
const CHANNELS: [Channel; 4] = [Channel::Phone, Channel::Email, Channel::Chat, Channel::Form];

/// What the page may be asked for.
#[derive(Debug, FromForm)]
pub struct Query<'q> {
    /// Who is looked for, by name, address, body, or the number of a request.
    chi: Option<&'q str>,
    /// Who it is.
    persona: Option<&'q str>,
    /// Only who was found is wanted.
    frammento: Option<&'q str>,
}

/// The page: who is looked for, or the form for who was found.
#[get("/operatore/telefonata?<query..>")]
pub async fn show(query: Query<'_>, agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::WorkTickets)?;
    if query.frammento.is_some() {
        return callers::draw(site, &agent, query.chi.unwrap_or_default().trim()).await;
    }
    let form = empty(json!({"channel": Channel::Phone.as_str(), "severity": Severity::Medium.as_str()}));
    let id = query.persona.map(PersonId::from);
    draw(site, &agent, (query.chi.unwrap_or_default().trim(), id), form, "tickets/phone").await
}

/// Opens the request.
#[post("/operatore/telefonata", data = "<form>")]
pub async fn create(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::WorkTickets)?;
    let mut texts: Vec<(String, String)> =
        ["subject", "area", "severity", "channel"].map(|name| (name.to_string(), form.get(name).to_string())).to_vec();
    texts.push(("body".into(), said(site, &form)));
    texts.push(("mailbox_ids".into(), form.get("mailbox_id").into()));
    texts.push(("attachments".into(), files(&form)));
    texts.extend(caller(&form));
    let asked = store::request_fields::asked(&mut *site.app.db.read().await?).await?;
    texts.extend(typed_kind(&form));
    texts.extend(answers(&form, &asked));
    let mut fields = Fields::from_texts(texts);
    name_body(site, &form, &mut fields).await?;
    for needed in ["requester.email", "severity", "channel"] {
        fields.required_text(needed, 254);
    }
    let key = once(&form, "/operatore/telefonata");
    let made = match with_files(&form, desk::read(fields, &agent.person, Channel::Phone, &asked)) {
        Ok(draft) => desk::create(&site.app, &agent.actor(), &agent.person, draft, key.as_ref()).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match made {
        // A rule may have put it where others work.
        Ok(ticket) => Ok(Sent::done(goes_on(site, &agent, &ticket).await?, "request-logged")),
        Err(Refusal::Invalid(wrong)) => Ok(Sent::again(again(site, &agent, &form, &wrong, false).await?)),
        // It was opened the first time that it was sent, and others work on it now.
        Err(Refusal::Conflict("conflict-made-for-others")) => Ok(Sent::done("/operatore", "request-logged")),
        // What a colleague has changed meanwhile takes nothing of what was typed.
        Err(Refusal::Conflict(_)) => {
            let wrong = [FieldError::new("body", "call-not-opened")];
            Ok(Sent::again(again(site, &agent, &form, &wrong, false).await?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// What was said, with the number at which who called is reached below it, as the public form writes it.
pub(super) fn said(site: &Site, form: &Posted) -> String {
    let (body, phone) = (form.get("body"), form.get("requester_phone").trim());
    let phone: String = phone.chars().filter(|one| !one.is_control()).take(LONGEST_PHONE).collect();
    if body.trim().is_empty() || phone.is_empty() {
        return body.to_string();
    }
    let values = [("text", Word::Text(phone))];
    format!("{body}\n\n{}", site.templates.text(site.app.settings.language(), "assistance-said-phone", &values))
}

/// Who called, in the words of the API.
pub(super) fn caller(form: &Posted) -> [(String, String); 3] {
    [
        ("requester_email", "requester.email"),
        ("requester_name", "requester.name"),
        ("organization_id", "requester.organization_id"),
    ]
    .map(|(name, field)| (field.to_string(), form.get(name).to_string()))
}

/// Puts the body that was named by its code, which not every list has.
pub(super) async fn name_body(site: &Site, form: &Posted, fields: &mut Fields) -> store::Result<()> {
    let code = form.get("organization_code").trim();
    if code.is_empty() || !form.get("organization_id").is_empty() {
        return Ok(());
    }
    let found = store::organizations::find_by_code(&mut *site.app.db.read().await?, code).await?;
    match found.filter(|one| one.active) {
        Some(one) => fields.put("requester.organization_id", one.id.as_str()),
        None => fields.refuse("organization_code", "not-found"),
    }
    Ok(())
}

/// The form as it was typed, with its files; or only what is perhaps open already.
pub(super) async fn again(
    site: &Site,
    agent: &Agent,
    form: &Posted,
    wrong: &[FieldError],
    only_part: bool,
) -> PageResult {
    let kept = kept_files(site, &agent.person.id, form).await?;
    let chosen = Some(form.get("caller")).filter(|id| !id.is_empty());
    let id = chosen.or_else(|| Some(form.get("person_id")).filter(|id| !id.is_empty()));
    let id = id.filter(|id| *id != NOBODY).map(PersonId::from);
    let who = if chosen.is_some() { "" } else { form.get("chi").trim() };
    let who = who.to_string();
    // The page has names of its own for some fields.
    let own = |field: &str| match field {
        "requester.organization_id" => "organization_id".to_string(),
        "mailbox_ids" => "mailbox_id".to_string(),
        other => other.to_string(),
    };
    let wrong: Vec<FieldError> = wrong.iter().map(|one| FieldError { field: own(&one.field), ..one.clone() }).collect();
    let is_chosen = chosen.is_some();
    let mut form = form.again(site, agent.person.language, &wrong);
    form["kept"] = kept.into();
    // Who is chosen now is not who was typed before; what was said stays.
    if let Some(values) = form["values"].as_object_mut().filter(|_| is_chosen) {
        for of_another in ["requester_email", "requester_name", "organization_id", "organization_code", "mailbox_id"] {
            values.remove(of_another);
        }
    }
    draw(site, agent, (&who, id), form, if only_part { "tickets/_already_live" } else { "tickets/phone" }).await
}

/// What is perhaps open already, by what was typed so far (F26).
async fn duplicates(c: &mut AnyConnection, seen: &Sight, form: &Value, now: Moment) -> store::Result<Vec<Proposal>> {
    let typed = |name: &str| form["values"][name].as_str().unwrap_or_default().trim().to_string();
    let chosen = |name: &str| Some(typed(name)).filter(|id| !id.is_empty());
    let caller = Requester { id: None, name: typed("requester_name"), email: typed("requester_email") };
    let about = (chosen("organization_id").map(Into::into), chosen("mailbox_id").map(Into::into));
    duplicate::of_call(c, seen, caller, about, (&typed("subject"), &typed("body")), now).await
}

async fn draw(
    site: &Site,
    agent: &Agent,
    (who, id): (&str, Option<PersonId>),
    mut form: Value,
    template: &str,
) -> PageResult {
    let frame = Frame::of(site, agent, "/operatore/telefonata", None);
    let (when, now) = (When::new(site, frame.language), site.app.clock.now());
    let mut c = site.app.db.read().await?;
    let person = match &id {
        Some(id) => store::people::find(&mut c, id).await?.filter(|one| one.active),
        None => None,
    };
    let seen = crate::desk::sight_of(&mut c, &agent.person).await?;
    let asker = (&agent.person.id, agent.person.email.as_str());
    let found = callers::look(&mut c, site, (&seen, asker), who).await?;
    let bodies: Vec<OrganizationId> =
        person.iter().flat_map(|one| one.memberships.iter().map(|place| place.organization_id.clone())).collect();
    let bodies = store::organizations::names(&mut c, bodies.iter()).await?;
    // Who is known brings its bodies; of others every one may be chosen, or named by its code where there are too many for a list.
    let mut are_more = false;
    let organizations: Vec<Value> = match &person {
        Some(person) => {
            let own = person.memberships.iter().map(|place| &place.organization_id);
            own.filter_map(|id| bodies.get(id).map(|name| json!({"id": id, "name": name}))).collect()
        }
        None => {
            let all = store::organizations::list(&mut c, None, "", &Window::first(MOST_BODIES)).await?;
            are_more = all.next.is_some();
            all.items.iter().filter(|one| one.active).map(|one| json!({"id": one.id, "name": one.name})).collect()
        }
    };
    let mut own: Vec<OrganizationId> =
        person.iter().flat_map(|one| one.memberships.iter().map(|place| place.organization_id.clone())).collect();
    // Of whom nothing is known, the body that was chosen.
    let chosen = form["values"]["organization_id"].as_str().unwrap_or_default();
    if person.is_none() && organizations.iter().any(|one| one["id"] == chosen) {
        own.push(chosen.into());
    }
    let mut mailboxes = Vec::new();
    let mut open = Vec::new();
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
    if let Some(person) = &person {
        for (name, text) in [("requester_email", &person.email), ("requester_name", &person.name)] {
            if form["values"].get(name).is_none() {
                form["values"][name] = text.as_str().into();
            }
        }
    }
    let names = Names::of(&mut c, &open).await?;
    let asked = store::request_fields::asked(&mut c).await?;
    let password_help = super::password_help(&frame, &mut c).await?;
    let duplicates = duplicates(&mut c, &seen, &form, now).await?;
    open.retain(|one| duplicates.iter().all(|known| known.ticket.id != one.id));
    drop(c);
    let (numbered, people) = callers::view(&frame, &when, &found, now);
    let areas = ["pec", "pki"].map(|word| json!({"id": word, "name": frame.text(&format!("area-{word}"))}));
    let context = json!({
        "form": form, "once": fresh_key(), "who": who,
        "numbered": numbered, "found": people,
        "caller": person.as_ref().map(|one| json!({"id": one.id, "name": one.name, "email": one.email})),
        "organizations": organizations, "are_more": are_more,
        "mailboxes": mailboxes.iter().map(|one| json!({"id": one.id, "name": one.card.address})).collect::<Vec<Value>>(),
        "open": open.iter().map(|one| row(&frame, &when, &names, one, now, false)).collect::<Vec<Value>>(),
        "duplicates": duplicates.iter().map(|one| super::duplicates::view(&frame, &when, one, None)).collect::<Vec<Value>>(),
        "areas": areas,
        "asked": asked_fields(&frame, &asked, &["pec", "pki"], false),
        "kinds": kinds(&frame),
        "password_help": password_help,
        "severities": Severity::ALL.iter().map(|one| {
            let shown = severity(&frame, *one);
            json!({"id": shown["word"], "name": shown["text"]})
        }).collect::<Vec<Value>>(),
        "channels": CHANNELS.map(|one| json!({"id": one.as_str(), "name": frame.text(&format!("channel-{}", one.as_str()))})),
    });
    frame.page(template, "phone-title", context)
}
