//! In charge of a job that did not run when it should have (J03): the page, the health and the metrics say so.

use std::time::Duration;

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
