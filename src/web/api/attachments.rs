//! In charge of the resource `attachments`: a file is uploaded first, then named by a message; its bytes come back as a download,
//! never shown as a page.

use rocket::data::{Data, ToByteUnit};
use rocket::http::{ContentType, Header};
use rocket::request::Request;
use rocket::response::{self, Responder, Response};
use rocket::{State, get, post};
use serde::Serialize;

use super::{Created, Json};
use crate::desk::attachment;
use crate::input::FieldError;
use crate::model::attachment::{Attachment, Owner, Picture};
use crate::model::id::AttachmentId;
use crate::people::rights::Act;
use crate::store;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::incoming::{self, Parts, Taken};
use crate::web::outcome::Failure;

/// A file.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Attachment)]
pub struct View {
    id: String,
    name: String,
    size: i64,
    media_type: String,
    sha256: String,
}

impl View {
    pub(super) fn of(one: Attachment) -> View {
        View { id: one.id.to_string(), name: one.name, size: one.size, media_type: one.media_type, sha256: one.sha256 }
    }
}

/// A file on its way in: the part `file` of a form.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is streamed")]
pub struct AttachmentInput {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a file; a message then names its id
#[utoipa::path(post, path = "/attachments", tag = "attachments", request_body(content = AttachmentInput, content_type = "multipart/form-data"),
    responses((status = 201, body = View)))]
#[post("/api/v1/attachments", data = "<data>")]
pub async fn create(
    data: Data<'_>,
    kind: Option<&ContentType>,
    caller: Caller,
    site: &State<Site>,
) -> Result<Created<View>, Failure> {
    caller.must(Act::AskForHelp)?;
    let boundary = kind.and_then(|kind| multer::parse_boundary(kind.to_string()).ok());
    let boundary = boundary.ok_or_else(|| wrong("not-multipart"))?;
    let most = site.app.settings.max_upload;
    // What is too large is read on for a while, so that its sender hears why.
    let mut form = Parts::of(data, most * 2 + 64.kibibytes(), boundary);
    let (actor, owner) = (caller.actor(), Owner::Person(caller.person.id.clone()));
    while let Some(field) = form.next().await.map_err(|_| wrong("not-multipart"))? {
        match incoming::take(site, (&actor, &owner), field, most).await {
            Ok(Taken::File(made)) => return Ok(Created(Json::from(View::of(made)))),
            Ok(Taken::Blocked) => return Err(wrong("blocked-type")),
            // Cut by our limit, or by its sender.
            Ok(Taken::TooLarge) | Err(Failure::Malformed) => return Err(Failure::TooLarge),
            // What is no file is read to its end.
            Ok(Taken::Nothing) => {}
            Err(failure) => return Err(failure),
        }
    }
    Err(wrong("required"))
}

fn wrong(rule: &'static str) -> Failure {
    vec![FieldError::new("file", rule)].into()
}

/// A file's bytes.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes the bytes")]
pub struct RawAttachment(Vec<u8>);

/// A file on its way out: a download, or a picture that we know for one, of no kind that a browser would run.
pub struct Download {
    name: String,
    size: i64,
    file: tokio::fs::File,
    /// What it is shown as; all else is saved.
    picture: Option<Picture>,
}

/// The bytes of a file
#[utoipa::path(get, path = "/attachments/{id}", tag = "attachments", params(("id" = String, Path)),
    responses((status = 200, body = RawAttachment, content_type = "application/octet-stream")))]
#[get("/api/v1/attachments/<id>")]
pub async fn show(id: AttachmentId, caller: Caller, site: &State<Site>) -> Result<Download, Failure> {
    download(site, &caller, &id).await
}

/// A file, for who sees the message that it came with; until then for its sender.
pub async fn download(site: &Site, asker: &(impl Asker + Sync), id: &AttachmentId) -> Result<Download, Failure> {
    let one = seen(site, asker, id).await?;
    Download::open(site, one.name, one.size, &one.sha256).await
}

/// A picture, to be shown where its message stands; of another file it is said that there is none.
pub async fn picture(site: &Site, asker: &(impl Asker + Sync), id: &AttachmentId) -> Result<Download, Failure> {
    let one = seen(site, asker, id).await?;
    let picture = Some(one.picture.ok_or(Failure::NotFound)?);
    Ok(Download { picture, ..Download::open(site, one.name, one.size, &one.sha256).await? })
}

async fn seen(site: &Site, asker: &(impl Asker + Sync), id: &AttachmentId) -> Result<Attachment, Failure> {
    let one = store::attachments::find(&mut *site.app.db.read().await?, id).await?.ok_or(Failure::NotFound)?;
    match &one.message_id {
        None if one.uploader_id.as_ref() == Some(&asker.person().id) => {}
        None => return Err(Failure::NotFound),
        Some(message) => {
            asker.message(site, message).await?;
        }
    }
    Ok(one)
}

impl Download {
    /// The bytes that lie under a SHA-256, by this name.
    pub async fn open(site: &Site, name: String, size: i64, sha256: &str) -> Result<Download, Failure> {
        let path = attachment::path(&site.app.settings.data_dir, sha256);
        let file = tokio::fs::File::open(&path).await;
        let file = file.map_err(|fault| Failure::Broken(format!("{} cannot be read: {fault}", path.display())))?;
        Ok(Download { name, size, file, picture: None })
    }
}

impl<'r> Responder<'r, 'static> for Download {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        // RFC 6266, with the name's letters beyond ASCII by RFC 8187.
        let plain: String =
            self.name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\;%".contains(c) { c } else { '_' }).collect();
        let whole: String = self
            .name
            .bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() || b"-_.".contains(&b) {
                    (b as char).to_string()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect();
        let (kind, placed) = match self.picture.and_then(|picture| ContentType::parse_flexible(picture.media_type())) {
            Some(kind) => (kind, "inline"),
            None => (ContentType::Binary, "attachment"),
        };
        Response::build()
            .header(kind)
            .header(Header::new("Content-Length", self.size.to_string()))
            .header(Header::new(
                "Content-Disposition",
                format!("{placed}; filename=\"{plain}\"; filename*=UTF-8''{whole}"),
            ))
            .header(Header::new("Content-Security-Policy", "sandbox; default-src 'none'"))
            .streamed_body(self.file)
            .ok()
    }
}
