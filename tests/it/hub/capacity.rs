//! In charge of what is promised about how many mailboxes may be watched (H21, H22): exact whoever is at it at once, told
//! before anybody is called, and never taken back.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::app::{Setup, TestApp};
use crate::support::builders::mailbox;
use crate::support::mail::MailServer;
use crate::support::relay::Relay;

/// What the API is sent for a mailbox that waits to be activated: nobody is called for it.
fn activating(number: usize) -> Value {
    let address = format!("c{number}@pec.example.it");
    json!({"address": address, "username": address, "imap": {"host": "127.0.0.1"}, "activating": true,
           "authorization": {"holder": "Sindaco", "date": "2026-06-01"}})
}

async fn with_places(places: u32) -> TestApp {
    let setup = Setup::new().await.mail(MailServer::get());
    setup.settings(|settings| settings.included_mailboxes = places).start().await
}

/// A form of the page that is right but for the place it does not find.
fn form(port: &str) -> [(&'static str, &str); 8] {
    [
        ("address", "altra@pec.example.it"),
        ("username", "utente altra"),
        ("password", "segretissima"),
        ("imap_host", "127.0.0.1"),
        ("imap_port", port),
        ("imap_security", "tls"),
        ("authorization_holder", "Sindaca Bianchi"),
        ("authorization_date", "2026-06-01"),
    ]
}

#[tokio::test]
async fn of_sixty_at_once_on_two_nodes_fifty_find_a_place() {
    let one = Setup::new().await.start().await;
    let two = Setup::on(one.database.clone()).start().await;
    let (dario, first) = one.dario().await;
    let second = two.api(&dario).await;
    let sent = (0..60).map(|number| {
        let api = if number % 2 == 0 { &first } else { &second };
        api.post("/mailboxes", activating(number))
    });
    let answers = join_all(sent).await;
    let count = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(201), count(409)), (50, 10), "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
    for refused in answers.iter().filter(|answer| answer.status == 409) {
        let detail = refused.json()["detail"].to_string();
        assert!(detail.contains("50 di 50"), "{detail}");
    }
    for counted in ["mailboxes", "audit WHERE action = 'mailbox.created'"] {
        assert_eq!(one.database.number(&format!("SELECT COUNT(*) FROM {counted}")).await, 50, "{counted}");
    }
    let full = json!({"used": 50, "allowed": 50, "included": 50, "blocks": 0});
    assert_eq!(first.get("/capacity").await.expect(200).json(), full);
    two.end().await;
    one.end().await;
}

#[tokio::test]
async fn the_last_place_goes_to_one_of_two_whose_logins_both_went_well() {
    let server = MailServer::get();
    let accounts = [server.account("la prima").await, server.account("la seconda").await];
    let app = with_places(1).await;
    let (_, api) = app.dario().await;
    let answers = join_all(accounts.iter().map(|account| api.post("/mailboxes", account.body()))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM mailbox_secrets").await, 1, "nothing is kept of the other");
    app.end().await;
}

#[tokio::test]
async fn who_finds_no_place_is_told_before_anybody_is_called() {
    let account = MailServer::get().account("quella giusta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = with_places(2).await;
    let (dario, api) = app.dario().await;
    // However they stand, they take a place.
    for status in ["suspended", "activating"] {
        let one = mailbox(&format!("{status}@pec.example.it"));
        one.with(|one| one.facts.status = sportello::model::mailbox::Status::parse(status).unwrap()).insert(&app).await;
    }
    let refused = api.post("/mailboxes", account.body_at(relay.port)).await.expect(409).json();
    assert_eq!(refused["title"], "Nessun posto libero");
    assert!(refused["detail"].as_str().unwrap().contains("2 di 2"), "{refused}");
    api.post("/mailboxes", json!({})).await.expect(409);

    let browser = app.browser(&dario).await;
    let port = relay.port.to_string();
    let again = browser.post("/caselle/capacita", "/caselle", &form(&port)).await.expect(409);
    for typed in ["altra@pec.example.it", "utente altra", "Sindaca Bianchi", &port] {
        assert!(again.text.contains(&format!("value=\"{typed}\"")), "{typed} is given back");
    }
    assert!(!again.text.contains("segretissima") && again.words().contains("2 di 2"), "{}", again.words());
    assert!(again.leads_to("/caselle/capacita"), "there is a way out");
    assert_eq!(relay.connections(), 0);
    app.end().await;
}

#[tokio::test]
async fn the_form_is_not_offered_when_no_place_is_free_but_the_way_to_more_is() {
    let app = with_places(1).await;
    let (dario, api) = app.dario().await;
    let browser = app.browser(&dario).await;
    assert!(browser.get("/caselle/nuova").await.expect(200).text.contains("id=\"address\""));
    assert!(browser.get("/caselle").await.expect(200).words().contains("0 di 1 casella"));
    mailbox("a@pec.example.it").insert(&app).await;
    let full = browser.get("/caselle/nuova").await.expect(200);
    assert!(!full.text.contains("id=\"address\"") && full.leads_to("/caselle/capacita"));
    assert!(full.words().contains("1 di 1"), "{}", full.words());
    assert!(browser.get("/caselle").await.expect(200).words().contains("1 di 1 casella · nessun posto libero"));

    let again = browser.post("/caselle/capacita", "/caselle/capacita/blocchi", &[("blocks", "0")]).await;
    assert_eq!(again.expect(303).header("location"), "/caselle/capacita");
    let page = browser.get("/caselle/capacita").await.expect(200).words();
    assert!(page.contains("Blocco aggiunto.") && page.contains("1 di 21 caselle"), "{page}");
    assert!(page.contains("passano da 21 a 41"), "{page}");
    api.post("/mailboxes", activating(1)).await.expect(201);
    app.end().await;
}

#[tokio::test]
async fn a_button_pressed_twice_adds_one_block_and_two_programs_add_two() {
    let app = with_places(50).await;
    let (dario, api) = app.dario().await;
    let browser = app.browser(&dario).await;
    let csrf = browser.csrf("/caselle/capacita").await;
    let fields = [("csrf", csrf.as_str()), ("blocks", "0")];
    let pressed = join_all([(), ()].map(|()| browser.post_bare("/caselle/capacita/blocchi", &fields))).await;
    assert!(pressed.iter().all(|answer| answer.status == 303));
    browser.post_bare("/caselle/capacita/blocchi", &fields[..1]).await.expect(303);
    assert_eq!(app.database.number("SELECT blocks FROM capacity").await, 1);

    let added = join_all([(), ()].map(|()| api.ask("POST", "/capacity/blocks"))).await;
    let mut allowed: Vec<Value> = Vec::new();
    for answer in added {
        allowed.push(answer.expect(201).json()["allowed"].clone());
    }
    allowed.sort_by_key(Value::as_i64);
    assert_eq!(allowed, [json!(90), json!(110)]);
    let now = json!({"used": 0, "allowed": 110, "included": 50, "blocks": 3});
    assert_eq!(api.get("/capacity").await.expect(200).json(), now);
    let told = app.database.texts("SELECT detail FROM audit WHERE action = 'capacity.block-added' ORDER BY seq").await;
    assert_eq!(told.len(), 3);
    assert_eq!(told[2], "2 → 3 blocks, 90 → 110 mailboxes");
    app.end().await;
}

#[tokio::test]
async fn a_setting_that_shrinks_takes_nothing_away() {
    let server = MailServer::get();
    let account = server.account("quella giusta").await;
    let app = with_places(3).await;
    let (dario, api) = app.dario().await;
    let id = account.watched(&api).await;
    mailbox("a@pec.example.it").insert(&app).await;
    let shrunk = Setup::on(app.end().await).mail(server).jobs().settings(|settings| settings.included_mailboxes = 1);
    let app = shrunk.start().await;
    let api = app.api(&dario).await;
    let now = api.get("/capacity").await.expect(200).json();
    assert_eq!((&now["used"], &now["allowed"]), (&json!(2), &json!(1)));
    assert!(app.browser(&dario).await.get("/caselle/capacita").await.expect(200).words().contains("2 di 1 casella"));
    api.post("/mailboxes", activating(1)).await.expect(409);
    assert_eq!(api.refreshed(&id).await["status"], "ok");
    let path = format!("/mailboxes/{id}");
    api.patch(&path, json!({"description": "Altro nome"})).await.expect(200);
    api.put(&format!("{path}/password"), json!({"password": account.password})).await.expect(200);
    api.delete(&path).await.expect(204);
    api.post("/mailboxes", activating(1)).await.expect(409);
    app.end().await;
}
