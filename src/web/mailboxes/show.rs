//! In charge of a mailbox opened to be read, `/caselle/<id>`: nobody types a password, nothing is marked on its server.

use rocket::request::FlashMessage;
use rocket::{State, get};
use serde_json::{Value, json};

use super::view;
use crate::hub::webmail::{self, Opened};
use crate::model::id::MailboxId;
use crate::model::mailbox::Mailbox;
use crate::model::message::{Envelope, Message, PecKind};
use crate::model::person::Language;
use crate::people::rights::Act;
use crate::store;
use crate::text;
use crate::web::Site;
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::{Failure, fault_words};
use crate::web::page::{Frame, PageResult};
use crate::web::when::When;

/// The newest messages and, when one is chosen, its text. `validita` is the UIDVALIDITY that it was listed under.
#[get("/caselle/<id>?<messaggio>&<validita>")]
pub async fn show(
    id: MailboxId,
    messaggio: Option<&str>,
    validita: Option<&str>,
    agent: Agent,
    flash: Option<FlashMessage<'_>>,
    site: &State<Site>,
) -> PageResult {
    let mailbox = agent.mailbox(site, &id, Act::OpenMailbox).await?;
    let path = format!("/caselle/{}", mailbox.id);
    let frame = Frame::of(site, &agent, &path, flash.as_ref());
    let number = |text: Option<&str>| text.map(|text| text.parse::<u32>().map_err(|_| Failure::NotFound)).transpose();
    let (uid, uid_validity) = (number(messaggio)?, number(validita)?);
    let chosen = uid.map(|uid| (uid, uid_validity));
    match webmail::open(&site.app, &agent.actor(), &mailbox, chosen).await {
        Ok(Opened { message: Some(Err(fault)), mailbox, uid_validity, envelopes }) => {
            let words = fault_words(site, frame.language, &fault);
            draw(&frame, &mailbox, (uid_validity, &envelopes), None, Some(words))
        }
        Ok(Opened { message, mailbox, uid_validity, envelopes }) => {
            let message = message.and_then(Result::ok);
            draw(&frame, &mailbox, (uid_validity, &envelopes), message.as_ref(), None)
        }
        Err(closed) => {
            let words = match Failure::from(closed) {
                Failure::Conflict(key) => frame.text(key),
                Failure::Mail(fault) => fault_words(site, frame.language, &fault),
                failure => return Err(failure),
            };
            // A refused login has just changed how the mailbox stands.
            let now = store::mailboxes::find(&mut *site.app.db.read().await?, &id).await?;
            draw(&frame, &now.unwrap_or(mailbox), (0, &[]), None, Some(words))
        }
    }
}

fn draw(
    frame: &Frame<'_>,
    mailbox: &Mailbox,
    (uid_validity, envelopes): (u32, &[Envelope]),
    message: Option<&Message>,
    fault: Option<String>,
) -> PageResult {
    let when = When::new(frame.site, frame.language);
    let chosen = message.map(|message| message.envelope.uid);
    let line = |one: &Envelope| {
        let href = format!("/caselle/{}?messaggio={}&validita={uid_validity}", mailbox.id, one.uid);
        line(frame, &when, one, href, chosen == Some(one.uid))
    };
    let messages: Vec<Value> = envelopes.iter().map(line).collect();
    let context = json!({
        "mailbox": view(frame, mailbox),
        "messages": messages,
        "message": message.map(|message| reading(frame, &when, message)),
        "fault": fault,
    });
    let title = message.map_or(mailbox.name().to_string(), |message| subject(frame, &message.envelope));
    Ok(rocket::response::content::RawHtml(frame.render("mailboxes/show", &title, context)?))
}

fn line(frame: &Frame<'_>, when: &When<'_>, one: &Envelope, href: String, is_current: bool) -> Value {
    json!({
        "uid": one.uid,
        "href": href,
        "subject": subject(frame, one),
        "from": from(frame, one),
        "date": one.date.map(|date| when.stamp(date.into())),
        "size_text": text::bytes(i64::from(one.size), frame.language == Language::It),
        "seen": one.seen,
        "kind": one.kind,
        "kind_text": kind_text(frame, one.kind),
        "mark": mark(one.kind),
        "current": is_current,
    })
}

fn reading(frame: &Frame<'_>, when: &When<'_>, message: &Message) -> Value {
    let one = &message.envelope;
    json!({
        "subject": subject(frame, one),
        "from": from(frame, one),
        "to": one.to,
        "cc": message.cc,
        "date": one.date.map(|date| when.exact(date.into())),
        "kind": one.kind,
        "kind_text": kind_text(frame, one.kind),
        "mark": mark(one.kind),
        "text": message.text,
        "truncated": message.truncated,
    })
}

fn subject(frame: &Frame<'_>, one: &Envelope) -> String {
    if !one.readable {
        return frame.text("message-unreadable");
    }
    let bare = crate::mail::pec::strip_prefixes(&one.subject);
    if bare.trim().is_empty() { frame.text("message-no-subject") } else { bare.to_string() }
}

fn from(frame: &Frame<'_>, one: &Envelope) -> String {
    if one.from.trim().is_empty() { frame.text("message-no-sender") } else { one.from.clone() }
}

fn kind_text(frame: &Frame<'_>, kind: PecKind) -> String {
    frame.text(&format!("kind-{}", kind.as_str().replace('_', "-")))
}

fn mark(kind: PecKind) -> &'static str {
    match kind {
        PecKind::CertifiedMessage | PecKind::RemDispatch => "bl",
        PecKind::Acceptance | PecKind::Delivery | PecKind::TakenInCharge | PecKind::RemReceipt => "ok",
        PecKind::DeliveryWarning => "wa",
        PecKind::NonAcceptance | PecKind::DeliveryError | PecKind::VirusDetected | PecKind::Suspicious => "ko",
        PecKind::Anomaly | PecKind::Ordinary => "off",
    }
}
