//! In charge of the statements on replies that can still be taken back (table `held_replies`).

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::row::{get, list, moment, text, words};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::{HeldReplyId, PersonId, TicketId};
use crate::model::ticket::HeldReply;

const COLUMNS: &str = "id, ticket_id, person_id, ip, body, seen, attachments, route, once, body_hash, send_at, fault";

fn read(row: &AnyRow) -> Result<HeldReply> {
    let some = |word: &str| Some(word.into());
    Ok(HeldReply {
        id: text(row, "id")?.into(),
        ticket_id: text(row, "ticket_id")?.into(),
        person_id: text(row, "person_id")?.into(),
        ip: text(row, "ip")?,
        body: text(row, "body")?,
        seen: get::<Option<String>>(row, "seen")?.map(Into::into),
        attachments: words(row, "attachments", some)?,
        route: text(row, "route")?,
        once: text(row, "once")?,
        body_hash: text(row, "body_hash")?,
        send_at: moment(row, "send_at")?,
        fault: get(row, "fault")?,
    })
}

/// Keeps one; the same form again changes nothing.
pub async fn insert(tx: &mut Tx, one: &HeldReply) -> Result<()> {
    sqlx::query(
        "INSERT INTO held_replies (id, ticket_id, person_id, ip, body, seen, attachments, route, once, body_hash, send_at)
         VALUES ($1, $2, $3, $4, $5, CAST($6 AS TEXT), $7, $8, $9, $10, $11) ON CONFLICT (person_id, once) DO NOTHING",
    )
    .bind(one.id.as_str())
    .bind(one.ticket_id.as_str())
    .bind(one.person_id.as_str())
    .bind(&one.ip)
    .bind(&one.body)
    .bind(one.seen.as_ref().map(|id| id.as_str().to_string()))
    .bind(list(one.attachments.iter().map(|id| id.as_str())))
    .bind(&one.route)
    .bind(&one.once)
    .bind(&one.body_hash)
    .bind(one.send_at.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A person's own in a ticket, oldest first.
pub async fn of(c: &mut AnyConnection, person: &PersonId, ticket: &TicketId) -> Result<Vec<HeldReply>> {
    let sql = format!("SELECT {COLUMNS} FROM held_replies WHERE person_id = $1 AND ticket_id = $2 ORDER BY id");
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(person.as_str()).bind(ticket.as_str()).fetch_all(c).await?;
    rows.iter().map(read).collect()
}

/// Takes one that is due in hand, until a moment. None when there is none.
pub async fn claim(tx: &mut Tx, now: Moment, until: Moment) -> Result<Option<HeldReply>> {
    let sql = format!(
        "UPDATE held_replies SET claimed_until = $2 WHERE id IN (SELECT id FROM held_replies WHERE fault IS NULL AND send_at <= $1
         AND (claimed_until IS NULL OR claimed_until < $1) ORDER BY send_at, id LIMIT 1)
         AND (claimed_until IS NULL OR claimed_until < $1) RETURNING {COLUMNS}"
    );
    let row = sqlx::query(AssertSqlSafe(sql)).bind(now.0).bind(until.0).fetch_optional(&mut **tx).await?;
    row.as_ref().map(read).transpose()
}

/// Whether one is waiting to be sent.
pub async fn any_due(c: &mut AnyConnection, now: Moment) -> Result<bool> {
    let sql = "SELECT 1 FROM held_replies WHERE fault IS NULL AND send_at <= $1 LIMIT 1";
    Ok(sqlx::query(sql).bind(now.0).fetch_optional(c).await?.is_some())
}

/// Makes a person's own in a ticket due now. False when none waits.
pub async fn hurry(tx: &mut Tx, person: &PersonId, ticket: &TicketId, now: Moment) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE held_replies SET send_at = $3 WHERE person_id = $1 AND ticket_id = $2 AND fault IS NULL AND send_at > $3",
    )
    .bind(person.as_str())
    .bind(ticket.as_str())
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The numbers of the tickets in which something of a person's could not be sent.
pub async fn failed(c: &mut AnyConnection, person: &PersonId) -> Result<Vec<String>> {
    let rows = sqlx::query(
        "SELECT DISTINCT t.number AS number FROM held_replies h JOIN tickets t ON t.id = h.ticket_id
         WHERE h.person_id = $1 AND h.fault IS NOT NULL ORDER BY number LIMIT 20",
    )
    .bind(person.as_str())
    .fetch_all(c)
    .await?;
    rows.iter().map(|row| text(row, "number")).collect()
}

/// Forgets one that has left.
pub async fn delete(tx: &mut Tx, id: &HeldReplyId) -> Result<()> {
    sqlx::query("DELETE FROM held_replies WHERE id = $1").bind(id.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// Notes why one could not be sent: it waits for who wrote it.
pub async fn fail(tx: &mut Tx, id: &HeldReplyId, fault: &str) -> Result<()> {
    sqlx::query("UPDATE held_replies SET fault = $2 WHERE id = $1")
        .bind(id.as_str())
        .bind(fault)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes one's own back, unless it is on its way or gone.
pub async fn take_back(
    tx: &mut Tx,
    person: &PersonId,
    ticket: &TicketId,
    id: &HeldReplyId,
) -> Result<Option<HeldReply>> {
    let sql = format!(
        "DELETE FROM held_replies WHERE id = $1 AND person_id = $2 AND ticket_id = $3 AND (fault IS NOT NULL OR claimed_until IS NULL)
         RETURNING {COLUMNS}"
    );
    let query = sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).bind(person.as_str()).bind(ticket.as_str());
    let row = query.fetch_optional(&mut **tx).await?;
    row.as_ref().map(read).transpose()
}
