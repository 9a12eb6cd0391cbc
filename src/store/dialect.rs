//! In charge of the few places where SQLite and PostgreSQL must be spoken to differently, each under a name.

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

    /// The database's clock, in milliseconds, as an expression.
    pub(super) fn now_expression(self) -> &'static str {
        match self {
            Engine::Sqlite => "CAST(unixepoch('subsec') * 1000 AS BIGINT)",
            Engine::Postgres => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
        }
    }
}

/// What every SQLite connection begins with. FULL: what was acknowledged survives a power cut.
pub(super) async fn prepare_sqlite(c: &mut AnyConnection) -> super::Result<()> {
    for pragma in [
        "PRAGMA busy_timeout = 10000",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
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
