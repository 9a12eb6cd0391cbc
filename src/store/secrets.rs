//! In charge of the statements on sealed passwords (table `mailbox_secrets`). Cannot open any.

use std::collections::HashMap;

use sqlx::AnyConnection;

use super::filter::Filter;
use super::row::{get, text};
use super::{Result, Tx};
use crate::model::id::MailboxId;

/// A mailbox's credentials, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub format: i64,
    pub nonce: Vec<u8>,
    pub credentials: Vec<u8>,
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

/// A mailbox's sealed credentials; None when none was ever given.
pub async fn find(c: &mut AnyConnection, mailbox: &MailboxId) -> Result<Option<Sealed>> {
    Ok(find_all(c, std::slice::from_ref(mailbox)).await?.remove(mailbox))
}

/// The sealed credentials of those of these mailboxes that have any.
pub async fn find_all(c: &mut AnyConnection, ids: &[MailboxId]) -> Result<HashMap<MailboxId, Sealed>> {
    let mut filter = Filter::default();
    filter.and_in("mailbox_id", ids.iter().map(|id| id.as_str().into()));
    let sql = format!("SELECT mailbox_id, format, nonce, sealed_credentials FROM mailbox_secrets{}", filter.sql());
    let rows = filter.query(sql).fetch_all(c).await?;
    rows.iter()
        .map(|row| {
            let sealed = Sealed {
                format: get(row, "format")?,
                nonce: get(row, "nonce")?,
                credentials: get(row, "sealed_credentials")?,
            };
            Ok((text(row, "mailbox_id")?.into(), sealed))
        })
        .collect()
}
