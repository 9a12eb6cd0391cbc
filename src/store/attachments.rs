//! In charge of the statements on files that people send along (table `attachments`).

use std::collections::HashSet;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::filter::{Bound, Filter};
use super::row::{get, text};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::attachment::{Attachment, Picture};
use crate::model::id::{AttachmentId, MessageId, PendingRequestId, PersonId};

const COLUMNS: &str = "id, name, size, media_type, sha256, uploader_id, visitor, message_id, picture";

fn read(row: &AnyRow) -> Result<Attachment> {
    Ok(Attachment {
        id: text(row, "id")?.into(),
        name: text(row, "name")?,
        size: get(row, "size")?,
        media_type: text(row, "media_type")?,
        sha256: text(row, "sha256")?,
        uploader_id: get::<Option<String>>(row, "uploader_id")?.map(Into::into),
        visitor: get(row, "visitor")?,
        message_id: get::<Option<String>>(row, "message_id")?.map(Into::into),
        picture: get::<Option<String>>(row, "picture")?.as_deref().and_then(Picture::parse),
    })
}

/// Writes a file that was uploaded.
pub async fn insert(tx: &mut Tx, one: &Attachment, now: Moment) -> Result<()> {
    sqlx::query(
        "INSERT INTO attachments (id, name, size, media_type, sha256, uploader_id, visitor, created_at, picture)
         VALUES ($1, $2, $3, $4, $5, CAST($6 AS TEXT), CAST($7 AS TEXT), $8, CAST($9 AS TEXT))",
    )
    .bind(one.id.as_str())
    .bind(&one.name)
    .bind(one.size)
    .bind(&one.media_type)
    .bind(&one.sha256)
    .bind(one.uploader_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(one.visitor.clone())
    .bind(now.0)
    .bind(one.picture.map(Picture::media_type))
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
        add_names(tx, message).await?;
    }
    Ok(true)
}

/// Writes files that came with a message.
pub async fn insert_for(tx: &mut Tx, files: &[&Attachment], message: &MessageId, now: Moment) -> Result<()> {
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

/// What came with a message is found by its names.
async fn add_names(tx: &mut Tx, message: &MessageId) -> Result<()> {
    let names: Vec<String> =
        of_messages(tx, std::slice::from_ref(message)).await?.into_iter().map(|one| one.name).collect();
    super::ticket_pieces::add_names(tx, message, &names).await
}

/// Gives files of a browser to a request that waits for its confirmation. False when one is not this browser's, or has gone.
pub async fn keep_for(tx: &mut Tx, ids: &[AttachmentId], visitor: &str, pending: &PendingRequestId) -> Result<bool> {
    for id in ids {
        let done = sqlx::query(
            "UPDATE attachments SET pending_id = $2 WHERE id = $1 AND visitor = $3 AND pending_id IS NULL
             AND message_id IS NULL",
        )
        .bind(id.as_str())
        .bind(pending.as_str())
        .bind(visitor)
        .execute(&mut **tx)
        .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How many bytes of who has no account wait for a message.
pub async fn bytes_of_visitors(c: &mut AnyConnection) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM attachments WHERE visitor IS NOT NULL AND message_id IS NULL";
    sqlx::query_scalar(sql).fetch_one(c).await
}

/// A file of a browser that nothing has named yet.
pub async fn loose_of(c: &mut AnyConnection, id: &AttachmentId, visitor: &str) -> Result<Option<Attachment>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM attachments WHERE id = $1 AND visitor = $2 AND pending_id IS NULL AND message_id IS NULL"
    );
    let row = sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).bind(visitor).fetch_optional(c).await?;
    row.as_ref().map(read).transpose()
}

/// The files of a request that waits, in the order in which they came.
pub async fn of_pending(c: &mut AnyConnection, pending: &PendingRequestId) -> Result<Vec<Attachment>> {
    let sql = format!("SELECT {COLUMNS} FROM attachments WHERE pending_id = $1 AND message_id IS NULL ORDER BY id");
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(pending.as_str()).fetch_all(c).await?;
    rows.iter().map(read).collect()
}

/// Gives the files of a request that was confirmed to its message.
pub async fn give(tx: &mut Tx, pending: &PendingRequestId, message: &MessageId) -> Result<()> {
    let sql = "UPDATE attachments SET message_id = $2 WHERE pending_id = $1 AND message_id IS NULL";
    let done = sqlx::query(sql).bind(pending.as_str()).bind(message.as_str()).execute(&mut **tx).await?;
    if done.rows_affected() > 0 { add_names(tx, message).await } else { Ok(()) }
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

/// Those files of these messages that are decorations: small pictures that came in several mails of the same sender, or so often that
/// they are everybody's. A logo that has come a hundred thousand times is not counted to its end for each look at a page.
pub async fn decorations(c: &mut AnyConnection, messages: &[MessageId]) -> Result<HashSet<AttachmentId>> {
    let mut filter = Filter::default();
    filter.and_in("a.message_id", messages.iter().map(|id| Bound::from(id.as_str())));
    filter.and(
        "a.picture IS NOT NULL AND a.size < ?
         AND (SELECT COUNT(*) >= ? OR COUNT(DISTINCT CASE WHEN w.author_email = m.author_email THEN w.id END) >= 3
         FROM (SELECT o.message_id FROM attachments o WHERE o.sha256 = a.sha256 AND o.message_id IS NOT NULL LIMIT ?) seen
         JOIN ticket_messages w ON w.id = seen.message_id AND w.channel = 'email')",
        [SMALL.into(), OFTEN.into(), OFTEN.into()],
    );
    let sql = format!("SELECT a.id FROM attachments a JOIN ticket_messages m ON m.id = a.message_id{}", filter.sql());
    filter.query(sql).fetch_all(c).await?.iter().map(|row| Ok(text(row, "id")?.into())).collect()
}

/// A picture of so many bytes may be the attachment that somebody writes about, however often it came.
const SMALL: i64 = 30 * 1024;

/// A small picture that came so often is a decoration whoever sends it.
const OFTEN: i64 = 200;

/// Removes files that came before a moment and that no message has named, nor a reply that could not be sent, nor a
/// request that waits. Returns their hashes.
pub async fn delete_loose(tx: &mut Tx, before: Moment, most: i64) -> Result<Vec<String>> {
    let rows = sqlx::query(
        "DELETE FROM attachments WHERE id IN (SELECT id FROM attachments WHERE message_id IS NULL AND pending_id IS NULL AND created_at < $1
         AND NOT EXISTS (SELECT 1 FROM held_replies WHERE held_replies.attachments LIKE '%\"' || attachments.id || '\"%')
         ORDER BY id LIMIT $2) AND message_id IS NULL AND pending_id IS NULL RETURNING sha256",
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
               OR EXISTS (SELECT 1 FROM intake_mails WHERE sha256 = $1 AND bytes_gone_at IS NULL) THEN 1 ELSE 0 END";
    Ok(sqlx::query_scalar::<_, i32>(sql).bind(sha256).fetch_one(c).await? == 1)
}
