//! In charge of the statements on files that people send along (table `attachments`).

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::filter::{Bound, Filter};
use super::row::{get, text};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::attachment::Attachment;
use crate::model::id::{AttachmentId, MessageId, PersonId};

const COLUMNS: &str = "id, name, size, media_type, sha256, uploader_id, message_id";

fn read(row: &AnyRow) -> Result<Attachment> {
    Ok(Attachment {
        id: text(row, "id")?.into(),
        name: text(row, "name")?,
        size: get(row, "size")?,
        media_type: text(row, "media_type")?,
        sha256: text(row, "sha256")?,
        uploader_id: get::<Option<String>>(row, "uploader_id")?.map(Into::into),
        message_id: get::<Option<String>>(row, "message_id")?.map(Into::into),
    })
}

/// Writes a file that was uploaded.
pub async fn insert(tx: &mut Tx, one: &Attachment, now: Moment) -> Result<()> {
    sqlx::query(
        "INSERT INTO attachments (id, name, size, media_type, sha256, uploader_id, created_at)
         VALUES ($1, $2, $3, $4, $5, CAST($6 AS TEXT), $7)",
    )
    .bind(one.id.as_str())
    .bind(&one.name)
    .bind(one.size)
    .bind(&one.media_type)
    .bind(&one.sha256)
    .bind(one.uploader_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives files to a message. False when one is not this person's, or has gone with another message.
pub async fn attach(tx: &mut Tx, ids: &[AttachmentId], message: &MessageId, by: &PersonId) -> Result<bool> {
    for id in ids {
        let done = sqlx::query(
            "UPDATE attachments SET message_id = $2 WHERE id = $1 AND uploader_id = $3 AND message_id IS NULL",
        )
        .bind(id.as_str())
        .bind(message.as_str())
        .bind(by.as_str())
        .execute(&mut **tx)
        .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
    }
    if !ids.is_empty() {
        let names: Vec<String> =
            of_messages(tx, std::slice::from_ref(message)).await?.into_iter().map(|one| one.name).collect();
        super::ticket_pieces::add_names(tx, message, &names).await?;
    }
    Ok(true)
}

/// Writes files that came with a message.
pub async fn give(tx: &mut Tx, files: &[&Attachment], message: &MessageId, now: Moment) -> Result<()> {
    for one in files {
        insert(tx, one, now).await?;
        sqlx::query("UPDATE attachments SET message_id = $2 WHERE id = $1")
            .bind(one.id.as_str())
            .bind(message.as_str())
            .execute(&mut **tx)
            .await?;
    }
    let names: Vec<String> = files.iter().map(|one| one.name.clone()).collect();
    if names.is_empty() { Ok(()) } else { super::ticket_pieces::add_names(tx, message, &names).await }
}

/// One file.
pub async fn find(c: &mut AnyConnection, id: &AttachmentId) -> Result<Option<Attachment>> {
    let sql = format!("SELECT {COLUMNS} FROM attachments WHERE id = $1");
    sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).fetch_optional(c).await?.as_ref().map(read).transpose()
}

/// The files of these messages, in the order in which they came.
pub async fn of_messages(c: &mut AnyConnection, messages: &[MessageId]) -> Result<Vec<Attachment>> {
    let mut filter = Filter::default();
    filter.and_in("message_id", messages.iter().map(|id| Bound::from(id.as_str())));
    let rows =
        filter.query(format!("SELECT {COLUMNS} FROM attachments{} ORDER BY id", filter.sql())).fetch_all(c).await?;
    rows.iter().map(read).collect()
}

/// Removes files that came before a moment and that no message has named, nor a reply that could not be sent. Returns their hashes.
pub async fn delete_loose(tx: &mut Tx, before: Moment, most: i64) -> Result<Vec<String>> {
    let rows = sqlx::query(
        "DELETE FROM attachments WHERE id IN (SELECT id FROM attachments WHERE message_id IS NULL AND created_at < $1
         AND NOT EXISTS (SELECT 1 FROM held_replies WHERE held_replies.attachments LIKE '%\"' || attachments.id || '\"%')
         ORDER BY id LIMIT $2) AND message_id IS NULL RETURNING sha256",
    )
    .bind(before.0)
    .bind(most)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| text(row, "sha256")).collect()
}

/// Whether a file of this hash is still there: as an attachment, or as a mail.
pub async fn is_named(c: &mut AnyConnection, sha256: &str) -> Result<bool> {
    let sql = "SELECT CASE WHEN EXISTS (SELECT 1 FROM attachments WHERE sha256 = $1)
               OR EXISTS (SELECT 1 FROM intake_mails WHERE sha256 = $1) THEN 1 ELSE 0 END";
    Ok(sqlx::query_scalar::<_, i32>(sql).bind(sha256).fetch_one(c).await? == 1)
}
