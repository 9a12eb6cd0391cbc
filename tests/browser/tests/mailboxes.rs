//! In charge of what hands do to mailboxes: add one, give one its new password, have them refreshed.

use std::time::Duration;

use fantoccini::key::Key;

use crate::support::builders::mailbox;
use crate::support::mail::{Account, MailServer};
use crate::world::{World, in_world};

const PASSWORD: &str = "la password del titolare";

/// Fills the form that adds a mailbox, all but the password.
async fn fill_form(world: &World, account: &Account<'_>) {
    let browser = &world.browser;
    browser.fill("#address", &account.address).await;
    browser.fill("#description", "Ufficio protocollo").await;
    browser.fill("#group", "Comuni").await;
    browser.fill("#username", &account.address).await;
    browser.fill("#imap_host", "127.0.0.1").await;
    browser.fill("#imap_port", &MailServer::get().imaps.to_string()).await;
    browser.fill("#authorization_holder", "Maria Rossi").await;
    // Typed in the order of the machine's language, whichever that is: the day and the month are alike.
    browser.find("#authorization_date").await.send_keys("06062026").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_is_added_and_a_wrong_password_costs_nothing_that_was_typed() {
    in_world(async |world| {
        let browser = &world.browser;
        let account = MailServer::get().account(PASSWORD).await;
        let (dario, _) = world.app.dario().await;
        world.log_in(&dario).await;

        browser.goto("/caselle").await;
        browser.click(".sp-empty a").await;
        browser.until_text("h1", "Aggiungi casella").await;
        fill_form(world, &account).await;
        browser.fill("#password", "non è questa").await;
        browser.click("main button[type=submit]").await;

        let words = "La password è stata rifiutata dal server di posta. Non vengono fatti altri tentativi: \
                     correggi la password e riprova.";
        browser.until_text("#password-errore1", words).await;
        assert_eq!(browser.title().await, "Errore: Aggiungi casella · Sportello");
        assert!(browser.has_focus("#errori").await);
        assert_eq!(browser.value("#password").await, "");
        assert_eq!(browser.value("#address").await, account.address);
        assert_eq!(browser.value("#description").await, "Ufficio protocollo");
        assert_eq!(browser.value("#group").await, "Comuni");
        assert_eq!(browser.value("#imap_port").await, MailServer::get().imaps.to_string());
        assert_eq!(browser.value("#authorization_holder").await, "Maria Rossi");
        assert_eq!(browser.value("#authorization_date").await, "2026-06-06");

        browser.click("#errori a").await;
        browser.type_keys(PASSWORD).await;
        browser.type_keys(&Key::Enter).await;
        browser.until_path("/caselle").await;
        browser.until_text("[role=status]", "Casella aggiunta. L’accesso è riuscito.").await;
        assert_eq!(browser.count("#elenco tbody tr").await, 1);
        let row = browser.text("#elenco tbody tr").await;
        assert!(
            row.contains("Attiva") && row.contains("Ufficio protocollo") && row.contains(&account.address),
            "{row}"
        );
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_with_a_wrong_password_leads_to_the_new_one_in_one_step_and_back_to_active() {
    in_world(async |world| {
        let browser = &world.browser;
        let account = MailServer::get().account(PASSWORD).await;
        let (dario, api) = world.app.dario().await;
        let id = api.post("/mailboxes", account.body()).await.expect(201).json()["id"].as_str().unwrap().to_string();
        let state = format!("#casella-{id} .sp-st");
        world.log_in(&dario).await;
        browser.goto("/caselle").await;
        assert_eq!(browser.text(&state).await, "Attiva");

        account.change_password("la password nuova").await;
        world.app.advance(Duration::from_secs(300));
        browser.until_text(&state, "Password errata").await;
        browser.until_text("#mancato-accesso a", "Mostra").await;
        // In one step, where the row is: a wrong one leads to its form, with words.
        browser.click(&format!("#password-{id} summary")).await;
        browser.fill(&format!("#nuova-{id}"), PASSWORD).await;
        browser.type_keys(&Key::Enter).await;
        browser.until_path(&format!("/caselle/{id}/password")).await;
        assert!(browser.text(".sp-note.ko").await.contains("non vengono fatti altri tentativi"));
        browser.find("#password-errore1").await;
        assert!(browser.has_focus("#errori").await);
        assert_eq!(browser.value("#password").await, "");
        browser.goto("/caselle").await;
        browser.click(&format!("#password-{id} summary")).await;
        browser.fill(&format!("#nuova-{id}"), "la password nuova").await;
        browser.type_keys(&Key::Enter).await;
        browser.until_path("/caselle").await;
        browser.until_text("[role=status]", "Password salvata: il presidio riprende.").await;
        browser.until_text(&state, "Attiva").await;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_capacity_is_enlarged_by_a_block_and_a_mailbox_is_removed_after_a_question() {
    in_world(async |world| {
        let browser = &world.browser;
        let (dario, _) = world.app.dario().await;
        world.log_in(&dario).await;
        for number in 0..50 {
            mailbox(&format!("c{number:02}@pec.example.org")).insert(&world.app).await;
        }
        browser.goto("/caselle").await;
        assert_eq!(browser.text("#capienza").await, "Capacità: 50 di 50 caselle · nessun posto libero");
        browser.click("#sintesi a.btn-primary").await;
        browser.until_path("/caselle/nuova").await;
        assert_eq!(browser.count("main form").await, 0);
        browser.click("main .sp-note a").await;
        browser.until_path("/caselle/capacita").await;
        browser.click("main form button").await;
        browser.until_text("[role=status]", "Blocco aggiunto.").await;
        assert_eq!(browser.text("#occupate").await, "50 di 70 caselle");

        browser.goto("/caselle?q=c07").await;
        browser.click("#elenco tbody .name a").await;
        browser.click("#casella a[href$='/rimuovi']").await;
        browser.until_text("h1", "Rimuovere «c07@pec.example.org» dal presidio?").await;
        browser.click("main form button").await;
        browser.until_path("/caselle").await;
        let words = "Casella rimossa dal presidio: la password cifrata è stata cancellata.";
        browser.until_text("[role=status]", words).await;
        assert_eq!(browser.text("#capienza").await, "Capacità: 49 di 70 caselle");
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_refreshes_now_and_the_figures_change_by_themselves() {
    in_world(async |world| {
        let browser = &world.browser;
        let account = MailServer::get().account(PASSWORD).await;
        let (dario, api) = world.app.dario().await;
        api.post("/mailboxes", account.body()).await.expect(201);
        world.log_in(&dario).await;
        browser.goto("/caselle").await;
        assert_eq!(browser.text("#elenco tbody td.num").await, "0");

        account.deliver("ordinary", 1).await;
        browser.click("#sintesi form button").await;
        browser.find("main .sp-note.in").await;
        browser
            .until(
                "the figure rises",
                "document.querySelector('#elenco .sp-new')?.textContent.startsWith('1') === true",
            )
            .await;
        browser
            .until(
                "the progress is over",
                "document.querySelector('#sintesi progress[aria-labelledby=avanzamento]') === null",
            )
            .await;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_servers_of_a_known_provider_are_filled_in_as_soon_as_the_address_is_left() {
    in_world(async |world| {
        let browser = &world.browser;
        let (dario, _) = world.app.dario().await;
        world.log_in(&dario).await;
        browser.goto("/caselle/nuova").await;
        let leave = async |address: &str| {
            browser.fill("#address", address).await;
            browser.type_keys(&Key::Tab).await;
        };
        leave("suap@PEC.it").await;
        let note = "Gestore riconosciuto: Aruba. I suoi server sono compilati e si possono cambiare.";
        browser.until_text("#gestore", note).await;
        assert_eq!(browser.value("#imap_host").await, "imaps.pec.aruba.it");
        assert_eq!(browser.value("#smtp_host").await, "smtps.pec.aruba.it");
        assert_eq!(
            (browser.value("#imap_port").await, browser.value("#smtp_port").await),
            ("993".into(), "465".into())
        );

        browser.fill("#smtp_host", "smtp.altro.example").await;
        leave("suap@legalmail.it").await;
        browser
            .until("the user id is asked for", "document.querySelector('#gestore').innerText.includes('User ID')")
            .await;
        assert_eq!(browser.value("#imap_host").await, "mbox.cert.legalmail.it");
        assert_eq!(browser.value("#smtp_host").await, "smtp.altro.example", "what a hand has typed stays");

        leave("suap@pec.comune.example").await;
        browser.until_text("#gestore", "").await;
        assert_eq!(browser.value("#imap_host").await, "", "another provider's server does not stay");
    })
    .await
}
