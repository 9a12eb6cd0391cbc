//! In charge of what is asked of every page: nothing that axe finds, a silent console, no sideways scroll, one `h1`, the
//! language said; at a desk's width and a phone's. The plain run takes each page in its fullest state, in Italian, seen by who
//! may do most; with `SPORTELLO_TEST_FULL=1` every role sees every page in both languages.

use sportello::clock::Moment;
use sportello::config::Settings;
use sportello::model::mailbox::{Mailbox, Status};
use sportello::model::person::{Language, Person, Role};
use sportello::people::link;
use sportello_browser_tests::inspect::PHONE;
use sportello_browser_tests::{Browser, Options};

use crate::support::app::BEGINNING;
use crate::support::builders::{held_mail, mailbox};
use crate::support::cast::Cast;
use crate::support::mail::MailServer;
use crate::support::relay::Relay;
use crate::support::smtp::Moody;
use crate::support::until;
use crate::world::{World, in_world, in_world_seen_with, in_world_set};

const MINUTE: i64 = 60_000;

/// Whether everything is asked, also what is too long for every run.
fn is_full() -> bool {
    std::env::var_os("SPORTELLO_TEST_FULL").is_some()
}

/// Whose eyes see the pages, and in which language.
fn viewers(cast: &Cast) -> Vec<(&Person, Language)> {
    let everybody = [&cast.dario, &cast.anna, &cast.carla, &cast.elena, &cast.ugo];
    let seen_by = if is_full() { &everybody[..] } else { &everybody[..1] };
    let languages: &[Language] = if is_full() { &[Language::It, Language::En] } else { &[Language::It] };
    seen_by.iter().flat_map(|person| languages.iter().map(|language| (*person, *language))).collect()
}

/// Lets each viewer look at these pages; where somebody may not go, the page that says so is looked at.
async fn look_at(world: &World, cast: &Cast, pages: &[(&str, String)]) {
    for (person, language) in viewers(cast) {
        world.speaks(person, language).await;
        world.log_in(person).await;
        for (name, path) in pages {
            world.browser.goto(path).await;
            let name = format!("{name}, seen by {} in {}", person.role.as_str(), language.as_str());
            world.browser.inspect(&name, language.as_str()).await;
        }
    }
}

/// The languages in which visitors come.
fn browsers() -> Vec<Options> {
    let english = Options { languages: "en-GB,en", ..Options::default() };
    if is_full() { vec![Options::default(), english] } else { vec![Options::default()] }
}

fn language_of(options: Options) -> &'static str {
    if options.languages.starts_with("en") { "en" } else { "it" }
}

/// Sends the form on screen as it is, and waits for the errors.
async fn send_wrong(browser: &Browser) {
    browser.click("main form:not([role=search]) button[type=submit]:not([formnovalidate])").await;
    browser.find("#errori").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_faults_is_not_called_sound() {
    in_world(async |world| {
        let browser = &world.browser;
        browser.goto("/accedi").await;
        // An image without words, a second heading, a box too wide, a style that the content policy refuses.
        let faults = r#"document.querySelector("main").insertAdjacentHTML("beforeend",
            '<img src="/static/nothing.png"><h1 style="color: red">Due</h1><canvas width="2000"></canvas>')"#;
        browser.worth(faults).await;
        browser.until("the image is asked for", "document.querySelector('main img').complete").await;
        let wrong = browser.what_is_wrong("/accedi with faults", "en", &[PHONE]).await.join("\n");
        for fault in
            ["image-alt", "scrolls sideways", "2 h1", "it is in \"it\"", "Content Security Policy", "nothing.png"]
        {
            assert!(wrong.contains(fault), "{fault} is not among:\n{wrong}");
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_in_and_a_visitors_errors_are_sound() {
    for options in browsers() {
        in_world_seen_with(options, async |world| {
            let (browser, language) = (&world.browser, language_of(options));
            browser.goto("/accedi").await;
            browser.inspect("/accedi", language).await;
            send_wrong(browser).await;
            browser.inspect("/accedi with errors", language).await;
            browser.goto("/password-dimenticata").await;
            browser.inspect("/password-dimenticata", language).await;
            browser.goto("/assistenza").await;
            browser.inspect("/assistenza, from which nothing can be sent", language).await;
            browser.goto("/assistenza/inviata").await;
            browser.inspect("/assistenza/inviata", language).await;
            browser.goto("/assistenza/conferma/sbagliato").await;
            browser.inspect("a link that leads to nothing", language).await;
            browser.goto("/pagina/che/non/esiste").await;
            browser.inspect("a page that is not there, for a visitor", language).await;
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_form_is_sound_with_errors_and_behind_its_link() {
    for options in browsers() {
        let server = Moody::start().await;
        let url = server.url();
        let change = |settings: &mut Settings| settings.smtp_url = Some(url);
        in_world_set(options, change, async |world| {
            let (browser, language) = (&world.browser, language_of(options));
            browser.goto("/assistenza").await;
            browser.inspect("/assistenza", language).await;
            send_wrong(browser).await;
            browser.inspect("/assistenza with errors", language).await;
            let long = "Precipitevolissimevolmente@pec.comune.sangiovannivaldarnosuperiore.example ".repeat(2);
            let email = "marco.riva@comune.sangiovannivaldarnosuperiore.example";
            for (field, text) in [
                ("name", long.trim()),
                ("email", email),
                ("organization", long.trim()),
                ("subject", long.trim()),
                ("body", long.trim()),
            ] {
                browser.fill(&format!("#{field}"), text).await;
            }
            for (field, word) in [("area", "pec"), ("kind", "incident"), ("priority", "high")] {
                browser.click(&format!("#{field} option[value={word}]")).await;
            }
            browser.click("main form button[type=submit]").await;
            browser.until("it was taken", "location.pathname === '/assistenza/inviata'").await;
            browser.inspect("a form that was sent", language).await;
            let link = until("the link arrives", async || {
                let mails = server.taken();
                // Long lines are folded with a sign at their end (RFC 2045, 6.7).
                let mail = mails.first()?.replace("=\n", "");
                let at = mail.find("/assistenza/conferma/")?;
                mail[at..].split_whitespace().next().map(String::from)
            })
            .await;
            browser.goto(&link).await;
            browser.inspect("a request to confirm", language).await;
            browser.click("main form button[type=submit]").await;
            browser
                .until("it was opened", "document.querySelector('main').textContent.includes('TK-2026-000001')")
                .await;
            browser.inspect("a request that was confirmed", language).await;
            browser.click("main a[href^='/assistenza/richiesta/']").await;
            browser.until("it stands there", "location.pathname.startsWith('/assistenza/richiesta/')").await;
            browser.inspect("how a request stands", language).await;
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_behind_a_one_time_link_are_sound() {
    for options in browsers() {
        in_world_seen_with(options, async |world| {
            let (browser, language) = (&world.browser, language_of(options));
            let path = |link: String| format!("/benvenuto/{}", link.rsplit_once('/').expect("a link").1);
            let first = link::for_first_admin(&world.app.app).await.unwrap().expect("nobody administers yet");
            browser.goto(&path(first)).await;
            browser.inspect("the first administrator", language).await;
            send_wrong(browser).await;
            browser.inspect("the first administrator with errors", language).await;

            let anna = world.app.person(Role::Operator, "anna", None).await;
            let mut tx = world.app.app.db.begin().await.unwrap();
            let actor = sportello::model::trace::Actor::system();
            let invited =
                link::for_password(&world.app.app, &mut tx, &actor, &anna, link::Way::Hand).await.unwrap().unwrap();
            tx.commit().await.unwrap();
            browser.goto(&path(invited)).await;
            browser.inspect("a password to choose", language).await;
            send_wrong(browser).await;
            browser.inspect("a password to choose, with errors", language).await;
        })
        .await
    }
}

/// A mailbox for each way one can stand, some full of words and figures; the first three are the Comune's, two the Unione's.
async fn fill_console(world: &World, cast: &Cast) {
    for (number, status) in (0_i64..).zip(Status::ALL.iter().copied()) {
        let name = format!("Ufficio {number} del Comune di San Giovanni in Valdarno Superiore e delle frazioni");
        let long = format!("protocollo.generale.ufficio{number}@pec.comune.sangiovannivaldarnosuperiore.example");
        let change = |one: &mut Mailbox| {
            let (card, facts) = (&mut one.card, &mut one.facts);
            card.group = Some(if number % 2 == 0 { "Comuni" } else { "Unioni e consorzi" }.into());
            card.holder_tax_code = (number % 3 == 0).then(|| "12345670587".into());
            facts.status = status;
            facts.status_detail =
                (status != Status::Ok).then(|| "NO [AUTHENTICATIONFAILED] Authentication failed.".into());
            (facts.new_messages, facts.unread_messages) = (number * 7, number * 130);
            facts.total_messages = number * 1087;
            facts.last_message_at = (number % 4 != 0).then_some(Moment(BEGINNING - number * 300 * MINUTE));
            facts.last_checked_at = (status != Status::NeverChecked).then_some(Moment(BEGINNING - number * MINUTE));
            (facts.quota_used, facts.quota_limit) = (Some(number * 8), Some(100));
        };
        let built = mailbox(&long).named(&name).with(change);
        let built = match number {
            0..3 => built.of(&cast.comune),
            3..5 => built.of(&cast.unione),
            _ => built,
        };
        built.insert(&world.app).await;
    }
    for (number, used) in [(1, 100), (2, 80)] {
        let address = format!("quota{number}@pec.example.org");
        let change = |one: &mut Mailbox| (one.facts.quota_used, one.facts.quota_limit) = (Some(used), Some(100));
        mailbox(&address).of(&cast.comune).with(change).insert(&world.app).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_is_sound_empty_full_and_without_matches() {
    in_world(async |world| {
        let browser = &world.browser;
        let cast = world.app.cast().await;
        look_at(world, &cast, &[("the empty console", "/caselle".into())]).await;
        fill_console(world, &cast).await;
        let pages = [
            ("the full console", "/caselle".into()),
            ("the console in another order, filtered", "/caselle?ordina=-new&gruppo=Comuni&stato=problemi".into()),
            ("the console without matches", "/caselle?q=nessuna".into()),
            ("the console without new messages", "/caselle?nuovi=1&q=quota".into()),
        ];
        look_at(world, &cast, &pages).await;

        world.log_in(&cast.dario).await;
        world.speaks(&cast.dario, Language::It).await;
        for opened in ["viste", "filtri"] {
            browser.resize(PHONE).await;
            browser.goto("/caselle").await;
            browser.click(&format!("[popovertarget={opened}]")).await;
            browser.find(&format!("#{opened}:popover-open")).await;
            browser.inspect_at(&format!("the console with «{opened}» open"), "it", &[PHONE]).await;
        }
    })
    .await
}

/// A file of which one line would do, one has much that is wrong with it, and one is none.
const LONG_FILE: &str = "address;username;password;imap_host;authorization_holder;authorization_date;holder_tax_code\n\
    protocollo.generale.ufficio1@pec.comune.sangiovannivaldarnosuperiore.example;u;p;imap.gestore.example;Rossi;2026-06-01;\n\
    nessuno;;;imap gestore;;ieri;12345670588\n\
    senza;campi\n";

/// Chooses this file on the page that takes one.
async fn choose_file(world: &World, text: &str) {
    let path = world.app.database.folder.path().join("caselle.csv");
    std::fs::write(&path, text).unwrap();
    world.browser.goto("/caselle/importa").await;
    world.browser.find("#file").await.send_keys(path.to_str().unwrap()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_forms_of_a_mailbox_are_sound_also_with_errors() {
    in_world(async |world| {
        let browser = &world.browser;
        let cast = world.app.cast().await;
        let refused = |one: &mut Mailbox| {
            one.facts.status = Status::WrongPassword;
            one.facts.status_detail = Some("NO [AUTHENTICATIONFAILED] Authentication failed.".into());
        };
        let one = mailbox("protocollo@pec.example.org").of(&cast.comune).with(refused).insert(&world.app).await;
        let paths = ["/caselle/nuova".to_string(), format!("/caselle/{}/password", one.id)];
        let pages = [
            ("a mailbox to add", paths[0].clone()),
            ("a password to put", paths[1].clone()),
            ("a mailbox to remove", format!("/caselle/{}/rimuovi", one.id)),
            ("a file to import", "/caselle/importa".into()),
        ];
        look_at(world, &cast, &pages).await;
        for (person, language) in viewers(&cast).into_iter().filter(|(person, _)| person.role == Role::RegionalAdmin) {
            world.speaks(person, language).await;
            world.log_in(person).await;
            for path in paths.iter().map(String::as_str).chain(["/caselle/importa"]) {
                browser.goto(path).await;
                send_wrong(browser).await;
                browser.inspect(&format!("{path} with errors"), language.as_str()).await;
            }
            choose_file(world, LONG_FILE).await;
            browser.click("button[value=prova]").await;
            browser.find("#esito").await;
            browser.inspect("a file that was tried", language.as_str()).await;
            choose_file(world, "address,username,password,authorization_holder,authorization_date\n").await;
            browser.click("button[value=carica]").await;
            browser.find("#esito").await;
            browser.inspect("an empty file that was loaded", language.as_str()).await;
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_the_capacity_are_sound_also_when_it_is_full() {
    in_world(async |world| {
        let browser = &world.browser;
        let cast = world.app.cast().await;
        look_at(world, &cast, &[("the capacity with places free", "/caselle/capacita".into())]).await;
        world.log_in(&cast.dario).await;
        world.speaks(&cast.dario, Language::It).await;
        // Somebody else takes the last place while the form is being filled in.
        browser.goto("/caselle/nuova").await;
        fill_in(browser).await;
        for number in 0..50 {
            mailbox(&format!("c{number}@pec.example.org")).insert(&world.app).await;
        }
        browser.click("main form button[type=submit]").await;
        browser.until_text("main .sp-note strong", "Nessun posto libero.").await;
        assert_eq!(browser.value("#address").await, "altra@pec.example.org");
        browser.inspect("a mailbox that finds no place", "it").await;
        let pages = [
            ("the capacity without a place", "/caselle/capacita".into()),
            ("a mailbox to add without a place", "/caselle/nuova".into()),
            ("the console without a place", "/caselle".into()),
        ];
        look_at(world, &cast, &pages).await;
    })
    .await
}

/// Fills in the form of a new mailbox.
async fn fill_in(browser: &Browser) {
    for (field, text) in [
        ("#address", "altra@pec.example.org"),
        ("#username", "altra"),
        ("#password", "la password del titolare"),
        ("#imap_host", "127.0.0.1"),
        ("#authorization_holder", "Maria Rossi"),
    ] {
        browser.fill(field, text).await;
    }
    // Typed in the order of the machine's language, whichever that is: the day and the month are alike.
    browser.find("#authorization_date").await.send_keys("06062026").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_opened_is_sound_with_a_message_empty_and_with_a_fault() {
    in_world(async |world| {
        let cast = world.app.cast().await;
        let api = world.app.api(&cast.dario).await;
        let server = MailServer::get();
        let (full, empty) = (server.account("password piena").await, server.account("password vuota").await);
        let fallen = server.account("password caduta").await;
        full.limit(3_000_000).await;
        let kinds = ["certified_message", "acceptance", "delivery_warning", "delivery_error", "ordinary", "suspicious"];
        for kind in kinds {
            full.deliver(kind, 1).await;
        }
        let mut ids = Vec::new();
        let wire = Relay::to(server.imaps).await;
        for (account, port) in [(&full, server.imaps), (&empty, server.imaps), (&fallen, wire.port)] {
            let mut body = account.body_at(port);
            body["organization_id"] = cast.comune.id.to_string().into();
            ids.push(api.post("/mailboxes", body).await.expect(201).json()["id"].as_str().unwrap().to_string());
        }
        let refused = |one: &mut Mailbox| {
            one.facts.status = Status::WrongPassword;
            one.facts.status_detail = Some("NO [AUTHENTICATIONFAILED] Authentication failed.".into());
        };
        wire.cut();
        let refused = mailbox("rifiutata@pec.example.org").of(&cast.comune).with(refused).insert(&world.app).await;
        let newest = kinds.len();
        let pages = [
            ("a mailbox without a message chosen", format!("/caselle/{}", ids[0])),
            ("a mailbox with a message open", format!("/caselle/{}?messaggio=1", ids[0])),
            ("a mailbox with a suspicious message open", format!("/caselle/{}?messaggio={newest}", ids[0])),
            ("a mailbox with a message that is gone", format!("/caselle/{}?messaggio=999", ids[0])),
            ("an empty mailbox", format!("/caselle/{}", ids[1])),
            ("a mailbox whose password is refused", format!("/caselle/{}", refused.id)),
            ("a mailbox that does not answer", format!("/caselle/{}", ids[2])),
        ];
        look_at(world, &cast, &pages).await;

        let browser = &world.browser;
        world.log_in(&cast.dario).await;
        world.speaks(&cast.dario, Language::It).await;
        browser.resize(PHONE).await;
        browser.goto(&format!("/caselle/{}", ids[0])).await;
        browser.click("[popovertarget=casella]").await;
        browser.find("#casella:popover-open").await;
        browser.inspect_at("a mailbox with its card open", "it", &[PHONE]).await;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trace_the_jobs_and_the_errors_are_sound() {
    in_world(async |world| {
        let browser = &world.browser;
        let cast = world.app.cast().await;
        let api = world.app.api(&cast.dario).await;
        mailbox("protocollo@pec.example.org").insert(&world.app).await;
        api.post("/jobs/refresh-mailboxes/run", serde_json::json!({})).await.expect(202);
        let pages = [
            ("the trace", "/registro".into()),
            ("the trace, filtered", "/registro?azione=user.created&chi=system".into()),
            ("the trace without matches", "/registro?chi=nessuno".into()),
            ("the jobs", "/lavori".into()),
            ("the outbox", "/posta-in-uscita".into()),
            ("the outbox without matches", "/posta-in-uscita?stato=inviati".into()),
            ("a page that is not there", "/caselle/00000000-0000-7000-8000-000000000000".into()),
        ];
        look_at(world, &cast, &pages).await;

        world.log_in(&cast.elena).await;
        world.speaks(&cast.elena, Language::It).await;
        browser.goto("/registro").await;
        browser.until_text("h1", "Azione non consentita").await;
        browser.inspect("a page that one may not see", "it").await;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_on_people_bodies_and_settings_are_sound_also_with_errors() {
    in_world(async |world| {
        let cast = world.app.cast().await;
        let one = mailbox("protocollo@pec.example.org").of(&cast.comune).insert(&world.app).await;
        let api = world.app.api(&cast.dario).await;
        let grant = format!("/mailboxes/{}/grants/{}", one.id, cast.anna.id);
        api.put(&grant, serde_json::json!({"rights": ["view"], "until": "2027-01-01T00:00:00Z"})).await.expect(200);
        let body =
            serde_json::json!({"page": "mailboxes", "name": "Le critiche", "query": "stato=negato", "shared": true});
        api.post("/views", body).await.expect(201);
        let pages = [
            ("the bodies", "/enti".to_string()),
            ("the bodies without matches", "/enti?q=zzz".into()),
            ("a body to add", "/enti/nuovo".into()),
            ("a body", format!("/enti/{}", cast.comune.id)),
            ("a body to deactivate", format!("/enti/{}/stato", cast.comune.id)),
            ("bodies from a file", "/enti/importa".into()),
            ("the people", "/utenti".into()),
            ("the people without matches", "/utenti?q=zzz".into()),
            ("a person to add", "/utenti/nuovo".into()),
            ("a person", format!("/utenti/{}", cast.elena.id)),
            ("a person to deactivate", format!("/utenti/{}/stato", cast.elena.id)),
            ("people from a file", "/utenti/importa".into()),
            ("the profile", "/profilo".into()),
            ("the settings", "/impostazioni".into()),
            ("who may do what", "/impostazioni/permessi".into()),
            ("the service hours", "/impostazioni/orari".into()),
            ("the rules", "/impostazioni/regole".into()),
            ("the desk's addresses", "/impostazioni/posta".into()),
            ("the form of an address", "/impostazioni/posta/nuova".into()),
            ("the fields of the forms", "/impostazioni/campi".into()),
            ("a field to make", "/impostazioni/campi/nuovo".into()),
            ("a rule to make", "/impostazioni/regole/nuova".into()),
            ("the desk's hours", "/impostazioni/orari/assistenza".into()),
            ("the statement on accessibility", "/accessibilita".into()),
            ("the notice on privacy", "/privacy".into()),
            ("a mailbox's card", format!("/caselle/{}/scheda", one.id)),
            ("a mailbox to change", format!("/caselle/{}/modifica", one.id)),
            ("a view to save", "/caselle/viste/nuova?vista=stato%3Dok".into()),
            ("the console with chips", "/caselle?q=zzz&stato=negato&nuovi=1".into()),
        ];
        look_at(world, &cast, &pages).await;

        world.log_in(&cast.dario).await;
        world.speaks(&cast.dario, Language::It).await;
        for path in ["/enti/nuovo", "/utenti/nuovo", "/caselle/viste/nuova", "/impostazioni/campi/nuovo"] {
            world.browser.goto(path).await;
            send_wrong(&world.browser).await;
            world.browser.inspect(&format!("{path} with errors"), "it").await;
        }
        for path in ["/accessibilita", "/privacy"] {
            world.browser.forget_cookies().await;
            world.browser.goto(path).await;
            world.browser.inspect(&format!("{path} for whoever comes"), "it").await;
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_requests_are_sound_empty_full_and_with_errors() {
    in_world(async |world| {
        let browser = &world.browser;
        let cast = world.app.cast().await;
        look_at(world, &cast, &[("no requests", "/richieste".into()), ("an empty queue", "/operatore".into())]).await;
        let linked = mailbox("suap@pec.example.org").of(&cast.unione).insert(&world.app).await;
        let dario = world.app.api(&cast.dario).await;
        let ready = serde_json::json!({"title": "Password", "body": "Gentile {{richiedente}}", "area": "pec"});
        dario.post("/canned-answers", ready).await.expect(201);
        let group = serde_json::json!({"name": "Firma digitale", "member_ids": [cast.anna.id], "leader_id": cast.anna.id});
        dario.post("/groups", group).await.expect(201);
        let (elena, anna) = (world.app.api(&cast.elena).await, world.app.api(&cast.anna).await);
        let long = "Una parola lunghissima: precipitevolissimevolmenteprecipitevolissimevolmente@pec.example.org ";
        for number in 0..4 {
            let body = serde_json::json!({"subject": long, "body": long.repeat(9), "area": "pec", "priority": "critical",
                "kind": "incident", "mailbox_ids": [linked.id], "cc": ["dario@example.org"]});
            let made = elena.post("/tickets", body).await.expect(201).json();
            let path = format!("/tickets/{}", made["number"].as_str().expect("a number"));
            if number > 0 {
                anna.post(&format!("{path}/take"), serde_json::json!({})).await.expect(200);
                for kind in ["public", "internal"] {
                    let text = serde_json::json!({"kind": kind, "body_text": long});
                    anna.post(&format!("{path}/messages"), text).await.expect(201);
                }
            }
            if number == 2 {
                let why = serde_json::json!({"for": "requester", "reason": long});
                anna.post(&format!("{path}/wait"), why).await.expect(200);
            }
            if number == 3 {
                anna.post(&format!("{path}/resolve"), serde_json::json!({"solution": long})).await.expect(200);
            }
        }
        let held = held_mail(&world.app, long, &long.repeat(9)).await;
        let naming = held_mail(&world.app, &format!("Re: [TK-2026-000002] {long}"), "").await;
        let (large, thrown) = (held_mail(&world.app, long, long).await, held_mail(&world.app, "", long).await);
        for (id, set) in [
            (&large.id, "state = 'unprocessed', reason = 'too_large', sha256 = '', size = 400000000"),
            (&thrown.id, "state = 'dropped', reason = 'discarded'"),
        ] {
            world.app.database.execute(&format!("UPDATE intake_mails SET {set} WHERE id = '{id}'")).await;
        }
        let pages = [
            ("the requests in copy", "/richieste?scheda=copia".into()),
            ("the body's requests", "/richieste?scheda=organizzazione&stato=in-corso".into()),
            ("requests without matches", "/richieste?q=zzz".into()),
            ("a request to send", "/richieste/nuova".into()),
            ("the public form, for who is known", "/assistenza".into()),
            ("a request on hold", "/richieste/TK-2026-000003".into()),
            ("a request that is solved", "/richieste/TK-2026-000004".into()),
            ("the queue", "/operatore".into()),
            ("the queue without matches", "/operatore?vista=mie&q=zzz&gravita=low".into()),
            ("a request at work", "/operatore/TK-2026-000002".into()),
            ("a call to write down", "/operatore/telefonata?chi=elena".into()),
            ("a call of somebody known", format!("/operatore/telefonata?persona={}", cast.elena.id)),
            ("the answers that are ready", "/operatore/risposte-pronte".into()),
            ("an answer to have ready", "/operatore/risposte-pronte/nuova".into()),
            ("the figures", "/cruscotto?dal=2020-01-01".into()),
            ("the figures of no days", "/cruscotto?dal=x".into()),
            ("the groups", "/operatore/gruppi".into()),
            ("mail to decide", "/operatore/posta".into()),
            ("a mail to decide", format!("/operatore/posta/{}", held.id)),
            ("a mail that names a request", format!("/operatore/posta/{}", naming.id)),
            ("mail that could not be read", "/operatore/posta?stato=non-elaborati".into()),
            ("a mail that is too large", format!("/operatore/posta/{}", large.id)),
            ("mail that was discarded", "/operatore/posta?stato=scartate".into()),
            ("a view of the queue to save", "/operatore/viste/nuova?vista=gravita%3Dhigh".into()),
            ("a group to make", "/operatore/gruppi/nuovo".into()),
        ];
        look_at(world, &cast, &pages).await;
        world.log_in(&cast.dario).await;
        world.speaks(&cast.dario, Language::It).await;
        for path in ["/operatore/telefonata", "/operatore/risposte-pronte/nuova", "/operatore/gruppi/nuovo"] {
            browser.goto(path).await;
            send_wrong(browser).await;
            browser.inspect(&format!("{path} with errors"), "it").await;
        }
        world.speaks(&cast.elena, Language::It).await;
        world.log_in(&cast.elena).await;
        browser.goto("/richieste/nuova").await;
        send_wrong(browser).await;
        browser.inspect("a request to send, with errors", "it").await;
        browser.goto("/richieste/TK-2026-000003").await;
        browser.inspect("a request on hold, for who asked", "it").await;
    })
    .await
}
