//! In charge of what is promised about keys to the API: their person's rights, for as long as was said.

use std::time::Duration;

use sportello::model::trace::Actor;
use sportello::people::token;

use crate::support::app::TestApp;
use crate::support::client::Api;

#[tokio::test]
async fn a_key_is_good_for_as_long_as_was_said() {
    let app = TestApp::start().await;
    let (dario, _) = app.dario().await;
    let day = Duration::from_secs(24 * 3600);
    let made = token::create(&app.app, &Actor::system(), &dario, Some(day)).await.unwrap();
    let api = Api::new(&app.base, Some(made.to_string()));
    app.advance(day - Duration::from_secs(1));
    api.get("/mailboxes").await.expect(200);
    app.advance(Duration::from_secs(2));
    api.get("/mailboxes").await.expect(401);
    assert!(!app.database.dump("tokens").await.contains(made.as_str()), "only its hash is stored");
    app.end().await;
}

#[tokio::test]
async fn a_cookie_is_no_key_and_a_key_is_no_cookie() {
    let app = TestApp::start().await;
    let (dario, _) = app.dario().await;
    let browser = app.browser(&dario).await;
    browser.get("/api/v1/mailboxes").await.expect(401);
    let made = token::create(&app.app, &Actor::system(), &dario, None).await.unwrap();
    app.visitor().with_cookie("sportello", &made).get("/caselle").await.expect(303);
    let visitor = app.visitor();
    let with_key = visitor.request(reqwest::Method::GET, "/caselle").bearer_auth(made.as_str());
    visitor.send(with_key).await.expect(303);
    app.end().await;
}

#[tokio::test]
async fn what_is_not_a_good_key_is_refused_whatever_it_looks_like() {
    let app = TestApp::start().await;
    app.api_with_false_token().get("/mailboxes").await.expect(401);
    app.nobodys_api().get("/mailboxes").await.expect(401);
    for header in ["Bearer", "Bearer ", "Basic ZDpk", "bearer x y", "Bearer \u{e0}"] {
        let api = app.nobodys_api();
        let request = api.request(reqwest::Method::GET, "/mailboxes").header("Authorization", header.as_bytes());
        let answer = api.send(request).await.expect(401);
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    app.end().await;
}
