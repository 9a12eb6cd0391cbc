//! In charge of the statements on people and their memberships (tables `persons`, `memberships`).

use std::collections::{HashMap, HashSet};

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::filter::{Bound, Filter};
use super::row::{flag, get, list as json, moment, text, word, words};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::{OrganizationId, PersonId};
use crate::model::organization::Area;
use crate::model::page::{Page, Window};
use crate::model::person::{Language, Membership, Person, Role, Visibility};
use crate::text::{fold, like_escape};

pub(super) const COLUMNS: &str =
    "p.id, p.email, p.name, p.role, p.level, p.areas, p.restricted_to_groups, p.active, p.language, p.single_keys,
    p.created_at, p.email_vouched";

pub(super) fn read(row: &AnyRow) -> Result<Person> {
    Ok(Person {
        id: text(row, "id")?.into(),
        email: text(row, "email")?,
        email_vouched: flag(row, "email_vouched")?,
        name: text(row, "name")?,
        role: word(row, "role", Role::parse)?,
        level: get(row, "level")?,
        areas: words(row, "areas", Area::parse)?,
        restricted_to_groups: flag(row, "restricted_to_groups")?,
        active: flag(row, "active")?,
        language: word(row, "language", Language::parse)?,
        single_keys: flag(row, "single_keys")?,
        memberships: Vec::new(),
        grants: Vec::new(),
        created_at: moment(row, "created_at")?,
    })
}

/// Writes a new person with memberships. An address that is taken is a unique violation.
pub async fn insert(tx: &mut Tx, person: &Person) -> Result<()> {
    sqlx::query(
        "INSERT INTO persons (id, email, email_fold, name, name_fold, role, level, areas, restricted_to_groups, active,
         language, password_hash, created_at, updated_at, email_vouched)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CAST($12 AS TEXT), $13, $13, $14)",
    )
    .bind(person.id.as_str())
    .bind(&person.email)
    .bind(fold(&person.email))
    .bind(&person.name)
    .bind(fold(&person.name))
    .bind(person.role.as_str())
    .bind(person.level)
    .bind(json(person.areas.iter().map(|area| area.as_str())))
    .bind(i64::from(person.restricted_to_groups))
    .bind(i64::from(person.active))
    .bind(person.language.as_str())
    .bind(None::<String>)
    .bind(person.created_at.0)
    .bind(i64::from(person.email_vouched))
    .execute(&mut **tx)
    .await?;
    put_memberships(tx, person, person.created_at).await
}

/// Writes a person's fields and memberships over the old ones.
pub async fn update(tx: &mut Tx, person: &Person, now: Moment) -> Result<()> {
    sqlx::query(
        "UPDATE persons SET email = $2, email_fold = $3, name = $4, name_fold = $5, role = $6, level = $7, areas = $8,
         restricted_to_groups = $9, active = $10, language = $11, updated_at = $12, email_vouched = $13 WHERE id = $1",
    )
    .bind(person.id.as_str())
    .bind(&person.email)
    .bind(fold(&person.email))
    .bind(&person.name)
    .bind(fold(&person.name))
    .bind(person.role.as_str())
    .bind(person.level)
    .bind(json(person.areas.iter().map(|area| area.as_str())))
    .bind(i64::from(person.restricted_to_groups))
    .bind(i64::from(person.active))
    .bind(person.language.as_str())
    .bind(now.0)
    .bind(i64::from(person.email_vouched))
    .execute(&mut **tx)
    .await?;
    put_memberships(tx, person, now).await
}

/// Writes a person's active memberships, in their order; those that are not active are left alone.
async fn put_memberships(tx: &mut Tx, person: &Person, now: Moment) -> Result<()> {
    let mut gone = Filter::default();
    gone.and("person_id = ?", [person.id.as_str().into()]).and("state = 'active'", []);
    for membership in &person.memberships {
        gone.and("organization_id <> ?", [membership.organization_id.as_str().into()]);
    }
    gone.query(format!("DELETE FROM memberships{}", gone.sql())).execute(&mut **tx).await?;
    for (position, membership) in (0_i64..).zip(&person.memberships) {
        sqlx::query(
            "INSERT INTO memberships (person_id, organization_id, visibility, state, position, created_at) VALUES ($1, $2, $3, 'active', $4, $5)
             ON CONFLICT (person_id, organization_id) DO UPDATE SET visibility = excluded.visibility, state = 'active',
             position = excluded.position",
        )
        .bind(person.id.as_str())
        .bind(membership.organization_id.as_str())
        .bind(membership.visibility.as_str())
        .bind(position)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Notes that the address of a person is known to be its own.
pub async fn vouch(tx: &mut Tx, id: &PersonId) -> Result<()> {
    sqlx::query("UPDATE persons SET email_vouched = 1 WHERE id = $1").bind(id.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// Writes the hash of a new password.
pub async fn set_password(tx: &mut Tx, id: &PersonId, hash: &str, now: Moment) -> Result<()> {
    sqlx::query("UPDATE persons SET password_hash = $2, updated_at = $3 WHERE id = $1")
        .bind(id.as_str())
        .bind(hash)
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Writes how a person likes to work.
pub async fn set_preferences(tx: &mut Tx, id: &PersonId, language: Language, single_keys: bool) -> Result<()> {
    sqlx::query("UPDATE persons SET language = $2, single_keys = $3 WHERE id = $1")
        .bind(id.as_str())
        .bind(language.as_str())
        .bind(i64::from(single_keys))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The hash of a person's password; None when no password was ever set.
pub async fn password_hash(c: &mut AnyConnection, id: &PersonId) -> Result<Option<String>> {
    let hash: Option<Option<String>> = sqlx::query_scalar("SELECT password_hash FROM persons WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(c)
        .await?;
    Ok(hash.flatten())
}

/// Those of some people who have not chosen a password yet.
pub async fn without_password(c: &mut AnyConnection, people: &[Person]) -> Result<Vec<PersonId>> {
    let mut filter = Filter::default();
    filter.and("password_hash IS NULL", []).and_in("id", people.iter().map(|one| Bound::from(one.id.as_str())));
    let rows = filter.query(format!("SELECT id FROM persons{}", filter.sql())).fetch_all(c).await?;
    rows.iter().map(|row| Ok(text(row, "id")?.into())).collect()
}

/// True when there is a regional administrator who is active and has a password.
pub async fn has_administrator(c: &mut AnyConnection) -> Result<bool> {
    let row = sqlx::query(
        "SELECT 1 FROM persons WHERE role = 'regional_admin' AND active = 1 AND password_hash IS NOT NULL LIMIT 1",
    )
    .fetch_optional(c)
    .await?;
    Ok(row.is_some())
}

/// How many active regional administrators there are, all of them held: two who unmake each other wait for each other.
pub async fn hold_administrators(tx: &mut Tx) -> Result<usize> {
    let held = tx.engine().for_update();
    let sql = format!("SELECT id FROM persons WHERE role = 'regional_admin' AND active = 1 ORDER BY id{held}");
    Ok(sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut **tx).await?.len())
}

/// One person.
pub async fn find(c: &mut AnyConnection, id: &PersonId) -> Result<Option<Person>> {
    one(c, "p.id = ?", id.as_str()).await
}

/// One person, locked until the write ends: whoever changes one locks it first.
pub async fn lock(tx: &mut Tx, id: &PersonId) -> Result<Option<Person>> {
    sqlx::query("UPDATE persons SET updated_at = updated_at WHERE id = $1")
        .bind(id.as_str())
        .execute(&mut **tx)
        .await?;
    find(tx, id).await
}

/// The person of an address, whatever its case.
pub async fn find_by_email(c: &mut AnyConnection, email: &str) -> Result<Option<Person>> {
    one(c, "p.email_fold = ?", &fold(email)).await
}

async fn one(c: &mut AnyConnection, condition: &str, value: &str) -> Result<Option<Person>> {
    let mut filter = Filter::default();
    filter.and(condition, [value.into()]);
    let sql = format!("SELECT {COLUMNS} FROM persons p{}", filter.sql());
    let Some(row) = filter.query(sql).fetch_optional(&mut *c).await? else { return Ok(None) };
    let mut people = vec![read(&row)?];
    fill_memberships(c, &mut people).await?;
    Ok(people.pop())
}

/// Which people are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only members of these bodies; None is no limit.
    pub within: Option<Vec<OrganizationId>>,
    /// Each word of it is in the name or the address.
    pub q: String,
    /// Or in the name of one of its bodies.
    pub by_body: bool,
    pub role: Option<Role>,
    pub organization_id: Option<OrganizationId>,
    pub state: Option<State>,
}

/// How a person's account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Active,
    /// Active, but no password was chosen yet.
    Invited,
    Inactive,
}

/// People by name.
pub async fn list(c: &mut AnyConnection, wanted: &Wanted, window: &Window) -> Result<Page<Person>> {
    const MEMBERS: &str =
        "p.id IN (SELECT person_id FROM memberships WHERE state = 'active' AND organization_id IN (?))";
    const OF_PERSON: &str = "(p.name_fold LIKE ? ESCAPE '\\' OR p.email_fold LIKE ? ESCAPE '\\')";
    const OF_BODY: &str =
        "p.id IN (SELECT m.person_id FROM memberships m JOIN organizations o ON o.id = m.organization_id
        WHERE m.state = 'active' AND o.name_fold LIKE ? ESCAPE '\\')";
    let mut filter = Filter::default();
    if let Some(ids) = &wanted.within {
        filter.and_list(MEMBERS, ids.iter().map(|id| Bound::from(id.as_str())));
    }
    if let Some(id) = &wanted.organization_id {
        filter.and_list(MEMBERS, [Bound::from(id.as_str())]);
    }
    for word in fold(&wanted.q).split_whitespace().take(8) {
        let pattern = format!("%{}%", like_escape(word));
        let (mut said, mut bound) = (OF_PERSON.to_string(), vec![pattern.as_str().into(), pattern.as_str().into()]);
        if wanted.by_body {
            said = format!("({said} OR {OF_BODY})");
            bound.push(pattern.as_str().into());
        }
        filter.and(&said, bound);
    }
    if let Some(role) = wanted.role {
        filter.and("p.role = ?", [role.as_str().into()]);
    }
    match wanted.state {
        Some(State::Active) => filter.and("p.active = 1", []),
        Some(State::Invited) => filter.and("p.active = 1 AND p.password_hash IS NULL", []),
        Some(State::Inactive) => filter.and("p.active = 0", []),
        None => &mut filter,
    };
    if let Some(after) = &window.after {
        filter.and(
            "(p.name_fold, p.id) > (?, ?)",
            [after.text(0).unwrap_or("").into(), after.text(1).unwrap_or("").into()],
        );
    }
    let sql =
        format!("SELECT {COLUMNS} FROM persons p{} ORDER BY p.name_fold, p.id LIMIT {}", filter.sql(), window.ask());
    let rows = filter.query(sql).fetch_all(&mut *c).await?;
    let mut people = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    fill_memberships(c, &mut people).await?;
    Ok(Page::cut(people, window, |last| vec![fold(&last.name), last.id.to_string()]))
}

/// Leaves to a person who asks only what is in force now: memberships of active bodies, grants that hold. False when nothing
/// is left of a person whom a body brought in: such a one is as if deactivated.
pub async fn keep_in_force(c: &mut AnyConnection, person: &mut Person, now: Moment) -> Result<bool> {
    if !person.memberships.is_empty() {
        let mut filter = Filter::default();
        let ids = person.memberships.iter().map(|one| Bound::from(one.organization_id.as_str()));
        filter.and("active = 0", []).and_in("id", ids);
        let rows = filter.query(format!("SELECT id FROM organizations{}", filter.sql())).fetch_all(&mut *c).await?;
        let asleep = rows.iter().map(|row| Ok(text(row, "id")?.into())).collect::<Result<Vec<OrganizationId>>>()?;
        person.memberships.retain(|one| !asleep.contains(&one.organization_id));
    }
    if matches!(person.role, Role::Operator | Role::OrgAdmin | Role::OrgUser) {
        person.grants = super::grants::of_person(c, &person.id, now).await?;
    }
    Ok(!person.role.is_of_organization() || !person.memberships.is_empty())
}

/// Gives each person the active memberships, with one statement for all.
pub(super) async fn fill_memberships(c: &mut AnyConnection, people: &mut [Person]) -> Result<()> {
    let mut filter = Filter::default();
    filter.and("state = 'active'", []).and_in("person_id", people.iter().map(|one| Bound::from(one.id.as_str())));
    let sql = format!(
        "SELECT person_id, organization_id, visibility FROM memberships{} ORDER BY position, organization_id",
        filter.sql()
    );
    let mut of: HashMap<String, Vec<Membership>> = HashMap::new();
    for row in filter.query(sql).fetch_all(c).await? {
        of.entry(text(&row, "person_id")?).or_default().push(Membership {
            organization_id: text(&row, "organization_id")?.into(),
            visibility: word(&row, "visibility", Visibility::parse)?,
        });
    }
    for person in people {
        person.memberships = of.remove(person.id.as_str()).unwrap_or_default();
    }
    Ok(())
}

/// Active people of the desk of a level of competence or a higher one.
pub async fn operators_of_level(c: &mut AnyConnection, level: i64) -> Result<Vec<PersonId>> {
    let sql = "SELECT id FROM persons WHERE role = 'operator' AND active = 1 AND level >= $1 ORDER BY id LIMIT 100";
    let rows = sqlx::query(sql).bind(level).fetch_all(c).await?;
    rows.iter().map(|row| Ok(text(row, "id")?.into())).collect()
}

/// The names of these people.
pub async fn names(c: &mut AnyConnection, ids: &[PersonId]) -> Result<HashMap<PersonId, String>> {
    let mut filter = Filter::default();
    filter.and_in("id", ids.iter().map(|id| Bound::from(id.as_str())));
    let rows = filter.query(format!("SELECT id, name FROM persons{}", filter.sql())).fetch_all(c).await?;
    rows.iter().map(|row| Ok((text(row, "id")?.into(), text(row, "name")?))).collect()
}

/// Those of these people who work at the desk.
pub async fn at_desk(c: &mut AnyConnection, ids: &[PersonId]) -> Result<HashSet<PersonId>> {
    let mut filter = Filter::default();
    filter.and("role IN ('operator', 'regional_admin')", []);
    filter.and_in("id", ids.iter().map(|id| Bound::from(id.as_str())));
    let rows = filter.query(format!("SELECT id FROM persons{}", filter.sql())).fetch_all(c).await?;
    rows.iter().map(|row| Ok(text(row, "id")?.into())).collect()
}

/// Active people who work at the desk, by name.
pub async fn of_desk(c: &mut AnyConnection) -> Result<Vec<(PersonId, String)>> {
    let sql = "SELECT id, name FROM persons WHERE role IN ('operator', 'regional_admin') AND active = 1 ORDER BY name_fold, id LIMIT 500";
    let rows = sqlx::query(sql).fetch_all(c).await?;
    rows.iter().map(|row| Ok((text(row, "id")?.into(), text(row, "name")?))).collect()
}
