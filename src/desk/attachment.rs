//! In charge of files that people send along (K14): which are taken, and whose they are.

pub use crate::files::blob::{Incoming, path};

use std::time::Duration;

use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::files::blob;
use crate::model::attachment::{Attachment, Owner};
use crate::model::id::{AttachmentId, MessageId};
use crate::model::person::Person;
use crate::model::ticket::{Event, Message, Ticket};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::store::{self, Tx};

/// Endings of files that run when they are opened: none of them is taken.
const BLOCKED: [&str; 18] = [
    "exe", "com", "bat", "cmd", "scr", "pif", "msi", "js", "jse", "vbs", "vbe", "wsf", "ps1", "hta", "jar", "lnk",
    "reg", "dll",
];

/// A name made harmless: the last part of a path, one line, at most 200 characters. Never empty.
pub fn harmless(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // Overrides of the direction of text make `exe` look like `txt`.
    let is_odd =
        |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
    let name: String = last.chars().filter(|c| !is_odd(*c)).take(200).collect();
    match name.trim().trim_start_matches('.') {
        "" => "allegato".into(),
        name => name.into(),
    }
}

/// Whether a file of this name is taken.
pub fn is_blocked(name: &str) -> bool {
    // Windows drops dots and spaces at the end, and marks of format are not seen.
    let name = name.trim_end_matches(|c: char| {
        c == '.'
            || c.is_whitespace()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
    });
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.trim().to_ascii_lowercase());
    ending.is_some_and(|ending| BLOCKED.contains(&ending.as_str()))
}

/// Keeps a file whose bytes are on disk already.
pub async fn keep(app: &App, actor: &Actor, owner: &Owner, one: Attachment) -> Result<Attachment, Refusal> {
    let mut tx = app.db.begin().await?;
    let (uploader_id, visitor) = match owner {
        Owner::Person(id) => (Some(id.clone()), None),
        Owner::Visitor(hash) => (None, Some(hash.clone())),
    };
    let one = Attachment { uploader_id, visitor, ..one };
    store::attachments::insert(&mut tx, &one, app.clock.now()).await?;
    let detail = format!("{} bytes, {}", one.size, one.sha256);
    audit::record(app, &mut tx, actor, Act::on("attachment.created", &one.name).with(detail)).await?;
    tx.commit().await?;
    Ok(one)
}

/// How long a file waits for its message.
const WAITS: Duration = Duration::from_secs(24 * 3600);

/// How many files are thrown away at once.
const AT_ONCE: i64 = 200;

/// Throws away the files of which no message has come in a day: rows first, then the bytes that no row names. Bytes that came
/// again meanwhile are young (`files::blob` says so of them) and stay.
pub async fn forget_loose(app: &App) -> anyhow::Result<()> {
    let before = Moment(app.clock.now().0 - WAITS.as_millis() as i64);
    loop {
        let mut tx = app.db.begin().await?;
        let hashes = store::attachments::delete_loose(&mut tx, before, AT_ONCE).await?;
        tx.commit().await?;
        for sha256 in &hashes {
            if !store::attachments::is_named(&mut *app.db.read().await?, sha256).await? {
                blob::remove_old(&app.settings.data_dir, sha256, WAITS)?;
            }
        }
        if (hashes.len() as i64) < AT_ONCE {
            return Ok(());
        }
    }
}

/// Gives files to a message in its own transaction.
pub(super) async fn attach(tx: &mut Tx, ids: &[AttachmentId], message: &MessageId, by: &Person) -> Result<(), Refusal> {
    match store::attachments::attach(tx, ids, message, &by.id).await? {
        true => Ok(()),
        false => Err(Refusal::field("attachments", "not-found")),
    }
}

/// Gives the files of a mail to its message. Programs and scripts are left out, and the desk is told: they are in the mail itself,
/// which is kept.
pub(super) async fn give(tx: &mut Tx, files: &[Attachment], ticket: &Ticket, message: &Message) -> Result<(), Refusal> {
    let (left_out, kept): (Vec<&Attachment>, Vec<&Attachment>) = files.iter().partition(|one| is_blocked(&one.name));
    store::attachments::insert_for(tx, &kept, &message.id, message.created_at).await?;
    if !left_out.is_empty() {
        let names = left_out.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
        let event = Event { new: names, ..super::changed("files-left-out") };
        super::told(tx, ticket, false, message.created_at, event).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_harmless_and_programs_are_told() {
        for (name, expected) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\verbale.pdf", "verbale.pdf"),
            ("a\r\nb.txt", "ab.txt"),
            ("fattura\u{202e}fdp.exe", "fatturafdp.exe"),
            ("  ", "allegato"),
            ("...", "allegato"),
        ] {
            assert_eq!(harmless(name), expected);
        }
        assert!(
            is_blocked("fattura.pdf.EXE")
                && is_blocked("x.js ")
                && is_blocked("virus.exe.")
                && is_blocked("a.exe\u{200b} .")
                && !is_blocked("verbale.pdf")
                && !is_blocked("exe")
        );
    }
}
