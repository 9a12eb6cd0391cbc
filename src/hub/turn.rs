//! In charge of one session at a time for each mailbox, over all nodes: a person's reading and a visit never log in together,
//! so that a password that is no longer right is refused once (H18). Does not know what is read.

use std::time::Duration;

use tokio::time::Instant;

use super::login;
use super::webmail::Closed;
use crate::app::{App, Shared};
use crate::key::random_name;
use crate::mail::{FaultKind, MailFault};
use crate::model::id::MailboxId;
use crate::model::mailbox::Mailbox;
use crate::store::secrets::Sealed;
use crate::store::{self, Tx};

/// How long somebody waits for the turn.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often the turn is asked for when no bell of this node says that it may be free.
const ASK_EVERY: Duration = Duration::from_millis(250);

/// The turn at a mailbox: given back when dropped, or when its lease ends.
pub struct Turn {
    app: Shared,
    mailbox: MailboxId,
    holder: String,
    is_ours: bool,
}

/// Waits for the turn at a mailbox, and reads how it stands once it is ours.
pub async fn take(app: &Shared, id: &MailboxId) -> Result<(Turn, Mailbox, Sealed), Closed> {
    let mut turn = Turn { app: app.clone(), mailbox: id.clone(), holder: random_name::<8>(), is_ours: false };
    let ends = Instant::now() + PATIENCE;
    let mut made = app.visits_made.subscribe();
    loop {
        made.mark_unchanged();
        if let Some((mailbox, sealed)) = ask(app, &turn).await? {
            turn.is_ours = true;
            return Ok((turn, mailbox, sealed));
        }
        if Instant::now() >= ends {
            return Err(Closed::Fault(MailFault::ours(FaultKind::LoginUnavailable, "mailbox-in-use")));
        }
        let _ = tokio::time::timeout(ASK_EVERY, made.changed()).await;
    }
}

async fn ask(app: &App, turn: &Turn) -> Result<Option<(Mailbox, Sealed)>, Closed> {
    // As long as a session may last at most.
    let lease_ms = app.settings.imap_timeout.as_millis() as i64 * 3;
    let mut tx = app.db.begin().await?;
    store::visits::stand_in_line(&mut tx).await?;
    // What is stopped is told at once, also while somebody else has the turn.
    tried(&mut tx, &turn.mailbox).await?;
    if !store::turns::take(&mut tx, &turn.mailbox, &turn.holder, lease_ms).await? {
        return Ok(None);
    }
    // A visit that was on its way may have met a refusal since: its end and what it saw are written together.
    let mailbox = tried(&mut tx, &turn.mailbox).await?;
    let sealed = store::secrets::find(&mut tx, &turn.mailbox).await?.ok_or(Closed::NoPassword)?;
    if login::begin(app, &mut tx, std::slice::from_ref(&turn.mailbox)).await?.is_empty() {
        return Err(Closed::Fault(login::withheld()));
    }
    tx.commit().await?;
    Ok(Some((mailbox, sealed)))
}

/// The mailbox, if it may be tried.
async fn tried(tx: &mut Tx, id: &MailboxId) -> Result<Mailbox, Closed> {
    store::mailboxes::find(tx, id).await?.filter(|mailbox| !mailbox.facts.status.is_stopped()).ok_or(Closed::Stopped)
}

impl Turn {
    /// Gives the turn back; `is_judged` when the server has said what it makes of the login, or none was sent.
    pub async fn end(mut self, is_judged: bool) {
        self.is_ours = false;
        give_back(&self.app, &self.mailbox, &self.holder, is_judged).await;
    }
}

/// Whoever goes away in the middle gives the turn back too.
impl Drop for Turn {
    fn drop(&mut self) {
        if self.is_ours {
            let (app, mailbox, holder) = (self.app.clone(), self.mailbox.clone(), self.holder.clone());
            tokio::spawn(async move { give_back(&app, &mailbox, &holder, false).await });
        }
    }
}

async fn give_back(app: &App, mailbox: &MailboxId, holder: &str, is_judged: bool) {
    let given = async {
        let mut tx = app.db.begin().await?;
        store::visits::stand_in_line(&mut tx).await?;
        if is_judged {
            store::logins::end(&mut tx, std::slice::from_ref(mailbox)).await?;
        }
        store::turns::give_back(&mut tx, mailbox, holder).await?;
        tx.commit().await
    };
    match given.await {
        Ok(()) => app.work.notify_one(),
        Err(fault) => tracing::warn!(error = %fault, "a turn could not be given back; it ends with its lease"),
    }
}
