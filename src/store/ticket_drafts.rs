//! In charge of the statements on what somebody has begun to write in a request (table `ticket_drafts`).

use sqlx::AnyConnection;

use super::row::{text, word};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::{PersonId, TicketId};
use crate::model::ticket::MessageKind;

/// Keeps a draft over the one before.
pub async fn put(
    tx: &mut Tx,
    person: &PersonId,
    ticket: &TicketId,
    kind: MessageKind,
    body: &str,
    now: Moment,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO ticket_drafts (person_id, ticket_id, kind, body, updated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (person_id, ticket_id, kind) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at",
    )
    .bind(person.as_str())
    .bind(ticket.as_str())
    .bind(kind.as_str())
    .bind(body)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Throws a draft away.
pub async fn delete(tx: &mut Tx, person: &PersonId, ticket: &TicketId, kind: MessageKind) -> Result<()> {
    sqlx::query("DELETE FROM ticket_drafts WHERE person_id = $1 AND ticket_id = $2 AND kind = $3")
        .bind(person.as_str())
        .bind(ticket.as_str())
        .bind(kind.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A person's own drafts in a request.
pub async fn of(c: &mut AnyConnection, person: &PersonId, ticket: &TicketId) -> Result<Vec<(MessageKind, String)>> {
    let rows = sqlx::query("SELECT kind, body FROM ticket_drafts WHERE person_id = $1 AND ticket_id = $2")
        .bind(person.as_str())
        .bind(ticket.as_str())
        .fetch_all(c)
        .await?;
    rows.iter().map(|row| Ok((word(row, "kind", MessageKind::parse)?, text(row, "body")?))).collect()
}

/// Throws away the drafts from before a moment.
pub async fn forget_old(tx: &mut Tx, before: Moment) -> Result<()> {
    sqlx::query("DELETE FROM ticket_drafts WHERE updated_at < $1").bind(before.0).execute(&mut **tx).await?;
    Ok(())
}
