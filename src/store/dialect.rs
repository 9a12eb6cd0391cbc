//! In charge of the few places where SQLite and PostgreSQL must be spoken to differently, each under a name.

use std::io::Read;
use std::path::Path;

use sqlx::AnyConnection;

/// Which database there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// How a write begins: on SQLite with the lock taken at once, since a later upgrade would fail instead of waiting.
    pub(super) fn begin_write(self) -> &'static str {
        match self {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        }
    }

    /// The tail of a reading that holds the rows until the write ends; SQLite has one writer.
    pub(super) fn for_update(self) -> &'static str {
        match self {
            Engine::Sqlite => "",
            Engine::Postgres => " FOR NO KEY UPDATE",
        }
    }

    /// The same, of those rows that nobody holds: the others are left out, and not waited for.
    pub(super) fn for_update_of_free(self) -> &'static str {
        match self {
            Engine::Sqlite => "",
            Engine::Postgres => " FOR NO KEY UPDATE SKIP LOCKED",
        }
    }

    /// The tail of a read that holds off whoever changes the row until the write ends; SQLite has one writer.
    pub(super) fn for_share(self) -> &'static str {
        match self {
            Engine::Sqlite => "",
            Engine::Postgres => " FOR SHARE",
        }
    }

    /// The tail of a reading whose rows must still be there when the write ends; SQLite has one writer.
    pub(super) fn for_key_share(self) -> &'static str {
        match self {
            Engine::Sqlite => "",
            Engine::Postgres => " FOR KEY SHARE",
        }
    }

    /// The database's clock, in milliseconds, as an expression.
    pub(super) fn now_expression(self) -> &'static str {
        match self {
            Engine::Sqlite => "CAST(unixepoch('subsec') * 1000 AS BIGINT)",
            Engine::Postgres => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
        }
    }
}

/// True for a file of SQLite, by its first bytes (sqlite.org/fileformat.html, 1.3), and for an empty one, which becomes one.
pub(super) fn is_sqlite(path: &Path) -> std::io::Result<bool> {
    const MAGIC: &[u8; 16] = b"SQLite format 3\0";
    let mut first = Vec::with_capacity(MAGIC.len());
    std::fs::File::open(path)?.take(MAGIC.len() as u64).read_to_end(&mut first)?;
    Ok(first.is_empty() || first == MAGIC)
}

/// What every SQLite connection begins with. FULL: what was acknowledged survives a power cut. secure_delete: what is deleted is
/// written over with zeros, so that the sealed password of a removed mailbox does not stay in the file (H25).
pub(super) async fn prepare_sqlite(c: &mut AnyConnection) -> super::Result<()> {
    for pragma in [
        "PRAGMA busy_timeout = 10000",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        "PRAGMA secure_delete = ON",
    ] {
        sqlx::query(pragma).fetch_all(&mut *c).await?;
    }
    Ok(())
}

/// What every PostgreSQL connection begins with: no statement, no wait for a lock and no half-done write without an end. A node
/// that stands still in the middle of a write would keep all others from theirs.
pub(super) async fn prepare_postgres(c: &mut AnyConnection) -> super::Result<()> {
    for setting in [
        "SET statement_timeout = '30s'",
        "SET lock_timeout = '10s'",
        "SET idle_in_transaction_session_timeout = '15s'",
        "SET client_min_messages = warning",
    ] {
        sqlx::query(setting).execute(&mut *c).await?;
    }
    Ok(())
}
