//! In charge of the statements on visits (table `visits`): who may make which visit, until when, and how it went.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::filter::{Bound, Filter};
use super::row::{get, text};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::{MailboxId, OrganizationId, RunId};
use crate::model::job::{Outcome, Visit};
use crate::model::mailbox::Status;

/// Which mailboxes get a visit.
#[derive(Debug, Clone, Default)]
pub struct Enqueue<'m> {
    /// This one only.
    pub only: Option<&'m MailboxId>,
    /// Those of these bodies only.
    pub within: Option<Vec<OrganizationId>>,
    /// Asked for by a person: they go first.
    pub urgent: bool,
}

/// Puts a visit in line for every mailbox wanted that may be tried and has none in line. Returns how many.
pub async fn enqueue(tx: &mut Tx, run: &RunId, wanted: &Enqueue<'_>, now: Moment) -> Result<u64> {
    let tried = Status::ALL.iter().filter(|status| !status.is_stopped()).map(|status| Bound::from(status.as_str()));
    let mut filter = Filter::default();
    filter.and_in("status", tried);
    if let Some(id) = wanted.only {
        filter.and("id = ?", [id.as_str().into()]);
    }
    if let Some(ids) = &wanted.within {
        filter.and_in("organization_id", ids.iter().map(|id| Bound::from(id.as_str())));
    }
    // A visit's id is its run's and its mailbox's: each run visits a mailbox once.
    let sql = format!(
        "INSERT INTO visits (id, run_id, mailbox_id, server, state, urgent, fence, created_at)
         SELECT '{run}-' || id, '{run}', id, imap_host || ':' || CAST(imap_port AS TEXT), 'due', {urgent}, 0, {now}
         FROM mailboxes{} ORDER BY id ON CONFLICT DO NOTHING",
        filter.sql(),
        run = run.as_str(),
        urgent = i64::from(wanted.urgent),
        now = now.0,
    );
    Ok(filter.query(sql).execute(&mut **tx).await?.rows_affected())
}

/// Lets the visits in line of the mailboxes wanted go first.
pub async fn hurry(tx: &mut Tx, wanted: &Enqueue<'_>) -> Result<()> {
    let mut filter = Filter::default();
    filter.and("state = 'due' AND urgent = 0", []);
    if let Some(id) = wanted.only {
        filter.and("mailbox_id = ?", [id.as_str().into()]);
    }
    if let Some(ids) = &wanted.within {
        let marks = vec!["?"; ids.len().max(1)].join(", ");
        let ids =
            if ids.is_empty() { vec!["".into()] } else { ids.iter().map(|id| Bound::from(id.as_str())).collect() };
        filter.and(&format!("mailbox_id IN (SELECT id FROM mailboxes WHERE organization_id IN ({marks}))"), ids);
    }
    filter.query(format!("UPDATE visits SET urgent = 1{}", filter.sql())).execute(&mut **tx).await?;
    Ok(())
}

/// Takes the next visit: due, or held by a node whose lease has ended; never two of one mailbox at once. At most `per_server` run at once to one host:port over
/// all nodes (0 is no cap). The lease lasts `lease_ms` on the database's clock.
pub async fn claim(tx: &mut Tx, node: &str, per_server: i64, lease_ms: i64) -> Result<Option<Visit>> {
    let engine = tx.engine();
    let now = engine.now_expression();
    let sql = format!(
        "UPDATE visits SET state = 'running', node = $1, fence = fence + 1, started_at = {now}, lease_until = {now} + $2
         WHERE id = (SELECT v.id FROM visits v
                     WHERE (v.state = 'due' OR (v.state = 'running' AND v.lease_until < {now}))
                     AND NOT EXISTS (SELECT 1 FROM visits o WHERE o.mailbox_id = v.mailbox_id AND o.id <> v.id
                                     AND o.state = 'running' AND o.lease_until >= {now})
                     AND ($3 = 0 OR (SELECT COUNT(*) FROM visits r
                                     WHERE r.server = v.server AND r.state = 'running' AND r.lease_until >= {now}) < $3)
                     ORDER BY v.urgent DESC, v.created_at, v.id LIMIT 1{skip})
         RETURNING id, mailbox_id, fence",
        skip = engine.skip_locked(),
    );
    let row =
        sqlx::query(AssertSqlSafe(sql)).bind(node).bind(lease_ms).bind(per_server).fetch_optional(&mut **tx).await?;
    row.map(|row| {
        Ok(Visit {
            id: text(&row, "id")?.into(),
            mailbox_id: text(&row, "mailbox_id")?.into(),
            fence: get(&row, "fence")?,
        })
    })
    .transpose()
}

/// Makes every claimer wait its turn, so that the cap for each server holds over all nodes. SQLite's one writer does so already.
pub async fn stand_in_line(tx: &mut Tx) -> Result<()> {
    sqlx::query("UPDATE counters SET value = value + 1 WHERE name = 'claims'").execute(&mut **tx).await?;
    Ok(())
}

/// Holds a visit longer. False when it is no longer this holder's.
pub async fn renew(tx: &mut Tx, visit: &Visit, lease_ms: i64) -> Result<bool> {
    let now = tx.engine().now_expression();
    let sql = format!("UPDATE visits SET lease_until = {now} + $3 WHERE id = $1 AND fence = $2 AND state = 'running'");
    let done = sqlx::query(AssertSqlSafe(sql))
        .bind(visit.id.as_str())
        .bind(visit.fence)
        .bind(lease_ms)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a visit. False when it is no longer this holder's: then nothing that it saw may be written.
pub async fn finish(tx: &mut Tx, visit: &Visit, outcome: Outcome, detail: &str) -> Result<bool> {
    let now = tx.engine().now_expression();
    let sql = format!(
        "UPDATE visits SET state = 'done', finished_at = {now}, outcome = $3, detail = $4, lease_until = NULL
         WHERE id = $1 AND fence = $2 AND state = 'running'"
    );
    let done = sqlx::query(AssertSqlSafe(sql))
        .bind(visit.id.as_str())
        .bind(visit.fence)
        .bind(outcome.as_str())
        .bind(detail)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives the visits in a node's hands back to the line; all nodes' when none is named (a start on SQLite, where there is one).
/// One whose mailbox has another in line already is ended: the other stands for it.
pub async fn hand_back(tx: &mut Tx, node: Option<&str>) -> Result<u64> {
    let now = tx.engine().now_expression();
    let mut filter = Filter::default();
    filter.and("state = 'running'", []);
    if let Some(node) = node {
        filter.and("node = ?", [node.into()]);
    }
    let doubled = "EXISTS (SELECT 1 FROM visits o WHERE o.mailbox_id = visits.mailbox_id AND o.state = 'due')";
    let sql = format!(
        "UPDATE visits SET state = 'done', outcome = 'failed', detail = 'handed back', finished_at = {now}, lease_until = NULL{} AND {doubled}",
        filter.sql()
    );
    filter.query(sql).execute(&mut **tx).await?;
    let sql = format!("UPDATE visits SET state = 'due', node = NULL, lease_until = NULL{}", filter.sql());
    Ok(filter.query(sql).execute(&mut **tx).await?.rows_affected())
}

/// True while a visit of this mailbox is in line or being made.
pub async fn is_open(c: &mut AnyConnection, mailbox: &MailboxId) -> Result<bool> {
    let row = sqlx::query("SELECT 1 FROM visits WHERE mailbox_id = $1 AND state <> 'done'")
        .bind(mailbox.as_str())
        .fetch_optional(c)
        .await?;
    Ok(row.is_some())
}

/// True when there is a visit that somebody could claim.
pub async fn any_due(c: &mut AnyConnection, engine: super::Engine) -> Result<bool> {
    let now = engine.now_expression();
    let sql =
        format!("SELECT 1 FROM visits WHERE state = 'due' OR (state = 'running' AND lease_until < {now}) LIMIT 1");
    Ok(sqlx::query(AssertSqlSafe(sql)).fetch_optional(c).await?.is_some())
}

/// How many visits stand in line, and how many are being made.
pub async fn queue(c: &mut AnyConnection) -> Result<(i64, i64)> {
    let row = sqlx::query(
        "SELECT COUNT(*) FILTER (WHERE state = 'due') AS due, COUNT(*) FILTER (WHERE state = 'running') AS running
         FROM visits WHERE state <> 'done'",
    )
    .fetch_one(c)
    .await?;
    Ok((get(&row, "due")?, get(&row, "running")?))
}
