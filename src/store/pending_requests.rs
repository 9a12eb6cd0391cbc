//! In charge of the statements on requests of the public form that wait for their confirmation (table `pending_requests`).

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::row::{answers, answers_json, get, moment, text, word};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::assistance::PendingRequest;
use crate::model::id::PendingRequestId;
use crate::model::organization::Area;
use crate::model::ticket::{Kind, Severity};
use crate::text::fold;

const COLUMNS: &str = "id, email, name, organization, phone, mailbox, area, kind, priority, subject, body, created_at,
    expires_at, number, category, fields";

fn read(row: &AnyRow) -> Result<PendingRequest> {
    Ok(PendingRequest {
        id: text(row, "id")?.into(),
        email: text(row, "email")?,
        name: text(row, "name")?,
        organization: get(row, "organization")?,
        phone: text(row, "phone")?,
        mailbox: text(row, "mailbox")?,
        area: word(row, "area", Area::parse)?,
        kind: word(row, "kind", Kind::parse)?,
        priority: word(row, "priority", Severity::parse)?,
        subject: text(row, "subject")?,
        body: text(row, "body")?,
        created_at: moment(row, "created_at")?,
        expires_at: moment(row, "expires_at")?,
        number: get(row, "number")?,
        category: get(row, "category")?,
        fields: answers(row)?,
    })
}

/// Keeps one, under the hash of its link, of whoever sent it and the key of its form. False when this form was kept before.
pub async fn insert(tx: &mut Tx, one: &PendingRequest, (token, sender): (&str, &str), once: &str) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO pending_requests (id, token_hash, once, email, email_fold, name, organization, phone, mailbox, area, kind,
         priority, subject, body, created_at, expires_at, category, fields, sender_hash)
         VALUES ($1, $2, $3, $4, $5, $6, CAST($7 AS TEXT), $8, $9, $10, $11, $12, $13, $14, $15, $16, CAST($17 AS TEXT), $18, $19)
         ON CONFLICT (once) DO NOTHING",
    )
    .bind(one.id.as_str())
    .bind(token)
    .bind(once)
    .bind(&one.email)
    .bind(fold(&one.email))
    .bind(&one.name)
    .bind(one.organization.clone())
    .bind(&one.phone)
    .bind(&one.mailbox)
    .bind(one.area.as_str())
    .bind(one.kind.as_str())
    .bind(one.priority.as_str())
    .bind(&one.subject)
    .bind(&one.body)
    .bind(one.created_at.0)
    .bind(one.expires_at.0)
    .bind(one.category.clone())
    .bind(answers_json(&one.fields)?)
    .bind(sender)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether the form of this key was kept before.
pub async fn was_kept(c: &mut AnyConnection, once: &str) -> Result<bool> {
    let found = sqlx::query("SELECT 1 FROM pending_requests WHERE once = $1").bind(once).fetch_optional(c).await?;
    Ok(found.is_some())
}

/// When those of an address came that were not confirmed, since a moment, and the hash of who sent each; the oldest first.
pub async fn unconfirmed(c: &mut AnyConnection, email: &str, since: Moment) -> Result<Vec<(Moment, String)>> {
    let sql = "SELECT created_at, sender_hash FROM pending_requests WHERE email_fold = $1 AND number IS NULL AND created_at > $2
         ORDER BY created_at";
    let rows = sqlx::query(sql).bind(fold(email)).bind(since.0).fetch_all(c).await?;
    rows.iter().map(|row| Ok((moment(row, "created_at")?, text(row, "sender_hash")?))).collect()
}

/// The one of a link, while it is kept.
pub async fn find(c: &mut AnyConnection, token_hash: &str, now: Moment) -> Result<Option<PendingRequest>> {
    let sql = format!("SELECT {COLUMNS} FROM pending_requests WHERE token_hash = $1 AND expires_at > $2");
    sqlx::query(AssertSqlSafe(sql)).bind(token_hash).bind(now.0).fetch_optional(c).await?.as_ref().map(read).transpose()
}

/// The same, held until the write ends: of two who confirm it at once the second finds what the first has made.
pub async fn lock(tx: &mut Tx, token_hash: &str, now: Moment) -> Result<Option<PendingRequest>> {
    let sql = format!(
        "UPDATE pending_requests SET number = number WHERE token_hash = $1 AND expires_at > $2 RETURNING {COLUMNS}"
    );
    let row = sqlx::query(AssertSqlSafe(sql)).bind(token_hash).bind(now.0).fetch_optional(&mut **tx).await?;
    row.as_ref().map(read).transpose()
}

/// Notes which request was made of one; what was typed stands there from now on.
pub async fn is_made(tx: &mut Tx, id: &PendingRequestId, number: &str) -> Result<()> {
    sqlx::query(
        "UPDATE pending_requests SET number = $2, name = '', organization = '', phone = '', mailbox = '', subject = '', body = '',
             fields = '[]'
         WHERE id = $1",
    )
    .bind(id.as_str())
    .bind(number)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets those whose time is over.
pub async fn forget_old(tx: &mut Tx, now: Moment) -> Result<()> {
    sqlx::query("DELETE FROM pending_requests WHERE expires_at <= $1").bind(now.0).execute(&mut **tx).await?;
    Ok(())
}
