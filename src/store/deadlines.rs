//! In charge of the statements on deadlines that are watched (tables `ticket_warnings`, `ticket_reminders`).

use sqlx::AnyConnection;

use super::row::text;
use super::{Result, Tx, tickets};
use crate::clock::Moment;
use crate::model::id::TicketId;
use crate::model::ticket::{Severity, Ticket};

/// Tickets whose clock runs, after one of them, without people in copy and mailboxes.
pub async fn running(c: &mut AnyConnection, after: Option<&TicketId>, most: i64) -> Result<Vec<Ticket>> {
    let sql = format!(
        "SELECT {} FROM tickets WHERE resolution_due_at IS NOT NULL AND deleted_at IS NULL AND id > $1 ORDER BY id LIMIT $2",
        tickets::COLUMNS
    );
    let rows =
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(after.map_or("", TicketId::as_str)).bind(most).fetch_all(c).await?;
    rows.iter().map(tickets::read).collect()
}

/// Notes that a warning is given, of a clock that began at `since` (0 for one that begins once). False when it was given before.
pub async fn warn(
    tx: &mut Tx,
    ticket: &TicketId,
    (clock, since, percent, severity): (&str, i64, i64, Severity),
    now: Moment,
) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO ticket_warnings (ticket_id, clock, percent, severity, given_at, since) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
    )
    .bind(ticket.as_str())
    .bind(clock)
    .bind(percent)
    .bind(severity.as_str())
    .bind(now.0)
    .bind(since)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Tickets that wait for their requester, after one of them.
pub async fn waiting(c: &mut AnyConnection, after: Option<&TicketId>, most: i64) -> Result<Vec<TicketId>> {
    let rows = sqlx::query(
        "SELECT id FROM tickets WHERE state = 'pending_requester' AND deleted_at IS NULL AND id > $1 ORDER BY id LIMIT $2",
    )
    .bind(after.map_or("", TicketId::as_str))
    .bind(most)
    .fetch_all(c)
    .await?;
    rows.iter().map(|row| Ok(text(row, "id")?.into())).collect()
}

/// Notes that a requester is reminded, in a wait that began at a moment. False when it was so before.
pub async fn remind(tx: &mut Tx, ticket: &TicketId, since: Moment, number: i64, now: Moment) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO ticket_reminders (ticket_id, since, number, given_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(ticket.as_str())
    .bind(since.0)
    .bind(number)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
