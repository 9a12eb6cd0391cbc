//! In charge of the statements on alarms that are on (table `alarms`): since when each is. Does not know what they say.

use sqlx::AnyConnection;

use super::{Result, Tx};
use crate::clock::Moment;

/// Since when an alarm is on. None when it is not.
pub async fn since(c: &mut AnyConnection, name: &str) -> Result<Option<Moment>> {
    let sql = "SELECT since FROM alarms WHERE name = $1";
    let since: Option<i64> = sqlx::query_scalar(sql).bind(name).fetch_optional(c).await?;
    Ok(since.map(Moment))
}

/// Switches it on. False when it was on already: another has told of it.
pub async fn begin(tx: &mut Tx, name: &str, now: Moment) -> Result<bool> {
    let sql = "INSERT INTO alarms (name, since) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    Ok(sqlx::query(sql).bind(name).bind(now.0).execute(&mut **tx).await?.rows_affected() == 1)
}

/// Switches it off. False when it was off already.
pub async fn end(tx: &mut Tx, name: &str) -> Result<bool> {
    let done = sqlx::query("DELETE FROM alarms WHERE name = $1").bind(name).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}
