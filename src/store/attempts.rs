//! In charge of the statements on log-ins that did not succeed (table `attempts`) and on the addresses from which people log in
//! (table `known_clients`).

use sqlx::AnyConnection;

use super::row::{get, moment};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::PersonId;

/// How many failures a name counts, and when the last was; 0 when there is none. Nobody else counts this name until the write
/// ends, so that of many at once none slips through.
pub async fn hold(tx: &mut Tx, name: &str) -> Result<(i64, Moment)> {
    let row = sqlx::query(
        "INSERT INTO attempts (name, failures, last_at) VALUES ($1, 0, 0)
         ON CONFLICT (name) DO UPDATE SET failures = attempts.failures RETURNING failures, last_at",
    )
    .bind(name)
    .fetch_one(&mut **tx)
    .await?;
    Ok((get(&row, "failures")?, moment(&row, "last_at")?))
}

/// Writes how many failures a name counts from now on.
pub async fn put(tx: &mut Tx, name: &str, failures: i64, now: Moment) -> Result<()> {
    sqlx::query(
        "INSERT INTO attempts (name, failures, last_at) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at",
    )
    .bind(name)
    .bind(failures)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes one failure back: what was counted beforehand has turned out well.
pub async fn take_back(tx: &mut Tx, name: &str) -> Result<()> {
    sqlx::query("UPDATE attempts SET failures = failures - 1 WHERE name = $1 AND failures > 0")
        .bind(name)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets the failures of a name.
pub async fn forget(tx: &mut Tx, name: &str) -> Result<()> {
    sqlx::query("DELETE FROM attempts WHERE name = $1").bind(name).execute(&mut **tx).await?;
    Ok(())
}

/// Forgets what is older than counts, and addresses from which nobody has logged in for long.
pub async fn forget_old(tx: &mut Tx, failed_before: Moment, seen_before: Moment) -> Result<()> {
    sqlx::query("DELETE FROM attempts WHERE last_at < $1").bind(failed_before.0).execute(&mut **tx).await?;
    sqlx::query("DELETE FROM known_clients WHERE last_at < $1").bind(seen_before.0).execute(&mut **tx).await?;
    Ok(())
}

/// Notes from where a person has logged in.
pub async fn know(tx: &mut Tx, person: &PersonId, ip: &str, now: Moment) -> Result<()> {
    sqlx::query(
        "INSERT INTO known_clients (person_id, ip, last_at) VALUES ($1, $2, $3)
         ON CONFLICT (person_id, ip) DO UPDATE SET last_at = excluded.last_at",
    )
    .bind(person.as_str())
    .bind(ip)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// True when a person has logged in from there.
pub async fn knows(c: &mut AnyConnection, person: &PersonId, ip: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM known_clients WHERE person_id = $1 AND ip = $2";
    Ok(sqlx::query(sql).bind(person.as_str()).bind(ip).fetch_optional(c).await?.is_some())
}
