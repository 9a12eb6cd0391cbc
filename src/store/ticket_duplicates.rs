//! In charge of the statements on requests that are perhaps the same (F26): which come into question (tables `tickets`,
//! `ticket_mailboxes`), and which pairs were told apart (table `ticket_distinct`). What makes two the same is not known here.

use sqlx::AnyConnection;

use super::filter::Filter;
use super::ticket_list::seen;
use super::tickets::{COLUMNS, fill, read};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::{OrganizationId, PersonId, TicketId};
use crate::model::ticket::{Sight, Ticket};

/// The most requests that come into question, the latest: a body has no more in a few days.
const MOST: usize = 300;

/// Requests of a body, or of none, that were made in a period, are not done with and are not told apart from one; those that a
/// person sees, the latest first. Read by the index `tickets_organization`, however many requests there are.
pub async fn in_question(
    c: &mut AnyConnection,
    sight: &Sight,
    organization: Option<&OrganizationId>,
    (from, to): (Moment, Moment),
    but: Option<&TicketId>,
) -> Result<Vec<Ticket>> {
    let mut filter = Filter::default();
    match organization {
        Some(id) => filter.and("organization_id = ?", [id.as_str().into()]),
        None => filter.and("organization_id IS NULL", []),
    };
    filter
        .and("created_at BETWEEN ? AND ?", [from.0.into(), to.0.into()])
        .and("state NOT IN ('closed', 'cancelled') AND deleted_at IS NULL", []);
    if let Some(id) = but {
        let id = || id.as_str().into();
        filter.and("id <> ?", [id()]).and(
            "id NOT IN (SELECT other_id FROM ticket_distinct WHERE one_id = ? UNION ALL
             SELECT one_id FROM ticket_distinct WHERE other_id = ?)",
            [id(), id()],
        );
    }
    seen(&mut filter, sight);
    let sql = format!("SELECT {COLUMNS} FROM tickets{} ORDER BY created_at DESC, id DESC LIMIT {MOST}", filter.sql());
    let rows = filter.query(sql).fetch_all(&mut *c).await?;
    let mut tickets = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    fill(c, &mut tickets).await?;
    Ok(tickets)
}

/// Writes down that two are not the same. False when that was said before.
pub async fn tell_apart(tx: &mut Tx, one: &TicketId, other: &TicketId, by: &PersonId, now: Moment) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO ticket_distinct (one_id, other_id, person_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(one.min(other).as_str())
    .bind(one.max(other).as_str())
    .bind(by.as_str())
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
