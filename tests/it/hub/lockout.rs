//! In charge of what is promised of forty mailboxes whose passwords change under the program (H18, C10): the provider sees one
//! refused login for each, whoever tries: the schedule, buttons, readers, two nodes, a restart after a kill.

use std::sync::Arc;
use std::time::Duration;

use sportello::model::id::MailboxId;
use sqlx::Connection;

use crate::support::app::{Setup, TestApp, held_clock};
use crate::support::binary::{self, Server};
use crate::support::client::Api;
use crate::support::database::TestDatabase;
use crate::support::provider::Provider;
use crate::support::until;

const MANY: usize = 40;

/// So many are visited at once: each kill meets the same ones.
const FEW: usize = 8;

fn user(number: usize) -> String {
    format!("casella{number}")
}

/// So many accounts at a provider, watched.
async fn watched(provider: &Provider, api: &Api, many: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..many {
        provider.password(&user(number), "vecchia");
        let made = api.post("/mailboxes", provider.body(&user(number))).await.expect(201).json();
        ids.push(made["id"].as_str().expect("an id").to_string());
    }
    ids
}

fn setup(setup: Setup) -> Setup {
    setup.jobs().settings(|settings| settings.allow_plaintext_imap = true)
}

#[tokio::test]
async fn forty_changed_passwords_meet_one_refused_login_each_whoever_tries() {
    let provider = Provider::start().await;
    let clock = held_clock();
    let one = setup(Setup::new().await.clock(clock.clone())).start().await;
    let two = setup(Setup::on(one.database.clone()).clock(clock.clone())).start().await;
    let (dario, api) = one.dario().await;
    let ids = watched(&provider, &api, MANY).await;
    // Logins take a while, so that those who would try together do.
    provider.think(Duration::from_millis(300));
    (0..MANY).for_each(|number| provider.password(&user(number), "nuova"));
    let other = two.api(&dario).await;
    let (browser, elsewhere) = (one.browser(&dario).await, two.browser(&dario).await);
    let readers = ids.iter().take(6).map(|id| {
        let (browser, elsewhere, path) = (&browser, &elsewhere, format!("/caselle/{id}"));
        async move { tokio::join!(browser.get(&path), elsewhere.get(&path)) }
    });
    let asked = async {
        one.advance(Duration::from_secs(300));
        two.app.work.notify_one();
        tokio::join!(
            api.ask("POST", "/mailboxes/refresh"),
            other.ask("POST", "/mailboxes/refresh"),
            browser.post("/caselle", "/caselle/aggiorna", &[]),
        )
    };
    tokio::join!(futures::future::join_all(readers), asked);
    until("every mailbox stands still", async || {
        let still = "SELECT COUNT(*) FROM mailboxes WHERE status = 'wrong_password'";
        (one.database.number(still).await == MANY as i64).then_some(())
    })
    .await;
    for _ in 0..3 {
        one.next_slot().await;
        futures::future::join_all(ids.iter().map(|id| other.refreshed(id))).await;
    }
    browser.get(&format!("/caselle/{}", ids[0])).await.expect(200);
    let refused: Vec<usize> = (0..MANY).map(|number| provider.refused(&user(number))).collect();
    assert_eq!(refused, vec![1; MANY]);
    assert!(
        (0..MANY).all(|number| provider.most_at_once(&user(number)) <= 1),
        "one session at a time for each mailbox"
    );
    let told =
        "SELECT COUNT(*) FROM audit WHERE action = 'mailbox.status-changed' AND detail LIKE 'ok → wrong_password%'";
    assert_eq!(one.database.number(told).await, MANY as i64, "each change is recorded once");
    two.end().await;
    one.end().await;
}

#[tokio::test]
async fn who_gets_the_turn_after_a_refusal_sees_that_the_mailbox_stands_still() {
    let provider = Provider::start().await;
    let app = setup(Setup::new().await).start().await;
    let (dario, api) = app.dario().await;
    let id = watched(&provider, &api, 1).await.remove(0);
    let browser = app.browser(&dario).await;
    provider.password(&user(0), "nuova");
    // A visit writes its refusal while a reader, who has found the mailbox well, waits for the turn; SQLite has one writer.
    let mut refusal = app.database.connect().await;
    let mut refusal =
        refusal.begin_with(if app.database.is_file() { "BEGIN IMMEDIATE" } else { "BEGIN" }).await.unwrap();
    if !app.database.is_file() {
        sqlx::query("LOCK TABLE turns IN SHARE ROW EXCLUSIVE MODE").execute(&mut *refusal).await.unwrap();
    }
    let written = async {
        if !app.database.is_file() {
            app.database.somebody_waits().await;
        }
        let sql = "UPDATE mailboxes SET status = 'wrong_password' WHERE id = $1";
        sqlx::query(sql).bind(&id).execute(&mut *refusal).await.unwrap();
        refusal.commit().await.unwrap();
    };
    let path = format!("/caselle/{id}");
    let (page, ()) = tokio::join!(browser.get(&path), written);
    page.expect(200);
    assert_eq!(provider.refused(&user(0)), 0, "the password that is wrong was sent once more");
    app.end().await;
}

#[tokio::test]
async fn a_kill_in_the_middle_of_a_refresh_costs_no_holder_the_mailbox() {
    let provider = Provider::start().await;
    let database = Arc::new(TestDatabase::new().await);
    let app = setup(Setup::on(database.clone())).start().await;
    let (dario, api) = app.dario().await;
    let ids = watched(&provider, &api, FEW).await;
    let token = app.token(&dario).await;
    app.end().await;
    // Half of the passwords change; no login is answered while the server is killed, twice.
    (0..FEW / 2).for_each(|number| provider.password(&user(number), "nuova"));
    provider.think(Duration::from_secs(60));
    let settings = [
        ("SPORTELLO_ALLOW_PLAINTEXT_IMAP", "true"),
        ("SPORTELLO_IMAP_TIMEOUT", if database.is_file() { "20s" } else { "4s" }),
    ];
    for round in 1..=4 {
        let server = Server::start(&database, &[], &settings).await;
        let api = Api::new(&server.base, Some(token.clone()));
        api.ask("POST", "/mailboxes/refresh").await.expect(202);
        // Twice the logins are sent; from then on they are withheld, and the visits come to their end.
        let met = match round {
            1 | 2 => format!("SELECT COUNT(*) FROM logins WHERE unanswered >= {round}"),
            _ => "SELECT COUNT(*) FROM mailboxes WHERE status_detail = '@login-withheld'".into(),
        };
        until("the kill meets them all", async || (database.number(&met).await == FEW as i64).then_some(())).await;
        server.kill().await;
    }
    provider.think(Duration::ZERO);
    let server = Server::start(&database, &[], &settings).await;
    let api = Api::new(&server.base, Some(token));
    api.ask("POST", "/mailboxes/refresh").await.expect(202);
    until("every visit is over", async || {
        (database.number("SELECT COUNT(*) FROM visits WHERE state <> 'done'").await == 0).then_some(())
    })
    .await;
    for id in &ids {
        api.refreshed(id).await;
    }
    let refused: Vec<usize> = (0..FEW).map(|number| provider.refused(&user(number))).collect();
    assert!(refused.iter().all(|times| *times <= 2), "three would lock the holder out: {refused:?}");
    // Where two logins in a row had no answer, nobody tries for an hour; then all is as before.
    let waiting = "SELECT COUNT(*) FROM mailboxes WHERE status_detail = '@login-withheld'";
    assert_eq!(database.number(waiting).await, FEW as i64);
    let tried: usize = (0..FEW).map(|number| provider.accepted(&user(number)) + provider.refused(&user(number))).sum();
    api.ask("POST", "/mailboxes/refresh").await.expect(202);
    database.execute("UPDATE logins SET begun_at = begun_at - 3600000").await;
    for id in &ids {
        api.refreshed(id).await;
    }
    assert_eq!(database.number("SELECT COUNT(*) FROM mailboxes WHERE status = 'ok'").await, (FEW / 2) as i64);
    assert_eq!(database.number("SELECT COUNT(*) FROM logins").await, 0);
    assert!(
        (0..FEW).map(|number| provider.accepted(&user(number)) + provider.refused(&user(number))).sum::<usize>()
            > tried
    );
    drop(server);
    binary::run(&database, &["audit", "verify"]).await.well();
}

#[tokio::test]
async fn the_code_of_a_refusal_gives_the_status_and_each_stops_the_watch_at_once() {
    let app = setup(Setup::new().await).start().await;
    let (_, api) = app.dario().await;
    for (number, (answer, status, stops)) in [
        ("NO [AUTHENTICATIONFAILED] no", "wrong_password", true),
        ("NO [AUTHORIZATIONFAILED] no", "wrong_password", true),
        ("NO [EXPIRED] change it", "password_expired", true),
        ("NO [CONTACTADMIN] call", "account_blocked", true),
        ("NO account locked, too many failures", "wrong_password", true),
        ("NO [UNAVAILABLE] wrong password, perhaps", "temporary_error", false),
        ("NO [LIMIT] too many", "temporary_error", false),
        ("NO [INUSE] busy", "temporary_error", false),
    ]
    .into_iter()
    .enumerate()
    {
        let (provider, user) = (Provider::start().await, user(number));
        provider.password(&user, "vecchia");
        let id =
            api.post("/mailboxes", provider.body(&user)).await.expect(201).json()["id"].as_str().unwrap().to_string();
        provider.password(&user, "nuova");
        provider.refuse_with(answer);
        let once = api.refreshed(&id).await;
        assert_eq!(once["status"], if stops { status } else { "ok" }, "{answer}");
        let twice = api.refreshed(&id).await;
        assert_eq!(
            (&twice["status"], provider.refused(&user)),
            (&status.into(), if stops { 1 } else { 2 }),
            "{answer}"
        );
        let detail = twice["status_detail"].as_str().expect("the server's words");
        assert_eq!(detail.contains("senza codice"), !answer.contains('['), "{detail}");
    }
    app.end().await;
}

#[tokio::test]
async fn after_faults_in_a_row_the_schedule_waits_longer_and_a_person_need_not() {
    let provider = Provider::start().await;
    let app = setup(Setup::new().await).start().await;
    let (_, api) = app.dario().await;
    let id = watched(&provider, &api, 1).await.remove(0);
    app.next_slot().await;
    provider.refuse_with("NO [UNAVAILABLE] later");
    provider.password(&user(0), "nuova");
    let mut tries = Vec::new();
    for slot in 1..=16 {
        let before = provider.refused(&user(0));
        app.next_slot().await;
        if provider.refused(&user(0)) > before {
            tries.push(slot);
        }
    }
    assert_eq!(tries, [1, 2, 4, 8, 16], "the first retry in the next slot, then ever later");
    assert_eq!(api.refreshed(&id).await["status"], "temporary_error");
    assert_eq!(provider.refused(&user(0)), tries.len() + 1, "who asks is heard");
    provider.password(&user(0), "vecchia");
    assert_eq!(api.refreshed(&id).await["status"], "ok");
    let before = provider.accepted(&user(0));
    app.next_slot().await;
    assert_eq!(provider.accepted(&user(0)), before + 1, "and all is as before");
    app.end().await;
}

#[tokio::test]
async fn the_visits_of_a_slot_are_spread_and_each_mailbox_has_its_place() {
    let app: TestApp = Setup::new().await.start().await;
    for number in 0..200 {
        crate::support::builders::mailbox(&format!("c{number}@pec.example.it")).insert(&app).await;
    }
    let mut places = Vec::new();
    for slot in [600_000, 900_000] {
        sportello::hub::refresh::begin_slot(&app.app, sportello::clock::Moment(slot)).await.unwrap().expect("begun");
        let due = app.database.numbers(&format!("SELECT due_at - {slot} FROM visits ORDER BY mailbox_id")).await;
        assert!(due.len() == 200 && due.iter().all(|at| (0..30_000).contains(at)), "{due:?}");
        let mut seconds: Vec<i64> = due.iter().map(|at| at / 1000).collect();
        seconds.sort_unstable();
        let crowd = seconds.chunk_by(|a, b| a == b).map(<[i64]>::len).max();
        assert!(crowd < Some(25), "so many in one second: {crowd:?}");
        places.push(due);
        app.database.execute("DELETE FROM visits").await;
    }
    assert_eq!(places[0], places[1], "the same place in each slot");
    assert_eq!(MailboxId::from("x").spread(), MailboxId::from("x").spread());
    app.end().await;
}

#[tokio::test]
async fn a_login_that_was_sent_and_never_judged_counts_as_one_that_may_have_been_refused() {
    let provider = Provider::start().await;
    let app =
        setup(Setup::new().await).settings(|settings| settings.imap_timeout = Duration::from_millis(500)).start().await;
    let (_, api) = app.dario().await;
    let id = watched(&provider, &api, 1).await.remove(0);
    provider.password(&user(0), "nuova");
    // It has refused the login, and says so only when nobody listens any more.
    provider.think(Duration::from_secs(60));
    for _ in 0..4 {
        api.refreshed(&id).await;
        app.next_slot().await;
    }
    assert_eq!(provider.refused(&user(0)), 2, "three would lock the holder out");
    let mailbox = api.mailbox(&id).await;
    assert_ne!(mailbox["status"], "wrong_password");
    assert!(
        mailbox["status_detail"].as_str().is_some_and(|words| words.contains("si riprova dopo un’ora")),
        "{mailbox}"
    );
    provider.think(Duration::ZERO);
    provider.password(&user(0), "vecchia");
    app.advance(Duration::from_secs(3600));
    assert_eq!(api.refreshed(&id).await["status"], "ok", "after an hour");
    app.end().await;
}

#[tokio::test]
async fn a_password_that_was_refused_is_not_sent_again_and_again_whoever_types_it() {
    let provider = Provider::start().await;
    let app = setup(Setup::new().await).start().await;
    let (_, api) = app.dario().await;
    let id = watched(&provider, &api, 1).await.remove(0);
    provider.password(&user(0), "nuova");
    assert_eq!(api.refreshed(&id).await["status"], "wrong_password");
    let path = format!("/mailboxes/{id}/password");
    let put = async |password: &str| api.put(&path, serde_json::json!({"password": password})).await;
    tokio::join!(put("vecchia"), put("vecchia"), put("vecchia"));
    let again = put("vecchia").await;
    assert_eq!(again.wrong_fields(), ["password"]);
    assert!(again.text.contains("già rifiutato due volte"), "{}", again.text);
    assert_eq!(provider.refused(&user(0)), 2, "the visit’s, and one more");
    let mut body = provider.body(&user(0));
    body["address"] = "altra@pec.example.it".into();
    body["username"] = user(0).to_uppercase().into();
    body["password"] = "sbagliata".into();
    for _ in 0..4 {
        assert_eq!(api.post("/mailboxes", body.clone()).await.wrong_fields(), ["password"]);
    }
    assert_eq!(provider.refused(&user(0)) + provider.refused(&user(0).to_uppercase()), 4, "twice each password");
    assert_eq!(put("nuova").await.expect(200).json()["status"], "ok");
    // What the provider accepts again is tried again, once an hour at the latest.
    provider.password(&user(0), "vecchia");
    app.advance(Duration::from_secs(3601));
    assert_eq!(put("vecchia").await.expect(200).json()["status"], "ok");
    assert_eq!(app.database.number("SELECT COUNT(*) FROM refusals WHERE fingerprint LIKE '%vecchia%'").await, 0);
    app.end().await;
}
