//! In charge of the body of a mail as it was written (W22): what is known of it when it comes, and showing it, made anew from the mail's
//! own bytes each time. Does not know who may see it.

use std::time::Duration;

use tokio::sync::Semaphore;

use crate::app::App;
use crate::audit;
use crate::files::blob;
use crate::mail::incoming::{self, Incoming, Limits};
use crate::mail::sanitise::{self, Body, Inline, Shown};
use crate::model::attachment::Attachment;
use crate::model::id::MessageId;
use crate::model::message::PecKind;
use crate::model::ticket::{MailFacts, Pec, Signature};
use crate::model::trace::{Act, Actor};
use crate::store;

/// What of a mail goes with its entry, beside its words.
pub(super) struct Kept {
    pub files: Vec<Attachment>,
    pub facts: MailFacts,
}

/// What is known of a mail that was read.
pub(super) fn facts(mail: &Incoming) -> MailFacts {
    let body = mail.html.as_deref().and_then(|html| sanitise::body(html, Shown { inline: &[], remote: false }));
    MailFacts { has_body: body.is_some(), remote: body.map_or(0, |body| body.blocked), pec: pec(mail) }
}

/// What is said of certified mail; of mail that never was any there is nothing to say.
fn pec(mail: &Incoming) -> Option<Pec> {
    if mail.kind == PecKind::Ordinary {
        return None;
    }
    let certified = mail.certified.as_ref();
    Some(Pec {
        kind: mail.kind,
        signature: if mail.is_signed { Signature::Unverifiable } else { Signature::Absent },
        sender: certified.and_then(|certified| certified.sender.clone()),
        identifier: certified.and_then(|certified| certified.provider_id.clone()),
        reference_message_id: certified.and_then(|certified| certified.sender_message_id.clone()),
    })
}

/// How a body is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Without any picture: for programs, which find those that came with it among its files.
    Plain,
    /// With the pictures that came with it.
    WithInline,
    /// With those that lie elsewhere too.
    WithRemote,
}

/// So many are made at once; a body that takes longer than this is not shown, and its place is free when it ends.
static PLACES: Semaphore = Semaphore::const_new(2);
const LONGEST: Duration = Duration::from_secs(10);

/// The body of the mail from which an entry was made, and how many bytes were read for it; none where there is none, or where it is
/// too much to be shown.
pub async fn show(app: &App, message: &MessageId, how: How) -> anyhow::Result<Option<(Body, usize)>> {
    let Some(row) = store::intake_mails::raw_of(&mut *app.db.read().await?, message).await? else { return Ok(None) };
    let path = blob::path(&app.settings.data_dir, &row.sha256);
    let made = async {
        let place = PLACES.acquire().await?;
        let bytes = match tokio::fs::read(&path).await {
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        // By itself: what panics ends there.
        let made = tokio::task::spawn_blocking(move || {
            let _place = place;
            let mail = incoming::read(&bytes, &Limits::default()).ok()?;
            Some((body(&mail, how)?, bytes.len()))
        });
        anyhow::Ok(made.await.unwrap_or_default())
    };
    match tokio::time::timeout(LONGEST, made).await {
        Ok(made) => made,
        Err(_) => {
            tracing::warn!(message = %message, "a body took too long: its text is shown");
            Ok(None)
        }
    }
}

fn body(mail: &Incoming, how: How) -> Option<Body> {
    let inline = mail.files.iter().filter(|file| file.is_inline && how != How::Plain);
    let inline: Vec<Inline<'_>> = inline
        .filter_map(|file| Some(Inline { content_id: file.content_id.as_deref()?, bytes: &file.bytes }))
        .collect();
    sanitise::body(mail.html.as_deref()?, Shown { inline: &inline, remote: how == How::WithRemote })
}

/// Writes down that somebody has had pictures fetched from elsewhere: who sent them knows then (D02).
pub async fn note_remote(app: &App, actor: &Actor, number: &str, message: &MessageId) -> store::Result<()> {
    let act = Act::on("ticket.images-shown", number).with(message.to_string());
    audit::record_alone(app, actor, act).await
}
