//! In charge of the form of a person, `/utenti/nuovo` and `/utenti/<id>`. A new one chooses the password by a one-time link.

use rocket::request::FlashMessage;
use rocket::response::content::RawHtml;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::find_to_change;
use crate::input::Fields;
use crate::model::id::PersonId;
use crate::model::organization::Area;
use crate::model::page::Window;
use crate::model::person::{Language, Person, Role, Visibility};
use crate::outbox;
use crate::people::Refusal;
use crate::people::link::Way;
use crate::people::person::{self, Draft, First};
use crate::people::rights::Act;
use crate::store;
use crate::text::capitalized;
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::when::When;

/// The form for a new person.
#[get("/utenti/nuovo")]
pub async fn new(agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::ManagePeople)?;
    let language = site.app.settings.language().as_str();
    draw(site, &agent, None, empty(json!({"role": "org_user", "level": "1", "language": language})), None).await
}

/// Makes a person; the link with which the password is chosen goes by mail, or is shown once where no mail goes out.
#[post("/utenti", data = "<form>")]
pub async fn create(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ManagePeople)?;
    let made = match read(&form, &agent, None, site.app.settings.language()) {
        Ok(draft) => person::create(&site.app, &agent.actor(), draft, First::Chosen(Way::Mail)).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match made {
        Ok((made, Some(link))) => Ok(Sent::Seen(show_link(site, &agent, &made, &link)?)),
        Ok((made, None)) => Ok(Sent::done(format!("/utenti/{}", made.id), "person-invited")),
        Err(refusal) => again(site, &agent, None, &form, refusal).await,
    }
}

/// A person, in its form.
#[get("/utenti/<id>")]
pub async fn show(id: PersonId, agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    let one = find_to_change(site, &agent, &id).await?;
    let has = |area: Area| one.areas.contains(&area).then_some("on");
    let place = one.memberships.first();
    let values = json!({
        "email": one.email, "name": one.name, "role": one.role, "level": one.level.to_string(),
        "organization_id": place.map(|place| &place.organization_id), "visibility": place.map(|place| place.visibility.as_str()),
        "area_pec": has(Area::Pec), "area_pki": has(Area::Pki), "language": one.language.as_str(),
        "restricted_to_groups": one.restricted_to_groups.then_some("on"),
    });
    draw(site, &agent, Some(&one), empty(values), flash.as_ref()).await
}

/// Changes a person.
#[post("/utenti/<id>", data = "<form>")]
pub async fn change(id: PersonId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let old = find_to_change(site, &agent, &id).await?;
    let changed = match read(&form, &agent, Some(&old), old.language) {
        Ok(draft) => person::change(&site.app, &agent.actor(), &old, draft).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match changed {
        Ok(_) => Ok(Sent::done(format!("/utenti/{}", old.id), "saved")),
        Err(refusal) => again(site, &agent, Some(&old), &form, refusal).await,
    }
}

/// The page that shows a one-time link, once.
pub(super) fn show_link(site: &Site, agent: &Agent, person: &Person, link: &str) -> PageResult {
    let path = format!("/utenti/{}", person.id);
    let context = json!({"person_name": person.name, "email": person.email, "link": link, "back_href": path});
    Frame::of(site, agent, &path, None).page("people/link", "person-link-title", context)
}

/// What the form says of a person. The page has one body; the others of a person who works for several stay.
fn read(
    form: &Posted,
    agent: &Agent,
    old: Option<&Person>,
    language: Language,
) -> Result<Draft, Vec<crate::input::FieldError>> {
    let mut texts: Vec<(String, String)> = ["email", "name", "role", "level", "language"]
        .into_iter()
        .map(|name| (name.to_string(), form.get(name).to_string()))
        .collect();
    let role = Role::parse(form.get("role"));
    if role.is_some_and(Role::is_of_organization) {
        texts.push(("organization_id".into(), form.get("organization_id").into()));
    }
    let mut fields = Fields::from_texts(texts);
    let areas: Vec<&str> =
        ["pec", "pki"].into_iter().filter(|area| !form.get(&format!("area_{area}")).is_empty()).collect();
    fields.put("areas", &areas.join(","));
    fields.put("restricted_to_groups", if form.get("restricted_to_groups").is_empty() { "false" } else { "true" });
    for needed in ["email", "name", "role"] {
        fields.required_text(needed, 254);
    }
    let base = old.map(Draft::of);
    let others =
        base.as_ref().map(|base| base.memberships.iter().skip(1).cloned().collect::<Vec<_>>()).unwrap_or_default();
    let mut draft = Draft::read(fields, base, language)?;
    if draft.role.is_of_organization() {
        let visibility = Visibility::parse(form.get("visibility"));
        if let (Some(first), Some(visibility)) = (draft.memberships.first_mut(), visibility) {
            first.visibility = visibility;
        }
        let own = draft.memberships.iter().map(|one| one.organization_id.clone()).collect::<Vec<_>>();
        draft.memberships.extend(others.into_iter().filter(|one| !own.contains(&one.organization_id)));
    } else {
        draft.memberships.clear();
    }
    let beyond = person::beyond(&agent.person, &draft);
    if beyond.is_empty() { Ok(draft.given_by(&agent.person, old)) } else { Err(beyond) }
}

async fn again(site: &Site, agent: &Agent, old: Option<&Person>, form: &Posted, refusal: Refusal) -> Answer {
    let Refusal::Invalid(wrong) = refusal else { return Err(refusal.into()) };
    let form = form.again(site, agent.person.language, &wrong);
    Ok(Sent::again(draw(site, agent, old, form, None).await?))
}

async fn draw(
    site: &Site,
    agent: &Agent,
    old: Option<&Person>,
    mut form: Value,
    flash: Option<&FlashMessage<'_>>,
) -> PageResult {
    let path = old.map_or("/utenti".into(), |one| format!("/utenti/{}", one.id));
    let frame = Frame::of(site, agent, &path, flash);
    let within = agent.reach(Act::ManagePeople).organizations();
    let mut c = site.app.db.read().await?;
    let bodies = store::organizations::list(&mut c, within.as_deref(), "", &Window::first(1000)).await?;
    let invited = match old {
        Some(one) => !store::people::without_password(&mut c, std::slice::from_ref(one)).await?.is_empty(),
        None => false,
    };
    let bounced = match old {
        Some(one) => outbox::bounce::of(&site.app, &mut c, &one.email).await?,
        None => None,
    };
    drop(c);
    // Who answers for one body makes people of that one.
    if let (Some(_), [only], true) = (&within, &bodies.items[..], form["values"]["organization_id"].is_null()) {
        form["values"]["organization_id"] = json!(only.id);
    }
    // Who answers for some bodies gives their roles only.
    let roles = Role::ALL.into_iter().filter(|role| within.is_none() || role.is_of_organization()).map(Role::as_str);
    let words =
        |role: &str| json!({"id": role, "name": capitalized(&frame.text(&format!("role-{}", role.replace('_', "-"))))});
    let context = json!({
        "form": form,
        "who": old.map(|one| json!({"id": one.id, "name": one.name, "active": one.active, "invited": invited,
            "bounced": bounced.map(|it| When::new(site, frame.language).full(it.at))})),
        "roles": roles.map(words).collect::<Vec<Value>>(),
        "organizations": bodies.items.iter().map(|one| json!({"id": one.id, "name": one.name})).collect::<Vec<Value>>(),
        "is_staff_given": within.is_none(),
    });
    let title = old.map_or(frame.text("person-new-title"), |one| one.name.clone());
    Ok(RawHtml(frame.render("people/form", &title, context)?))
}
