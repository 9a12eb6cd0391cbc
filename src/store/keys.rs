//! In charge of the statements on the installation's keys (tables `key_state`, `installation_keys`): sealed texts only.

use sqlx::AnyConnection;

use super::row::{get, text};
use super::{Result, Tx};

/// Which master key seals this database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyState {
    pub instance_id: String,
    pub key_id: String,
    pub sealed_canary: Vec<u8>,
}

/// The state, once the database has one.
pub async fn state(c: &mut AnyConnection) -> Result<Option<KeyState>> {
    let row =
        sqlx::query("SELECT instance_id, key_id, sealed_canary FROM key_state WHERE id = 1").fetch_optional(c).await?;
    row.map(|row| {
        Ok(KeyState {
            instance_id: text(&row, "instance_id")?,
            key_id: text(&row, "key_id")?,
            sealed_canary: get(&row, "sealed_canary")?,
        })
    })
    .transpose()
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

/// One of the installation's keys, sealed.
pub async fn installation_key(c: &mut AnyConnection, name: &str) -> Result<Option<Vec<u8>>> {
    sqlx::query_scalar("SELECT sealed_key FROM installation_keys WHERE name = $1").bind(name).fetch_optional(c).await
}

/// Writes one of the installation's keys, sealed.
pub async fn insert_installation_key(tx: &mut Tx, name: &str, sealed: &[u8]) -> Result<()> {
    sqlx::query("INSERT INTO installation_keys (name, sealed_key) VALUES ($1, $2)")
        .bind(name)
        .bind(sealed)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
