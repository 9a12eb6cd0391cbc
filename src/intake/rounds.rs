//! In charge of what time does to mail that has come: the round that takes it in and tells how that goes, and how long mail of
//! which nothing came is kept (features.md 5: 30 days). Does not know when rounds are due.

use std::time::Duration;

use super::{body, flood};
use crate::app::{App, Shared};
use crate::audit;
use crate::clock::Moment;
use crate::desk::rounds;
use crate::files::blob;
use crate::mail::incoming::Incoming;
use crate::model::id::RunId;
use crate::model::intake::{IntakeMail, MailReason, MailState};
use crate::model::job::{JobName, Tally};
use crate::model::trace::{Act, Actor};
use crate::store::{self, Result};

/// So long mail waits for a decision, and so long mail of which nothing came is here.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// Bytes that have come again so lately are not removed: somebody may be about to name them.
const YOUNG: Duration = Duration::from_secs(3600);

/// How many are looked up at once.
const AT_ONCE: i64 = 100;

/// Begins a round of the intake. None when another node has begun this slot.
pub async fn begin(app: &Shared, job: JobName, slot: Option<Moment>, asked: Option<&Actor>) -> Result<Option<RunId>> {
    let before = store::runs::last_begun(&mut *app.db.read().await?, job).await?;
    rounds::run(app, job, slot, asked, move |app| async move {
        let made = match job {
            JobName::TakeInMail => take_in(&app, before).await,
            _ => tidy(&app).await,
        };
        made.unwrap_or_else(|fault| {
            tracing::error!(
                error = format!("{fault:#}"),
                job = job.as_str(),
                "a round of the intake could not be made"
            );
            Tally { well: 0, failed: 1 }
        })
    })
    .await
}

/// Has mailboxes that wait after a fault looked at, and what is here taken up, and looks at the breaker; tells of all that has come since the round before.
async fn take_in(app: &App, before: Option<Moment>) -> anyhow::Result<Tally> {
    app.intake.notify_one();
    app.arrived.notify_one();
    // Where no more mail comes, nobody else would see that it is over.
    let mut tx = app.db.begin().await?;
    flood::look(app, &mut tx).await?;
    tx.commit().await?;
    app.post.notify_one();
    let since = before.unwrap_or(app.clock.now());
    Ok(store::intake_mails::tally_since(&mut *app.db.read().await?, since).await?)
}

/// Lets go of what was held for a month, and of the bytes of mail of which nothing came. Receipts of certified mail stay: they are
/// the proof (pec.md 2.4).
async fn tidy(app: &App) -> anyhow::Result<Tally> {
    let mut tally = Tally { well: 0, failed: 0 };
    let before = Moment(app.clock.now().0 - KEPT.as_millis() as i64);
    loop {
        let some = store::intake_mails::held_before(&mut *app.db.read().await?, before, AT_ONCE).await?;
        for one in &some {
            tally.well += i64::from(expire(app, one).await?);
        }
        if (some.len() as i64) < AT_ONCE {
            break;
        }
    }
    loop {
        let some = store::intake_mails::of_no_use(&mut *app.db.read().await?, before, AT_ONCE).await?;
        for one in &some {
            match let_go(app, one).await {
                Ok(is_ours) => tally.well += i64::from(is_ours),
                Err(fault) => {
                    tracing::warn!(mail = %one.id, error = format!("{fault:#}"), "the bytes of a mail could not be removed");
                    tally.failed += 1;
                }
            }
        }
        if tally.failed > 0 || (some.len() as i64) < AT_ONCE {
            return Ok(tally);
        }
    }
}

async fn expire(app: &App, one: &IntakeMail) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    let from = [MailState::Held];
    let reason = Some(MailReason::Expired);
    if !store::intake_mails::settle(&mut tx, &one.id, &from, MailState::Dropped, reason, None).await? {
        return Ok(false);
    }
    let sender = one.sender_email.as_deref().unwrap_or_default();
    let subject = one.subject.as_deref().unwrap_or_default();
    audit::record(app, &mut tx, &Actor::system(), Act::on("mail.expired", sender).with(subject)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Removes the bytes of a mail, and of the files that were taken out of it, where nothing else is made of them.
async fn let_go(app: &App, one: &IntakeMail) -> anyhow::Result<bool> {
    let folder = &app.settings.data_dir;
    let mut hashes = Vec::new();
    // Of one that was too large no bytes ever came.
    if !one.sha256.is_empty() {
        let files = |mail: Incoming| mail.files.iter().map(|file| blob::sha256(&file.bytes)).collect::<Vec<_>>();
        hashes.push(one.sha256.clone());
        hashes.extend(body::read(app, &one.sha256, files).await?.unwrap_or_default());
    }
    let mut tx = app.db.begin().await?;
    let is_ours = store::intake_mails::let_bytes_go(&mut tx, one, app.clock.now()).await?;
    tx.commit().await?;
    if !is_ours {
        return Ok(false);
    }
    for sha256 in hashes {
        if !store::attachments::is_named(&mut *app.db.read().await?, &sha256).await? {
            blob::remove_old(folder, &sha256, YOUNG)?;
        }
    }
    Ok(true)
}
