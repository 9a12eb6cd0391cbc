//! In charge of the pages for those who answer for the installation: the jobs, the trace.

use crate::world::in_world;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_run_now_and_the_trace_tells_who_ran_it() {
    in_world(async |world| {
        let browser = &world.browser;
        let (dario, _) = world.app.dario().await;
        world.log_in(&dario).await;

        browser.goto("/lavori").await;
        browser.click("#lavoro-refresh-mailboxes button").await;
        browser.until_text("[role=status]", "Lavoro avviato.").await;

        browser.goto("/registro").await;
        browser.find("#azione").await.select_by_value("job.run").await.unwrap();
        browser.click("#filtri button[type=submit]").await;
        browser.until("the filter is in the address", "location.search.includes('azione=job.run')").await;
        assert_eq!(browser.count("main tbody tr").await, 1);
        let row = browser.text("main tbody tr").await;
        assert!(row.contains("dario@example.org") && row.contains("Lavoro avviato"), "{row}");
        browser.click("a.clear").await;
        browser.until_path("/registro").await;
        assert!(browser.count("main tbody tr").await > 1);
    })
    .await
}
