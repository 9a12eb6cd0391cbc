//! In charge of the second language: by what the browser asks for, by what the person has chosen.

use serde_json::json;
use sportello::model::person::Language;
use sportello_browser_tests::Options;

use crate::world::{in_world, in_world_seen_with};

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_whose_browser_asks_for_english_gets_it() {
    let options = Options { languages: "en-GB,en", ..Options::default() };
    in_world_seen_with(options, async |world| {
        let browser = &world.browser;
        browser.goto("/accedi").await;
        assert_eq!(browser.worth("document.documentElement.lang").await, json!("en"));
        assert_eq!(browser.text("h1").await, "Sign in");
        browser.goto("/non-esiste").await;
        assert_eq!(browser.worth("document.documentElement.lang").await, json!("en"));
        assert_eq!(browser.text("h1").await, "Page not found");
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_has_chosen_english_sees_it_in_an_italian_browser() {
    in_world(async |world| {
        let browser = &world.browser;
        let (dario, _) = world.app.dario().await;
        world.speaks(&dario, Language::En).await;
        world.log_in(&dario).await;
        browser.goto("/caselle").await;
        assert_eq!(browser.worth("document.documentElement.lang").await, json!("en"));
        assert_eq!(browser.text("h1").await, "Mailboxes");
    })
    .await
}
