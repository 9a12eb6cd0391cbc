//! In charge of the statements on teams of operators (tables `groups`, `group_members`).

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::filter::{Bound, Filter};
use super::row::{get, text};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::{GroupId, PersonId};
use crate::model::organization::Area;
use crate::model::page::{Page, Window};
use crate::model::ticket::Group;
use crate::text::fold;

fn read(row: &AnyRow) -> Result<Group> {
    let area: Option<String> = get(row, "area")?;
    Ok(Group {
        id: text(row, "id")?.into(),
        name: text(row, "name")?,
        area: area.as_deref().and_then(Area::parse),
        leader_id: get::<Option<String>>(row, "leader_id")?.map(Into::into),
        member_ids: Vec::new(),
    })
}

/// Writes a new group with its members. A name that is taken is a unique violation.
pub async fn insert(tx: &mut Tx, group: &Group, now: Moment) -> Result<()> {
    sqlx::query(
        "INSERT INTO groups (id, name, name_fold, area, leader_id, created_at) VALUES ($1, $2, $3, CAST($4 AS TEXT),
         CAST($5 AS TEXT), $6)",
    )
    .bind(group.id.as_str())
    .bind(&group.name)
    .bind(fold(&group.name))
    .bind(group.area.map(Area::as_str))
    .bind(group.leader_id.as_ref().map(|id| id.as_str().to_string()))
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    put_members(tx, group).await
}

/// Writes a group over what it was.
pub async fn update(tx: &mut Tx, group: &Group) -> Result<()> {
    sqlx::query(
        "UPDATE groups SET name = $2, name_fold = $3, area = CAST($4 AS TEXT), leader_id = CAST($5 AS TEXT) WHERE id = $1",
    )
    .bind(group.id.as_str())
    .bind(&group.name)
    .bind(fold(&group.name))
    .bind(group.area.map(Area::as_str))
    .bind(group.leader_id.as_ref().map(|id| id.as_str().to_string()))
    .execute(&mut **tx)
    .await?;
    put_members(tx, group).await
}

async fn put_members(tx: &mut Tx, group: &Group) -> Result<()> {
    sqlx::query("DELETE FROM group_members WHERE group_id = $1").bind(group.id.as_str()).execute(&mut **tx).await?;
    for person in &group.member_ids {
        sqlx::query("INSERT INTO group_members (group_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(group.id.as_str())
            .bind(person.as_str())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// One group.
pub async fn find(c: &mut AnyConnection, id: &GroupId) -> Result<Option<Group>> {
    one(c, id, "").await
}

/// The same, held until the write ends.
pub async fn lock(tx: &mut Tx, id: &GroupId) -> Result<Option<Group>> {
    let held = tx.engine().for_update();
    one(tx, id, held).await
}

async fn one(c: &mut AnyConnection, id: &GroupId, held: &str) -> Result<Option<Group>> {
    let sql = format!("SELECT id, name, area, leader_id FROM groups WHERE id = $1{held}");
    let row = sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).fetch_optional(&mut *c).await?;
    let mut groups: Vec<Group> = row.as_ref().map(read).transpose()?.into_iter().collect();
    fill(c, &mut groups).await?;
    Ok(groups.pop())
}

/// The groups, by name.
pub async fn list(c: &mut AnyConnection, window: &Window) -> Result<Page<Group>> {
    let mut filter = Filter::default();
    if let Some(after) = &window.after {
        filter
            .and("(name_fold, id) > (?, ?)", [after.text(0).unwrap_or("").into(), after.text(1).unwrap_or("").into()]);
    }
    let sql = format!(
        "SELECT id, name, area, leader_id FROM groups{} ORDER BY name_fold, id LIMIT {}",
        filter.sql(),
        window.ask()
    );
    let rows = filter.query(sql).fetch_all(&mut *c).await?;
    let groups = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let mut page = Page::cut(groups, window, |last| vec![fold(&last.name), last.id.to_string()]);
    fill(c, &mut page.items).await?;
    Ok(page)
}

async fn fill(c: &mut AnyConnection, groups: &mut [Group]) -> Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    let mut filter = Filter::default();
    filter.and_in("group_id", groups.iter().map(|group| Bound::from(group.id.as_str())));
    let sql = format!("SELECT group_id, person_id FROM group_members{} ORDER BY person_id", filter.sql());
    for row in &filter.query(sql).fetch_all(c).await? {
        let of: GroupId = text(row, "group_id")?.into();
        if let Some(group) = groups.iter_mut().find(|group| group.id == of) {
            group.member_ids.push(text(row, "person_id")?.into());
        }
    }
    Ok(())
}

/// The groups that a person belongs to.
pub async fn of_person(c: &mut AnyConnection, person: &PersonId) -> Result<Vec<GroupId>> {
    let rows = sqlx::query("SELECT group_id FROM group_members WHERE person_id = $1 ORDER BY group_id")
        .bind(person.as_str())
        .fetch_all(c)
        .await?;
    rows.iter().map(|row| Ok(text(row, "group_id")?.into())).collect()
}
