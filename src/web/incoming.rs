//! In charge of a file on its way in, from a page's form or the API: streamed to the disk and written down. Does not know what it
//! is for.

use rocket::data::ByteUnit;

use super::Site;
use super::outcome::Failure;
use crate::desk::attachment::{self, Incoming};
use crate::model::attachment::Attachment;
use crate::model::id::AttachmentId;
use crate::model::person::Person;
use crate::model::trace::Actor;

/// What became of a part of a form.
pub enum Taken {
    File(Attachment),
    /// A kind of file that is not admitted.
    Blocked,
    TooLarge,
    /// The part holds no file.
    Nothing,
}

/// Takes the file of a part. One that is not taken is read to its end all the same, so that what follows can be read.
pub async fn take(
    site: &Site,
    (actor, by): (&Actor, &Person),
    mut field: multer::Field<'_>,
    most: ByteUnit,
) -> Result<Taken, Failure> {
    let Some(name) = field.file_name().filter(|name| !name.is_empty()).map(attachment::harmless) else {
        return Ok(Taken::Nothing);
    };
    let broken = |_| Failure::Malformed;
    if attachment::is_blocked(&name) {
        while field.chunk().await.map_err(broken)?.is_some() {}
        return Ok(Taken::Blocked);
    }
    let media_type = field
        .content_type()
        .map_or("application/octet-stream".into(), |kind| kind.essence_str().chars().take(100).collect::<String>());
    let full = |fault: anyhow::Error| Failure::Broken(format!("a file could not be written: {fault:#}"));
    let data_dir = &site.app.settings.data_dir;
    let mut incoming = Some(Incoming::begin(data_dir).await.map_err(full)?);
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        if let Some(file) = &mut incoming {
            file.write(&chunk).await.map_err(full)?;
            if file.size() > most.as_u64() {
                incoming = None;
            }
        }
    }
    let Some(incoming) = incoming else { return Ok(Taken::TooLarge) };
    let size = i64::try_from(incoming.size()).unwrap_or(i64::MAX);
    let sha256 = incoming.finish(data_dir).await.map_err(full)?;
    let id = AttachmentId::new();
    let one = Attachment { id, name, size, media_type, sha256, uploader_id: None, message_id: None };
    Ok(Taken::File(attachment::keep(&site.app, actor, by, one).await?))
}
