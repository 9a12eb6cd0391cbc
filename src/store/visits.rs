//! In charge of the statements on visits (table `visits`): who may make which visit, until when, and how it went.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::filter::{Bound, Filter};
use super::row::{get, text};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::{MailboxId, OrganizationId, RunId, VisitId};
use crate::model::job::{Outcome, Visit};
use crate::model::mailbox::Status;

/// Which mailboxes get a visit, and when.
#[derive(Debug, Clone)]
pub struct Enqueue {
    /// These only.
    pub only: Option<Vec<MailboxId>>,
    /// Those of these bodies only.
    pub within: Option<Vec<OrganizationId>>,
    pub when: When,
}

/// When visits are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Now, before all others: a person has asked.
    Now(Moment),
    /// In a slot that begins at a moment, each at its own place of the milliseconds over which the slot is spread. Mailboxes
    /// that wait after faults are left out.
    Slot(Moment, i64),
}

impl Enqueue {
    fn is_urgent(&self) -> bool {
        matches!(self.when, When::Now(_))
    }
}

/// Puts a visit in line for every mailbox wanted that may be tried and has none in line. Returns how many.
pub async fn enqueue(tx: &mut Tx, run: &RunId, wanted: &Enqueue, now: Moment) -> Result<u64> {
    let tried = Status::ALL.iter().filter(|status| !status.is_stopped()).map(|status| Bound::from(status.as_str()));
    let mut filter = Filter::default();
    filter.and_in("status", tried);
    if let Some(ids) = &wanted.only {
        filter.and_in("id", ids.iter().map(|id| Bound::from(id.as_str())));
    }
    if let Some(ids) = &wanted.within {
        filter.and_in("organization_id", ids.iter().map(|id| Bound::from(id.as_str())));
    }
    let due = match wanted.when {
        When::Now(now) => now.0.to_string(),
        When::Slot(slot, spread_ms) => {
            filter.and("(next_try_at IS NULL OR next_try_at <= ?)", [slot.0.into()]);
            format!("{} + spread * {spread_ms} / 1000", slot.0)
        }
    };
    // A visit's id is its run's and its mailbox's: each run visits a mailbox once.
    let sql = format!(
        "INSERT INTO visits (id, run_id, mailbox_id, server, state, urgent, fence, created_at, due_at)
         SELECT '{run}-' || id, '{run}', id, imap_host || ':' || CAST(imap_port AS TEXT), 'due', {urgent}, 0, {now}, {due}
         FROM mailboxes{} ORDER BY id{held} ON CONFLICT DO NOTHING",
        filter.sql(),
        // One that is being removed is waited for, and left out.
        held = tx.engine().for_key_share(),
        run = run.as_str(),
        urgent = i64::from(wanted.is_urgent()),
        now = now.0,
    );
    Ok(filter.query(sql).execute(&mut **tx).await?.rows_affected())
}

/// Makes the visits that stand in line for the mailboxes wanted part of this run, due now: who asks sees them in the run that
/// was begun for it, and none is doubled.
pub async fn adopt(tx: &mut Tx, run: &RunId, wanted: &Enqueue, now: Moment) -> Result<()> {
    let mut filter = Filter::default();
    filter.and("state = 'due'", []);
    if let Some(ids) = &wanted.only {
        filter.and_in("mailbox_id", ids.iter().map(|id| Bound::from(id.as_str())));
    }
    if let Some(ids) = &wanted.within {
        let ids = ids.iter().map(|id| Bound::from(id.as_str()));
        filter.and_list("mailbox_id IN (SELECT id FROM mailboxes WHERE organization_id IN (?))", ids);
    }
    let sql = format!("UPDATE visits SET run_id = '{}', urgent = 1, due_at = {}{}", run.as_str(), now.0, filter.sql());
    filter.query(sql).execute(&mut **tx).await?;
    Ok(())
}

/// How much a claimer may take.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'n> {
    pub node: &'n str,
    /// Visits that are due by this moment.
    pub now: Moment,
    pub most: usize,
    /// At once to one host:port over all nodes; 0 is no cap.
    pub per_server: i64,
    /// How long the claim holds on the database's clock without being renewed, in milliseconds.
    pub lease_ms: i64,
}

/// Takes the next visits that are due; never two of one mailbox at once, nor one of a mailbox that a person is reading. The
/// caller stands in line first.
pub async fn claim(tx: &mut Tx, wanted: &Claim<'_>) -> Result<Vec<Visit>> {
    let now = tx.engine().now_expression();
    let is_free = format!(
        "NOT EXISTS (SELECT 1 FROM visits r WHERE r.mailbox_id = v.mailbox_id AND r.state = 'running' AND r.lease_until >= {now})
         AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.mailbox_id = v.mailbox_id AND t.lease_until >= {now})"
    );
    let next = match wanted.per_server {
        // The head of the line, as the index has it.
        0 => format!(
            "SELECT v.id FROM visits v WHERE v.state = 'due' AND v.due_at <= $3 AND $4 = 0 AND {is_free}
             ORDER BY v.urgent DESC, v.due_at, v.id LIMIT $5"
        ),
        _ => format!(
            "SELECT line.id FROM (
                 SELECT v.id, v.server, v.urgent, v.due_at,
                        ROW_NUMBER() OVER (PARTITION BY v.server ORDER BY v.urgent DESC, v.due_at, v.id) AS place
                 FROM visits v WHERE v.state = 'due' AND v.due_at <= $3 AND {is_free}
             ) line LEFT JOIN (
                 SELECT server, COUNT(*) AS taken FROM visits WHERE state = 'running' AND lease_until >= {now} GROUP BY server
             ) busy ON busy.server = line.server
             WHERE line.place + COALESCE(busy.taken, 0) <= $4
             ORDER BY line.urgent DESC, line.due_at, line.id LIMIT $5"
        ),
    };
    let sql = format!(
        "UPDATE visits SET state = 'running', node = $1, fence = fence + 1, started_at = {now}, lease_until = {now} + $2
         WHERE id IN ({next}) AND state = 'due' RETURNING id, mailbox_id, fence"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(wanted.node)
        .bind(wanted.lease_ms)
        .bind(wanted.now.0)
        .bind(wanted.per_server)
        .bind(i64::try_from(wanted.most).unwrap_or(i64::MAX))
        .fetch_all(&mut **tx)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Visit {
                id: text(row, "id")?.into(),
                mailbox_id: text(row, "mailbox_id")?.into(),
                fence: get(row, "fence")?,
            })
        })
        .collect()
}

/// Makes everybody who decides on logins wait their turn, so that what one has decided is seen by the next, over all nodes.
/// SQLite's one writer does so already.
pub async fn stand_in_line(tx: &mut Tx) -> Result<()> {
    sqlx::query("UPDATE counters SET value = value + 1 WHERE name = 'claims'").execute(&mut **tx).await?;
    Ok(())
}

/// Holds visits longer: those of them that are still this node's.
pub async fn renew(tx: &mut Tx, node: &str, ids: &[VisitId], lease_ms: i64) -> Result<u64> {
    let now = tx.engine().now_expression();
    let mut filter = Filter::default();
    filter.and("node = ? AND state = 'running'", [node.into()]);
    filter.and_in("id", ids.iter().map(|id| Bound::from(id.as_str())));
    let sql = format!("UPDATE visits SET lease_until = {now} + {lease_ms}{}", filter.sql());
    Ok(filter.query(sql).execute(&mut **tx).await?.rows_affected())
}

/// A visit that has ended, and how.
#[derive(Debug, Clone)]
pub struct Ended<'v> {
    pub visit: &'v Visit,
    pub outcome: Outcome,
    pub detail: &'v str,
}

/// Ends visits. Returns those that were still their holder's: of the others nothing that was seen may be written.
pub async fn finish(tx: &mut Tx, ended: &[Ended<'_>]) -> Result<Vec<VisitId>> {
    let now = tx.engine().now_expression();
    let mut filter = Filter::default();
    let rows = ended.iter().map(|one| {
        let values =
            [one.visit.id.as_str().into(), one.visit.fence.into(), one.outcome.as_str().into(), one.detail.into()];
        format!("({})", filter.bind(values))
    });
    let rows = rows.collect::<Vec<_>>().join(", ");
    let sql = format!(
        "WITH ended (id, fence, outcome, detail) AS (VALUES {rows})
         UPDATE visits SET state = 'done', finished_at = {now}, outcome = ended.outcome, detail = ended.detail, lease_until = NULL
         FROM ended WHERE visits.id = ended.id AND visits.fence = ended.fence AND visits.state = 'running'
         RETURNING visits.id AS id"
    );
    filter.query(sql).fetch_all(&mut **tx).await?.iter().map(|row| Ok(text(row, "id")?.into())).collect()
}

/// Whose visits are given back to the line.
#[derive(Debug, Clone, Copy)]
pub enum InHandOf<'n> {
    /// A node that stops.
    Node(&'n str),
    /// Nodes that have not renewed their leases in time: they are taken for dead. What one has in its own hand is not theirs.
    TheDead { but: &'n [VisitId] },
    /// All: a start on SQLite, where there is one node.
    Anybody,
}

/// Gives visits that somebody has in hand back to the line. One whose mailbox has another in line already is ended: the other
/// stands for it.
pub async fn hand_back(tx: &mut Tx, whose: InHandOf<'_>) -> Result<u64> {
    let now = tx.engine().now_expression();
    let mut filter = Filter::default();
    filter.and("state = 'running'", []);
    match whose {
        InHandOf::Node(node) => drop(filter.and("node = ?", [node.into()])),
        InHandOf::TheDead { but } => {
            filter.and(&format!("lease_until < {now}"), []);
            if !but.is_empty() {
                filter.and_list("id NOT IN (?)", but.iter().map(|id| Bound::from(id.as_str())));
            }
        }
        InHandOf::Anybody => {}
    }
    let doubled = "EXISTS (SELECT 1 FROM visits o WHERE o.mailbox_id = visits.mailbox_id AND (o.state = 'due' OR (o.state = 'running' AND o.id < visits.id)))";
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

/// A visit that did not go well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    pub mailbox_id: MailboxId,
    pub address: String,
    pub detail: String,
}

/// The visits of a run that did not go well, by address.
pub async fn failed(c: &mut AnyConnection, run: &RunId) -> Result<Vec<Failed>> {
    let rows = sqlx::query(
        "SELECT m.id AS id, m.address AS address, v.detail AS detail FROM visits v JOIN mailboxes m ON m.id = v.mailbox_id
         WHERE v.run_id = $1 AND v.outcome = 'failed' ORDER BY m.address",
    )
    .bind(run.as_str())
    .fetch_all(c)
    .await?;
    let failed = |row| {
        let detail = get::<Option<String>>(row, "detail")?.unwrap_or_default();
        Ok(Failed { mailbox_id: text(row, "id")?.into(), address: text(row, "address")?, detail })
    };
    rows.iter().map(failed).collect()
}

/// Those of some mailboxes that are being visited now, or are next because somebody asked.
pub async fn in_hand(c: &mut AnyConnection, ids: impl Iterator<Item = &MailboxId>) -> Result<Vec<MailboxId>> {
    let mut filter = Filter::default();
    filter.and("state <> 'done'", []).and("(state = 'running' OR urgent = 1)", []);
    filter.and_in("mailbox_id", ids.map(|id| id.as_str().into()));
    let rows = filter.query(format!("SELECT DISTINCT mailbox_id FROM visits{}", filter.sql())).fetch_all(c).await?;
    rows.iter().map(|row| Ok(text(row, "mailbox_id")?.into())).collect()
}

/// True when there is a visit that somebody could claim.
pub async fn any_due(c: &mut AnyConnection, now: Moment) -> Result<bool> {
    let row = sqlx::query("SELECT 1 FROM visits WHERE state = 'due' AND due_at <= $1 LIMIT 1").bind(now.0);
    Ok(row.fetch_optional(c).await?.is_some())
}

/// True when a visit is in the hand of a node that has not renewed its lease in time.
pub async fn any_of_the_dead(c: &mut AnyConnection, engine: super::Engine) -> Result<bool> {
    let now = engine.now_expression();
    let sql = format!("SELECT 1 FROM visits WHERE state = 'running' AND lease_until < {now} LIMIT 1");
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
