//! In charge of the resource `tickets/{number}/messages`: what is said in a ticket, and what changed.

use std::collections::HashMap;

use rocket::{State, get, post};
use serde::Serialize;

use super::attachments::{Download, View as AttachmentView};
use super::body::Body;
use super::once::Key;
use super::{ApiResult, Created, Json, List, window};
use crate::clock::Moment;
use crate::desk::reply;
use crate::desk::sight::{Part, sees_delivery};
use crate::intake::body::{self, How};
use crate::model::attachment::Attachment;
use crate::model::id::MessageId;
use crate::model::outbox::{Delivery, State as Delivered};
use crate::model::ticket::{Channel, Message, MessageKind, Pec};
use crate::store;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;
use crate::web::tickets::event_words;
use crate::web::tickets::mails::original;

/// Who wrote.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Author)]
pub struct AuthorView {
    name: String,
    email: String,
}

/// An entry of a ticket's history.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TicketMessage)]
pub struct View {
    id: String,
    kind: MessageKind,
    /// Of an event: what changed, in the reader's language.
    body_text: String,
    /// Of a mail: its HTML made harmless, without pictures. Null where there is none, where it is too much to be shown, and for the
    /// last of a long list of large mails: ask for fewer at once.
    body_html: Option<String>,
    /// Of certified mail: what its provider says of it.
    pec: Option<Pec>,
    author: AuthorView,
    channel: Channel,
    #[schema(value_type = String, format = DateTime)]
    created_at: Moment,
    /// How the mails that it caused stand: the worst of them; null when there is none, and for who asked.
    delivery: Option<Delivered>,
    /// The same by whom they go to. Who asked finds here whom in copy they do not reach.
    deliveries: Vec<Delivery>,
    attachments: Vec<AttachmentView>,
    /// The ticket in which it stands: another than the one written to when that was closed or merged.
    ticket_number: String,
}

impl View {
    fn of(
        site: &Site,
        caller: &Caller,
        number: &str,
        message: Message,
        (part, deliveries, attachments, body_html): (Part, Vec<Delivery>, Vec<AttachmentView>, Option<String>),
    ) -> View {
        let body_text = match &message.event {
            Some(event) => event_words(site, caller.person.language, event),
            None => message.body,
        };
        View {
            id: message.id.to_string(),
            kind: message.kind,
            body_text,
            body_html,
            pec: message.mail.and_then(|mail| mail.pec),
            author: AuthorView { name: message.author_name, email: message.author_email },
            channel: message.channel,
            created_at: message.created_at,
            delivery: Delivery::worst(&deliveries).filter(|_| part.is_desk()),
            deliveries,
            attachments,
            ticket_number: number.into(),
        }
    }
}

/// What is to be said.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct TicketMessageInput {
    kind: MessageKind,
    body_text: String,
    attachments: Option<Vec<String>>,
    /// The last entry that whoever writes has seen: a newer reply is 409.
    after: Option<String>,
}

/// The history of a ticket, oldest first; notes are for the desk alone
#[utoipa::path(get, path = "/tickets/{number}/messages", tag = "tickets", params(("number" = String, Path), ("limit" = Option<u32>, Query),
    ("cursor" = Option<String>, Query)), responses((status = 200, body = List<View>)))]
#[get("/api/v1/tickets/<number>/messages?<limit>&<cursor>")]
pub async fn list(
    number: &str,
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<View>> {
    let (ticket, part) = caller.ticket(site, number).await?;
    let window = window(limit, cursor)?;
    let mut c = site.app.db.read().await?;
    let page = store::ticket_messages::list(&mut c, &ticket.id, part.is_desk(), &window).await?;
    let ids: Vec<MessageId> = page.items.iter().map(|one| one.id.clone()).collect();
    let mut delivered = store::ticket_messages::deliveries(&mut c, &ids).await?;
    let mut files = store::attachments::of_messages(&mut c, &ids).await?;
    drop(c);
    let mut bodies = bodies(site, &page.items).await?;
    Ok(List::of(page, |message| {
        // How mails leave is the desk's business: addresses of others stand behind it.
        let mut mails = delivered.remove(&message.id).unwrap_or_default();
        mails.retain(|mail| sees_delivery(part, &ticket, mail));
        let own: Vec<Attachment> = files.extract_if(.., |one| one.message_id.as_ref() == Some(&message.id)).collect();
        let own = own.into_iter().map(AttachmentView::of).collect();
        let body = bodies.remove(&message.id);
        View::of(site, &caller, &ticket.number, message, (part, mails, own, body))
    }))
}

/// The bytes of mails that are read for one list.
const MOST_READ: usize = 64 * 1024 * 1024;

/// What those of these entries that were mails say in HTML.
async fn bodies(site: &Site, messages: &[Message]) -> Result<HashMap<MessageId, String>, Failure> {
    let (mut found, mut read) = (HashMap::new(), 0);
    for one in messages.iter().filter(|one| one.mail.as_ref().is_some_and(|mail| mail.has_body)) {
        if read >= MOST_READ {
            break;
        }
        let shown = body::show(&site.app, &one.id, How::Plain).await;
        if let Some((body, size)) = shown.map_err(|fault| Failure::Broken(format!("{fault:#}")))? {
            read += size;
            found.insert(one.id.clone(), body.html);
        }
    }
    Ok(found)
}

/// Reply to a ticket, or note something in it
#[utoipa::path(post, path = "/tickets/{number}/messages", tag = "tickets", params(("number" = String, Path)),
    request_body = TicketMessageInput, responses((status = 201, body = View)))]
#[post("/api/v1/tickets/<number>/messages", data = "<body>")]
pub async fn create(
    number: &str,
    body: Body,
    key: Key,
    caller: Caller,
    site: &State<Site>,
) -> Result<Created<View>, Failure> {
    let (ticket, part) = caller.ticket(site, number).await?;
    let once = key.once(&format!("tickets/{}/messages", ticket.number), &body)?;
    if !part.may_reply() {
        return Err(Failure::Forbidden);
    }
    let draft = reply::read(body.fields()?, part)?;
    let asked = (&ticket, part);
    let said =
        reply::say(&site.app, &caller.actor(), &caller.person, asked, draft, Channel::Api, once.as_ref()).await?;
    let (now, message) = said;
    let files =
        store::attachments::of_messages(&mut *site.app.db.read().await?, std::slice::from_ref(&message.id)).await?;
    let files = files.into_iter().map(AttachmentView::of).collect();
    Ok(Created(Json::from(View::of(site, &caller, &now.number, message, (part, Vec::new(), files, None)))))
}

/// The mail from which an entry was made, as it came: the desk's to see
#[utoipa::path(get, path = "/tickets/{number}/messages/{id}/raw", tag = "tickets", params(("number" = String, Path),
    ("id" = String, Path)), responses((status = 200, content_type = "application/octet-stream")))]
#[get("/api/v1/tickets/<number>/messages/<id>/raw")]
pub async fn raw(number: &str, id: &str, caller: Caller, site: &State<Site>) -> Result<Download, Failure> {
    original_of(site, &caller, number, id).await
}

/// The same for whoever asks, on pages too.
pub async fn original_of(
    site: &Site,
    asker: &(impl Asker + Sync),
    number: &str,
    id: &str,
) -> Result<Download, Failure> {
    let (ticket, part) = asker.ticket(site, number).await?;
    if !part.is_desk() {
        return Err(Failure::NotFound);
    }
    let mut c = site.app.db.read().await?;
    let found = store::ticket_messages::find(&mut c, &ticket.id, id).await?.ok_or(Failure::NotFound)?;
    let mail = store::intake_mails::raw_of(&mut c, &found.id).await?.ok_or(Failure::NotFound)?;
    drop(c);
    original(site, &mail).await
}
