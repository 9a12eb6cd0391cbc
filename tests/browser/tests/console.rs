//! In charge of what hands do on the console's list: keys, ticking and doing one thing to many, views saved, filters taken away.

use fantoccini::key::Key;

use crate::support::builders::mailbox;
use crate::world::{World, in_world};

/// A console of seven mailboxes, by name.
async fn open_console(world: &World) {
    for number in 1..=7 {
        let one = mailbox(&format!("casella{number}@pec.example.org")).named(&format!("Casella {number}"));
        one.with(|mailbox| mailbox.card.group = Some(if number < 4 { "Comuni" } else { "Unioni" }.into()))
            .insert(&world.app)
            .await;
    }
    let (dario, _) = world.app.dario().await;
    world.log_in(&dario).await;
    world.browser.goto("/caselle").await;
    world.until_listening().await;
}

/// Which rows are ticked, from the first.
const TICKED: &str = "[...document.querySelectorAll('input[name=scelta]')].map((box) => box.checked ? 1 : 0).join('')";

#[tokio::test(flavor = "multi_thread")]
async fn single_keys_move_tick_open_and_stay_out_of_fields() {
    in_world(async |world| {
        let browser = &world.browser;
        open_console(world).await;
        browser.worth("document.querySelector('h1').focus()").await;
        browser.type_keys("jj").await;
        browser.until("the second row has the mark", "document.querySelectorAll('#elenco tbody tr')[1].matches('.here')").await;
        assert_eq!(browser.worth("document.activeElement.textContent").await, "Casella 2", "and the focus");
        browser.type_keys("x").await;
        assert_eq!(browser.worth(TICKED).await, "0100000");
        browser.type_keys("k").await;
        assert_eq!(browser.worth("document.activeElement.textContent").await, "Casella 1");

        browser.type_keys("/").await;
        assert!(browser.has_focus("#q").await);
        browser.type_keys("j").await;
        assert_eq!(browser.value("#q").await, "j", "in a field a key is a letter");
        assert_eq!(browser.worth("document.querySelector('#elenco tr.here').rowIndex").await, 1);

        browser.worth("document.querySelector('h1').focus()").await;
        browser.type_keys("?").await;
        browser.until("the keys are listed", "document.getElementById('tasti').open").await;
        browser.type_keys(&Key::Escape).await;
        browser.type_keys("gc").await;
        browser.until("g c leads to the console", "performance.getEntriesByType('navigation')[0].type === 'navigate' && !document.querySelector('#elenco tr.here')").await;
        browser.worth("document.querySelector('h1').focus()").await;
        browser.type_keys("j").await;
        browser.type_keys(&Key::Enter).await;
        browser.until_text("#messaggi h1, main h1", "Posta in arrivo").await;

        // Whoever speaks to the machine turns them off (WCAG 2.1.4).
        browser.goto("/profilo").await;
        browser.click("#single_keys").await;
        browser.click("form[action='/profilo'] button").await;
        browser.until_text("[role=status]", "Modifiche salvate.").await;
        browser.goto("/caselle").await;
        browser.worth("document.querySelector('h1').focus()").await;
        browser.type_keys("j").await;
        assert_eq!(browser.count("#elenco tr.here").await, 0);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_ticked_in_ranges_and_one_thing_is_done_to_them_all() {
    in_world(async |world| {
        let browser = &world.browser;
        open_console(world).await;
        // Shift is held by the event itself: the driver's own keys are let go between two acts.
        let click = |row: usize, shift: bool| {
            format!("document.querySelectorAll('input[name=scelta]')[{row}].dispatchEvent(new MouseEvent('click', {{bubbles: true, cancelable: true, shiftKey: {shift}}}))")
        };
        browser.worth(&click(1, false)).await;
        browser.worth(&click(5, true)).await;
        assert_eq!(browser.worth(TICKED).await, "0111110");
        assert_eq!(browser.text("#massa [data-chosen]").await, "Selezionate: 5");

        // A refresh of the rows leaves the ticks.
        world.app.app.look_again();
        mailbox("nuova@pec.example.org").named("Zeta").insert(&world.app).await;
        world.app.database.execute("UPDATE counters SET value = value + 1 WHERE name = 'mailboxes'").await;
        browser.until("another row comes", "document.querySelectorAll('#elenco tbody tr').length === 8").await;
        assert_eq!(browser.worth(TICKED).await, "01111100");

        browser.click("#massa button[value=sospendi]").await;
        browser.until_text("[role=status]", "Presidio sospeso per le caselle selezionate.").await;
        assert_eq!(world.app.database.number("SELECT COUNT(*) FROM mailboxes WHERE status = 'suspended'").await, 5);

        // All that match the view, and what became of each where not all went well.
        browser.goto("/caselle?gruppo=Comuni").await;
        browser.click("#pagina").await;
        browser.click("#tutte").await;
        browser.click("#massa button[value=aggiorna]").await;
        browser.until_text("h1", "Esito").await;
        assert_eq!(browser.text("main .sp-note").await, "1 aggiornate, 2 non riuscite.");
        assert_eq!(browser.count("main tbody tr").await, 3);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_saved_under_a_name_and_filters_are_taken_away_one_by_one() {
    in_world(async |world| {
        let browser = &world.browser;
        open_console(world).await;
        browser.goto("/caselle?q=casella&gruppo=Comuni&ordina=-name").await;
        assert_eq!(browser.count("#elenco tbody tr").await, 3);
        assert_eq!(browser.count(".sp-chips .chip").await, 2);
        browser.click(".sp-chips a[href^='/caselle/viste']").await;
        browser.click("main button[type=submit]").await;
        browser.find("#errori").await;
        browser.fill("#name", "I miei comuni").await;
        browser.click("main button[type=submit]").await;
        browser.until_text("[role=status]", "Vista salvata.").await;
        assert_eq!(browser.text(".sp-saved a span").await, "I miei comuni");
        assert_eq!(browser.text(".sp-saved .n").await, "3");
        assert_eq!(browser.count("#elenco tbody tr").await, 3, "the view itself is on screen");

        browser.click(".sp-chips .chip a").await;
        browser.until("one filter is gone", "document.querySelectorAll('.sp-chips .chip').length === 1").await;
        browser.click(".sp-chips > a.clear").await;
        browser.until_path("/caselle").await;
        browser.back().await;
        browser.until("back restores the filter", "document.querySelectorAll('#elenco tbody tr').length === 3").await;

        browser.goto("/caselle").await;
        browser.click(".sp-saved a").await;
        browser.until("the view is an address", "location.search.includes('gruppo=Comuni')").await;
        browser.click(".sp-saved button").await;
        browser.until_text("[role=status]", "Vista eliminata.").await;
        assert_eq!(browser.count(".sp-saved").await, 0);
    })
    .await
}
