//! In charge of mail that is being taken in when the program is killed: each becomes one request, once.

use std::sync::Arc;

use serde_json::json;

use crate::support::binary::{self, Server};
use crate::support::client::Api;
use crate::support::database::TestDatabase;
use crate::support::mail::MailServer;
use crate::support::until;

const PASSWORD: &str = "cavallo pila graffetta";
const MAILS: usize = 24;

#[tokio::test]
async fn killed_again_and_again_it_loses_no_mail_and_doubles_none() {
    let server = MailServer::get();
    let desk = server.account("assistenza").await;
    let database = Arc::new(TestDatabase::new().await);
    let add =
        ["user", "add", "--email", "dario@example.org", "--name", "D", "--role", "regional_admin", "--password-stdin"];
    binary::run_with_input(&database, &add, PASSWORD).await.well();
    let token = binary::run(&database, &["token", "create", "--email", "dario@example.org"]).await.well().out;
    let token = token.trim().to_string();
    let mut program = Server::start(&database, &[], &[]).await;
    let api = Api::new(&program.base, Some(token.clone()));
    let organization = api.post("/organizations", json!({"code": "c", "name": "C"})).await.expect(201).json();
    let sara = json!({"email": "sara@comune.example", "name": "Sara", "role": "org_user", "organization_id": organization["id"]});
    api.post("/users", sara).await.expect(201);
    let body = json!({
        "address": desk.address, "username": desk.address, "password": desk.password, "area": "pec",
        "imap": {"host": "127.0.0.1", "port": server.imaps, "security": "tls"},
    });
    api.post("/intake/mailboxes", body).await.expect(201);
    let count = async |what: &str| database.number(&format!("SELECT COUNT(*) FROM {what}")).await as usize;
    for round in 0..3 {
        for number in 0..MAILS / 3 {
            let number = round * MAILS / 3 + number;
            let mail = format!(
                "From: <sara@comune.example>\r\nTo: <{}>\r\nSubject: Mail {number}\r\nMessage-ID: <{number}@comune.example>\r\n\r\nTesto {number}\r\n",
                desk.address
            );
            desk.deliver_raw(mail.as_bytes()).await;
        }
        // Some have come, not all are requests: in the middle of it the program is gone.
        let least = round * MAILS / 3 + 2;
        until("some are here", async || (count("intake_mails").await >= least).then_some(())).await;
        program.kill().await;
        // Its lease has ended.
        database.execute("UPDATE intake_mailboxes SET lease_until = 0").await;
        database.execute("UPDATE intake_mails SET taken_until = 0 WHERE taken_until IS NOT NULL").await;
        program = Server::start(&database, &[], &[]).await;
    }
    let done = "intake_mails WHERE state = 'done' AND ticket_id IS NOT NULL";
    until("all are requests", async || (count(done).await == MAILS).then_some(())).await;
    assert_eq!((count("intake_mails").await, count("tickets").await), (MAILS, MAILS));
    let subjects = database.texts("SELECT DISTINCT subject FROM tickets").await;
    assert_eq!(subjects.len(), MAILS, "{subjects:?}");
    // Numbers have no gap, and the trail is whole.
    let last = database.texts("SELECT MAX(number) FROM tickets").await.remove(0);
    assert!(last.ends_with(&format!("{MAILS:06}")), "{last}");
    drop(program);
    binary::run(&database, &["audit", "verify"]).await.well();
}
