//! In charge of opening a watched mailbox to be read: nobody types its password, nobody sees it, and each reading leaves a trace.

use super::mailbox::record_status;
use super::visit::slot_length;
use super::{secret, status, turn};
use crate::app::{App, Shared};
use crate::audit;
use crate::mail::MailFault;
use crate::mail::imap::{self, Login};
use crate::model::mailbox::Mailbox;
use crate::model::message::{Envelope, InboxFacts, Message};
use crate::model::server::Server;
use crate::model::trace::{Act, Actor};
use crate::store;
use crate::store::Tx;
use crate::store::secrets::Sealed;

/// How many of the newest messages a page lists.
pub const NEWEST: u32 = 30;

/// How much of one message is read, in bytes.
const MOST_BYTES: u32 = 4 * 1024 * 1024;

/// Why a mailbox could not be read.
#[derive(Debug)]
pub enum Closed {
    /// Nobody may try it as it stands: the status says why.
    Stopped,
    /// Its password cannot be opened here.
    NoPassword,
    Fault(MailFault),
    Store(sqlx::Error),
}

impl From<sqlx::Error> for Closed {
    fn from(fault: sqlx::Error) -> Closed {
        Closed::Store(fault)
    }
}

/// Opens the mailbox: the newest messages, newest first, and how it stands from now on. What was new no longer is.
pub async fn open(app: &Shared, actor: &Actor, mailbox: &Mailbox) -> Result<(Mailbox, Vec<Envelope>), Closed> {
    let ((seen, envelopes), sealed) =
        try_with_password(app, mailbox, async |server, login| imap::newest(&app.net, server, login, NEWEST).await)
            .await?;
    let mailbox = write_opening(app, actor, mailbox, &sealed, &seen).await?;
    Ok((mailbox, envelopes))
}

/// Opens one message to be read. Marks nothing on the server.
pub async fn read(app: &Shared, actor: &Actor, mailbox: &Mailbox, uid: u32) -> Result<Message, Closed> {
    let (message, _) = try_with_password(app, mailbox, async |server, login| {
        imap::message(&app.net, server, login, uid, MOST_BYTES).await
    })
    .await?;
    let act = Act::on("message.read", &mailbox.card.address).with(format!("uid {uid}"));
    audit::record_alone(app, actor, act).await?;
    Ok(message)
}

async fn write_opening(
    app: &App,
    actor: &Actor,
    mailbox: &Mailbox,
    sealed: &Sealed,
    seen: &InboxFacts,
) -> Result<Mailbox, Closed> {
    let mut tx = app.db.begin().await?;
    let Some(current) = store::mailboxes::lock(&mut tx, &mailbox.id).await? else { return Err(Closed::Stopped) };
    let mut facts = current.facts.clone();
    if is_as_it_was(&mut tx, &current, sealed).await? {
        facts = status::after_opening(&facts, seen, app.clock.now());
        store::mailboxes::set_facts(&mut tx, &current.id, &facts).await?;
        record_status(app, &mut tx, actor, &current.card.address, &current.facts, &facts).await?;
    }
    audit::record(app, &mut tx, actor, Act::on("mailbox.opened", &current.card.address)).await?;
    tx.commit().await?;
    app.look_again();
    Ok(Mailbox { facts, ..current })
}

/// Does something that needs the mailbox's login, in its turn. A refused login is the one try there is: it is written down before
/// anybody else has the turn, and from then on the mailbox stands still.
async fn try_with_password<T>(
    app: &Shared,
    mailbox: &Mailbox,
    work: impl AsyncFnOnce(&Server, Login<'_>) -> Result<T, MailFault>,
) -> Result<(T, Sealed), Closed> {
    if mailbox.facts.status.is_stopped() {
        return Err(Closed::Stopped);
    }
    let _place = app.places.take(&mailbox.card.imap).await.map_err(Closed::Fault)?;
    let (turn, mailbox, sealed) = turn::take(app, &mailbox.id).await?;
    let password = secret::open(&app.keys, &mailbox.id, &mailbox.card, &sealed).map_err(|_| Closed::NoPassword)?;
    let done = match work(&mailbox.card.imap, Login { username: &mailbox.card.username, password: &password }).await {
        Ok(done) => Ok((done, sealed)),
        Err(fault) => {
            if fault.kind.is_refusal() {
                write_refusal(app, &mailbox, &sealed, &fault).await?;
            }
            Err(Closed::Fault(fault))
        }
    };
    turn.end().await;
    done
}

/// A refusal counts only against the password that met it, not against one given meanwhile.
async fn write_refusal(app: &App, mailbox: &Mailbox, sealed: &Sealed, fault: &MailFault) -> Result<(), Closed> {
    let mut tx = app.db.begin().await?;
    let Some(current) = store::mailboxes::lock(&mut tx, &mailbox.id).await? else { return Ok(()) };
    if !is_as_it_was(&mut tx, &current, sealed).await? {
        return Ok(());
    }
    let now = app.clock.now();
    let facts = status::after_fault(&current.facts, fault, slot_length(app, now), now);
    store::mailboxes::set_facts(&mut tx, &current.id, &facts).await?;
    record_status(app, &mut tx, &Actor::system(), &current.card.address, &current.facts, &facts).await?;
    tx.commit().await?;
    app.look_again();
    Ok(())
}

/// True when nobody has stopped the watch or given another password since this one was taken: only then does what was seen
/// say something of the mailbox as it stands.
async fn is_as_it_was(tx: &mut Tx, current: &Mailbox, sealed: &Sealed) -> store::Result<bool> {
    let secret = store::secrets::find(tx, &current.id).await?;
    Ok(!current.facts.status.is_stopped() && secret.as_ref() == Some(sealed))
}
