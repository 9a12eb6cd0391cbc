//! In charge of the statements on who has a request open at the desk (table `ticket_presence`).

use sqlx::AnyConnection;

use super::row::{flag, text};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::{PersonId, TicketId};

/// Says that somebody is there until a moment.
pub async fn put(tx: &mut Tx, ticket: &TicketId, person: &PersonId, writing: bool, until: Moment) -> Result<()> {
    sqlx::query(
        "INSERT INTO ticket_presence (ticket_id, person_id, writing, until) VALUES ($1, $2, $3, $4)
         ON CONFLICT (ticket_id, person_id) DO UPDATE SET writing = excluded.writing, until = excluded.until",
    )
    .bind(ticket.as_str())
    .bind(person.as_str())
    .bind(i64::from(writing))
    .bind(until.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Who is there now: the names, each with whether they write; the asker is not among them.
pub async fn others(
    c: &mut AnyConnection,
    ticket: &TicketId,
    asker: &PersonId,
    now: Moment,
) -> Result<Vec<(String, bool)>> {
    let rows = sqlx::query(
        "SELECT p.name AS name, t.writing AS writing FROM ticket_presence t JOIN persons p ON p.id = t.person_id
         WHERE t.ticket_id = $1 AND t.person_id <> $2 AND t.until > $3 ORDER BY p.name_fold, p.id LIMIT 20",
    )
    .bind(ticket.as_str())
    .bind(asker.as_str())
    .bind(now.0)
    .fetch_all(c)
    .await?;
    rows.iter().map(|row| Ok((text(row, "name")?, flag(row, "writing")?))).collect()
}

/// Whether somebody is said to be there so, until a moment or later.
pub async fn is_said(
    c: &mut AnyConnection,
    ticket: &TicketId,
    person: &PersonId,
    writing: bool,
    until: Moment,
) -> Result<bool> {
    let found = sqlx::query(
        "SELECT 1 FROM ticket_presence WHERE ticket_id = $1 AND person_id = $2 AND writing = $3 AND until >= $4",
    )
    .bind(ticket.as_str())
    .bind(person.as_str())
    .bind(i64::from(writing))
    .bind(until.0)
    .fetch_optional(c)
    .await?;
    Ok(found.is_some())
}

/// Throws away what is over.
pub async fn forget_old(tx: &mut Tx, now: Moment) -> Result<()> {
    sqlx::query("DELETE FROM ticket_presence WHERE until < $1").bind(now.0).execute(&mut **tx).await?;
    Ok(())
}
