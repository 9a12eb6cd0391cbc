//! In charge of one request as who works on it sees it, `/operatore/<number>`: conversation, reply and note apart (K06), what the
//! request says of itself, the mailboxes it is about (O13).

use rocket::request::FlashMessage;
use rocket::response::Redirect;
use rocket::response::content::RawHtml;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::{
    Names, answered, dashed, due, duplicates, files, fresh_key, goes_on, history, kept_files, kind_of, kind_word,
    kinds, mark, once, own_files, password_due, row, severity, with_files,
};
use crate::desk::change::{self as changing, Unread};
use crate::desk::deadline::Promise;
use crate::desk::sight::{Part, sees};
use crate::desk::state::{Verb, after};
use crate::desk::verb::{self, NotDone, With};
use crate::desk::{canned_answer, deadline, duplicate, held, hours, relation, reply};
use crate::input::{FieldError, Fields};
use crate::model::id::{HeldReplyId, PersonId};
use crate::model::page::Window;
use crate::model::ticket::{Channel, MessageKind, PASSWORD_LOST, Relation, Severity, Sight, State as Standing, Ticket};
use crate::outbox;
use crate::people::Refusal;
use crate::people::rights::{self, Act};
use crate::store;
use crate::store::ticket_list::{Order, Wanted};
use crate::web::Site;
use crate::web::api::attachments::Download;
use crate::web::api::ticket_messages::original_of;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::when::When;

/// A ticket, for who works on it; who does not see it is told that there is none, who only asked in it that it may not.
pub(super) async fn found(site: &Site, agent: &Agent, number: &str) -> Result<(Ticket, Part), Failure> {
    let (ticket, part) = agent.ticket(site, number).await?;
    if part.is_desk() { Ok((ticket, part)) } else { Err(Failure::NotFound) }
}

/// The mail from which an entry was made, as it came.
#[get("/operatore/<number>/voci/<id>/originale")]
pub async fn original(number: &str, id: &str, agent: Agent, site: &State<Site>) -> Result<Download, Failure> {
    original_of(site, &agent, number, id).await
}

/// A form that came back wrong stands at the address that took it: who asks for that address again finds the request.
#[get("/operatore/<number>/<_>", rank = 20)]
pub async fn back(number: &str, agent: Agent, site: &State<Site>) -> Answer {
    let (ticket, _) = found(site, &agent, number).await?;
    Ok(Sent::Gone(Box::new(Redirect::to(format!("/operatore/{}", ticket.number)))))
}

/// The request.
#[get("/operatore/<number>?<pronta>&<prima>")]
pub async fn show(
    number: &str,
    pronta: Option<&str>,
    prima: Option<&str>,
    agent: Agent,
    flash: Option<FlashMessage<'_>>,
    site: &State<Site>,
) -> PageResult {
    let (ticket, _) = found(site, &agent, number).await?;
    // What was begun comes back, on whatever computer (O05); an answer that is ready takes its place when it is chosen.
    let drafts = store::ticket_drafts::of(&mut *site.app.db.read().await?, &agent.person.id, &ticket.id).await?;
    let draft = |kind: MessageKind| drafts.iter().find(|(known, _)| *known == kind).map(|(_, body)| body.clone());
    let text = match pronta {
        Some(id) => ready(site, &ticket, id).await?,
        None => None,
    };
    let text = text.or(draft(MessageKind::Public));
    let note = draft(MessageKind::Internal);
    draw(site, &agent, &ticket, empty(json!({"body_text": text, "note": note})), flash.as_ref(), prima).await
}

/// The text of an answer that is ready, filled with what this ticket says.
async fn ready(site: &Site, ticket: &Ticket, id: &str) -> Result<Option<String>, Failure> {
    let mut c = site.app.db.read().await?;
    let Some(one) = store::canned_answers::find(&mut c, &id.into()).await? else { return Ok(None) };
    let organization = match &ticket.organization_id {
        Some(id) => store::organizations::find(&mut c, id).await?.map(|one| one.name),
        None => None,
    };
    let mailbox = match ticket.mailbox_ids.first() {
        Some(id) => store::mailboxes::find(&mut c, id).await?.map(|one| one.card.address),
        None => None,
    };
    let value = |place: &str| match place {
        "numero" => Some(ticket.number.clone()),
        "oggetto" => Some(ticket.subject.clone()),
        "richiedente" => Some(ticket.requester.name.clone()),
        "ente" => organization.clone(),
        "casella" => mailbox.clone(),
        _ => None,
    };
    Ok(Some(canned_answer::filled(&one.body, value)))
}

/// A reply to those who asked, or a note of the desk: the form says which. A reply may put the request on hold.
#[post("/operatore/<number>/risposta", data = "<form>")]
pub async fn answer(number: &str, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let (ticket, part) = found(site, &agent, number).await?;
    let mut texts: Vec<(String, String)> =
        ["kind", "body_text", "after"].map(|name| (name.to_string(), form.get(name).to_string())).to_vec();
    texts.push(("attachments".into(), files(&form)));
    let key = once(&form, &format!("/operatore/{}/risposta", ticket.number));
    let (is_note, asked) = (form.get("kind") == "internal", (&ticket, part));
    // The page's own form gives a moment to think again; one without a key is said at once.
    let held = key.as_ref().filter(|_| !is_note && form.get("undo") == "1");
    let said = match (with_files(&form, reply::read(Fields::from_texts(texts), part)), held) {
        (Ok(draft), Some(once)) => {
            let kept = held::keep(&site.app, &agent.actor(), &agent.person, &ticket, draft, once).await;
            kept.map(|()| (ticket.number.clone(), "reply-held"))
        }
        (Ok(draft), None) => {
            let said =
                reply::say(&site.app, &agent.actor(), &agent.person, asked, draft, Channel::Portal, key.as_ref()).await;
            said.map(|(now, _)| (now.number, if is_note { "note-kept" } else { "reply-sent" }))
        }
        (Err(wrong), _) => Err(Refusal::Invalid(wrong)),
    };
    match said {
        Ok((number, word)) => Ok(Sent::done(format!("/operatore/{number}"), word)),
        Err(refusal) => again(site, &agent, &ticket, &form, refusal).await,
    }
}

/// Takes one's own reply back before it is sent (O06): it is in its form again, with its files.
#[post("/operatore/<number>/in-partenza/<id>/annulla", data = "<_form>")]
pub async fn take_back(number: &str, id: HeldReplyId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let (ticket, _) = found(site, &agent, number).await?;
    let Some(one) = held::take_back(&site.app, &agent.person, &ticket, &id).await? else {
        return Ok(Sent::not_done(format!("/operatore/{}", ticket.number), "reply-gone"));
    };
    if one.attachments.is_empty() {
        return Ok(Sent::done(format!("/operatore/{}", ticket.number), "reply-taken-back"));
    }
    let kept = own_files(site, &agent.person.id, one.attachments.iter()).await?;
    let mut form = empty(json!({"body_text": one.body}));
    form["kept"] = kept.into();
    Ok(Sent::Seen(draw(site, &agent, &ticket, form, None, None).await?))
}

/// Changes what the request says of itself.
#[post("/operatore/<number>/dati", data = "<form>")]
pub async fn change(number: &str, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let (ticket, part) = found(site, &agent, number).await?;
    let (mut fields, mut wrong) = (Fields::default(), Vec::new());
    for (name, now) in said(&ticket) {
        let typed = form.get(name);
        // What was left as it was drawn is nobody's wish: others may have changed it since.
        let drawn = form.all(&format!("was_{name}")).next().map_or(now.clone(), String::from);
        if typed == drawn {
            continue;
        }
        if drawn != now && typed != now {
            wrong.push(FieldError::new(name, "changed-meanwhile"));
        }
        match typed {
            "" if ["assignee_id", "group_id"].contains(&name) => fields.empty(name),
            word if name == "kind" => {
                let (kind, category) = kind_of(word);
                match kind {
                    "" => fields.empty("kind"),
                    kind => fields.put("kind", kind),
                }
                match category {
                    // Another category is not the page's to take away.
                    "" if now == PASSWORD_LOST => fields.empty("category"),
                    "" => {}
                    category => fields.put("category", category),
                }
            }
            text => fields.put(name, text),
        }
    }
    let changed = match changing::read(fields, part) {
        Ok(wanted) if wrong.is_empty() => {
            changing::apply(&site.app, &agent.actor(), &agent.person, &ticket, wanted).await
        }
        Ok(_) => Err(Refusal::Invalid(wrong)),
        Err(Unread::Forbidden) => return Err(Failure::Forbidden),
        Err(Unread::Invalid(wrong)) => Err(Refusal::Invalid(wrong)),
    };
    match changed {
        Ok(now) => Ok(Sent::done(goes_on(site, &agent, &now).await?, "saved")),
        Err(refusal) => again(site, &agent, &ticket, &form, refusal).await,
    }
}

/// What a request says of itself, as the form that changes it has it.
fn said(ticket: &Ticket) -> [(&'static str, String); 7] {
    [
        ("severity", ticket.severity.as_str().into()),
        ("area", ticket.area.as_str().into()),
        ("assignee_id", ticket.assignee_id.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("group_id", ticket.group_id.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("kind", kind_word(ticket.kind, ticket.category.as_deref()).unwrap_or_default().into()),
        ("tags", ticket.tags.join(", ")),
        ("cc", ticket.cc.join(", ")),
    ]
}

/// Does a verb: the form's `verb` names it.
#[post("/operatore/<number>/stato", data = "<form>")]
pub async fn act(number: &str, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let (ticket, part) = found(site, &agent, number).await?;
    let verb = Verb::ALL.into_iter().find(|verb| verb.past() == form.get("verb"));
    let done = match verb {
        None => Err(NotDone::Refused(Refusal::Invalid(vec![FieldError::new("verb", "word")]))),
        Some(verb) => match read(&form, verb) {
            Ok(with) => verb::act(&site.app, &agent.actor(), &agent.person, (&ticket, part), verb, with).await,
            Err(wrong) => Err(NotDone::Refused(Refusal::Invalid(wrong))),
        },
    };
    match done {
        Ok(now) if verb == Some(Verb::Delete) => {
            drop(now);
            Ok(Sent::done("/operatore", "ticket-deleted"))
        }
        Ok(now) => Ok(Sent::done(format!("/operatore/{}", now.number), "saved")),
        Err(NotDone::Forbidden) => Err(Failure::Forbidden),
        Err(NotDone::Refused(refusal)) => again(site, &agent, &ticket, &form, refusal).await,
    }
}

/// Says what the request is to another (K13).
#[post("/operatore/<number>/collegate", data = "<form>")]
pub async fn relate(number: &str, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let (ticket, _) = found(site, &agent, number).await?;
    let texts = ["relation", "other"].map(|name| (name.to_string(), form.get(name).to_string()));
    let done = match relation::read(Fields::from_texts(texts)) {
        Ok((relation, other)) => {
            relation::relate(&site.app, &agent.actor(), &agent.person, &ticket, (relation, &other)).await
        }
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match done {
        Ok(()) => Ok(Sent::done(format!("/operatore/{}", ticket.number), "saved")),
        Err(refusal) => again(site, &agent, &ticket, &form, refusal).await,
    }
}

/// Says that it has nothing to do with another any longer.
#[post("/operatore/<number>/collegate/<other>/togli", data = "<_form>")]
pub async fn unrelate(number: &str, other: &str, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let (ticket, _) = found(site, &agent, number).await?;
    match relation::unrelate(&site.app, &agent.actor(), &agent.person, &ticket, other).await {
        Ok(()) => Ok(Sent::done(format!("/operatore/{}", ticket.number), "saved")),
        Err(Refusal::Invalid(_)) => Err(Failure::NotFound),
        Err(refusal) => Err(refusal.into()),
    }
}

/// What a verb needs, of what the form has.
fn read(form: &Posted, verb: Verb) -> Result<With, Vec<FieldError>> {
    let names: &[&str] = match verb {
        Verb::WaitForRequester | Verb::WaitForConditions | Verb::WaitForThirdParty => &["for", "reason"],
        Verb::Escalate => &["level", "reason"],
        Verb::Resolve => &["solution"],
        Verb::Cancel | Verb::Delete => &["reason"],
        Verb::Merge => &["into"],
        Verb::Take => &["from"],
        _ => &[],
    };
    verb::read(Fields::from_texts(names.iter().map(|name| (name.to_string(), form.get(name).to_string()))), verb)
}

async fn again(site: &Site, agent: &Agent, ticket: &Ticket, form: &Posted, refusal: Refusal) -> Answer {
    let wrong = match refusal {
        Refusal::Invalid(wrong) => wrong,
        // What was typed is kept, and what has changed is on the page (O03).
        Refusal::Conflict("conflict-newer-message") => vec![FieldError::new("body_text", "newer-message")],
        Refusal::Conflict("conflict-ticket-taken") => vec![FieldError::new("verb", "ticket-taken")],
        Refusal::Conflict("conflict-ticket-state") => vec![FieldError::new(typed_in(form), "ticket-state")],
        Refusal::Conflict("conflict-changed-thing") => vec![FieldError::new("severity", "changed-meanwhile")],
        refusal => return Err(refusal.into()),
    };
    let (ticket, _) = found(site, agent, &ticket.number).await?;
    let kept = kept_files(site, &agent.person.id, form).await?;
    let mut form = form.again(site, agent.person.language, &wrong);
    form["kept"] = kept.into();
    Ok(Sent::again(draw(site, agent, &ticket, form, None, None).await?))
}

/// The field of the page into which most was typed.
fn typed_in(form: &Posted) -> &'static str {
    let fields = ["body_text", "solution", "into", "reason"];
    fields.into_iter().find(|name| !form.get(name).is_empty()).unwrap_or("verb")
}

async fn draw(
    site: &Site,
    agent: &Agent,
    ticket: &Ticket,
    form: Value,
    flash: Option<&FlashMessage<'_>>,
    before: Option<&str>,
) -> PageResult {
    let path = format!("/operatore/{}", ticket.number);
    let frame = Frame::of(site, agent, &path, flash);
    let (when, now) = (When::new(site, frame.language), site.app.clock.now());
    let sight = agent.sight(site).await?;
    let mut c = site.app.db.read().await?;
    let history = history(&mut c, &frame, &when, ticket, (true, &agent.person.id), before).await?;
    let held = store::held_replies::of(&mut c, &agent.person.id, &ticket.id).await?;
    let last = store::ticket_messages::last_said(&mut c, &ticket.id).await?;
    let names = Names::of(&mut c, std::slice::from_ref(ticket)).await?;
    let colleagues = store::people::of_desk(&mut c).await?;
    let boxes = store::mailboxes::find_all(&mut c, &ticket.mailbox_ids).await?;
    let groups = store::groups::list(&mut c, &Window::first(200)).await?.items;
    let related = store::ticket_relations::of(&mut c, &sight, &ticket.id).await?;
    let canned = store::canned_answers::list(&mut c, &Window::first(100)).await?.items;
    let promise = hours::promise(&site.app, &mut c).await?;
    let others = others(&mut c, agent, &sight, ticket).await?;
    let other_names = Names::of(&mut c, &others).await?;
    let arrived_at = match ticket.channel {
        Channel::Email => store::intake_mails::addresses_of(&mut c, &ticket.id).await?,
        _ => Vec::new(),
    };
    let queues: Vec<String> = ticket
        .queues
        .iter()
        .map(|one| {
            let group = groups.iter().find(|group| Some(&group.id) == one.group_id.as_ref());
            let area = frame.text(&format!("area-{}", one.area.as_str()));
            group.map_or_else(|| area.clone(), |group| format!("{area} · {}", group.name))
        })
        .collect();
    let bounced = outbox::bounce::of(&site.app, &mut c, &ticket.requester.email).await?;
    let proposed = duplicate::of_ticket(&mut c, &sight, ticket).await?;
    let joined = store::tickets::merged_into(&mut c, &ticket.number).await?;
    drop(c);
    let mailboxes: Vec<Value> = boxes.iter().map(|one| mailbox(&frame, &when, agent, one)).collect();
    let others: Vec<Value> = others.iter().map(|one| row(&frame, &when, &other_names, one, now, false)).collect();
    let relation = |one: Relation| frame.text(&format!("relation-{}", one.as_str()));
    let related = related.iter().map(|(is, one)| {
        json!({
            "relation": relation(*is), "number": one.number, "subject": one.subject, "mark": mark(one.state),
            "state_text": frame.text(&format!("ticket-state-{}", dashed(one.state.as_str()))),
        })
    });
    let related: Vec<Value> = related.collect();
    let state = dashed(ticket.state.as_str());
    let can = |verb: Verb| after(ticket, verb, Part::Desk).is_ok();
    let verbs: Vec<Value> = [
        (Verb::WaitForRequester, "reason"),
        (Verb::WaitForConditions, "reason"),
        (Verb::WaitForThirdParty, "reason"),
        (Verb::Escalate, "level"),
        (Verb::Merge, "into"),
        (Verb::Cancel, "reason"),
        (Verb::Delete, "reason"),
    ]
    .into_iter()
    .filter(|(verb, _)| can(*verb))
    .map(|(verb, needs)| json!({"verb": verb.past(), "text": frame.text(&format!("verb-{}", verb.past())), "needs": needs}))
    .collect();
    let plain: Vec<Value> = [Verb::Reopen, Verb::Close, Verb::Restore, Verb::Unmerge]
        .into_iter()
        .filter(|verb| can(*verb))
        .map(|verb| json!({"verb": verb.past(), "text": frame.text(&format!("verb-{}", verb.past()))}))
        .collect();
    let areas = ["pec", "pki"].map(|word| json!({"id": word, "name": frame.text(&format!("area-{word}"))}));
    let shown = json!({
        "number": ticket.number, "subject": ticket.subject, "mark": mark(ticket.state),
        "state_text": frame.text(&format!("ticket-state-{state}")),
        "severity": severity(&frame, ticket.severity), "priority": ticket.priority.map(|one| severity(&frame, one)),
        "area": ticket.area.as_str(), "area_text": frame.text(&format!("area-{}", ticket.area.as_str())),
        "kind": kind_word(ticket.kind, ticket.category.as_deref()), "password_by": password_due(&frame, ticket), "level": ticket.level,
        "channel": frame.text(&format!("channel-{}", ticket.channel.as_str())),
        "organization": names.organization(ticket), "requester": ticket.requester.name,
        "requester_email": ticket.requester.email, "arrived_at": arrived_at.join(", "), "queues": queues.join(", "), "requester_bounced": bounced.map(|one| when.full(one.at)),
        "assignee_id": ticket.assignee_id, "group_id": ticket.group_id, "cc": ticket.cc.join(", "),
        "answers": answered(&frame, &ticket.fields),
        "tags": ticket.tags.join(", "), "reason": ticket.reason, "solution": ticket.solution,
        "due": due(&frame, &when, ticket, now), "pieces": pieces(&promise, &when, ticket),
        "first_response_due": ticket.clocks.first_response_due_at.map(|at| when.minute(at)),
        "first_responded": ticket.clocks.first_responded_at.map(|at| when.minute(at)),
        "next_update_due": ticket.clocks.next_update_due_at.map(|at| when.minute(at)),
        "resolution_due": ticket.clocks.resolution_due_at.map(|at| when.minute(at)),
        "created": when.minute(ticket.created_at), "merged_into": ticket.merged_into, "follows": ticket.follows,
        "is_deleted": ticket.deleted_at.is_some(), "deleted_reason": ticket.deleted_reason,
        "is_active": ticket.state.is_active() && ticket.deleted_at.is_none(),
        "can_take": can(Verb::Take) && (ticket.assignee_id.as_ref() != Some(&agent.person.id) || ticket.state == Standing::New),
        "can_resolve": can(Verb::Resolve),
        "can_reply": ticket.deleted_at.is_none() && !matches!(ticket.state, crate::model::ticket::State::Closed | crate::model::ticket::State::Cancelled),
    });
    let context = json!({
        "form": form, "bare": empty(json!({})), "once": fresh_key(), "once_note": fresh_key(), "entries": history["entries"], "older": history["older"], "is_old": history["is_old"], "last": last,
        "was": said(ticket).into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "ticket": shown,
        "verbs": verbs, "plain_verbs": plain, "mailboxes": mailboxes, "others": others,
        "colleagues": colleagues.iter().map(|(id, name): &(PersonId, String)| json!({"id": id, "name": name})).collect::<Vec<_>>(),
        "severities": Severity::ALL.iter().map(|one| severity(&frame, *one)).collect::<Vec<_>>(),
        "canned": canned.iter().filter(|one| one.area.is_none_or(|area| area == ticket.area))
            .map(|one| json!({"id": one.id, "name": one.title})).collect::<Vec<_>>(),
        "kinds": kinds(&frame),
        "areas": areas,
        "groups": groups.iter().map(|one| json!({"id": one.id, "name": one.name})).collect::<Vec<_>>(),
        "related": related,
        "duplicates": proposed.iter().map(|one| duplicates::view(&frame, &when, one, Some(ticket))).collect::<Vec<_>>(),
        "joined": joined.iter().filter(|one| sees(&sight, one)).map(|one| json!({
            "number": one.number, "subject": one.subject, "can_part": after(one, Verb::Unmerge, Part::Desk).is_ok(),
        })).collect::<Vec<_>>(),
        "held": held.iter().map(|one| json!({
            "id": one.id, "body": one.body, "files": one.attachments.len(), "left_ms": (one.send_at.0 - now.0).max(0),
            "fault": one.fault.as_ref().map(|word| frame.text(word)),
        })).collect::<Vec<_>>(),
        "relations": Relation::ALL.iter().map(|one| json!({"id": one.as_str(), "name": relation(*one)})).collect::<Vec<_>>(),
    });
    Ok(RawHtml(frame.render("tickets/work", &format!("{} {}", ticket.number, ticket.subject), context)?))
}

/// The body's other requests, the latest first (K20).
async fn others(
    c: &mut sqlx::AnyConnection,
    agent: &Agent,
    seen: &Sight,
    ticket: &Ticket,
) -> Result<Vec<Ticket>, Failure> {
    let Some(organization) = &ticket.organization_id else { return Ok(Vec::new()) };
    let wanted = Wanted { organization_id: Some(organization.clone()), ..Wanted::default() };
    let asker = (&agent.person.id, agent.person.email.as_str());
    let page = store::ticket_list::list(c, seen, asker, &wanted, (Order::Created, true), &Window::first(6)).await?;
    Ok(page.items.into_iter().filter(|one| one.id != ticket.id).take(5).collect())
}

/// A mailbox as it stands, beside the request; opened only by who may (L05).
fn mailbox(frame: &Frame<'_>, when: &When<'_>, agent: &Agent, one: &crate::model::mailbox::Mailbox) -> Value {
    let facts = &one.facts;
    let status = dashed(facts.status.as_str());
    let share = facts.quota_used.zip(facts.quota_limit).filter(|(_, limit)| *limit > 0);
    json!({
        "name": one.name(), "address": one.card.address, "href": format!("/caselle/{}/scheda", one.id),
        "mark": crate::web::mailboxes::mark(facts.status), "text": frame.text(&format!("status-{status}")),
        "since": when.ago(facts.status_since), "last_good": when.ago_or_null(facts.last_success_at),
        "unread": facts.unread_messages, "share": share.map(|(used, limit)| used.saturating_mul(100) / limit),
        "open_href": rights::may_on(&agent.person, Act::OpenMailbox, one).then(|| format!("/caselle/{}", one.id)),
    })
}

/// Of which stretches of open time the resolution's deadline is made (S13).
fn pieces(promise: &Promise, when: &When<'_>, ticket: &Ticket) -> Vec<Value> {
    let due = deadline::resolution(promise, ticket, ticket.clocks.paused_ms);
    let Some(due) = due.filter(|_| ticket.clocks.resolution_due_at.is_some()) else { return Vec::new() };
    let view = |piece: &crate::calendar::Piece| json!({"from": when.minute(piece.from), "to": when.minute(piece.to), "lasting": when.left(piece.length())});
    due.pieces.iter().map(view).collect()
}
