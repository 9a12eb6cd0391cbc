//! In charge of the statements on the passwords that people had (table `passwords`): hashes only.

use sqlx::AnyConnection;

use super::row::text;
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::PersonId;

/// So many passwords of a person are remembered, the present one too (U02).
pub const REMEMBERED: i64 = 5;

/// The hashes of a person's last passwords.
pub async fn of(c: &mut AnyConnection, person: &PersonId) -> Result<Vec<String>> {
    let sql = "SELECT password_hash FROM passwords WHERE person_id = $1 ORDER BY chosen_at DESC LIMIT $2";
    let rows = sqlx::query(sql).bind(person.as_str()).bind(REMEMBERED).fetch_all(c).await?;
    rows.iter().map(|row| text(row, "password_hash")).collect()
}

/// Remembers a new password, and forgets those that are older than may be asked about.
pub async fn remember(tx: &mut Tx, person: &PersonId, hash: &str, now: Moment) -> Result<()> {
    sqlx::query("INSERT INTO passwords (person_id, password_hash, chosen_at) VALUES ($1, $2, $3)")
        .bind(person.as_str())
        .bind(hash)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "DELETE FROM passwords WHERE person_id = $1 AND chosen_at < (SELECT MIN(chosen_at) FROM (SELECT chosen_at
         FROM passwords WHERE person_id = $1 ORDER BY chosen_at DESC LIMIT $2) last)",
    )
    .bind(person.as_str())
    .bind(REMEMBERED)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
