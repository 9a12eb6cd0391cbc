//! In charge of the statements on one ticket at a time (tables `tickets`, `ticket_numbers`, `ticket_copies`, `ticket_mailboxes`).

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::filter::{Bound, Filter};
use super::row::{answers, answers_json, get, list as json, moment, moment_or_none, text, word, words};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::{MailboxId, PersonId, TicketId};
use crate::model::organization::Area;
use crate::model::ticket::{Channel, Clocks, Kind, Queue, Requester, Severity, State, Ticket};
use crate::text::fold;

pub(super) const COLUMNS: &str = "id, number, subject, state, severity, priority, area, kind, category, channel, level,
    group_id, organization_id, requester_id, requester_name, requester_email, assignee_id, tags, reason, solution,
    created_at, updated_at, first_response_due_at, resolution_due_at, first_responded_at, resolved_at, paused_at,
    paused_ms, reopened, state_before, merged_into, follows, deleted_at, deleted_reason, revision, next_update_since,
    next_update_due_at, fields";

fn optional<T>(row: &AnyRow, column: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
    match get::<Option<String>>(row, column)? {
        Some(_) => word(row, column, read).map(Some),
        None => Ok(None),
    }
}

/// A ticket without people in copy and mailboxes.
pub(super) fn read(row: &AnyRow) -> Result<Ticket> {
    let id = |column: &str| get::<Option<String>>(row, column);
    Ok(Ticket {
        id: text(row, "id")?.into(),
        number: text(row, "number")?,
        subject: text(row, "subject")?,
        state: word(row, "state", State::parse)?,
        severity: word(row, "severity", Severity::parse)?,
        priority: optional(row, "priority", Severity::parse)?,
        area: word(row, "area", Area::parse)?,
        kind: optional(row, "kind", Kind::parse)?,
        category: get(row, "category")?,
        channel: word(row, "channel", Channel::parse)?,
        level: get(row, "level")?,
        group_id: id("group_id")?.map(Into::into),
        organization_id: id("organization_id")?.map(Into::into),
        requester: Requester {
            id: id("requester_id")?.map(Into::into),
            name: text(row, "requester_name")?,
            email: text(row, "requester_email")?,
        },
        assignee_id: id("assignee_id")?.map(Into::into),
        tags: words(row, "tags", |tag| Some(tag.to_string()))?,
        reason: get(row, "reason")?,
        solution: get(row, "solution")?,
        created_at: moment(row, "created_at")?,
        updated_at: moment(row, "updated_at")?,
        clocks: Clocks {
            first_response_due_at: moment_or_none(row, "first_response_due_at")?,
            resolution_due_at: moment_or_none(row, "resolution_due_at")?,
            first_responded_at: moment_or_none(row, "first_responded_at")?,
            next_update_since: moment_or_none(row, "next_update_since")?,
            next_update_due_at: moment_or_none(row, "next_update_due_at")?,
            resolved_at: moment_or_none(row, "resolved_at")?,
            paused_at: moment_or_none(row, "paused_at")?,
            paused_ms: get(row, "paused_ms")?,
        },
        reopened: get(row, "reopened")?,
        state_before: optional(row, "state_before", State::parse)?,
        merged_into: id("merged_into")?,
        follows: id("follows")?,
        deleted_at: moment_or_none(row, "deleted_at")?,
        deleted_reason: get(row, "deleted_reason")?,
        revision: get(row, "revision")?,
        cc: Vec::new(),
        mailbox_ids: Vec::new(),
        queues: Vec::new(),
        fields: answers(row)?,
    })
}

/// The next number of a year. Given in the transaction that makes the ticket: what is not committed gives no number away, and
/// whoever comes meanwhile waits (K01).
pub async fn next_number(tx: &mut Tx, year: i32) -> Result<String> {
    sqlx::query("INSERT INTO ticket_numbers (year, last) VALUES ($1, 0) ON CONFLICT (year) DO NOTHING")
        .bind(i64::from(year))
        .execute(&mut **tx)
        .await?;
    let last: i64 = sqlx::query_scalar("UPDATE ticket_numbers SET last = last + 1 WHERE year = $1 RETURNING last")
        .bind(i64::from(year))
        .fetch_one(&mut **tx)
        .await?;
    Ok(format!("TK-{year}-{last:06}"))
}

/// Writes a new ticket, with people in copy and mailboxes.
pub async fn insert(tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    let who = &ticket.requester;
    let sql = "INSERT INTO tickets (id, number, subject, state, severity, priority, area, kind, category, channel, level,
        group_id, organization_id, requester_id, requester_name, requester_email, assignee_id, tags, reason, solution,
        created_at, updated_at, first_response_due_at, resolution_due_at, first_responded_at, resolved_at, paused_at,
        paused_ms, reopened, follows, revision, fields)
        VALUES ($1, $2, $3, $4, $5, CAST($6 AS TEXT), $7, CAST($8 AS TEXT), CAST($9 AS TEXT), $10, $11, CAST($12 AS TEXT),
        CAST($13 AS TEXT), CAST($14 AS TEXT), $15, $16, CAST($17 AS TEXT), $18, CAST($19 AS TEXT), CAST($20 AS TEXT), $21,
        $22, CAST($23 AS BIGINT), CAST($24 AS BIGINT), CAST($25 AS BIGINT), CAST($26 AS BIGINT), CAST($27 AS BIGINT), $28,
        $29, CAST($30 AS TEXT), $31, $32)";
    let clocks = &ticket.clocks;
    sqlx::query(sql)
        .bind(ticket.id.as_str())
        .bind(&ticket.number)
        .bind(&ticket.subject)
        .bind(ticket.state.as_str())
        .bind(ticket.severity.as_str())
        .bind(ticket.priority.map(Severity::as_str))
        .bind(ticket.area.as_str())
        .bind(ticket.kind.map(Kind::as_str))
        .bind(ticket.category.clone())
        .bind(ticket.channel.as_str())
        .bind(ticket.level)
        .bind(ticket.group_id.as_ref().map(|id| id.as_str().to_string()))
        .bind(ticket.organization_id.as_ref().map(|id| id.as_str().to_string()))
        .bind(who.id.as_ref().map(|id| id.as_str().to_string()))
        .bind(&who.name)
        .bind(&who.email)
        .bind(ticket.assignee_id.as_ref().map(|id| id.as_str().to_string()))
        .bind(json(ticket.tags.iter().map(String::as_str)))
        .bind(ticket.reason.clone())
        .bind(ticket.solution.clone())
        .bind(ticket.created_at.0)
        .bind(ticket.updated_at.0)
        .bind(clocks.first_response_due_at.map(|at| at.0))
        .bind(clocks.resolution_due_at.map(|at| at.0))
        .bind(clocks.first_responded_at.map(|at| at.0))
        .bind(clocks.resolved_at.map(|at| at.0))
        .bind(clocks.paused_at.map(|at| at.0))
        .bind(clocks.paused_ms)
        .bind(ticket.reopened)
        .bind(ticket.follows.clone())
        .bind(ticket.revision)
        .bind(answers_json(&ticket.fields)?)
        .execute(&mut **tx)
        .await?;
    put_copies(tx, ticket).await?;
    for mailbox in &ticket.mailbox_ids {
        link(tx, &ticket.id, mailbox).await?;
    }
    for queue in &ticket.queues {
        put_queue(tx, &ticket.id, queue).await?;
    }
    super::ticket_pieces::put(tx, ticket).await
}

/// Writes a ticket over what it was, with people in copy. The caller holds its lock.
pub async fn update(tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    let sql = "UPDATE tickets SET subject = $2, state = $3, severity = $4, area = $5, kind = CAST($6 AS TEXT),
        category = CAST($7 AS TEXT), level = $8, group_id = CAST($9 AS TEXT), assignee_id = CAST($10 AS TEXT), tags = $11,
        reason = CAST($12 AS TEXT), solution = CAST($13 AS TEXT), updated_at = $14,
        first_response_due_at = CAST($15 AS BIGINT), resolution_due_at = CAST($16 AS BIGINT),
        first_responded_at = CAST($17 AS BIGINT), resolved_at = CAST($18 AS BIGINT), paused_at = CAST($19 AS BIGINT),
        paused_ms = $20, reopened = $21, state_before = CAST($22 AS TEXT), merged_into = CAST($23 AS TEXT),
        deleted_at = CAST($24 AS BIGINT), deleted_reason = CAST($25 AS TEXT),
        next_update_since = CAST($26 AS BIGINT), next_update_due_at = CAST($27 AS BIGINT), revision = revision + 1
        WHERE id = $1";
    let clocks = &ticket.clocks;
    sqlx::query(sql)
        .bind(ticket.id.as_str())
        .bind(&ticket.subject)
        .bind(ticket.state.as_str())
        .bind(ticket.severity.as_str())
        .bind(ticket.area.as_str())
        .bind(ticket.kind.map(Kind::as_str))
        .bind(ticket.category.clone())
        .bind(ticket.level)
        .bind(ticket.group_id.as_ref().map(|id| id.as_str().to_string()))
        .bind(ticket.assignee_id.as_ref().map(|id| id.as_str().to_string()))
        .bind(json(ticket.tags.iter().map(String::as_str)))
        .bind(ticket.reason.clone())
        .bind(ticket.solution.clone())
        .bind(ticket.updated_at.0)
        .bind(clocks.first_response_due_at.map(|at| at.0))
        .bind(clocks.resolution_due_at.map(|at| at.0))
        .bind(clocks.first_responded_at.map(|at| at.0))
        .bind(clocks.resolved_at.map(|at| at.0))
        .bind(clocks.paused_at.map(|at| at.0))
        .bind(clocks.paused_ms)
        .bind(ticket.reopened)
        .bind(ticket.state_before.map(State::as_str))
        .bind(ticket.merged_into.clone())
        .bind(ticket.deleted_at.map(|at| at.0))
        .bind(ticket.deleted_reason.clone())
        .bind(clocks.next_update_since.map(|at| at.0))
        .bind(clocks.next_update_due_at.map(|at| at.0))
        .execute(&mut **tx)
        .await?;
    put_copies(tx, ticket).await?;
    super::ticket_pieces::put(tx, ticket).await
}

async fn put_copies(tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    sqlx::query("DELETE FROM ticket_copies WHERE ticket_id = $1").bind(ticket.id.as_str()).execute(&mut **tx).await?;
    for email in &ticket.cc {
        sqlx::query(
            "INSERT INTO ticket_copies (ticket_id, email, email_fold) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(ticket.id.as_str())
        .bind(email)
        .bind(fold(email))
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Remembers whom a ticket that is merged let into the one that stays.
pub async fn remember_let_in(tx: &mut Tx, id: &TicketId, emails: &[String]) -> Result<()> {
    sqlx::query("UPDATE tickets SET merge_let_in = $2 WHERE id = $1")
        .bind(id.as_str())
        .bind(json(emails.iter().map(String::as_str)))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Whom a ticket that was merged let into the one that stayed.
pub async fn let_in(c: &mut AnyConnection, id: &TicketId) -> Result<Vec<String>> {
    let row = sqlx::query("SELECT COALESCE(merge_let_in, '[]') AS let_in FROM tickets WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(c)
        .await?;
    row.map_or(Ok(Vec::new()), |row| words(&row, "let_in", |email| Some(email.to_string())))
}

/// The tickets that were merged into that of a number.
pub async fn merged_into(c: &mut AnyConnection, number: &str) -> Result<Vec<Ticket>> {
    let mut filter = Filter::default();
    filter.and("merged_into = ?", [number.into()]);
    let sql = format!("SELECT {COLUMNS} FROM tickets{} ORDER BY id", filter.sql());
    let rows = filter.query(sql).fetch_all(&mut *c).await?;
    let mut tickets = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    fill(c, &mut tickets).await?;
    Ok(tickets)
}

/// Names a mailbox in a ticket. False when it is named already.
pub async fn link(tx: &mut Tx, ticket: &TicketId, mailbox: &MailboxId) -> Result<bool> {
    let done =
        sqlx::query("INSERT INTO ticket_mailboxes (ticket_id, mailbox_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(ticket.as_str())
            .bind(mailbox.as_str())
            .execute(&mut **tx)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Names a mailbox no longer. False when it was not named.
pub async fn unlink(tx: &mut Tx, ticket: &TicketId, mailbox: &MailboxId) -> Result<bool> {
    let done = sqlx::query("DELETE FROM ticket_mailboxes WHERE ticket_id = $1 AND mailbox_id = $2")
        .bind(ticket.as_str())
        .bind(mailbox.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// The ticket of a number, with people in copy and mailboxes.
pub async fn find(c: &mut AnyConnection, number: &str) -> Result<Option<Ticket>> {
    let mut filter = Filter::default();
    filter.and("number = ?", [number.into()]);
    one(c, filter, "").await
}

/// The ticket of an id.
pub async fn find_by_id(c: &mut AnyConnection, id: &TicketId) -> Result<Option<Ticket>> {
    let mut filter = Filter::default();
    filter.and("id = ?", [id.as_str().into()]);
    one(c, filter, "").await
}

/// The same, held until the write ends.
pub async fn lock(tx: &mut Tx, id: &TicketId) -> Result<Option<Ticket>> {
    let held = tx.engine().for_update();
    let mut filter = Filter::default();
    filter.and("id = ?", [id.as_str().into()]);
    one(tx, filter, held).await
}

async fn one(c: &mut AnyConnection, filter: Filter, held: &str) -> Result<Option<Ticket>> {
    let sql = format!("SELECT {COLUMNS} FROM tickets{}{held}", filter.sql());
    let found = filter.query(sql).fetch_optional(&mut *c).await?.as_ref().map(read).transpose()?;
    let mut tickets: Vec<Ticket> = found.into_iter().collect();
    fill(c, &mut tickets).await?;
    Ok(tickets.pop())
}

/// Takes a ticket out of all other queues: who passes it on says whose it is.
pub async fn leave_queues(tx: &mut Tx, ticket: &TicketId) -> Result<()> {
    sqlx::query("DELETE FROM ticket_queues WHERE ticket_id = $1").bind(ticket.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// Puts a ticket into another queue too.
pub async fn put_queue(tx: &mut Tx, ticket: &TicketId, queue: &Queue) -> Result<()> {
    sqlx::query(
        "INSERT INTO ticket_queues (ticket_id, area, group_id, address) VALUES ($1, $2, CAST($3 AS TEXT), $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(ticket.as_str())
    .bind(queue.area.as_str())
    .bind(queue.group_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(&queue.address)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Reads people in copy, mailboxes and other queues of tickets: three statements, however many there are.
pub(super) async fn fill(c: &mut AnyConnection, tickets: &mut [Ticket]) -> Result<()> {
    if tickets.is_empty() {
        return Ok(());
    }
    let ids = || tickets.iter().map(|ticket| Bound::from(ticket.id.as_str())).collect::<Vec<_>>();
    let mut filter = Filter::default();
    filter.and_in("ticket_id", ids());
    let sql = format!("SELECT ticket_id, email FROM ticket_copies{} ORDER BY email_fold", filter.sql());
    let copies = filter.query(sql).fetch_all(&mut *c).await?;
    let sql = format!("SELECT ticket_id, mailbox_id FROM ticket_mailboxes{} ORDER BY mailbox_id", filter.sql());
    let links = filter.query(sql).fetch_all(&mut *c).await?;
    let sql = format!("SELECT ticket_id, address, area, group_id FROM ticket_queues{} ORDER BY address", filter.sql());
    let queues = filter.query(sql).fetch_all(&mut *c).await?;
    for row in &copies {
        let of: TicketId = text(row, "ticket_id")?.into();
        if let Some(ticket) = tickets.iter_mut().find(|ticket| ticket.id == of) {
            ticket.cc.push(text(row, "email")?);
        }
    }
    for row in &links {
        let of: TicketId = text(row, "ticket_id")?.into();
        if let Some(ticket) = tickets.iter_mut().find(|ticket| ticket.id == of) {
            ticket.mailbox_ids.push(text(row, "mailbox_id")?.into());
        }
    }
    for row in &queues {
        let of: TicketId = text(row, "ticket_id")?.into();
        if let Some(ticket) = tickets.iter_mut().find(|ticket| ticket.id == of) {
            ticket.queues.push(Queue {
                address: text(row, "address")?,
                area: word(row, "area", Area::parse)?,
                group_id: get::<Option<String>>(row, "group_id")?.map(Into::into),
            });
        }
    }
    Ok(())
}

/// Tickets that were resolved before a moment and not confirmed, after one of them.
pub async fn resolved_before(
    c: &mut AnyConnection,
    before: Moment,
    after: Option<&TicketId>,
    most: i64,
) -> Result<Vec<TicketId>> {
    let rows = sqlx::query(
        "SELECT id FROM tickets WHERE state = 'resolved' AND resolved_at < $1 AND deleted_at IS NULL AND id > $2
         ORDER BY id LIMIT $3",
    )
    .bind(before.0)
    .bind(after.map_or("", TicketId::as_str))
    .bind(most)
    .fetch_all(c)
    .await?;
    rows.iter().map(|row| Ok(text(row, "id")?.into())).collect()
}

/// The ticket that goes on with that of a number and can be written to, held until the write ends.
pub async fn follower(tx: &mut Tx, number: &str) -> Result<Option<Ticket>> {
    let held = tx.engine().for_update();
    let mut filter = Filter::default();
    filter.and("follows = ?", [number.into()]).and(
        "state NOT IN ('closed', 'cancelled') AND deleted_at IS NULL
         AND id = (SELECT MAX(f.id) FROM tickets f WHERE f.follows = tickets.follows AND f.deleted_at IS NULL
         AND f.state NOT IN ('closed', 'cancelled'))",
        [],
    );
    one(tx, filter, held).await
}

/// How many active tickets each of these mailboxes is named in (L02).
pub async fn open_by_mailbox(c: &mut AnyConnection, mailboxes: &[MailboxId]) -> Result<Vec<(MailboxId, i64)>> {
    let mut filter = Filter::default();
    filter
        .and_in("m.mailbox_id", mailboxes.iter().map(|id| Bound::from(id.as_str())))
        .and("t.state NOT IN ('resolved', 'closed', 'cancelled') AND t.deleted_at IS NULL", []);
    let sql = format!(
        "SELECT m.mailbox_id, COUNT(*) AS count FROM ticket_mailboxes m JOIN tickets t ON t.id = m.ticket_id{} GROUP BY m.mailbox_id",
        filter.sql()
    );
    let rows = filter.query(sql).fetch_all(c).await?;
    rows.iter().map(|row| Ok((text(row, "mailbox_id")?.into(), get(row, "count")?))).collect()
}

/// The thing that was made under a key, with the hash of its body. None when there is none.
pub async fn made_under(
    c: &mut AnyConnection,
    person: &PersonId,
    route: &str,
    key: &str,
) -> Result<Option<(String, String)>> {
    let row =
        sqlx::query("SELECT body_hash, thing_id FROM idempotency WHERE person_id = $1 AND route = $2 AND key = $3")
            .bind(person.as_str())
            .bind(route)
            .bind(key)
            .fetch_optional(c)
            .await?;
    row.map(|row| Ok((text(&row, "body_hash")?, text(&row, "thing_id")?))).transpose()
}

/// Notes what is being made under a key. False when the key was used: whoever uses it at the same time has been waited for.
pub async fn make_under(
    tx: &mut Tx,
    person: &PersonId,
    (route, key, body_hash): (&str, &str, &str),
    thing: &str,
    now: Moment,
) -> Result<bool> {
    // One that is over counts no more; the others are thrown away in their time.
    sqlx::query("DELETE FROM idempotency WHERE person_id = $1 AND route = $2 AND key = $3 AND created_at < $4")
        .bind(person.as_str())
        .bind(route)
        .bind(key)
        .bind(now.0 - 24 * 3_600_000)
        .execute(&mut **tx)
        .await?;
    let done = sqlx::query(
        "INSERT INTO idempotency (person_id, route, key, body_hash, thing_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
    )
    .bind(person.as_str())
    .bind(route)
    .bind(key)
    .bind(body_hash)
    .bind(thing)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Throws away the keys from before a moment.
pub async fn forget_keys(tx: &mut Tx, before: Moment) -> Result<()> {
    sqlx::query("DELETE FROM idempotency WHERE created_at < $1").bind(before.0).execute(&mut **tx).await?;
    Ok(())
}
