//! In charge of the statements on keys to the API (table `tokens`).

use sqlx::AnyConnection;

use super::row::text;
use super::{Result, Tx, people};
use crate::clock::Moment;
use crate::model::id::{PersonId, TokenId};
use crate::model::person::Person;

/// Writes a new key, of which only the hash is given.
pub async fn insert(
    tx: &mut Tx,
    id: &TokenId,
    token_hash: &str,
    person: &PersonId,
    now: Moment,
    expires: Option<Moment>,
) -> Result<()> {
    sqlx::query("INSERT INTO tokens (id, token_hash, person_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id.as_str())
        .bind(token_hash)
        .bind(person.as_str())
        .bind(now.0)
        .bind(expires.map(|at| at.0))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The key of a hash that has not expired, and the active person whose it is.
pub async fn find(c: &mut AnyConnection, token_hash: &str, now: Moment) -> Result<Option<(TokenId, Person)>> {
    let sql = format!(
        "SELECT t.id AS token_id, {} FROM tokens t JOIN persons p ON p.id = t.person_id
         WHERE t.token_hash = $1 AND p.active = 1 AND (t.expires_at IS NULL OR t.expires_at > $2)",
        people::COLUMNS
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(token_hash).bind(now.0).fetch_optional(&mut *c).await?;
    let Some(row) = row else { return Ok(None) };
    let mut person = [people::read(&row)?];
    people::fill_memberships(c, &mut person).await?;
    let [person] = person;
    Ok(Some((text(&row, "token_id")?.into(), person)))
}
