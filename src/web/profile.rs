//! In charge of a person's own page, `/profilo`: who one is here, language and keys, password, sessions, what one did last (T11).

use rocket::http::CookieJar;
use rocket::request::FlashMessage;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::Site;
use super::form::{Posted, empty};
use super::guard::{Agent, Asker, Visitor};
use super::outcome::Failure;
use super::page::{Answer, Frame, PageResult, Sent};
use super::session::keep;
use super::trace;
use super::when::When;
use crate::clock::Moment;
use crate::desk::notice;
use crate::input::FieldError;
use crate::model::id::SessionId;
use crate::model::page::Window;
use crate::model::person::Language;
use crate::model::ticket::NoticeKind;
use crate::people::password::RULES;
use crate::people::rights::{self, Act};
use crate::people::{Refusal, person, session};
use crate::store;
use crate::store::audit::Wanted;

/// What one did is shown for so many days; older acts are for auditors (T11, D04).
const DAYS: i64 = 7;
/// And no more than so many acts.
const MOST_ACTS: usize = 100;

/// The page.
#[get("/profilo")]
pub async fn show(agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    draw(site, &agent, empty(json!({})), flash.as_ref()).await
}

/// Keeps language and keys.
#[post("/profilo", data = "<form>")]
pub async fn prefer(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let language = Language::parse(form.get("language")).unwrap_or(agent.person.language);
    let single_keys = !form.get("single_keys").is_empty();
    person::prefer(&site.app, &agent.actor(), &agent.person, language, single_keys).await?;
    // A box that is not ticked is not sent: the form says that it has them.
    if !form.get("notices").is_empty() {
        let kinds = NoticeKind::ALL.iter().copied();
        let mut off: Vec<NoticeKind> =
            kinds.filter(|kind| form.get(&format!("notice_{}", kind.as_str())).is_empty()).collect();
        off.sort_by_key(|kind| kind.as_str());
        notice::choose(&site.app, &agent.actor(), &agent.person, &off).await?;
    }
    Ok(Sent::done("/profilo", "saved"))
}

/// Changes the password; every session ends, and this browser gets a new one (U08).
#[post("/profilo/password", data = "<form>")]
pub async fn change_password(
    form: Posted,
    agent: Agent,
    visitor: Visitor,
    cookies: &CookieJar<'_>,
    site: &State<Site>,
) -> Answer {
    let missing = ["present", "password"].into_iter().filter(|name| form.get(name).is_empty());
    let wrong: Vec<FieldError> = missing.map(|name| FieldError::new(name, "required")).collect();
    let (present, chosen) = (form.get("present").into(), form.get("password").into());
    let changed = match wrong.is_empty() {
        true => person::change_password(&site.app, &agent.person, &present, &chosen, &visitor.client()).await,
        false => Err(Refusal::Invalid(wrong)),
    };
    match changed {
        Ok(secret) => {
            keep(site, cookies, &secret);
            Ok(Sent::done("/profilo", "own-password-changed"))
        }
        Err(Refusal::Invalid(wrong)) => {
            let form = form.again(site, agent.person.language, &wrong);
            Ok(Sent::again(draw(site, &agent, form, None).await?))
        }
        Err(Refusal::TooMany(seconds)) => {
            let wrong = FieldError { about: seconds.to_string(), ..FieldError::new("present", "too-many") };
            let form = form.again(site, agent.person.language, &[wrong]);
            Ok(Sent::too_many(draw(site, &agent, form, None).await?, seconds))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Ends one of one's own sessions; its browser is asked to log in at the next click (U06).
#[post("/profilo/sessioni/<id>/chiudi", data = "<_form>")]
pub async fn end_session(id: SessionId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    match session::end(&site.app, &agent.actor(), &agent.person, &id).await? {
        true => Ok(Sent::done("/profilo", "session-ended")),
        false => Err(Failure::NotFound),
    }
}

/// Ends all the others.
#[post("/profilo/sessioni/chiudi", data = "<_form>")]
pub async fn end_others(_form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    session::end_all(&site.app, &agent.actor(), &agent.person, Some(&agent.session.id)).await?;
    Ok(Sent::done("/profilo", "sessions-ended"))
}

async fn draw(site: &Site, agent: &Agent, form: Value, flash: Option<&FlashMessage<'_>>) -> PageResult {
    let frame = Frame::of(site, agent, "/profilo", flash);
    let when = When::new(site, frame.language);
    let person = &agent.person;
    let sessions = session::all(&site.app, person).await?;
    let since = Moment(site.app.clock.now().0 - DAYS * 24 * 3_600_000);
    let wanted = Wanted { actor: Some(person.email.clone()), from: Some(since), ..Wanted::default() };
    let mut c = site.app.db.read().await?;
    let acts = store::audit::list(&mut c, &wanted, &Window::first(MOST_ACTS)).await?;
    let off = store::notices::off(&mut c, &person.id).await?;
    let bodies = store::organizations::names(&mut c, person.memberships.iter().map(|one| &one.organization_id)).await?;
    drop(c);
    let session = |one: &store::sessions::Listed| {
        json!({"id": one.id, "ip": one.ip, "browser": browser(&frame, &one.user_agent), "begun": when.ago(one.created_at),
               "seen": when.ago(one.seen_at), "current": one.id == agent.session.id})
    };
    let act = |one: &crate::model::trace::Entry| {
        json!({"at": when.exact(one.at), "text": trace::action(&frame, one),
               "subject": trace::subject(&frame, one), "ip": one.ip})
    };
    let rule = |rule: &&str| json!({"rule": rule, "text": frame.text(&format!("rule-{rule}"))});
    let mut names: Vec<&String> = bodies.values().collect();
    names.sort();
    let context = json!({
        "form": form,
        "email": person.email,
        "organizations": names,
        "language": person.language.as_str(),
        "single_keys": person.single_keys,
        "notices": NoticeKind::ALL.iter().filter(|kind| **kind != NoticeKind::Work || rights::may(person, Act::WorkTickets))
            .map(|kind| json!({"word": kind.as_str(), "on": !off.contains(kind)})).collect::<Vec<Value>>(),
        "rules": RULES.iter().map(rule).collect::<Vec<Value>>(),
        "sessions": sessions.iter().map(session).collect::<Vec<Value>>(),
        "acts": acts.items.iter().map(act).collect::<Vec<Value>>(),
        "more_acts": acts.next.is_some(),
    });
    frame.page("profile", "profile-title", context)
}

/// A browser in a person's words, from what it says of itself: enough to tell the own ones apart.
fn browser(frame: &Frame<'_>, agent: &str) -> String {
    let first =
        |words: &[(&str, &'static str)]| words.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    let program = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.into(),
        (None, None) => frame.text("profile-browser-unknown"),
    }
}
