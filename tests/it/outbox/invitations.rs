//! In charge of the links that leave by mail: invitations, new passwords, the notice of a change. Through the real SMTP server
//! into a real mailbox.

use std::time::Duration;

use mail_parser::{MessageParser, MimeHeaders};
use serde_json::json;
use sportello::model::person::Role;

use crate::support::app::{Setup, TestApp};
use crate::support::mail::{Account, MailServer};
use crate::support::until;

const PASSWORD: &str = "cavallo pila graffetta";

/// The program, sending through the real server as one of its accounts.
async fn sending(sender: &Account<'_>) -> TestApp {
    let server = MailServer::get();
    let url = format!("smtp://{}:{}@127.0.0.1:{}", sender.address.replace('@', "%40"), sender.password, server.smtp);
    Setup::new().await.mail(server).settings(|settings| settings.smtp_url = Some(url)).jobs().start().await
}

/// The mail that is the `count`th in an account: its raw bytes.
async fn mail(account: &Account<'_>, count: usize) -> Vec<u8> {
    until("a mail arrives", async || {
        let mails = account.mails();
        (mails.len() >= count).then(|| mails[count - 1].clone())
    })
    .await
}

/// The path of the link in a mail's text.
fn path(raw: &[u8]) -> String {
    let mail = MessageParser::default().parse(raw).expect("a mail");
    let text = mail.body_text(0).expect("a text").to_string();
    let at = text.find("/benvenuto/").expect("the link");
    text[at..].split_whitespace().next().expect("a path").to_string()
}

#[tokio::test]
async fn who_is_made_gets_an_invitation_that_works_once() {
    let server = MailServer::get();
    let (sender, anna) = (server.account("mittente").await, server.account("riceve").await);
    let app = sending(&sender).await;
    let (_, api) = app.dario().await;
    let body = json!({"email": anna.address, "name": "Anna\r\nBcc: x@y.example", "role": "operator"});
    api.post("/users", body).await.expect(422);
    let made = api.post("/users", json!({"email": anna.address, "name": "Anna Verdi", "role": "operator"})).await;
    assert!(
        made.expect(201).json().get("password_link").is_none_or(|link| link.is_null()),
        "the link goes by mail only"
    );

    let raw = mail(&anna, 1).await;
    let parsed = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(parsed.subject(), Some("Il tuo accesso a Sportello"));
    let head = String::from_utf8_lossy(&raw).to_string();
    assert!(head.contains("Auto-Submitted: auto-generated"), "machines must not answer: {head}");
    assert!(parsed.message_id().is_some() && parsed.date().is_some());
    assert!(parsed.html_part(0).is_some_and(|part| part.content_type().is_some()), "HTML beside the text");

    let token = path(&raw).split('/').next_back().unwrap().to_string();
    assert!(parsed.body_html(0).unwrap().contains(&token), "the same link in both");
    for table in app.database.tables().await {
        assert!(!app.database.dump(&table).await.contains(&token), "{table} holds the link");
    }

    let browser = app.visitor();
    let link = path(&raw);
    browser.post(&link, &link, &[("password", PASSWORD)]).await.expect(303);
    app.visitor().get(&link).await.expect(404);
    let listed = api.get("/outbox").await.expect(200).json();
    assert_eq!(listed["items"][0]["state"], "sent");
    assert_eq!(listed["items"][0]["to"], anna.address);
    app.end().await;
}

#[tokio::test]
async fn a_forgotten_password_is_answered_alike_and_by_mail_only() {
    let server = MailServer::get();
    let (sender, anna) = (server.account("mittente").await, server.account("riceve").await);
    let app = sending(&sender).await;
    let (_, api) = app.dario().await;
    api.post("/users", json!({"email": anna.address, "name": "Anna", "role": "operator", "language": "en"}))
        .await
        .expect(201);
    let link = path(&mail(&anna, 1).await);
    app.visitor().post(&link, &link, &[("password", PASSWORD)]).await.expect(303);

    let (known, unknown) = (app.visitor(), app.visitor());
    let page = "/password-dimenticata";
    let first = known.post(page, page, &[("email", anna.address.as_str())]).await.expect(303);
    let second = unknown.post(page, page, &[("email", "nessuno@example.org")]).await.expect(303);
    assert_eq!(first.header("location"), second.header("location"));
    let said = |text: String| {
        text.split("id=\"contenuto\"").nth(1).unwrap_or_default().split("<form").next().unwrap().to_string()
    };
    assert_eq!(said(known.get(page).await.text), said(unknown.get(page).await.text), "nobody learns who is registered");

    let raw = mail(&anna, 2).await;
    let parsed = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(parsed.subject(), Some("Choose a new password for Sportello"), "in the reader's language");
    let link = path(&raw);
    app.advance(Duration::from_secs(2 * 3600 + 1));
    app.visitor().get(&link).await.expect(404);

    for _ in 0..5 {
        known.post(page, page, &[("email", anna.address.as_str())]).await.expect(303);
    }
    let last = until("no more are asked for than three", async || {
        let asked = app.database.number("SELECT COUNT(*) FROM audit WHERE action = 'link.asked'").await;
        let waiting = app.database.number("SELECT COUNT(*) FROM outbox WHERE state <> 'sent'").await;
        (asked == 4 && waiting == 0).then(|| anna.mails())
    })
    .await;
    assert_eq!(last.len(), 5, "an invitation, one link, and three more");
    let good = last[2..].iter().map(|raw| path(raw));
    let mut statuses = Vec::new();
    for link in good {
        statuses.push(app.visitor().get(&link).await.status);
    }
    statuses.sort();
    assert_eq!(statuses, [200, 404, 404], "each link takes the place of the one before");
    app.end().await;
}

#[tokio::test]
async fn whoever_has_a_password_is_told_that_it_changed() {
    let server = MailServer::get();
    let (sender, anna) = (server.account("mittente").await, server.account("riceve").await);
    let app = sending(&sender).await;
    let person = app.person_at(Role::Operator, &anna.address, PASSWORD).await;
    let browser = app.browser(&person).await;
    let form = [("present", PASSWORD), ("password", "tutta un’altra password")];
    browser.post("/profilo", "/profilo/password", &form).await.expect(303);
    let raw = mail(&anna, 1).await;
    let parsed = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(parsed.subject(), Some("La tua password di Sportello è cambiata"));
    assert!(parsed.body_text(0).unwrap().contains("/password-dimenticata"));
    app.end().await;
}
