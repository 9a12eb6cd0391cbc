//! In charge of passwords that a server has refused: the same one is not sent to it again and again, whoever types or loads it,
//! for three refusals lock the holder out (seed 002). Does not know who tries.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::app::App;
use crate::clock::Moment;
use crate::key::Purpose;
use crate::mail::MailFault;
use crate::model::mailbox::Card;
use crate::people::Refusal;
use crate::store::{self, Result, Tx};
use crate::text::fold;

/// The same password is sent so often to a server that refuses it, within [`MEMORY`].
const MOST: i64 = 2;

/// How long a refusal is remembered.
const MEMORY: Duration = Duration::from_secs(3600);

/// A name for a server, a user and a password together, that tells nothing of them: the master key makes it (SIV without a
/// text to seal is a MAC of what it is bound to, RFC 5297, 3).
pub(super) fn fingerprint(app: &App, card: &Card, password: &SecretString) -> String {
    let (server, user) = (card.imap.key(), fold(&card.username));
    let bound = [server.as_bytes(), user.as_bytes(), password.expose_secret().as_bytes()];
    hex::encode(app.keys.master.held().seal(Purpose::Refusals, &bound, b""))
}

/// Tries a password that a person has given, unless its server has refused this very one often enough. The same one is never
/// tried twice at once on this node.
pub(super) async fn guard<T>(
    app: &App,
    card: &Card,
    password: &SecretString,
    work: impl Future<Output = std::result::Result<T, MailFault>>,
) -> std::result::Result<std::result::Result<T, MailFault>, Refusal> {
    let fingerprint = fingerprint(app, card, password);
    let _turn = app.tries.take(&fingerprint).await;
    let times = store::refusals::times(&mut *app.db.read().await?, &fingerprint, long_ago(app)).await?;
    if times >= MOST {
        return Err(Refusal::field("password", "password-refused-before"));
    }
    let done = work.await;
    let is_refused = done.as_ref().is_err_and(|fault| fault.kind.is_refusal() || fault.is_unjudged);
    if is_refused || (done.is_ok() && times > 0) {
        let mut tx = app.db.begin().await?;
        match is_refused {
            true => count(app, &mut tx, &fingerprint).await?,
            false => store::refusals::forget(&mut tx, &fingerprint).await?,
        }
        tx.commit().await?;
    }
    Ok(done)
}

/// Counts a refusal, also one that a visit or a reader has met.
pub(super) async fn count(app: &App, tx: &mut Tx, fingerprint: &str) -> Result<()> {
    store::refusals::count(tx, fingerprint, app.clock.now(), long_ago(app)).await
}

/// Forgets the refusals that count no more.
pub(super) async fn forget_old(app: &App, tx: &mut Tx) -> Result<()> {
    store::refusals::forget_old(tx, long_ago(app)).await
}

fn long_ago(app: &App) -> Moment {
    Moment(app.clock.now().0 - MEMORY.as_millis() as i64)
}
