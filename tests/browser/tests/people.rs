//! In charge of what hands do to people and bodies: invite, correct what was wrong, deactivate; and to one's own profile.

use sportello::model::person::Role;

use crate::support::builders::mailbox;
use crate::world::in_world;

const PASSWORD: &str = "quattro rane nello stagno";

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_invited_and_chooses_a_password_by_the_rules_on_screen() {
    in_world(async |world| {
        let browser = &world.browser;
        let comune = world.app.organization("c_a111", "Comune di Borgo Solare").await;
        let (dario, _) = world.app.dario().await;
        world.log_in(&dario).await;
        browser.goto("/utenti/nuovo").await;
        browser.fill("#name", "Paolo Verdi").await;
        browser.fill("#email", "non un indirizzo").await;
        browser.click("main button[type=submit]").await;
        browser.until("the summary has the focus", "document.activeElement.id === 'errori'").await;
        assert!(browser.title().await.starts_with("Errore: "));
        assert_eq!(browser.value("#name").await, "Paolo Verdi");
        assert_eq!(browser.value("#email").await, "non un indirizzo");

        browser.fill("#email", "paolo@example.org").await;
        let choose = format!("document.getElementById('organization_id').value = '{}'", comune.id);
        browser.worth(&choose).await;
        browser.click("main button[type=submit]").await;
        browser.until_text("h1", "Collegamento per scegliere la password").await;
        let link = browser.value("#collegamento").await;
        let (_, token) = link.rsplit_once('/').expect("a link");

        browser.forget_cookies().await;
        browser.goto(&format!("/benvenuto/{token}")).await;
        browser.fill("#password", "aaa").await;
        browser.until("the rule is not kept", "!document.querySelector('[data-rule=repeated]').matches('.kept')").await;
        browser.fill("#password", PASSWORD).await;
        browser.until("the rules are kept", "document.querySelectorAll('.sp-rules li.kept').length === 2").await;
        browser.click("main button[type=submit]").await;
        browser.until_path("/caselle").await;
        assert!(browser.text("header .who").await.starts_with("Paolo Verdi"));
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_deactivated_after_a_question_and_active_again() {
    in_world(async |world| {
        let browser = &world.browser;
        let comune = world.app.organization("c_a111", "Comune di Borgo Solare").await;
        mailbox("comune@pec.example.org").of(&comune).insert(&world.app).await;
        let (dario, _) = world.app.dario().await;
        world.log_in(&dario).await;
        browser.goto("/enti?q=borgo").await;
        browser.click("#contenuto tbody a").await;
        browser.click("a[href$='/stato']").await;
        assert!(browser.text("main ul").await.contains("Il presidio di 1 casella viene sospeso."));
        browser.click("main button[type=submit]").await;
        browser.until_text("[role=status]", "Ente disattivato: il presidio delle sue caselle è sospeso.").await;
        assert_eq!(world.app.database.texts("SELECT status FROM mailboxes").await, ["suspended"]);
        browser.click("a[href$='/stato']").await;
        browser.click("main button[type=submit]").await;
        browser
            .until_text("[role=status]", "Ente attivo: le caselle sospese con l’ente sono di nuovo presidiate.")
            .await;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_ends_the_session_of_another_browser_and_changes_ones_password() {
    in_world(async |world| {
        let browser = &world.browser;
        let dario = world.app.person_with_password(Role::RegionalAdmin, "dario", PASSWORD).await;
        let other = world.app.browser(&dario).await;
        let third = world.app.browser(&dario).await;
        world.log_in(&dario).await;
        browser.goto("/profilo").await;
        assert_eq!(browser.count("#sessioni ~ div tbody tr").await, 3);
        browser.click("#sessioni ~ div form button").await;
        browser.until_text("[role=status]", "Sessione terminata.").await;
        let ended = [other.get("/lavori").await.status, third.get("/lavori").await.status];
        assert_eq!(ended.iter().filter(|status| **status == 303).count(), 1, "{ended:?}");

        browser.fill("#present", "non è questa qui").await;
        browser.fill("#password", "cinque gatti sul tetto").await;
        browser.click("form[action='/profilo/password'] button").await;
        browser.until_text("#present-errore1", "La password attuale non è corretta.").await;
        browser.fill("#present", PASSWORD).await;
        browser.fill("#password", PASSWORD).await;
        browser.click("form[action='/profilo/password'] button").await;
        browser.until_text("#password-errore1", "È una delle ultime cinque password: scegline una diversa.").await;
        browser.fill("#present", PASSWORD).await;
        browser.fill("#password", "cinque gatti sul tetto").await;
        browser.click("form[action='/profilo/password'] button").await;
        browser.until_text("[role=status]", "Password cambiata. Le altre sessioni sono terminate.").await;
        for one in [other, third] {
            assert_eq!(one.get("/lavori").await.status, 303);
        }
    })
    .await
}
