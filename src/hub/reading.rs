//! In charge of reading a watched mailbox folder by folder, for programs. Unlike opening its page this changes nothing here
//! either: what is new stays new. Each reading leaves a trace.

use tokio::sync::mpsc;

use super::webmail::{Closed, MOST_BYTES, message_read, try_with_password};
use crate::app::Shared;
use crate::audit;
use crate::mail::imap::{self, Chosen, Listing, Piece, Source};
use crate::mail::{FaultKind, MailFault};
use crate::model::mailbox::Mailbox;
use crate::model::message::{Folder, Message, Numbered};
use crate::model::server::Server;
use crate::model::trace::{Act, Actor};

/// How many pieces of a message may wait for a slow taker.
const PIECES_WAITING: usize = 2;

/// The folders of a mailbox.
pub async fn folders(app: &Shared, actor: &Actor, mailbox: &Mailbox) -> Result<Vec<Folder>, Closed> {
    let read = async |server: &Server, login: imap::Login<'_>| imap::folders(&app.net, server, login).await;
    let (folders, _) = try_with_password(app, mailbox, read).await?;
    audit::record_alone(app, actor, Act::on("folders.read", &mailbox.card.address)).await?;
    Ok(folders)
}

/// The newest messages of a folder, or the newest of those older than one.
pub async fn list(
    app: &Shared,
    actor: &Actor,
    mailbox: &Mailbox,
    folder: &str,
    limit: u32,
    before: Option<Numbered>,
) -> Result<Listing, Closed> {
    let (listing, _) = try_with_password(app, mailbox, async |server, login| {
        imap::list(&app.net, server, login, folder, limit, before).await
    })
    .await?;
    audit::record_alone(app, actor, Act::on("folder.read", &mailbox.card.address).with(folder)).await?;
    Ok(listing)
}

/// One message.
pub async fn message(app: &Shared, actor: &Actor, mailbox: &Mailbox, source: &Source) -> Result<Message, Closed> {
    let chosen = Chosen { uid: source.uid, uid_validity: source.uid_validity, max_bytes: MOST_BYTES };
    let (message, _) = try_with_password(app, mailbox, async |server, login| {
        imap::message(&app.net, server, login, &source.folder, chosen).await
    })
    .await?;
    audit::record_alone(app, actor, message_read(mailbox, &source.folder, source.uid)).await?;
    Ok(message)
}

/// A message's bytes on their way.
pub struct Download {
    /// How many there are.
    pub size: u32,
    /// They are whole only when so many have come: what breaks on the way ends early.
    pub pieces: mpsc::Receiver<Piece>,
}

/// The bytes of a message exactly as its server has them. They go on coming while they are taken in time
/// ([`imap::raw`]); whoever stops taking them ends it.
pub async fn download(app: &Shared, actor: &Actor, mailbox: &Mailbox, source: &Source) -> Result<Download, Closed> {
    let (give, mut pieces) = mpsc::channel(PIECES_WAITING);
    let fetching = tokio::spawn(fetch(app.clone(), mailbox.clone(), source.clone(), give));
    let Some(Piece::Size(size)) = pieces.recv().await else {
        // It ended before the first piece, so it can only have failed.
        let unsaid = || MailFault::ours(FaultKind::Protocol, "message-unreadable");
        return Err(fetching.await.ok().and_then(Result::err).unwrap_or_else(|| Closed::Fault(unsaid())));
    };
    let act = Act::on("message.downloaded", &mailbox.card.address);
    audit::record_alone(app, actor, act.with(format!("{}, uid {}", source.folder, source.uid))).await?;
    Ok(Download { size, pieces })
}

async fn fetch(app: Shared, mailbox: Mailbox, source: Source, give: mpsc::Sender<Piece>) -> Result<(), Closed> {
    let _place = app.places.take_for_download(&mailbox.card.imap).await.map_err(Closed::Fault)?;
    let fetched = try_with_password(&app, &mailbox, async |server, login| {
        imap::raw(&app.net, server, login, &source, &give).await
    });
    match fetched.await {
        Ok(_) => Ok(()),
        Err(closed) => {
            tracing::info!(mailbox.id = %mailbox.id, uid = source.uid, why = ?closed, "a message could not be handed on whole");
            Err(closed)
        }
    }
}
