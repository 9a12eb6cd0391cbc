//! In charge of what the page of a request says by itself while it is open: that somebody is there, and what was typed so far.

use rocket::serde::json::Json;
use rocket::{State, post};
use serde_json::{Value, json};

use super::work::found;
use crate::catalogue::Value as Word;
use crate::desk::presence;
use crate::model::ticket::MessageKind;
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::Agent;
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Sent};

/// Says that somebody is there, and hears who else is.
#[post("/operatore/<number>/presenza", data = "<form>")]
pub async fn here(number: &str, form: Posted, agent: Agent, site: &State<Site>) -> Result<Json<Value>, Failure> {
    let (ticket, _) = found(site, &agent, number).await?;
    let others = presence::here(&site.app, &agent.person, &ticket, form.get("scrive") == "1").await?;
    let said = |(name, writing): &(String, bool)| {
        let key = if *writing { "presence-writing" } else { "presence-reading" };
        site.templates.text(agent.person.language, key, &[("name", Word::Text(name.clone()))])
    };
    let words: Vec<String> = others.iter().map(said).collect();
    Ok(Json(json!({"text": words.join(" · ")})))
}

/// Keeps what was typed so far, by itself or by the button.
#[post("/operatore/<number>/bozza", data = "<form>")]
pub async fn draft(number: &str, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let (ticket, _) = found(site, &agent, number).await?;
    let kind = MessageKind::parse(form.get("kind")).filter(|kind| *kind != MessageKind::Event);
    let kind = kind.ok_or(Failure::Malformed)?;
    presence::keep_draft(&site.app, &agent.person, &ticket, kind, form.get("body_text")).await?;
    Ok(Sent::done(format!("/operatore/{}", ticket.number), "draft-kept"))
}
