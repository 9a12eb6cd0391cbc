//! In charge of what is promised when a password is no longer right (H18): one refused login, then none until a person puts
//! the new one, so that the provider does not lock the holder out.

use serde_json::json;

use crate::support::app::{Setup, TestApp};
use crate::support::mail::MailServer;
use crate::support::relay::Relay;
use crate::support::smtp::Moody;

#[tokio::test]
async fn after_one_refused_login_nobody_tries_again_until_a_password_is_put() {
    let mut account = MailServer::get().account("la vecchia").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let id = account.watched_at(relay.port, &api).await;
    let tried = relay.connections();

    account.change_password("la nuova").await;
    app.next_slot().await;
    assert_eq!(api.mailbox(&id).await["status"], "wrong_password", "at once, not at the second refusal");
    assert_eq!(relay.connections(), tried + 1);

    // Not by the schedule, not by a button, not by the API, not by opening.
    let browser = app.browser(&dario).await;
    app.next_slot().await;
    app.next_slot().await;
    browser.post("/caselle", &format!("/caselle/{id}/aggiorna"), &[]).await.expect(303);
    browser.post("/caselle", "/caselle/aggiorna", &[]).await.expect(303);
    assert_eq!(api.refreshed(&id).await["status"], "wrong_password");
    let page = browser.get(&format!("/caselle/{id}")).await.expect(200);
    assert!(page.leads_to(&format!("/caselle/{id}/password")), "the page leads to where the password is put");
    browser.get(&format!("/caselle/{id}?messaggio=1")).await.expect(200);
    for tail in ["", "/INBOX/messages", "/INBOX/messages/1", "/INBOX/messages/1/raw"] {
        let answer = api.get(&format!("/mailboxes/{id}/folders{tail}")).await.expect(409).json();
        assert!(answer["detail"].as_str().is_some_and(|words| words.contains("presidio è fermo")), "{answer}");
    }
    api.patch(&format!("/mailboxes/{id}"), json!({"group": "Anagrafe"})).await.expect(200);
    for suspended in [true, false] {
        api.patch(&format!("/mailboxes/{id}"), json!({"suspended": suspended})).await.expect(200);
        api.refreshed(&id).await;
        app.next_slot().await;
    }
    assert_eq!(api.mailbox(&id).await["status"], "wrong_password");
    assert_eq!(relay.connections(), tried + 1, "one refused login, no more");

    // A person tries: once for each password typed.
    let path = format!("/mailboxes/{id}/password");
    assert_eq!(api.put(&path, json!({"password": "nemmeno questa"})).await.wrong_fields(), ["password"]);
    assert_eq!(relay.connections(), tried + 2);
    assert_eq!(api.mailbox(&id).await["status"], "wrong_password");
    app.next_slot().await;
    assert_eq!(relay.connections(), tried + 2);

    account.password = "la nuova".into();
    let put = api.put(&path, json!({"password": account.password})).await.expect(200).json();
    assert_eq!(
        (&put["status"], &put["description"], &put["group"]),
        (&json!("ok"), &json!("Ufficio protocollo"), &json!("Anagrafe"))
    );
    account.deliver("ordinary", 1).await;
    app.next_slot().await;
    assert_eq!((&api.mailbox(&id).await["status"], &api.mailbox(&id).await["new_messages"]), (&json!("ok"), &json!(1)));
    app.end().await;
}

#[tokio::test]
async fn opening_a_mailbox_whose_password_has_changed_is_the_one_try_there_is() {
    let account = MailServer::get().account("la vecchia").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let id = account.watched_at(relay.port, &api).await;
    account.change_password("la nuova").await;
    let (browser, tried) = (app.browser(&dario).await, relay.connections());
    browser.get(&format!("/caselle/{id}?messaggio=1")).await.expect(200);
    assert_eq!(api.mailbox(&id).await["status"], "wrong_password");
    browser.get(&format!("/caselle/{id}")).await.expect(200);
    app.next_slot().await;
    assert_eq!(relay.connections(), tried + 1);
    app.end().await;
}

#[tokio::test]
async fn reading_by_the_api_with_a_password_that_has_changed_is_the_one_try_there_is() {
    for tail in ["", "/INBOX/messages", "/INBOX/messages/1", "/INBOX/messages/1/raw"] {
        let account = MailServer::get().account("la vecchia").await;
        let relay = Relay::to(MailServer::get().imaps).await;
        let app = TestApp::with_mail().await;
        let (_, api) = app.dario().await;
        let id = account.watched_at(relay.port, &api).await;
        account.change_password("la nuova").await;
        let tried = relay.connections();
        let path = format!("/mailboxes/{id}/folders{tail}");
        let answer = api.get(&path).await.expect(409).json();
        assert!(answer["detail"].as_str().is_some_and(|words| words.contains("password")), "{answer}");
        assert_eq!(api.mailbox(&id).await["status"], "wrong_password");
        api.get(&path).await.expect(409);
        app.next_slot().await;
        assert_eq!(relay.connections(), tried + 1, "{tail}");
        app.end().await;
    }
}

#[tokio::test]
async fn the_form_for_a_new_password_tells_a_refused_one_and_takes_the_right_one() {
    let account = MailServer::get().account("la vecchia").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let id = account.watched(&api).await;
    account.change_password("la nuova").await;
    assert_eq!(api.refreshed(&id).await["status"], "wrong_password");
    let (browser, path) = (app.browser(&dario).await, format!("/caselle/{id}/password"));
    let again = browser.post(&path, &path, &[("password", "nemmeno questa")]).await.expect(422);
    assert!(!again.text.contains("nemmeno questa"), "a typed password is never given back");
    browser.post(&path, &path, &[("password", "la nuova")]).await.expect(303);
    assert_eq!(api.mailbox(&id).await["status"], "ok");
    app.end().await;
}

#[tokio::test]
async fn who_answers_for_the_watch_is_told_once_that_a_mailbox_lets_nobody_in() {
    let account = MailServer::get().account("la vecchia").await;
    let smtp = Moody::start().await;
    let url = smtp.url();
    let setup = Setup::new().await.mail(MailServer::get()).jobs().settings(|settings| settings.smtp_url = Some(url));
    let app = setup.start().await;
    let cast = app.cast().await;
    let api = app.api(&cast.dario).await;
    let id = account.watched_at(MailServer::get().imaps, &api).await;
    let told = async || {
        let sql = "SELECT recipient || ': ' || subject FROM outbox WHERE subject LIKE 'Accesso negato%'";
        app.database.texts(sql).await
    };
    app.next_slot().await;
    assert_eq!(told().await, [] as [&str; 0]);
    account.change_password("la nuova").await;
    for _ in 0..3 {
        app.next_slot().await;
    }
    let address = api.mailbox(&id).await["address"].as_str().unwrap().to_string();
    let expected = [format!("dario@example.org: Accesso negato alla casella {address}")];
    assert_eq!(told().await, expected);
    for suspended in [true, false] {
        api.patch(&format!("/mailboxes/{id}"), json!({"suspended": suspended})).await.expect(200);
    }
    app.next_slot().await;
    assert_eq!(told().await, expected, "who goes on with a suspended one knows");
    app.end().await;
}
