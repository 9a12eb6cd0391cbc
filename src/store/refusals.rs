//! In charge of the statements on passwords that were refused (table `refusals`). Knows names of them only.

use sqlx::AnyConnection;

use super::{Result, Tx};
use crate::clock::Moment;

/// How often a password was refused, when that was last after a moment.
pub async fn times(c: &mut AnyConnection, fingerprint: &str, since: Moment) -> Result<i64> {
    let times = sqlx::query_scalar("SELECT times FROM refusals WHERE fingerprint = $1 AND last_at > $2");
    Ok(times.bind(fingerprint).bind(since.0).fetch_optional(c).await?.unwrap_or(0))
}

/// Counts a refusal; those before a moment do not count any more. Gives how many there are; nobody else counts this one until the
/// write ends.
pub async fn count(tx: &mut Tx, fingerprint: &str, now: Moment, since: Moment) -> Result<i64> {
    sqlx::query_scalar(
        "INSERT INTO refusals (fingerprint, times, last_at) VALUES ($1, 1, $2)
         ON CONFLICT (fingerprint) DO UPDATE SET last_at = excluded.last_at,
         times = CASE WHEN refusals.last_at > $3 THEN refusals.times + 1 ELSE 1 END RETURNING times",
    )
    .bind(fingerprint)
    .bind(now.0)
    .bind(since.0)
    .fetch_one(&mut **tx)
    .await
}

/// Takes back one that was counted beforehand: it was not refused.
pub async fn take_back(tx: &mut Tx, fingerprint: &str) -> Result<()> {
    sqlx::query("UPDATE refusals SET times = times - 1 WHERE fingerprint = $1 AND times > 0")
        .bind(fingerprint)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets a password that was accepted.
pub async fn forget(tx: &mut Tx, fingerprint: &str) -> Result<()> {
    sqlx::query("DELETE FROM refusals WHERE fingerprint = $1").bind(fingerprint).execute(&mut **tx).await?;
    Ok(())
}

/// Forgets those that were last refused before a moment.
pub async fn forget_old(tx: &mut Tx, before: Moment) -> Result<()> {
    sqlx::query("DELETE FROM refusals WHERE last_at <= $1").bind(before.0).execute(&mut **tx).await?;
    Ok(())
}
