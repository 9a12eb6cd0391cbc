//! In charge of a mailbox opened to be read, `/caselle/<id>`: nobody types a password, nothing is marked on its server.

use rocket::request::FlashMessage;
use rocket::{State, get};
use serde_json::{Value, json};

use super::view;
use crate::hub::webmail::{self, Closed};
use crate::mail::FaultKind;
use crate::model::id::MailboxId;
use crate::model::mailbox::Mailbox;
use crate::model::message::{Envelope, Message, PecKind};
use crate::model::person::Language;
use crate::people::rights::Act;
use crate::store;
use crate::text;
use crate::web::Site;
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;
use crate::web::page::{Frame, PageResult};
use crate::web::when::When;

/// The newest messages and, when one is chosen, its text.
#[get("/caselle/<id>?<messaggio>")]
pub async fn show(
    id: MailboxId,
    messaggio: Option<&str>,
    agent: Agent,
    flash: Option<FlashMessage<'_>>,
    site: &State<Site>,
) -> PageResult {
    let mailbox = agent.mailbox(site, &id, Act::OpenMailbox).await?;
    let path = format!("/caselle/{}", mailbox.id);
    let frame = Frame::of(site, &agent, &path, flash.as_ref());
    let uid = match messaggio {
        None => None,
        Some(text) => Some(text.parse::<u32>().map_err(|_| Failure::NotFound)?),
    };
    let opened = webmail::open(&site.app, &agent.actor(), &mailbox).await;
    let (mailbox, envelopes, mut fault) = match opened {
        Ok((mailbox, envelopes)) => (mailbox, envelopes, None),
        Err(closed) => {
            let words = words(&frame, closed)?;
            // A refused login has just changed how the mailbox stands.
            let now = store::mailboxes::find(&mut *site.app.db.read().await?, &id).await?;
            (now.unwrap_or(mailbox), Vec::new(), Some(words))
        }
    };
    let mut message = None;
    if let Some(uid) = uid.filter(|_| fault.is_none()) {
        match webmail::read(&site.app, &agent.actor(), &mailbox, uid).await {
            Ok(read) => message = Some(read),
            Err(closed) => fault = Some(words(&frame, closed)?),
        }
    }
    draw(&frame, &mailbox, &envelopes, message.as_ref(), fault)
}

fn draw(
    frame: &Frame<'_>,
    mailbox: &Mailbox,
    envelopes: &[Envelope],
    message: Option<&Message>,
    fault: Option<String>,
) -> PageResult {
    let when = When::new(frame.site, frame.language);
    let chosen = message.map(|message| message.envelope.uid);
    let messages: Vec<Value> =
        envelopes.iter().map(|one| line(frame, &when, mailbox, one, chosen == Some(one.uid))).collect();
    let context = json!({
        "mailbox": view(frame, mailbox),
        "messages": messages,
        "message": message.map(|message| reading(frame, &when, message)),
        "fault": fault,
    });
    let title = message.map_or(mailbox.name().to_string(), |message| subject(frame, &message.envelope));
    Ok(rocket::response::content::RawHtml(frame.render("mailboxes/show", &title, context)?))
}

fn line(frame: &Frame<'_>, when: &When<'_>, mailbox: &Mailbox, one: &Envelope, is_current: bool) -> Value {
    json!({
        "uid": one.uid,
        "href": format!("/caselle/{}?messaggio={}", mailbox.id, one.uid),
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
        "to": message.to,
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

/// Why the mailbox cannot be read, and what to do.
fn words(frame: &Frame<'_>, closed: Closed) -> Result<String, Failure> {
    let key = match closed {
        Closed::Store(fault) => return Err(fault.into()),
        Closed::Stopped => "mailbox-fault-stopped",
        Closed::NoPassword => "mailbox-fault-password",
        Closed::Fault(fault) => match fault.kind {
            FaultKind::LoginRefused | FaultKind::PasswordExpired | FaultKind::AccountBlocked => {
                "mailbox-fault-password"
            }
            FaultKind::LoginUnavailable => "mailbox-fault-busy",
            FaultKind::Certificate => "mailbox-fault-certificate",
            FaultKind::Unreachable | FaultKind::NotAllowed => "mailbox-fault-unreachable",
            FaultKind::NotFound => "message-gone",
            FaultKind::Protocol | FaultKind::TooMuch => "mailbox-fault-other",
        },
    };
    Ok(frame.text(key))
}
