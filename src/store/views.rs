//! In charge of the statements on saved views (table `views`).

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::filter::Filter;
use super::row::{flag, text, word};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::{PersonId, ViewId};
use crate::model::page::{Page, Window};
use crate::model::view::{View, ViewPage};
use crate::text::fold;

fn read(row: &AnyRow) -> Result<View> {
    Ok(View {
        id: text(row, "id")?.into(),
        owner_id: text(row, "owner_id")?.into(),
        page: word(row, "page", ViewPage::parse)?,
        name: text(row, "name")?,
        query: text(row, "query")?,
        shared: flag(row, "shared")?,
    })
}

/// The views that a person sees, by name: the own ones, and those that others share. Of one page when it is given.
pub async fn list(
    c: &mut AnyConnection,
    person: &PersonId,
    page: Option<ViewPage>,
    window: &Window,
) -> Result<Page<View>> {
    let mut filter = Filter::default();
    filter.and("(owner_id = ? OR shared = 1)", [person.as_str().into()]);
    if let Some(page) = page {
        filter.and("page = ?", [page.as_str().into()]);
    }
    if let Some(after) = &window.after {
        filter
            .and("(name_fold, id) > (?, ?)", [after.text(0).unwrap_or("").into(), after.text(1).unwrap_or("").into()]);
    }
    let sql = format!(
        "SELECT id, owner_id, page, name, query, shared FROM views{} ORDER BY name_fold, id LIMIT {}",
        filter.sql(),
        window.ask()
    );
    let rows = filter.query(sql).fetch_all(c).await?;
    let views = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(views, window, |last| vec![fold(&last.name), last.id.to_string()]))
}

/// One view.
pub async fn find(c: &mut AnyConnection, id: &ViewId) -> Result<Option<View>> {
    let row = sqlx::query("SELECT id, owner_id, page, name, query, shared FROM views WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(c)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Writes a new view. A name that its owner has already on that page is a unique violation.
pub async fn insert(tx: &mut Tx, view: &View, now: Moment) -> Result<()> {
    sqlx::query(
        "INSERT INTO views (id, owner_id, page, name, name_fold, query, shared, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(view.id.as_str())
    .bind(view.owner_id.as_str())
    .bind(view.page.as_str())
    .bind(&view.name)
    .bind(fold(&view.name))
    .bind(&view.query)
    .bind(i64::from(view.shared))
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes a view over what it was.
pub async fn update(tx: &mut Tx, view: &View) -> Result<()> {
    sqlx::query("UPDATE views SET name = $2, name_fold = $3, query = $4, shared = $5 WHERE id = $1")
        .bind(view.id.as_str())
        .bind(&view.name)
        .bind(fold(&view.name))
        .bind(&view.query)
        .bind(i64::from(view.shared))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Removes a view.
pub async fn delete(tx: &mut Tx, id: &ViewId) -> Result<()> {
    sqlx::query("DELETE FROM views WHERE id = $1").bind(id.as_str()).execute(&mut **tx).await?;
    Ok(())
}
