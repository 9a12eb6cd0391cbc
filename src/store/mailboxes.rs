//! In charge of the statements on watched mailboxes (table `mailboxes`), but for lists of them: those are in `mailbox_list.rs`.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::filter::Filter;
use super::row::{get, moment, moment_or_none, text, word};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::{MailboxId, OrganizationId};
use crate::model::mailbox::{Authorization, Card, Facts, Mailbox, Status};
use crate::model::server::{Security, Server};
use crate::text::fold;

pub(super) const COLUMNS: &str = "id, address, username, description, group_label, organization_id, holder_tax_code,
    authorization_holder, authorization_date, imap_host, imap_port, imap_security, smtp_host, smtp_port, smtp_security,
    status, status_since, status_detail, suspended_from, failures, uid_validity, uid_next, new_from, new_before, new_messages,
    unread_messages, total_messages, quota_used, quota_limit, last_message_at, last_checked_at, last_success_at,
    next_try_at, created_at";

pub(super) fn read(row: &AnyRow) -> Result<Mailbox> {
    Ok(Mailbox {
        id: text(row, "id")?.into(),
        card: Card {
            address: text(row, "address")?,
            username: text(row, "username")?,
            description: get(row, "description")?,
            group: get(row, "group_label")?,
            organization_id: get::<Option<String>>(row, "organization_id")?.map(Into::into),
            holder_tax_code: get(row, "holder_tax_code")?,
            authorization: Authorization {
                holder: text(row, "authorization_holder")?,
                date: text(row, "authorization_date")?,
            },
            imap: read_imap(row)?,
            smtp: match get::<Option<String>>(row, "smtp_host")? {
                None => None,
                Some(host) => Some(Server {
                    host,
                    port: port(get(row, "smtp_port")?)?,
                    security: word(row, "smtp_security", Security::parse)?,
                }),
            },
        },
        facts: Facts {
            status: word(row, "status", Status::parse)?,
            status_since: moment(row, "status_since")?,
            status_detail: get(row, "status_detail")?,
            suspended_from: get::<Option<String>>(row, "suspended_from")?.as_deref().and_then(Status::parse),
            failures: get(row, "failures")?,
            uid_validity: get(row, "uid_validity")?,
            uid_next: get(row, "uid_next")?,
            new_from: get(row, "new_from")?,
            new_before: get(row, "new_before")?,
            new_messages: get(row, "new_messages")?,
            unread_messages: get(row, "unread_messages")?,
            total_messages: get(row, "total_messages")?,
            quota_used: get(row, "quota_used")?,
            quota_limit: get(row, "quota_limit")?,
            last_message_at: moment_or_none(row, "last_message_at")?,
            last_checked_at: moment_or_none(row, "last_checked_at")?,
            last_success_at: moment_or_none(row, "last_success_at")?,
            next_try_at: moment_or_none(row, "next_try_at")?,
        },
        created_at: moment(row, "created_at")?,
    })
}

fn read_imap(row: &AnyRow) -> Result<Server> {
    Ok(Server {
        host: text(row, "imap_host")?,
        port: port(get(row, "imap_port")?)?,
        security: word(row, "imap_security", Security::parse)?,
    })
}

fn port(number: i64) -> Result<u16> {
    u16::try_from(number).map_err(|fault| sqlx::Error::Decode(fault.into()))
}

/// All that a search looks into, folded.
fn searched(card: &Card) -> String {
    let authorization = &card.authorization.holder;
    let parts = [
        Some(&card.address),
        card.description.as_ref(),
        card.holder_tax_code.as_ref(),
        Some(authorization),
        card.group.as_ref(),
    ];
    fold(&parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" "))
}

/// Says that mailboxes have changed: the counter that consoles compare theirs with grows. Its row is locked until the write
/// ends, so values become visible in the order in which they were given.
pub async fn say_changed(tx: &mut Tx) -> Result<()> {
    sqlx::query("UPDATE counters SET value = value + 1 WHERE name = 'mailboxes'").execute(&mut **tx).await?;
    Ok(())
}

/// Writes a new mailbox. An address that is taken is a unique violation.
pub async fn insert(tx: &mut Tx, mailbox: &Mailbox) -> Result<()> {
    sqlx::query(
        "INSERT INTO mailboxes (id, address, address_fold, username, authorization_holder, authorization_date, imap_host, imap_port,
         imap_security, name_fold, search_fold, status, status_since, failures, new_before, new_messages, unread_messages,
         total_messages, spread, created_at, updated_at)
         VALUES ($1, $2, $3, '', '', '', '', 0, '', '', '', $4, $5, 0, 0, 0, 0, 0, $6, $7, $7)",
    )
    .bind(mailbox.id.as_str())
    .bind(&mailbox.card.address)
    .bind(fold(&mailbox.card.address))
    .bind(mailbox.facts.status.as_str())
    .bind(mailbox.facts.status_since.0)
    .bind(mailbox.id.spread())
    .bind(mailbox.created_at.0)
    .execute(&mut **tx)
    .await?;
    set_card(tx, &mailbox.id, &mailbox.card, mailbox.created_at).await?;
    set_facts(tx, &mailbox.id, &mailbox.facts).await
}

/// Writes what a person says of a mailbox over what was said before.
pub async fn set_card(tx: &mut Tx, id: &MailboxId, card: &Card, now: Moment) -> Result<()> {
    say_changed(tx).await?;
    sqlx::query(
        "UPDATE mailboxes SET address = $2, address_fold = $3, username = $4, description = $5, group_label = $6,
         organization_id = $7, holder_tax_code = $8, authorization_holder = $9, authorization_date = $10, imap_host = $11,
         imap_port = $12, imap_security = $13, smtp_host = $14, smtp_port = $15, smtp_security = $16, name_fold = $17,
         search_fold = $18, updated_at = $19 WHERE id = $1",
    )
    .bind(id.as_str())
    .bind(&card.address)
    .bind(fold(&card.address))
    .bind(&card.username)
    .bind(&card.description)
    .bind(&card.group)
    .bind(card.organization_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(&card.holder_tax_code)
    .bind(&card.authorization.holder)
    .bind(&card.authorization.date)
    .bind(&card.imap.host)
    .bind(i64::from(card.imap.port))
    .bind(card.imap.security.as_str())
    .bind(card.smtp.as_ref().map(|smtp| smtp.host.clone()))
    .bind(card.smtp.as_ref().map(|smtp| i64::from(smtp.port)))
    .bind(card.smtp.as_ref().map(|smtp| smtp.security.as_str().to_string()))
    .bind(fold(card.description.as_deref().unwrap_or(&card.address)))
    .bind(searched(card))
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes what a visit has seen of a mailbox, or what a person's act made of its status.
pub async fn set_facts(tx: &mut Tx, id: &MailboxId, facts: &Facts) -> Result<()> {
    say_changed(tx).await?;
    sqlx::query(
        "UPDATE mailboxes SET status = $2, status_since = $3, status_detail = $4, failures = $5, uid_validity = $6, uid_next = $7,
         new_from = $8, new_before = $9, new_messages = $10, unread_messages = $11, total_messages = $12, quota_used = $13,
         quota_limit = $14, last_message_at = $15, last_checked_at = $16, last_success_at = $17, suspended_from = $18, next_try_at = $19 WHERE id = $1",
    )
    .bind(id.as_str())
    .bind(facts.status.as_str())
    .bind(facts.status_since.0)
    .bind(&facts.status_detail)
    .bind(facts.failures)
    .bind(facts.uid_validity)
    .bind(facts.uid_next)
    .bind(facts.new_from)
    .bind(facts.new_before)
    .bind(facts.new_messages)
    .bind(facts.unread_messages)
    .bind(facts.total_messages)
    .bind(facts.quota_used)
    .bind(facts.quota_limit)
    .bind(facts.last_message_at.map(|at| at.0))
    .bind(facts.last_checked_at.map(|at| at.0))
    .bind(facts.last_success_at.map(|at| at.0))
    .bind(facts.suspended_from.map(|status| status.as_str().to_string()))
    .bind(facts.next_try_at.map(|at| at.0))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes that nothing has moved in these mailboxes: they were looked at, and all is as it was.
pub async fn set_checked(tx: &mut Tx, ids: &[MailboxId], at: Moment) -> Result<()> {
    let mut filter = Filter::default();
    filter.and_in("id", ids.iter().map(|id| id.as_str().into()));
    say_changed(tx).await?;
    let sql = format!("UPDATE mailboxes SET last_checked_at = {0}, last_success_at = {0}{1}", at.0, filter.sql());
    filter.query(sql).execute(&mut **tx).await?;
    Ok(())
}

/// Removes a mailbox and, with it, its sealed password and its visits. The trace stays.
pub async fn delete(tx: &mut Tx, id: &MailboxId) -> Result<()> {
    sqlx::query("DELETE FROM mailboxes WHERE id = $1").bind(id.as_str()).execute(&mut **tx).await?;
    say_changed(tx).await
}

/// One mailbox.
pub async fn find(c: &mut AnyConnection, id: &MailboxId) -> Result<Option<Mailbox>> {
    one(c, "id = ?", id.as_str()).await
}

/// The mailbox of an address, whatever its case.
pub async fn find_by_address(c: &mut AnyConnection, address: &str) -> Result<Option<Mailbox>> {
    one(c, "address_fold = ?", &fold(address)).await
}

/// Those of a body's mailboxes that have these addresses, which are folded.
pub async fn of_addresses(
    c: &mut AnyConnection,
    organization: &OrganizationId,
    addresses: &[String],
) -> Result<Vec<MailboxId>> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let mut filter = Filter::default();
    filter
        .and("organization_id = ?", [organization.as_str().into()])
        .and_in("address_fold", addresses.iter().map(|address| address.as_str().into()));
    let sql = format!("SELECT id FROM mailboxes{} ORDER BY id", filter.sql());
    let rows = filter.query(sql).fetch_all(c).await?;
    rows.iter().map(|row| Ok(text(row, "id")?.into())).collect()
}

async fn one(c: &mut AnyConnection, condition: &str, value: &str) -> Result<Option<Mailbox>> {
    let mut filter = Filter::default();
    filter.and(condition, [value.into()]);
    let sql = format!("SELECT {COLUMNS} FROM mailboxes{}", filter.sql());
    filter.query(sql).fetch_optional(c).await?.as_ref().map(read).transpose()
}

/// One mailbox, locked until the write ends: whoever changes one locks it first, so that no two wait for each other.
pub async fn lock(tx: &mut Tx, id: &MailboxId) -> Result<Option<Mailbox>> {
    Ok(lock_all(tx, std::slice::from_ref(id)).await?.pop())
}

/// As [`lock`], for several: those that are there, locked in the order of their ids.
pub async fn lock_all(tx: &mut Tx, ids: &[MailboxId]) -> Result<Vec<Mailbox>> {
    let tail = tx.engine().for_update();
    several(tx, ids, tail).await
}

/// Those of these mailboxes that are there.
pub async fn find_all(c: &mut AnyConnection, ids: &[MailboxId]) -> Result<Vec<Mailbox>> {
    several(c, ids, "").await
}

async fn several(c: &mut AnyConnection, ids: &[MailboxId], tail: &str) -> Result<Vec<Mailbox>> {
    let mut filter = Filter::default();
    filter.and_in("id", ids.iter().map(|id| id.as_str().into()));
    let sql = format!("SELECT {COLUMNS} FROM mailboxes{} ORDER BY id{tail}", filter.sql());
    filter.query(sql).fetch_all(c).await?.iter().map(read).collect()
}

/// The mailboxes of a body; only those whose watch stopped with it when so asked.
pub async fn of_organization(
    c: &mut AnyConnection,
    id: &OrganizationId,
    only_suspended_with_it: bool,
) -> Result<Vec<MailboxId>> {
    let mut filter = Filter::default();
    filter.and("organization_id = ?", [id.as_str().into()]);
    if only_suspended_with_it {
        filter.and("suspended_with_organization = 1", []);
    }
    let rows = filter.query(format!("SELECT id FROM mailboxes{}", filter.sql())).fetch_all(c).await?;
    rows.iter().map(|row| Ok(text(row, "id")?.into())).collect()
}

/// Notes whether a mailbox's watch stopped with its body's activity, to be taken up again with it.
pub async fn set_suspended_with_organization(tx: &mut Tx, id: &MailboxId, with_it: bool) -> Result<()> {
    sqlx::query("UPDATE mailboxes SET suspended_with_organization = $2 WHERE id = $1")
        .bind(id.as_str())
        .bind(i64::from(with_it))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// True when a mailbox's watch stopped with its body's activity.
pub async fn is_suspended_with_organization(c: &mut AnyConnection, id: &MailboxId) -> Result<bool> {
    let found: Option<i64> = sqlx::query_scalar("SELECT suspended_with_organization FROM mailboxes WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(c)
        .await?;
    Ok(found == Some(1))
}

/// Each server at which a mailbox is watched, once.
pub async fn watched_servers(c: &mut AnyConnection) -> Result<Vec<Server>> {
    let rows = sqlx::query(
        "SELECT DISTINCT imap_host, imap_port, imap_security FROM mailboxes WHERE status <> 'suspended'
         ORDER BY imap_host, imap_port, imap_security",
    )
    .fetch_all(c)
    .await?;
    rows.iter().map(read_imap).collect()
}

/// The value of the counter of mailboxes: it has grown when any of them changed.
pub async fn revision(c: &mut AnyConnection) -> Result<i64> {
    sqlx::query_scalar("SELECT value FROM counters WHERE name = 'mailboxes'").fetch_one(c).await
}
