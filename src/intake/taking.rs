//! In charge of what becomes of a mail that is here (features.md 5): read, put where it belongs, all of it in one transaction. What
//! cannot be read, or is not for us to decide, waits for a person with its bytes.

use anyhow::Context;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use super::body::{self, Kept};
use super::oversize;
pub use super::placing::Says;
use super::placing::{Stops, Voice, came_too, glimpsed, named, opened_by, place, point, said};
use crate::app::App;
use crate::audit;
use crate::desk::{attachment, outsider, sight, sight_of};
use crate::files::blob;
use crate::mail::incoming::{self, Incoming};
use crate::model::attachment::Attachment;
use crate::model::id::{AttachmentId, MessageId, TicketId};
use crate::model::intake::{IntakeMail, MailGoes, MailReason, MailState};
use crate::model::person::Person;
use crate::model::ticket::{Requester, Ticket};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::store::intake_mails::Found;
use crate::store::{self, Tx};

/// A mail whose reading has ended the program so often is set aside.
const MOST_TRIES: i64 = 4;

/// For so long a mail stays in the hand of who reads it: many times what the largest one takes.
const LEASE_MS: i64 = 120_000;

/// How many are taken in hand at once.
const AT_ONCE: i64 = 20;

/// A larger mail is not read beside another, so that two of the largest are never in memory together: in bytes.
const LARGEST_AHEAD: i64 = 4 * 1024 * 1024;

/// Takes up what has come, in its order, until there is no more or `go_on` says no. A mail that cannot be read does not hold up those
/// behind it.
pub async fn take_all(app: &App, go_on: impl Fn() -> bool) -> anyhow::Result<()> {
    while go_on() {
        let some = store::intake_mails::next(&mut *app.db.read().await?, app.db.engine(), AT_ONCE).await?;
        // One that was begun before may be what ended the program: it is begun by itself, so that no other is counted with it.
        let together = some.iter().take_while(|(_, tries)| *tries == 0).count().max(1);
        let ids: Vec<_> = some.into_iter().take(together).map(|(id, _)| id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let mut tx = app.db.begin().await?;
        let begun = store::intake_mails::begin(&mut tx, &ids, LEASE_MS).await?;
        tx.commit().await?;
        let mut ahead = None;
        for at in 0..begun.len() {
            // Told to stop, or the disk is full, the database does not answer: it is none of these mails that hinders it, and they
            // stay where they are.
            let taken = if go_on() {
                let here = match ahead.take() {
                    Some(opened) => opened,
                    None => begin_to_take(app, &begun[at]).await,
                };
                // While the database writes one, the next is read and its files are made safe.
                let next = begun.get(at + 1).filter(|next| next.size <= LARGEST_AHEAD);
                let (taken, opened) = tokio::join!(take(app, &begun[at], here), async {
                    match next {
                        Some(next) => Some(begin_to_take(app, next).await),
                        None => None,
                    }
                });
                ahead = opened;
                taken.map(|()| true)
            } else {
                Ok(false)
            };
            if !matches!(taken, Ok(true)) {
                let mut tx = app.db.begin().await?;
                store::intake_mails::unbegin(&mut tx, &begun[at..]).await?;
                tx.commit().await?;
                return taken.map(drop);
            }
        }
    }
    Ok(())
}

/// Takes up what a node that is gone had in hand, at a start where there is no other.
pub async fn give_back(app: &App) -> store::Result<()> {
    let mut tx = app.db.begin().await?;
    store::intake_mails::give_back(&mut tx).await?;
    tx.commit().await
}

/// A mail as it was read, or why it cannot be. An error is the disk's.
type Opened = anyhow::Result<Result<(Incoming, Kept), MailReason>>;

/// Reads one, unless that was tried too often.
async fn begin_to_take(app: &App, row: &IntakeMail) -> Opened {
    if row.tries > MOST_TRIES { Ok(Err(MailReason::Unreadable)) } else { opened(app, row).await }
}

/// Takes one up. An error is none of the mail's.
async fn take(app: &App, row: &IntakeMail, opened: Opened) -> anyhow::Result<()> {
    match opened? {
        Ok((mail, kept)) => put(app, row, &mail, &kept).await,
        Err(reason) => set_aside(app, row, reason).await,
    }
}

/// Puts a mail where it belongs. An error is none of the mail's.
async fn put(app: &App, row: &IntakeMail, mail: &Incoming, kept: &Kept) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let content = content(mail, &kept.files);
    let described = describe(&mut tx, row, mail, &content).await;
    let place = match described {
        Ok(()) => place(app, &mut tx, row, mail, (kept, &content)).await,
        Err(fault) => Err(fault.into()),
    };
    let (to, reason, at) = match &place {
        Ok((ticket, message)) => (MailState::Done, None, Some((ticket, message))),
        Err(Stops::Held(reason)) => (MailState::Held, Some(*reason), None),
        Err(Stops::Dropped(reason)) => (MailState::Dropped, Some(*reason), None),
        Err(Stops::Refused(refusal)) => {
            if let Refusal::Store(fault) = refusal
                && store::is_passing(fault)
            {
                anyhow::bail!("a mail could not be put anywhere: {fault}");
            }
            tracing::warn!(mail = %row.id, why = ?refusal, "a mail could not be put anywhere");
            drop(tx);
            let mut tx = app.db.begin().await?;
            // Whose it is, if at least that can be written.
            if describe(&mut tx, row, mail, &content).await.is_err() {
                drop(tx);
                return set_aside(app, row, MailReason::Unreadable).await;
            }
            settle(&mut tx, row, MailState::Unprocessed, Some(MailReason::Unreadable), None).await?;
            return Ok(tx.commit().await?);
        }
    };
    if settle(&mut tx, row, to, reason, at).await? {
        // Who writes reads too.
        if let (true, Some(from)) = (at.is_some() && mail.bounce.is_none(), &mail.from) {
            store::bounced_addresses::delete(&mut tx, &from.email).await?;
        }
        tx.commit().await?;
        app.post.notify_one();
    }
    Ok(())
}

async fn settle(
    tx: &mut Tx,
    row: &IntakeMail,
    to: MailState,
    reason: Option<MailReason>,
    place: Option<(&TicketId, &MessageId)>,
) -> store::Result<bool> {
    store::intake_mails::settle(tx, &row.id, &[row.state], to, reason, place).await
}

async fn set_aside(app: &App, row: &IntakeMail, reason: MailReason) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    settle(&mut tx, row, MailState::Unprocessed, Some(reason), None).await?;
    tx.commit().await?;
    tracing::warn!(mail = %row.id, reason = reason.as_str(), "a mail could not be read: it waits for a person");
    Ok(())
}

/// A mail read, and its files safely on disk; or why it cannot be read, whatever its bytes are. An error is the disk's.
async fn opened(app: &App, row: &IntakeMail) -> Opened {
    let read = body::read(app, &row.sha256, |mail| (body::facts(&mail), mail)).await?;
    let (facts, mut mail) = match read {
        Ok(read) => read,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut files = Vec::new();
    for file in std::mem::take(&mut mail.files) {
        files.push(keep(app, &file).await?);
    }
    Ok(Ok((mail, Kept { files, facts })))
}

async fn keep(app: &App, file: &incoming::File) -> anyhow::Result<Attachment> {
    let mut kept = blob::Incoming::begin(&app.settings.data_dir).await?;
    kept.write(&file.bytes).await?;
    let size = i64::try_from(kept.size()).context("too large")?;
    let picture = kept.picture();
    Ok(Attachment {
        id: AttachmentId::new(),
        name: attachment::harmless(file.name.as_deref().unwrap_or_default()),
        size,
        media_type: file.media_type.clone(),
        sha256: kept.finish(&app.settings.data_dir).await?,
        uploader_id: None,
        visitor: None,
        message_id: None,
        picture,
    })
}

/// Writes what a mail says of itself, for the lists of what waits and for what comes after it.
pub(super) async fn describe(tx: &mut Tx, row: &IntakeMail, mail: &Incoming, content: &str) -> store::Result<()> {
    let clean = |text: &str| text.replace('\0', "");
    let name = mail.from.as_ref().and_then(|from| from.name.as_deref()).map(clean);
    let email = mail.from.as_ref().map(|from| clean(&from.email));
    let (subject, message_id) = (clean(&mail.subject), mail.message_id.as_deref().map(clean));
    let others: Vec<String> = mail.other_ids().map(clean).collect();
    let found = Found {
        message_id: message_id.as_deref(),
        other_ids: &others.iter().map(String::as_str).collect::<Vec<_>>(),
        content: Some(content),
        sender_name: name.as_deref(),
        sender_email: email.as_deref(),
        subject: Some(&subject),
    };
    store::intake_mails::describe(tx, &row.id, &found).await
}

/// A digest of what stays the same whatever way a mail came by (E05, E06).
fn content(mail: &Incoming, files: &[Attachment]) -> String {
    let mut digest = Sha256::new();
    let from = mail.from.as_ref().map(|from| from.email.as_str()).unwrap_or_default();
    let date = mail.date.map(|date| date.0.to_string()).unwrap_or_default();
    for part in [from, &date, &mail.subject, &mail.text].into_iter().chain(files.iter().map(|one| one.sha256.as_str()))
    {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

/// Which request a mail that waits names, and what becomes of it when somebody lets it in and says nothing else.
pub struct Names {
    pub ticket: Ticket,
    pub goes: MailGoes,
    /// Whether somebody may put it there.
    pub is_open: bool,
}

/// What a mail names, for who decides of it.
pub async fn names(
    app: &App,
    c: &mut AnyConnection,
    by: &Person,
    row: &IntakeMail,
    says: &Says,
) -> store::Result<Option<Names>> {
    let Some(thread) = glimpsed(app, c, says).await? else { return Ok(None) };
    let goes = if thread.leads(c, &writer(row)).await? { MailGoes::Named } else { MailGoes::New };
    let is_open = thread.is_by_id || sight::sees(&sight_of(c, by).await?, &thread.ticket);
    Ok(Some(Names { ticket: thread.ticket, goes, is_open }))
}

/// The sender of a mail, who is nobody of ours because of what it says.
fn writer(row: &IntakeMail) -> Person {
    let email = sender(row);
    outsider(email, row.sender_name.as_deref().unwrap_or(email))
}

/// Puts a mail that is held, or was discarded, where a person says that it belongs; who says nothing lets it into the request that
/// it answers, else into a new one. Gives the request in which it stands then.
pub async fn accept(
    app: &App,
    actor: &Actor,
    by: &Person,
    row: &IntakeMail,
    goes: Option<MailGoes>,
) -> Result<Ticket, Refusal> {
    let opened = opened(app, row).await.ok().and_then(Result::ok);
    let (mail, kept) = opened.ok_or(Refusal::Conflict("conflict-mail-unreadable"))?;
    let from = mail.from.as_ref().filter(|from| crate::input::is_email(&from.email));
    let from = from.ok_or(Refusal::Conflict("conflict-mail-without-sender"))?;
    let mut tx = app.db.begin().await?;
    // First of all, like everybody: two who decide of one mail wait for each other here.
    if store::intake_mails::lock(&mut tx, &row.id).await? != Some(row.state) {
        return Err(Refusal::Conflict("conflict-mail-settled"));
    }
    let mailbox = store::intake_mailboxes::of_mail(&mut tx, row).await?;
    let name = from.name.clone().unwrap_or_else(|| from.email.clone());
    // The word of the desk lets it in; it stays what it is: somebody's without an account.
    let writer = outsider(&from.email, &name);
    let content = content(&mail, &kept.files);
    let placed = match came_too(app, &mut tx, (row, mailbox.as_ref()), (&mail, &content)).await.map_err(refused)? {
        // It has come to another address too, and was let in there.
        Some(place) => Ok(place),
        None => {
            let thread = named(app, &mut tx, &mail).await.map_err(refused)?;
            let leads = match &thread {
                Some(thread) => thread.leads(&mut tx, &writer).await?,
                None => false,
            };
            let into = match (&thread, goes) {
                (_, Some(MailGoes::New)) => None,
                (Some(thread), None) => Some(thread).filter(|_| leads),
                // A number alone leads somebody only into what they see.
                (Some(thread), Some(MailGoes::Named))
                    if thread.is_by_id || sight::sees(&sight_of(&mut tx, by).await?, &thread.ticket) =>
                {
                    Some(thread)
                }
                (_, Some(MailGoes::Named)) => return Err(Refusal::field("into", "no-such-ticket")),
                (None, None) => None,
            };
            match into {
                Some(thread) => said(app, &mut tx, &writer, &thread.ticket, (&mail, &kept), Voice::Named).await,
                None => {
                    let requester = Requester { id: None, name, email: from.email.clone() };
                    let opened = opened_by(app, &mut tx, by, Some(requester), (&mail, &kept), mailbox.as_ref()).await;
                    if let Ok((opened, _)) = &opened {
                        point(app, &mut tx, opened, thread.as_ref()).await?;
                    }
                    opened
                }
            }
        }
    };
    let (ticket, message) = placed.map_err(refused)?;
    crate::desk::let_in(app, &mut tx, by, &ticket, &from.email).await?;
    if !settle(&mut tx, row, MailState::Done, None, Some((&ticket, &message))).await? {
        return Err(Refusal::Conflict("conflict-mail-settled"));
    }
    audit::record(app, &mut tx, actor, Act::on("mail.accepted", sender(row)).with(subject(row))).await?;
    let ticket = store::tickets::find_by_id(&mut tx, &ticket).await?.ok_or(Refusal::Conflict("conflict-removed"))?;
    tx.commit().await?;
    app.post.notify_one();
    Ok(ticket)
}

fn refused(stops: Stops) -> Refusal {
    match stops {
        Stops::Refused(refusal) => refusal,
        Stops::Held(_) | Stops::Dropped(_) => Refusal::Conflict("conflict-mail-unreadable"),
    }
}

/// Has a mail that could not be read tried again. What is above the limit is fetched no more than it was.
pub async fn retry(app: &App, actor: &Actor, row: &IntakeMail) -> Result<(), Refusal> {
    if oversize::stays(app, row) {
        return Err(Refusal::Conflict("conflict-mail-above-limit"));
    }
    let mut tx = app.db.begin().await?;
    let is_done = match row.sha256.is_empty() {
        true => {
            // What is not here can be fetched where it was, and nowhere else.
            let Some(mailbox) = &row.mailbox_id else { return Err(Refusal::Conflict("conflict-mail-gone")) };
            store::intake_mailboxes::begin_anew(&mut tx, mailbox).await?;
            store::intake_mails::let_fetch(&mut tx, &row.id).await?
        }
        false => store::intake_mails::take_up(&mut tx, &row.id).await?,
    };
    if !is_done {
        return Err(Refusal::Conflict("conflict-mail-settled"));
    }
    audit::record(app, &mut tx, actor, Act::on("mail.read-again", sender(row)).with(subject(row))).await?;
    tx.commit().await?;
    app.arrived.notify_one();
    app.intake.notify_one();
    Ok(())
}

/// Throws away a mail that waits: its bytes stay as long as it does.
pub async fn discard(app: &App, actor: &Actor, row: &IntakeMail) -> Result<(), Refusal> {
    let waits = matches!(row.state, MailState::Held | MailState::Unprocessed);
    let mut tx = app.db.begin().await?;
    if !waits || !settle(&mut tx, row, MailState::Dropped, Some(MailReason::Discarded), None).await? {
        return Err(Refusal::Conflict("conflict-mail-settled"));
    }
    audit::record(app, &mut tx, actor, Act::on("mail.discarded", sender(row)).with(subject(row))).await?;
    Ok(tx.commit().await?)
}

/// Whose mail it is, in the trace.
fn sender(row: &IntakeMail) -> &str {
    row.sender_email.as_deref().unwrap_or_default()
}

fn subject(row: &IntakeMail) -> &str {
    row.subject.as_deref().unwrap_or_default()
}
