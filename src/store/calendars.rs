//! In charge of the statements on service hours that were changed (table `calendars`).

use sqlx::AnyConnection;

use super::row::{get, text};
use super::{Result, Tx};

/// A calendar as it was last written, in JSON.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub week: String,
    pub closures: String,
    pub targets: String,
    pub revision: i64,
}

/// The calendars that were changed.
pub async fn all(c: &mut AnyConnection) -> Result<Vec<Row>> {
    let rows = sqlx::query("SELECT id, week, closures, targets, revision FROM calendars").fetch_all(c).await?;
    let read = |row: &sqlx::any::AnyRow| {
        Ok(Row {
            id: text(row, "id")?,
            week: text(row, "week")?,
            closures: text(row, "closures")?,
            targets: text(row, "targets")?,
            revision: get(row, "revision")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Writes one over the revision that the row says (0: as shipped). False when another revision is there.
pub async fn put(tx: &mut Tx, row: &Row) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO calendars (id, week, closures, targets, revision) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET week = excluded.week, closures = excluded.closures, targets = excluded.targets,
             revision = excluded.revision
         WHERE calendars.revision = excluded.revision - 1",
    )
    .bind(&row.id)
    .bind(&row.week)
    .bind(&row.closures)
    .bind(&row.targets)
    .bind(row.revision + 1)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
