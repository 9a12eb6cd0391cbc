//! In charge of what is perhaps the same request (F26) on pages: how it is shown, joining two by one press, saying that they are not
//! the same; and, while a call is written down, looking and adding to what there is. What makes two the same is not known here.

use rocket::response::Redirect;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::work::found;
use super::{dashed, files, mark, once, phone, with_files};
use crate::desk::duplicate::{self, Proposal, older_first};
use crate::desk::reply;
use crate::desk::state::Verb;
use crate::desk::verb::{self, NotDone, With};
use crate::input::{FieldError, Fields};
use crate::model::ticket::Ticket;
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Frame, Sent};
use crate::web::when::When;

/// One that is perhaps the same as `ticket`, or as what is being written down.
pub(super) fn view(frame: &Frame<'_>, when: &When<'_>, one: &Proposal, ticket: Option<&Ticket>) -> Value {
    let other = &one.ticket;
    let stays = ticket.map(|ticket| older_first(ticket, other).0);
    let why = one.why.iter().map(|why| frame.text(&format!("duplicate-{}", why.as_str())));
    json!({
        "number": other.number, "subject": other.subject, "mark": mark(other.state),
        "state_text": frame.text(&format!("ticket-state-{}", dashed(other.state.as_str()))),
        "channel": frame.text(&format!("channel-{}", other.channel.as_str())),
        "requester": other.requester.name, "created": when.ago(other.created_at),
        "why": why.collect::<Vec<String>>().join(", "),
        "is_older": stays.is_none_or(|stays| stays.id == other.id), "stays": stays.map(|stays| &stays.number),
        "read_more": one.read_more.join(", "),
        "readers": std::iter::once(&other.requester.name).chain(&other.cc).cloned().collect::<Vec<String>>().join(", "),
    })
}

/// Joins two: the older one stays, and is where one goes on.
#[post("/operatore/<number>/doppione/<other>/unisci", data = "<_form>")]
pub async fn join(number: &str, other: &str, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let (one, part) = found(site, &agent, number).await?;
    let (other, _) = found(site, &agent, other).await?;
    let (stays, joined) = older_first(&one, &other);
    let with = With { into: stays.number.clone(), ..With::default() };
    match verb::act(&site.app, &agent.actor(), &agent.person, (joined, part), Verb::Merge, with).await {
        Ok(_) => Ok(Sent::done(format!("/operatore/{}", stays.number), "duplicate-joined")),
        Err(NotDone::Forbidden) => Err(Failure::Forbidden),
        // A colleague was faster, or it stands otherwise by now: the page shows how.
        Err(NotDone::Refused(Refusal::Invalid(_) | Refusal::Conflict(_))) => {
            Ok(Sent::not_done(format!("/operatore/{}", one.number), "duplicate-not-joined"))
        }
        Err(NotDone::Refused(refusal)) => Err(refusal.into()),
    }
}

/// Says that two are not the same: it is not proposed again.
#[post("/operatore/<number>/doppione/<other>/diversa", data = "<_form>")]
pub async fn tell_apart(number: &str, other: &str, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let (ticket, _) = found(site, &agent, number).await?;
    match duplicate::tell_apart(&site.app, &agent.actor(), &agent.person, &ticket, other).await {
        Ok(()) => Ok(Sent::done(format!("/operatore/{}", ticket.number), "duplicate-told-apart")),
        Err(Refusal::Invalid(_)) => Err(Failure::NotFound),
        Err(refusal) => Err(refusal.into()),
    }
}

/// The call that is being written down, as typed, with what is perhaps open already; or that part of the page alone.
#[post("/operatore/telefonata/doppioni?<frammento>", data = "<form>")]
pub async fn look(frammento: Option<&str>, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::WorkTickets)?;
    Ok(Sent::Seen(phone::again(site, &agent, &form, &[], frammento.is_some()).await?))
}

/// Adds what was said on the phone to a request that there is.
#[post("/operatore/telefonata/aggiungi/<number>", data = "<form>")]
pub async fn add(number: &str, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::WorkTickets)?;
    let ticket = match found(site, &agent, number).await {
        Ok((ticket, _)) => ticket,
        // It was put where others work, or never was: what was said on the phone is not lost for that.
        Err(Failure::NotFound) => return not_added(site, &agent, &form).await,
        Err(failure) => return Err(failure),
    };
    let mut texts =
        vec![("body".to_string(), phone::said(site, &form)), ("channel".to_string(), form.get("channel").to_string())];
    texts.push(("attachments".into(), files(&form)));
    texts.extend(phone::caller(&form));
    let key = once(&form, &format!("/operatore/telefonata/aggiungi/{}", ticket.number));
    let mut fields = Fields::from_texts(texts);
    phone::name_body(site, &form, &mut fields).await?;
    let said = match with_files(&form, reply::read_call(fields)) {
        Ok(call) => reply::say_by_phone(&site.app, &agent.actor(), &agent.person, &ticket, call, key.as_ref()).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match said {
        Ok(now) => Ok(Sent::done(super::goes_on(site, &agent, &now).await?, "call-added")),
        Err(Refusal::Invalid(wrong)) => Ok(Sent::again(phone::again(site, &agent, &form, &wrong, false).await?)),
        // It was added the first time that it was sent, and others work on it now.
        Err(Refusal::Conflict("conflict-made-for-others")) => Ok(Sent::done("/operatore", "call-added")),
        // A colleague has closed it while one typed.
        Err(Refusal::Conflict(_)) => not_added(site, &agent, &form).await,
        Err(refusal) => Err(refusal.into()),
    }
}

/// The call as typed, to be added elsewhere or opened.
async fn not_added(site: &Site, agent: &Agent, form: &Posted) -> Answer {
    let wrong = [FieldError::new("body", "call-not-added")];
    Ok(Sent::again(phone::again(site, agent, form, &wrong, false).await?))
}

/// The address of what was sent, asked for again: the page begins anew.
#[get("/operatore/telefonata/doppioni")]
pub async fn looked(agent: Agent) -> Answer {
    anew(&agent)
}

/// The same.
#[get("/operatore/telefonata/aggiungi/<_>")]
pub async fn added(agent: Agent) -> Answer {
    anew(&agent)
}

fn anew(agent: &Agent) -> Answer {
    agent.must(Act::WorkTickets)?;
    Ok(Sent::Gone(Box::new(Redirect::to("/operatore/telefonata"))))
}
