//! In charge of the statements on fields that the forms of an area ask for (table `request_fields`).

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::row::{flag, get, list, text, word, words};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::RequestFieldId;
use crate::model::organization::Area;
use crate::model::request_field::{FieldKind, RequestField};
use crate::text::fold;

const COLUMNS: &str = "id, area, label, label_en, kind, options, required, help, position, active";

fn read(row: &AnyRow) -> Result<RequestField> {
    Ok(RequestField {
        id: text(row, "id")?.into(),
        area: word(row, "area", Area::parse)?,
        label: text(row, "label")?,
        label_en: get(row, "label_en")?,
        kind: word(row, "kind", FieldKind::parse)?,
        options: words(row, "options", |option| Some(option.to_string()))?,
        required: flag(row, "required")?,
        help: get(row, "help")?,
        position: get(row, "position")?,
        active: flag(row, "active")?,
    })
}

/// Writes a field, new or over what it was. A label that its area has already is a unique violation.
pub async fn put(tx: &mut Tx, field: &RequestField, now: Moment) -> Result<()> {
    sqlx::query(
        "INSERT INTO request_fields (id, area, label, label_fold, label_en, kind, options, required, help, position, active, created_at)
         VALUES ($1, $2, $3, $4, CAST($5 AS TEXT), $6, $7, $8, CAST($9 AS TEXT), $10, $11, $12)
         ON CONFLICT (id) DO UPDATE SET area = excluded.area, label = excluded.label, label_fold = excluded.label_fold,
             label_en = excluded.label_en, kind = excluded.kind, options = excluded.options, required = excluded.required,
             help = excluded.help, position = excluded.position, active = excluded.active",
    )
    .bind(field.id.as_str())
    .bind(field.area.as_str())
    .bind(&field.label)
    .bind(fold(&field.label))
    .bind(field.label_en.clone())
    .bind(field.kind.as_str())
    .bind(list(field.options.iter().map(String::as_str)))
    .bind(i64::from(field.required))
    .bind(field.help.clone())
    .bind(field.position)
    .bind(i64::from(field.active))
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes one.
pub async fn delete(tx: &mut Tx, id: &RequestFieldId) -> Result<()> {
    sqlx::query("DELETE FROM request_fields WHERE id = $1").bind(id.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// One field.
pub async fn find(c: &mut AnyConnection, id: &RequestFieldId) -> Result<Option<RequestField>> {
    one(c, id, "").await
}

/// The same, held until the write ends.
pub async fn lock(tx: &mut Tx, id: &RequestFieldId) -> Result<Option<RequestField>> {
    let held = tx.engine().for_update();
    one(tx, id, held).await
}

async fn one(c: &mut AnyConnection, id: &RequestFieldId, held: &str) -> Result<Option<RequestField>> {
    let sql = format!("SELECT {COLUMNS} FROM request_fields WHERE id = $1{held}");
    let row = sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).fetch_optional(c).await?;
    row.as_ref().map(read).transpose()
}

/// Every field, area by area in the order of its form.
pub async fn all(c: &mut AnyConnection) -> Result<Vec<RequestField>> {
    let sql = format!("SELECT {COLUMNS} FROM request_fields ORDER BY area, position, label_fold");
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(c).await?;
    rows.iter().map(read).collect()
}

/// Those that forms ask for now.
pub async fn asked(c: &mut AnyConnection) -> Result<Vec<RequestField>> {
    Ok(all(c).await?.into_iter().filter(|one| one.active).collect())
}
