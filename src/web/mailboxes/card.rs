//! In charge of a mailbox's card, `/caselle/<id>/scheda` (H16, H29, T09): how it stands and since when, what to do, who may open
//! it, what was done with it; suspending and taking up the watch. Who sees less is shown less.

use rocket::request::FlashMessage;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::view;
use crate::hub::bulk::{self, Deed};
use crate::hub::grant;
use crate::input::{FieldError, Fields};
use crate::model::grant::Right;
use crate::model::id::{MailboxId, PersonId};
use crate::model::mailbox::Mailbox;
use crate::model::page::Window;
use crate::people::Refusal;
use crate::people::rights::{self, Act};
use crate::store;
use crate::store::audit::Wanted;
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Frame, PageResult, Sent, address};
use crate::web::trace;
use crate::web::when::When;

/// So many changes of status, and so many acts, are shown.
const MOST: usize = 20;

/// The card.
#[get("/caselle/<id>/scheda")]
pub async fn show(id: MailboxId, agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    let mailbox = agent.mailbox(site, &id, Act::ListMailboxes).await?;
    draw(site, &agent, &mailbox, empty(json!({})), flash.as_ref()).await
}

/// Suspends the watch, or takes it up again: `suspended` says which, so that a form sent twice does nothing more.
#[post("/caselle/<id>/sospensione", data = "<form>")]
pub async fn suspend(id: MailboxId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let mailbox = agent.mailbox(site, &id, Act::ManageMailboxes).await?;
    let (deed, word) = match form.get("suspended") {
        "true" => (Deed::Suspend, "mailbox-suspended"),
        _ => (Deed::Resume, "mailbox-resumed"),
    };
    let back = format!("/caselle/{}/scheda", mailbox.id);
    match bulk::act(&site.app, &agent.actor(), std::slice::from_ref(&mailbox), &deed).await?.pop().flatten() {
        None => Ok(Sent::done(back, word)),
        Some(Refusal::Invalid(_)) => Err(Failure::Conflict("conflict-organization-inactive")),
        Some(refusal) => Err(refusal.into()),
    }
}

/// Gives a person, named by the address, rights in the mailbox.
#[post("/caselle/<id>/accessi", data = "<form>")]
pub async fn give(id: MailboxId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let mailbox = agent.mailbox(site, &id, Act::GrantMailboxes).await?;
    let email = form.get("email").trim();
    let found = store::people::find_by_email(&mut *site.app.db.read().await?, email).await?;
    let person = found.filter(|one| rights::may_receive(&agent.person, one));
    let given: Vec<&str> =
        Right::ALL.iter().map(|right| right.as_str()).filter(|word| !form.get(word).is_empty()).collect();
    let mut fields = Fields::from_texts([("rights".to_string(), given.join(","))]);
    if let Some(until) = end_of(site, form.get("until")) {
        fields.put("until", &until);
    }
    let mut wrong: Vec<FieldError> = Vec::new();
    let read = grant::read(fields, site.app.clock.now());
    if let Err(faults) = &read {
        wrong.extend(faults.iter().cloned());
    }
    match (&person, email) {
        (_, "") => wrong.push(FieldError::new("email", "required")),
        (None, _) => wrong.push(FieldError::new("email", "not-grantable")),
        _ => {}
    }
    match (person, read) {
        (Some(person), Ok(given)) => {
            grant::put(&site.app, &agent.actor(), &mailbox, &person, given).await?;
            Ok(Sent::done(format!("/caselle/{}/scheda", mailbox.id), "grant-given"))
        }
        _ => {
            let form = form.again(site, agent.person.language, &wrong);
            Ok(Sent::again(draw(site, &agent, &mailbox, form, None).await?))
        }
    }
}

/// Takes away what a person may do in the mailbox.
#[post("/caselle/<id>/accessi/<person>/togli", data = "<_form>")]
pub async fn take(id: MailboxId, person: PersonId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let mailbox = agent.mailbox(site, &id, Act::GrantMailboxes).await?;
    let found = store::people::find(&mut *site.app.db.read().await?, &person).await?.ok_or(Failure::NotFound)?;
    match grant::remove(&site.app, &agent.actor(), &mailbox, &found).await? {
        true => Ok(Sent::done(format!("/caselle/{}/scheda", mailbox.id), "grant-taken")),
        false => Err(Failure::NotFound),
    }
}

/// The end of the last day of a grant, as the rule reads it; what is no day is left for the rule to refuse.
fn end_of(site: &Site, day: &str) -> Option<String> {
    use chrono::TimeZone;
    let day = day.trim();
    if day.is_empty() {
        return None;
    }
    let next = chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").ok().and_then(|day| day.succ_opt());
    let midnight = next.and_then(|day| day.and_hms_opt(0, 0, 0));
    let at = midnight.and_then(|midnight| site.app.settings.time_zone.from_local_datetime(&midnight).earliest());
    Some(at.map_or_else(|| day.to_string(), |at| at.to_rfc3339()))
}

async fn draw(
    site: &Site,
    agent: &Agent,
    mailbox: &Mailbox,
    form: Value,
    flash: Option<&FlashMessage<'_>>,
) -> PageResult {
    let path = format!("/caselle/{}/scheda", mailbox.id);
    let frame = Frame::of(site, agent, &path, flash);
    let when = When::new(site, frame.language);
    let may = |act| rights::may_on(&agent.person, act, mailbox);
    let (figures, settings, grants) =
        (may(Act::SeeMailboxFigures), may(Act::SeeMailboxSettings), may(Act::GrantMailboxes));
    let sight = agent.sight(site).await?;
    let mut c = site.app.db.read().await?;
    let wanted = |action: Option<&str>| Wanted {
        subject: Some(mailbox.card.address.clone()),
        action: action.map(Into::into),
        ..Wanted::default()
    };
    let window = Window::first(MOST);
    let changes = store::audit::list(&mut c, &wanted(Some("mailbox.status-changed")), &window).await?;
    // What others did with the mailbox is for whoever answers for it (T09), and for readers of the trace.
    let acts = match grants {
        true => Some(store::audit::list(&mut c, &wanted(None), &window).await?),
        false => None,
    };
    let given = if grants { store::grants::of_mailbox(&mut c, &mailbox.id).await? } else { Vec::new() };
    let body = match &mailbox.card.organization_id {
        Some(id) if figures => store::organizations::find(&mut c, id).await?.map(|one| one.name),
        _ => None,
    };
    let about = store::ticket_list::Wanted { mailbox_id: Some(mailbox.id.clone()), ..Default::default() };
    let order = (store::ticket_list::Order::Created, true);
    let asker = (&agent.person.id, agent.person.email.as_str());
    let tickets = store::ticket_list::list(&mut c, &sight, asker, &about, order, &Window::first(10)).await?.items;
    drop(c);
    let now = site.app.clock.now();
    let page = if rights::may(&agent.person, Act::WorkTickets) { "operatore" } else { "richieste" };
    let ticket = |one: &crate::model::ticket::Ticket| {
        let state = frame.text(&format!("ticket-state-{}", one.state.as_str().replace('_', "-")));
        json!({"href": format!("/{page}/{}", one.number), "number": one.number, "subject": one.subject, "state": state})
    };
    let change = |one: &crate::model::trace::Entry| {
        let (words, detail) = super::status_change(&frame, &one.detail);
        json!({"at": when.exact(one.at), "text": words, "detail": detail.filter(|_| settings)})
    };
    let act = |one: &crate::model::trace::Entry| json!({"at": when.exact(one.at), "actor": trace::actor(&frame, one), "text": trace::action(&frame, one)});
    let grant = |(one, name, email): &(crate::model::grant::Grant, String, String)| {
        let words: Vec<String> =
            one.rights.iter().map(|right| frame.text(&format!("right-{}", right.as_str()))).collect();
        json!({"name": name, "email": email, "rights": words.join(", "), "until": one.until.map(|at| when.exact(crate::clock::Moment(at.0 - 1))),
               "over": !one.holds(now), "take_href": format!("/caselle/{}/accessi/{}/togli", mailbox.id, one.person_id)})
    };
    let (card, facts) = (&mailbox.card, &mailbox.facts);
    let mut shown = view(&frame, mailbox);
    if !settings {
        shown["status_detail"] = Value::Null;
    }
    let context = json!({
        "mailbox": shown,
        "form": form,
        "figures": figures,
        "settings": settings.then(|| json!({
            "username": card.username, "imap": card.imap.key(), "imap_security": card.imap.security,
            "smtp": card.smtp.as_ref().map(|server| server.key()),
            "authorization_holder": card.authorization.holder, "authorization_date": trace::local_day(&card.authorization.date),
        })),
        "description": card.description.as_ref().filter(|_| figures),
        "group": card.group.as_ref().filter(|_| figures),
        "organization": body,
        "holder_tax_code": card.holder_tax_code.as_ref().filter(|_| figures),
        "last_success": when.ago_or_null(facts.last_success_at.filter(|_| figures)),
        "next_try": when.ago_or_null(facts.next_try_at.filter(|at| figures && *at > now)),
        "changes": changes.items.iter().map(change).collect::<Vec<Value>>(),
        "acts": acts.map(|acts| acts.items.iter().map(act).collect::<Vec<Value>>()),
        "grants": given.iter().map(grant).collect::<Vec<Value>>(),
        "tickets": tickets.iter().map(ticket).collect::<Vec<Value>>(),
        "may_grant": grants,
        "may_open": may(Act::OpenMailbox),
        "suspended": facts.status == crate::model::mailbox::Status::Suspended,
        "trace_href": rights::may(&agent.person, Act::ReadTrace).then(|| address("/registro", [("su", Some(card.address.as_str()))])),
    });
    let title = if figures { mailbox.name() } else { &card.address };
    Ok(rocket::response::content::RawHtml(frame.render("mailboxes/card", title, context)?))
}
