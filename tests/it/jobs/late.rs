//! In charge of a job that did not run when it should have (J03): the page, the health and the metrics say so.

use std::time::Duration;

use serde_json::json;
use sportello::clock::Moment;
use sportello::hub::refresh;

use crate::support::app::{BEGINNING, Setup};

#[tokio::test]
async fn a_job_that_did_not_run_is_shown_late() {
    // Nobody makes the jobs here.
    let app = Setup::new().await.start().await;
    let (dario, _) = app.dario().await;
    let browser = app.browser(&dario).await;
    refresh::begin_slot(&app.app, Moment(BEGINNING / 300_000 * 300_000)).await.unwrap().expect("begun");
    let page = async || browser.get("/lavori").await.expect(200).words();
    let metric = async || app.visitor().get("/metrics").await.expect(200).text.contains("sportello_jobs_late 1");
    assert!(!page().await.contains("in ritardo") && !metric().await);
    app.advance(Duration::from_secs(299));
    assert!(!page().await.contains("in ritardo"), "its slot has just begun");
    app.advance(Duration::from_secs(122));
    assert!(page().await.contains("in ritardo") && metric().await);
    let ready = app.visitor().get("/readyz").await.expect(200).json();
    assert_eq!((&ready["ready"], &ready["late_jobs"][0]), (&true.into(), &"refresh-mailboxes".into()));
    app.end().await;
}

#[tokio::test]
async fn a_clock_put_back_is_told_as_late() {
    let app = Setup::new().await.start().await;
    let slot = BEGINNING / 300_000 * 300_000;
    let late = async || app.visitor().get("/readyz").await.expect(200).json()["late_jobs"].clone();
    // Another node's clock is a little ahead.
    refresh::begin_slot(&app.app, Moment(slot + 300_000)).await.unwrap().expect("begun");
    assert_eq!(late().await, json!([]));
    // This slot was begun before the clock was put back by an hour.
    refresh::begin_slot(&app.app, Moment(slot + 3_600_000)).await.unwrap().expect("begun");
    assert_eq!(late().await, json!(["refresh-mailboxes"]));
    app.advance(Duration::from_secs(3_600));
    assert_eq!(late().await, json!([]), "the time has come again");
    app.end().await;
}
