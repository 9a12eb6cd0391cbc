//! In charge of what is promised about mailbox passwords: they go in and come out nowhere, and a seal opens only where it was
//! made (C07).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sqlx::{Connection, Row};

use crate::support::app::{Setup, TestApp};
use crate::support::binary::{self, Server};
use crate::support::client::Api;
use crate::support::database::TestDatabase;
use crate::support::mail::{Account, MailServer};
use crate::support::relay::Relay;

/// The forms in which a password could be found again.
fn traces_of(account: &Account<'_>) -> Vec<String> {
    let sasl = STANDARD.encode(format!("\0{}\0{}", account.address, account.password));
    let bytes = account.password.as_bytes();
    // In base64 a text looks otherwise by where it begins: without its edges, it is one of three.
    let shifted = (0..3).map(|shift| {
        let padded = STANDARD.encode([&vec![b'x'; shift], bytes].concat());
        padded[4..padded.len() - 4].to_string()
    });
    let percent = percent_encoding::utf8_percent_encode(&account.password, percent_encoding::NON_ALPHANUMERIC);
    let backwards = account.password.chars().rev().collect();
    let plain = [account.password.clone(), backwards, hex::encode(bytes), hex::encode_upper(bytes), sasl];
    plain.into_iter().chain(shifted).chain([percent.to_string()]).collect()
}

/// The same, in the bytes of a file.
fn file_holds_no_trace(path: &std::path::Path, accounts: &[&Account<'_>]) {
    let bytes = std::fs::read(path).expect("the file is read");
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for account in accounts {
        let forms = traces_of(account).into_iter().map(String::into_bytes).chain([wide(&account.password)]);
        for form in forms {
            assert!(!bytes.windows(form.len()).any(|part| part == form), "{} holds a password", path.display());
        }
    }
}

fn holds_no_trace(place: &str, text: &str, accounts: &[&Account<'_>]) {
    for trace in accounts.iter().flat_map(|account| traces_of(account)) {
        assert!(!text.contains(&trace), "{place} holds a password");
    }
}

#[tokio::test]
async fn a_password_is_in_no_table_no_answer_and_no_page() {
    let server = MailServer::get();
    let (ascii, other) = (server.account("Zanzara-9931-Quercia").await, server.account("Zanzàra “9931” €").await);
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let ids = [ascii.watched(&api).await, other.watched(&api).await];
    let browser = app.browser(&dario).await;
    for (id, account) in ids.iter().zip([&ascii, &other]) {
        api.refreshed(id).await;
        let put =
            api.put(&format!("/mailboxes/{id}/password"), json!({"password": account.password})).await.expect(200);
        let mailbox = api.get(&format!("/mailboxes/{id}")).await.expect(200);
        let page = browser.get(&format!("/caselle/{id}")).await.expect(200);
        let form = browser.get(&format!("/caselle/{id}/password")).await.expect(200);
        for answer in [put, mailbox, page, form] {
            holds_no_trace("an answer", &answer.text, &[&ascii, &other]);
            assert!(!answer.text.contains("sealed"), "not even sealed");
        }
    }
    for path in ["/mailboxes", "/audit", "/jobs", "/openapi.json"] {
        holds_no_trace(path, &api.get(path).await.expect(200).text, &[&ascii, &other]);
    }
    for path in ["/caselle", "/registro", "/lavori"] {
        holds_no_trace(path, &browser.get(path).await.expect(200).text, &[&ascii, &other]);
    }
    let tables = app.database.tables().await;
    assert!(tables.iter().any(|table| table == "mailbox_secrets"), "{tables:?}");
    for table in tables {
        holds_no_trace(&table, &app.database.dump(&table).await, &[&ascii, &other]);
    }
    let database = app.end().await;
    for file in std::fs::read_dir(database.folder.path()).expect("its folder").flatten() {
        file_holds_no_trace(&file.path(), &[&ascii, &other]);
    }
}

#[tokio::test]
async fn a_password_is_in_no_log_line_even_when_everything_is_logged() {
    let server = MailServer::get();
    let (ascii, other) = (server.account("Zanzara-9931-Quercia").await, server.account("Zanzàra “9931” €").await);
    let database = TestDatabase::new().await;
    let program = Server::start(&database, &[], &[("RUST_LOG", "trace")]).await;
    binary::run(&database, &["user", "add", "--email", "d@example.org", "--name", "D", "--role", "regional_admin"])
        .await
        .well();
    let token = binary::run(&database, &["token", "create", "--email", "d@example.org"]).await.well().out;
    let api = Api::new(&program.base, Some(token.trim().into()));
    for account in [&ascii, &other] {
        let id = account.watched(&api).await;
        assert_eq!(api.refreshed(&id).await["status"], "ok");
        let mut wrong = account.body();
        wrong["password"] = json!(format!("{}!", account.password));
        wrong["address"] = json!(format!("x{}", account.address));
        assert_eq!(api.post("/mailboxes", wrong).await.wrong_fields(), ["password"]);
    }
    let log = program.log();
    assert!(log.contains("/api/v1/mailboxes"), "the log is there");
    holds_no_trace("the log", &log, &[&ascii, &other]);
    assert!(!log.contains(token.trim()), "nor is the token");
}

#[tokio::test]
async fn two_seals_that_were_swapped_open_nowhere_and_nobody_is_called() {
    let server = MailServer::get();
    let (one, two) = (server.account("la prima").await, server.account("la seconda").await);
    let relay = Relay::to(server.imaps).await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let ids = [one.watched_at(relay.port, &api).await, two.watched_at(relay.port, &api).await];
    swap_seals(&app.database).await;
    let tried = relay.connections();
    for id in &ids {
        assert_eq!(api.refreshed(id).await["status"], "secret_unreadable");
        app.browser(&dario).await.get(&format!("/caselle/{id}")).await.expect(200);
    }
    app.next_slot().await;
    assert_eq!(relay.connections(), tried);
    let told =
        "SELECT COUNT(*) FROM audit WHERE action = 'mailbox.status-changed' AND detail LIKE '%secret_unreadable%'";
    assert_eq!(app.database.number(told).await, 2, "an alarm in the trace");

    let put = api.put(&format!("/mailboxes/{}/password", ids[0]), json!({"password": one.password})).await;
    assert_eq!(put.expect(200).json()["status"], "ok", "a password put again is sealed anew");
    app.end().await;
}

async fn swap_seals(database: &TestDatabase) {
    let mut c = database.connect().await;
    let rows = sqlx::query("SELECT mailbox_id, nonce, sealed_credentials FROM mailbox_secrets")
        .fetch_all(&mut c)
        .await
        .unwrap();
    for (to, from) in [(0, 1), (1, 0)] {
        sqlx::query("UPDATE mailbox_secrets SET nonce = $2, sealed_credentials = $3 WHERE mailbox_id = $1")
            .bind(rows[to].get::<String, _>(0))
            .bind(rows[from].get::<Vec<u8>, _>(1))
            .bind(rows[from].get::<Vec<u8>, _>(2))
            .execute(&mut c)
            .await
            .unwrap();
    }
    c.close().await.unwrap();
}

#[tokio::test]
async fn a_changed_host_or_user_in_the_database_does_not_get_the_password() {
    let account = MailServer::get().account("segreta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = Setup::new().await.mail(MailServer::get()).jobs().start().await;
    let (_, api) = app.dario().await;
    let id = account.watched(&api).await;
    app.database.execute(&format!("UPDATE mailboxes SET imap_port = {}", relay.port)).await;
    assert_eq!(api.refreshed(&id).await["status"], "secret_unreadable");
    assert_eq!(relay.connections(), 0);
    app.end().await;
}
