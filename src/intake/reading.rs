//! In charge of taking mail in from the desk's own mailboxes (security.md 5): what is on the server and not here is fetched, its
//! bytes are safely on disk before its row is, and nothing on the server is changed. Does not know what a mail says.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::alarm::{self, NOT_KEPT};
use super::mailbox::unseal;
use super::oversize;
use super::taking::describe;
use crate::app::App;
use crate::files::blob;
use crate::hub::refusal;
use crate::mail::imap::{Arrival, Kept, Login, MESSAGE_PIECE, Standing};
use crate::mail::incoming::Incoming;
use crate::mail::{FaultKind, MailFault};
use crate::model::id::IntakeMailId;
use crate::model::intake::{IntakeMail, IntakeMailbox, MailReason, MailState};
use crate::model::mailbox::Status;
use crate::store::{self, Result};

/// A session is begun anew after so long: servers end older ones by themselves (RFC 9051, 5.4: at least half an hour).
const SESSION_LASTS: Duration = Duration::from_secs(29 * 60);

/// How long one IDLE lasts at most; then it is looked again, whatever the server says.
const IDLE_LASTS: Duration = Duration::from_secs(4 * 60);

/// Without IDLE it is looked so often.
const LOOKS_EVERY: Duration = Duration::from_secs(5);

/// How far back from the moment at which a mailbox was added its mail is taken in: what has just come is for us.
const BEFORE: Duration = Duration::from_secs(24 * 3600);

/// So many numbers before what is new are looked at again each time.
const LOOKS_BACK: u32 = 1000;

/// So often a mail is asked for that its server names and does not give, [`LOOKS_EVERY`] apart.
const MOST_UNSEEN: u32 = 4;

/// The rows of so many mails are written at once, or of so many bytes.
const TOGETHER: usize = 10;
const TOGETHER_BYTES: u64 = 4 * 1024 * 1024;

/// Why a session came to its end.
#[derive(Debug)]
pub enum Ended {
    /// It was told to, or has lasted long enough.
    InOrder,
    Fault(MailFault),
    /// What was fetched could not be kept: the disk, or the database.
    NotKept(anyhow::Error),
    /// The sealed password does not open.
    Unreadable,
}

/// One session: takes in all that there is, waits for more, until it has lasted long enough. Whoever drops it ends it: what was
/// taken in is here, the rest is on the server.
/// `is_at_login` says so while a password is on its way: who drops it then does not know what became of it.
pub async fn session(app: &App, one: &IntakeMailbox, sealed: &[u8], is_at_login: &AtomicBool) -> Ended {
    let Some(password) = unseal(app, one, sealed) else { return Ended::Unreadable };
    let login = Login { username: &one.username, password: &password };
    let account = (&one.imap, one.username.as_str());
    is_at_login.store(true, Ordering::Relaxed);
    let opened = refusal::once(app, account, &password, Kept::open(&app.net, &one.imap, &login)).await;
    is_at_login.store(false, Ordering::Relaxed);
    let mut kept = match opened {
        Ok(Some(Ok(kept))) => kept,
        Ok(Some(Err(fault))) => return Ended::Fault(fault),
        Ok(None) => return Ended::Fault(MailFault::ours(FaultKind::LoginUnavailable, "login-withheld")),
        Err(fault) => return Ended::NotKept(fault.into()),
    };
    let ends = Instant::now() + SESSION_LASTS;
    let (mut seen, mut unseen) = (None, HashMap::new());
    while Instant::now() < ends {
        let now = match kept.look().await {
            Ok(now) => now,
            Err(fault) => return Ended::Fault(fault),
        };
        let mut is_all = true;
        if seen != Some(now) {
            is_all = match take(app, one, &mut kept, now, (from(seen, now), &mut unseen)).await {
                Ok(Ok(is_all)) => is_all,
                Ok(Err(fault)) => return Ended::Fault(fault),
                Err(fault) => return Ended::NotKept(fault),
            };
            // What came meanwhile was told in answers that nobody read for it: it is looked again before it is waited.
            seen = is_all.then_some(now);
            if is_all {
                continue;
            }
        }
        if let Err(fault) = write_status(app, one, Status::Ok, None).await {
            return Ended::NotKept(fault.into());
        }
        // What is named and was not given is soon asked for again.
        let most = if is_all { IDLE_LASTS } else { LOOKS_EVERY };
        if let Err(fault) = kept.wait(most, LOOKS_EVERY).await {
            return Ended::Fault(fault);
        }
    }
    kept.leave().await;
    Ended::InOrder
}

/// From which number on it is looked: all that there is (None), once a session and after a change of UIDVALIDITY; then what is new,
/// and the last ones before it, for a server may show a mail after others of higher numbers.
fn from(seen: Option<Standing>, now: Standing) -> Option<u32> {
    let seen = seen.filter(|seen| seen.uid_validity == now.uid_validity)?;
    Some(seen.uid_next.saturating_sub(LOOKS_BACK).max(1))
}

/// Takes in what is on the server and not here. How often its server has named a mail and not given it is among `unseen`; after
/// [`MOST_UNSEEN`] it waits for a person. False when something is to be asked for again.
async fn take(
    app: &App,
    one: &IntakeMailbox,
    kept: &mut Kept<'_>,
    now: Standing,
    (from, unseen): (Option<u32>, &mut HashMap<(u32, u32), u32>),
) -> anyhow::Result<std::result::Result<bool, MailFault>> {
    let since = one.since.0 - BEFORE.as_millis() as i64;
    let since = chrono::DateTime::from_timestamp_millis(since).unwrap_or_default();
    // A day earlier: the server counts its days in a zone of its own.
    let day = since.date_naive().pred_opt().unwrap_or_default();
    let uids = match kept.uids(now, from, day).await {
        Ok(uids) => uids,
        Err(fault) => return Ok(Err(fault)),
    };
    let numbers = (i64::from(now.uid_validity), i64::from(from.unwrap_or(1)));
    let known = store::intake_mails::known(&mut *app.db.read().await?, &one.id, numbers).await?;
    let missing: Vec<u32> = uids.into_iter().filter(|uid| !known.contains(uid)).collect();
    let arrivals = match kept.arrivals(&missing).await {
        Ok(arrivals) => arrivals,
        Err(fault) => return Ok(Err(fault)),
    };
    // They come in the order of their numbers.
    let is_told = |uid: &u32| arrivals.binary_search_by_key(uid, |arrival| arrival.uid).is_ok();
    let mut absent: Vec<u32> = missing.into_iter().filter(|uid| !is_told(uid)).collect();
    let (mut here, mut bytes) = (Vec::new(), 0);
    for arrival in arrivals.iter().filter(|arrival| arrival.received.is_none_or(|at| at >= since)) {
        bytes += u64::from(arrival.size);
        let fetched = keep(app, one, kept, now.uid_validity, arrival, &mut here).await?;
        if fetched.is_err() || here.len() >= TOGETHER || bytes >= TOGETHER_BYTES {
            write(app, one, &std::mem::take(&mut here)).await?;
            bytes = 0;
        }
        match fetched {
            Ok(true) => {}
            Ok(false) => absent.push(arrival.uid),
            Err(fault) => return Ok(Err(fault)),
        }
    }
    let mut is_all = true;
    for uid in absent {
        // Gone under our hand, or another than it was, or not there yet: the next looks tell.
        let times = unseen.entry((now.uid_validity, uid)).or_insert(0);
        *times += 1;
        if *times < MOST_UNSEEN {
            is_all = false;
        } else {
            tracing::warn!(intake = one.address, uid, "a mail is named by its server and not given");
            here.push((unfetched(app, one, now.uid_validity, uid), None));
        }
    }
    write(app, one, &here).await?;
    Ok(Ok(is_all))
}

/// The row of a mail that its server does not give: it waits for a person.
fn unfetched(app: &App, one: &IntakeMailbox, uid_validity: u32, uid: u32) -> IntakeMail {
    let arrival = Arrival { uid, size: 0, received: None };
    let row = row(app, one, uid_validity, &arrival);
    IntakeMail { state: MailState::Unprocessed, reason: Some(MailReason::Unreadable), ..row }
}

fn row(app: &App, one: &IntakeMailbox, uid_validity: u32, arrival: &Arrival) -> IntakeMail {
    let now = app.clock.now();
    IntakeMail {
        id: IntakeMailId::new(),
        mailbox_id: Some(one.id.clone()),
        uid_validity: i64::from(uid_validity),
        uid: i64::from(arrival.uid),
        sha256: String::new(),
        size: i64::from(arrival.size),
        state: MailState::Received,
        reason: None,
        tries: 0,
        message_id: None,
        sender_name: None,
        sender_email: None,
        subject: None,
        received_at: arrival.received.map_or(now, Into::into),
        taken_at: now,
        ticket_id: None,
    }
}

/// A mail that is here, or stays where it is, and then what its headers say.
type Here = (IntakeMail, Option<Incoming>);

/// Keeps the bytes of one mail; its row is written with others'. False when its server does not give it.
async fn keep(
    app: &App,
    one: &IntakeMailbox,
    kept: &mut Kept<'_>,
    uid_validity: u32,
    arrival: &Arrival,
    here: &mut Vec<Here>,
) -> anyhow::Result<std::result::Result<bool, MailFault>> {
    let mut row = row(app, one, uid_validity, arrival);
    let mut refused = None;
    if !oversize::is_taken(app, arrival.size, None) {
        let headers = match kept.piece(arrival, 0).await {
            Ok(Some(beginning)) => oversize::headers(&beginning),
            Ok(None) => return Ok(Ok(false)),
            Err(fault) => return Ok(Err(fault)),
        };
        if !oversize::is_taken(app, arrival.size, headers.as_ref()) {
            (row.state, row.reason) = (MailState::Unprocessed, Some(MailReason::TooLarge));
            refused = headers;
        }
    }
    if row.state == MailState::Received {
        match fetch(app, kept, arrival).await? {
            Ok(Some((sha256, size))) => (row.sha256, row.size) = (sha256, size),
            Ok(None) => return Ok(Ok(false)),
            // What its server cannot give does not hold up what comes behind it: it waits for a person, who has it fetched again.
            Err(fault) if matches!(fault.kind, FaultKind::Protocol | FaultKind::TooMuch) => {
                tracing::warn!(intake = one.address, uid = arrival.uid, detail = %fault, "a mail cannot be fetched");
                (row.state, row.reason) = (MailState::Unprocessed, Some(MailReason::Unreadable));
                here.push((row, None));
                return Ok(Err(fault));
            }
            Err(fault) => return Ok(Err(fault)),
        }
    }
    here.push((row, refused));
    Ok(Ok(true))
}

/// Writes the rows of mails whose bytes are here: whoever dies before it fetches them again.
async fn write(app: &App, one: &IntakeMailbox, here: &[Here]) -> Result<()> {
    if here.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    for (row, refused) in here {
        let is_new = store::intake_mails::insert(&mut tx, row).await?;
        if let Some(mail) = refused.as_ref().filter(|_| is_new) {
            describe(&mut tx, row, mail, "").await?;
            oversize::tell(app, &mut tx, one, row, mail).await?;
        }
    }
    tx.commit().await?;
    app.arrived.notify_one();
    app.post.notify_one();
    Ok(())
}

/// The bytes of a mail, none of them held: safely on disk under the SHA-256 that is returned, with how many they are (what a server
/// says before is not always so). None when it is gone.
async fn fetch(
    app: &App,
    kept: &mut Kept<'_>,
    arrival: &Arrival,
) -> anyhow::Result<std::result::Result<Option<(String, i64)>, MailFault>> {
    let mut file = blob::Incoming::begin(&app.settings.data_dir).await?;
    loop {
        let at = u32::try_from(file.size()).unwrap_or(u32::MAX);
        let bytes = match kept.piece(arrival, at).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Ok(None)),
            Err(fault) => return Ok(Err(fault)),
        };
        file.write(&bytes).await?;
        if bytes.len() < MESSAGE_PIECE {
            let size = i64::try_from(file.size())?;
            return Ok(Ok(Some((file.finish(&app.settings.data_dir).await?, size))));
        }
    }
}

/// Writes how a mailbox stands after a session.
pub async fn write_end(app: &App, one: &IntakeMailbox, ended: &Ended) -> Result<()> {
    match ended {
        Ended::InOrder => write_status(app, one, Status::Ok, None).await,
        Ended::Fault(fault) => {
            tracing::warn!(intake = one.address, kind = ?fault.kind, detail = %fault, "the desk's mailbox cannot be read");
            write_status(app, one, status_of(fault.kind), Some(&fault.detail)).await
        }
        Ended::NotKept(fault) => {
            tracing::error!(intake = one.address, error = %fault, "mail cannot be kept: nothing more is taken in until it can");
            write_status(app, one, Status::TemporaryError, Some(NOT_KEPT)).await
        }
        Ended::Unreadable => {
            tracing::error!(intake = one.address, "a sealed password does not open: its row was tampered with");
            write_status(app, one, Status::SecretUnreadable, None).await
        }
    }
}

async fn write_status(app: &App, one: &IntakeMailbox, status: Status, detail: Option<&str>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let old = store::intake_mailboxes::find(&mut tx, &one.id).await?;
    let is_ours = store::intake_mailboxes::set_status(&mut tx, one, status, detail, app.clock.now()).await?;
    if let Some(old) = old.filter(|_| is_ours) {
        alarm::sound(app, &mut tx, &old, status, detail).await?;
    }
    tx.commit().await?;
    app.post.notify_one();
    Ok(())
}

fn status_of(kind: FaultKind) -> Status {
    match kind {
        FaultKind::LoginRefused => Status::WrongPassword,
        FaultKind::PasswordExpired => Status::PasswordExpired,
        FaultKind::AccountBlocked => Status::AccountBlocked,
        FaultKind::Certificate => Status::CertificateInvalid,
        FaultKind::Unreachable => Status::Unreachable,
        _ => Status::TemporaryError,
    }
}

#[cfg(test)]
mod tests {
    use super::{Standing, from};

    #[test]
    fn what_a_server_shows_late_is_looked_for_and_all_of_it_after_new_numbers() {
        let standing = |uid_validity, uid_next| Standing { uid_validity, uid_next, total: 9 };
        assert_eq!(from(None, standing(7, 5000)), None);
        assert_eq!(from(Some(standing(7, 5000)), standing(7, 5001)), Some(4000));
        assert_eq!(from(Some(standing(7, 20)), standing(7, 21)), Some(1));
        assert_eq!(from(Some(standing(7, 5000)), standing(8, 3)), None);
    }
}
