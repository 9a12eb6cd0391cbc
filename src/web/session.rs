//! In charge of the doors to log in and out: `/`, `/accedi`, `/sessione`, `/esci`.

use rocket::http::{Cookie, CookieJar, SameSite};
use rocket::request::FlashMessage;
use rocket::response::Redirect;
use rocket::serde::json::Json;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::Site;
use super::form::{Posted, empty, visitor_token};
use super::guard::{Agent, Asker, Visitor, cookie_name};
use super::hours;
use super::page::{Answer, Frame, PageResult, Sent, local_path};
use crate::input::FieldError;
use crate::model::person::Role;
use crate::outbox;
use crate::people::session::{self, Opened};

/// Where each person's work begins.
#[get("/")]
pub fn home(agent: Agent) -> Redirect {
    Redirect::to(if agent.person.role == Role::Auditor { "/registro" } else { "/caselle" })
}

/// The page to log in.
#[get("/accedi?<torna>")]
pub async fn show(
    torna: Option<&str>,
    visitor: Visitor,
    cookies: &CookieJar<'_>,
    flash: Option<FlashMessage<'_>>,
    site: &State<Site>,
) -> PageResult {
    let next = local_path(torna.unwrap_or("/"));
    draw(site, &visitor, cookies, flash.as_ref(), next, empty(json!({}))).await
}

async fn draw(
    site: &Site,
    visitor: &Visitor,
    cookies: &CookieJar<'_>,
    flash: Option<&FlashMessage<'_>>,
    next: &str,
    form: Value,
) -> PageResult {
    let token = visitor_token(site, cookies);
    let mut context = hours::help(&mut *site.app.db.read().await?, site, visitor.language).await?;
    (context["form"], context["next"], context["open"]) = (form, next.into(), outbox::is_open(&site.app).into());
    visitor_frame(site, visitor, "/accedi", &token, flash).page("login", "login-title", context)
}

/// Logs in.
#[post("/accedi", data = "<form>")]
pub async fn open(form: Posted, visitor: Visitor, cookies: &CookieJar<'_>, site: &State<Site>) -> Answer {
    let next = local_path(form.get("next")).to_string();
    let (email, password) = (form.get("email").trim(), form.get("password"));
    let missing = [("email", email), ("password", password)].into_iter().filter(|(_, text)| text.is_empty());
    let mut wrong: Vec<FieldError> = missing.map(|(field, _)| FieldError::new(field, "required")).collect();
    let mut wait = None;
    if wrong.is_empty() {
        match session::open(&site.app, email, &password.into(), &visitor.client()).await? {
            Opened::In(token) => {
                keep(site, cookies, &token);
                return Ok(Sent::Gone(Box::new(Redirect::to(next))));
            }
            Opened::Refused => wrong.push(FieldError::new("email", "login")),
            Opened::Wait(seconds) => {
                let about = seconds.to_string();
                wrong.push(FieldError { about, ..FieldError::new("email", "too-many") });
                wait = Some(seconds);
            }
        }
    }
    let form = form.again(site, visitor.language, &wrong);
    let page = draw(site, &visitor, cookies, None, &next, form).await?;
    Ok(wait.map_or_else(|| Sent::again(page.clone()), |seconds| Sent::too_many(page.clone(), seconds)))
}

/// Logs out.
#[post("/esci", data = "<_form>")]
pub async fn close(_form: Posted, agent: Agent, cookies: &CookieJar<'_>, site: &State<Site>) -> Answer {
    session::close(&site.app, &agent.session, &agent.actor()).await?;
    cookies.remove(Cookie::build(cookie_name(site)).path("/").secure(site.app.settings.is_https()));
    Ok(Sent::done("/accedi", "signed-out"))
}

/// Tells an open page whether its session lasts: how long yet, and the token that its forms must carry (ui.md 7.16). Who has
/// none is led to the log-in page like everywhere.
#[get("/sessione")]
pub fn state(agent: Agent, site: &State<Site>) -> Json<Value> {
    let seconds = session::left(&site.app, &agent.session).as_secs();
    Json(json!({"csrf": agent.session.csrf, "seconds": seconds}))
}

/// Gives the browser its session: unreadable by scripts, sent with links from mails, only over https where there is https.
pub fn keep(site: &Site, cookies: &CookieJar<'_>, token: &str) {
    let cookie =
        Cookie::build((cookie_name(site), token.to_string())).path("/").http_only(true).same_site(SameSite::Lax);
    cookies.add(cookie.secure(site.app.settings.is_https()));
}

/// The frame of a page for somebody who is not logged in.
pub fn visitor_frame<'a>(
    site: &'a Site,
    visitor: &Visitor,
    path: &'a str,
    csrf: &'a str,
    flash: Option<&'a FlashMessage<'a>>,
) -> Frame<'a> {
    Frame { site, language: visitor.language, path, agent: None, csrf: Some(csrf), flash }
}
