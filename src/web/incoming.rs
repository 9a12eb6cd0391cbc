//! In charge of a form with files on its way in, from a page or to the API: read a piece at a time, each file streamed to the disk
//! and written down. Does not know what it is for.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use rocket::data::{ByteUnit, Data};
use tokio::io::{AsyncRead, ReadBuf};

use super::Site;
use super::outcome::Failure;
use crate::desk::attachment::{self, Incoming};
use crate::model::attachment::{Attachment, Owner};
use crate::model::id::AttachmentId;
use crate::model::trace::Actor;

/// How much is read ahead of what is taken out: multer takes all that is ready.
const AHEAD: u64 = 256 * 1024;

/// The most that may come before a part's content begins: its head, and what was read ahead.
const MOST_HEAD: u64 = 4 * AHEAD;

/// The parts of a form (`multipart/form-data`, RFC 7578), one after another. A head without end is not held in memory.
pub struct Parts<'r> {
    form: multer::Multipart<'r>,
    /// What has come since the end of the last part; `NO_HEAD` while a part's content is read.
    head: Arc<AtomicU64>,
}

const NO_HEAD: u64 = u64::MAX;

impl<'r> Parts<'r> {
    /// The parts of what was sent, of so many bytes at most.
    pub fn of(data: Data<'r>, most: ByteUnit, boundary: String) -> Parts<'r> {
        let head = Arc::new(AtomicU64::new(0));
        let metered = Metered { inner: data.open(most), head: head.clone(), ahead: 0 };
        Parts { form: multer::Multipart::with_reader(metered, boundary), head }
    }

    /// The next part; the one before it must have been read to its end.
    pub async fn next(&mut self) -> multer::Result<Option<multer::Field<'r>>> {
        self.head.store(0, Ordering::Relaxed);
        let next = self.form.next_field().await;
        self.head.store(NO_HEAD, Ordering::Relaxed);
        next
    }
}

/// A reader that pauses after each stretch, so that what has come is taken out first, and ends where a head has no end.
struct Metered<R> {
    inner: R,
    head: Arc<AtomicU64>,
    ahead: u64,
}

impl<R: AsyncRead + Unpin> AsyncRead for Metered<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        if self.ahead >= AHEAD {
            self.ahead = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buf.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(cx, buf);
        if read.is_pending() {
            self.ahead = 0;
            return read;
        }
        let came = (buf.filled().len() - before) as u64;
        self.ahead += came;
        let head = self.head.load(Ordering::Relaxed);
        if head != NO_HEAD {
            let head = self.head.fetch_add(came, Ordering::Relaxed) + came;
            if head > MOST_HEAD {
                return Poll::Ready(Err(std::io::Error::other("the head of a part has no end")));
            }
        }
        read
    }
}

/// What became of a part of a form.
pub enum Taken {
    File(Attachment),
    /// A kind of file that is not admitted.
    Blocked,
    TooLarge,
    /// The part holds no file.
    Nothing,
}

/// Reads a part to its end and keeps nothing of it, so that what follows can be read.
pub async fn leave(mut field: multer::Field<'_>) -> Result<(), Failure> {
    while field.chunk().await.map_err(|_| Failure::Malformed)?.is_some() {}
    Ok(())
}

/// Takes the file of a part. One that is not taken is read to its end all the same, so that what follows can be read.
pub async fn take(
    site: &Site,
    (actor, owner): (&Actor, &Owner),
    mut field: multer::Field<'_>,
    most: ByteUnit,
) -> Result<Taken, Failure> {
    let broken = |_| Failure::Malformed;
    let Some(name) = field.file_name().filter(|name| !name.is_empty()).map(attachment::harmless) else {
        while field.chunk().await.map_err(broken)?.is_some() {}
        return Ok(Taken::Nothing);
    };
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
    let picture = incoming.picture();
    let sha256 = incoming.finish(data_dir).await.map_err(full)?;
    let id = AttachmentId::new();
    let one =
        Attachment { id, name, size, media_type, sha256, uploader_id: None, visitor: None, message_id: None, picture };
    Ok(Taken::File(attachment::keep(&site.app, actor, owner, one).await?))
}
