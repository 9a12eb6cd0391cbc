//! In charge of the statements on the desk's own mailboxes (table `intake_mailboxes`). Cannot open any password.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::filter::Filter;
use super::row::{flag, get, moment, moment_or_none, text, word};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::IntakeMailboxId;
use crate::model::intake::{IntakeMail, IntakeMailbox};
use crate::model::mailbox::Status;
use crate::model::organization::Area;
use crate::model::page::{Page, Window};
use crate::model::server::{Security, Server};
use crate::model::ticket::Severity;
use crate::text::fold;

const COLUMNS: &str =
    "id, address, username, imap_host, imap_port, imap_security, area, group_id, default_severity, enabled, status,
    status_detail, last_checked_at, since, revision, created_at, authserv_id,
    plus_addresses";

fn read(row: &AnyRow) -> Result<IntakeMailbox> {
    Ok(IntakeMailbox {
        id: text(row, "id")?.into(),
        address: text(row, "address")?,
        username: text(row, "username")?,
        imap: Server {
            host: text(row, "imap_host")?,
            port: u16::try_from(get::<i64>(row, "imap_port")?).unwrap_or(993),
            security: word(row, "imap_security", Security::parse)?,
        },
        authserv_id: get(row, "authserv_id")?,
        plus_addresses: flag(row, "plus_addresses")?,
        area: word(row, "area", Area::parse)?,
        group_id: get::<Option<String>>(row, "group_id")?.map(Into::into),
        default_severity: word(row, "default_severity", Severity::parse)?,
        enabled: flag(row, "enabled")?,
        status: word(row, "status", Status::parse)?,
        status_detail: get(row, "status_detail")?,
        last_checked_at: moment_or_none(row, "last_checked_at")?,
        since: moment(row, "since")?,
        revision: get(row, "revision")?,
        created_at: moment(row, "created_at")?,
    })
}

/// Writes a new one with its sealed password. An address that is taken is a unique violation.
pub async fn insert(tx: &mut Tx, one: &IntakeMailbox, sealed: &[u8]) -> Result<()> {
    sqlx::query(
        "INSERT INTO intake_mailboxes (id, address, address_fold, username, imap_host, imap_port, imap_security, sealed_password,
         area, group_id, default_severity, enabled, status, since, revision, created_at, authserv_id, plus_addresses)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CAST($10 AS TEXT), $11, $12, $13, $14, $15, $16, CAST($17 AS TEXT), $18)",
    )
    .bind(one.id.as_str())
    .bind(&one.address)
    .bind(fold(&one.address))
    .bind(&one.username)
    .bind(&one.imap.host)
    .bind(i64::from(one.imap.port))
    .bind(one.imap.security.as_str())
    .bind(sealed)
    .bind(one.area.as_str())
    .bind(one.group_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(one.default_severity.as_str())
    .bind(i64::from(one.enabled))
    .bind(one.status.as_str())
    .bind(one.since.0)
    .bind(one.revision)
    .bind(one.created_at.0)
    .bind(one.authserv_id.as_deref())
    .bind(i64::from(one.plus_addresses))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes what people say of one, over what it was.
pub async fn update(tx: &mut Tx, one: &IntakeMailbox) -> Result<()> {
    sqlx::query(
        "UPDATE intake_mailboxes SET address = $2, address_fold = $3, username = $4, imap_host = $5, imap_port = $6,
         imap_security = $7, area = $8, group_id = CAST($9 AS TEXT), default_severity = $10, enabled = $11, status = $12,
         status_detail = CAST($13 AS TEXT), since = $14, revision = $15, authserv_id = CAST($16 AS TEXT),
         plus_addresses = $17 WHERE id = $1",
    )
    .bind(one.id.as_str())
    .bind(&one.address)
    .bind(fold(&one.address))
    .bind(&one.username)
    .bind(&one.imap.host)
    .bind(i64::from(one.imap.port))
    .bind(one.imap.security.as_str())
    .bind(one.area.as_str())
    .bind(one.group_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(one.default_severity.as_str())
    .bind(i64::from(one.enabled))
    .bind(one.status.as_str())
    .bind(one.status_detail.as_deref())
    .bind(one.since.0)
    .bind(one.revision)
    .bind(one.authserv_id.as_deref())
    .bind(i64::from(one.plus_addresses))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes a sealed password over the old one.
pub async fn put_password(tx: &mut Tx, id: &IntakeMailboxId, sealed: &[u8]) -> Result<()> {
    sqlx::query("UPDATE intake_mailboxes SET sealed_password = $2 WHERE id = $1")
        .bind(id.as_str())
        .bind(sealed)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Removes one; the mails that it has brought stay.
pub async fn delete(tx: &mut Tx, id: &IntakeMailboxId) -> Result<()> {
    sqlx::query("DELETE FROM intake_mailboxes WHERE id = $1").bind(id.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// One of them.
pub async fn find(c: &mut AnyConnection, id: &IntakeMailboxId) -> Result<Option<IntakeMailbox>> {
    let sql = format!("SELECT {COLUMNS} FROM intake_mailboxes WHERE id = $1");
    sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).fetch_optional(c).await?.as_ref().map(read).transpose()
}

/// The one to which a mail came; None when it is no longer the desk's.
pub async fn of_mail(c: &mut AnyConnection, mail: &IntakeMail) -> Result<Option<IntakeMailbox>> {
    match &mail.mailbox_id {
        Some(id) => find(c, id).await,
        None => Ok(None),
    }
}

/// One of them, locked until the write ends.
pub async fn lock(tx: &mut Tx, id: &IntakeMailboxId) -> Result<Option<IntakeMailbox>> {
    sqlx::query("UPDATE intake_mailboxes SET revision = revision WHERE id = $1")
        .bind(id.as_str())
        .execute(&mut **tx)
        .await?;
    find(tx, id).await
}

/// By address.
pub async fn list(c: &mut AnyConnection, window: &Window) -> Result<Page<IntakeMailbox>> {
    let mut filter = Filter::default();
    if let Some(after) = &window.after {
        filter.and("address_fold > ?", [after.text(0).unwrap_or("").into()]);
    }
    let sql =
        format!("SELECT {COLUMNS} FROM intake_mailboxes{} ORDER BY address_fold LIMIT {}", filter.sql(), window.ask());
    let rows = filter.query(sql).fetch_all(c).await?;
    let found = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(found, window, |last| vec![fold(&last.address)]))
}

/// How many of those that are read stand how.
pub async fn by_status(c: &mut AnyConnection) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT status, COUNT(*) AS many FROM intake_mailboxes WHERE enabled = 1 GROUP BY status ORDER BY status";
    let rows = sqlx::query(sql).fetch_all(c).await?;
    rows.iter().map(|row| Ok((text(row, "status")?, get(row, "many")?))).collect()
}

/// The addresses of all of them, folded: mail from one of these is our own.
pub async fn addresses(c: &mut AnyConnection) -> Result<Vec<String>> {
    let rows = sqlx::query("SELECT address_fold FROM intake_mailboxes ORDER BY address_fold").fetch_all(c).await?;
    rows.iter().map(|row| text(row, "address_fold")).collect()
}

/// Where answers to mail about an area go: the address of the first mailbox that takes in for it, and whether it takes addresses with
/// a plus.
pub async fn address_for(c: &mut AnyConnection, area: Area) -> Result<Option<(String, bool)>> {
    let sql = "SELECT address, plus_addresses FROM intake_mailboxes WHERE enabled = 1
               ORDER BY CASE WHEN area = $1 THEN 0 ELSE 1 END, created_at, id LIMIT 1";
    let row = sqlx::query(sql).bind(area.as_str()).fetch_optional(c).await?;
    row.map(|row| Ok((text(&row, "address")?, flag(&row, "plus_addresses")?))).transpose()
}

/// Those that this node may read now: enabled, not stopped, and in nobody else's hand; with their sealed passwords. From then
/// on they are this node's for `lease_ms` on the database's clock.
pub async fn claim(tx: &mut Tx, node: &str, lease_ms: i64) -> Result<Vec<(IntakeMailbox, Vec<u8>)>> {
    let now = tx.engine().now_expression();
    let stopped: Vec<String> = Status::ALL
        .iter()
        .filter(|status| status.is_stopped())
        .map(|status| format!("'{}'", status.as_str()))
        .collect();
    let sql = format!(
        "UPDATE intake_mailboxes SET node = $1, lease_until = {now} + $2
         WHERE enabled = 1 AND status NOT IN ({}) AND (node = $1 OR lease_until IS NULL OR lease_until < {now})
         RETURNING {COLUMNS}, sealed_password",
        stopped.join(", ")
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(node).bind(lease_ms).fetch_all(&mut **tx).await?;
    rows.iter().map(|row| Ok((read(row)?, get(row, "sealed_password")?))).collect()
}

/// Has whoever reads one begin a new session, which looks at all that there is.
pub async fn begin_anew(tx: &mut Tx, id: &IntakeMailboxId) -> Result<()> {
    sqlx::query("UPDATE intake_mailboxes SET revision = revision + 1 WHERE id = $1")
        .bind(id.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Gives back what a node reads, or whoever: it has stopped.
pub async fn give_back(tx: &mut Tx, node: Option<&str>) -> Result<()> {
    let mut filter = Filter::default();
    if let Some(node) = node {
        filter.and("node = ?", [node.into()]);
    }
    let sql = format!("UPDATE intake_mailboxes SET node = NULL, lease_until = NULL{}", filter.sql());
    filter.query(sql).execute(&mut **tx).await?;
    Ok(())
}

/// Writes how one stands, unless it was changed since this revision.
pub async fn set_status(
    tx: &mut Tx,
    one: &IntakeMailbox,
    status: Status,
    detail: Option<&str>,
    now: Moment,
) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE intake_mailboxes SET status = $3, status_detail = CAST($4 AS TEXT), last_checked_at = $5
         WHERE id = $1 AND revision = $2",
    )
    .bind(one.id.as_str())
    .bind(one.revision)
    .bind(status.as_str())
    .bind(detail)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
