//! In charge of what is promised about the public form: nobody sees a request before its address is confirmed, each is opened
//! once, nothing typed is lost, nobody learns whose an address is.

use std::time::Duration;

use mail_parser::MessageParser;
use reqwest::Method;
use serde_json::{Value, json};
use sportello::desk::{assistance, attachment};
use sportello::model::person::Person;
use sportello::outbox::delivery;
use sportello::store;

use super::request_fields as fields;
use crate::support::app::{Setup, TestApp};
use crate::support::client::{Answer, Browser, WITH_FILES, with_files};
use crate::support::smtp::Moody;

/// What somebody types who has no account.
const TYPED: [(&str, &str); 10] = [
    ("name", "Marco Riva"),
    ("email", "m.riva@comune.example"),
    ("organization", "Comune di Borgo Solare"),
    ("phone", "055 0000000"),
    ("area", "pec"),
    ("kind", "incident"),
    ("priority", "critical"),
    ("mailbox", "suap@pec.borgosolare.example"),
    ("subject", "Impossibile accedere"),
    ("body", "Da stamattina.\nErrore rosso."),
];

/// The typed fields, some of them otherwise; an empty one is as if it were not there.
fn typed<'t>(otherwise: &[(&'t str, &'t str)]) -> Vec<(&'t str, &'t str)> {
    let kept = TYPED.iter().filter(|(name, _)| !otherwise.iter().any(|(other, _)| other == name));
    kept.chain(otherwise).copied().filter(|(_, text)| !text.is_empty()).collect()
}

/// The program, which gives its mails to this server.
async fn sending(server: &Moody) -> TestApp {
    let url = server.url();
    Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).start().await
}

/// Sends the form as a browser does: with its token, and files.
async fn send(browser: &Browser, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
    let csrf = browser.csrf("/assistenza").await;
    let fields: Vec<(&str, &str)> = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
    let files: Vec<(&str, &str, &[u8])> = files.iter().map(|(name, bytes)| ("files", *name, *bytes)).collect();
    let request = browser.request(Method::POST, "/assistenza").header("Content-Type", WITH_FILES);
    browser.send(request.body(with_files(&fields, &files))).await
}

/// The mails that have left since, as text; each with its head.
async fn mails(app: &TestApp, server: &Moody) -> Vec<(String, String, String)> {
    delivery::deliver(&app.app, || true).await.unwrap();
    let read = |raw: &String| {
        let mail = MessageParser::default().parse(raw.as_bytes()).expect("a mail");
        let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address()).expect("a recipient").to_string();
        let text = mail.body_text(0).expect("a text").to_string();
        (to, mail.subject().unwrap_or_default().to_string(), text)
    };
    server.taken().iter().map(read).collect()
}

/// The path of the link in the last mail.
async fn link(app: &TestApp, server: &Moody) -> String {
    let (_, _, text) = mails(app, server).await.pop().expect("a mail");
    let at = text.find("/assistenza/conferma/").expect("the link");
    text[at..].split_whitespace().next().expect("a path").to_string()
}

/// Sends what is typed and presses the button behind the link, in another browser. The link.
async fn confirmed(app: &TestApp, server: &Moody, fields: &[(&str, &str)]) -> String {
    assert_eq!(send(&app.visitor(), fields, &[]).await.expect(303).header("location"), "/assistenza/inviata");
    let link = link(app, server).await;
    app.visitor().post(&link, &link, &[]).await.expect(303);
    link
}

/// How much of it there is anywhere: requests that wait, files, mails, tickets.
async fn traces(app: &TestApp) -> [i64; 4] {
    let mut counts = [0; 4];
    for (count, table) in counts.iter_mut().zip(["pending_requests", "attachments", "outbox", "tickets"]) {
        *count = app.database.number(&format!("SELECT COUNT(*) FROM {table}")).await;
    }
    counts
}

async fn vouch(app: &TestApp, person: &Person) {
    let mut tx = app.app.db.begin().await.unwrap();
    store::people::vouch(&mut tx, &person.id).await.unwrap();
    tx.commit().await.unwrap();
}

async fn said(app: &TestApp, by: &Person, number: &str) -> Value {
    let history = app.api(by).await.get(&format!("/tickets/{number}/messages")).await.expect(200).json();
    history["items"].as_array().unwrap().iter().find(|one| one["kind"] == "public").expect("what was said").clone()
}

#[tokio::test]
async fn a_request_is_opened_when_its_address_is_confirmed_and_not_before() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    let cast = app.cast().await;
    let before = mails(&app, &server).await.len();
    let files: [(&str, &[u8]); 3] = [("a.txt", b"uno"), ("b.txt", b"due"), ("c.txt", b"tre")];
    let browser = app.visitor();
    assert_eq!(send(&browser, &typed(&[]), &files).await.expect(303).header("location"), "/assistenza/inviata");
    let next = browser.get("/assistenza/inviata").await.expect(200).words();
    assert!(next.contains("vale 3 giorni") && next.contains("all’indirizzo m.riva@comune.example"), "{next}");
    let next = browser.get("/assistenza/inviata").await.expect(200).words();
    assert!(next.contains("all’indirizzo indicato"), "{next}");

    let told = mails(&app, &server).await.split_off(before);
    assert_eq!(told.len(), 1);
    let (to, subject, text) = &told[0];
    assert_eq!((to.as_str(), subject.as_str()), ("m.riva@comune.example", "Conferma la richiesta di assistenza"));
    for typed in ["Marco", "Impossibile", "stamattina", "Borgo Solare"] {
        assert!(!text.contains(typed), "a stranger has nothing carried to somebody's address: {text}");
    }
    let link = link(&app, &server).await;
    let token = link.rsplit('/').next().unwrap();
    for table in app.database.tables().await {
        assert!(!app.database.dump(&table).await.contains(token), "{table} holds the link");
    }

    // Programs look at links before people do.
    for _ in 0..2 {
        let page = app.visitor().get(&link).await.expect(200).words();
        for shown in ["Impossibile accedere", "Errore rosso.", "Comune di Borgo Solare", "a.txt, b.txt, c.txt"] {
            assert!(page.contains(shown), "{shown} is not on {page}");
        }
    }
    for person in [&cast.anna, &cast.carla, &cast.elena] {
        let seen = app.api(person).await.get("/tickets").await.expect(200).json();
        assert_eq!(seen["items"], json!([]), "{} sees it before it is confirmed", person.name);
    }

    let other = app.visitor();
    assert_eq!(other.post(&link, &link, &[]).await.expect(303).header("location"), link);
    let page = other.get(&link).await.expect(200).words();
    assert!(page.contains("Richiesta TK-2026-000001 inviata"), "{page}");
    let (to, subject, text) = mails(&app, &server).await.pop().unwrap();
    assert_eq!((to.as_str(), subject.as_str()), ("m.riva@comune.example", "[TK-2026-000001] Impossibile accedere"));
    assert!(text.contains("TK-2026-000001"), "page and mail say the same number");

    let anna = app.api(&cast.anna).await;
    let ticket = anna.get("/tickets/TK-2026-000001").await.expect(200).json();
    assert_eq!(ticket["channel"], "form");
    assert_eq!((&ticket["priority"], &ticket["severity"]), (&json!("critical"), &json!("high")));
    assert_eq!((&ticket["kind"], &ticket["organization_id"]), (&json!("incident"), &Value::Null));
    assert_eq!(ticket["requester"]["email"], "m.riva@comune.example");
    assert_eq!(ticket["requester"]["name"], "Marco Riva");
    let message = said(&app, &cast.anna, "TK-2026-000001").await;
    let expected = "Da stamattina.\nErrore rosso.\n\nEnte indicato: Comune di Borgo Solare\nTelefono: 055 0000000\nCasella indicata: suap@pec.borgosolare.example";
    assert_eq!(message["body_text"], expected);
    let came = message["attachments"].as_array().unwrap();
    for (one, (name, bytes)) in came.iter().zip(files) {
        assert_eq!(one["name"], name);
        let got = anna.get(&format!("/attachments/{}", one["id"].as_str().unwrap())).await.expect(200).text;
        assert_eq!(got.as_bytes(), bytes);
    }
    assert_eq!(came.len(), 3);
    app.api(&cast.carla).await.get("/tickets/TK-2026-000001").await.expect(404);
    let acts = "SELECT action || ' ' || subject FROM audit WHERE actor = 'm.riva@comune.example' ORDER BY seq";
    let files = files.map(|(name, _)| format!("attachment.created {name}"));
    let rest = ["ticket.asked m.riva@comune.example".to_string(), "ticket.created TK-2026-000001".into()];
    assert_eq!(app.database.texts(acts).await, files.into_iter().chain(rest).collect::<Vec<_>>());
    let kept = app.database.dump("pending_requests").await;
    assert!(
        !kept.contains("stamattina") && !kept.contains("Riva"),
        "what was typed stands in the ticket alone: {kept}"
    );
    app.end().await;
}

#[tokio::test]
async fn a_request_confirmed_twice_is_one_ticket_and_a_form_sent_twice_one_request() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    let browser = app.visitor();
    for _ in 0..2 {
        send(&browser, &typed(&[("once", "k")]), &[("a.txt", b"a")]).await.expect(303);
    }
    assert_eq!(app.database.number("SELECT COUNT(*) FROM pending_requests").await, 1);
    assert_eq!(mails(&app, &server).await.len(), 1);
    let link = link(&app, &server).await;
    let (one, two) = (app.visitor(), app.visitor());
    let (of_one, of_two) = (one.csrf(&link).await, two.csrf(&link).await);
    let (pressed, also) = ([("csrf", of_one.as_str())], [("csrf", of_two.as_str())]);
    let (first, second) = tokio::join!(one.post_bare(&link, &pressed), two.post_bare(&link, &also));
    for answer in [first, second, two.post_bare(&link, &also).await] {
        assert_eq!(answer.expect(303).header("location"), link);
    }
    for browser in [&one, &two] {
        assert!(browser.get(&link).await.expect(200).words().contains("TK-2026-000001"));
    }
    assert_eq!(app.database.texts("SELECT number FROM tickets").await, ["TK-2026-000001"]);
    app.end().await;
}

#[tokio::test]
async fn whose_address_it_is_counts_only_when_somebody_vouches_for_it() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    let cast = app.cast().await;
    let anna = app.api(&cast.anna).await;
    app.database.execute(&format!("UPDATE persons SET email_vouched = 0 WHERE id = '{}'", cast.elena.id)).await;
    let elena = typed(&[("email", "Elena@example.org"), ("priority", "low")]);
    confirmed(&app, &server, &elena).await;
    let ticket = anna.get("/tickets/TK-2026-000001").await.expect(200).json();
    assert_eq!(ticket["organization_id"], Value::Null);
    let whose = "SELECT COALESCE(requester_id, 'nobody') FROM tickets ORDER BY number";
    assert_eq!(app.database.texts(whose).await, ["nobody"]);
    app.api(&cast.elena).await.get("/tickets/TK-2026-000001").await.expect(404);

    vouch(&app, &cast.elena).await;
    confirmed(&app, &server, &elena).await;
    let ticket = anna.get("/tickets/TK-2026-000002").await.expect(200).json();
    assert_eq!(app.database.texts(whose).await, ["nobody", cast.elena.id.as_str()]);
    assert_eq!(ticket["organization_id"], cast.unione.id.as_str(), "her own, whatever was typed");
    app.api(&cast.elena).await.get("/tickets/TK-2026-000002").await.expect(200);
    app.api(&cast.carla).await.get("/tickets/TK-2026-000002").await.expect(404);
    app.end().await;
}

#[tokio::test]
async fn a_link_is_good_for_three_days_and_then_everything_is_forgotten() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    send(&app.visitor(), &typed(&[]), &[("a.txt", b"a")]).await.expect(303);
    let link = link(&app, &server).await;
    app.visitor().get("/assistenza/conferma/x").await.expect(404);
    let forget = async || {
        assistance::forget_old(&app.app).await.unwrap();
        attachment::forget_loose(&app.app).await.unwrap();
    };
    app.advance(Duration::from_secs(3 * 24 * 3600 - 1));
    forget().await;
    let page = app.visitor().get(&link).await.expect(200).words();
    assert!(page.contains("a.txt"), "the file waits as long as its request: {page}");
    let browser = app.visitor();
    let csrf = browser.csrf(&link).await;
    app.advance(Duration::from_secs(1));
    browser.get(&link).await.expect(404);
    browser.post_bare(&link, &[("csrf", &csrf)]).await.expect(404);
    forget().await;
    assert_eq!(traces(&app).await[..2], [0, 0]);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM tickets").await, 0);
    app.end().await;
}

#[tokio::test]
async fn what_is_missing_is_marked_and_what_was_typed_is_kept() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    let browser = app.visitor();
    let page = send(&browser, &[], &[]).await.expect(422);
    for field in ["name", "email", "organization", "area", "kind", "priority", "subject", "body"] {
        assert!(page.text.contains(&format!("href=\"#{field}\"")), "{field} is not in the summary");
        let marked = page.text.split(&format!("id=\"{field}\"")).nth(1).unwrap().split('>').next().unwrap();
        assert!(marked.contains("aria-invalid=\"true\""), "{field}: {marked}");
    }
    assert!(page.text.contains("Indica l’ente, oppure spunta"));
    assert!(page.words().starts_with("Errore:"), "the title says so");

    // Who has no body yet is not asked for one (F08); files come back by name, and arrive with the second try.
    let fields = typed(&[("organization", ""), ("not_customer", "on"), ("kind", "")]);
    let page = send(&browser, &fields, &[("verbale.txt", b"verbale")]).await.expect(422);
    assert!(page.text.contains("href=\"#kind\"") && !page.text.contains("href=\"#organization\""));
    for kept in [
        "value=\"Marco Riva\"",
        "value=\"055 0000000\"",
        "Errore rosso.</textarea>",
        "verbale.txt",
        "value=\"on\" checked",
    ] {
        assert!(page.text.contains(kept), "{kept} is lost");
    }
    assert!(page.text.contains("<option value=\"critical\" selected>"));
    let id = page.text.split("name=\"attachments\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    let again = |id: &str| {
        let mut fields = typed(&[("organization", ""), ("not_customer", "on")]);
        fields.insert(0, ("attachments", Box::leak(id.to_string().into_boxed_str())));
        fields
    };
    let stranger = send(&app.visitor(), &again(&id), &[]).await.expect(422);
    assert!(stranger.text.contains("href=\"#files\"") && !stranger.text.contains("verbale.txt"), "it is not its file");
    assert_eq!(app.database.number("SELECT COUNT(*) FROM pending_requests").await, 0);
    send(&browser, &again(&id), &[]).await.expect(303);
    let link = link(&app, &server).await;
    assert!(app.visitor().get(&link).await.expect(200).words().contains("verbale.txt"));
    app.visitor().post(&link, &link, &[]).await.expect(303);
    let cast = app.cast().await;
    let message = said(&app, &cast.anna, "TK-2026-000001").await;
    assert_eq!(message["attachments"][0]["name"], "verbale.txt");
    assert!(message["body_text"].as_str().unwrap().contains("Ente indicato: non ancora cliente"));
    app.end().await;
}

#[tokio::test]
async fn who_has_no_account_is_led_to_how_the_request_stands_and_to_no_log_in() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    let cast = app.cast().await;
    let confirmed = confirmed(&app, &server, &typed(&[])).await;
    let number = "TK-2026-000001";
    let (_, _, mail) = mails(&app, &server).await.pop().expect("the mail with its number");
    assert!(mail.contains("Guarda a che punto è") && !mail.contains("/richieste/"), "{mail}");
    let at = mail.find("/assistenza/richiesta/").expect("the link");
    let link = mail[at..].split_whitespace().next().unwrap().to_string();
    assert!(app.visitor().get(&confirmed).await.expect(200).leads_to(&link));
    let page = app.visitor().get(&link).await.expect(200);
    let words = page.words();
    for said in [number, "Nuova", "presto qualcuno la prende in carico", "chiama l’assistenza e indica il numero"] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(page.leads_to(&format!("/accedi?torna=/richieste/{number}")));
    // Nothing of what was said, and of whom.
    for kept in ["Impossibile accedere", "Errore rosso", "Marco Riva", "m.riva@comune.example"] {
        assert!(!page.text.contains(kept), "{kept}");
    }
    // It follows the request, also into another one, whose number is not told.
    let anna = app.api(&cast.anna).await;
    let made = anna.post(
        "/tickets",
        json!({"subject": "Altra", "body": "B", "area": "pec", "channel": "phone",
                                            "requester": {"email": "m.riva@comune.example", "name": "Marco Riva"}}),
    );
    let other = made.await.expect(201).json()["number"].as_str().unwrap().to_string();
    anna.post(&format!("/tickets/{number}/merge"), json!({"into": other})).await.expect(200);
    anna.post(&format!("/tickets/{other}/wait"), json!({"for": "requester", "reason": "Quale?"})).await.expect(200);
    let words = app.visitor().get(&link).await.expect(200).words();
    assert!(words.contains("aspetta una tua risposta") && words.contains(number) && !words.contains(&other), "{words}");
    // Another number, another end, another way to write it: there is no such page.
    for wrong in [
        link.replace("000001", "000002"),
        format!("{link}0"),
        link[..link.len() - 1].into(),
        "/assistenza/richiesta/x".into(),
    ] {
        app.visitor().get(&wrong).await.expect(404);
    }
    // Who has an account is led to the request itself.
    let call = json!({"subject": "C", "body": "B", "area": "pec", "channel": "phone", "requester": {"email": cast.elena.email}});
    anna.post("/tickets", call).await.expect(201);
    let all = mails(&app, &server).await;
    let hers = all.iter().find(|(to, ..)| *to == cast.elena.email).expect("her mail");
    assert!(hers.2.contains("/richieste/TK-"), "{}", hers.2);
    app.end().await;
}

#[tokio::test]
async fn what_the_area_asks_is_asked_by_the_public_form_too_and_waits_with_the_request() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    let cast = app.cast().await;
    let dario = app.browser(&cast.dario).await;
    let pki = fields::made(&app, &dario, &[("label", "Numero di <b>serie</b>"), ("required", "on")]).await;
    let pec = fields::made(&app, &dario, &[("label", "Casella"), ("area", "pec"), ("required", "on")]).await;
    let (pki, pec) = (format!("fields_{pki}"), format!("fields_{pec}"));
    let browser = app.visitor();
    let page = browser.get("/assistenza").await.expect(200).text;
    assert!(page.contains(&format!("id=\"{pki}\"")) && page.contains(&format!("id=\"{pec}\"")), "no script chooses");
    let asks_pki = typed(&[("area", "pki"), (&pec, "un’altra area")]);
    let page = send(&browser, &asks_pki, &[]).await.expect(422);
    assert!(page.leads_to(&format!("#{pki}")) && !page.leads_to(&format!("#{pec}")), "the other area asks nothing");
    assert!(page.text.contains("Compila il campo «Numero di &lt;b&gt;serie") && !page.text.contains("<b>serie"));
    assert!(page.text.contains("value=\"un’altra area\""), "what was typed is kept");

    let link = confirmed(&app, &server, &typed(&[("area", "pki"), (&pki, "<script>AB-1</script>")])).await;
    let ticket = app.api(&cast.anna).await.get("/tickets/TK-2026-000001").await.expect(200).json();
    assert_eq!(ticket["fields"][0]["value"], "<script>AB-1</script>");
    assert_eq!(ticket["fields"][0]["label"], "Numero di <b>serie</b>");
    assert!(!app.database.dump("pending_requests").await.contains("AB-1"), "it stands in the ticket alone");
    assert!(!app.visitor().get(&link).await.expect(200).text.contains("AB-1"));
    for page in ["/operatore/TK-2026-000001", "/richieste/TK-2026-000001"] {
        let page = app.browser(&cast.anna).await.get(page).await.expect(200).text;
        assert!(!page.contains("<script>AB-1") && page.contains("AB-1"), "{page}");
        assert!(!page.contains("<b>serie"));
    }
    app.end().await;
}

#[tokio::test]
async fn a_password_that_was_lost_is_told_its_day_before_and_after_the_address_is_confirmed() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    let by = "entro giovedì 18 giugno (3 giorni lavorativi)";
    let before = app.visitor().get("/assistenza").await.expect(200).words();
    assert!(before.contains("chiesto adesso, entro giovedì 18 giugno"), "{before}");
    send(&app.visitor(), &typed(&[("kind", "password_lost")]), &[]).await.expect(303);
    let link = link(&app, &server).await;
    let page = app.visitor().get(&link).await.expect(200).words();
    assert!(page.contains("Password smarrita") && page.contains(by), "{page}");
    app.visitor().post(&link, &link, &[]).await.expect(303);
    let page = app.visitor().get(&link).await.expect(200).words();
    assert!(page.contains("TK-2026-000001") && page.contains(by), "{page}");
    app.end().await;
}

#[tokio::test]
async fn files_that_are_too_many_or_not_admitted_are_not_kept_and_the_rest_is() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    let browser = app.visitor();
    let six: Vec<(&str, &[u8])> = vec![("a.txt", b"a"); 6];
    let page = send(&browser, &typed(&[]), &six).await.expect(422);
    assert!(page.words().contains("al massimo 5 file"), "{}", page.words());
    assert_eq!(page.text.matches("name=\"attachments\"").count(), 5);
    assert_eq!(traces(&app).await, [0, 5, 0, 0]);
    let page = send(&browser, &typed(&[]), &[("a.exe", b"a")]).await.expect(422);
    assert!(page.text.contains("href=\"#files\""));
    assert_eq!(traces(&app).await, [0, 5, 0, 0]);
    // What strangers send does not fill the disk; without files a request goes all the same.
    app.database.execute("UPDATE attachments SET size = 1000000000000").await;
    let page = send(&app.visitor(), &typed(&[]), &[("b.txt", b"b")]).await.expect(422);
    assert!(page.words().contains("non si possono conservare altri allegati"), "{}", page.words());
    assert_eq!(traces(&app).await, [0, 5, 0, 0]);
    send(&app.visitor(), &typed(&[]), &[]).await.expect(303);
    // Nobody reads a file of nobody.
    let cast = app.cast().await;
    let id = app.database.texts("SELECT id FROM attachments LIMIT 1").await.remove(0);
    for person in [&cast.dario, &cast.anna, &cast.elena] {
        app.api(person).await.get(&format!("/attachments/{id}")).await.expect(404);
        let body = json!({"subject": "S", "body": "B", "area": "pec", "attachments": [id]});
        assert_eq!(app.api(person).await.post("/tickets", body).await.wrong_fields(), ["attachments"]);
    }
    app.end().await;
}

#[tokio::test]
async fn a_program_that_fills_in_everything_is_told_the_same_and_leaves_nothing() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    let browser = app.visitor();
    let page = browser.get("/assistenza").await.expect(200).text;
    let trap = page.split("aria-hidden=\"true\"><label for=\"sito_web\">").nth(1).expect("hidden from readers");
    let input = trap.split("<input ").nth(1).unwrap().split('>').next().unwrap();
    assert!(input.contains("tabindex=\"-1\"") && trap.starts_with("Lascia vuoto"), "{input}");
    let mut fields = vec![("sito_web", "https://spam.example")];
    fields.extend(typed(&[]));
    let answer = send(&browser, &fields, &[("a.txt", b"a")]).await.expect(303);
    assert_eq!(answer.header("location"), "/assistenza/inviata");
    assert_eq!(traces(&app).await, [0, 0, 0, 0]);
    app.end().await;
}

#[tokio::test]
async fn twenty_forms_in_a_minute_are_slowed_and_three_of_an_address_wait_a_day() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    let browser = app.visitor();
    for subject in ["Prima", "Seconda", "Terza"] {
        send(&browser, &typed(&[("subject", subject)]), &[]).await.expect(303);
    }
    let page = send(&browser, &typed(&[("subject", "Quarta")]), &[]).await.expect(429);
    assert_eq!(page.header("retry-after"), "86400");
    assert!(page.text.contains("value=\"Quarta\"") && page.words().contains("tre richieste da confermare"));
    // Another address is not kept waiting; a confirmed one counts no longer; a day later the others do not either.
    send(&browser, &typed(&[("email", "altro@comune.example")]), &[]).await.expect(303);
    let count = async || app.database.number("SELECT COUNT(*) FROM pending_requests").await;
    assert_eq!(count().await, 4);
    app.advance(Duration::from_secs(24 * 3600));
    send(&browser, &typed(&[("subject", "Quinta")]), &[]).await.expect(303);
    assert_eq!(count().await, 5);

    let mut slowed = 0;
    let (mut kept, mut lost) = (0, 0);
    for number in 0..14 {
        let (email, subject) = (format!("n{number}@comune.example"), format!("Numero {number}"));
        let page = send(&browser, &typed(&[("email", &email), ("subject", &subject)]), &[("a.txt", b"a")]).await;
        if page.status == 429 {
            slowed += 1;
            assert!((1..=10).contains(&page.header("retry-after").parse::<u64>().unwrap()));
            assert!(page.text.contains(&format!("value=\"{subject}\"")), "what was typed is kept");
            // So is what was chosen, within limits of its own; beyond them it is said.
            match page.text.contains("name=\"attachments\"") {
                true => kept += 1,
                false => lost += i64::from(page.words().contains("vanno scelti di nuovo")),
            }
        }
    }
    assert!(slowed >= 8, "{slowed} of 20 were slowed");
    assert_eq!(count().await, 5 + 14 - slowed, "of those nothing is kept");
    assert!(kept >= 8 && kept + lost == slowed, "{kept} and {lost} of {slowed}");
    assert_eq!(app.database.number("SELECT COUNT(*) FROM attachments").await, 14 - slowed + kept);
    app.end().await;
}

#[tokio::test]
async fn nobody_shuts_another_s_address_out_nor_has_its_mailbox_filled() {
    let server = Moody::start().await;
    let url = server.url();
    let proxies = |settings: &mut sportello::config::Settings| settings.trusted_proxies = vec![[127, 0, 0, 1].into()];
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).settings(proxies).start().await;
    let from = async |network: usize, subject: &str| {
        let browser = app.visitor();
        let csrf = browser.csrf("/assistenza").await;
        let fields = typed(&[("subject", subject), ("csrf", &csrf)]);
        let request = browser.request(Method::POST, "/assistenza").header("Content-Type", WITH_FILES);
        let request = request.header("X-Forwarded-For", format!("198.51.100.{network}"));
        browser.send(request.body(with_files(&fields, &[]))).await
    };
    for number in 0..3 {
        from(1, &format!("Finta {number}")).await.expect(303);
    }
    let page = from(1, "Finta").await.expect(429);
    assert!(page.words().contains("tre richieste da confermare"), "{}", page.words());
    // Whose address it is sends its own from where it is.
    from(2, "Vera").await.expect(303);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM pending_requests").await, 4);
    // There is an end to what arrives at one address, whoever sends it; nobody is told what waits for others.
    for network in 3..11 {
        from(network, "Finta").await.expect(303);
    }
    let page = from(20, "Finta").await.expect(429);
    assert!(!page.words().contains("da confermare"), "{}", page.words());
    assert_eq!(mails(&app, &server).await.len(), 12);
    app.end().await;
}

#[tokio::test]
async fn without_mail_strangers_are_sent_elsewhere_and_who_is_logged_in_sends() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    app.database.execute("INSERT INTO contacts (name, value) VALUES ('assistance_phone', '800 123 456')").await;
    let browser = app.visitor();
    let page = browser.get("/assistenza").await.expect(200);
    assert!(!page.text.contains("<form method=\"post\" action=\"/assistenza\""));
    assert!(page.words().contains("non è possibile inviare richieste") && page.words().contains("800 123 456"));
    assert!(page.leads_to("/accedi?torna=/richieste/nuova"));
    // A form that was open before the setting went.
    let csrf = browser.csrf("/accedi").await;
    let mut fields = vec![("csrf", csrf.as_str())];
    fields.extend(typed(&[]));
    let request = browser.request(Method::POST, "/assistenza").header("Content-Type", WITH_FILES);
    let page = browser.send(request.body(with_files(&fields, &[("files", "a.txt", b"a")]))).await.expect(422);
    assert!(page.text.contains("Errore rosso.</textarea>") && page.words().contains("non è possibile inviare"));
    assert_eq!(traces(&app).await, [0, 0, 0, 0]);

    let elena = app.browser(&cast.elena).await;
    let page = elena.get("/assistenza").await.expect(200);
    for known in ["elena@example.org", "Unione dei Colli"] {
        assert!(page.words().contains(known), "{known} is not asked again");
    }
    assert!(!page.text.contains("id=\"email\""));
    let fields = typed(&[("once", "k"), ("name", ""), ("email", ""), ("organization", "")]);
    for _ in 0..2 {
        let sent = send(&elena, &fields, &[("a.txt", b"a")]).await.expect(303);
        assert_eq!(sent.header("location"), "/richieste/TK-2026-000001");
    }
    assert!(elena.get("/richieste/TK-2026-000001").await.expect(200).words().contains("TK-2026-000001"));
    let ticket = app.api(&cast.anna).await.get("/tickets/TK-2026-000001").await.expect(200).json();
    assert_eq!((&ticket["channel"], &ticket["requester"]["email"]), (&json!("form"), &json!("elena@example.org")));
    assert_eq!(ticket["organization_id"], cast.unione.id.as_str());
    let message = said(&app, &cast.elena, "TK-2026-000001").await;
    let expected =
        "Da stamattina.\nErrore rosso.\n\nTelefono: 055 0000000\nCasella indicata: suap@pec.borgosolare.example";
    assert_eq!((&message["body_text"], &message["attachments"][0]["name"]), (&json!(expected), &json!("a.txt")));
    let wrong = send(&elena, &typed(&[("kind", ""), ("subject", "Di nuovo")]), &[]).await.expect(422);
    assert!(wrong.text.contains("href=\"#kind\"") && wrong.text.contains("value=\"Di nuovo\""));
    assert_eq!(app.database.number("SELECT COUNT(*) FROM tickets").await, 1);
    app.end().await;
}

#[tokio::test]
async fn a_session_that_ends_meanwhile_and_a_browser_without_cookies() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    let cast = app.cast().await;
    // The form of who was logged in comes back for a stranger to complete.
    let browser = app.browser(&cast.elena).await;
    let page = browser.get("/assistenza").await.expect(200).text;
    let form = page.split("action=\"/assistenza\"").nth(1).expect("the form");
    let csrf = form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    browser.jar.lock().unwrap().remove("sportello");
    let mut fields = vec![("csrf", csrf.as_str())];
    fields.extend(typed(&[("name", ""), ("email", ""), ("organization", "")]));
    let page = browser.post_bare("/assistenza", &fields).await.expect(422);
    assert!(page.text.contains("Errore rosso.</textarea>") && page.text.contains("href=\"#email\""));
    // A form is tied to the browser that it was given to; the link is to nobody's.
    app.visitor().post_bare("/assistenza", &fields).await.expect(403);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM pending_requests").await, 0);
    // As a browser sends it without files and scripts.
    let mut fields = vec![("csrf", csrf.as_str())];
    fields.extend(typed(&[]));
    browser.post_bare("/assistenza", &fields).await.expect(303);
    let link = link(&app, &server).await;
    app.visitor().post(&link, &link, &[]).await.expect(303);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM tickets").await, 1);
    app.end().await;
}

#[tokio::test]
async fn the_log_in_page_says_whom_to_call_and_until_when() {
    let app = TestApp::start().await;
    app.database.execute("INSERT INTO contacts (name, value) VALUES ('assistance_phone', '800 123 456')").await;
    for page in ["/accedi", "/assistenza"] {
        let page = app.visitor().get(page).await.expect(200);
        let words = page.words();
        for said in ["800 123 456", "aperto ora · chiude alle 19:00", "lun–ven 08:00–19:00; sab 08:00–14:00"] {
            assert!(words.contains(said), "{said} is not on {words}");
        }
        assert!(page.leads_to("/assistenza"));
    }
    app.advance(Duration::from_secs(9 * 3600));
    assert!(app.visitor().get("/accedi").await.words().contains("chiuso ora · riapre martedì alle 08:00"));
    app.end().await;
}

#[tokio::test]
async fn a_link_that_leads_to_nothing_says_so_and_leads_to_the_form() {
    let server = Moody::start().await;
    let app = sending(&server).await;
    let visitor = app.visitor();
    send(&visitor, &typed(&[]), &[]).await.expect(303);
    let link = link(&app, &server).await;
    app.advance(Duration::from_secs(4 * 24 * 3600));
    for path in ["/assistenza/conferma/sbagliato", &link] {
        visitor.get("/assistenza").await.expect(200);
        for page in [visitor.get(path).await, visitor.post("/assistenza", path, &[]).await] {
            let page = page.expect(404);
            let words = page.words();
            assert!(page.leads_to("/assistenza") && words.contains("non vale più"), "{words}");
            assert!(!words.contains("profilo in uso"), "{words}");
        }
    }
    app.end().await;
}
