//! In charge of opening a watched mailbox to be read: nobody types its password, nobody sees it, and each reading leaves a trace.

use super::mailbox::record_status;
use super::secret::{self, Shut};
use super::visit::slot_length;
use super::{refusal, status, turn};
use crate::app::{App, Shared};
use crate::audit;
use crate::mail::MailFault;
use crate::mail::imap::{self, Chosen, Login, Newest};
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
pub(super) const MOST_BYTES: u32 = 4 * 1024 * 1024;

/// Why a mailbox could not be read.
#[derive(Debug)]
pub enum Closed {
    /// Nobody may try it as it stands: the status says why.
    Stopped,
    /// Its password cannot be opened here.
    NoPassword,
    /// The key that seals it is not at hand.
    NoKey,
    Fault(MailFault),
    Store(sqlx::Error),
}

impl From<sqlx::Error> for Closed {
    fn from(fault: sqlx::Error) -> Closed {
        Closed::Store(fault)
    }
}

/// A mailbox opened to be read.
#[derive(Debug)]
pub struct Opened {
    /// As it stands from now on: what was new no longer is.
    pub mailbox: Mailbox,
    /// UIDVALIDITY of INBOX: the numbers of these messages mean something only together with it.
    pub uid_validity: u32,
    /// Newest first.
    pub envelopes: Vec<Envelope>,
    /// The one chosen, or why it cannot be shown.
    pub message: Option<Result<Message, MailFault>>,
}

/// Opens the mailbox: the newest messages and, in the same session, the one chosen by its UID and the UIDVALIDITY it was
/// listed under. Marks nothing on the server.
pub async fn open(
    app: &Shared,
    actor: &Actor,
    mailbox: &Mailbox,
    chosen: Option<(u32, Option<u32>)>,
) -> Result<Opened, Closed> {
    let chosen = chosen.map(|(uid, uid_validity)| Chosen { uid, uid_validity, max_bytes: MOST_BYTES });
    let (newest, sealed) = try_with_password(app, mailbox, async |server, login| {
        imap::newest(&app.net, server, login, NEWEST, chosen).await
    })
    .await?;
    let Newest { facts: seen, envelopes, message } = newest;
    let read = message.as_ref().and_then(|message| message.as_ref().ok()).map(|message| message.envelope.uid);
    let mailbox = write_opening(app, actor, mailbox, &sealed, &seen, read).await?;
    Ok(Opened { mailbox, uid_validity: seen.uid_validity, envelopes, message })
}

/// The act of having read one message.
pub(super) fn message_read(mailbox: &Mailbox, folder: &str, uid: u32) -> Act {
    Act::on("message.read", &mailbox.card.address).with(format!("{folder}, uid {uid}"))
}

async fn write_opening(
    app: &App,
    actor: &Actor,
    mailbox: &Mailbox,
    sealed: &Sealed,
    seen: &InboxFacts,
    read: Option<u32>,
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
    if let Some(uid) = read {
        audit::record(app, &mut tx, actor, message_read(&current, imap::INBOX, uid)).await?;
    }
    tx.commit().await?;
    app.look_again();
    Ok(Mailbox { facts, ..current })
}

/// Does something that needs the mailbox's login, in its turn. A refused login is the one try there is: it is written down before
/// anybody else has the turn, and from then on the mailbox stands still.
pub(super) async fn try_with_password<T>(
    app: &Shared,
    mailbox: &Mailbox,
    work: impl AsyncFnOnce(&Server, Login<'_>) -> Result<T, MailFault>,
) -> Result<(T, Sealed), Closed> {
    if mailbox.facts.status.is_stopped() {
        return Err(Closed::Stopped);
    }
    let _place = app.places.take(&mailbox.card.imap).await.map_err(Closed::Fault)?;
    let (turn, mailbox, sealed) = turn::take(app, &mailbox.id).await?;
    let opened = secret::open(app, &mailbox.id, &mailbox.card, &sealed).await.map_err(Closed::from);
    let opened = opened.and_then(|opened| {
        opened.map_err(|shut| match shut {
            Shut::Unreadable => Closed::NoPassword,
            Shut::NoKey => Closed::NoKey,
        })
    });
    let password = match opened {
        Ok(password) => password,
        Err(closed) => {
            // Nothing was sent.
            turn.end(true).await;
            return Err(closed);
        }
    };
    let done = match work(&mailbox.card.imap, Login { username: &mailbox.card.username, password: &password }).await {
        Ok(done) => Ok((done, sealed)),
        Err(fault) => {
            if fault.kind.is_refusal() {
                let fingerprint = refusal::fingerprint(app, (&mailbox.card.imap, &mailbox.card.username), &password);
                write_refusal(app, &mailbox, &sealed, &fault, &fingerprint).await?;
            }
            Err(fault)
        }
    };
    let is_judged = done.as_ref().err().is_none_or(|fault| !fault.is_unjudged);
    turn.end(is_judged).await;
    done.map_err(Closed::Fault)
}

/// A refusal counts only against the password that met it, not against one given meanwhile.
async fn write_refusal(
    app: &App,
    mailbox: &Mailbox,
    sealed: &Sealed,
    fault: &MailFault,
    fingerprint: &str,
) -> Result<(), Closed> {
    let mut tx = app.db.begin().await?;
    let Some(current) = store::mailboxes::lock(&mut tx, &mailbox.id).await? else { return Ok(()) };
    if !is_as_it_was(&mut tx, &current, sealed).await? {
        return Ok(());
    }
    refusal::count(app, &mut tx, fingerprint).await?;
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
