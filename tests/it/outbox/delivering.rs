//! In charge of what happens to a mail when the server, the line or the program goes wrong.

use std::time::Duration;

use serde_json::{Value, json};
use sportello::outbox::delivery;

use crate::support::app::{Setup, TestApp};
use crate::support::client::Api;
use crate::support::smtp::{Mood, Moody};
use crate::support::until;

/// The program, sending through this server.
async fn sending(server: &Moody, with_jobs: bool) -> (TestApp, Api) {
    let url = server.url();
    let setup = Setup::new().await.settings(|settings| settings.smtp_url = Some(url));
    let app = if with_jobs { setup.jobs() } else { setup }.start().await;
    let (_, api) = app.dario().await;
    (app, api)
}

/// Makes somebody, who is invited by mail.
async fn invite(api: &Api, email: &str) {
    api.post("/users", json!({"email": email, "name": "N", "role": "operator"})).await.expect(201);
}

/// The mails, oldest first, once they are as `look` wants them.
async fn mails(api: &Api, what: &str, look: impl Fn(&Value) -> bool) -> Vec<Value> {
    until(what, async || {
        let listed = api.get("/outbox").await.expect(200).json();
        let mut items = listed["items"].as_array().expect("a list").clone();
        items.reverse();
        items.iter().all(&look).then_some(items)
    })
    .await
}

/// The Message-ID of a mail as it was taken.
fn message_id(mail: &str) -> &str {
    mail.lines().find(|line| line.starts_with("Message-ID")).expect("a Message-ID")
}

#[tokio::test]
async fn a_server_that_says_not_now_gets_everything_later_in_order_and_once() {
    let server = Moody::start().await;
    server.be(Mood::NotNow);
    let (app, api) = sending(&server, true).await;
    for email in ["a@example.org", "b@example.org", "c@example.org"] {
        invite(&api, email).await;
    }
    let waiting = mails(&api, "each was tried", |mail| mail["attempts"] == 1 && mail["state"] == "queued").await;
    for mail in &waiting {
        assert_eq!(mail["state"], "queued");
        assert!(mail["last_error"].as_str().unwrap().contains("4.3.2 Riprovare"), "{mail}");
        assert!(mail["next_try_at"].is_string());
    }
    assert!(server.taken().is_empty());
    server.be(Mood::Takes);
    app.advance(Duration::from_secs(31));
    mails(&api, "all have left", |mail| mail["state"] == "sent").await;
    let to: Vec<String> = server
        .taken()
        .iter()
        .map(|mail| mail.lines().find(|line| line.starts_with("To: ")).unwrap().to_string())
        .collect();
    assert_eq!(to.iter().map(|to| to.chars().find(|c| "abc".contains(*c)).unwrap()).collect::<String>(), "abc");
    let runs = api.get("/jobs/deliver-mail/runs").await.expect(200).json();
    assert!(runs["items"].is_array());
    app.end().await;
}

#[tokio::test]
async fn a_line_that_breaks_after_the_last_dot_is_told_and_not_tried_again() {
    let server = Moody::start().await;
    server.be(Mood::HangsUp);
    let (app, api) = sending(&server, true).await;
    invite(&api, "a@example.org").await;
    let uncertain = mails(&api, "nobody knows whether it left", |mail| mail["state"] == "uncertain").await;
    server.be(Mood::Takes);
    app.advance(Duration::from_secs(24 * 3600));
    invite(&api, "b@example.org").await;
    until("the other one leaves", async || (server.taken().len() == 2).then_some(())).await;
    assert!(server.taken()[1].contains("b@example.org"), "the first is not sent again by itself");

    let path = format!("/outbox/{}/retry", uncertain[0]["id"].as_str().unwrap());
    assert_eq!(api.post(&path, json!({})).await.expect(200).json()["state"], "queued");
    mails(&api, "a person has it sent again", |mail| mail["state"] == "sent").await;
    let taken = server.taken();
    assert_eq!(message_id(&taken[2]), message_id(&taken[0]), "whoever gets it twice can tell");
    api.post(&path, json!({})).await.expect(409);
    app.end().await;
}

#[tokio::test]
async fn a_program_that_dies_while_handing_over_leaves_the_mail_to_a_person() {
    let server = Moody::start().await;
    let (app, api) = sending(&server, false).await;
    invite(&api, "a@example.org").await;
    server.be(Mood::IsSilent);
    let shared = app.app.clone();
    let dying = tokio::spawn(async move { delivery::deliver(&shared, || true).await });
    until("the server has the text", async || (server.taken().len() == 1).then_some(())).await;
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    assert_eq!(api.get("/outbox").await.expect(200).json()["items"][0]["state"], "handing_over");
    server.be(Mood::Takes);
    delivery::deliver(&app.app, || true).await.unwrap();
    assert_eq!(server.taken().len(), 1, "while the lease lasts nobody touches it");
    app.database.execute("UPDATE outbox SET lease_until = 0").await;
    delivery::deliver(&app.app, || true).await.unwrap();
    let mail = api.get("/outbox").await.expect(200).json()["items"][0].clone();
    assert_eq!((mail["state"].as_str(), server.taken().len()), (Some("uncertain"), 1));
    app.end().await;
}

#[tokio::test]
async fn a_program_that_dies_before_handing_over_loses_nothing() {
    let server = Moody::start().await;
    let (app, api) = sending(&server, false).await;
    invite(&api, "a@example.org").await;
    app.database
        .execute("UPDATE outbox SET state = 'sending', node = 'gone', fence = 1, attempts = 1, lease_until = 0")
        .await;
    delivery::deliver(&app.app, || true).await.unwrap();
    assert_eq!(server.taken().len(), 1);
    assert_eq!(api.get("/outbox").await.expect(200).json()["items"][0]["state"], "sent");
    app.end().await;
}

#[tokio::test]
async fn two_nodes_send_each_mail_once() {
    let server = Moody::start().await;
    let (app, api) = sending(&server, false).await;
    for number in 0..30 {
        invite(&api, &format!("p{number}@example.org")).await;
    }
    let second = crate::support::app::Setup::on(app.database.clone())
        .settings(|settings| settings.smtp_url = Some(server.url()))
        .build()
        .await
        .unwrap();
    let (one, other) = tokio::join!(delivery::deliver(&app.app, || true), delivery::deliver(&second, || true));
    assert_eq!(one.unwrap().well + other.unwrap().well, 30);
    let taken = server.taken();
    let ids: std::collections::BTreeSet<&str> = taken.iter().map(|mail| message_id(mail)).collect();
    assert_eq!((taken.len(), ids.len()), (30, 30));
    second.db.close().await;
    app.end().await;
}

#[tokio::test]
async fn without_a_server_no_mail_is_enqueued_and_the_job_says_so() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    invite(&api, "a@example.org").await;
    assert_eq!(api.get("/outbox").await.expect(200).json()["items"], json!([]));
    let jobs = api.get("/jobs").await.expect(200).json();
    let job = jobs["items"].as_array().unwrap().iter().find(|job| job["name"] == "deliver-mail").unwrap();
    assert_eq!(job["enabled"], false);
    app.end().await;
}
