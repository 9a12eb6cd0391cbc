//! In charge of the database as one thing: copying it, checking it, counting what is in it. Does not know what for.

use std::path::Path;

use sqlx::AnyConnection;

use super::{Db, Engine, Result};

/// How much there is of each kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub organizations: i64,
    pub people: i64,
    pub mailboxes: i64,
    pub audit_rows: i64,
}

/// Counts.
pub async fn counts(c: &mut AnyConnection) -> Result<Counts> {
    Ok(Counts {
        organizations: sqlx::query_scalar("SELECT COUNT(*) FROM organizations").fetch_one(&mut *c).await?,
        people: sqlx::query_scalar("SELECT COUNT(*) FROM persons").fetch_one(&mut *c).await?,
        mailboxes: sqlx::query_scalar("SELECT COUNT(*) FROM mailboxes").fetch_one(&mut *c).await?,
        audit_rows: sqlx::query_scalar("SELECT COUNT(*) FROM audit").fetch_one(&mut *c).await?,
    })
}

/// Writes a copy of an SQLite database to a path where nothing is, or an empty file: of one moment, while others read and write.
pub async fn copy(db: &Db, path: &Path) -> Result<()> {
    let mut c = db.read().await?;
    sqlx::query("VACUUM INTO $1").bind(path.display().to_string()).execute(&mut *c).await.map(drop)
}

/// What is wrong with the file of an SQLite database, in SQLite's words; None when nothing is. PostgreSQL looks after its own.
pub async fn wrong_pages(db: &Db) -> Result<Option<String>> {
    if db.engine() == Engine::Postgres {
        return Ok(None);
    }
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut *db.read().await?).await?;
    Ok((found != "ok").then_some(found))
}

/// True when something of an SQLite database is not in its file yet.
pub fn has_rest(file: &Path) -> bool {
    let mut rest = file.as_os_str().to_owned();
    rest.push("-wal");
    Path::new(&rest).exists()
}

/// The database's clock, in milliseconds since 1970.
pub async fn clock(db: &Db) -> Result<i64> {
    let sql = format!("SELECT {}", db.engine().now_expression());
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *db.read().await?).await
}
