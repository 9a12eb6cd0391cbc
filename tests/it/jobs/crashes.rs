//! In charge of the real program being killed: what was in hand is made after the restart, and SIGTERM ends it in order.

use std::sync::Arc;

use crate::support::binary::{self, Server};
use crate::support::client::{Api, Browser};
use crate::support::database::TestDatabase;
use crate::support::mail::MailServer;
use crate::support::relay::Relay;
use crate::support::until;

const PASSWORD: &str = "cavallo pila graffetta";

/// An installation with an administrator, who has a key.
async fn installation() -> (Arc<TestDatabase>, String) {
    let database = Arc::new(TestDatabase::new().await);
    let add = [
        "user",
        "add",
        "--email",
        "dario@example.org",
        "--name",
        "Dario",
        "--role",
        "regional_admin",
        "--password-stdin",
    ];
    binary::run_with_input(&database, &add, PASSWORD).await.well();
    let token = binary::run(&database, &["token", "create", "--email", "dario@example.org"]).await.well().out;
    (database, token.trim().to_string())
}

#[tokio::test]
async fn a_visit_interrupted_by_a_kill_is_made_after_the_restart() {
    let account = MailServer::get().account("segreta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let (database, token) = installation().await;
    // On SQLite the restart takes it over at once; on PostgreSQL the lease of two timeouts must end.
    let timeout = [("SPORTELLO_IMAP_TIMEOUT", if database.is_file() { "60s" } else { "3s" })];
    let server = Server::start(&database, &[], &timeout).await;
    let api = Api::new(&server.base, Some(token.clone()));
    let id = account.watched_at(relay.port, &api).await;
    account.deliver("ordinary", 1).await;
    relay.hold();
    let before = relay.connections();
    api.ask("POST", &format!("/mailboxes/{id}/refresh")).await.expect(202);
    until("the visit is on its way", async || (relay.connections() > before).then_some(())).await;
    server.kill().await;
    assert_eq!(database.texts("SELECT state FROM visits WHERE state <> 'done'").await, ["running"]);

    relay.mend();
    let server = Server::start(&database, &[], &timeout).await;
    let api = Api::new(&server.base, Some(token));
    until("the visit is made", async || (api.mailbox(&id).await["new_messages"] == 1).then_some(())).await;
    assert_eq!(api.mailbox(&id).await["status"], "ok");
    until("its run has ended", async || {
        let runs = api.get("/jobs/refresh-mailboxes/runs").await.expect(200).json();
        runs["items"].as_array()?.iter().all(|run| run["finished_at"].is_string()).then_some(())
    })
    .await;
    binary::run(&database, &["audit", "verify"]).await.well();
}

#[tokio::test]
async fn sigterm_ends_the_program_although_a_stream_is_open_and_a_visit_on_its_way() {
    let account = MailServer::get().account("segreta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let (database, token) = installation().await;
    let mut server = Server::start(&database, &[], &[("SPORTELLO_IMAP_TIMEOUT", "60s")]).await;
    let api = Api::new(&server.base, Some(token));
    let id = account.watched_at(relay.port, &api).await;
    let browser = Browser::new(&server.base);
    browser.log_in("dario@example.org", PASSWORD).await.expect(303);
    let mut events = browser.events("/eventi?argomenti=caselle").await;
    assert_eq!(events.next().await.as_deref(), Some("caselle"));
    relay.hold();
    let before = relay.connections();
    api.ask("POST", &format!("/mailboxes/{id}/refresh")).await.expect(202);
    until("the visit is on its way", async || (relay.connections() > before).then_some(())).await;

    server.signal("TERM");
    assert_eq!(server.ended().await, Some(0), "{}", server.log());
    while events.next().await.is_some() {}
    assert_eq!(database.texts("SELECT state FROM visits WHERE state <> 'done'").await, ["due"], "handed back");
    assert!(!server.log().contains("did not stop in time"), "{}", server.log());
}

#[tokio::test]
async fn one_server_with_jobs_for_each_sqlite_file_and_as_many_as_you_like_on_postgresql() {
    let (database, _) = installation().await;
    let _first = Server::start(&database, &[], &[]).await;
    if database.is_file() {
        binary::run(&database, &["serve"]).await.refused("--no-jobs");
    } else {
        Server::start(&database, &[], &[]).await.kill().await;
    }
    let web_only = Server::start(&database, &["--no-jobs"], &[]).await;
    assert_eq!(Browser::new(&web_only.base).get("/readyz").await.expect(200).json()["ready"], true);
    binary::run(&database, &["audit", "verify"]).await.well();
}

#[tokio::test]
async fn a_node_that_stands_still_keeps_nobody_from_the_work_and_writes_nothing_when_it_wakes() {
    let account = MailServer::get().account("segreta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let (database, token) = installation().await;
    let settings = [("SPORTELLO_IMAP_TIMEOUT", "2s")];
    let paused = Server::start(&database, &[], &settings).await;
    let api = Api::new(&paused.base, Some(token.clone()));
    let id = account.watched_at(relay.port, &api).await;
    account.deliver("ordinary", 1).await;
    relay.hold();
    let before = relay.connections();
    api.ask("POST", &format!("/mailboxes/{id}/refresh")).await.expect(202);
    until("the visit is on its way", async || (relay.connections() > before).then_some(())).await;
    paused.signal("STOP");
    relay.mend();
    // On SQLite there is no other node: the one that slept goes on by itself.
    let other = match database.is_file() {
        true => None,
        false => {
            let other = Server::start(&database, &[], &settings).await;
            let api = Api::new(&other.base, Some(token.clone()));
            until("the other node makes the visit", async || {
                (api.mailbox(&id).await["new_messages"] == 1).then_some(())
            })
            .await;
            Some(other)
        }
    };
    paused.signal("CONT");
    until("its run has ended", async || {
        (database.number("SELECT COUNT(*) FROM job_runs WHERE finished_at IS NULL").await == 0).then_some(())
    })
    .await;
    let api = Api::new(&paused.base, Some(token));
    let mailbox = api.mailbox(&id).await;
    if other.is_some() {
        assert_eq!((&mailbox["status"], &mailbox["new_messages"]), (&"ok".into(), &1.into()));
        assert_eq!(database.texts("SELECT outcome FROM visits").await, ["ok"], "what the sleeper saw is not written");
    }
    let ask = api.ask("POST", &format!("/mailboxes/{id}/refresh?wait=true")).await.expect(200).json();
    assert_eq!((&ask["status"], &ask["new_messages"]), (&"ok".into(), &1.into()));
    drop(other);
    binary::run(&database, &["audit", "verify"]).await.well();
}
