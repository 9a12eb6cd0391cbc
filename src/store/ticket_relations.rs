//! In charge of the statements on requests that have to do with each other (table `ticket_relations`).

use sqlx::AnyConnection;

use super::filter::Filter;
use super::row::{flag, word};
use super::ticket_list::seen;
use super::tickets::{COLUMNS, read};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::TicketId;
use crate::model::ticket::{Relation, Sight, Ticket};

/// The most requests of one that are listed.
const MOST: usize = 100;

/// Writes what a request is to another, in place of whatever it was.
pub async fn put(tx: &mut Tx, one: &TicketId, relation: Relation, other: &TicketId, now: Moment) -> Result<()> {
    delete(tx, one, other).await?;
    let (word, turned) = relation.stored();
    let (from, to) = if turned { (other, one) } else { (one, other) };
    sqlx::query("INSERT INTO ticket_relations (from_id, to_id, relation, created_at) VALUES ($1, $2, $3, $4)")
        .bind(from.as_str())
        .bind(to.as_str())
        .bind(word)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes the relation between two away. False when there is none.
pub async fn delete(tx: &mut Tx, one: &TicketId, other: &TicketId) -> Result<bool> {
    let sql = "DELETE FROM ticket_relations WHERE (from_id = $1 AND to_id = $2) OR (from_id = $2 AND to_id = $1)";
    let done = sqlx::query(sql).bind(one.as_str()).bind(other.as_str()).execute(&mut **tx).await?;
    Ok(done.rows_affected() > 0)
}

/// What a request is to others that a person sees, oldest first; without people in copy and mailboxes.
pub async fn of(c: &mut AnyConnection, sight: &Sight, ticket: &TicketId) -> Result<Vec<(Relation, Ticket)>> {
    let mut filter = Filter::default();
    let from = filter.bind([ticket.as_str().into()]);
    let to = filter.bind([ticket.as_str().into()]);
    seen(&mut filter, sight);
    filter.and("deleted_at IS NULL", []);
    let sql = format!(
        "SELECT {COLUMNS}, relation, turned FROM
         (SELECT to_id AS other_id, relation, CAST(0 AS BIGINT) AS turned FROM ticket_relations WHERE from_id = {from}
          UNION ALL SELECT from_id, relation, CAST(1 AS BIGINT) FROM ticket_relations WHERE to_id = {to}) AS others
         JOIN tickets ON tickets.id = others.other_id{} ORDER BY id LIMIT {MOST}",
        filter.sql()
    );
    let rows = filter.query(sql).fetch_all(c).await?;
    let one = |row| {
        let turned = flag(row, "turned")?;
        Ok((word(row, "relation", |word| Relation::of_stored(word, turned))?, read(row)?))
    };
    rows.iter().map(one).collect()
}
