//! In charge of the statements on sealed passwords (table `mailbox_secrets`). Cannot open any.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::filter::Filter;
use super::row::{get, text};
use super::{Result, Tx, mailboxes};
use crate::model::id::MailboxId;
use crate::model::mailbox::Mailbox;

/// A mailbox's credentials, sealed. Two are equal when they come from the same giving of a password: its nonce is fresh each
/// time, and stays when a rotation of the master key seals the same password anew.
#[derive(Debug, Clone)]
pub struct Sealed {
    pub format: i64,
    pub nonce: Vec<u8>,
    pub credentials: Vec<u8>,
}

impl PartialEq for Sealed {
    fn eq(&self, other: &Sealed) -> bool {
        self.nonce == other.nonce
    }
}

impl Eq for Sealed {}

fn read(row: &AnyRow) -> Result<Sealed> {
    Ok(Sealed { format: get(row, "format")?, nonce: get(row, "nonce")?, credentials: get(row, "sealed_credentials")? })
}

/// Writes a mailbox's sealed credentials, over the old ones if there are any.
pub async fn put(tx: &mut Tx, mailbox: &MailboxId, sealed: &Sealed) -> Result<()> {
    sqlx::query(
        "INSERT INTO mailbox_secrets (mailbox_id, format, nonce, sealed_credentials) VALUES ($1, $2, $3, $4)
         ON CONFLICT (mailbox_id) DO UPDATE SET format = excluded.format, nonce = excluded.nonce,
         sealed_credentials = excluded.sealed_credentials",
    )
    .bind(mailbox.as_str())
    .bind(sealed.format)
    .bind(&sealed.nonce)
    .bind(&sealed.credentials)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes a mailbox's credentials as another key seals them. False when the mailbox was removed meanwhile, and they with it.
pub async fn reseal(tx: &mut Tx, mailbox: &MailboxId, sealed: &Sealed) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE mailbox_secrets SET format = $2, nonce = $3, sealed_credentials = $4 WHERE mailbox_id = $1",
    )
    .bind(mailbox.as_str())
    .bind(sealed.format)
    .bind(&sealed.nonce)
    .bind(&sealed.credentials)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A mailbox's sealed credentials; None when none was ever given.
pub async fn find(c: &mut AnyConnection, mailbox: &MailboxId) -> Result<Option<Sealed>> {
    Ok(find_all(c, std::slice::from_ref(mailbox)).await?.remove(mailbox))
}

/// The sealed credentials of those of these mailboxes that have any.
pub async fn find_all(c: &mut AnyConnection, ids: &[MailboxId]) -> Result<HashMap<MailboxId, Sealed>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut filter = Filter::default();
    filter.and_in("mailbox_id", ids.iter().map(|id| id.as_str().into()));
    let sql = format!("SELECT mailbox_id, format, nonce, sealed_credentials FROM mailbox_secrets{}", filter.sql());
    let rows = filter.query(sql).fetch_all(c).await?;
    rows.iter().map(|row| Ok((text(row, "mailbox_id")?.into(), read(row)?))).collect()
}

/// The same with the name of the key that seals it, both of one moment.
pub async fn find_with_key(c: &mut AnyConnection, mailbox: &MailboxId) -> Result<Option<(Sealed, String)>> {
    let row = sqlx::query(
        "SELECT format, nonce, sealed_credentials, key_id FROM mailbox_secrets JOIN key_state ON id = 1 WHERE mailbox_id = $1",
    )
    .bind(mailbox.as_str())
    .fetch_optional(c)
    .await?;
    row.map(|row| Ok((read(&row)?, text(&row, "key_id")?))).transpose()
}

/// Every mailbox that has a password, with its sealed credentials.
pub async fn all(c: &mut AnyConnection) -> Result<Vec<(Mailbox, Sealed)>> {
    let sql = format!(
        "SELECT {}, format, nonce, sealed_credentials FROM mailboxes JOIN mailbox_secrets ON mailbox_id = id ORDER BY id",
        mailboxes::COLUMNS
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(c).await?;
    rows.iter().map(|row| Ok((mailboxes::read(row)?, read(row)?))).collect()
}
