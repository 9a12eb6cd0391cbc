//! In charge of what is promised about logging in: how it begins, how long it lasts, how it ends.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use sportello::model::person::Role;

use crate::support::app::{Setup, TestApp};
use crate::support::client::Browser;

const PASSWORD: &str = "cavallo pila graffetta";
const MINUTE: Duration = Duration::from_secs(60);

async fn is_logged_in(browser: &Browser) -> bool {
    let answer = browser.get("/lavori").await;
    assert!([200, 303].contains(&answer.status), "{}", answer.text);
    answer.status == 200
}

#[tokio::test]
async fn a_person_logs_in_and_out() {
    let app = TestApp::start().await;
    app.person_with_password(Role::RegionalAdmin, "dario", PASSWORD).await;
    let browser = app.visitor();
    assert_eq!(browser.get("/lavori").await.expect(303).header("location"), "/accedi?torna=%2Flavori");
    let form = [("email", " dario@example.org "), ("password", PASSWORD), ("next", "/lavori")];
    assert_eq!(browser.post("/accedi?torna=/lavori", "/accedi", &form).await.expect(303).header("location"), "/lavori");
    assert!(is_logged_in(&browser).await);

    let kept = browser.jar.lock().unwrap().clone();
    assert_eq!(browser.post("/lavori", "/esci", &[]).await.expect(303).header("location"), "/accedi");
    assert!(!is_logged_in(&browser).await);
    let thief = app.visitor().with_cookie("sportello", &kept["sportello"]);
    assert!(!is_logged_in(&thief).await, "the session is over, not only the cookie");
    app.end().await;
}

#[tokio::test]
async fn nobody_is_sent_to_another_site_after_logging_in() {
    let app = TestApp::start().await;
    app.person_with_password(Role::RegionalAdmin, "dario", PASSWORD).await;
    for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        let form = [("email", "dario@example.org"), ("password", PASSWORD), ("next", elsewhere)];
        assert_eq!(app.visitor().post("/accedi", "/accedi", &form).await.expect(303).header("location"), "/");
    }
    app.end().await;
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_get_the_same_answer() {
    let app = TestApp::start().await;
    app.person_with_password(Role::Operator, "anna", PASSWORD).await;
    app.person(Role::Operator, "bruno", None).await;
    let browser = app.visitor();
    let mut answers = Vec::new();
    for email in ["anna@example.org", "bruno@example.org", "nemo@example.org"] {
        let answer = browser.log_in(email, "una password sbagliata").await.expect(422);
        answers.push(answer.text.replace(email, "EMAIL"));
    }
    assert!(answers.iter().all(|one| *one == answers[0]), "{answers:#?}");
    let refused = app.database.texts("SELECT actor FROM audit WHERE action = 'session.refused' ORDER BY seq").await;
    assert_eq!(refused, ["anna@example.org", "bruno@example.org", "nemo@example.org"]);

    // A password typed in the wrong field stays out of the trace.
    browser.log_in(PASSWORD, "x").await.expect(422);
    let told = format!("SELECT COUNT(*) FROM audit WHERE actor LIKE '%{PASSWORD}%' OR subject LIKE '%{PASSWORD}%'");
    assert_eq!(app.database.number(&told).await, 0);
    app.end().await;
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_its_person_doing_anything() {
    let app = TestApp::start().await;
    let (dario, _) = app.dario().await;
    let browser = app.browser(&dario).await;
    for _ in 0..3 {
        app.advance(29 * MINUTE);
        assert!(is_logged_in(&browser).await, "each act begins the half hour anew");
    }
    app.advance(31 * MINUTE);
    assert!(!is_logged_in(&browser).await);
    app.end().await;
}

#[tokio::test]
async fn streams_and_fragments_are_nobodys_activity() {
    let app = TestApp::start().await;
    let (dario, _) = app.dario().await;
    let browser = app.browser(&dario).await;
    let mut events = browser.events("/eventi?argomenti=caselle").await;
    for _ in 0..2 {
        app.advance(14 * MINUTE);
        browser.get("/caselle?frammento=1").await.expect(200);
        browser.get("/sessione?frammento=1").await.expect(200);
        let again = browser.events("/eventi?argomenti=caselle").await;
        drop(again);
    }
    assert_eq!(events.next().await.as_deref(), Some("caselle"));
    app.advance(3 * MINUTE);
    assert!(!is_logged_in(&browser).await);
    let fragment =
        browser.send(browser.request(Method::GET, "/caselle?frammento=1").header("HX-Request", "true")).await;
    assert_eq!((fragment.status, fragment.header("hx-refresh")), (401, "true"), "the script reloads the page");
    assert_eq!(browser.get("/eventi?argomenti=caselle").await.status, 401);
    app.end().await;
}

#[tokio::test]
async fn an_open_page_learns_how_long_its_session_lasts_and_what_its_forms_must_carry() {
    let app = TestApp::start().await;
    let (dario, _) = app.dario().await;
    let browser = app.browser(&dario).await;
    let state = async |path: &str| browser.get(path).await.expect(200).json();
    app.advance(10 * MINUTE);
    assert_eq!(state("/sessione?frammento=1").await["seconds"], 20 * 60, "asked by the page, by itself");
    let asked = state("/sessione").await;
    assert_eq!(asked["seconds"], 30 * 60, "asked by a person who sends a form");
    let csrf = app.database.texts("SELECT csrf FROM sessions").await;
    assert_eq!(asked["csrf"], csrf[0]);
    assert_eq!(app.visitor().get("/sessione").await.expect(303).header("location"), "/accedi?torna=%2Fsessione");
    app.end().await;
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_whatever_its_person_does() {
    let app = TestApp::start().await;
    let (dario, _) = app.dario().await;
    let browser = app.browser(&dario).await;
    for _ in 0..(12 * 60 / 24) {
        assert!(is_logged_in(&browser).await);
        app.advance(24 * MINUTE);
    }
    assert!(is_logged_in(&browser).await, "twelve hours, not yet over");
    app.advance(MINUTE);
    assert!(!is_logged_in(&browser).await);
    app.end().await;
}

#[tokio::test]
async fn whoever_is_deactivated_loses_sessions_and_keys_at_once_and_has_the_keys_again_when_active() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let other = app.person(Role::RegionalAdmin, "altra", None).await;
    let (browser, key) = (app.browser(&other).await, app.api(&other).await);
    assert!(is_logged_in(&browser).await);
    key.get("/mailboxes").await.expect(200);
    api.patch(&format!("/users/{}", other.id), json!({"active": false})).await.expect(200);
    assert!(!is_logged_in(&browser).await);
    key.get("/mailboxes").await.expect(401);
    api.patch(&format!("/users/{}", other.id), json!({"active": true})).await.expect(200);
    assert!(!is_logged_in(&browser).await, "a session that has ended does not come back");
    key.get("/mailboxes").await.expect(200);
    app.end().await;
}

#[tokio::test]
async fn another_role_needs_another_log_in_and_counts_at_once_for_keys() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let other = app.person(Role::RegionalAdmin, "altra", None).await;
    let (browser, key) = (app.browser(&other).await, app.api(&other).await);
    api.patch(&format!("/users/{}", other.id), json!({"role": "auditor"})).await.expect(200);
    assert!(!is_logged_in(&browser).await);
    key.get("/mailboxes").await.expect(403);
    key.get("/audit").await.expect(200);
    app.end().await;
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let app = TestApp::start().await;
    app.person_with_password(Role::Operator, "anna", PASSWORD).await;
    let answer = app.visitor().log_in("anna@example.org", PASSWORD).await.expect(303);
    let cookie = session_cookie(&answer, "sportello");
    assert_eq!(
        (cookie.http_only(), cookie.path(), cookie.secure(), cookie.domain()),
        (Some(true), Some("/"), None, None)
    );
    assert_eq!(cookie.same_site(), Some(rocket::http::SameSite::Lax));
    assert!(cookie.value().len() >= 43, "256 bits");
    let of_sessions = app.database.dump("sessions").await;
    assert!(!of_sessions.contains(cookie.value()), "only its hash is stored");
    app.end().await;
}

#[tokio::test]
async fn with_https_the_cookie_is_bound_to_this_very_host() {
    let setup = Setup::new().await.settings(|settings| settings.base_url = "https://sportello.example.it".into());
    let app = setup.start().await;
    app.person_with_password(Role::Operator, "anna", PASSWORD).await;
    let browser = app.visitor();
    let page = browser.get("/accedi").await.expect(200);
    assert!(page.header("strict-transport-security").starts_with("max-age="));
    let answer = browser.log_in("anna@example.org", PASSWORD).await.expect(303);
    let cookie = session_cookie(&answer, "__Host-sportello");
    assert_eq!(
        (cookie.secure(), cookie.http_only(), cookie.path(), cookie.domain()),
        (Some(true), Some(true), Some("/"), None)
    );
    browser.get("/caselle").await.expect(200);
    let plain = app.visitor().with_cookie("sportello", cookie.value());
    plain.get("/caselle").await.expect(303);
    app.end().await;
}

fn session_cookie(answer: &crate::support::client::Answer, name: &str) -> rocket::http::Cookie<'static> {
    let cookies = answer.headers.get_all("set-cookie").iter();
    let mut cookies = cookies.map(|one| rocket::http::Cookie::parse(one.to_str().unwrap().to_string()).unwrap());
    cookies.find(|cookie| cookie.name() == name).expect("the session's cookie")
}
