//! In charge of what people do with requests in a real browser: one is sent with scripts off, answered at the desk, and settled;
//! a reply cannot be taken for a note.

use sportello_browser_tests::Options;

use crate::world::in_world_seen_with;

#[tokio::test(flavor = "multi_thread")]
async fn with_scripts_off_a_request_is_sent_answered_and_settled() {
    in_world_seen_with(Options { scripts: false, ..Options::default() }, async |world| {
        let browser = &world.browser;
        let cast = world.app.cast().await;
        world.log_in(&cast.elena).await;
        browser.goto("/richieste").await;
        browser.click("main .sp-head a.btn-primary").await;
        browser.until_path("/richieste/nuova").await;
        browser.fill("#subject", "Casella bloccata").await;
        browser.click("main form button[type=submit]").await;
        browser.until_text("#errori h2", "Controlla i dati inseriti").await;
        assert_eq!(browser.value("#subject").await, "Casella bloccata", "what was typed is kept");
        browser.click("#kind option[value=incident]").await;
        browser.click("#priority option[value=high]").await;
        browser.fill("#body", "Da ieri non si apre.").await;
        browser.click("main form button[type=submit]").await;
        browser.until_path("/richieste/TK-2026-000001").await;

        world.log_in(&cast.anna).await;
        browser.goto("/operatore").await;
        browser.click("main tbody a").await;
        browser.until_path("/operatore/TK-2026-000001").await;
        browser.click("main .sp-head button.btn-primary").await;
        browser.until_text("main [role=status] div div", "Modifiche salvate.").await;
        browser.fill("#body_text", "Ora dovrebbe funzionare.").await;
        browser.click("form.sp-ed button.btn-primary").await;
        browser.until_text("main [role=status] div div", "La risposta parte tra dieci secondi.").await;
        world.app.advance(sportello::desk::held::LASTS);
        sportello::desk::held::send_due(&world.app.app).await.unwrap();
        browser.click("details.note summary").await;
        browser.fill("#nota", "Il cliente va richiamato.").await;
        browser.click("details.note button").await;
        browser.until_text("main [role=status] div div", "Nota salvata: la vede solo l’assistenza.").await;
        assert_eq!(browser.count("article.sp-m.note").await, 1);

        world.log_in(&cast.elena).await;
        browser.goto("/richieste/TK-2026-000001").await;
        assert_eq!(browser.count("article.sp-m").await, 2, "her own words and the answer");
        assert_eq!(browser.count("article.sp-m.note").await, 0);
        browser.click("main .sp-head form button").await;
        browser.until_text("main [role=status] div div", "Richiesta chiusa.").await;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_kept_and_who_else_is_there_is_told() {
    in_world_seen_with(Options::default(), async |world| {
        let browser = &world.browser;
        let cast = world.app.cast().await;
        let elena = world.app.api(&cast.elena).await;
        let body = serde_json::json!({"subject": "Aiuto", "body": "B", "area": "pec"});
        elena.post("/tickets", body).await.expect(201);
        // A colleague at another browser writes there.
        let colleague = world.app.browser(&cast.dario).await;
        let page = "/operatore/TK-2026-000001";
        colleague.post(page, &format!("{page}/presenza"), &[("scrive", "1")]).await.expect(200);
        world.log_in(&cast.anna).await;
        browser.goto(page).await;
        browser.until_text("#presenza", "dario sta scrivendo").await;
        browser.fill("#body_text", "Una risposta a metà").await;
        browser.until_text("#body_text-bozza:not([hidden])", "Bozza salvata").await;
        browser.goto("/operatore").await;
        browser.goto(page).await;
        assert_eq!(browser.value("#body_text").await, "Una risposta a metà");
    })
    .await
}

/// Brings a file with these words onto what a selector finds, as the event of this name does: `drop` or `paste`.
fn brought(event: &str, css: &str, name: &str) -> String {
    let (kind, data) = match event {
        "drop" => ("DragEvent", "dataTransfer"),
        _ => ("ClipboardEvent", "clipboardData"),
    };
    format!(
        "(() => {{ const data = new DataTransfer();
         data.items.add(new File(['ciao'], '{name}', {{type: 'text/plain'}}));
         const event = new {kind}('{event}', {{{data}: data, bubbles: true, cancelable: true}});
         document.querySelector('{css}').dispatchEvent(event); return event.defaultPrevented; }})()"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_dropped_pasted_taken_out_and_sent() {
    in_world_seen_with(Options::default(), async |world| {
        let browser = &world.browser;
        let cast = world.app.cast().await;
        world.log_in(&cast.elena).await;
        browser.goto("/richieste/nuova").await;
        for (event, name) in [("drop", "uno.txt"), ("paste", "due.txt"), ("drop", "tre.txt")] {
            assert_eq!(browser.worth(&brought(event, "#subject", name)).await, true);
        }
        assert_eq!(browser.count(".sp-files li").await, 3);
        browser.click(".sp-files button[aria-label='Togli: due.txt']").await;
        assert_eq!(browser.worth("document.querySelector('#files').files.length").await, 2);
        // What is wrong comes back in the page's place, with the files that were sent.
        browser.click("main form button[type=submit]").await;
        browser.until_text("#errori h2", "Controlla i dati inseriti").await;
        assert_eq!(browser.count("input[name=attachments]").await, 2);
        browser.fill("#subject", "Casella bloccata").await;
        browser.fill("#body", "Da ieri non si apre.").await;
        browser.click("#kind option[value=incident]").await;
        browser.click("#priority option[value=high]").await;
        browser.worth(&brought("paste", "#body", "quattro.txt")).await;
        browser.click("main form button[type=submit]").await;
        browser.until_path("/richieste/TK-2026-000001").await;
        browser.until("all files are there", "document.querySelectorAll('.sp-files a').length === 3").await;
        browser
            .until_text(
                "main [role=status] div div",
                "Richiesta inviata. La conferma è qui: il numero identifica la richiesta.",
            )
            .await;
    })
    .await
}
