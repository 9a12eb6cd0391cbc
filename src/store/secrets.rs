//! In charge of the statements on sealed passwords (table `mailbox_secrets`). Cannot open any.

use sqlx::AnyConnection;

use super::row::get;
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
    let row = sqlx::query("SELECT format, nonce, sealed_credentials FROM mailbox_secrets WHERE mailbox_id = $1")
        .bind(mailbox.as_str())
        .fetch_optional(c)
        .await?;
    row.map(|row| {
        Ok(Sealed {
            format: get(&row, "format")?,
            nonce: get(&row, "nonce")?,
            credentials: get(&row, "sealed_credentials")?,
        })
    })
    .transpose()
}
