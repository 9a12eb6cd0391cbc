//! In charge of the schema: the numbered files of `migrations/`, carried inside the binary, forward only.

use anyhow::{Context, bail};
use include_dir::{Dir, include_dir};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AnyPool};

use super::Engine;

static FILES: Dir = include_dir!("$CARGO_MANIFEST_DIR/migrations");

/// The migrations in order. A file is called `NNNN_what.sql`, or `NNNN_what.sqlite.sql` and `NNNN_what.postgres.sql` where the
/// engines must be spoken to differently.
fn migrations(engine: Engine) -> anyhow::Result<Vec<Migration>> {
    let mut all = Vec::new();
    for file in FILES.files() {
        let name = file.path().file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let name = match (name.rsplit_once('.'), engine) {
            (None, _) => name,
            (Some((name, "sqlite")), Engine::Sqlite) | (Some((name, "postgres")), Engine::Postgres) => name,
            (Some(_), _) => continue,
        };
        let (number, what) = name.split_once('_').with_context(|| format!("migrations/{name} has no number"))?;
        let sql = file.contents_utf8().with_context(|| format!("migrations/{name} is not text"))?;
        let sql = sqlx::SqlSafeStr::into_sql_str(sql);
        all.push(Migration::new(number.parse()?, what.replace('_', " ").into(), MigrationType::Simple, sql, false));
    }
    all.sort();
    Ok(all)
}

/// Brings the database up to date, one transaction for each file.
pub(super) async fn run(pool: &AnyPool, engine: Engine) -> anyhow::Result<()> {
    match Migrator::with_migrations(migrations(engine)?).run(pool).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(version)) => bail!(
            "this program is older than the database: its schema has step {version}, which this program does not know. \
             Start the newer program, or restore a backup made before the upgrade"
        ),
        Err(MigrateError::VersionMismatch(version)) => {
            bail!(
                "step {version} of the database's schema is not the one this program knows: it must not be used with it"
            )
        }
        Err(fault) => Err(fault).context("the database's schema cannot be brought up to date"),
    }
}

/// How far a database's schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// There is none of ours.
    None,
    /// These are the last step done and the last that this program knows.
    Older(i64, i64),
    Current,
    /// A newer program has been here.
    Newer(i64, i64),
}

/// Compares the last step done with the last one this program knows.
pub(super) async fn schema(c: &mut AnyConnection, engine: Engine) -> anyhow::Result<Schema> {
    let known = migrations(engine)?.last().map_or(0, |last| last.version);
    let last = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(c).await;
    let last: Option<i64> = match last {
        // No such table: nobody has begun.
        Err(sqlx::Error::Database(_)) => None,
        last => last?,
    };
    Ok(match last {
        None => Schema::None,
        Some(last) if last < known => Schema::Older(last, known),
        Some(last) if last > known => Schema::Newer(last, known),
        Some(_) => Schema::Current,
    })
}
