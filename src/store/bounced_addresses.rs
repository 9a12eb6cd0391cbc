//! In charge of the statements on addresses at which mail did not arrive for good (table `bounced_addresses`). Does not know which
//! answers say so.

use std::collections::HashSet;

use sqlx::AnyConnection;

use super::filter::Filter;
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

/// Those of these addresses of which something has been known since a moment, folded.
pub async fn among(c: &mut AnyConnection, addresses: &[&str], since: Moment) -> Result<HashSet<String>> {
    if addresses.is_empty() {
        return Ok(HashSet::new());
    }
    let mut filter = Filter::default();
    filter.and_in("address_fold", addresses.iter().map(|address| fold(address).into()));
    filter.and("bounced_at >= ?", [since.0.into()]);
    let sql = format!("SELECT address_fold FROM bounced_addresses{}", filter.sql());
    filter.query(sql).fetch_all(c).await?.iter().map(|row| text(row, "address_fold")).collect()
}

/// Takes an address off the list: it writes, or a person says so. False when it was not on it.
pub async fn delete(tx: &mut Tx, address: &str) -> Result<bool> {
    let sql = "DELETE FROM bounced_addresses WHERE address_fold = $1";
    Ok(sqlx::query(sql).bind(fold(address)).execute(&mut **tx).await?.rows_affected() == 1)
}

/// Takes those off of which nothing has been known since a moment.
pub async fn delete_old(tx: &mut Tx, before: Moment) -> Result<()> {
    let sql = "DELETE FROM bounced_addresses WHERE bounced_at < $1";
    sqlx::query(sql).bind(before.0).execute(&mut **tx).await?;
    Ok(())
}
