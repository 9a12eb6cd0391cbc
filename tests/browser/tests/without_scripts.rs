//! In charge of the promise that everything works with scripts off (`ui.md` 3): only waiting for what changes does not.

use sportello::model::person::Role;
use sportello_browser_tests::Options;

use crate::support::mail::MailServer;
use crate::world::in_world_seen_with;

const PASSWORD: &str = "quattro rane nello stagno";

#[tokio::test(flavor = "multi_thread")]
async fn with_scripts_off_a_person_logs_in_refreshes_and_reads() {
    in_world_seen_with(Options { scripts: false, ..Options::default() }, async |world| {
        let browser = &world.browser;
        let account = MailServer::get().account("la password del titolare").await;
        let dario = world.app.person_with_password(Role::RegionalAdmin, "dario", PASSWORD).await;
        let api = world.app.api(&dario).await;
        let id = api.post("/mailboxes", account.body()).await.expect(201).json()["id"].as_str().unwrap().to_string();

        browser.goto("/accedi").await;
        assert_eq!(browser.worth("typeof window.htmx").await, "undefined", "scripts are off");
        browser.fill("#email", "dario@example.org").await;
        browser.fill("#password", PASSWORD).await;
        browser.click("main button[type=submit]").await;
        browser.until_path("/caselle").await;
        assert_eq!(browser.text(&format!("#casella-{id} td.num")).await, "0");

        account.deliver_about("certified_message", "Convocazione del consiglio").await;
        browser.click("#sintesi form button").await;
        browser
            .until_text(
                "main [role=status] div div",
                "Aggiornamento avviato. I numeri cambiano da soli; si può lasciare la pagina.",
            )
            .await;
        browser.until_after_reloads("the number rises", &format!("#casella-{id} .sp-new")).await;

        browser.click(&format!("#casella-{id} a[data-open]")).await;
        browser.until_path(&format!("/caselle/{id}")).await;
        browser.click("#messaggi li a").await;
        browser.until_text("#lettura h1", "Convocazione del consiglio").await;
        assert!(browser.text("#lettura .sp-text").await.len() > 40);
    })
    .await
}
