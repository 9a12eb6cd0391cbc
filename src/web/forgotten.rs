//! In charge of the page for who has forgotten the password, `/password-dimenticata`. It answers everybody alike: whether there
//! is such a person is told by mail only.

use rocket::http::CookieJar;
use rocket::request::FlashMessage;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::Site;
use super::form::{Posted, empty, visitor_token};
use super::guard::Visitor;
use super::page::{Answer, PageResult, Sent};
use super::session::visitor_frame;
use crate::outbox;
use crate::people::link;
use crate::store;

/// The page.
#[get("/password-dimenticata")]
pub async fn show(
    visitor: Visitor,
    cookies: &CookieJar<'_>,
    flash: Option<FlashMessage<'_>>,
    site: &State<Site>,
) -> PageResult {
    draw(site, &visitor, cookies, empty(json!({})), flash.as_ref()).await
}

/// Sends a link, if there is such a person.
#[post("/password-dimenticata", data = "<form>")]
pub async fn ask(form: Posted, visitor: Visitor, cookies: &CookieJar<'_>, site: &State<Site>) -> Answer {
    let mut fields = form.fields();
    fields.required_text("email", 254);
    let email = fields.email("email");
    match fields.finish(email) {
        Ok(email) => {
            // Beside the answer, so that its time tells nothing either.
            let (app, client) = (site.app.clone(), visitor.client());
            tokio::spawn(async move {
                if let Err(fault) = link::ask(&app, &email, &client).await {
                    tracing::error!(error = %fault, "a link that was asked for could not be sent");
                }
            });
            Ok(Sent::done("/password-dimenticata", "link-asked"))
        }
        Err(wrong) => {
            let form = form.again(site, visitor.language, &wrong);
            Ok(Sent::again(draw(site, &visitor, cookies, form, None).await?))
        }
    }
}

async fn draw(
    site: &Site,
    visitor: &Visitor,
    cookies: &CookieJar<'_>,
    form: Value,
    flash: Option<&FlashMessage<'_>>,
) -> PageResult {
    let token = visitor_token(site, cookies);
    let contacts = store::contacts::all(&mut *site.app.db.read().await?).await?;
    let context = json!({"form": form, "open": outbox::is_open(&site.app), "contacts": contacts});
    visitor_frame(site, visitor, "/password-dimenticata", &token, flash).page("forgotten", "forgotten-title", context)
}
