//! In charge of the requester's portal: «Le mie attività», `/richieste`; a new request; one request, its reply and its end
//! (F18–F25). Works without scripts.

use rocket::request::FlashMessage;
use rocket::response::Redirect;
use rocket::{FromForm, State, get, post};
use serde_json::{Value, json};

use super::delivery::named;
use super::{
    Names, answered, answers, dashed, files, fresh_key, history, kept_files, mark, new_form, once, password_due, row,
    severity, typed_kind, with_files,
};
use crate::desk::sight::{Part, sees_delivery};
use crate::desk::state::{Verb, after};
use crate::desk::verb::{self, NotDone, With};
use crate::desk::{reply, ticket as desk};
use crate::input::{FieldError, Fields};
use crate::model::page::{Cursor, Window};
use crate::model::ticket::{Channel, State as Standing, Ticket};
use crate::people::Refusal;
use crate::people::rights::{self, Act};
use crate::store;
use crate::store::ticket_list::{Order, Scope, Wanted};
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::when::When;

/// How many requests a page shows.
const PER_PAGE: usize = 50;

/// What the list may ask for.
#[derive(Debug, FromForm)]
pub struct Query<'q> {
    scheda: Option<&'q str>,
    stato: Option<&'q str>,
    /// Of which body, for who belongs to several (V08).
    ente: Option<&'q str>,
    q: Option<&'q str>,
    dopo: Option<&'q str>,
}

/// The states behind a word of the page: seed 001 has three.
fn states(word: &str) -> Vec<Standing> {
    match word {
        "aperte" => vec![Standing::New],
        "in-corso" => {
            vec![Standing::Open, Standing::PendingRequester, Standing::PendingConditions, Standing::PendingThirdParty]
        }
        "completate" => vec![Standing::Resolved, Standing::Closed, Standing::Cancelled],
        _ => Vec::new(),
    }
}

/// The lists: one's own requests, those in which one is in copy, the body's.
#[get("/richieste?<query..>")]
pub async fn list(query: Query<'_>, agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::AskForHelp)?;
    let tab = query.scheda.filter(|word| ["copia", "organizzazione"].contains(word)).unwrap_or("mie");
    let state = query.stato.filter(|word| !states(word).is_empty()).unwrap_or_default();
    let q = query.q.unwrap_or_default();
    let places = &agent.person.memberships;
    let own = query.ente.and_then(|id| places.iter().find(|one| one.organization_id.as_str() == id));
    let organization_id = own.map(|one| one.organization_id.clone());
    let seen = agent.sight(site).await?;
    let asker = (&agent.person.id, agent.person.email.as_str());
    let scope = |tab: &str| match tab {
        "copia" => Scope::Cc,
        "organizzazione" => Scope::Organization,
        _ => Scope::Mine,
    };
    let wanted = Wanted {
        scope: scope(tab),
        states: states(state),
        q: Some(q.to_string()).filter(|q| !q.is_empty()),
        organization_id: organization_id.clone(),
        ..Wanted::default()
    };
    let window = Window { limit: PER_PAGE, after: query.dopo.and_then(Cursor::decode) };
    let mut c = site.app.db.read().await?;
    let page = store::ticket_list::list(&mut c, &seen, asker, &wanted, (Order::Updated, true), &window).await?;
    let has_organization = rights::may(&agent.person, Act::WorkTickets)
        || agent.person.memberships.iter().any(|one| one.visibility == crate::model::person::Visibility::Organization);
    let mut tabs = Vec::new();
    for (word, text) in
        [("mie", "requests-mine"), ("copia", "requests-cc"), ("organizzazione", "requests-organization")]
    {
        if word != "organizzazione" || has_organization {
            let of = Wanted { scope: scope(word), organization_id: organization_id.clone(), ..Wanted::default() };
            let count = store::ticket_list::count(&mut c, &seen, asker, &of).await?;
            tabs.push(json!({"word": word, "text": text, "count": count}));
        }
    }
    let waits = Wanted { scope: Scope::Mine, states: vec![Standing::PendingRequester], ..Wanted::default() };
    let waiting =
        store::ticket_list::list(&mut c, &seen, asker, &waits, (Order::Updated, true), &Window::first(3)).await?;
    let names = Names::of(&mut c, &page.items).await?;
    let bodies = match places.len() {
        0 | 1 => Default::default(),
        _ => store::organizations::names(&mut c, places.iter().map(|one| &one.organization_id)).await?,
    };
    drop(c);
    let frame = Frame::of(site, &agent, "/richieste", flash.as_ref());
    let organizations: Vec<Value> = places
        .iter()
        .filter_map(|one| bodies.get(&one.organization_id).map(|name| json!({"id": one.organization_id, "name": name})))
        .collect();
    let (when, now) = (When::new(site, frame.language), site.app.clock.now());
    let rows: Vec<Value> = page.items.iter().map(|one| row(&frame, &when, &names, one, now, true)).collect();
    let text = |text: &Value| frame.text(text.as_str().unwrap_or_default());
    let tabs: Vec<Value> = tabs
        .iter()
        .map(|one| json!({"word": one["word"], "text": text(&one["text"]), "count": one["count"], "current": one["word"] == tab}))
        .collect();
    let waiting: Vec<Value> =
        waiting.items.iter().map(|one| json!({"number": one.number, "subject": one.subject})).collect();
    let context = json!({
        "rows": rows, "tabs": tabs, "tab": tab, "state": state, "q": q, "waiting": waiting,
        "organizations": organizations, "organization": organization_id,
        "next": page.next.map(|next| next.encode()),
    });
    frame.page("tickets/list", "requests-title", context)
}

/// The form for a new request; `casella` is the mailbox that it is about.
#[get("/richieste/nuova?<casella>")]
pub async fn new(casella: Option<&str>, agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::AskForHelp)?;
    draw_new(site, &agent, empty(json!({"mailbox_id": casella}))).await
}

/// Opens it.
#[post("/richieste", data = "<form>")]
pub async fn create(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::AskForHelp)?;
    let mut texts: Vec<(String, String)> = ["subject", "body", "area", "priority", "cc", "organization_id"]
        .map(|name| (name.to_string(), form.get(name).to_string()))
        .to_vec();
    texts.push(("mailbox_ids".into(), form.get("mailbox_id").into()));
    texts.push(("attachments".into(), files(&form)));
    let asked = store::request_fields::asked(&mut *site.app.db.read().await?).await?;
    texts.extend(typed_kind(&form));
    texts.extend(answers(&form, &asked));
    let mut fields = Fields::from_texts(texts);
    // Who writes must say what kind of problem it is, and how much it presses (F03, F24).
    for needed in ["kind", "priority"] {
        fields.required_text(needed, 50);
    }
    let key = once(&form, "/richieste");
    let made = match with_files(&form, desk::read(fields, &agent.person, Channel::Portal, &asked)) {
        Ok(draft) => desk::create(&site.app, &agent.actor(), &agent.person, draft, key.as_ref()).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match made {
        Ok(ticket) => Ok(Sent::done(format!("/richieste/{}", ticket.number), "request-sent")),
        Err(Refusal::Invalid(wrong)) => {
            let kept = kept_files(site, &agent.person.id, &form).await?;
            let mut form = form.again(site, agent.person.language, &wrong);
            form["kept"] = kept.into();
            Ok(Sent::again(draw_new(site, &agent, form).await?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn draw_new(site: &Site, agent: &Agent, form: Value) -> PageResult {
    let frame = Frame::of(site, agent, "/richieste/nuova", None);
    let mut c = site.app.db.read().await?;
    let mut context = new_form(&mut c, &frame, Some(&agent.person), form).await?;
    let within = agent.reach(Act::ListMailboxes).within();
    let wanted = store::mailbox_list::Wanted { within, ..Default::default() };
    let order = store::mailbox_list::Order::Address;
    let boxes = store::mailbox_list::list(&mut c, &wanted, order, false, &Window::first(200)).await?;
    drop(c);
    context["mailboxes"] = boxes.items.iter().map(|one| json!({"id": one.id, "name": one.card.address})).collect();
    frame.page("tickets/new", "request-new-title", context)
}

/// A form that came back wrong stands at the address that took it: who asks for that address again finds the request.
#[get("/richieste/<number>/<_>", rank = 20)]
pub async fn back(number: &str, agent: Agent, site: &State<Site>) -> Answer {
    let (ticket, _) = agent.ticket(site, number).await?;
    Ok(Sent::Gone(Box::new(Redirect::to(format!("/richieste/{}", ticket.number)))))
}

/// One request.
#[get("/richieste/<number>?<prima>", rank = 2)]
pub async fn show(
    number: &str,
    prima: Option<&str>,
    agent: Agent,
    flash: Option<FlashMessage<'_>>,
    site: &State<Site>,
) -> PageResult {
    let asked = agent.ticket(site, number).await?;
    draw(site, &agent, asked, empty(json!({})), flash.as_ref(), prima).await
}

/// A reply of those who asked.
#[post("/richieste/<number>/risposta", data = "<form>")]
pub async fn answer(number: &str, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let (ticket, part) = agent.ticket(site, number).await?;
    if !part.may_reply() {
        return Err(Failure::Forbidden);
    }
    let names = files(&form);
    let texts = [("kind", "public"), ("body_text", form.get("body_text")), ("attachments", &names)];
    let fields = Fields::from_texts(texts.map(|(name, text)| (name.to_string(), text.to_string())));
    let key = once(&form, &format!("/richieste/{}/risposta", ticket.number));
    let said = match with_files(&form, reply::read(fields, part)) {
        Ok(draft) => {
            let asked = (&ticket, part);
            reply::say(&site.app, &agent.actor(), &agent.person, asked, draft, Channel::Portal, key.as_ref()).await
        }
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match said {
        Ok((now, _)) if now.number != ticket.number => {
            Ok(Sent::done(format!("/richieste/{}", now.number), "request-followed"))
        }
        Ok((now, _)) => Ok(Sent::done(format!("/richieste/{}", now.number), "reply-sent")),
        Err(refusal) => {
            let wrong = match refusal {
                Refusal::Invalid(wrong) => wrong,
                // It was cancelled meanwhile: what was typed is not lost.
                Refusal::Conflict("conflict-ticket-state") => vec![FieldError::new("body_text", "ticket-state")],
                refusal => return Err(refusal.into()),
            };
            let kept = kept_files(site, &agent.person.id, &form).await?;
            let mut form = form.again(site, agent.person.language, &wrong);
            form["kept"] = kept.into();
            let asked = agent.ticket(site, number).await?;
            Ok(Sent::again(draw(site, &agent, asked, form, None, None).await?))
        }
    }
}

/// «Segna come risolta», «Conferma».
#[post("/richieste/<number>/chiudi", data = "<_form>")]
pub async fn close(number: &str, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    act(site, &agent, number, Verb::Close, "request-closed").await
}

/// «Riapri».
#[post("/richieste/<number>/riapri", data = "<_form>")]
pub async fn reopen(number: &str, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    act(site, &agent, number, Verb::Reopen, "request-reopened").await
}

async fn act(site: &Site, agent: &Agent, number: &str, verb: Verb, word: &str) -> Answer {
    let (ticket, part) = agent.ticket(site, number).await?;
    let asked = (&ticket, part);
    match verb::act(&site.app, &agent.actor(), &agent.person, asked, verb, With::default()).await {
        Ok(now) => Ok(Sent::done(format!("/richieste/{}", now.number), word)),
        Err(NotDone::Forbidden) => Err(Failure::Forbidden),
        Err(NotDone::Refused(refusal)) => Err(refusal.into()),
    }
}

async fn draw(
    site: &Site,
    agent: &Agent,
    (ticket, part): (Ticket, Part),
    form: Value,
    flash: Option<&FlashMessage<'_>>,
    before: Option<&str>,
) -> PageResult {
    let ticket = &ticket;
    let path = format!("/richieste/{}", ticket.number);
    let frame = Frame::of(site, agent, &path, flash);
    let when = When::new(site, frame.language);
    let mut c = site.app.db.read().await?;
    // Here the desk too sees what those who asked see.
    let history = history(&mut c, &frame, &when, ticket, (false, &agent.person.id), before).await?;
    let names = Names::of(&mut c, std::slice::from_ref(ticket)).await?;
    let mails = store::outbox::of_ticket(&mut c, &ticket.number).await?;
    let lost: Vec<&str> =
        mails.iter().filter(|mail| sees_delivery(Part::Requester, ticket, mail)).map(|mail| mail.to.as_str()).collect();
    let mut mailboxes = Vec::new();
    for id in &ticket.mailbox_ids {
        let found = store::mailboxes::find(&mut c, id).await?;
        let seen = found.filter(|one| rights::may_on(&agent.person, Act::ListMailboxes, one));
        if let Some(one) = seen {
            let status = dashed(one.facts.status.as_str());
            mailboxes.push(json!({
                "address": one.card.address, "href": format!("/caselle/{}/scheda", one.id),
                "mark": crate::web::mailboxes::mark(one.facts.status), "text": frame.text(&format!("status-{status}")),
            }));
        }
    }
    drop(c);
    let works = part.is_desk();
    let state = dashed(ticket.state.as_str());
    let step = match ticket.state {
        Standing::New => 1,
        Standing::Resolved | Standing::Closed | Standing::Cancelled => 4,
        _ => 3,
    };
    let context = json!({
        "form": form, "once": fresh_key(), "entries": history["entries"], "older": history["older"], "is_old": history["is_old"], "step": step,
        "ticket": {
            "number": ticket.number, "subject": ticket.subject, "mark": mark(ticket.state),
            "state_text": frame.text(&format!("ticket-plain-{state}")),
            "now_text": frame.text(&format!("ticket-now-{state}")),
            "reason": ticket.reason.as_ref().filter(|_| ticket.state.is_paused() || ticket.state == Standing::PendingThirdParty || ticket.state == Standing::Cancelled),
            "severity": severity(&frame, ticket.severity),
            "priority": ticket.priority.map(|one| severity(&frame, one)),
            "area": frame.text(&format!("area-{}", ticket.area.as_str())),
            "organization": names.organization(ticket), "assignee": names.assignee(ticket),
            "requester": ticket.requester.name, "cc": ticket.cc, "lost": (part == Part::Requester && !lost.is_empty()).then(|| named(&frame, &lost)),
            "created": when.minute(ticket.created_at), "taken": ticket.clocks.first_responded_at.map(|at| when.minute(at)),
            "next_update": ticket.clocks.next_update_due_at.map(|at| when.minute(at)),
            "due": ticket.clocks.resolution_due_at.map(|at| when.minute(at)),
            "merged_into": ticket.merged_into, "follows": ticket.follows,
            "can_close": after(ticket, Verb::Close, part).is_ok(), "can_reopen": after(ticket, Verb::Reopen, part).is_ok(),
            "is_resolved": ticket.state == Standing::Resolved, "can_reply": ticket.state != Standing::Cancelled && part.may_reply(), "only_reads": !part.may_reply(),
            "is_closed": ticket.state == Standing::Closed, "answers": answered(&frame, &ticket.fields),
            "password_by": password_due(&frame, ticket),
        },
        "mailboxes": mailboxes, "works": works,
    });
    Ok(rocket::response::content::RawHtml(frame.render("tickets/show", &ticket.subject, context)?))
}
