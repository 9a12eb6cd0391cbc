//! In charge of what is promised about one-time links: once, for a while, for one purpose.

use std::time::Duration;

use serde_json::json;
use sportello::model::person::Role;
use sportello::people::link::{self, Way};

use crate::support::app::TestApp;

const PASSWORD: &str = "cavallo pila graffetta";

/// The path of a link, as somebody pastes it.
fn path(link: &str) -> String {
    let (_, path) = link.split_once("://").and_then(|(_, rest)| rest.split_once('/')).expect("an address");
    format!("/{path}")
}

#[tokio::test]
async fn the_link_for_the_first_administrator_works_once() {
    let app = TestApp::start().await;
    let earlier = path(&link::for_first_admin(&app.app).await.unwrap().expect("there is nobody yet"));
    let link = path(&link::for_first_admin(&app.app).await.unwrap().expect("there is nobody yet"));
    let browser = app.visitor();
    browser.get(&earlier).await.expect(404);

    let short = [("name", "Dario"), ("email", "dario@example.org"), ("password", "corta")];
    let again = browser.post(&link, &link, &short).await.expect(422);
    assert!(
        again.text.contains("value=\"dario@example.org\"") && !again.text.contains("corta\""),
        "typed texts stay, passwords do not"
    );

    let good = [("name", "Dario"), ("email", "dario@example.org"), ("password", PASSWORD)];
    assert_eq!(browser.post(&link, &link, &good).await.expect(303).header("location"), "/");
    browser.get("/caselle").await.expect(200);
    let other = app.visitor();
    other.get(&link).await.expect(404);
    assert!(link::for_first_admin(&app.app).await.unwrap().is_none(), "somebody administers now");
    assert_eq!(app.visitor().log_in("dario@example.org", PASSWORD).await.status, 303);
    app.end().await;
}

#[tokio::test]
async fn of_two_who_use_the_first_link_at_once_one_becomes_administrator() {
    let app = TestApp::start().await;
    let link = path(&link::for_first_admin(&app.app).await.unwrap().unwrap());
    let (one, two) = (app.visitor(), app.visitor());
    let (csrf_one, csrf_two) = (one.csrf(&link).await, two.csrf(&link).await);
    let form = |email: &'static str, csrf: &str| {
        [("name", "N".to_string()), ("email", email.into()), ("password", PASSWORD.into()), ("csrf", csrf.into())]
    };
    let (form_one, form_two) = (form("one@example.org", &csrf_one), form("two@example.org", &csrf_two));
    let texts = |form: &[(&'static str, String); 4]| form.clone().map(|(name, text)| (name, text));
    let post = async |browser: &crate::support::client::Browser, form: [(&'static str, String); 4]| {
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, text)| (*name, text.as_str())).collect();
        browser.post_bare(&link, &fields).await.status
    };
    let (first, second) = tokio::join!(post(&one, texts(&form_one)), post(&two, texts(&form_two)));
    let mut both = [first, second];
    both.sort();
    assert_eq!(both, [303, 404]);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM persons").await, 1);
    app.end().await;
}

#[tokio::test]
async fn an_invitation_works_once_and_only_for_seven_days() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let invite = async |email: &str| {
        let body = json!({"email": email, "name": "Anna", "role": "operator"});
        let made = api.post("/users", body).await.expect(201).json();
        (made["id"].as_str().unwrap().to_string(), path(made["password_link"].as_str().expect("the link, once")))
    };
    let (id, link) = invite("anna@example.org").await;
    assert!(api.get(&format!("/users/{id}")).await.expect(200).json().get("password_link").is_none());
    assert_eq!(app.visitor().log_in("anna@example.org", PASSWORD).await.status, 422, "there is no password yet");

    let browser = app.visitor();
    assert!(browser.get(&link).await.expect(200).text.contains("anna@example.org"));
    browser.post(&link, &link, &[("password", PASSWORD)]).await.expect(303);
    browser.get("/caselle").await.expect(200);
    app.visitor().get(&link).await.expect(404);
    assert_eq!(app.visitor().log_in("Anna@Example.org", PASSWORD).await.status, 303);

    let (_, late) = invite("bruno@example.org").await;
    app.advance(Duration::from_secs(7 * 24 * 3600 - 1));
    app.visitor().get(&late).await.expect(200);
    app.advance(Duration::from_secs(2));
    app.visitor().get(&late).await.expect(404);
    app.end().await;
}

#[tokio::test]
async fn a_link_of_somebody_who_was_deactivated_leads_nowhere() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let made =
        api.post("/users", json!({"email": "a@example.org", "name": "A", "role": "operator"})).await.expect(201).json();
    api.patch(&format!("/users/{}", made["id"].as_str().unwrap()), json!({"active": false})).await.expect(200);
    app.visitor().get(&path(made["password_link"].as_str().unwrap())).await.expect(404);
    app.end().await;
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_opened_with_the_old_one() {
    let app = TestApp::start().await;
    let anna = app.person_with_password(Role::Operator, "anna", PASSWORD).await;
    let old = app.browser(&anna).await;
    old.get("/caselle").await.expect(200);
    let mut tx = app.app.db.begin().await.unwrap();
    let actor = sportello::model::trace::Actor::system();
    let link = path(&link::for_password(&app.app, &mut tx, &actor, &anna, Way::Hand).await.unwrap().unwrap());
    tx.commit().await.unwrap();
    let browser = app.visitor();
    browser.post(&link, &link, &[("password", "tutta un’altra password")]).await.expect(303);
    old.get("/caselle").await.expect(303);
    browser.get("/caselle").await.expect(200);
    assert_eq!(app.visitor().log_in("anna@example.org", PASSWORD).await.status, 422);
    app.end().await;
}
