//! In charge of the pages of requests: the requester's portal, `/richieste`, and the operator's workspace, `/operatore`. Here is
//! what both show alike.

pub mod assistance;
pub mod attachment;
pub mod body;
pub mod bulk;
mod callers;
pub mod delivery;
pub mod duplicates;
pub mod mails;
pub mod phone;
pub mod portal;
pub mod presence;
pub mod queue;
pub mod work;

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::page::Frame;
use super::when::When;
use crate::catalogue::Value as Word;
use crate::clock::Moment;
use crate::desk::deadline::PASSWORD_DAYS;
use crate::desk::request_field;
use crate::desk::sight;
use crate::desk::ticket::Once;
use crate::input::{FieldError, underscored};
use crate::key::random_name;
use crate::mail::incoming::quote;
use crate::model::attachment::Attachment;
use crate::model::id::{AttachmentId, MessageId, OrganizationId, PersonId};
use crate::model::intake::is_one_of;
use crate::model::message::PecKind;
use crate::model::outbox::Delivery;
use crate::model::person::{Language, Person};
use crate::model::request_field::{FieldAnswer, FieldKind, RequestField};
use crate::model::ticket::{
    Channel, Event, Kind, Message, MessageKind, PASSWORD_LOST, Pec, Severity, Signature, State, Ticket,
};
use crate::store;
use crate::text::fold;
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::hours;
use crate::web::outcome::Failure;
use crate::web::trace::local_day;

/// What changed, in words: the verb's own, with old, new and why.
pub fn event_words(site: &Site, language: Language, event: &Event) -> String {
    let word = |value: &str| {
        let key = match event.what.as_str() {
            "severity" => format!("severity-{value}"),
            "area" => format!("area-{value}"),
            "kind" => format!("ticket-kind-{}", value.replace('_', "-")),
            "related" | "unrelated" if value.starts_with("TK-") => return value.to_string(),
            "related" | "unrelated" => format!("relation-{value}"),
            "category" if value == PASSWORD_LOST => format!("ticket-kind-{}", dashed(value)),
            "due" => return local_time(site, language, value),
            _ => return value.to_string(),
        };
        if value.is_empty() { String::new() } else { site.templates.text(language, &key, &[]) }
    };
    let values = [
        ("old", Word::Text(word(&event.old))),
        ("new", Word::Text(word(&event.new))),
        ("why", Word::Text(event.why.clone())),
    ];
    // What was nothing before, or is nothing now, has words of its own.
    let end = match (event.what.as_str(), event.old.is_empty(), event.new.is_empty()) {
        ("category" | "cc" | "tags" | "group" | "assignee" | "kind", true, false) => "-given",
        ("category" | "cc" | "tags" | "group" | "assignee" | "kind", false, true) => "-gone",
        _ => "",
    };
    site.templates.text(language, &format!("ticket-event-{}{end}", event.what), &values)
}

/// A moment of a history as a clock on the wall tells it.
fn local_time(site: &Site, language: Language, value: &str) -> String {
    chrono::DateTime::parse_from_rfc3339(value)
        .map_or_else(|_| "–".into(), |at| When::new(site, language).full(at.to_utc().into()))
}

/// A form is sent once, however often its button is pressed: by a key that the page has made, together with what it says. The
/// same form with another text is another thing.
fn once(form: &Posted, route: &str) -> Option<Once> {
    let (key, body_hash) = (form.get("once"), form.fingerprint(&["once"]));
    (!key.is_empty() && key.len() <= 64).then(|| Once {
        route: route.into(),
        key: format!("{key}.{body_hash}"),
        body_hash,
    })
}

/// The files that came with a form and wait for their message: ids for the fields of the verb.
fn files(form: &Posted) -> String {
    form.all("attachments").collect::<Vec<_>>().join(",")
}

/// What was read, unless a file that came with it is wrong.
fn with_files<T>(form: &Posted, read: Result<T, Vec<FieldError>>) -> Result<T, Vec<FieldError>> {
    match (form.wrong_files(), read) {
        (None, read) => read,
        (Some(wrong), Ok(_)) => Err(vec![wrong]),
        (Some(one), Err(mut wrong)) => {
            wrong.push(one);
            Err(wrong)
        }
    }
}

/// The same for the form that is drawn again: nothing that was uploaded is lost.
async fn kept_files(site: &Site, person: &PersonId, form: &Posted) -> store::Result<Vec<Value>> {
    let ids: Vec<AttachmentId> = form.all("attachments").map(AttachmentId::from).collect();
    own_files(site, person, ids.iter()).await
}

/// Those of these files that wait for a message of this person.
async fn own_files(
    site: &Site,
    person: &PersonId,
    ids: impl Iterator<Item = &AttachmentId>,
) -> store::Result<Vec<Value>> {
    let mut c = site.app.db.read().await?;
    let mut kept = Vec::new();
    for id in ids {
        let found = store::attachments::find(&mut c, id).await?;
        let own = found.filter(|one| one.message_id.is_none() && one.uploader_id.as_ref() == Some(person));
        kept.extend(own.map(|one| json!({"id": one.id, "name": one.name})));
    }
    Ok(kept)
}

/// Where whoever works at the desk goes on after a change: to the request, or to the queue when it went where it is not seen.
async fn goes_on(site: &Site, agent: &Agent, ticket: &Ticket) -> Result<String, Failure> {
    let sees = sight::sees(&agent.sight(site).await?, ticket);
    Ok(if sees { format!("/operatore/{}", ticket.number) } else { "/operatore".into() })
}

/// The key of a form that is drawn anew.
fn fresh_key() -> String {
    random_name::<16>()
}

/// The names that a list of tickets speaks of.
struct Names {
    people: HashMap<PersonId, String>,
    organizations: HashMap<OrganizationId, String>,
}

impl Names {
    async fn of(c: &mut AnyConnection, tickets: &[Ticket]) -> store::Result<Names> {
        let people: Vec<PersonId> = tickets.iter().filter_map(|ticket| ticket.assignee_id.clone()).collect();
        let bodies: Vec<OrganizationId> = tickets.iter().filter_map(|ticket| ticket.organization_id.clone()).collect();
        Ok(Names {
            people: store::people::names(c, &people).await?,
            organizations: store::organizations::names(c, bodies.iter()).await?,
        })
    }

    fn assignee(&self, ticket: &Ticket) -> Option<&String> {
        ticket.assignee_id.as_ref().and_then(|id| self.people.get(id))
    }

    fn organization(&self, ticket: &Ticket) -> Option<&String> {
        ticket.organization_id.as_ref().and_then(|id| self.organizations.get(id))
    }
}

/// The mark of a state: colour and shape (`ui.md` 5).
fn mark(state: State) -> &'static str {
    match state {
        State::New | State::PendingThirdParty => "bl",
        State::Open | State::PendingRequester | State::PendingConditions => "wa",
        State::Resolved | State::Closed => "ok",
        State::Cancelled => "off",
    }
}

fn dashed(word: &str) -> String {
    word.replace('_', "-")
}

/// A severity with its words.
fn severity(frame: &Frame<'_>, one: Severity) -> Value {
    let class = match one {
        Severity::Critical => "s1",
        Severity::High => "s2",
        Severity::Medium => "s3",
        Severity::Low => "s4",
    };
    json!({"word": one.as_str(), "class": class, "text": frame.text(&format!("severity-{}", one.as_str()))})
}

/// What a request may be, for a choice: the kinds of work, and the service request that has a time of its own (F09).
fn kinds(frame: &Frame<'_>) -> Vec<Value> {
    let words = Kind::ALL.iter().map(|kind| kind.as_str()).chain([PASSWORD_LOST]);
    words.map(|word| json!({"id": word, "name": kind_text(frame, word)})).collect()
}

/// What a request is, in the words of a choice.
fn kind_word(kind: Option<Kind>, category: Option<&str>) -> Option<&'static str> {
    match category {
        Some(PASSWORD_LOST) => Some(PASSWORD_LOST),
        _ => kind.map(Kind::as_str),
    }
}

fn kind_text(frame: &Frame<'_>, word: &str) -> String {
    frame.text(&format!("ticket-kind-{}", dashed(word)))
}

/// Kind and category of what was chosen, as the API says them.
fn kind_of(word: &str) -> (&str, &str) {
    if word == PASSWORD_LOST { (Kind::ServiceRequest.as_str(), PASSWORD_LOST) } else { (word, "") }
}

/// The same of a form, as fields.
fn typed_kind(form: &Posted) -> [(String, String); 2] {
    let (kind, category) = kind_of(form.get("kind"));
    [("kind", kind), ("category", category)].map(|(name, word)| (name.to_string(), word.to_string()))
}

/// By which day a password that was lost is given anew: «entro giovedì 3 dicembre (3 giorni lavorativi)». None for another request,
/// and while its clock stands still.
fn password_due(frame: &Frame<'_>, ticket: &Ticket) -> Option<String> {
    let due = ticket.clocks.resolution_due_at.filter(|_| ticket.category.as_deref() == Some(PASSWORD_LOST))?;
    Some(by_working_day(frame, due))
}

fn by_working_day(frame: &Frame<'_>, due: Moment) -> String {
    password_text(frame, "password-lost-by", due)
}

/// What a form says of a password that was lost, before it is sent.
async fn password_help(frame: &Frame<'_>, c: &mut AnyConnection) -> store::Result<String> {
    let promise = crate::desk::hours::promise(&frame.site.app, c).await?;
    let due = promise.password_due(frame.site.app.clock.now());
    Ok(due.map(|due| password_text(frame, "password-lost-help", due)).unwrap_or_default())
}

fn password_text(frame: &Frame<'_>, key: &str, due: Moment) -> String {
    let day = When::new(frame.site, frame.language).long_day(due);
    let values = [("day", Word::Text(day)), ("n", Word::Number(PASSWORD_DAYS as i64))];
    frame.site.templates.text(frame.language, key, &values)
}

/// The fields that the form's own area asks for, in the words of the API (K17); what was typed in those of another is left aside.
fn answers(form: &Posted, asked: &[RequestField]) -> Vec<(String, String)> {
    let of_area = asked.iter().filter(|one| one.area.as_str() == form.get("area"));
    let names = of_area.map(|one| request_field::name(&one.id));
    names.map(|name| (name.clone(), form.get(&underscored(&name)).to_string())).collect()
}

/// The fields that the forms of these areas ask for, area by area; on the phone none must be answered.
fn asked_fields(frame: &Frame<'_>, asked: &[RequestField], areas: &[&str], must: bool) -> Vec<Value> {
    let option = |id: &str, name: &str| json!({"id": id, "name": name});
    let field = |one: &RequestField| {
        let options: Vec<Value> = match one.kind {
            FieldKind::YesNo => {
                ["true", "false"].map(|word| option(word, &frame.text(&format!("answer-{word}")))).to_vec()
            }
            _ => one.options.iter().map(|text| option(text, text)).collect(),
        };
        json!({
            "name": underscored(&request_field::name(&one.id)), "kind": one.kind.as_str(), "text": one.label_in(frame.language),
            "help": one.help.as_deref().unwrap_or_default(), "is_optional": !must || !one.required, "options": options,
        })
    };
    let part = |area: &&str| {
        let fields: Vec<Value> = asked.iter().filter(|one| one.area.as_str() == *area).map(field).collect();
        (!fields.is_empty()).then(|| json!({"id": area, "name": frame.text(&format!("area-{area}")), "fields": fields}))
    };
    areas.iter().filter_map(part).collect()
}

/// What was answered to the fields of a form, with each as it then was.
fn answered(frame: &Frame<'_>, answers: &[FieldAnswer]) -> Vec<Value> {
    let view = |one: &FieldAnswer| {
        let value = match one.kind {
            FieldKind::YesNo => frame.text(&format!("answer-{}", one.value)),
            FieldKind::Date => local_day(&one.value),
            _ => one.value.clone(),
        };
        json!({"label": one.label_in(frame.language), "value": value})
    };
    answers.iter().map(view).collect()
}

/// What every form for a new request shows: whose it may be and for which area, what there is to choose, whom to call meanwhile.
async fn new_form(
    c: &mut AnyConnection,
    frame: &Frame<'_>,
    person: Option<&Person>,
    form: Value,
) -> store::Result<Value> {
    let mut organizations = Vec::new();
    let mut areas: Vec<&str> = Vec::new();
    for membership in person.iter().flat_map(|person| &person.memberships) {
        if let Some(one) = store::organizations::find(c, &membership.organization_id).await? {
            areas.extend(one.areas.iter().map(|area| area.as_str()));
            organizations.push(json!({"id": one.id, "name": one.name}));
        }
    }
    if organizations.is_empty() {
        areas = vec!["pec", "pki"];
    }
    areas.sort_unstable();
    areas.dedup();
    let asked = asked_fields(frame, &store::request_fields::asked(c).await?, &areas, true);
    let areas: Vec<Value> =
        areas.iter().map(|word| json!({"id": word, "name": frame.text(&format!("area-{word}"))})).collect();
    let priorities = Severity::ALL.iter().map(|one| {
        let what = frame.text(&format!("priority-{}", one.as_str()));
        json!({"id": one.as_str(), "name": severity(frame, *one)["text"], "what": what})
    });
    let most_upload = crate::text::whole(frame.site.app.settings.max_upload.as_u64());
    let mut context = json!({
        "form": form, "once": fresh_key(), "areas": areas, "organizations": organizations, "kinds": kinds(frame), "asked": asked,
        "password_help": password_help(frame, c).await?,
        "priorities": priorities.collect::<Vec<Value>>(), "most_upload": most_upload,
    });
    let help = hours::help(c, frame.site, frame.language).await?;
    if let (Value::Object(context), Value::Object(help)) = (&mut context, help) {
        context.extend(help);
    }
    Ok(context)
}

/// The deadline that comes next, with the time that is left or gone by. Null while no clock runs.
fn due(frame: &Frame<'_>, when: &When<'_>, ticket: &Ticket, now: Moment) -> Value {
    let clocks = &ticket.clocks;
    let next = match (clocks.first_responded_at, clocks.first_response_due_at) {
        (None, Some(at)) if ticket.state.is_active() => Some(("due-first-response", at)),
        _ => clocks.resolution_due_at.map(|at| ("due-resolution", at)),
    };
    let Some((what, at)) = next else { return Value::Null };
    let left = at.since(now);
    let mark = match left {
        ..0 => "ko",
        0..3_600_000 => "wa",
        _ => "",
    };
    let lasting = when.left(left.abs());
    let text = if left < 0 { format!("−{lasting}") } else { lasting };
    json!({"what": frame.text(what), "at": when.minute(at), "text": text, "mark": mark})
}

/// A line of a list.
fn row(frame: &Frame<'_>, when: &When<'_>, names: &Names, ticket: &Ticket, now: Moment, plain: bool) -> Value {
    let state = dashed(ticket.state.as_str());
    let words = if plain { "ticket-plain" } else { "ticket-state" };
    json!({
        "number": ticket.number,
        "subject": ticket.subject,
        "mark": mark(ticket.state),
        "state_text": frame.text(&format!("{words}-{state}")),
        "severity": severity(frame, ticket.severity),
        "organization": names.organization(ticket),
        "requester": ticket.requester.name,
        "assignee": names.assignee(ticket),
        "channel": frame.text(&format!("channel-{}", ticket.channel.as_str())),
        "updated": when.ago(ticket.updated_at),
        "due": due(frame, when, ticket, now),
        "mailboxes": ticket.mailbox_ids.len(),
        "is_new": ticket.state == State::New,
    })
}

/// The most entries of a history that a page draws at once, the latest (O12); the older ones are behind a link.
const HISTORY: usize = 100;

/// The history of a ticket as a page shows it: entries, and where the older and the latest ones are when they are not here.
async fn history(
    c: &mut AnyConnection,
    frame: &Frame<'_>,
    when: &When<'_>,
    ticket: &Ticket,
    (is_desk, me): (bool, &PersonId),
    before: Option<&str>,
) -> store::Result<Value> {
    let before = before.map(MessageId::from);
    let (page, are_older) = store::ticket_messages::latest(c, &ticket.id, is_desk, before.as_ref(), HISTORY).await?;
    let older = page.first().filter(|_| are_older).map(|one| one.id.to_string());
    let ids: Vec<_> = page.iter().map(|one| one.id.clone()).collect();
    let delivered = match is_desk {
        true => store::ticket_messages::deliveries(c, &ids).await?,
        false => HashMap::new(),
    };
    let originals = match is_desk {
        true => store::intake_mails::with_original(c, &ids).await?,
        false => HashSet::new(),
    };
    let authors: Vec<PersonId> = page.iter().filter_map(|one| one.author_id.clone()).collect();
    let reading = Reading {
        me,
        at_desk: store::people::at_desk(c, &authors).await?,
        // What else a mail names is the desk's to know.
        ours: if is_desk { Some(store::intake_mailboxes::addresses(c).await?) } else { None },
    };
    let files = store::attachments::of_messages(c, &ids).await?;
    let decorations = store::attachments::decorations(c, &ids).await?;
    // What only decorates a mail stands apart, and is still there (features.md 5).
    let own = |id: &MessageId, are_decorations: bool| -> Vec<Value> {
        let own = files.iter().filter(|one| one.message_id.as_ref() == Some(id));
        own.filter(|one| decorations.contains(&one.id) == are_decorations).map(|one| file(frame, one)).collect()
    };
    let view = |one: &Message| {
        let mut view = entry(frame, when, ticket, one, delivered.get(&one.id).map_or(&[], Vec::as_slice), &reading);
        view["attachments"] = own(&one.id, false).into();
        view["decorations"] = own(&one.id, true).into();
        let original = originals.contains(&one.id);
        view["original_href"] =
            original.then(|| format!("/operatore/{}/voci/{}/originale", ticket.number, one.id)).into();
        view
    };
    let entries: Vec<Value> = page.iter().map(view).collect();
    Ok(json!({"entries": entries, "older": older, "is_old": before.is_some()}))
}

/// A larger picture is not shown among the words.
const LARGEST_SHOWN: i64 = 8 * 1024 * 1024;

/// A file of an entry; a picture is shown.
fn file(frame: &Frame<'_>, one: &Attachment) -> Value {
    let href = format!("/allegati/{}", one.id);
    let is_shown = one.picture.is_some() && one.size <= LARGEST_SHOWN;
    json!({
        "name": one.name,
        "size": crate::text::bytes(one.size, frame.language == Language::It),
        "picture": is_shown.then(|| format!("{href}/immagine")),
        "href": href,
    })
}

/// What certified mail says of an entry (E15), and whether its provider's signature holds.
pub(super) fn pec_label(frame: &Frame<'_>, pec: &Pec) -> Value {
    let (key, mark) = match pec.kind {
        PecKind::CertifiedMessage | PecKind::RemDispatch => ("pec-label", "bl"),
        PecKind::Anomaly => ("pec-label-ordinary", "off"),
        _ => ("kind-suspicious", "wa"),
    };
    json!({"text": frame.text(key), "mark": mark, "sender": pec.sender, "signature": seal_words(frame, pec)})
}

/// What is known of a provider's signature (`pec.md` 3).
fn seal_words(frame: &Frame<'_>, pec: &Pec) -> String {
    let key = match pec.signature {
        Signature::Valid => "pec-signature-valid",
        Signature::UnknownProvider => "pec-signature-unknown-provider",
        Signature::Invalid => "pec-signature-invalid",
        Signature::Absent => "pec-signature-absent",
        Signature::Unverifiable => "pec-signature-unverifiable",
    };
    let provider = pec.provider.as_deref().unwrap_or("–").into();
    let words = frame.site.templates.text(frame.language, key, &[("provider", provider)]);
    let is_told = pec.obsolete_algorithm && matches!(pec.signature, Signature::Valid | Signature::UnknownProvider);
    if is_told { format!("{words}, {}", frame.text("pec-signature-obsolete")) } else { words }
}

/// Who reads a history, and what is known of those who speak in it.
struct Reading<'r> {
    me: &'r PersonId,
    /// The authors who work at the desk.
    at_desk: HashSet<PersonId>,
    /// The desk's own addresses; None for who does not work there.
    ours: Option<Vec<String>>,
}

/// Whom a mail names who gets nothing of the request: they are only in the text (features.md 5).
fn named(ticket: &Ticket, message: &Message, reading: &Reading<'_>) -> Option<String> {
    let (mail, ours) = (message.mail.as_ref()?, reading.ours.as_ref()?);
    let gets = |email: &String| {
        is_one_of(ours, email)
            || fold(&ticket.requester.email) == *email
            || ticket.cc.iter().any(|one| fold(one) == *email)
    };
    let named: Vec<&str> = mail.named.iter().filter(|email| !gets(email)).map(String::as_str).collect();
    (!named.is_empty()).then(|| named.join(", "))
}

/// Where the body of a mail is to be seen as it was written.
fn body_of(message: &Message) -> Option<Value> {
    let mail = message.mail.as_ref().filter(|mail| mail.has_body)?;
    Some(json!({"href": format!("/messaggi/{}/corpo", message.id), "remote": mail.remote}))
}

fn entry(
    frame: &Frame<'_>,
    when: &When<'_>,
    ticket: &Ticket,
    message: &Message,
    mails: &[Delivery],
    reading: &Reading<'_>,
) -> Value {
    let initials: String =
        message.author_name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect();
    let is_requester = fold(&message.author_email) == fold(&ticket.requester.email);
    // What the program says by itself is the desk's.
    let works = message.author_id.as_ref().map_or(message.author_email.is_empty(), |id| reading.at_desk.contains(id));
    let part = match message.kind {
        MessageKind::Internal => "ticket-note",
        _ if message.author_id.as_ref() == Some(reading.me) => "ticket-you",
        _ if is_requester => "ticket-requester",
        _ if works => "ticket-desk",
        _ if ticket.cc.iter().any(|email| fold(email) == fold(&message.author_email)) => "ticket-in-copy",
        _ => "ticket-colleague",
    };
    // What a mail quotes is folded, never cut (E16).
    let quoted = (message.channel == Channel::Email).then(|| quote(&message.body)).flatten();
    let (body, quoted) = message.body.split_at(quoted.unwrap_or(message.body.len()));
    json!({
        "id": message.id,
        "kind": message.kind.as_str(),
        "event": message.event.as_ref().map(|event| event_words(frame.site, frame.language, event)),
        "body": body.trim_end(),
        "quoted": quoted,
        "author": message.author_name,
        "initials": initials.to_uppercase(),
        "part_text": frame.text(part),
        "is_desk": works && !is_requester,
        "automatic": message.mail.as_ref().is_some_and(|mail| mail.is_automatic).then(|| frame.text("message-automatic")),
        "named": named(ticket, message, reading),
        "at": when.ago(message.created_at),
        "delivery": delivery::mark(frame, mails),
        "mail": body_of(message),
        "pec": message.mail.as_ref().and_then(|mail| mail.pec.as_ref()).map(|pec| pec_label(frame, pec)),
    })
}
