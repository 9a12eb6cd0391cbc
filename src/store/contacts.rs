//! In charge of the statements on whom people can turn to (table `contacts`).

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use super::row::text;
use super::{Result, Tx};

/// Every contact that was given, by name.
pub async fn all(c: &mut AnyConnection) -> Result<BTreeMap<String, String>> {
    let rows = sqlx::query("SELECT name, value FROM contacts").fetch_all(c).await?;
    rows.iter().map(|row| Ok((text(row, "name")?, text(row, "value")?))).collect()
}

/// Writes a contact; an empty one is taken away.
pub async fn put(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    if value.is_empty() {
        sqlx::query("DELETE FROM contacts WHERE name = $1").bind(name).execute(&mut **tx).await?;
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO contacts (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
