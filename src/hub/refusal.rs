//! In charge of passwords that a server has refused: the same one is not sent to it again and again, whoever types or loads it,
//! for three refusals lock the holder out (seed 002). Does not know who tries.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::app::App;
use crate::clock::Moment;
use crate::key::Purpose;
use crate::mail::{FaultKind, MailFault, TlsCause};
use crate::model::server::Server;
use crate::people::Refusal;
use crate::store::{self, Result, Tx};
use crate::text::fold;

/// The same password is sent so often to a server that refuses it, within [`MEMORY`].
const MOST: i64 = 2;

/// How long a refusal is remembered.
const MEMORY: Duration = Duration::from_secs(3600);

/// A name for a server, a user and a password together, that tells nothing of them: the master key makes it (SIV without a
/// text to seal is a MAC of what it is bound to, RFC 5297, 3).
pub(super) fn fingerprint(app: &App, (server, user): (&Server, &str), password: &SecretString) -> String {
    let (server, user) = (server.key(), fold(user));
    let bound = [server.as_bytes(), user.as_bytes(), password.expose_secret().as_bytes()];
    hex::encode(app.keys.master.held().seal(Purpose::Refusals, &bound, b""))
}

/// Tries a password that a person has given, unless its server has refused this very one often enough.
pub async fn guard<T>(
    app: &App,
    account: (&Server, &str),
    password: &SecretString,
    work: impl Future<Output = std::result::Result<T, MailFault>>,
) -> std::result::Result<std::result::Result<T, MailFault>, Refusal> {
    let tried = once(app, account, password, work).await?;
    tried.ok_or_else(|| Refusal::field("password", "password-refused-before"))
}

/// Logs in with a password, whoever has it from where; None when its server has refused this very one often enough. It counts as
/// refused from before it is sent until its server says something else, so that what ends the program, or an answer that never
/// comes, counts too. The same one is never tried twice at once on this node.
pub async fn once<T>(
    app: &App,
    account: (&Server, &str),
    password: &SecretString,
    work: impl Future<Output = std::result::Result<T, MailFault>>,
) -> Result<Option<std::result::Result<T, MailFault>>> {
    let fingerprint = fingerprint(app, account, password);
    let _turn = app.tries.take(&fingerprint).await;
    let mut tx = app.db.begin().await?;
    // Counting holds the row: of several nodes that try at once none slips through. What is not sent is not counted.
    if count(app, &mut tx, &fingerprint).await? > MOST {
        return Ok(None);
    }
    tx.commit().await?;
    let done = work.await;
    let mut tx = app.db.begin().await?;
    match &done {
        Ok(_) => store::refusals::forget(&mut tx, &fingerprint).await?,
        Err(fault) if fault.kind.is_refusal() || fault.is_unjudged => {}
        Err(_) => store::refusals::take_back(&mut tx, &fingerprint).await?,
    }
    tx.commit().await?;
    Ok(Some(done))
}

/// What a person is told whose try has failed: which field is wrong, in the words of the catalogue; a server that has no place free
/// says nothing of what was typed.
pub fn told(server: &Server, fault: MailFault) -> Refusal {
    tracing::info!(server = server.key(), kind = ?fault.kind, detail = %fault, "a login tried by a person failed");
    let (field, rule) = match fault.kind {
        FaultKind::LoginUnavailable => return Refusal::Busy(fault.detail),
        FaultKind::LoginRefused => ("password", "password-refused"),
        FaultKind::PasswordExpired => ("password", "password-expired"),
        FaultKind::AccountBlocked => ("password", "account-blocked"),
        FaultKind::NotAllowed => ("imap.host", "not-allowed"),
        FaultKind::Certificate => ("imap.host", fault.tls.map_or("certificate", TlsCause::rule)),
        _ => ("imap.host", "unreachable"),
    };
    Refusal::field(field, rule)
}

/// Counts a refusal, also one that a visit or a reader has met; gives how many there are.
pub(super) async fn count(app: &App, tx: &mut Tx, fingerprint: &str) -> Result<i64> {
    store::refusals::count(tx, fingerprint, app.clock.now(), long_ago(app)).await
}

/// Forgets the refusals that count no more.
pub(super) async fn forget_old(app: &App, tx: &mut Tx) -> Result<()> {
    store::refusals::forget_old(tx, long_ago(app)).await
}

fn long_ago(app: &App) -> Moment {
    Moment(app.clock.now().0 - MEMORY.as_millis() as i64)
}
