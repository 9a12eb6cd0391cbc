//! In charge of the statements on who may open a mailbox (table `grants`).

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::row::{list as json, moment_or_none, text, words};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::grant::{Grant, Right};
use crate::model::id::{MailboxId, PersonId};

const COLUMNS: &str = "g.mailbox_id, g.person_id, g.rights, g.until";

fn read(row: &AnyRow) -> Result<Grant> {
    Ok(Grant {
        mailbox_id: text(row, "mailbox_id")?.into(),
        person_id: text(row, "person_id")?.into(),
        rights: words(row, "rights", Right::parse)?,
        until: moment_or_none(row, "until")?,
    })
}

/// The grants of a person that hold at a moment.
pub async fn of_person(c: &mut AnyConnection, person: &PersonId, now: Moment) -> Result<Vec<Grant>> {
    let sql = format!("SELECT {COLUMNS} FROM grants g WHERE g.person_id = $1 AND (g.until IS NULL OR g.until > $2)");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(person.as_str()).bind(now.0).fetch_all(c).await?;
    rows.iter().map(read).collect()
}

/// The grants on a mailbox, those that are over too, by the person's name, and that name with the address.
pub async fn of_mailbox(c: &mut AnyConnection, mailbox: &MailboxId) -> Result<Vec<(Grant, String, String)>> {
    let sql = format!(
        "SELECT {COLUMNS}, p.name, p.email FROM grants g JOIN persons p ON p.id = g.person_id WHERE g.mailbox_id = $1
         ORDER BY p.name_fold, p.id"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(mailbox.as_str()).fetch_all(c).await?;
    rows.iter().map(|row| Ok((read(row)?, text(row, "name")?, text(row, "email")?))).collect()
}

/// One person's grant on a mailbox.
pub async fn find(c: &mut AnyConnection, mailbox: &MailboxId, person: &PersonId) -> Result<Option<Grant>> {
    let sql = format!("SELECT {COLUMNS} FROM grants g WHERE g.mailbox_id = $1 AND g.person_id = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(mailbox.as_str()).bind(person.as_str()).fetch_optional(c);
    row.await?.as_ref().map(read).transpose()
}

/// Writes a grant, over the one that the person has on the mailbox.
pub async fn put(tx: &mut Tx, grant: &Grant, now: Moment) -> Result<()> {
    sqlx::query(
        "INSERT INTO grants (mailbox_id, person_id, rights, until, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (mailbox_id, person_id) DO UPDATE SET rights = excluded.rights, until = excluded.until",
    )
    .bind(grant.mailbox_id.as_str())
    .bind(grant.person_id.as_str())
    .bind(json(grant.rights.iter().map(|right| right.as_str())))
    .bind(grant.until.map(|at| at.0))
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes a grant away.
pub async fn delete(tx: &mut Tx, mailbox: &MailboxId, person: &PersonId) -> Result<()> {
    sqlx::query("DELETE FROM grants WHERE mailbox_id = $1 AND person_id = $2")
        .bind(mailbox.as_str())
        .bind(person.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
