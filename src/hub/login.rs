//! In charge of logins whose end nobody knows: the program died after one was sent. The server may have refused it, and three
//! refusals lock the holder out (seed 002), so such logins do not follow one another. Does not know what logs in.

use std::collections::HashSet;
use std::time::Duration;

use crate::app::App;
use crate::clock::Moment;
use crate::mail::{FaultKind, MailFault};
use crate::model::id::MailboxId;
use crate::store::{self, Result, Tx};

/// So many in a row may be without an answer.
const MOST_UNANSWERED: i64 = 2;

/// After those, the next may follow so much later.
const WAIT: Duration = Duration::from_secs(3600);

/// Writes down that logins to these mailboxes are about to be sent, before they are. Returns those that may be.
pub(super) async fn begin(app: &App, tx: &mut Tx, ids: &[MailboxId]) -> Result<HashSet<MailboxId>> {
    let now = app.clock.now();
    let long_ago = Moment(now.0 - WAIT.as_millis() as i64);
    store::logins::begin(tx, ids, now, MOST_UNANSWERED, long_ago).await
}

/// What is said of a mailbox whose login is withheld.
pub(super) fn withheld() -> MailFault {
    MailFault::ours(FaultKind::LoginUnavailable, "login-withheld")
}
