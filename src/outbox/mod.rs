//! In charge of what leaves by mail: written down with what caused it, delivered once. Does not know who is told what, nor
//! pages.

pub mod delivery;
pub mod letter;

use anyhow::Context;
use lettre::message::Mailbox;
use secrecy::SecretString;

use crate::app::App;
use crate::clock::Moment;
use crate::config::Settings;
use crate::key::random_name;
use crate::model::id::MailId;
use crate::model::outbox::Mail;
use crate::model::server::Outgoing;
use crate::model::ticket::Sight;
use crate::model::trace::{Act, Actor};
use crate::store::{self, Result, Tx};
use letter::Letter;

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

/// Puts a letter in the outbox, frozen and sealed. It leaves only if the write that it belongs to is committed; whoever commits
/// rings `app.post`. Without `smtp_url` nothing is done.
pub async fn enqueue(app: &App, tx: &mut Tx, letter: &Letter) -> Result<()> {
    // The settings were checked at the start.
    let Ok(Some(sender)) = sender(&app.settings) else { return Ok(()) };
    let (id, now) = (MailId::new(), app.clock.now());
    let message_id = format!("<{}.{}@{}>", id, random_name::<8>(), sender.from.email.domain());
    let mail = match letter.mail(&sender.from, &message_id, now, &app.settings.base_url) {
        Ok(mail) => mail,
        Err(fault) => {
            tracing::error!(error = %fault, kind = letter.kind, "a letter could not be written");
            return Ok(());
        }
    };
    let sealed = app.keys.outbox.seal(&bound(&id, &message_id, &letter.to), &mail.bytes);
    let new = store::outbox::New {
        id: &id,
        message_id: &message_id,
        to: &letter.to,
        subject: &mail.subject,
        sealed: &sealed,
        ticket_number: letter.about.as_ref().map(|(number, _)| number.as_str()),
        ticket_message_id: letter.about.as_ref().and_then(|(_, message)| message.as_ref()),
    };
    store::outbox::insert(tx, &new, now).await
}

/// What a mail's seal is bound to: moved to another row or another recipient it does not open.
fn bound<'a>(id: &'a MailId, message_id: &'a str, to: &'a str) -> [&'a [u8]; 3] {
    [id.as_str().as_bytes(), message_id.as_bytes(), to.as_bytes()]
}

/// Has a mail tried again now, with the same Message-ID. Returns it as it stands in line, whoever takes it up right after;
/// None when it has left or is in hand.
pub async fn retry(app: &App, actor: &Actor, mail: &Mail) -> Result<Option<Mail>> {
    let now: Moment = app.clock.now();
    let mut tx = app.db.begin().await?;
    if !store::outbox::retry(&mut tx, &mail.id, now).await? {
        return Ok(None);
    }
    let queued = store::outbox::find(&mut tx, &Sight::Everything, &mail.id).await?;
    let detail = format!("{}: {} → queued", mail.subject, mail.state.as_str());
    crate::audit::record(app, &mut tx, actor, Act::on("mail.retried", &mail.to).with(detail)).await?;
    tx.commit().await?;
    app.post.notify_one();
    Ok(queued)
}
