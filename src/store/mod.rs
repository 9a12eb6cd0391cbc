//! In charge of the database: every SQL statement of the house is in this folder, one file for each kind of thing.
//! The same statements run on SQLite and on PostgreSQL. Does not know why something is asked for, nor who asks.

pub mod alarms;
pub mod attachments;
pub mod attempts;
pub mod audit;
pub mod bounced_addresses;
pub mod calendars;
pub mod canned_answers;
pub mod capacity;
pub mod contacts;
pub mod deadlines;
mod dialect;
mod filter;
pub mod grants;
pub mod groups;
pub mod held_replies;
pub mod intake_mailboxes;
pub mod intake_mails;
pub mod keys;
pub mod links;
pub mod logins;
pub mod mailbox_list;
pub mod mailboxes;
mod migrate;
pub mod notices;
pub mod organizations;
pub mod outbox;
pub mod passwords;
pub mod pending_requests;
pub mod people;
pub mod refusals;
pub mod request_fields;
pub mod routing_rules;
mod row;
pub mod runs;
pub mod secrets;
pub mod sessions;
pub mod ticket_drafts;
pub mod ticket_duplicates;
pub mod ticket_list;
pub mod ticket_messages;
mod ticket_pieces;
pub mod ticket_presence;
pub mod ticket_relations;
pub mod tickets;
pub mod tokens;
pub mod turns;
pub mod views;
pub mod visits;
pub mod whole;

use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{AnyConnection, AnyPool, Connection};

pub use dialect::Engine;
pub use migrate::Schema;

/// True for a fault that passes or is the machine's: no connection, a lock that was not had, a full disk. What is left is about what
/// was to be written.
pub fn is_passing(fault: &sqlx::Error) -> bool {
    let sqlx::Error::Database(fault) = fault else { return true };
    let code = fault.code().unwrap_or_default();
    // PostgreSQL: connection, resources, rollback, lock, intervention (errcodes, appendix A); SQLite: busy, locked, I/O, full, open.
    let of_postgres =
        ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.len() == 5 && code.starts_with(class));
    let of_sqlite = code.parse::<i64>().is_ok_and(|code| code < 10_000 && [5, 6, 10, 13, 14].contains(&(code & 0xff)));
    of_postgres || of_sqlite
}

/// What the store answers with when the database fails.
pub type Result<T> = std::result::Result<T, sqlx::Error>;

/// A database: where to read, where to write.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    read: AnyPool,
    write: AnyPool,
    file: Option<PathBuf>,
}

/// A write in progress: all of it or nothing, and nothing until `commit`.
pub struct Tx {
    inner: sqlx::Transaction<'static, sqlx::Any>,
    engine: Engine,
}

impl Tx {
    /// Makes all that was done lasting.
    pub async fn commit(self) -> Result<()> {
        self.inner.commit().await
    }

    /// Which engine runs this.
    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }
}

impl std::ops::Deref for Tx {
    type Target = AnyConnection;
    fn deref(&self) -> &AnyConnection {
        &self.inner
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }
}

impl Db {
    /// The file that an address names; None when it is not that of an SQLite database.
    pub fn file_of(url: &str) -> Option<PathBuf> {
        url.strip_prefix("sqlite:").map(|path| path.trim_start_matches("//").into())
    }

    /// False when the address names a file that does not exist.
    pub fn is_there(url: &str) -> bool {
        Db::file_of(url).is_none_or(|path| path.is_file())
    }

    /// Opens the database of the address, making an empty SQLite file where there is none. Does not touch the schema.
    pub async fn open(url: &str) -> anyhow::Result<Db> {
        sqlx::any::install_default_drivers();
        if let Some(path) = Db::file_of(url) {
            if url.matches(':').count() > 1 || url.contains('?') || path.as_os_str().is_empty() {
                anyhow::bail!("the setting `database_url` must be sqlite:// and the path of a file, nothing else");
            }
            return Db::open_sqlite(&path).await;
        }
        let options = AnyConnectOptions::from_str(url).context("the setting `database_url` is not valid")?;
        let pool = AnyPoolOptions::new()
            .max_connections(20)
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(|c, _| Box::pin(async move { dialect::prepare_postgres(c).await }))
            .connect_with(options)
            .await
            .context("the database does not answer")?;
        Ok(Db { engine: Engine::Postgres, read: pool.clone(), write: pool, file: None })
    }

    async fn open_sqlite(path: &Path) -> anyhow::Result<Db> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
        // Made by us before SQLite does, so that only its owner can read it; what SQLite puts beside it takes the same mode.
        let made = std::fs::OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
        made.with_context(|| format!("the database {} cannot be opened", path.display()))?;
        // Said here: the pool would try again and again for as long as somebody may wait for a connection.
        if !dialect::is_sqlite(path).with_context(|| format!("the database {} cannot be read", path.display()))? {
            anyhow::bail!("the file {} is not an SQLite database", path.display());
        }
        let url = format!("sqlite://{}", path.display());
        let options = AnyConnectOptions::from_str(&url).context("the setting `database_url` is not valid")?;
        let pool = |most: u32| {
            AnyPoolOptions::new()
                .max_connections(most)
                .acquire_timeout(Duration::from_secs(20))
                .after_connect(|c, _| Box::pin(async move { dialect::prepare_sqlite(c).await }))
                .connect_with(options.clone())
        };
        let words = || format!("the database {} cannot be opened", path.display());
        // One writer: SQLite has one anyway, and a queue of ours is fairer than its busy timeout.
        let write = pool(1).await.with_context(words)?;
        let read = pool(8).await.with_context(words)?;
        Ok(Db { engine: Engine::Sqlite, read, write, file: Some(path.to_path_buf()) })
    }

    /// Brings the schema up to date. Refuses, with words, a database that a newer program has changed (X03).
    pub async fn migrate(&self) -> anyhow::Result<()> {
        migrate::run(&self.write, self.engine).await?;
        Ok(ticket_pieces::catch_up(self).await?)
    }

    /// How far the schema is. An error when the database does not answer.
    pub async fn schema(&self) -> anyhow::Result<Schema> {
        migrate::schema(&mut *self.read.acquire().await?, self.engine).await
    }

    /// True when the schema is this program's.
    pub async fn is_migrated(&self) -> bool {
        matches!(self.schema().await, Ok(Schema::Current))
    }

    /// A connection to read with.
    pub async fn read(&self) -> Result<PoolConnection<sqlx::Any>> {
        self.read.acquire().await
    }

    /// How many may read at once. Whoever holds one connection and waits for another waits for itself, when all do so.
    pub fn readers(&self) -> u32 {
        self.read.options().get_max_connections()
    }

    /// Begins a write. On SQLite it holds the one place of the writer until commit or drop.
    pub async fn begin(&self) -> Result<Tx> {
        let inner = self.write.begin_with(self.engine.begin_write()).await?;
        Ok(Tx { inner, engine: self.engine })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The file of an SQLite database.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Gives every connection back to the database.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
        // Of several that close at once each may take another for the last one, which is who puts everything into the file.
        if let Some(file) = self.file.as_deref().filter(|file| whole::has_rest(file))
            && let Ok(last) = sqlx::AnyConnection::connect(&format!("sqlite://{}", file.display())).await
        {
            let _ = last.close().await;
        }
    }
}

/// True when a write was refused because such a thing is already there.
pub fn is_taken(fault: &sqlx::Error) -> bool {
    fault.as_database_error().is_some_and(|fault| fault.is_unique_violation())
}
