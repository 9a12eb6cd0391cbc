//! In charge of the statements on one-time links (table `links`).

use sqlx::AnyConnection;

use super::row::{flag, get, word};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::PersonId;

/// What a link lets its bearer do, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Make the first administrator.
    FirstAdmin,
    /// Choose a password.
    SetPassword,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Purpose::FirstAdmin => "first_admin",
            Purpose::SetPassword => "set_password",
        }
    }

    fn parse(word: &str) -> Option<Purpose> {
        [Purpose::FirstAdmin, Purpose::SetPassword].into_iter().find(|known| known.as_str() == word)
    }
}

/// A link that can still be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub purpose: Purpose,
    /// Absent for the first administrator, who does not exist yet.
    pub person_id: Option<PersonId>,
    /// It went by mail to the person's address, and nowhere else.
    pub is_mailed: bool,
    /// Somebody asked for it without being logged in.
    pub is_asked: bool,
}

/// Makes the links of the same purpose and person worth nothing; for one that a stranger may have asked for, only those asked so.
pub async fn use_up_like(tx: &mut Tx, link: &Link, now: Moment) -> Result<()> {
    let person = link.person_id.as_ref().map(|id| id.as_str().to_string());
    sqlx::query(
        "UPDATE links SET used_at = $3 WHERE purpose = $1 AND used_at IS NULL AND asked >= $4
         AND (person_id = $2 OR (person_id IS NULL AND CAST($2 AS TEXT) IS NULL))",
    )
    .bind(link.purpose.as_str())
    .bind(person)
    .bind(now.0)
    .bind(i64::from(link.is_asked))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes a new link.
pub async fn insert(tx: &mut Tx, link: &Link, token_hash: &str, now: Moment, expires: Moment) -> Result<()> {
    let person = link.person_id.as_ref().map(|id| id.as_str().to_string());
    sqlx::query(
        "INSERT INTO links (token_hash, purpose, person_id, created_at, expires_at, mailed, asked)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(token_hash)
    .bind(link.purpose.as_str())
    .bind(person)
    .bind(now.0)
    .bind(expires.0)
    .bind(i64::from(link.is_mailed))
    .bind(i64::from(link.is_asked))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The link of a hash, when it is neither used nor expired.
pub async fn find(c: &mut AnyConnection, token_hash: &str, now: Moment) -> Result<Option<Link>> {
    let row = sqlx::query(
        "SELECT purpose, person_id, mailed, asked FROM links WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(token_hash)
    .bind(now.0)
    .fetch_optional(c)
    .await?;
    row.map(|row| {
        Ok(Link {
            purpose: word(&row, "purpose", Purpose::parse)?,
            person_id: get::<Option<String>>(&row, "person_id")?.map(PersonId::from),
            is_mailed: flag(&row, "mailed")?,
            is_asked: flag(&row, "asked")?,
        })
    })
    .transpose()
}

/// Uses a link up. False when somebody was quicker or it has expired.
pub async fn use_up(tx: &mut Tx, token_hash: &str, now: Moment) -> Result<bool> {
    let done =
        sqlx::query("UPDATE links SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2")
            .bind(token_hash)
            .bind(now.0)
            .execute(&mut **tx)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes the links of a person worth nothing.
pub async fn use_up_of(tx: &mut Tx, person: &PersonId, now: Moment) -> Result<()> {
    sqlx::query("UPDATE links SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL")
        .bind(person.as_str())
        .bind(now.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
