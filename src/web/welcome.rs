//! In charge of the page behind a one-time link, `/benvenuto/<token>`: the first administrator, or a person's password.

use rocket::http::CookieJar;
use rocket::response::Redirect;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::Site;
use super::form::{Posted, empty, visitor_token};
use super::guard::Visitor;
use super::outcome::Failure;
use super::page::{Answer, PageResult, Sent};
use super::session::{keep, visitor_frame};
use crate::input::FieldError;
use crate::model::person::Role;
use crate::people::Refusal;
use crate::people::link::{self, Welcome};
use crate::people::password::RULES;
use crate::people::person::Draft;

/// The page, while the link is good.
#[get("/benvenuto/<token>")]
pub async fn show(token: &str, visitor: Visitor, cookies: &CookieJar<'_>, site: &State<Site>) -> PageResult {
    let welcome = link::find(&site.app, token).await?.ok_or(Failure::NotFound)?;
    draw(site, &visitor, cookies, token, &welcome, empty(json!({})))
}

/// Uses the link up.
#[post("/benvenuto/<token>", data = "<form>")]
pub async fn accept(
    token: &str,
    form: Posted,
    visitor: Visitor,
    cookies: &CookieJar<'_>,
    site: &State<Site>,
) -> Answer {
    let welcome = link::find(&site.app, token).await?.ok_or(Failure::NotFound)?;
    let password = form.get("password").into();
    let used = match (&welcome, read(&form, &welcome, &visitor)) {
        (_, Err(wrong)) => Err(Refusal::Invalid(wrong)),
        (Welcome::FirstAdmin, Ok(draft)) => {
            link::make_first_admin(&site.app, token, draft, &password, &visitor.client()).await
        }
        (Welcome::Person(person), Ok(_)) => {
            link::choose_password(&site.app, token, person, &password, &visitor.client()).await
        }
    };
    match used {
        Ok(Some(session)) => {
            keep(site, cookies, &session);
            Ok(Sent::Gone(Box::new(Redirect::to("/"))))
        }
        Ok(None) => Err(Failure::NotFound),
        Err(Refusal::Invalid(wrong)) => {
            let form = form.again(site, visitor.language, &wrong);
            Ok(Sent::again(draw(site, &visitor, cookies, token, &welcome, form)?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Who the form says the first administrator is; a person who chooses a password is known already.
fn read(form: &Posted, welcome: &Welcome, visitor: &Visitor) -> Result<Draft, Vec<FieldError>> {
    let mut fields = form.fields();
    let (name, email) = match welcome {
        Welcome::FirstAdmin => {
            let name = fields.required_text("name", 200);
            fields.required_text("email", 254);
            (name, fields.email("email"))
        }
        Welcome::Person(person) => (Some(person.name.clone()), Some(person.email.clone())),
    };
    if form.get("password").is_empty() {
        fields.refuse("password", "required");
    }
    let draft = name.zip(email).map(|(name, email)| Draft::new(email, name, Role::RegionalAdmin, visitor.language));
    fields.finish(draft)
}

fn draw(
    site: &Site,
    visitor: &Visitor,
    cookies: &CookieJar<'_>,
    token: &str,
    welcome: &Welcome,
    form: Value,
) -> PageResult {
    let csrf = visitor_token(site, cookies);
    let path = format!("/benvenuto/{token}");
    let rule = |rule: &&str| json!({"rule": rule, "text": site.templates.text(visitor.language, &format!("rule-{rule}"), &[])});
    let rules: Vec<Value> = RULES.iter().map(rule).collect();
    let (title, email) = match welcome {
        Welcome::FirstAdmin => ("welcome-first-title", None),
        Welcome::Person(person) => ("welcome-title", Some(&person.email)),
    };
    let context = json!({"first": email.is_none(), "email": email, "form": form, "rules": rules});
    visitor_frame(site, visitor, &path, &csrf, None).page("welcome", title, context)
}
