//! In charge of the statements on answers that the desk has ready (table `canned_answers`).

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::filter::Filter;
use super::row::{get, text};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::CannedAnswerId;
use crate::model::organization::Area;
use crate::model::page::{Page, Window};
use crate::model::ticket::CannedAnswer;
use crate::text::fold;

fn read(row: &AnyRow) -> Result<CannedAnswer> {
    let area: Option<String> = get(row, "area")?;
    Ok(CannedAnswer {
        id: text(row, "id")?.into(),
        title: text(row, "title")?,
        body: text(row, "body")?,
        area: area.as_deref().and_then(Area::parse),
    })
}

/// Writes a new one. A title that is taken is a unique violation.
pub async fn insert(tx: &mut Tx, one: &CannedAnswer, now: Moment) -> Result<()> {
    sqlx::query(
        "INSERT INTO canned_answers (id, title, title_fold, body, area, created_at) VALUES ($1, $2, $3, $4, CAST($5 AS TEXT), $6)",
    )
    .bind(one.id.as_str())
    .bind(&one.title)
    .bind(fold(&one.title))
    .bind(&one.body)
    .bind(one.area.map(Area::as_str))
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes one over what it was.
pub async fn update(tx: &mut Tx, one: &CannedAnswer) -> Result<()> {
    sqlx::query(
        "UPDATE canned_answers SET title = $2, title_fold = $3, body = $4, area = CAST($5 AS TEXT) WHERE id = $1",
    )
    .bind(one.id.as_str())
    .bind(&one.title)
    .bind(fold(&one.title))
    .bind(&one.body)
    .bind(one.area.map(Area::as_str))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes one.
pub async fn delete(tx: &mut Tx, id: &CannedAnswerId) -> Result<()> {
    sqlx::query("DELETE FROM canned_answers WHERE id = $1").bind(id.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// One answer.
pub async fn find(c: &mut AnyConnection, id: &CannedAnswerId) -> Result<Option<CannedAnswer>> {
    one(c, id, "").await
}

/// The same, held until the write ends.
pub async fn lock(tx: &mut Tx, id: &CannedAnswerId) -> Result<Option<CannedAnswer>> {
    let held = tx.engine().for_update();
    one(tx, id, held).await
}

async fn one(c: &mut AnyConnection, id: &CannedAnswerId, held: &str) -> Result<Option<CannedAnswer>> {
    let sql = format!("SELECT id, title, body, area FROM canned_answers WHERE id = $1{held}");
    let row = sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).fetch_optional(c).await?;
    row.as_ref().map(read).transpose()
}

/// The answers, by title.
pub async fn list(c: &mut AnyConnection, window: &Window) -> Result<Page<CannedAnswer>> {
    let mut filter = Filter::default();
    if let Some(after) = &window.after {
        filter
            .and("(title_fold, id) > (?, ?)", [after.text(0).unwrap_or("").into(), after.text(1).unwrap_or("").into()]);
    }
    let sql = format!(
        "SELECT id, title, body, area FROM canned_answers{} ORDER BY title_fold, id LIMIT {}",
        filter.sql(),
        window.ask()
    );
    let rows = filter.query(sql).fetch_all(c).await?;
    let answers = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(answers, window, |last| vec![fold(&last.title), last.id.to_string()]))
}
