//! In charge of two nodes on one database: each visit is made once, and the cap for each server holds over both.

use std::time::Duration;

use serde_json::json;
use sportello::hub::refresh;
use sportello::model::job::Outcome;
use sportello::model::mailbox::Mailbox;
use sportello::model::trace::Actor;
use sportello::store;
use sportello::store::visits::{Claim, Ended};

use crate::support::app::{BEGINNING, Setup, TestApp, held_clock};
use crate::support::mail::{Account, MailServer};
use crate::support::relay::Relay;
use crate::support::until;

/// So many mailboxes that are the same one on the server, through this port.
async fn watched(app: &TestApp, account: &Account<'_>, port: u16, count: usize) -> Vec<Mailbox> {
    let (_, api) = app.dario().await;
    let mut made = Vec::new();
    for number in 0..count {
        let mut body = account.body_at(port);
        body["address"] = json!(format!("c{number}@pec.example.it"));
        let id = api.post("/mailboxes", body).await.expect(201).json()["id"].as_str().unwrap().into();
        made.extend(store::mailboxes::find(&mut app.app.db.read().await.unwrap(), &id).await.unwrap());
    }
    made
}

#[tokio::test]
async fn two_runners_make_each_visit_once_and_keep_the_cap_between_them() {
    let account = MailServer::get().account("segreta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let clock = held_clock();
    let setup = |setup: Setup| {
        setup
            .mail(MailServer::get())
            .jobs()
            .clock(clock.clone())
            .settings(|settings| settings.connections_per_server = 3)
    };
    let one = setup(Setup::new().await).start().await;
    let two = setup(Setup::on(one.database.clone())).start().await;
    watched(&one, &account, relay.port, 24).await;
    two.app.work.notify_one();
    one.next_slot().await;
    let database = one.database.clone();
    assert_eq!(
        database.number("SELECT COUNT(*) FROM visits WHERE state = 'done' AND outcome = 'ok' AND fence = 1").await,
        24
    );
    assert_eq!(relay.connections() - 24, 24, "each visit is made once");
    assert!(relay.most_at_once() <= 3, "{} at once", relay.most_at_once());
    assert_eq!(
        database
            .number(&format!("SELECT COUNT(*) FROM job_runs WHERE job = 'refresh-mailboxes' AND slot > {BEGINNING}"))
            .await,
        1,
        "one run for the slot"
    );
    two.end().await;
    one.end().await;
}

#[tokio::test]
async fn what_a_dead_node_had_in_hand_is_made_by_another_and_the_dead_one_can_write_no_more() {
    let account = MailServer::get().account("segreta").await;
    let app = Setup::new().await.mail(MailServer::get()).start().await;
    let watched = watched(&app, &account, MailServer::get().imaps, 1).await.remove(0);
    refresh::begin(&app.app, &Actor::system(), refresh::Scope::These(std::slice::from_ref(&watched))).await.unwrap();
    let mut tx = app.app.db.begin().await.unwrap();
    let dying = Claim { node: "a node that dies", now: app.app.clock.now(), most: 8, per_server: 8, lease_ms: 1 };
    let lost = store::visits::claim(&mut tx, &dying).await.unwrap().pop().expect("the visit");
    tx.commit().await.unwrap();

    let other = Setup::on(app.database.clone()).mail(MailServer::get()).jobs().start().await;
    let fence = format!("SELECT fence FROM visits WHERE id = '{}' AND outcome = 'ok'", lost.id);
    let fence = until("the other node makes the visit", async || app.database.numbers(&fence).await.pop()).await;
    assert_eq!(fence, lost.fence + 1);
    let mut tx = app.app.db.begin().await.unwrap();
    let held = store::visits::renew(&mut tx, dying.node, std::slice::from_ref(&lost.id), 1000).await.unwrap();
    assert_eq!(held, 0);
    let ended = Ended { visit: &lost, outcome: Outcome::Failed, detail: "too late" };
    assert_eq!(store::visits::finish(&mut tx, &[ended]).await.unwrap(), []);
    drop(tx);
    other.end().await;
    app.end().await;
}

#[tokio::test]
async fn a_visit_that_takes_long_keeps_its_place() {
    let account = MailServer::get().account("segreta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let setup = Setup::new().await.mail(MailServer::get()).jobs();
    let one = setup.settings(|settings| settings.imap_timeout = Duration::from_millis(600)).start().await;
    let watched = watched(&one, &account, relay.port, 1).await.remove(0);
    let two = Setup::on(one.database.clone()).mail(MailServer::get()).jobs().start().await;
    relay.hold();
    refresh::begin(&one.app, &Actor::system(), refresh::Scope::These(std::slice::from_ref(&watched))).await.unwrap();
    until("the visit is over", async || {
        (one.database.number("SELECT COUNT(*) FROM visits WHERE state = 'done'").await == 1).then_some(())
    })
    .await;
    assert_eq!((one.database.number("SELECT fence FROM visits").await, relay.connections() - 1), (1, 1));
    two.end().await;
    one.end().await;
}

#[tokio::test]
async fn a_node_that_stops_hands_back_what_it_has_not_finished() {
    let account = MailServer::get().account("segreta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = Setup::new().await.mail(MailServer::get()).jobs().start().await;
    let watched = watched(&app, &account, relay.port, 1).await.remove(0);
    relay.hold();
    refresh::begin(&app.app, &Actor::system(), refresh::Scope::These(std::slice::from_ref(&watched))).await.unwrap();
    until("the visit is on its way", async || (relay.connections() == 2).then_some(())).await;
    let database = app.end().await;
    assert_eq!(database.texts("SELECT state FROM visits").await, ["due"]);

    relay.mend();
    let app = Setup::on(database).mail(MailServer::get()).jobs().start().await;
    until("the visit is made", async || {
        (app.database.number("SELECT COUNT(*) FROM visits WHERE outcome = 'ok'").await == 1).then_some(())
    })
    .await;
    app.end().await;
}

#[tokio::test]
async fn a_restart_in_the_middle_of_a_slot_does_not_begin_it_again() {
    let app = Setup::new().await.jobs().start().await;
    app.next_slot().await;
    let (database, clock) = (app.database.clone(), app.app.clock.clone());
    app.end().await;
    let runs = database.number("SELECT COUNT(*) FROM job_runs WHERE job = 'refresh-mailboxes'").await;
    let app = Setup::on(database).clock(clock).jobs().start().await;
    app.next_slot().await;
    assert_eq!(app.database.number("SELECT COUNT(*) FROM job_runs WHERE job = 'refresh-mailboxes'").await, runs + 1);
    app.end().await;
}

#[tokio::test]
async fn finished_runs_are_thrown_away_after_two_days_and_what_they_found_stays() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let id = account.watched(&api).await;
    app.next_slot().await;
    assert!(app.database.number("SELECT COUNT(*) FROM visits").await > 0);
    // Visits end by the database's clock, which no test moves: they are made old by hand.
    app.database.execute("UPDATE visits SET finished_at = 1").await;
    app.advance(Duration::from_secs(49 * 3600));
    app.next_slot().await;
    let old = format!(
        "SELECT COUNT(*) FROM job_runs WHERE job = 'refresh-mailboxes' AND finished_at < {}",
        BEGINNING + 3_600_000
    );
    assert_eq!(app.database.number(&old).await, 0);
    assert_eq!(api.mailbox(&id).await["status"], "ok");
    app.end().await;
}
