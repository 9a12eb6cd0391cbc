//! In charge of what is promised about open pages: they hear of what changed, whoever changed it and on whatever node.

use crate::support::app::{Setup, TestApp};
use crate::support::builders::mailbox;

#[tokio::test]
async fn an_open_console_hears_of_a_change_made_on_another_node() {
    let here = TestApp::start().await;
    let there = Setup::on(here.database.clone()).start().await;
    let (dario, _) = here.dario().await;
    let mut events = here.browser(&dario).await.events("/eventi?argomenti=caselle").await;
    assert_eq!(events.next().await.as_deref(), Some("caselle"));
    mailbox("nuova@pec.example.it").insert(&there).await;
    assert_eq!(events.next().await.as_deref(), Some("caselle"));
    drop(events);
    there.end().await;
    here.end().await;
}

#[tokio::test]
async fn a_topic_that_there_is_not_leads_nowhere() {
    let app = TestApp::start().await;
    let (dario, _) = app.dario().await;
    let browser = app.browser(&dario).await;
    browser.get("/eventi?argomenti=segreti").await.expect(404);
    browser.get("/eventi").await.expect(404);
    app.end().await;
}

#[tokio::test]
async fn the_stream_ends_with_the_server() {
    let app = TestApp::start().await;
    let (dario, _) = app.dario().await;
    let mut events = app.browser(&dario).await.events("/eventi?argomenti=caselle").await;
    assert_eq!(events.next().await.as_deref(), Some("caselle"));
    app.end().await;
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn the_stream_ends_with_its_session() {
    let app = TestApp::start().await;
    let (dario, _) = app.dario().await;
    let browser = app.browser(&dario).await;
    let mut events = browser.events("/eventi?argomenti=caselle").await;
    assert_eq!(events.next().await.as_deref(), Some("caselle"));
    browser.post("/caselle", "/esci", &[]).await.expect(303);
    assert_eq!(events.next().await, None);
    app.end().await;
}
