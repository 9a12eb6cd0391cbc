//! In charge of the commands `backup` and `restore` (X02): the same counts and the same mailboxes come back, never the key.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::json;
use sportello::model::person::Role;
use sqlx::{AssertSqlSafe, Connection};

use crate::support::app::{Setup, TestApp};
use crate::support::binary::{Said, run};
use crate::support::database::TestDatabase;
use crate::support::mail::MailServer;
use crate::support::root;

/// What lies in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "sportello.log")
        .collect();
    names.sort();
    names
}

/// The lines that count, without those on key and trace.
fn counts(said: &Said) -> Vec<String> {
    said.out.lines().take(4).map(String::from).collect()
}

/// A backup of a small installation, made by the program; the installation is stopped.
async fn one_backup() -> (std::sync::Arc<TestDatabase>, String) {
    let database = TestApp::start().await.end().await;
    let archive = database.folder.path().join("copy.tar").to_str().unwrap().to_string();
    run(&database, &["backup", &archive]).await.well();
    (database, archive)
}

#[tokio::test]
async fn what_is_backed_up_while_the_server_runs_comes_back_and_its_mailboxes_open() {
    let server = MailServer::get();
    let accounts = [server.account("Zanzara-9931").await, server.account("altra").await];
    let app = TestApp::with_mail().await;
    if !app.database.is_file() {
        return for_postgres(&app.database).await;
    }
    let (_, api) = app.dario().await;
    app.organization("c_a111", "Comune di Borgo Solare").await;
    let ids = [accounts[0].watched(&api).await, accounts[1].watched(&api).await];
    let folder = app.database.folder.path();
    run(&app.database, &["key", "rotate"]).await.well();
    let key = std::fs::read(folder.join("master.key")).unwrap();
    std::fs::create_dir_all(folder.join("files/ab")).unwrap();
    std::fs::write(folder.join("files/ab/01"), b"an attachment").unwrap();
    let archive = folder.join("copy.tar").to_str().unwrap().to_string();

    // Somebody writes all the while.
    let put = async {
        for _ in 0..5 {
            let body = json!({"password": accounts[0].password});
            api.put(&format!("/mailboxes/{}/password", ids[0]), body).await.expect(200);
        }
    };
    let back_up = async || run(&app.database, &["backup", &archive]).await;
    let (made, ()) = tokio::join!(back_up(), put);
    let made = made.well();
    assert_eq!(counts(&made)[..3], ["organizations: 1", "people: 1", "mailboxes: 2"]);
    assert_eq!(std::fs::metadata(&archive).unwrap().permissions().mode() & 0o777, 0o600);
    let bytes = std::fs::read(&archive).unwrap();
    for file in ["master.key", "master.key.old"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let raw = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text.trim()).unwrap();
        for form in [text.trim().as_bytes(), &raw, hex::encode(&raw).as_bytes(), file.as_bytes()] {
            assert!(!bytes.windows(form.len()).any(|window| window == form), "{file} is in the backup");
        }
    }
    assert!(!names(folder).iter().any(|name| name.starts_with(".sportello")), "nothing unfinished is left");
    let _source = app.end().await;

    let elsewhere = std::sync::Arc::new(TestDatabase::new().await);
    std::fs::write(elsewhere.folder.path().join("master.key"), key).unwrap();
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(elsewhere.folder.path().join("master.key"), private).unwrap();
    let restored = run(&elsewhere, &["restore", &archive]).await.well();
    assert_eq!(counts(&restored), counts(&made));
    let rest: Vec<&str> = restored.out.lines().skip(4).collect();
    assert!(rest[0] == "key: opens" && rest[1].ends_with("rows, the chain holds"), "{restored:?}");
    assert_eq!(std::fs::read(elsewhere.folder.path().join("files/ab/01")).unwrap(), b"an attachment");
    let file = elsewhere.folder.path().join("sportello.db");
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o077, 0);
    assert!(!names(elsewhere.folder.path()).iter().any(|name| name.starts_with(".sportello")));

    let app = Setup::on(elsewhere).mail(server).jobs().start().await;
    let api = app.api(&app.person(Role::RegionalAdmin, "another", None).await).await;
    for id in &ids {
        assert_eq!(api.refreshed(id).await["status"], "ok");
    }
    app.end().await;
}

async fn for_postgres(database: &TestDatabase) {
    run(database, &["backup", "copy.tar"]).await.refused("pg_dump --format=custom --file=copy.tar");
    run(database, &["restore", "copy.tar"]).await.refused("pg_restore");
    assert!(!database.folder.path().join("copy.tar").exists());
}

#[tokio::test]
async fn nothing_that_is_there_is_written_over() {
    let database = TestDatabase::new().await;
    if !database.is_file() {
        return for_postgres(&database).await;
    }
    run(&database, &["backup", "copy.tar"]).await.refused("there is no database at");
    assert_eq!(names(database.folder.path()), Vec::<String>::new(), "nothing is made");
    let (database, archive) = one_backup().await;
    let before = std::fs::read(&archive).unwrap();
    run(&database, &["backup", &archive]).await.refused("is there already");
    assert_eq!(std::fs::read(&archive).unwrap(), before);
    run(&database, &["backup", "nowhere/copy.tar"]).await.refused("nowhere");
    run(&database, &["restore", &archive]).await.refused("sportello.db is there already");
    let elsewhere = TestDatabase::new().await;
    for left in ["sportello.db-wal", "files"] {
        let left = elsewhere.folder.path().join(left);
        std::fs::create_dir(&left).unwrap();
        run(&elsewhere, &["restore", &archive]).await.refused("is there already");
        std::fs::remove_dir(&left).unwrap();
    }
    assert_eq!(names(elsewhere.folder.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_restore_without_the_key_says_so_and_makes_none() {
    let database = TestDatabase::new().await;
    if !database.is_file() {
        return for_postgres(&database).await;
    }
    let (source, archive) = one_backup().await;
    let said = run(&database, &["restore", &archive]).await.well();
    assert!(said.out.contains("key: missing") && said.err.contains("put the key file back"), "{said:?}");
    let key = database.folder.path().join("master.key");
    assert!(!key.exists());
    std::fs::copy(source.folder.path().join("master.key"), &key).unwrap();
    let said = run(&database, &["audit", "verify"]).await.well();
    assert!(said.out.contains("the chain holds"));

    let third = TestDatabase::new().await;
    run(&third, &["migrate"]).await.well();
    run(&third, &["user", "add", "--email", "x@example.org", "--name", "X", "--role", "operator"]).await.well();
    for file in names(third.folder.path()).iter().filter(|name| name.starts_with("sportello.db")) {
        std::fs::remove_file(third.folder.path().join(file)).unwrap();
    }
    let said = run(&third, &["restore", &archive]).await;
    assert!(said.code == Some(1) && said.out.contains("key: another"), "{said:?}");
    assert!(said.err.contains("is not the one this database is sealed by"), "{said:?}");
}

#[tokio::test]
async fn what_is_not_a_good_backup_is_refused_and_leaves_nothing() {
    let database = TestDatabase::new().await;
    if !database.is_file() {
        return for_postgres(&database).await;
    }
    let (source, archive) = one_backup().await;
    let whole = std::fs::read(&archive).unwrap();
    let spoiled = source.folder.path().join("spoiled.tar");
    let refused = async |bytes: &[u8], words: &str| {
        std::fs::write(&spoiled, bytes).unwrap();
        run(&database, &["restore", spoiled.to_str().unwrap()]).await.refused(words);
        assert_eq!(names(database.folder.path()), Vec::<String>::new(), "{words}");
    };
    run(&database, &["restore", "nowhere.tar"]).await.refused("cannot be opened");
    refused(b"", "is not a backup of Sportello").await;
    refused(b"PK\x03\x04 something else", "is not a backup of Sportello").await;
    refused(&whole[..whole.len() / 2], "is not a backup of Sportello").await;
    let mut no_database = whole.clone();
    no_database[512..612].fill(b'x');
    refused(&no_database, "spoiled.tar cannot be restored").await;
    let mut broken_page = whole.clone();
    broken_page[512 + 4096..512 + 3 * 4096].fill(0xa5);
    refused(&broken_page, "spoiled.tar cannot be restored").await;

    source.execute("CREATE TABLE x (y BIGINT)").await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    source.execute(newer).await;
    std::fs::remove_file(&archive).unwrap();
    run(&source, &["backup", &archive]).await.well();
    refused(&std::fs::read(&archive).unwrap(), "this program is older than the database").await;
}

#[tokio::test]
async fn an_older_backup_is_brought_up_to_date() {
    let database = TestDatabase::new().await;
    if !database.is_file() {
        return for_postgres(&database).await;
    }
    let (source, _) = one_backup().await;
    // A database as the first step of the schema left it, with one person in it.
    let old = TestDatabase::new().await;
    std::fs::write(old.folder.path().join("sportello.db"), b"").unwrap();
    let mut c = old.connect().await;
    let from = source.folder.path().join("sportello.db");
    let first = std::fs::read_to_string(root().join("migrations/0001_people.sql")).unwrap();
    let attach = format!("ATTACH '{}' AS newer", from.display());
    for sql in [
        attach.as_str(),
        "CREATE TABLE _sqlx_migrations AS SELECT * FROM newer._sqlx_migrations WHERE version = 1",
        "DETACH newer",
        &first,
        "INSERT INTO persons (id, email, email_fold, name, name_fold, role, level, areas, restricted_to_groups, active, language,
         created_at, updated_at) VALUES ('1', 'a@x.it', 'a@x.it', 'A', 'a', 'operator', 1, '[]', 0, 1, 'it', 0, 0)",
    ] {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut c).await.expect(sql);
    }
    c.close().await.unwrap();
    // This version's `backup` counts in today's tables, so the archive is made as that version would have made it.
    let archive = old.folder.path().join("old.tar");
    let nowhere = old.folder.path().join("nowhere");
    sportello::files::archive::write(&archive, &old.folder.path().join("sportello.db"), &nowhere).unwrap();
    let said = run(&database, &["restore", archive.to_str().unwrap()]).await.well();
    assert_eq!(counts(&said)[..3], ["organizations: 0", "people: 1", "mailboxes: 0"]);
    run(&database, &["audit", "verify"]).await.well();
}
