//! In charge of what is promised about guessing passwords (U03): whoever guesses waits, and the owner is never locked out.

use std::time::Duration;

use sportello::model::person::Role;

use crate::support::app::TestApp;
use crate::support::client::{Answer, Browser};

const PASSWORD: &str = "cavallo pila graffetta";

async fn guess(browser: &Browser, password: &str) -> Answer {
    browser.log_in("anna@example.org", password).await
}

#[tokio::test]
async fn guesses_are_slowed_and_the_right_password_works_after_the_wait() {
    let app = TestApp::start().await;
    app.person_with_password(Role::Operator, "anna", PASSWORD).await;
    let browser = app.visitor();
    for _ in 0..3 {
        guess(&browser, "sbagliata del tutto").await.expect(422);
    }
    let slowed = guess(&browser, PASSWORD).await.expect(429);
    let seconds: u64 = slowed.header("retry-after").parse().expect("seconds");
    assert_eq!(seconds, 2);
    assert!(slowed.text.contains("anna@example.org"), "what was typed stays");
    app.advance(Duration::from_secs(seconds));
    guess(&browser, PASSWORD).await.expect(303);
    app.end().await;
}

#[tokio::test]
async fn who_is_not_there_is_slowed_alike() {
    let app = TestApp::start().await;
    let browser = app.visitor();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(browser.log_in("nessuno@example.org", "sbagliata del tutto").await.status);
    }
    assert_eq!(statuses, [422, 422, 422, 429]);
    app.end().await;
}

#[tokio::test]
async fn guesses_made_elsewhere_do_not_keep_the_owner_waiting() {
    let app = TestApp::start().await;
    let anna = app.person_with_password(Role::Operator, "anna", PASSWORD).await;
    guess(&app.visitor(), PASSWORD).await.expect(303);
    // As many failures as one likes, counted for the account from other addresses.
    let name = app.database.texts("SELECT name FROM attempts").await;
    assert!(name.iter().all(|name| !name.contains("anna")), "no address stands in clear: {name:?}");
    let sql = format!(
        "INSERT INTO attempts (name, failures, last_at) VALUES ('account {}', 500, {})",
        sportello::key::token_hash("anna@example.org"),
        app.app.clock.now().0
    );
    app.database.execute(&sql).await;
    guess(&app.visitor(), PASSWORD).await.expect(303);
    app.database.execute(&format!("DELETE FROM known_clients WHERE person_id = '{}'", anna.id)).await;
    guess(&app.visitor(), PASSWORD).await.expect(429);
    app.end().await;
}

#[tokio::test]
async fn none_of_the_last_five_passwords_comes_back() {
    let app = TestApp::start().await;
    let anna = app.person_with_password(Role::Operator, "anna", PASSWORD).await;
    let mut present = PASSWORD.to_string();
    let change = async |present: &str, new: &str| {
        app.advance(Duration::from_secs(1));
        let browser = app.browser(&anna).await;
        browser.post("/profilo", "/profilo/password", &[("present", present), ("password", new)]).await.status
    };
    let words = ["mela", "pera", "noce", "fico", "uva rosa"];
    for (count, word) in words.iter().enumerate() {
        assert_eq!(change(&present, PASSWORD).await, 422, "after {count} changes the first is one of the last five");
        let new = format!("{word} sul tavolo verde");
        assert_eq!(change(&present, &new).await, 303, "{word}");
        present = new;
    }
    assert_eq!(change(&present, PASSWORD).await, 303, "five others came since");
    app.end().await;
}
