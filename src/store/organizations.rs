//! In charge of the statements on bodies (table `organizations`).

use std::collections::HashMap;

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::filter::{Bound, Filter};
use super::row::{flag, get, list as json, moment, text, words};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::OrganizationId;
use crate::model::organization::{Area, Organization};
use crate::model::page::{Page, Window};
use crate::text::{fold, like_escape};

const COLUMNS: &str = "id, code, name, name_fold, tax_code, areas, email_domains, read_only_view, active, created_at";

fn read(row: &AnyRow) -> Result<Organization> {
    Ok(Organization {
        id: text(row, "id")?.into(),
        code: text(row, "code")?,
        name: text(row, "name")?,
        tax_code: get(row, "tax_code")?,
        areas: words(row, "areas", Area::parse)?,
        email_domains: words(row, "email_domains", |word| Some(word.to_string()))?,
        read_only_view: flag(row, "read_only_view")?,
        active: flag(row, "active")?,
        created_at: moment(row, "created_at")?,
    })
}

/// Writes a new body. A code that is taken is a unique violation.
pub async fn insert(tx: &mut Tx, organization: &Organization) -> Result<()> {
    sqlx::query(
        "INSERT INTO organizations (id, code, code_fold, name, name_fold, tax_code, areas, email_domains, active, created_at, updated_at,
         read_only_view)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)",
    )
    .bind(organization.id.as_str())
    .bind(&organization.code)
    .bind(fold(&organization.code))
    .bind(&organization.name)
    .bind(fold(&organization.name))
    .bind(&organization.tax_code)
    .bind(json(organization.areas.iter().map(|area| area.as_str())))
    .bind(json(organization.email_domains.iter().map(String::as_str)))
    .bind(i64::from(organization.active))
    .bind(organization.created_at.0)
    .bind(i64::from(organization.read_only_view))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes a body's fields over the old ones.
pub async fn update(tx: &mut Tx, organization: &Organization, now: Moment) -> Result<()> {
    sqlx::query(
        "UPDATE organizations SET code = $2, code_fold = $3, name = $4, name_fold = $5, tax_code = $6, areas = $7,
         email_domains = $8, active = $9, updated_at = $10, read_only_view = $11 WHERE id = $1",
    )
    .bind(organization.id.as_str())
    .bind(&organization.code)
    .bind(fold(&organization.code))
    .bind(&organization.name)
    .bind(fold(&organization.name))
    .bind(&organization.tax_code)
    .bind(json(organization.areas.iter().map(|area| area.as_str())))
    .bind(json(organization.email_domains.iter().map(String::as_str)))
    .bind(i64::from(organization.active))
    .bind(now.0)
    .bind(i64::from(organization.read_only_view))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// One body.
pub async fn find(c: &mut AnyConnection, id: &OrganizationId) -> Result<Option<Organization>> {
    let mut filter = Filter::default();
    filter.and("id = ?", [id.as_str().into()]);
    one(c, filter).await
}

/// One body, locked until the write ends: whoever changes one locks it first.
pub async fn lock(tx: &mut Tx, id: &OrganizationId) -> Result<Option<Organization>> {
    sqlx::query("UPDATE organizations SET updated_at = updated_at WHERE id = $1")
        .bind(id.as_str())
        .execute(&mut **tx)
        .await?;
    find(tx, id).await
}

/// The body of a code, whatever its case.
pub async fn find_by_code(c: &mut AnyConnection, code: &str) -> Result<Option<Organization>> {
    let mut filter = Filter::default();
    filter.and("code_fold = ?", [fold(code).into()]);
    one(c, filter).await
}

/// The bodies of a tax code, in the form in which codes are kept: two at most, which is enough to know that it is not one.
pub async fn find_by_tax_code(c: &mut AnyConnection, code: &str) -> Result<Vec<Organization>> {
    let mut filter = Filter::default();
    filter.and("tax_code = ?", [code.into()]);
    let sql = format!("SELECT {COLUMNS} FROM organizations{} ORDER BY id LIMIT 2", filter.sql());
    filter.query(sql).fetch_all(c).await?.iter().map(read).collect()
}

async fn one(c: &mut AnyConnection, filter: Filter) -> Result<Option<Organization>> {
    let sql = format!("SELECT {COLUMNS} FROM organizations{}", filter.sql());
    filter.query(sql).fetch_optional(c).await?.as_ref().map(read).transpose()
}

/// The active body to whose people the addresses of a domain belong. None also where it is of more than one.
pub async fn of_domain(c: &mut AnyConnection, domain: &str) -> Result<Option<Organization>> {
    let mut filter = Filter::default();
    let quoted = serde_json::Value::from(domain.to_ascii_lowercase()).to_string();
    filter
        .and("email_domains LIKE ? ESCAPE '\\'", [format!("%{}%", like_escape(&quoted)).into()])
        .and("active = 1", []);
    let sql = format!("SELECT {COLUMNS} FROM organizations{} ORDER BY id LIMIT 2", filter.sql());
    let mut found = filter.query(sql).fetch_all(c).await?.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// Those of these bodies whose requests are only read by who sees them all.
pub async fn read_only(c: &mut AnyConnection, ids: &[OrganizationId]) -> Result<Vec<OrganizationId>> {
    let mut filter = Filter::default();
    filter.and_in("id", ids.iter().map(|id| Bound::from(id.as_str()))).and("read_only_view = 1", []);
    let sql = format!("SELECT id FROM organizations{} ORDER BY id", filter.sql());
    filter.query(sql).fetch_all(c).await?.iter().map(|row| Ok(text(row, "id")?.into())).collect()
}

/// The names of some bodies, by their ids.
pub async fn names(
    c: &mut AnyConnection,
    ids: impl IntoIterator<Item = &OrganizationId>,
) -> Result<HashMap<OrganizationId, String>> {
    let mut filter = Filter::default();
    filter.and_in("id", ids.into_iter().map(|id| Bound::from(id.as_str())));
    let sql = format!("SELECT id, name FROM organizations{}", filter.sql());
    filter.query(sql).fetch_all(c).await?.iter().map(|row| Ok((text(row, "id")?.into(), text(row, "name")?))).collect()
}

/// Bodies by name; only those of `within` when it is given, and only those in whose code, name or tax code each word of `q` is.
pub async fn list(
    c: &mut AnyConnection,
    within: Option<&[OrganizationId]>,
    q: &str,
    window: &Window,
) -> Result<Page<Organization>> {
    let mut filter = Filter::default();
    for word in fold(q).split_whitespace().take(8) {
        let pattern = format!("%{}%", like_escape(word));
        filter.and(
            "(name_fold LIKE ? ESCAPE '\\' OR code_fold LIKE ? ESCAPE '\\' OR LOWER(tax_code) LIKE ? ESCAPE '\\')",
            [pattern.as_str().into(), pattern.as_str().into(), pattern.as_str().into()],
        );
    }
    if let Some(ids) = within {
        filter.and_in("id", ids.iter().map(|id| Bound::from(id.as_str())));
    }
    if let Some(after) = &window.after {
        filter
            .and("(name_fold, id) > (?, ?)", [after.text(0).unwrap_or("").into(), after.text(1).unwrap_or("").into()]);
    }
    let sql =
        format!("SELECT {COLUMNS} FROM organizations{} ORDER BY name_fold, id LIMIT {}", filter.sql(), window.ask());
    let rows = filter.query(sql).fetch_all(c).await?;
    let items = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(items, window, |last| vec![fold(&last.name), last.id.to_string()]))
}

/// How many mailboxes and how many people each of some bodies has.
pub async fn sizes(c: &mut AnyConnection, ids: &[OrganizationId]) -> Result<HashMap<OrganizationId, (i64, i64)>> {
    let mut sizes: HashMap<OrganizationId, (i64, i64)> = HashMap::new();
    for table in ["mailboxes", "memberships"] {
        let mut filter = Filter::default();
        filter.and_in("organization_id", ids.iter().map(|id| Bound::from(id.as_str())));
        let sql =
            format!("SELECT organization_id, COUNT(*) AS count FROM {table}{} GROUP BY organization_id", filter.sql());
        for row in filter.query(sql).fetch_all(&mut *c).await? {
            let size = sizes.entry(text(&row, "organization_id")?.into()).or_default();
            if table == "mailboxes" { size.0 = get(&row, "count")? } else { size.1 = get(&row, "count")? }
        }
    }
    Ok(sizes)
}
