//! In charge of what is promised about rotations of the master key: whatever is killed, spoiled or done at the same time,
//! passwords open, the trace holds, and nothing is ever sealed by a retired key (C06).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use sportello::files::key_file;
use sportello::hub::rotation::Rotated;
use sportello::key::MasterKey;
use sportello::model::person::Role;
use sportello::model::trace::Actor;
use sqlx::Connection;

use crate::support::app::{Setup, TestApp};
use crate::support::binary::{self, run};
use crate::support::client::Api;
use crate::support::database::TestDatabase;
use crate::support::mail::MailServer;

fn key_path(database: &TestDatabase) -> PathBuf {
    database.folder.path().join("master.key")
}

fn id_in(path: &Path) -> Option<String> {
    key_file::read(path).unwrap().map(|key| key.id())
}

async fn id_in_database(database: &TestDatabase) -> String {
    database.texts("SELECT key_id FROM key_state").await.remove(0)
}

async fn rotations(database: &TestDatabase) -> i64 {
    database.number("SELECT COUNT(*) FROM audit WHERE action = 'key.rotated'").await
}

/// The key that the database names is in its place, and nothing is left half done.
async fn is_settled(database: &TestDatabase) {
    let path = key_path(database);
    assert_eq!(id_in(&path), Some(id_in_database(database).await));
    assert!(!key_file::new_path(&path).exists());
}

/// An installation with one watched mailbox, stopped.
async fn stopped() -> (Arc<TestDatabase>, String) {
    let account = MailServer::get().account("prima della rotazione").await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let id = account.watched(&api).await;
    (app.end().await, id)
}

/// The API as one more administrator.
async fn another(app: &TestApp) -> Api {
    let name = format!("admin-{}", uuid::Uuid::now_v7().simple());
    app.api(&app.person(Role::RegionalAdmin, &name, None).await).await
}

/// Starts the program and has the mailbox visited: its password opens and is the right one.
async fn opens(database: &Arc<TestDatabase>, id: &str) {
    let app = Setup::on(database.clone()).mail(MailServer::get()).jobs().start().await;
    assert_eq!(another(&app).await.refreshed(id).await["status"], "ok");
    app.end().await;
}

#[tokio::test]
async fn a_running_program_follows_three_rotations_made_by_another() {
    let server = MailServer::get();
    let account = server.account("Zanzara-9931").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let first = account.watched(&api).await;
    let add = ["user", "add", "--email", "anna@example.org", "--name", "Anna", "--role", "operator"];
    let link = run(&app.database, &add).await.well().out;
    let mut seen = vec![id_in(&key_path(&app.database))];
    for round in 1..=3 {
        let said = run(&app.database, &["key", "rotate"]).await.well();
        assert_eq!(said.out, format!("{round} passwords sealed by the new key\n"));
        is_settled(&app.database).await;
        let now = id_in(&key_path(&app.database));
        assert!(!seen.contains(&now));
        assert_eq!(id_in(&key_file::old_path(&key_path(&app.database))), *seen.last().unwrap());
        seen.push(now);
        app.visitor().get("/readyz").await.expect(200);
        assert_eq!(api.refreshed(&first).await["status"], "ok");
        app.browser(&dario).await.get(&format!("/caselle/{first}")).await.expect(200);
        let added = server.account("aggiunta dopo").await.watched(&api).await;
        assert_eq!(api.refreshed(&added).await["status"], "ok");
        let put = api.put(&format!("/mailboxes/{first}/password"), json!({"password": account.password})).await;
        assert_eq!(put.expect(200).json()["status"], "ok");
    }
    let path = link.trim().strip_prefix("http://127.0.0.1:8000").expect("an address of ours");
    app.visitor().get(path).await.expect(200);
    let told = app.database.texts("SELECT actor || ' ' || detail FROM audit WHERE action = 'key.rotated'").await;
    assert!(told.len() == 3 && told.iter().all(|row| row.starts_with("cli:")), "{told:?}");
    let database = app.end().await;
    run(&database, &["audit", "verify"]).await.well();
    opens(&database, &first).await;
}

#[tokio::test]
async fn what_was_sealed_before_a_rotation_does_not_open_after_it() {
    let (database, id) = stopped().await;
    let before = database.texts("SELECT key_id FROM key_state").await.remove(0);
    let copies = [
        "CREATE TABLE stolen_secrets AS SELECT * FROM mailbox_secrets",
        "CREATE TABLE stolen_state AS SELECT * FROM key_state",
    ];
    for copy in copies {
        database.execute(copy).await;
    }
    run(&database, &["key", "rotate"]).await.well();
    // A row of the old backup put back does not open, and is told.
    database
        .execute("UPDATE mailbox_secrets SET sealed_credentials = (SELECT sealed_credentials FROM stolen_secrets)")
        .await;
    let app = Setup::on(database.clone()).mail(MailServer::get()).jobs().start().await;
    let api = another(&app).await;
    assert_eq!(api.refreshed(&id).await["status"], "secret_unreadable");
    app.end().await;
    // The whole old database does not start with the new key; the words name the file that opens it.
    let columns =
        "key_id = (SELECT key_id FROM stolen_state), sealed_canary = (SELECT sealed_canary FROM stolen_state)";
    database.execute(&format!("UPDATE key_state SET {columns}")).await;
    let said = run(&database, &["audit", "verify"]).await.refused("is not the one this database is sealed by");
    assert!(said.err.contains("master.key.old is the one"), "{said:?}");
    assert_eq!(id_in(&key_file::old_path(&key_path(&database))), Some(before));
}

#[tokio::test]
async fn a_rotation_killed_before_its_transaction_was_not_made() {
    let (database, id) = stopped().await;
    let (path, before) = (key_path(&database), id_in_database(&database).await);
    for half_written in [false, true] {
        match half_written {
            true => binary_write(&key_file::new_path(&path), "q83vEjRWeJ"),
            false => key_file::propose(&path, &MasterKey::generate()).unwrap(),
        }
        run(&database, &["audit", "verify"]).await.well();
        is_settled(&database).await;
        assert_eq!(id_in_database(&database).await, before);
    }
    // The same before a rotation instead of a start, with a key that cannot even be read.
    let app = Setup::on(database.clone()).build().await.unwrap();
    binary_write(&key_file::new_path(&path), "");
    let rotated = sportello::hub::rotation::rotate(&app, &Actor::system()).await.unwrap();
    assert_eq!((rotated.secrets, rotated.unreadable), (1, vec![]));
    app.db.close().await;
    is_settled(&database).await;
    assert_ne!(id_in_database(&database).await, before);
    opens(&database, &id).await;
}

fn binary_write(path: &Path, text: &str) {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.unwrap().write_all(text.as_bytes()).unwrap();
}

#[tokio::test]
async fn a_rotation_killed_after_its_transaction_is_finished_by_whoever_comes_next() {
    let (database, id) = stopped().await;
    let path = key_path(&database);
    let (new, old) = (key_file::new_path(&path), key_file::old_path(&path));
    for (moved, by) in [(false, "audit"), (true, "audit"), (false, "key"), (true, "key")] {
        // The old file cannot take a folder's place: the rotation ends where a kill after the COMMIT would have ended it.
        let before = id_in(&path);
        let _ = std::fs::remove_file(&old);
        std::fs::create_dir_all(old.join("in the way")).unwrap();
        run(&database, &["key", "rotate"]).await.refused("the next start moves it");
        std::fs::remove_dir_all(&old).unwrap();
        assert_eq!(id_in(&path), before);
        assert_eq!(id_in(&new), Some(id_in_database(&database).await));
        if moved {
            std::fs::rename(&path, &old).unwrap();
        }
        match by {
            "audit" => run(&database, &["audit", "verify"]).await.well(),
            _ => run(&database, &["key", "rotate"]).await.well(),
        };
        is_settled(&database).await;
        opens(&database, &id).await;
    }
    assert_eq!(rotations(&database).await, 6);
}

#[tokio::test]
async fn a_missing_key_is_not_made_up_from_one_that_seals_nothing() {
    let (database, _) = stopped().await;
    let path = key_path(&database);
    std::fs::rename(&path, path.with_extension("away")).unwrap();
    key_file::propose(&path, &MasterKey::generate()).unwrap();
    run(&database, &["audit", "verify"]).await.refused("is missing");
    assert!(!path.exists() && key_file::new_path(&path).exists(), "nothing is moved, nothing is thrown away");
    std::fs::rename(path.with_extension("away"), &path).unwrap();
    run(&database, &["audit", "verify"]).await.well();
    is_settled(&database).await;
}

#[tokio::test]
async fn rotations_killed_at_any_moment_leave_an_installation_that_starts() {
    let (database, id) = stopped().await;
    let path = key_path(&database);
    let mut killed = 0;
    for attempt in 0..12u32 {
        let mut command = binary::sportello(&database);
        command.args(["key", "rotate"]).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut child = command.spawn().unwrap();
        let new = key_file::new_path(&path);
        // Killed at various moments after the new key has appeared.
        let code = tokio::task::spawn_blocking(move || {
            let ends = Instant::now() + crate::support::PATIENCE;
            while !new.exists() && child.try_wait().unwrap().is_none() {
                assert!(Instant::now() < ends, "the new key never came");
                std::thread::yield_now();
            }
            let appeared = Instant::now();
            while appeared.elapsed() < Duration::from_millis(2) * attempt {
                std::thread::yield_now();
            }
            child.kill().unwrap();
            child.wait().unwrap().code()
        });
        killed += i32::from(code.await.unwrap().is_none());
        run(&database, &["audit", "verify"]).await.well();
        is_settled(&database).await;
    }
    assert!(killed > 0, "at least the first died on its way");
    opens(&database, &id).await;
}

#[tokio::test]
async fn rotations_at_once_and_passwords_put_meanwhile_do_not_harm_each_other() {
    let server = MailServer::get();
    let accounts = [server.account("uno").await, server.account("due").await];
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let ids = [accounts[0].watched(&api).await, accounts[1].watched(&api).await];
    let put = async |at: usize| {
        for _ in 0..6 {
            let body = json!({"password": accounts[at].password});
            let put = api.put(&format!("/mailboxes/{}/password", ids[at]), body).await;
            assert_eq!(put.expect(200).json()["status"], "ok");
        }
    };
    let rotate = async || run(&app.database, &["key", "rotate"]).await.well();
    let here = async || sportello::hub::rotation::rotate(&app.app, &Actor::system()).await.unwrap();
    tokio::join!(put(0), put(1), rotate(), rotate(), here());
    is_settled(&app.database).await;
    assert_eq!(rotations(&app.database).await, 3);
    for id in &ids {
        assert_eq!(api.refreshed(id).await["status"], "ok");
    }
    let database = app.end().await;
    opens(&database, &ids[0]).await;
    opens(&database, &ids[1]).await;
}

#[tokio::test]
async fn a_mailbox_removed_meanwhile_does_not_hinder_a_rotation() {
    let server = MailServer::get();
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let gone = server.account("tolta").await.watched(&api).await;
    let stays = server.account("resta").await.watched(&api).await;
    // On PostgreSQL the rotation has read the mailbox when its removal is made; on SQLite it waits for the removal's end.
    let mut removal = app.database.connect().await;
    let mut removal =
        removal.begin_with(if app.database.is_file() { "BEGIN IMMEDIATE" } else { "BEGIN" }).await.unwrap();
    sqlx::query("DELETE FROM mailboxes WHERE id = $1").bind(&gone).execute(&mut *removal).await.unwrap();
    let system = Actor::system();
    let rotation = sportello::hub::rotation::rotate(&app.app, &system);
    let removed = async {
        if !app.database.is_file() {
            app.database.somebody_waits().await;
        }
        removal.commit().await.unwrap();
    };
    let (rotated, ()) = tokio::join!(rotation, removed);
    assert_eq!(rotated.unwrap(), Rotated { secrets: 1, unreadable: Vec::new() });
    is_settled(&app.database).await;
    let database = app.end().await;
    opens(&database, &stays).await;
}

#[tokio::test]
async fn without_the_key_that_the_database_names_nothing_is_sealed_and_no_mailbox_is_blamed() {
    let account = MailServer::get().account("Zanzara-9931").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let id = account.watched(&api).await;
    let path = key_path(&app.database);
    // Another node rotates, and this one does not see the file that it should share.
    run(&app.database, &["key", "rotate"]).await.well();
    std::fs::rename(&path, path.with_extension("away")).unwrap();
    let before = app.database.dump("mailbox_secrets").await;
    assert_eq!(app.visitor().get("/readyz").await.expect(503).json()["key"], false);
    let put = api.put(&format!("/mailboxes/{id}/password"), json!({"password": account.password})).await.expect(503);
    assert!(put.json()["detail"].as_str().unwrap().contains("chiave"), "{}", put.text);
    let other = MailServer::get().account("altra").await;
    api.post("/mailboxes", other.body()).await.expect(503);
    app.browser(&dario).await.get(&format!("/caselle/{id}")).await.expect(503);
    assert_eq!(api.refreshed(&id).await["status"], "ok", "the mailbox stands as it stood");
    assert_eq!(app.database.dump("mailbox_secrets").await, before);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM mailboxes").await, 1);

    // Another key in its place is no key either.
    key_file::create(&path, &MasterKey::generate()).unwrap();
    app.visitor().get("/readyz").await.expect(503);
    std::fs::rename(path.with_extension("away"), &path).unwrap();
    app.visitor().get("/readyz").await.expect(200);
    let put = api.put(&format!("/mailboxes/{id}/password"), json!({"password": account.password})).await;
    put.expect(200);
    app.end().await;
}

#[tokio::test]
async fn a_row_that_was_tampered_with_is_named_and_left_as_it_is() {
    let server = MailServer::get();
    let (good, bad) = (server.account("buona").await, server.account("guasta").await);
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let ids = [good.watched(&api).await, bad.watched(&api).await];
    app.database.execute(&format!("UPDATE mailboxes SET imap_host = 'evil.example' WHERE id = '{}'", ids[1])).await;
    let row = format!("SELECT COUNT(*) FROM mailbox_secrets WHERE mailbox_id = '{}' AND sealed_credentials = ", ids[1]);
    app.database.execute("CREATE TABLE kept AS SELECT * FROM mailbox_secrets").await;
    let said = run(&app.database, &["key", "rotate"]).await.well();
    assert_eq!(said.out, "1 passwords sealed by the new key\n");
    assert!(said.err.contains(&bad.address) && !said.err.contains(&good.address), "{said:?}");
    let kept = format!("{row} (SELECT sealed_credentials FROM kept WHERE mailbox_id = '{}')", ids[1]);
    assert_eq!(app.database.number(&kept).await, 1);
    let told = app.database.texts("SELECT detail FROM audit WHERE action = 'key.rotated'").await;
    assert!(told[0].contains(&bad.address), "{told:?}");
    assert_eq!(refreshed(&api, &ids).await, ["ok", "secret_unreadable"]);
    app.end().await;
}

async fn refreshed(api: &Api, ids: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for id in ids {
        found.push(api.refreshed(id).await["status"].as_str().unwrap().to_string());
    }
    found
}
