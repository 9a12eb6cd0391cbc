//! In charge of the statements on the installation's keys (tables `key_state`, `installation_keys`): sealed texts only.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::row::{get, text};
use super::{Result, Tx};

/// Which master key seals this database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyState {
    pub instance_id: String,
    pub key_id: String,
    pub sealed_canary: Vec<u8>,
}

/// The state, once the database has one, and one of the installation's keys as sealed by that very key.
pub async fn state_with(c: &mut AnyConnection, name: &str) -> Result<Option<(KeyState, Option<Vec<u8>>)>> {
    let row = sqlx::query(
        "SELECT instance_id, key_id, sealed_canary, sealed_key FROM key_state
         LEFT JOIN installation_keys ON name = $1 WHERE id = 1",
    )
    .bind(name)
    .fetch_optional(c)
    .await?;
    row.map(|row| Ok((read(&row)?, get(&row, "sealed_key")?))).transpose()
}

fn read(row: &AnyRow) -> Result<KeyState> {
    Ok(KeyState {
        instance_id: text(row, "instance_id")?,
        key_id: text(row, "key_id")?,
        sealed_canary: get(row, "sealed_canary")?,
    })
}

/// The name of the key that seals this database.
pub async fn key_id(c: &mut AnyConnection) -> Result<Option<String>> {
    sqlx::query_scalar("SELECT key_id FROM key_state WHERE id = 1").fetch_optional(c).await
}

/// The same for whoever is about to seal: until the write ends, no rotation commits.
pub async fn share_key_id(tx: &mut Tx) -> Result<String> {
    let sql = format!("SELECT key_id FROM key_state WHERE id = 1{}", tx.engine().for_share());
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut **tx).await
}

/// Locks the state until the write ends and reads it: rotations stand in one line, and nobody seals meanwhile.
pub async fn lock_state(tx: &mut Tx) -> Result<Option<KeyState>> {
    let row =
        sqlx::query("UPDATE key_state SET key_id = key_id WHERE id = 1 RETURNING instance_id, key_id, sealed_canary")
            .fetch_optional(&mut **tx)
            .await?;
    row.as_ref().map(read).transpose()
}

/// Names another key, with the canary that it has sealed.
pub async fn set_state(tx: &mut Tx, state: &KeyState) -> Result<()> {
    sqlx::query("UPDATE key_state SET key_id = $1, sealed_canary = $2 WHERE id = 1")
        .bind(&state.key_id)
        .bind(&state.sealed_canary)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Writes the state of a database that has none. False when another node was quicker.
pub async fn insert_state(tx: &mut Tx, state: &KeyState) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO key_state (id, instance_id, key_id, sealed_canary) VALUES (1, $1, $2, $3) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&state.instance_id)
    .bind(&state.key_id)
    .bind(&state.sealed_canary)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// All of the installation's keys, sealed, each with its name.
pub async fn installation_keys(c: &mut AnyConnection) -> Result<Vec<(String, Vec<u8>)>> {
    let rows = sqlx::query("SELECT name, sealed_key FROM installation_keys ORDER BY name").fetch_all(c).await?;
    rows.iter().map(|row| Ok((text(row, "name")?, get(row, "sealed_key")?))).collect()
}

/// Writes one of the installation's keys, sealed, over the old seal if there is one.
pub async fn put_installation_key(tx: &mut Tx, name: &str, sealed: &[u8]) -> Result<()> {
    let sql = "INSERT INTO installation_keys (name, sealed_key) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET sealed_key = excluded.sealed_key";
    sqlx::query(sql).bind(name).bind(sealed).execute(&mut **tx).await?;
    Ok(())
}
