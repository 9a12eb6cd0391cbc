//! In charge of every act leaving its row, by whom and on what, in the same transaction.

use serde_json::json;
use sportello::model::person::Role;

use crate::support::app::TestApp;
use crate::support::builders::mailbox;
use crate::support::mail::MailServer;

#[tokio::test]
async fn each_act_leaves_a_row_that_says_who_did_what_on_what() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let from = app.database.number("SELECT MAX(seq) FROM audit").await;

    let body = api.post("/organizations", json!({"code": "c_a111", "name": "Comune"})).await.expect(201).json();
    api.patch(&format!("/organizations/{}", body["id"].as_str().unwrap()), json!({"name": "Città"})).await.expect(200);
    let anna = api
        .post("/users", json!({"email": "anna@example.org", "name": "Anna", "role": "operator"}))
        .await
        .expect(201)
        .json();
    api.patch(&format!("/users/{}", anna["id"].as_str().unwrap()), json!({"level": 2})).await.expect(200);
    let id = account.watched(&api).await;
    api.patch(&format!("/mailboxes/{id}"), json!({"suspended": true})).await.expect(200);
    api.patch(&format!("/mailboxes/{id}"), json!({"suspended": false})).await.expect(200);
    api.put(&format!("/mailboxes/{id}/password"), json!({"password": "segreta"})).await.expect(200);
    api.ask("POST", &format!("/mailboxes/{id}/refresh")).await.expect(202);
    api.ask("POST", "/jobs/refresh-mailboxes/run").await.expect(202);
    api.get("/audit").await.expect(200);
    api.delete(&format!("/mailboxes/{id}")).await.expect(204);

    let rows = app
        .database
        .texts(&format!("SELECT action || ' ' || subject FROM audit WHERE seq > {from} ORDER BY seq"))
        .await;
    let address = &account.address;
    let expected = [
        "organization.created c_a111".to_string(),
        "organization.changed c_a111".into(),
        "user.created anna@example.org".into(),
        "link.created anna@example.org".into(),
        "user.changed anna@example.org".into(),
        format!("mailbox.created {address}"),
        format!("mailbox.changed {address}"),
        format!("mailbox.status-changed {address}"),
        format!("mailbox.changed {address}"),
        format!("mailbox.status-changed {address}"),
        format!("mailbox.password-changed {address}"),
        format!("mailbox.status-changed {address}"),
        format!("mailbox.refreshed {address}"),
        "job.run refresh-mailboxes".into(),
        "audit.read audit".into(),
        format!("mailbox.removed {address}"),
    ];
    assert_eq!(rows, expected);
    let others =
        format!("SELECT COUNT(*) FROM audit WHERE seq > {from} AND (actor <> '{}' OR ip <> '127.0.0.1')", dario.email);
    assert_eq!(app.database.number(&others).await, 0, "all of it was Dario, from here");
    app.end().await;
}

#[tokio::test]
async fn an_act_whose_row_cannot_be_written_is_not_done() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let api = app.api(&cast.dario).await;
    let one = mailbox("a@pec.example.it").of(&cast.comune).insert(&app).await;
    let browser = app.browser(&cast.dario).await;
    let csrf = browser.csrf("/caselle").await;
    let mut before = Vec::new();
    let tables = ["organizations", "persons", "memberships", "mailboxes", "job_runs", "visits", "links", "sessions"];
    for table in tables {
        before.push(app.database.dump(table).await);
    }
    app.database.execute("ALTER TABLE audit RENAME TO audit_away").await;
    let path = format!("/mailboxes/{}", one.id);
    let person = format!("/users/{}", cast.anna.id);
    let answers = [
        api.post("/organizations", json!({"code": "x", "name": "X"})).await,
        api.patch(&format!("/organizations/{}", cast.comune.id), json!({"name": "X"})).await,
        api.post("/users", json!({"email": "x@example.org", "name": "X", "role": "operator"})).await,
        api.patch(&person, json!({"name": "X"})).await,
        api.patch(&path, json!({"suspended": true})).await,
        api.delete(&path).await,
        api.ask("POST", &format!("{path}/refresh")).await,
        api.ask("POST", "/mailboxes/refresh").await,
        api.ask("POST", "/jobs/refresh-mailboxes/run").await,
        browser.post_bare("/esci", &[("csrf", &csrf)]).await,
    ];
    for answer in answers {
        let text = answer.expect(500).text;
        assert!(!text.contains("audit") && !text.contains("SQL"), "what broke is for the log: {text}");
    }
    app.database.execute("ALTER TABLE audit_away RENAME TO audit").await;
    for (table, before) in tables.iter().zip(before) {
        assert_eq!(app.database.dump(table).await, before, "{table}");
    }
    app.end().await;
}

#[tokio::test]
async fn many_who_act_at_once_stand_in_one_line() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let make = async |number: i32| {
        api.post("/organizations", json!({"code": format!("c{number}"), "name": "Comune"})).await.status
    };
    let statuses = futures::future::join_all((0..30).map(make)).await;
    assert!(statuses.iter().all(|status| *status == 201), "{statuses:?}");
    let rows = app.database.number("SELECT COUNT(*) FROM audit").await;
    assert_eq!(app.database.number("SELECT MAX(seq) FROM audit").await, rows, "no gaps");
    app.end().await;
}

#[tokio::test]
async fn who_looks_for_something_in_the_trace_finds_it() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    app.person(Role::Auditor, "ugo", None).await;
    app.advance(std::time::Duration::from_secs(3600));
    app.organization("c_a111", "Comune").await;
    let found = async |query: &str| {
        let page = api.get(&format!("/audit?{query}")).await.expect(200).json();
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["subject"].as_str().unwrap().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("action=organization.created").await, ["c_a111"]);
    assert_eq!(found("subject=ugo@example.org&action=user.created").await, ["ugo@example.org"]);
    assert_eq!(
        found("from=2026-06-15T09:02:00Z&to=2026-06-15T09:02:01Z&action=organization.created").await,
        ["c_a111"]
    );
    assert_eq!(found("from=2026-06-15T11:02:00%2B02:00&action=organization.created").await, ["c_a111"]);
    assert!(found("to=2026-06-15T09:02:00Z&action=organization.created").await.is_empty(), "`to` is out");
    assert!(found("actor=nessuno").await.is_empty());
    app.end().await;
}
