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
pub async fn insert(tx: &mut Tx, session: &Session, token_hash: &str, person: &PersonId, ip: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO sessions (id, token_hash, person_id, csrf, ip, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(session.id.as_str())
    .bind(token_hash)
    .bind(person.as_str())
    .bind(&session.csrf)
    .bind(ip)
    .bind(session.created_at.0)
    .bind(session.seen_at.0)
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

/// Throws away sessions that nobody has used since one moment, or that began before another.
pub async fn delete_stale(tx: &mut Tx, idle_since: Moment, begun_before: Moment) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE seen_at < $1 OR created_at < $2")
        .bind(idle_since.0)
        .bind(begun_before.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
