//! In charge of the statements on logged-in browsers (table `sessions`).

use sqlx::AnyConnection;

use super::row::{moment, text};
use super::{Result, Tx, people};
use crate::clock::Moment;
use crate::model::id::{PersonId, SessionId};
use crate::model::person::Person;

/// A session as it is stored; the cookie's secret is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub csrf: String,
    pub created_at: Moment,
    pub seen_at: Moment,
}

/// Opens a session for the secret whose hash is given.
pub async fn insert(
    tx: &mut Tx,
    session: &Session,
    token_hash: &str,
    person: &PersonId,
    (ip, user_agent): (&str, &str),
) -> Result<()> {
    sqlx::query(
        "INSERT INTO sessions (id, token_hash, person_id, csrf, ip, created_at, seen_at, user_agent)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(session.id.as_str())
    .bind(token_hash)
    .bind(person.as_str())
    .bind(&session.csrf)
    .bind(ip)
    .bind(session.created_at.0)
    .bind(session.seen_at.0)
    .bind(user_agent)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The session of a secret and the active person whose it is.
pub async fn find(c: &mut AnyConnection, token_hash: &str) -> Result<Option<(Session, Person)>> {
    let sql = format!(
        "SELECT s.id AS session_id, s.csrf, s.created_at AS opened_at, s.seen_at, {} FROM sessions s JOIN persons p ON p.id = s.person_id
         WHERE s.token_hash = $1 AND p.active = 1",
        people::COLUMNS
    );
    let Some(row) = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(token_hash).fetch_optional(&mut *c).await? else {
        return Ok(None);
    };
    let session = Session {
        id: text(&row, "session_id")?.into(),
        csrf: text(&row, "csrf")?,
        created_at: moment(&row, "opened_at")?,
        seen_at: moment(&row, "seen_at")?,
    };
    let mut person = [people::read(&row)?];
    people::fill_memberships(c, &mut person).await?;
    let [person] = person;
    Ok(Some((session, person)))
}

/// True while a session is there.
pub async fn is_there(c: &mut AnyConnection, id: &SessionId) -> Result<bool> {
    let sql = "SELECT 1 FROM sessions WHERE id = $1";
    Ok(sqlx::query(sql).bind(id.as_str()).fetch_optional(c).await?.is_some())
}

/// Notes that the person was there.
pub async fn touch(tx: &mut Tx, id: &SessionId, now: Moment) -> Result<()> {
    sqlx::query("UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2")
        .bind(id.as_str())
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Ends one session.
pub async fn delete(tx: &mut Tx, id: &SessionId) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE id = $1").bind(id.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// Ends all the sessions of a person.
pub async fn delete_of(tx: &mut Tx, person: &PersonId) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE person_id = $1").bind(person.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// A session as its person sees it among the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: SessionId,
    pub ip: String,
    pub user_agent: String,
    pub created_at: Moment,
    pub seen_at: Moment,
}

/// The sessions of a person that were used since one moment and began after another, the latest used first.
pub async fn list(
    c: &mut AnyConnection,
    person: &PersonId,
    used_since: Moment,
    begun_since: Moment,
) -> Result<Vec<Listed>> {
    let rows = sqlx::query(
        "SELECT id, ip, user_agent, created_at, seen_at FROM sessions
         WHERE person_id = $1 AND seen_at >= $2 AND created_at >= $3 ORDER BY seen_at DESC, id DESC LIMIT 100",
    )
    .bind(person.as_str())
    .bind(used_since.0)
    .bind(begun_since.0)
    .fetch_all(c)
    .await?;
    let listed = |row| {
        Ok(Listed {
            id: text(row, "id")?.into(),
            ip: text(row, "ip")?,
            user_agent: text(row, "user_agent")?,
            created_at: moment(row, "created_at")?,
            seen_at: moment(row, "seen_at")?,
        })
    };
    rows.iter().map(listed).collect()
}

/// Ends a session if it is this person's.
pub async fn delete_one_of(tx: &mut Tx, person: &PersonId, id: &SessionId) -> Result<bool> {
    let done = sqlx::query("DELETE FROM sessions WHERE id = $1 AND person_id = $2")
        .bind(id.as_str())
        .bind(person.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the sessions of a person, but for one; how many there were.
pub async fn delete_others_of(tx: &mut Tx, person: &PersonId, but: Option<&SessionId>) -> Result<u64> {
    let done = sqlx::query("DELETE FROM sessions WHERE person_id = $1 AND id <> $2")
        .bind(person.as_str())
        .bind(but.map_or("", |id| id.as_str()))
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected())
}

/// Throws away sessions that nobody has used since one moment, or that began before another.
pub async fn delete_stale(tx: &mut Tx, idle_since: Moment, begun_before: Moment) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE seen_at < $1 OR created_at < $2")
        .bind(idle_since.0)
        .bind(begun_before.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
