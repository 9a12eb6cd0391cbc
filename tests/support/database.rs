//! In charge of one throw-away database for each test: an SQLite file in a folder of its own, or a PostgreSQL database.

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use tempfile::TempDir;

use super::until;

/// A database and the folder of the installation around it; both are gone with it.
pub struct TestDatabase {
    pub url: String,
    pub folder: TempDir,
    /// The server's own address and the name of our database on it.
    on_server: Option<(String, String)>,
}

impl TestDatabase {
    /// An empty one, on SQLite unless `TEST_DATABASE_URL` says where a PostgreSQL is.
    pub async fn new() -> TestDatabase {
        sqlx::any::install_default_drivers();
        let folder = tempfile::tempdir().expect("a folder for the test");
        let Some(server) = std::env::var("TEST_DATABASE_URL").ok().filter(|url| url.starts_with("postgres")) else {
            let url = format!("sqlite://{}", folder.path().join("sportello.db").display());
            return TestDatabase { url, folder, on_server: None };
        };
        let name = format!("test_{}", uuid::Uuid::now_v7().simple());
        run(&server, &format!("CREATE DATABASE {name}")).await;
        let (before, _) = server.rsplit_once('/').expect("the address ends with a database");
        TestDatabase { url: format!("{before}/{name}"), folder, on_server: Some((server, name)) }
    }

    /// True on SQLite.
    pub fn is_file(&self) -> bool {
        self.on_server.is_none()
    }

    /// A connection beside the program: somebody who can write SQL.
    pub async fn connect(&self) -> AnyConnection {
        AnyConnection::connect(&self.url).await.expect("the test's own connection")
    }

    /// Runs a statement beside the program. Gives the number of rows it touched.
    pub async fn execute(&self, sql: &str) -> u64 {
        let mut c = self.connect().await;
        let done = sqlx::query(AssertSqlSafe(sql)).execute(&mut c).await.expect(sql);
        c.close().await.expect("closed");
        done.rows_affected()
    }

    /// The numbers of a statement's first column.
    pub async fn numbers(&self, sql: &str) -> Vec<i64> {
        let mut c = self.connect().await;
        let numbers = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut c).await.expect(sql);
        c.close().await.expect("closed");
        numbers
    }

    /// The one number that a statement gives.
    pub async fn number(&self, sql: &str) -> i64 {
        let numbers = self.numbers(sql).await;
        assert_eq!(numbers.len(), 1, "{sql}");
        numbers[0]
    }

    /// Until somebody waits for a lock of ours (PostgreSQL).
    pub async fn somebody_waits(&self) {
        let waiting =
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        until("somebody waits", async || (self.number(waiting).await > 0).then_some(())).await;
    }

    /// The texts of a statement's first column.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let mut c = self.connect().await;
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut c).await.expect(sql);
        c.close().await.expect("closed");
        rows.iter().map(|row| row.get::<String, _>(0)).collect()
    }

    /// Every table of the program.
    pub async fn tables(&self) -> Vec<String> {
        let sql = match self.is_file() {
            true => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
            false => "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'",
        };
        self.texts(sql).await
    }

    /// Every row of a table as one text, with bytes in hexadecimal.
    pub async fn dump(&self, table: &str) -> String {
        let columns = match self.is_file() {
            true => format!("SELECT name || ':' || type FROM pragma_table_info('{table}')"),
            false => format!(
                "SELECT CAST(column_name AS TEXT) || ':' || CAST(data_type AS TEXT) FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name = '{table}'"
            ),
        };
        let columns = self.texts(&columns).await;
        assert!(!columns.is_empty(), "{table} has no columns");
        let read = columns.iter().map(|column| {
            let (name, kind) = column.split_once(':').expect("name and type");
            match (kind.to_ascii_uppercase().as_str(), self.is_file()) {
                ("BYTEA" | "BLOB", true) => format!("COALESCE(hex({name}), '')"),
                ("BYTEA" | "BLOB", false) => format!("COALESCE(encode({name}, 'hex'), '')"),
                _ => format!("COALESCE(CAST({name} AS TEXT), '')"),
            }
        });
        let sql = format!("SELECT {} FROM {table}", read.collect::<Vec<_>>().join(" || ' | ' || "));
        self.texts(&sql).await.join("\n")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((server, name)) = self.on_server.take() else { return };
        // Beside the test's runtime, which may be ending.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(run(&server, &format!("DROP DATABASE {name} WITH (FORCE)")));
        });
        if dropping.join().is_err() && !std::thread::panicking() {
            panic!("the test's database could not be dropped");
        }
    }
}

async fn run(server: &str, sql: &str) {
    let mut c = AnyConnection::connect(server).await.expect("the database server answers");
    sqlx::query(AssertSqlSafe(sql)).execute(&mut c).await.expect(sql);
    c.close().await.expect("closed");
}
