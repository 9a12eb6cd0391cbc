//! In charge of what leaves by mail: written down with what caused it, delivered once. Does not know who is told what, nor
//! pages.

pub mod bounce;
pub mod delivery;
pub mod letter;
mod place;

use std::time::Duration;

use anyhow::Context;
use lettre::message::Mailbox;
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::app::App;
use crate::clock::Moment;
use crate::config::Settings;
use crate::key::random_name;
use crate::model::id::MailId;
use crate::model::outbox::{Fault, Mail};
use crate::model::server::Outgoing;
use crate::model::ticket::Sight;
use crate::model::trace::{Act, Actor};
use crate::store::{self, Result, Tx};
use letter::{Letter, Part};
pub use place::{has_room, number_at, number_in};

/// The way out for mails, as the settings name it.
pub struct Sender {
    outgoing: Outgoing,
    login: Option<(String, SecretString)>,
    from: Mailbox,
}

/// The way out. None without `smtp_url`: then no mail is enqueued.
///
/// # Errors
/// With words when `mail_from` is no address.
pub fn sender(settings: &Settings) -> anyhow::Result<Option<Sender>> {
    let Some(url) = settings.smtp_url.as_deref() else { return Ok(None) };
    let outgoing = Outgoing::parse(url).context("the setting `smtp_url` cannot be read")?;
    let login = Outgoing::login(url);
    let from = match (&settings.mail_from, &login) {
        (Some(from), _) => from.clone(),
        (None, Some((user, _))) if user.contains('@') => user.clone(),
        (None, _) => format!("Sportello <sportello@{}>", settings.host()),
    };
    let from = from.parse().with_context(|| format!("the setting `mail_from`: {from} is not an address"))?;
    Ok(Some(Sender { outgoing, login, from }))
}

/// True when mails go out.
pub fn is_open(app: &App) -> bool {
    app.settings.smtp_url.is_some()
}

/// A burst takes in no more than so many things; the next one is another mail.
const MOST_PARTS: usize = 20;

/// Nor more text than so many bytes: servers refuse what is too large.
const MOST_TEXT: usize = 200_000;

/// However news goes on, the first waits no longer than so many times `notice_wait`: two minutes, as it comes (N06).
const LONGEST_WAITS: u32 = 6;

/// Puts a letter in the outbox, frozen and sealed. It leaves only if the write that it belongs to is committed; whoever commits
/// rings `app.post`. What is about a request and goes to an address that takes no mail stands there as not delivered (N08), and so does what
/// no mail can be made of. One that gathers waits for `notice_wait`, and is taken into one that still waits for the same person about
/// the same request. Without `smtp_url` nothing is done.
pub async fn enqueue(app: &App, tx: &mut Tx, letter: Letter) -> Result<()> {
    // The settings were checked at the start.
    let Ok(Some(sender)) = sender(&app.settings) else { return Ok(()) };
    let now = app.clock.now();
    let wait = if letter.gathers.is_some() { app.settings.notice_wait } else { Duration::ZERO };
    let (number, message) = letter.about.clone().unzip();
    let open = match (letter.gathers.filter(|_| !wait.is_zero()), &number) {
        (Some(kind), Some(number)) => store::outbox::gathering(tx, number, &letter.to, kind, now).await?,
        _ => None,
    };
    let open = open.and_then(|open| {
        let parts =
            app.keys.outbox.open(&parts_bound(&open.id, &open.message_id, &letter.to), &open.sealed_parts).ok()?;
        let parts: Vec<Part> = serde_json::from_slice(&parts).ok()?;
        let length = parts.iter().map(|part| part.text.len()).sum::<usize>() + letter.text.len();
        (parts.len() < MOST_PARTS && length <= MOST_TEXT).then_some((open, parts))
    });
    let fresh = || {
        let (id, domain) = (MailId::new(), sender.from.email.domain());
        let message_id = match &number {
            Some(number) => place::message_id(app, number, &id, domain),
            None => format!("<{id}.{}@{domain}>", random_name::<8>()),
        };
        (id, message_id)
    };
    let (mut id, mut message_id, earlier, due) = match open {
        Some((open, parts)) => {
            let longest = open.created_at.plus(wait * LONGEST_WAITS);
            (open.id, open.message_id, parts, now.plus(wait).min(longest))
        }
        None => {
            let (id, message_id) = fresh();
            (id, message_id, Vec::new(), now.plus(wait))
        }
    };
    let mut is_more = !earlier.is_empty();
    let own = |desk: &String| {
        let number = number.as_ref().filter(|_| letter.takes_plus)?;
        place::address(app, desk, number, &id)
    };
    let reply_to = letter.reply_to.as_ref().map(|desk| own(desk).unwrap_or_else(|| desk.clone()));
    let thread = number.as_ref().map(|number| place::thread(app, number, sender.from.email.domain()));
    let letter = Letter { earlier, reply_to, thread, ..letter };
    let mail = match letter.mail(&sender.from, &message_id, now, &app.settings.base_url) {
        Ok(mail) => Some(mail),
        // It stands there as one that has not left, and is told like one: what was already waiting leaves.
        Err(fault) => {
            tracing::error!(error = %fault, kind = letter.kind, "a letter could not be written");
            ((id, message_id), is_more) = (fresh(), false);
            None
        }
    };
    let parts = Zeroizing::new(serde_json::to_vec(&letter.parts()).unwrap_or_default());
    let seal = |mail: &Zeroizing<Vec<u8>>| app.keys.outbox.seal(&bound(&id, &message_id, &letter.to), mail);
    let frozen = store::outbox::Frozen {
        id: &id,
        subject: &letter.subject(),
        sealed: &mail.as_ref().map(seal).unwrap_or_default(),
        parts: letter
            .gathers
            .map(|kind| (kind, app.keys.outbox.seal(&parts_bound(&id, &message_id, &letter.to), &parts))),
        due,
        is_answer: letter.is_answer,
    };
    match is_more {
        true => store::outbox::freeze_again(tx, &frozen).await?,
        false => store::outbox::insert(tx, &frozen, &message_id, &letter.to, number.as_deref(), now).await?,
    }
    if mail.is_none() {
        store::outbox::is_unwritten(tx, &id).await?;
    } else if number.is_some()
        && let Some(bounced) = bounce::of(app, tx, &letter.to).await?
    {
        store::outbox::give_up(tx, &id, Fault::Bounced, &bounced.reply).await?;
    }
    match message.flatten() {
        Some(message) => store::outbox::is_of(tx, &id, &message).await,
        None => Ok(()),
    }
}

/// What a mail's seal is bound to: moved to another row or another recipient it does not open.
fn bound<'a>(id: &'a MailId, message_id: &'a str, to: &'a str) -> [&'a [u8]; 3] {
    [id.as_str().as_bytes(), message_id.as_bytes(), to.as_bytes()]
}

/// The same of its parts, which are not the mail.
fn parts_bound<'a>(id: &'a MailId, message_id: &'a str, to: &'a str) -> [&'a [u8]; 4] {
    [id.as_str().as_bytes(), message_id.as_bytes(), to.as_bytes(), b"parts"]
}

/// Has a mail tried again now, with the same Message-ID. Returns it as it stands in line, whoever takes it up right after;
/// None when it has left or is in hand.
pub async fn retry(app: &App, actor: &Actor, mail: &Mail) -> Result<Option<Mail>> {
    let now: Moment = app.clock.now();
    let mut tx = app.db.begin().await?;
    if !store::outbox::retry(&mut tx, &mail.id, now).await? {
        return Ok(None);
    }
    // Whoever has it tried again knows better; a server for outgoing mail that takes it says nothing of the address.
    store::bounced_addresses::delete(&mut tx, &mail.to).await?;
    let queued = store::outbox::find(&mut tx, &Sight::Everything, &mail.id).await?;
    let detail = format!("{}: {} → queued", mail.subject, mail.state.as_str());
    crate::audit::record(app, &mut tx, actor, Act::on("mail.retried", &mail.to).with(detail)).await?;
    tx.commit().await?;
    app.post.notify_one();
    Ok(queued)
}
