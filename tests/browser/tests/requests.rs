//! In charge of what people do with requests in a real browser: one is sent with scripts off, answered at the desk, and settled;
//! a reply cannot be taken for a note.

use sportello_browser_tests::Options;

use crate::support::builders::mailbox;
use crate::support::cast::Cast;
use crate::world::{World, in_world_seen_with};

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

/// What a field of PKI is called: nothing of it is markup, and it breaks where the page is narrow.
const LONG: &str = "Numero di <b>serie</b> WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW";

/// The ids of a field for PKI, which must be answered, and of one for PEC; Elena's body asks for help in both areas.
async fn fields_of_areas(world: &World, cast: &Cast) -> (String, String) {
    let api = world.app.api(&cast.dario).await;
    let areas = serde_json::json!({"areas": ["pec", "pki"]});
    api.patch(&format!("/organizations/{}", cast.unione.id), areas).await.expect(200);
    let dario = world.app.browser(&cast.dario).await;
    let field = |label, area, required| {
        [
            ("label", label),
            ("area", area),
            ("kind", "text"),
            ("position", "10"),
            ("active", "on"),
            ("required", required),
        ]
    };
    let new = "/impostazioni/campi/nuovo";
    dario.post(new, "/impostazioni/campi", &field(LONG, "pki", "on")).await.expect(303);
    dario.post(new, "/impostazioni/campi", &field("Casella interessata", "pec", "on")).await.expect(303);
    let list = api.get("/request-fields").await.expect(200).json();
    let id = |number: usize| format!("#fields_{}", list["items"][number]["id"].as_str().expect("an id"));
    (id(1), id(0))
}

async fn write_about_pki(browser: &sportello_browser_tests::Browser) {
    browser.click("#area option[value=pki]").await;
    browser.click("#kind option[value=incident]").await;
    browser.click("#priority option[value=high]").await;
    browser.fill("#subject", "Non firma").await;
    browser.fill("#body", "Da ieri.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fields_of_the_chosen_area_are_shown_and_what_was_typed_stays() {
    in_world_seen_with(Options::default(), async |world| {
        let browser = &world.browser;
        let cast = world.app.cast().await;
        let (pki, pec) = fields_of_areas(world, &cast).await;
        world.log_in(&cast.elena).await;
        browser.goto("/richieste/nuova").await;
        let shown = async |id: &str| browser.worth(&format!("document.querySelector('{id}').checkVisibility()")).await;
        assert_eq!((shown(&pki).await, shown(&pec).await), (false.into(), false.into()), "no area is chosen yet");
        browser.click("#area option[value=pec]").await;
        assert_eq!((shown(&pki).await, shown(&pec).await), (false.into(), true.into()));
        browser.fill(&pec, "suap@pec.example").await;
        write_about_pki(browser).await;
        assert_eq!((shown(&pki).await, shown(&pec).await), (true.into(), false.into()));
        browser.inspect("the form with a field of PKI", "it").await;
        browser.click("main form button[type=submit]").await;
        browser.until_text("#errori h2", "Controlla i dati inseriti").await;
        assert_eq!(browser.count("#errori li").await, 1, "the other area asks nothing");
        browser.inspect("the form with a field of PKI that is missing", "it").await;
        browser.click("#area option[value=pec]").await;
        assert_eq!(browser.value(&pec).await, "suap@pec.example", "what was typed stays");
        browser.click("#area option[value=pki]").await;
        browser.fill(&pki, "AB-1").await;
        browser.click("main form button[type=submit]").await;
        browser.until_path("/richieste/TK-2026-000001").await;
        browser.until_text("section[aria-labelledby=risposte] dd", "AB-1").await;
        browser.inspect("a request with what its area asked", "it").await;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn with_scripts_off_the_fields_of_all_areas_are_there_and_those_of_the_chosen_one_count() {
    in_world_seen_with(Options { scripts: false, ..Options::default() }, async |world| {
        let browser = &world.browser;
        let cast = world.app.cast().await;
        let (pki, pec) = fields_of_areas(world, &cast).await;
        world.log_in(&cast.elena).await;
        browser.goto("/richieste/nuova").await;
        browser.fill(&pec, "suap@pec.example").await;
        write_about_pki(browser).await;
        browser.click("main form button[type=submit]").await;
        browser.until_text("#errori li a", &format!("Compila il campo «{LONG}».")).await;
        assert_eq!(browser.value(&pec).await, "suap@pec.example", "what was typed stays");
        browser.fill(&pki, "AB-1").await;
        browser.click("main form button[type=submit]").await;
        browser.until_path("/richieste/TK-2026-000001").await;
        assert_eq!(browser.text("section[aria-labelledby=risposte] dd").await, "AB-1");
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

/// A mail about a mailbox of the Unione, half an hour ago.
async fn a_mail_about_a_mailbox(world: &World, cast: &Cast) -> (String, String) {
    let suap = mailbox("suap@pec.example.it").of(&cast.unione).insert(&world.app).await;
    let body = serde_json::json!({"subject": "Posta ferma", "body": "Da ieri.", "area": "pec", "channel": "email",
        "requester": {"email": "elena@example.org"}, "mailbox_ids": [suap.id]});
    let made = world.app.api(&cast.anna).await.post("/tickets", body).await.expect(201).json();
    world.app.advance(std::time::Duration::from_secs(1800));
    (made["number"].as_str().unwrap().into(), suap.id.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_about_what_is_open_already_is_told_while_it_is_written_down() {
    in_world_seen_with(Options::default(), async |world| {
        let browser = &world.browser;
        let cast = world.app.cast().await;
        let (number, suap) = a_mail_about_a_mailbox(world, &cast).await;
        world.log_in(&cast.anna).await;
        // What is said is written before who says it is known.
        browser.goto("/operatore/telefonata").await;
        browser.fill("#body", "Dalle nove non arriva niente").await;
        browser.fill("#chi", "colli").await;
        browser.until_text("#trovati h2", "Persone trovate").await;
        browser.click(&format!("#trovati button[value='{}']", cast.elena.id)).await;
        browser.until_path("/operatore/telefonata/doppioni").await;
        assert_eq!(browser.value("#requester_email").await, "elena@example.org");
        assert_eq!(browser.text("#doppioni-avviso").await, "");
        browser.click(&format!("#mailbox_id option[value='{suap}']")).await;
        browser.until_text("#doppioni-avviso", &format!("Forse già aperta: {number}")).await;
        browser
            .until_text("#doppioni .sp-muted", "Email · elena · 30 min fa · stessa casella, stesso richiedente")
            .await;
        assert_eq!(browser.value("#body").await, "Dalle nove non arriva niente", "what was typed stays");
        browser.inspect("a call that is perhaps open already", "it").await;
        browser.click("#doppioni button").await;
        browser.until_path(&format!("/operatore/{number}")).await;
        browser.until_text("main [role=status] div div", "Telefonata aggiunta a questa richiesta.").await;
        assert_eq!(browser.count("article.sp-m").await, 2);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn with_scripts_off_two_requests_are_found_to_be_one_joined_and_parted() {
    in_world_seen_with(Options { scripts: false, ..Options::default() }, async |world| {
        let browser = &world.browser;
        let cast = world.app.cast().await;
        let (number, suap) = a_mail_about_a_mailbox(world, &cast).await;
        world.log_in(&cast.anna).await;
        browser.goto(&format!("/operatore/telefonata?persona={}", cast.elena.id)).await;
        browser.click(&format!("#mailbox_id option[value='{suap}']")).await;
        browser.fill("#subject", "Non riceve").await;
        browser.fill("#body", "Dalle nove non arriva niente").await;
        browser.click("#telefonata button[formaction]").await;
        browser.until_text("#doppioni-avviso", &format!("Forse già aperta: {number}")).await;
        assert_eq!(browser.value("#subject").await, "Non riceve", "what was typed is kept");
        // Opened all the same: the request itself says it.
        browser.click("#area option[value=pec]").await;
        browser.click("#telefonata button.btn-primary").await;
        browser.until_path("/operatore/TK-2026-000002").await;
        browser.until_text("section[aria-labelledby=forse] strong", "Forse già aperta:").await;
        browser.click("section[aria-labelledby=forse] form[action$=unisci] button").await;
        browser.until_path(&format!("/operatore/{number}")).await;
        assert_eq!(browser.count("section[aria-labelledby=forse]").await, 0);
        browser.click("section[aria-labelledby=unite] button").await;
        browser.until_path("/operatore/TK-2026-000002").await;
        browser.click("section[aria-labelledby=forse] form[action$=diversa] button").await;
        browser
            .until_text("main [role=status] div div", "Segnate come richieste diverse: non vengono più proposte.")
            .await;
        assert_eq!(browser.count("section[aria-labelledby=forse]").await, 0);
    })
    .await
}
