//! In charge of the statements on rules that say where a request goes (table `routing_rules`), and on the past requests on which one
//! is tried.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::row::{flag, get, list, text, word, words};
use super::{Result, Tx, tickets};
use crate::clock::Moment;
use crate::model::id::RoutingRuleId;
use crate::model::organization::Area;
use crate::model::routing::{Conditions, Occasion, Placement, RoutingRule};
use crate::model::ticket::{Channel, Severity, Ticket};
use crate::text::fold;

const COLUMNS: &str =
    "id, name, position, active, occasion, area, channel, severity, organization_id, mailbox_id, words,
    to_group_id, to_assignee_id, to_level, to_severity, to_tags";

fn read(row: &AnyRow) -> Result<RoutingRule> {
    let optional = |column: &str| get::<Option<String>>(row, column);
    let any = |word: &str| Some(word.to_string());
    Ok(RoutingRule {
        id: text(row, "id")?.into(),
        name: text(row, "name")?,
        position: get(row, "position")?,
        active: flag(row, "active")?,
        occasion: word(row, "occasion", Occasion::parse)?,
        when: Conditions {
            area: optional("area")?.as_deref().and_then(Area::parse),
            channel: optional("channel")?.as_deref().and_then(Channel::parse),
            severity: optional("severity")?.as_deref().and_then(Severity::parse),
            organization_id: optional("organization_id")?.map(Into::into),
            mailbox_id: optional("mailbox_id")?.map(Into::into),
            words: words(row, "words", any)?,
        },
        then: Placement {
            group_id: optional("to_group_id")?.map(Into::into),
            assignee_id: optional("to_assignee_id")?.map(Into::into),
            level: get(row, "to_level")?,
            severity: optional("to_severity")?.as_deref().and_then(Severity::parse),
            tags: words(row, "to_tags", any)?,
        },
    })
}

/// Writes a rule, new or over what it was. A name that is taken is a unique violation.
pub async fn put(tx: &mut Tx, rule: &RoutingRule, now: Moment) -> Result<()> {
    let (when, then) = (&rule.when, &rule.then);
    sqlx::query(
        "INSERT INTO routing_rules (id, name, name_fold, position, active, occasion, area, channel, severity, organization_id,
             mailbox_id, words, to_group_id, to_assignee_id, to_level, to_severity, to_tags, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, CAST($7 AS TEXT), CAST($8 AS TEXT), CAST($9 AS TEXT), CAST($10 AS TEXT), CAST($11 AS TEXT),
             $12, CAST($13 AS TEXT), CAST($14 AS TEXT), CAST($15 AS BIGINT), CAST($16 AS TEXT), $17, $18)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_fold = excluded.name_fold, position = excluded.position,
             active = excluded.active, occasion = excluded.occasion, area = excluded.area, channel = excluded.channel,
             severity = excluded.severity, organization_id = excluded.organization_id, mailbox_id = excluded.mailbox_id,
             words = excluded.words, to_group_id = excluded.to_group_id, to_assignee_id = excluded.to_assignee_id,
             to_level = excluded.to_level, to_severity = excluded.to_severity, to_tags = excluded.to_tags",
    )
    .bind(rule.id.as_str())
    .bind(&rule.name)
    .bind(fold(&rule.name))
    .bind(rule.position)
    .bind(i64::from(rule.active))
    .bind(rule.occasion.as_str())
    .bind(when.area.map(Area::as_str))
    .bind(when.channel.map(Channel::as_str))
    .bind(when.severity.map(Severity::as_str))
    .bind(when.organization_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(when.mailbox_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(list(when.words.iter().map(String::as_str)))
    .bind(then.group_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(then.assignee_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(then.level)
    .bind(then.severity.map(Severity::as_str))
    .bind(list(then.tags.iter().map(String::as_str)))
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes one.
pub async fn delete(tx: &mut Tx, id: &RoutingRuleId) -> Result<()> {
    sqlx::query("DELETE FROM routing_rules WHERE id = $1").bind(id.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// One rule.
pub async fn find(c: &mut AnyConnection, id: &RoutingRuleId) -> Result<Option<RoutingRule>> {
    one(c, id, "").await
}

/// The same, held until the write ends.
pub async fn lock(tx: &mut Tx, id: &RoutingRuleId) -> Result<Option<RoutingRule>> {
    let held = tx.engine().for_update();
    one(tx, id, held).await
}

async fn one(c: &mut AnyConnection, id: &RoutingRuleId, held: &str) -> Result<Option<RoutingRule>> {
    let sql = format!("SELECT {COLUMNS} FROM routing_rules WHERE id = $1{held}");
    let row = sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).fetch_optional(c).await?;
    row.as_ref().map(read).transpose()
}

/// Every rule, in the order in which they are asked: those of new requests first.
pub async fn all(c: &mut AnyConnection) -> Result<Vec<RoutingRule>> {
    let sql = format!("SELECT {COLUMNS} FROM routing_rules ORDER BY occasion, position, name_fold");
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(c).await?;
    rows.iter().map(read).collect()
}

/// Those that are asked on an occasion, in their order.
pub async fn asked(c: &mut AnyConnection, occasion: Occasion) -> Result<Vec<RoutingRule>> {
    let sql =
        format!("SELECT {COLUMNS} FROM routing_rules WHERE occasion = $1 AND active = 1 ORDER BY position, name_fold");
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(occasion.as_str()).fetch_all(c).await?;
    rows.iter().map(read).collect()
}

/// A request of the past, with what it first said, and whether it has missed a deadline.
#[derive(Debug, Clone)]
pub struct Past {
    pub ticket: Ticket,
    pub body: String,
    pub was_overdue: bool,
}

/// The newest requests, the newest first.
pub async fn past(c: &mut AnyConnection, most: usize) -> Result<Vec<Past>> {
    let sql = format!(
        "SELECT {}, (SELECT body FROM ticket_messages WHERE ticket_id = tickets.id AND kind = 'public' ORDER BY id LIMIT 1) AS body,
             CAST(CASE WHEN EXISTS (SELECT 1 FROM ticket_warnings WHERE ticket_id = tickets.id AND percent >= 100)
                 THEN 1 ELSE 0 END AS BIGINT) AS was_overdue
         FROM tickets WHERE deleted_at IS NULL AND merged_into IS NULL ORDER BY id DESC LIMIT {most}",
        tickets::COLUMNS
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *c).await?;
    let mut found: Vec<Ticket> = rows.iter().map(tickets::read).collect::<Result<_>>()?;
    tickets::fill(c, &mut found).await?;
    let past = found.into_iter().zip(&rows).map(|(ticket, row)| {
        let body = get::<Option<String>>(row, "body")?.unwrap_or_default();
        Ok(Past { ticket, body, was_overdue: flag(row, "was_overdue")? })
    });
    past.collect()
}
