//! In charge of what is promised when a mailbox is removed (H25): who removes it knows what happens, its password is erased to
//! the last byte, the trace stays, and who is visiting it at that moment writes nothing.

use futures::future::join_all;
use sportello::audit;
use sqlx::{Connection, Row};

use crate::support::app::{Setup, TestApp};
use crate::support::database::TestDatabase;
use crate::support::mail::MailServer;
use crate::support::relay::Relay;
use crate::support::until;

#[tokio::test]
async fn the_page_says_what_happens_and_then_it_does() {
    let account = MailServer::get().account("quella giusta").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    account.deliver("ordinary", 1).await;
    let id = account.watched(&api).await;
    api.refreshed(&id).await;
    let browser = app.browser(&dario).await;
    let page = format!("/caselle/{id}/rimuovi");
    assert!(browser.get(&format!("/caselle/{id}")).await.expect(200).leads_to(&page));
    let asked = browser.get(&page).await.expect(200);
    for words in [
        "Rimuovere «Ufficio protocollo»",
        "Il presidio finisce",
        "password cifrata viene cancellata",
        "Si libera un posto",
        "presso il gestore non cambiano",
        "restano nel registro",
    ] {
        assert!(asked.words().contains(words), "{words}: {}", asked.words());
    }
    assert_eq!(app.database.number("SELECT COUNT(*) FROM mailboxes").await, 1, "asking removes nothing");

    let done = browser.post(&page, &page, &[]).await.expect(303);
    assert_eq!(done.header("location"), "/caselle");
    let console = browser.get("/caselle").await.expect(200).words();
    assert!(console.contains("Casella rimossa dal presidio") && console.contains("0 di 50 caselle"), "{console}");
    for table in ["mailboxes", "mailbox_secrets", "visits"] {
        assert_eq!(app.database.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    let told = format!("SELECT action FROM audit WHERE subject = '{}' ORDER BY seq", account.address);
    assert_eq!(
        app.database.texts(&told).await,
        ["mailbox.created", "mailbox.refreshed", "mailbox.opened", "mailbox.removed"]
    );
    browser.get(&page).await.expect(404);
    assert!(account.flags().await.lines().count() > 0, "its mail is where it was");
    app.end().await;
}

#[tokio::test]
async fn a_visit_on_its_way_writes_nothing_and_breaks_nothing() {
    let server = MailServer::get();
    let (account, other) = (server.account("la prima").await, server.account("la seconda").await);
    let relay = Relay::to(server.imaps).await;
    let setup = Setup::new().await.mail(server).jobs();
    let app = setup.settings(|settings| settings.refresh_concurrency = 1).start().await;
    let (_, api) = app.dario().await;
    let ids = [account.watched_at(relay.port, &api).await, other.watched(&api).await];
    relay.hold();
    let before = relay.connections();
    api.ask("POST", &format!("/mailboxes/{}/refresh", ids[0])).await.expect(202);
    until("the visit is on its way", async || (relay.connections() > before).then_some(())).await;
    api.delete(&format!("/mailboxes/{}", ids[0])).await.expect(204);
    // Its server hangs up, so it ends; there is one place for visits, so the next begins after that.
    drop(relay);
    assert_eq!(api.refreshed(&ids[1]).await["status"], "ok", "the others go on");
    let open = "SELECT COUNT(*) FROM job_runs WHERE finished_at IS NULL";
    until("both runs end", async || (app.database.number(open).await == 0).then_some(())).await;
    let told = format!("SELECT action FROM audit WHERE subject = '{}' ORDER BY seq", account.address);
    let known = ["mailbox.created", "mailbox.refreshed", "mailbox.removed"];
    assert_eq!(app.database.texts(&told).await, known, "nothing of what the visit met");
    for (column, table) in [("id", "mailboxes"), ("mailbox_id", "visits"), ("mailbox_id", "mailbox_secrets")] {
        assert_eq!(app.database.texts(&format!("SELECT {column} FROM {table}")).await, [ids[1].as_str()]);
    }
    app.end().await;
}

#[tokio::test]
async fn a_mailbox_is_removed_once_whoever_asks_and_how_often() {
    let app = TestApp::start().await;
    let (dario, api) = app.dario().await;
    let one = crate::support::builders::mailbox("a@pec.example.it").insert(&app).await;
    let path = format!("/mailboxes/{}", one.id);
    let mut statuses: Vec<u16> =
        join_all([(), (), ()].map(|()| api.delete(&path))).await.iter().map(|answer| answer.status).collect();
    statuses.sort();
    assert_eq!(statuses[0], 204);
    assert!(statuses[1..].iter().all(|status| [404, 409].contains(status)), "{statuses:?}");
    let told = "SELECT COUNT(*) FROM audit WHERE action = 'mailbox.removed'";
    assert_eq!(app.database.number(told).await, 1);
    drop(dario);
    app.end().await;
}

/// The one sealed password there is.
async fn seal(database: &TestDatabase) -> Vec<u8> {
    let mut c = database.connect().await;
    let row = sqlx::query("SELECT sealed_credentials FROM mailbox_secrets").fetch_one(&mut c).await.unwrap();
    c.close().await.unwrap();
    row.get(0)
}

/// True when the database holds these bytes: on SQLite anywhere in its files once the write-ahead log has been carried over,
/// else in any row.
async fn holds(app: &TestApp, bytes: &[u8]) -> bool {
    let Some(file) = app.app.db.file() else {
        return app.database.dump("mailbox_secrets").await.contains(&hex::encode(bytes));
    };
    let busy = "PRAGMA wal_checkpoint(TRUNCATE)";
    until("the log is carried over", async || (app.database.numbers(busy).await == [0]).then_some(())).await;
    let folder = std::fs::read_dir(file.parent().unwrap()).unwrap();
    let files = folder.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.map(|path| std::fs::read(path).unwrap()).any(|all| all.windows(bytes.len()).any(|part| part == bytes))
}

#[tokio::test]
async fn the_bytes_of_a_removed_or_replaced_seal_are_nowhere_in_the_database() {
    let account = MailServer::get().account("quella giusta").await;
    let app = Setup::new().await.mail(MailServer::get()).start().await;
    let (_, api) = app.dario().await;
    let path = format!("/mailboxes/{}", account.watched(&api).await);
    let first = seal(&app.database).await;
    assert!(first.len() >= 32 && holds(&app, &first).await, "it is there, and would be found");

    let password = serde_json::json!({"password": account.password});
    api.put(&format!("{path}/password"), password).await.expect(200);
    let second = seal(&app.database).await;
    assert!(first != second && holds(&app, &second).await);
    assert!(!holds(&app, &first).await, "the old seal is written over");

    api.delete(&path).await.expect(204);
    assert!(!holds(&app, &second).await, "the last seal is written over");
    assert_eq!(audit::verify(&app.app).await.unwrap().broken, None);
    app.end().await;
}
