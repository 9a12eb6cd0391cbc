//! In charge of the statements on addresses at which mail did not arrive for good (table `bounced_addresses`). Does not know which
//! answers say so.

use sqlx::AnyConnection;

use super::row::{moment, text};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::outbox::BouncedAddress;
use crate::text::fold;

/// Writes one down, or the newer answer of one that is known.
pub async fn put(tx: &mut Tx, address: &str, reply: &str, now: Moment) -> Result<()> {
    sqlx::query(
        "INSERT INTO bounced_addresses (address_fold, reply, bounced_at) VALUES ($1, $2, $3)
         ON CONFLICT (address_fold) DO UPDATE SET reply = excluded.reply, bounced_at = excluded.bounced_at",
    )
    .bind(fold(address))
    .bind(reply)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What has been known of an address since a moment. None for one that takes mail.
pub async fn find(c: &mut AnyConnection, address: &str, since: Moment) -> Result<Option<BouncedAddress>> {
    let row =
        sqlx::query("SELECT reply, bounced_at FROM bounced_addresses WHERE address_fold = $1 AND bounced_at >= $2")
            .bind(fold(address))
            .bind(since.0)
            .fetch_optional(c)
            .await?;
    row.map(|row| Ok(BouncedAddress { reply: text(&row, "reply")?, at: moment(&row, "bounced_at")? })).transpose()
}

/// Takes an address off the list: it writes, or a person has a mail to it tried again.
pub async fn delete(tx: &mut Tx, address: &str) -> Result<()> {
    sqlx::query("DELETE FROM bounced_addresses WHERE address_fold = $1").bind(fold(address)).execute(&mut **tx).await?;
    Ok(())
}
