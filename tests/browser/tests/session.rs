//! In charge of coming in and going out: log-in by hand, what a wrong password leaves, one-time links, a session that ends.

use std::time::Duration;

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

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_outlives_the_session_and_is_sent_after_logging_in_again() {
    in_world(async |world| {
        let browser = &world.browser;
        let chiara = world.app.person_with_password(Role::RegionalAdmin, "chiara", PASSWORD).await;
        world.log_in(&chiara).await;
        browser.goto("/caselle/nuova").await;
        browser.fill("#address", "protocollo@pec.example.org").await;
        browser.fill("#description", "Scritta a lungo, con cura").await;
        assert_eq!(world.app.database.execute("DELETE FROM sessions").await, 1);
        browser.click("main form button[type=submit]").await;
        browser.until("a dialog asks to log in", "document.getElementById('sessione').open").await;
        browser.until("the first field has the focus", "document.activeElement.id === 'accesso-email'").await;
        assert_eq!(browser.path().await, "/caselle/nuova");

        browser.fill("#accesso-email", "chiara@example.org").await;
        browser.fill("#accesso-password", "sbagliata ma lunga").await;
        browser.type_keys(&Key::Enter).await;
        let words = "Indirizzo email o password non corretti. Controllali e riprova.";
        browser.until_text("#accesso-errori li", words).await;
        assert_eq!(browser.value("#description").await, "Scritta a lungo, con cura");

        browser.fill("#accesso-password", PASSWORD).await;
        browser.type_keys(&Key::Enter).await;
        // The form went on its way: its other fields were empty, so it comes back as typed.
        browser.find("#errori").await;
        assert!(browser.title().await.starts_with("Errore: "));
        assert_eq!(browser.value("#address").await, "protocollo@pec.example.org");
        assert_eq!(browser.value("#description").await, "Scritta a lungo, con cura");
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_cannot_reach_the_program_keeps_what_was_typed() {
    in_world(async |world| {
        let (chiara, _) = world.app.dario().await;
        world.log_in(&chiara).await;
        world.browser.goto("/caselle/nuova").await;
        world.browser.fill("#description", "Scritta a lungo, con cura").await;
        world.wire.cut();
        world.browser.click("main form button[type=submit]").await;
        world.browser.until("a note says so", "!document.getElementById('senza-rete').hidden").await;
        assert_eq!(world.browser.value("#description").await, "Scritta a lungo, con cura");
        world.wire.mend();
        world.browser.click("main form button[type=submit]").await;
        world.browser.find("#errori").await;
        assert_eq!(world.browser.value("#description").await, "Scritta a lungo, con cura");
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_session_is_told_before_it_comes() {
    in_world(async |world| {
        let (dario, _) = world.app.dario().await;
        world.log_in(&dario).await;
        world.browser.goto("/lavori").await;
        assert_eq!(world.browser.worth("document.getElementById('scadenza').hidden").await, true);

        // As old as a session may be, but for some seconds: nobody's activity prolongs that.
        let most = world.app.app.settings.session_max.as_millis() - 4_000;
        let older = format!("UPDATE sessions SET created_at = created_at - {most}");
        assert_eq!(world.app.database.execute(&older).await, 1);
        world.browser.goto("/lavori").await;
        world.browser.until("the page says so", "!document.getElementById('scadenza').hidden").await;
        world.app.advance(Duration::from_secs(5));
        world.browser.until_path("/accedi?torna=%2Flavori").await;
    })
    .await
}
