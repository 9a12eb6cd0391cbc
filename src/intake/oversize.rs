//! In charge of mail that is too large to be taken in (E12): it stays where it is, its row says so, and its sender is told once a
//! day with the limit and another way. Does not know how it is fetched.

use sqlx::AnyConnection;

use crate::app::App;
use crate::clock::Moment;
use crate::desk::known;
use crate::mail::incoming::{self, Incoming, Limits};
use crate::model::intake::{IntakeMail, IntakeMailbox, MailReason, is_one_of};
use crate::model::message::PecKind;
use crate::model::person::Language;
use crate::outbox::{self, letter::Letter};
use crate::store::{self, Result, Tx};
use crate::text::{bytes, whole};

/// Certified mail may be so large (RFC 6109 grants 30 MB at least, many providers 100 MB), and no mail is ever larger.
const LARGEST: u64 = 100 * 1024 * 1024;

/// One sender is told no more often than that.
const TOLD_EVERY: i64 = 24 * 3_600_000;

/// What the beginning of a mail says, as far as its headers go.
pub(super) fn headers(beginning: &[u8]) -> Option<Incoming> {
    let end = beginning.windows(4).position(|four| four == b"\r\n\r\n").map_or(beginning.len(), |at| at + 4);
    incoming::read(&beginning[..end], &Limits::default()).ok()
}

/// Whether a mail of so many bytes is taken in whole.
pub(super) fn is_taken(app: &App, size: u32, headers: Option<&Incoming>) -> bool {
    u64::from(size) <= limit(app, headers)
}

/// How many bytes a mail may have.
fn limit(app: &App, headers: Option<&Incoming>) -> u64 {
    let is_certified = headers.is_some_and(|mail| !matches!(mail.kind, PecKind::Ordinary | PecKind::Suspicious));
    if is_certified { LARGEST } else { app.settings.intake_max_size.as_u64().min(LARGEST) }
}

/// The limit that keeps a mail of so many bytes out now. True beside it where that is the setting's.
pub fn limit_of(app: &App, size: i64) -> (u64, bool) {
    let size = u64::try_from(size).unwrap_or_default();
    match app.settings.intake_max_size.as_u64() {
        set if set <= LARGEST && size <= LARGEST => (set, true),
        _ => (LARGEST, false),
    }
}

/// Whether a mail that was too large would be so again.
pub fn stays(app: &App, row: &IntakeMail) -> bool {
    row.reason == Some(MailReason::TooLarge) && u64::try_from(row.size).unwrap_or_default() > limit_of(app, row.size).0
}

/// When the sender of a mail was told that it was not taken: of this one, or of one shortly before.
pub async fn told_at(c: &mut AnyConnection, row: &IntakeMail) -> Result<Option<Moment>> {
    let since = Moment(row.taken_at.0 - TOLD_EVERY);
    store::intake_mails::answered_at(c, row, since).await
}

/// Tells the sender, if that is somebody whom we know and no machine: in the same transaction as the row.
pub(super) async fn tell(
    app: &App,
    tx: &mut Tx,
    mailbox: &IntakeMailbox,
    row: &IntakeMail,
    mail: &Incoming,
) -> Result<()> {
    let Some(from) = mail.from.as_ref().filter(|_| mail.automatic.is_none() && !mail.no_answer_wanted) else {
        return Ok(());
    };
    // What cannot be sent is not said to have been.
    if !outbox::is_open(app) {
        return Ok(());
    }
    let now = app.clock.now();
    let is_ours = is_one_of(&store::intake_mailboxes::addresses(tx).await?, &from.email);
    let is_told = store::intake_mails::answered_since(tx, &from.email, Moment(now.0 - TOLD_EVERY)).await?;
    if is_ours || is_told || super::sender::is_suspicious(mail, Some(mailbox)) {
        return Ok(());
    }
    let base = app.settings.base_url.trim_end_matches('/');
    let person = known(tx, &from.email, now).await?;
    let domain = from.email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    let letter = match &person {
        Some(person) => Letter::to(person, "mail-too-large").leading(format!("{base}/richieste/nuova")),
        // Nobody whom we do not know gets a mail because somebody has written one in that name.
        None if store::organizations::of_domain(tx, domain).await?.is_none() => return Ok(()),
        None => Letter::to_address(&from.email, &from.email, Language::default(), "mail-too-large")
            .leading(format!("{base}/assistenza")),
    };
    let language = letter.language;
    let letter = Letter { is_answer: true, reply_to: Some(mailbox.address.clone()), ..letter }
        .with("size", bytes(row.size, language == Language::It).as_str())
        .with("limit", whole(limit(app, Some(mail))).as_str());
    outbox::enqueue(app, tx, letter).await?;
    store::intake_mails::set_answered(tx, &row.id, now).await
}
