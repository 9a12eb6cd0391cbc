//! In charge of requests that come by the public form (F01–F08): of who has no session they wait until the address is confirmed
//! (F07), and then are opened like any other, once. Does not know pages, nor whether an address belongs to somebody until it is
//! confirmed.

use std::time::Duration;

use subtle::ConstantTimeEq;

use super::request_field;
use super::ticket::{self, By, MOST_TEXT, files};
use crate::app::App;
use crate::audit;
use crate::catalogue::{Catalogue, Value};
use crate::clock::Moment;
use crate::input::{FieldError, Fields};
use crate::key::{fresh_token, token_hash};
use crate::model::assistance::PendingRequest;
use crate::model::attachment::Attachment;
use crate::model::id::{AttachmentId, OrganizationId, PendingRequestId, TicketId};
use crate::model::organization::Area;
use crate::model::person::{Language, Person};
use crate::model::request_field::{FieldAnswer, RequestField};
use crate::model::ticket::{Channel, Kind, Requester, Severity, Ticket};
use crate::model::trace::{Act, Actor};
use crate::outbox;
use crate::outbox::letter::Letter;
use crate::people::Refusal;
use crate::store::{self, Result as Stored, Tx};
use crate::text::fold;

/// The most files that the form brings.
pub const MOST_FILES: usize = 5;

/// How many of the largest files may wait together: what strangers send never fills the disk.
const MOST_WAITING: i64 = 20;

/// How long a request waits for its confirmation, and how long its page is there afterwards.
const WAITS: Duration = Duration::from_secs(3 * 24 * 3600);

/// How many requests of one address may wait that one sender has sent within a day; and all together: nobody shuts another's address
/// out by typing it, nor has its mailbox filled.
const MOST_UNCONFIRMED: usize = 3;
const MOST_OF_ALL: usize = 12;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What the form says of who asks and what for.
#[derive(Debug, Clone)]
pub struct Draft {
    name: String,
    pub email: String,
    /// Absent for who has no body yet (F08).
    organization: Option<String>,
    phone: String,
    mailbox: String,
    area: Area,
    kind: Kind,
    category: Option<String>,
    priority: Severity,
    subject: String,
    body: String,
    attachments: Vec<AttachmentId>,
    fields: Vec<FieldAnswer>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It waits for its confirmation, and a mail with the link is on its way.
    Waits,
    /// Too many of this address wait already that the same sender has sent: the seconds until one of them counts no longer.
    TooMany(u64),
    /// Too many wait that others have sent, of which nothing is said: the seconds until one of them counts no longer.
    Busy(u64),
}

/// Whether there is room for another stranger's files.
pub async fn has_room(app: &App) -> Stored<bool> {
    let most = i64::try_from(app.settings.max_upload.as_u64()).unwrap_or(i64::MAX).saturating_mul(MOST_WAITING);
    Ok(store::attachments::bytes_of_visitors(&mut *app.db.read().await?).await? < most)
}

/// The telephone and the mailbox concerned: what the form asks of everybody beside what makes a request.
pub fn details(fields: &mut Fields) -> (String, String) {
    let mut text = |name: &str, most| fields.text(name, most).unwrap_or_default();
    (text("phone", 40), text("mailbox", 254))
}

/// Reads the form of who has no session and reads this language; `asked` are the fields of the forms.
pub fn read(mut fields: Fields, asked: &[RequestField], language: Language) -> Result<Draft, Vec<FieldError>> {
    let name = fields.required_text("name", 200);
    fields.required_text("email", 254);
    let email = fields.email("email");
    let is_new = fields.flag("not_customer").unwrap_or_default();
    let organization = match is_new {
        true => None,
        false => fields.required_text("organization", 200),
    };
    let (phone, mailbox) = details(&mut fields);
    for needed in ["area", "kind", "priority"] {
        fields.required_text(needed, 50);
    }
    let area = fields.word("area", "area", Area::parse);
    let kind = fields.word("kind", "word", Kind::parse);
    let category = fields.text("category", 100);
    let priority = fields.word("priority", "word", Severity::parse);
    let subject = fields.required_text("subject", 200);
    let body = fields.required_prose("body", MOST_TEXT);
    let attachments = files(&mut fields);
    if attachments.len() > MOST_FILES {
        fields.refuse("files", "too-many-files");
    }
    let answers = request_field::answers(&mut fields, asked, area, true, language);
    let who = name.zip(email);
    let what = area.zip(kind).zip(priority).zip(subject.zip(body));
    let draft = who.zip(what).map(|((name, email), (((area, kind), priority), (subject, body)))| Draft {
        name,
        email,
        organization,
        phone,
        mailbox,
        area,
        kind,
        category,
        priority,
        subject,
        body,
        attachments,
        fields: answers,
    });
    fields.finish(draft)
}

/// What was typed beside the description, as lines under it: for the desk, in the installation's language. It says whose the
/// request is to people, and gives nobody a right.
pub fn with_lines(app: &App, body: &str, lines: &[(&str, &str)]) -> String {
    let language = app.settings.language();
    let said = lines.iter().filter(|(_, text)| !text.is_empty()).map(|(what, text)| {
        Catalogue::shared().text(language, &format!("assistance-said-{what}"), &[("text", Value::from(*text))])
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() { body.into() } else { format!("{body}\n\n{}", said.join("\n")) }
}

/// Keeps a request until its address is confirmed, and sends the link there. The mail says nothing of what was typed: whoever
/// types another's address has nothing carried to it. The same form again is one request; `caller` is whom
/// its sender counts as.
pub async fn ask(
    app: &App,
    (ip, caller, language): (&str, &str, Language),
    draft: Draft,
    (visitor, once): (&str, &str),
) -> Result<Asked, Refusal> {
    let now = app.clock.now();
    let once = token_hash(&format!("{visitor} {once}"));
    let mut tx = app.db.begin().await?;
    // Whoever asks for this address at the same time waits here.
    store::attempts::hold(&mut tx, &format!("form {}", token_hash(&fold(&draft.email)))).await?;
    if store::pending_requests::was_kept(&mut tx, &once).await? {
        return Ok(Asked::Waits);
    }
    let day_ago = Moment(now.0 - DAY.as_millis() as i64);
    let sender = token_hash(&format!("{caller} {}", fold(&draft.email)));
    let waiting = store::pending_requests::unconfirmed(&mut tx, &draft.email, day_ago).await?;
    let full = |waiting: Vec<Moment>, most: usize| {
        let until = waiting.len().checked_sub(most).map(|at| waiting[at].plus(DAY))?;
        Some(until.since(now).max(1).unsigned_abs().div_ceil(1000))
    };
    let own = waiting.iter().filter(|(_, by)| *by == sender).map(|(at, _)| *at).collect();
    if let Some(seconds) = full(own, MOST_UNCONFIRMED) {
        return Ok(Asked::TooMany(seconds));
    }
    if let Some(seconds) = full(waiting.iter().map(|(at, _)| *at).collect(), MOST_OF_ALL) {
        return Ok(Asked::Busy(seconds));
    }
    let (token, one) = (fresh_token(), draft.pending(now));
    store::pending_requests::insert(&mut tx, &one, (&token_hash(&token), &sender), &once).await?;
    if !store::attachments::keep_for(&mut tx, &draft.attachments, visitor, &one.id).await? {
        return Err(Refusal::field("files", "file-gone"));
    }
    let actor = Actor { name: one.email.clone(), ip: ip.into() };
    audit::record(app, &mut tx, &actor, Act::on("ticket.asked", &one.email)).await?;
    let link = format!("{}/assistenza/conferma/{}", app.settings.base_url.trim_end_matches('/'), *token);
    let days = i64::try_from(WAITS.as_secs() / DAY.as_secs()).unwrap_or_default();
    let letter = Letter::to_address(&one.email, &one.email, language, "request-confirm");
    outbox::enqueue(app, &mut tx, letter.leading(link).with("days", days)).await?;
    tx.commit().await?;
    app.post.notify_one();
    Ok(Asked::Waits)
}

impl Draft {
    fn pending(&self, now: Moment) -> PendingRequest {
        PendingRequest {
            id: PendingRequestId::new(),
            email: self.email.clone(),
            name: self.name.clone(),
            organization: self.organization.clone(),
            phone: self.phone.clone(),
            mailbox: self.mailbox.clone(),
            area: self.area,
            kind: self.kind,
            category: self.category.clone(),
            priority: self.priority,
            subject: self.subject.clone(),
            body: self.body.clone(),
            fields: self.fields.clone(),
            created_at: now,
            expires_at: now.plus(WAITS),
            number: None,
        }
    }
}

/// The request behind a link, and its files, while it is kept.
pub async fn find(app: &App, token: &str) -> Stored<Option<(PendingRequest, Vec<Attachment>)>> {
    let mut c = app.db.read().await?;
    match store::pending_requests::find(&mut c, &token_hash(token), app.clock.now()).await? {
        Some(one) => {
            let files = store::attachments::of_pending(&mut c, &one.id).await?;
            Ok(Some((one, files)))
        }
        None => Ok(None),
    }
}

/// Opens the request behind a link: once, whoever presses how often. Its number; None when there is no such link any more.
pub async fn confirm(app: &App, token: &str, ip: &str) -> Result<Option<String>, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let Some(one) = store::pending_requests::lock(&mut tx, &token_hash(token), now).await? else { return Ok(None) };
    if one.number.is_some() {
        return Ok(one.number);
    }
    let person = super::known(&mut tx, &one.email, now).await?;
    let organization = match &person {
        Some(person) => body_of(&mut tx, person, one.area).await?,
        None => None,
    };
    let requester = match &person {
        Some(person) => {
            Requester { id: Some(person.id.clone()), name: person.name.clone(), email: person.email.clone() }
        }
        None => Requester { id: None, name: one.name.clone(), email: one.email.clone() },
    };
    let none = Catalogue::shared().text(app.settings.language(), "assistance-said-none", &[]);
    let said = one.organization.as_deref().unwrap_or(&none);
    let lines = [("organization", said), ("phone", one.phone.as_str()), ("mailbox", one.mailbox.as_str())];
    let mailbox_ids = super::link::named(&mut tx, organization.as_ref(), &[&one.mailbox]).await?;
    let draft = ticket::Draft {
        subject: one.subject,
        body: with_lines(app, &one.body, &lines),
        area: one.area,
        kind: Some(one.kind),
        category: one.category,
        priority: Some(one.priority),
        mailbox_ids,
        cc: Vec::new(),
        organization_id: None,
        requester: None,
        severity: None,
        channel: Channel::Form,
        attachments: Vec::new(),
        fields: one.fields,
    };
    let actor = Actor { name: one.email, ip: ip.into() };
    let whose = (TicketId::new(), requester, organization);
    let (made, _) = ticket::make(app, &mut tx, &actor, &By::Confirmed(&one.id), whose, draft).await?;
    store::pending_requests::is_made(&mut tx, &one.id, &made.number).await?;
    tx.commit().await?;
    app.post.notify_one();
    Ok(Some(made.number))
}

/// The page on which who has no account sees how a request stands: a path that only we can make.
pub fn page_of(app: &App, number: &str) -> String {
    format!("/assistenza/richiesta/{number}.{}", sign(app, number))
}

/// The request behind such a path, with the number that it had when the path was made: where it was merged, the one that stayed.
pub async fn of_page(app: &App, link: &str) -> Stored<Option<(String, Ticket)>> {
    let Some((number, signed)) = link.split_once('.') else { return Ok(None) };
    if !bool::from(sign(app, number).as_bytes().ct_eq(signed.as_bytes())) {
        return Ok(None);
    }
    let mut c = app.db.read().await?;
    let found = store::tickets::find(&mut c, number).await?;
    let Some(found) = found else { return Ok(None) };
    let stays = super::merge::end_of(&mut c, found).await?;
    Ok(stays.filter(|one| one.deleted_at.is_none()).map(|one| (number.to_string(), one)))
}

/// Sixteen bytes: who has the link sees the state, so that it is as long as a secret.
fn sign(app: &App, number: &str) -> String {
    hex::encode(&app.keys.outbox.mac(&[b"page", number.as_bytes()])[..16])
}

/// The first body of a person that may ask for help in an area. Without one the request is opened all the same.
async fn body_of(tx: &mut Tx, person: &Person, area: Area) -> Stored<Option<OrganizationId>> {
    for place in &person.memberships {
        let found = store::organizations::find(tx, &place.organization_id).await?;
        if found.is_some_and(|one| one.active && one.areas.contains(&area)) {
            return Ok(Some(place.organization_id.clone()));
        }
    }
    Ok(None)
}

/// Forgets requests that nobody has confirmed in time.
pub async fn forget_old(app: &App) -> Stored<()> {
    let mut tx = app.db.begin().await?;
    store::pending_requests::forget_old(&mut tx, app.clock.now()).await?;
    tx.commit().await
}
