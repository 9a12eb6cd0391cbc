//! In charge of what comes late, from outside or too much: replies after the end, files of which no message comes, what the API is
//! sent beyond its measure.

use std::time::{Duration, SystemTime};

use reqwest::Method;
use serde_json::json;
use sportello::desk::attachment;
use sportello::model::person::Role;

use crate::support::app::{Setup, TestApp};
use crate::support::client::{Api, WITH_FILES, with_files};

async fn open(api: &Api, subject: &str) -> String {
    let body = json!({"subject": subject, "body": "B", "area": "pec", "cc": ["copia@example.org"]});
    let made = api.post("/tickets", body).await.expect(201).json();
    format!("/tickets/{}", made["number"].as_str().unwrap())
}

#[tokio::test]
async fn replies_after_the_end_go_to_one_request() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let copy = app.person(Role::OrgUser, "copia", Some(&cast.comune)).await;
    let (elena, anna, copy) = (app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&copy).await);
    let path = open(&elena, "Aiuto").await;
    anna.patch(&path, json!({"severity": "critical"})).await.expect(200);
    elena.post(&format!("{path}/close"), json!({})).await.expect(200);
    let say = async |api: &Api, text: &str| {
        let body = json!({"kind": "public", "body_text": text});
        let said = api.post(&format!("{path}/messages"), body).await.expect(201).json();
        said["ticket_number"].as_str().unwrap().to_string()
    };
    let first = say(&elena, "È tornato").await;
    assert_eq!(first, "TK-2026-000002");
    assert_eq!(
        anna.get(&format!("/tickets/{first}")).await.json()["severity"],
        "high",
        "critical is the desk's to say"
    );
    assert_eq!(say(&elena, "Ancora").await, first);
    assert_eq!(say(&copy, "Anche da noi").await, first, "people in copy too");
    anna.post(&format!("/tickets/{first}/resolve"), json!({"solution": "Fatto"})).await.expect(200);
    assert_eq!(say(&elena, "Di nuovo").await, first, "what was solved is opened again");
    elena.post(&format!("/tickets/{first}/close"), json!({})).await.expect(200);
    assert_eq!(say(&elena, "E ancora").await, "TK-2026-000003");
    app.end().await;
}

#[tokio::test]
async fn files_of_which_no_message_comes_are_thrown_away() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let elena = app.api(&cast.elena).await;
    let upload = async |bytes: &[u8]| {
        let request = elena.request(Method::POST, "/attachments").header("Content-Type", WITH_FILES);
        elena.send(request.body(with_files(&[], &[("file", "a.txt", bytes)]))).await.expect(201).json()
    };
    let (loose, shared, named) = (upload(b"perso").await, upload(b"uguale").await, upload(b"uguale").await);
    let body = json!({"subject": "S", "body": "B", "area": "pec", "attachments": [named["id"]]});
    elena.post("/tickets", body).await.expect(201);
    let data_dir = app.app.settings.data_dir.clone();
    let lies = |one: &serde_json::Value| attachment::path(&data_dir, one["sha256"].as_str().unwrap());
    app.advance(Duration::from_secs(23 * 3600));
    attachment::forget_loose(&app.app).await.unwrap();
    elena.get(&format!("/attachments/{}", loose["id"].as_str().unwrap())).await.expect(200);
    app.advance(Duration::from_secs(2 * 3600));
    // The bytes came again a moment ago: they stay, whatever becomes of the row.
    attachment::forget_loose(&app.app).await.unwrap();
    for gone in [&loose, &shared] {
        elena.get(&format!("/attachments/{}", gone["id"].as_str().unwrap())).await.expect(404);
    }
    assert!(lies(&loose).exists());
    let again = upload(b"perso").await;
    let old = SystemTime::now() - Duration::from_secs(48 * 3600);
    let age = |one: &serde_json::Value| std::fs::File::open(lies(one)).unwrap().set_modified(old).unwrap();
    age(&again);
    age(&shared);
    app.advance(Duration::from_secs(25 * 3600));
    attachment::forget_loose(&app.app).await.unwrap();
    assert!(!lies(&again).exists(), "no row names it");
    assert!(lies(&named).exists(), "a message names it");
    elena.get(&format!("/attachments/{}", named["id"].as_str().unwrap())).await.expect(200);
    app.end().await;
}

#[tokio::test]
async fn nothing_is_kept_of_who_may_not_ask_nor_of_too_many_files() {
    let setup = Setup::new().await.settings(|settings| settings.max_upload = "1 MiB".parse().unwrap());
    let app = setup.start().await;
    let cast = app.cast().await;
    let elena = app.api(&cast.elena).await;
    let number = open(&elena, "Di Elena").await.rsplit('/').next().unwrap().to_string();
    let send = async |person, path: &str, files: usize| {
        let browser = app.browser(person).await;
        let csrf = browser.csrf("/profilo").await;
        let files: Vec<(&str, &str, &[u8])> = vec![("files", "a.txt", b"a"); files];
        let request = browser.request(Method::POST, path).header("Content-Type", WITH_FILES);
        browser.send(request.body(with_files(&[("csrf", &csrf), ("body_text", "x")], &files))).await.status
    };
    assert_eq!(send(&cast.ugo, "/richieste", 1).await, 403);
    assert_eq!(send(&cast.carla, &format!("/richieste/{number}/risposta"), 1).await, 404);
    assert_eq!(send(&cast.carla, "/operatore/TK-2026-999999/risposta", 1).await, 404);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM attachments").await, 0);
    assert_eq!(send(&cast.elena, &format!("/richieste/{number}/risposta"), 21).await, 413);
    // A part whose head has no end is not held.
    let endless =
        [b"--b\r\nContent-Disposition: form-data; name=\"file\"; x=\"".as_slice(), &vec![b'a'; 2_500_000]].concat();
    let request = elena.request(Method::POST, "/attachments").header("Content-Type", WITH_FILES);
    assert_eq!(elena.send(request.body(endless)).await.status, 422);
    app.end().await;
}

#[tokio::test]
async fn what_is_too_large_does_nothing() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let path = open(&elena, "Aiuto").await;
    let large = "x".repeat(300 * 1024);
    for verb in ["take", "resolve"] {
        anna.post(&format!("{path}/{verb}"), json!({"solution": large})).await.expect(413);
    }
    assert_eq!(anna.get(&path).await.json()["state"], "new");
    anna.send(anna.request(Method::POST, &format!("{path}/take"))).await.expect(200);
    app.end().await;
}

#[tokio::test]
async fn what_stays_at_the_desk_is_not_told_to_others() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let copy = app.person(Role::OrgUser, "copia", Some(&cast.comune)).await;
    let (elena, anna, dario) = (app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&cast.dario).await);
    let linked = crate::support::builders::mailbox("suap@pec.example.it").of(&cast.unione).insert(&app).await;
    let path = open(&elena, "Aiuto").await;
    anna.put(&format!("{path}/mailboxes/{}", linked.id), json!({})).await.expect(200);
    assert_eq!(elena.get(&path).await.json()["mailbox_ids"], json!([linked.id]));
    let theirs = app.api(&copy).await.get(&path).await.expect(200).json();
    assert_eq!((&theirs["mailbox_ids"], &theirs["level"]), (&json!([]), &serde_json::Value::Null));
    assert_eq!(anna.get(&path).await.json()["level"], 1);
    // An operator opens nothing that it would not see, and keeps no ticket that moves to where it does not look.
    dario.patch(&format!("/users/{}", cast.anna.id), json!({"areas": ["pki"]})).await.expect(200);
    let body = json!({"subject": "S", "body": "B", "area": "pec"});
    assert_eq!(anna.post("/tickets", body).await.wrong_fields(), ["area"]);
    dario.patch(&format!("/users/{}", cast.anna.id), json!({"areas": ["pec"]})).await.expect(200);
    anna.post(&format!("{path}/take"), json!({})).await.expect(200);
    dario.patch(&format!("/organizations/{}", cast.unione.id), json!({"areas": ["pec", "pki"]})).await.expect(200);
    let moved = dario.patch(&path, json!({"area": "pki"})).await.expect(200).json();
    assert_eq!(moved["assignee_id"], serde_json::Value::Null);
    app.end().await;
}
