//! In charge of coming in and going out: log-in by hand, what a wrong password leaves, one-time links, a session that ends.

use fantoccini::key::Key;
use sportello::model::person::Role;
use sportello::people::link;

use crate::support::builders::mailbox;
use crate::world::{World, in_world};

const PASSWORD: &str = "quattro rane nello stagno";

#[tokio::test(flavor = "multi_thread")]
async fn a_person_logs_in_and_out_with_the_keyboard_alone() {
    in_world(async |world| {
        let browser = &world.browser;
        world.app.person_with_password(Role::RegionalAdmin, "dario", PASSWORD).await;

        browser.goto("/accedi").await;
        browser.tab_to(".skiplinks a").await;
        browser.type_keys(&Key::Enter).await;
        browser.until("the skip link leads to the content", "document.activeElement.id === 'contenuto'").await;
        browser.tab_to("#email").await;
        browser.type_keys("dario@example.org").await;
        browser.tab_to("#password").await;
        browser.type_keys(PASSWORD).await;
        browser.type_keys(&Key::Enter).await;
        browser.until_path("/caselle").await;
        browser.until_text("h1", "Caselle").await;

        browser.tab_to("header .who button").await;
        browser.type_keys(&Key::Enter).await;
        browser.until_path("/accedi").await;
        browser.until_text("[role=status]", "Sessione chiusa.").await;
        browser.goto("/caselle").await;
        browser.until_path("/accedi?torna=%2Fcaselle").await;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_keeps_the_address_and_leads_to_the_field() {
    in_world(async |world| {
        let browser = &world.browser;
        world.app.person_with_password(Role::RegionalAdmin, "dario", PASSWORD).await;

        browser.goto("/accedi?torna=%2Flavori").await;
        browser.fill("#email", "dario@example.org").await;
        browser.fill("#password", "sbagliata ma lunga").await;
        browser.click("main button[type=submit]").await;
        browser.find("#errori").await;
        assert_eq!(browser.title().await, "Errore: Accedi · Sportello");
        browser.until("the summary has the focus", "document.activeElement.id === 'errori'").await;
        assert_eq!(browser.value("#email").await, "dario@example.org");
        assert_eq!(browser.value("#password").await, "");
        let words = "Indirizzo email o password non corretti. Controllali e riprova.";
        assert_eq!(browser.text("#errori li").await, words);
        assert_eq!(browser.text("#email-errore1").await, words, "the same words stand beside the field");

        browser.click("#errori a").await;
        assert!(browser.has_focus("#email[aria-invalid=true]").await, "the link leads to the red field");

        // The right password then leads to where the person was going.
        browser.fill("#password", PASSWORD).await;
        browser.type_keys(&Key::Enter).await;
        browser.until_path("/lavori").await;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_one_time_link_makes_the_first_administrator_once() {
    in_world(async |world| {
        let browser = &world.browser;
        let link = link::for_first_admin(&world.app.app).await.unwrap().expect("nobody administers yet");
        let (_, token) = link.rsplit_once('/').unwrap();
        let path = format!("/benvenuto/{token}");

        browser.goto(&path).await;
        browser.fill("#name", "Dario Riva").await;
        browser.fill("#email", "dario@example.org").await;
        browser.fill("#password", "troppo corta".get(..5).unwrap()).await;
        browser.click("main button[type=submit]").await;
        browser.until_text("#password-errore1", "La password è troppo corta: usa almeno 12 caratteri.").await;
        assert_eq!(browser.value("#name").await, "Dario Riva");
        assert_eq!(browser.value("#email").await, "dario@example.org");

        browser.fill("#password", PASSWORD).await;
        browser.click("main button[type=submit]").await;
        browser.until_path("/caselle").await;
        assert!(browser.text("header .who").await.starts_with("Dario Riva, amministratore regionale"));

        browser.goto(&path).await;
        browser.until_text("h1", "Pagina non trovata").await;
    })
    .await
}

/// A console of somebody whose session is over, without the page knowing.
async fn console_without_session(world: &World) {
    let (dario, _) = world.app.dario().await;
    world.log_in(&dario).await;
    world.browser.goto("/caselle").await;
    world.until_listening().await;
    assert_eq!(world.app.database.execute("DELETE FROM sessions").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_whose_session_has_ended_leads_to_the_log_in_when_it_asks_for_its_rows() {
    in_world(async |world| {
        console_without_session(world).await;
        mailbox("protocollo@pec.example.org").insert(&world.app).await;
        world.app.app.look_again();
        world.browser.until_path("/accedi?torna=%2Fcaselle").await;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_whose_session_has_ended_leads_to_the_log_in_when_it_listens_again() {
    in_world(async |world| {
        console_without_session(world).await;
        world.wire.cut();
        world.browser.until("the bar comes", "!document.getElementById('connessione').hidden").await;
        world.wire.mend();
        world.browser.until_path("/accedi?torna=%2Fcaselle").await;
    })
    .await
}
