//! In charge of the resource `messages` of a mailbox's folder: read only, marks nothing.

use rocket::http::{ContentType, Header};
use rocket::request::Request;
use rocket::response::stream::ByteStream;
use rocket::response::{self, Responder, Response};
use rocket::{State, get};
use serde::Serialize;

use super::{ApiResult, Json, List, window};
use crate::clock::Moment;
use crate::hub::reading::{self, Download};
use crate::input::FieldError;
use crate::mail::imap::{Piece, Source};
use crate::mail::pec;
use crate::model::id::MailboxId;
use crate::model::mailbox::Mailbox;
use crate::model::message::{Envelope, Numbered, PecKind};
use crate::model::page::{Cursor, Page};
use crate::people::rights::Act;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// A line of a list of messages.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Envelope)]
pub struct EnvelopeView {
    uid: u32,
    /// As the message has it, with the prefixes of PEC; null when it has none.
    subject: Option<String>,
    /// Of a certified message its original sender.
    from: Option<String>,
    to: Vec<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    date: Option<Moment>,
    /// Bytes.
    size: u32,
    /// As the server has them: `\Seen`, `\Flagged`, …, and the keywords of other programs.
    flags: Vec<String>,
    /// Of a certified message, whether its original has some.
    has_attachments: bool,
    /// False when the server could not give the message: all but `uid`, `size` and `flags` is then empty.
    readable: bool,
    pec: Pec,
}

/// What a message is among certified mail, by its own headers. What only the certification data tell is null until they
/// are read.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Pec {
    kind: PecKind,
    signature: Option<String>,
    provider: Option<String>,
    /// Who sent the original of a certified message.
    sender: Option<String>,
    /// Without the prefixes of PEC.
    subject: Option<String>,
    identifier: Option<String>,
    /// The Message-ID that a receipt, or an envelope, is about.
    reference_message_id: Option<String>,
    recipients: Vec<String>,
    at: Option<String>,
    error: Option<String>,
}

/// A header as written, unfolded.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HeaderLine {
    name: String,
    value: String,
}

/// A file in a message.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = MessageAttachment)]
pub struct AttachmentView {
    n: u32,
    name: Option<String>,
    /// Bytes; null when the message is too large for the file to be read to its end.
    size: Option<u64>,
    media_type: String,
}

/// One message.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Message)]
pub struct View {
    #[serde(flatten)]
    envelope: EnvelopeView,
    cc: Vec<String>,
    headers: Vec<HeaderLine>,
    /// The readable text: of the original inside a certified message, else of the message itself.
    text: String,
    /// Always null for now.
    html: Option<String>,
    attachments: Vec<AttachmentView>,
    /// True when only the first 4 MiB of the message were read.
    truncated: bool,
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

impl EnvelopeView {
    fn of(one: Envelope) -> EnvelopeView {
        let is_enveloped = matches!(one.kind, PecKind::CertifiedMessage | PecKind::RemDispatch | PecKind::Anomaly);
        EnvelopeView {
            pec: Pec {
                kind: one.kind,
                signature: None,
                provider: None,
                sender: some(one.from.clone()).filter(|_| is_enveloped),
                subject: some(pec::strip_prefixes(&one.subject).to_string()),
                identifier: None,
                reference_message_id: one.reference,
                recipients: Vec::new(),
                at: None,
                error: None,
            },
            uid: one.uid,
            subject: some(one.subject),
            from: some(one.from),
            to: one.to,
            date: one.date.map(Moment::from),
            size: one.size,
            flags: one.flags,
            has_attachments: one.has_attachments,
            readable: one.readable,
        }
    }
}

/// The messages of a folder, newest first
#[utoipa::path(get, path = "/mailboxes/{id}/folders/{folder}/messages", tag = "messages", params(("id" = String, Path),
    ("folder" = String, Path), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<EnvelopeView>)))]
#[get("/api/v1/mailboxes/<id>/folders/<folder>/messages?<limit>&<cursor>")]
pub async fn list(
    id: MailboxId,
    folder: &str,
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<EnvelopeView>> {
    let mailbox = caller.mailbox(site, &id, Act::OpenMailbox).await?;
    let window = window(limit, cursor)?;
    let before =
        window.after.as_ref().map(|after| place(after).ok_or_else(|| wrong("cursor", "cursor"))).transpose()?;
    let limit = u32::try_from(window.limit).unwrap_or(u32::MAX);
    let found = reading::list(&site.app, &caller.actor(), &mailbox, folder, limit, before).await?;
    let next = found.envelopes.last().filter(|_| found.goes_on);
    let next = next.map(|last| Cursor(vec![found.uid_validity.to_string(), last.uid.to_string()]));
    Ok(List::of(Page { items: found.envelopes, next }, EnvelopeView::of))
}

/// One message; with `uid_validity` only while its folder is numbered so
#[utoipa::path(get, path = "/mailboxes/{id}/folders/{folder}/messages/{uid}", tag = "messages", params(("id" = String, Path),
    ("folder" = String, Path), ("uid" = u32, Path), ("uid_validity" = Option<u32>, Query)), responses((status = 200, body = View)))]
#[get("/api/v1/mailboxes/<id>/folders/<folder>/messages/<uid>?<uid_validity>")]
pub async fn show(
    id: MailboxId,
    folder: &str,
    uid: &str,
    uid_validity: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<View> {
    let (mailbox, source) = addressed(&id, folder, uid, uid_validity, &caller, site).await?;
    let message = reading::message(&site.app, &caller.actor(), &mailbox, &source).await?;
    let headers = message.headers.into_iter().map(|(name, value)| HeaderLine { name, value });
    let attachments = message.attachments.into_iter().map(|one| AttachmentView {
        n: one.n,
        name: one.name,
        size: one.size,
        media_type: one.media_type,
    });
    Ok(Json::from(View {
        envelope: EnvelopeView::of(message.envelope),
        cc: message.cc,
        headers: headers.collect(),
        text: message.text,
        html: None,
        attachments: attachments.collect(),
        truncated: message.truncated,
    }))
}

/// A message, byte by byte.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes the body; what is sent comes from the mail server piece by piece")]
pub struct RawMessage(Vec<u8>);

/// A message's bytes on their way out. Fewer than announced break the transfer, so that nobody takes a part for the whole.
pub struct Raw {
    uid: u32,
    download: Download,
}

/// The bytes of a message exactly as the server has them
#[utoipa::path(get, path = "/mailboxes/{id}/folders/{folder}/messages/{uid}/raw", tag = "messages", params(("id" = String, Path),
    ("folder" = String, Path), ("uid" = u32, Path), ("uid_validity" = Option<u32>, Query)),
    responses((status = 200, body = RawMessage, content_type = "message/rfc822")))]
#[get("/api/v1/mailboxes/<id>/folders/<folder>/messages/<uid>/raw?<uid_validity>")]
pub async fn raw(
    id: MailboxId,
    folder: &str,
    uid: &str,
    uid_validity: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> Result<Raw, Failure> {
    let (mailbox, source) = addressed(&id, folder, uid, uid_validity, &caller, site).await?;
    let download = reading::download(&site.app, &caller.actor(), &mailbox, &source).await?;
    Ok(Raw { uid: source.uid, download })
}

impl<'r> Responder<'r, 'r> for Raw {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'r> {
        let Download { size, mut pieces } = self.download;
        let bytes = ByteStream! {
            while let Some(Piece::Bytes(bytes)) = pieces.recv().await {
                yield bytes;
            }
        };
        let mut response = Response::build_from(bytes.respond_to(request)?);
        response
            .header(ContentType::new("message", "rfc822"))
            .header(Header::new("Content-Length", size.to_string()))
            .header(Header::new("Content-Disposition", format!("attachment; filename=\"messaggio-{}.eml\"", self.uid)))
            .header(Header::new("Content-Security-Policy", "sandbox; default-src 'none'"))
            .ok()
    }
}

/// The mailbox, for who may open it, and which of its messages. A number that is none leads to no message.
async fn addressed(
    id: &MailboxId,
    folder: &str,
    uid: &str,
    uid_validity: Option<&str>,
    caller: &Caller,
    site: &Site,
) -> Result<(Mailbox, Source), Failure> {
    let mailbox = caller.mailbox(site, id, Act::OpenMailbox).await?;
    let uid = uid.parse().map_err(|_| Failure::NotFound)?;
    let uid_validity = uid_validity.map(|text| text.parse().map_err(|_| wrong("uid_validity", "not-a-number")));
    Ok((mailbox, Source { folder: folder.into(), uid, uid_validity: uid_validity.transpose()? }))
}

fn place(cursor: &Cursor) -> Option<Numbered> {
    let number = |place: usize| u32::try_from(cursor.number(place)?).ok();
    Some(Numbered { uid_validity: number(0)?, uid: number(1)? })
}

fn wrong(field: &str, rule: &'static str) -> Failure {
    vec![FieldError::new(field, rule)].into()
}
