//! In charge of what is promised when a server cannot be reached (H28): said from the second failure in a row, never as a
//! wrong password, and what was known stays.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::app::{Setup, TestApp};
use crate::support::mail::MailServer;
use crate::support::relay::Relay;

fn counts(mailbox: &Value) -> [Value; 5] {
    ["new_messages", "unread_messages", "total_messages", "last_success_at", "last_message_at"]
        .map(|name| mailbox[name].clone())
}

async fn never_called_it_a_wrong_password(app: &TestApp) {
    let told = "SELECT COUNT(*) FROM audit WHERE detail LIKE '%wrong_password%'";
    assert_eq!(app.database.number(told).await, 0);
}

#[tokio::test]
async fn a_mailbox_is_unreachable_from_the_second_failure_in_a_row_and_active_when_its_server_is_back() {
    let account = MailServer::get().account("segreta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let id = account.watched_at(relay.port, &api).await;
    account.deliver("certified_message", 2).await;
    let known = counts(&api.refreshed(&id).await);
    assert_eq!(known[0], 2);

    relay.cut();
    let once = api.refreshed(&id).await;
    assert_eq!((&once["status"], counts(&once)), (&json!("ok"), known.clone()), "once is nothing yet");
    relay.mend();
    assert_eq!(api.refreshed(&id).await["status"], "ok");
    relay.cut();
    let known = counts(&api.mailbox(&id).await);
    assert_eq!(api.refreshed(&id).await["status"], "ok", "the count of failures began anew");
    let twice = api.refreshed(&id).await;
    assert_eq!((&twice["status"], counts(&twice)), (&json!("unreachable"), known.clone()));
    assert!(twice["status_detail"].as_str().is_some_and(|words| !words.is_empty()));
    assert_eq!(api.refreshed(&id).await["status_since"], twice["status_since"]);

    relay.mend();
    let back = api.refreshed(&id).await;
    assert_eq!(
        (&back["status"], &back["status_detail"], &back["new_messages"]),
        (&json!("ok"), &Value::Null, &json!(2))
    );
    never_called_it_a_wrong_password(&app).await;
    app.end().await;
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up_after_its_time() {
    let account = MailServer::get().account("segreta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let setup = Setup::new().await.mail(MailServer::get()).jobs();
    let app = setup.settings(|settings| settings.imap_timeout = Duration::from_millis(700)).start().await;
    let (_, api) = app.dario().await;
    let id = account.watched_at(relay.port, &api).await;
    relay.hold();
    assert_eq!(api.refreshed(&id).await["status"], "ok");
    assert_eq!(api.refreshed(&id).await["status"], "unreachable");
    relay.mend();
    assert_eq!(api.refreshed(&id).await["status"], "ok");
    never_called_it_a_wrong_password(&app).await;
    app.end().await;
}

#[tokio::test]
async fn a_certificate_that_is_no_longer_trusted_is_no_wrong_password_and_nothing_is_sent_to_it() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let id = account.watched(&api).await;
    let database = app.end().await;

    let app = Setup::on(database).jobs().start().await;
    let api = app.api(&dario).await;
    assert_eq!(api.refreshed(&id).await["status"], "ok");
    assert_eq!(api.refreshed(&id).await["status"], "certificate_invalid");
    never_called_it_a_wrong_password(&app).await;
    let database = app.end().await;

    let app = Setup::on(database).mail(MailServer::get()).jobs().start().await;
    assert_eq!(app.api(&dario).await.refreshed(&id).await["status"], "ok", "it is tried again, and is active again");
    app.end().await;
}
