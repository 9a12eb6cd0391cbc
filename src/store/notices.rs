//! In charge of the statements on mails that people do not want (table `notices_off`).

use sqlx::AnyConnection;

use super::row::word;
use super::{Result, Tx};
use crate::model::id::PersonId;
use crate::model::ticket::NoticeKind;

/// The kinds that a person has turned off.
pub async fn off(c: &mut AnyConnection, person: &PersonId) -> Result<Vec<NoticeKind>> {
    let rows = sqlx::query("SELECT kind FROM notices_off WHERE person_id = $1 ORDER BY kind")
        .bind(person.as_str())
        .fetch_all(c)
        .await?;
    rows.iter().map(|row| word(row, "kind", NoticeKind::parse)).collect()
}

/// Writes which kinds are off, over what was.
pub async fn put_off(tx: &mut Tx, person: &PersonId, kinds: &[NoticeKind]) -> Result<()> {
    sqlx::query("DELETE FROM notices_off WHERE person_id = $1").bind(person.as_str()).execute(&mut **tx).await?;
    for kind in kinds {
        sqlx::query("INSERT INTO notices_off (person_id, kind) VALUES ($1, $2)")
            .bind(person.as_str())
            .bind(kind.as_str())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}
