//! In charge of what is promised when a mailbox is added (H10, H13): the login is tried once, and what is wrong is told where.

use serde_json::{Value, json};

use crate::support::app::{Setup, TestApp};
use crate::support::builders::mailbox;
use crate::support::client::Api;
use crate::support::mail::MailServer;
use crate::support::provider::Provider;
use crate::support::relay::Relay;

/// Sends a mailbox that must be refused for these fields, and looks that nothing was kept of it.
async fn refused(app: &TestApp, api: &Api, body: Value, fields: &[&str]) {
    let before = app.database.number("SELECT COUNT(*) FROM mailboxes").await;
    assert_eq!(api.post("/mailboxes", body).await.wrong_fields(), fields);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM mailboxes").await, before);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM mailbox_secrets").await, 0);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM audit WHERE action = 'mailbox.created'").await, 0);
}

/// The words for the one wrong field.
async fn told(api: &Api, body: Value) -> String {
    api.post("/mailboxes", body).await.expect(422).json()["errors"][0]["message"].as_str().unwrap().to_string()
}

#[tokio::test]
async fn a_wrong_password_is_told_on_the_password_and_nothing_is_saved() {
    let account = MailServer::get().account("quella giusta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let mut body = account.body_at(relay.port);
    body["password"] = json!("quella sbagliata");
    refused(&app, &api, body, &["password"]).await;
    assert_eq!(relay.connections(), 1, "the login is tried once");
    app.end().await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_told_on_the_host() {
    let account = MailServer::get().account("quella giusta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    relay.cut();
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    refused(&app, &api, account.body_at(relay.port), &["imap.host"]).await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    refused(&app, &api, account.body_at(free), &["imap.host"]).await;
    app.end().await;
}

#[tokio::test]
async fn a_server_that_has_no_place_free_blames_no_field_and_keeps_what_was_typed() {
    let provider = Provider::start().await;
    provider.password("a", "giusta");
    let app = Setup::new().await.settings(|settings| settings.allow_plaintext_imap = true).start().await;
    let (dario, api) = app.dario().await;
    let id = api.post("/mailboxes", provider.body("a")).await.expect(201).json()["id"].as_str().unwrap().to_string();
    let kept = app.database.dump("mailbox_secrets").await;
    provider.refuse_with("NO [LIMIT] troppi adesso");
    provider.password("b", "giusta");
    let mut body = provider.body("b");
    body["password"] = json!("segretissima");
    let put = json!({"password": "segretissima"});
    let path = format!("/mailboxes/{id}");
    let answers = [
        api.post("/mailboxes", body).await,
        api.put(&format!("{path}/password"), put.clone()).await,
        api.patch(&path, put).await,
    ];
    for busy in answers {
        let busy = busy.expect(503);
        assert_eq!((busy.header("retry-after"), &busy.json()["errors"]), ("30", &Value::Null));
        assert!(busy.json()["detail"].as_str().unwrap().contains("occupati"), "{}", busy.text);
    }
    let browser = app.browser(&dario).await;
    let port = provider.port.to_string();
    let fields = [
        ("address", "b@pec.example.it"),
        ("username", "b"),
        ("password", "segretissima"),
        ("imap_host", "127.0.0.1"),
        ("imap_port", &port),
        ("imap_security", "none"),
        ("authorization_holder", "Sindaca Bianchi"),
        ("authorization_date", "2026-06-01"),
    ];
    let again = browser.post("/caselle/nuova", "/caselle", &fields).await.expect(503);
    assert!(again.text.contains("value=\"Sindaca Bianchi\"") && again.text.contains("value=\"b@pec.example.it\""));
    let page = format!("/caselle/{id}/password");
    let asked = browser.post(&page, &page, &[("password", "segretissima")]).await.expect(503);
    for page in [again, asked] {
        assert_eq!(page.header("retry-after"), "30");
        assert!(page.words().contains("troppi adesso") && !page.text.contains("segretissima"), "{}", page.words());
    }
    assert_eq!(app.database.number("SELECT COUNT(*) FROM mailboxes").await, 1);
    assert_eq!(app.database.dump("mailbox_secrets").await, kept);
    app.end().await;
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_told_on_the_host() {
    let account = MailServer::get().account("quella giusta").await;
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    refused(&app, &api, account.body(), &["imap.host"]).await;
    let told = told(&api, account.body()).await;
    assert!(told.contains("autorità sconosciuta"), "{told}");
    app.end().await;
}

#[tokio::test]
async fn a_certificate_for_another_name_is_told_on_the_host() {
    let account = MailServer::get().account("quella giusta").await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let relay = Relay::from("127.0.0.2", MailServer::get().imaps).await;
    let mut body = account.body_at(relay.port);
    body["imap"]["host"] = json!("127.0.0.2");
    refused(&app, &api, body.clone(), &["imap.host"]).await;
    let told = told(&api, body).await;
    assert!(told.contains("di un altro nome"), "{told}");
    app.end().await;
}

#[tokio::test]
async fn a_private_host_is_refused_unless_the_settings_allow_it_and_nobody_is_called() {
    let account = MailServer::get().account("quella giusta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let setup = Setup::new().await.mail(MailServer::get()).settings(|settings| settings.allow_private_hosts = false);
    let app = setup.start().await;
    let (_, api) = app.dario().await;
    for host in ["127.0.0.1", "localhost", "::1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0"] {
        let mut body = account.body_at(relay.port);
        body["imap"]["host"] = json!(host);
        refused(&app, &api, body, &["imap.host"]).await;
    }
    assert_eq!(relay.connections(), 0);
    app.end().await;
}

#[tokio::test]
async fn a_password_does_not_travel_in_clear_unless_the_settings_allow_it() {
    let server = MailServer::get();
    let account = server.account("quella giusta").await;
    let relay = Relay::to(server.imap).await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let mut body = account.body_at(relay.port);
    body["imap"]["security"] = json!("none");
    refused(&app, &api, body.clone(), &["imap.security"]).await;
    assert_eq!(relay.connections(), 0);
    body["imap"]["security"] = json!("starttls");
    assert_eq!(api.post("/mailboxes", body).await.expect(201).json()["status"], "ok");
    app.end().await;
}

#[tokio::test]
async fn an_address_that_is_watched_already_is_told_before_anybody_is_called() {
    let account = MailServer::get().account("quella giusta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    mailbox(&account.address.to_uppercase()).insert(&app).await;
    refused(&app, &api, account.body_at(relay.port), &["address"]).await;
    assert_eq!(relay.connections(), 0);
    app.end().await;
}

#[tokio::test]
async fn every_wrong_field_is_told_at_once() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let all = ["address", "username", "authorization.holder", "authorization.date", "password", "imap.host"];
    refused(&app, &api, json!({}), &all).await;
    let body = json!({
        "address": "nessuno", "username": "x", "password": "a\r\nb", "colour": "red", "imap": {"host": "a b", "port": 70000, "security": "ssl"},
        "authorization": {"holder": "x", "date": "ieri"},
    });
    let mut fields = api.post("/mailboxes", body).await.wrong_fields();
    fields.sort();
    let expected = ["address", "authorization.date", "colour", "imap.host", "imap.port", "imap.security", "password"];
    assert_eq!(fields, expected);
    app.end().await;
}

#[tokio::test]
async fn with_activating_no_login_is_tried_until_a_password_is_put() {
    let account = MailServer::get().account("quella giusta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let mut body = account.body_at(relay.port);
    body["activating"] = json!(true);
    let added = api.post("/mailboxes", body).await.expect(201).json();
    let id = added["id"].as_str().unwrap();
    assert_eq!(added["status"], "activating");
    assert_eq!(app.database.number("SELECT COUNT(*) FROM mailbox_secrets").await, 0);
    app.next_slot().await;
    assert_eq!(api.refreshed(id).await["status"], "activating");
    assert_eq!(relay.connections(), 0);

    let put = api.put(&format!("/mailboxes/{id}/password"), json!({"password": account.password})).await;
    assert_eq!(put.expect(200).json()["status"], "ok");
    assert_eq!(relay.connections(), 1);
    assert_eq!(api.refreshed(id).await["status"], "ok");
    app.end().await;
}

#[tokio::test]
async fn a_password_may_hold_any_character() {
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    for password in ["à\"\\{ %€", "{5}", " in mezzo agli spazi ", "'*()[]%%~", "密碼🔑"] {
        let account = MailServer::get().account(password).await;
        let id = account.watched(&api).await;
        assert_eq!(api.refreshed(&id).await["status"], "ok", "{password:?} sealed, opened and sent");
    }
    app.end().await;
}

#[tokio::test]
async fn what_the_password_is_bound_to_changes_only_with_the_password() {
    let server = MailServer::get();
    let (account, other) = (server.account("quella giusta").await, server.account("un’altra").await);
    let relay = Relay::to(server.imaps).await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let path = format!("/mailboxes/{}", account.watched(&api).await);
    let moved = json!({"imap": {"port": relay.port}});
    assert_eq!(api.patch(&path, moved.clone()).await.wrong_fields(), ["password"]);
    assert_eq!(relay.connections(), 0, "the stored password goes to no other server");

    let mut wrong = moved.clone();
    wrong["password"] = json!("sbagliata");
    assert_eq!(api.patch(&path, wrong).await.wrong_fields(), ["password"]);
    let kept = api.get(&path).await.json();
    assert_eq!((&kept["imap"]["port"], &kept["status"]), (&json!(server.imaps), &json!("ok")));

    let mut right = moved;
    right["password"] = json!(account.password);
    assert_eq!(api.patch(&path, right).await.expect(200).json()["imap"]["port"], relay.port);

    other.deliver("ordinary", 2).await;
    let another = json!({"username": other.address, "password": other.password, "description": "Altro ufficio"});
    let changed = api.patch(&path, another).await.expect(200).json();
    assert_eq!(
        (&changed["total_messages"], &changed["new_messages"]),
        (&json!(2), &json!(0)),
        "another mailbox begins anew"
    );
    assert_eq!(changed["description"], "Altro ufficio");
    app.end().await;
}

#[tokio::test]
async fn a_suspended_watch_calls_nobody_until_it_is_taken_up_again() {
    let account = MailServer::get().account("quella giusta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let id = account.watched_at(relay.port, &api).await;
    let path = format!("/mailboxes/{id}");
    let before = relay.connections();
    assert_eq!(api.patch(&path, json!({"suspended": true})).await.expect(200).json()["status"], "suspended");
    app.next_slot().await;
    assert_eq!(api.refreshed(&id).await["status"], "suspended");
    assert_eq!(relay.connections(), before);
    api.patch(&path, json!({"suspended": false})).await.expect(200);
    assert_eq!(api.refreshed(&id).await["status"], "ok");
    app.end().await;
}
