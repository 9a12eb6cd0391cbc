//! In charge of the body of a mail as it was written (W22): what is known of it when it comes, and showing it, made anew from the mail's
//! own bytes each time. Does not know who may see it.

use std::time::Duration;

use tokio::sync::Semaphore;

use crate::app::App;
use crate::audit;
use crate::files::blob;
use crate::input::is_email;
use crate::mail::incoming::{self, Incoming, Limits, Unreadable};
use crate::mail::sanitise::{self, Body, Inline, Shown};
use crate::mail::signature;
use crate::model::attachment::Attachment;
use crate::model::id::MessageId;
use crate::model::intake::MailReason;
use crate::model::message::PecKind;
use crate::model::ticket::{MailFacts, Pec};
use crate::model::trace::{Act, Actor};
use crate::store;
use crate::text::fold;

/// A mail may name thousands of addresses: as many are kept as may follow a request (features.md 5).
const MOST_NAMED: usize = 20;

/// What of a mail goes with its entry, beside its words.
pub(super) struct Kept {
    pub files: Vec<Attachment>,
    pub facts: MailFacts,
}

/// What is known of a mail that was read.
pub(super) fn facts(mail: &Incoming) -> MailFacts {
    let body = mail.html.as_deref().and_then(|html| sanitise::body(html, Shown { inline: &[], remote: false }));
    MailFacts {
        has_body: body.is_some(),
        remote: body.map_or(0, |body| body.blocked),
        pec: pec(mail),
        is_automatic: mail.automatic.is_some(),
        named: named(mail),
        quoted_from: None,
    }
}

/// The addresses that a mail names beside its author, each once, the first of them.
fn named(mail: &Incoming) -> Vec<String> {
    let author = mail.from.as_ref().map(|from| fold(&from.email));
    let mut named: Vec<String> = Vec::new();
    for email in mail.to.iter().chain(&mail.cc).map(|one| fold(&one.email)) {
        if named.len() < MOST_NAMED && is_email(&email) && Some(&email) != author.as_ref() && !named.contains(&email) {
            named.push(email);
        }
    }
    named
}

/// What is said of certified mail; of mail that never was any there is nothing to say.
pub fn pec(mail: &Incoming) -> Option<Pec> {
    if mail.kind == PecKind::Ordinary {
        return None;
    }
    let certified = mail.certified.as_ref();
    Some(Pec {
        kind: if mail.is_disguised() { PecKind::Suspicious } else { mail.kind },
        signature: mail.seal.signature,
        provider: mail.seal.provider.clone(),
        obsolete_algorithm: mail.seal.is_obsolete,
        sender: certified.and_then(|certified| certified.sender.clone()),
        identifier: certified.and_then(|certified| certified.provider_id.clone()),
        reference_message_id: certified.and_then(|certified| certified.sender_message_id.clone()),
    })
}

/// What is made of a mail that is read from its bytes, or why it cannot be read whatever they are. An error is the disk's.
pub async fn read<T: Send + 'static>(
    app: &App,
    sha256: &str,
    make: impl FnOnce(Incoming) -> T + Send + 'static,
) -> anyhow::Result<Result<T, MailReason>> {
    let bytes = match tokio::fs::read(blob::path(&app.settings.data_dir, sha256)).await {
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(Err(MailReason::Unreadable)),
        read => read?,
    };
    let (anchors, now) = (app.anchors.clone(), app.clock.now());
    // By itself: what panics ends there.
    let read = move || {
        let mut mail = incoming::read(&bytes, &Limits::default())?;
        if mail.kind != PecKind::Ordinary {
            mail.seal = signature::verify(&bytes, &anchors, now);
        }
        Ok(make(mail))
    };
    Ok(match tokio::task::spawn_blocking(read).await {
        Ok(Ok(made)) => Ok(made),
        Ok(Err(Unreadable::TooManyParts | Unreadable::TooDeep)) => Err(MailReason::TooManyParts),
        Ok(Err(Unreadable::Empty)) | Err(_) => Err(MailReason::Unreadable),
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

/// So many are read at once to be looked at; what takes longer than this is not shown, and its place is free when it ends.
static PLACES: Semaphore = Semaphore::const_new(2);
const LONGEST: Duration = Duration::from_secs(10);

/// The body of the mail from which an entry was made, and how many bytes were read for it; none where there is none, or where it is
/// too much to be shown.
pub async fn show(app: &App, message: &MessageId, how: How) -> anyhow::Result<Option<(Body, usize)>> {
    let Some(row) = store::intake_mails::raw_of(&mut *app.db.read().await?, message).await? else { return Ok(None) };
    let body = glance(app, &row.sha256, move |mail| body(&mail, how)).await?.flatten();
    Ok(body.map(|body| (body, usize::try_from(row.size).unwrap_or(usize::MAX))))
}

/// What is made of a mail for somebody who looks at it; none where it cannot be read, or not in time.
pub async fn glance<T: Send + 'static>(
    app: &App,
    sha256: &str,
    make: impl FnOnce(Incoming) -> T + Send + 'static,
) -> anyhow::Result<Option<T>> {
    let made = async {
        let place = PLACES.acquire().await?;
        let made = read(app, sha256, move |mail| {
            let _place = place;
            make(mail)
        });
        anyhow::Ok(made.await?.ok())
    };
    match tokio::time::timeout(LONGEST, made).await {
        Ok(made) => made,
        Err(_) => {
            tracing::warn!(sha256, "a mail took too long to be shown");
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
