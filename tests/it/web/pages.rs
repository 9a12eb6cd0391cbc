//! In charge of what every page carries and of what pages do with what people type.

use reqwest::Method;
use serde_json::json;
use sportello::model::mailbox::Status;

use crate::support::app::{Setup, TestApp};
use crate::support::builders::mailbox;
use crate::support::client::Browser;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[tokio::test]
async fn every_answer_carries_the_policy_and_a_name() {
    let app = TestApp::start().await;
    let (dario, _) = app.dario().await;
    let browser = app.browser(&dario).await;
    let mut names = Vec::new();
    for (path, status) in [
        ("/caselle", 200),
        ("/nulla", 404),
        ("/api/v1/nulla", 401),
        ("/api/v1/mailboxes", 401),
        ("/", 303),
        ("/healthz", 200),
    ] {
        let answer = browser.get(path).await.expect(status);
        for (name, value) in [
            ("content-security-policy", POLICY),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("server", ""),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(answer.header(name), value, "{name} of {path}");
        }
        names.push(answer.header("x-request-id").to_string());
        if status >= 400 {
            assert!(answer.text.contains(answer.header("x-request-id")), "people can quote it: {}", answer.text);
        }
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 6, "each request has its own name");
    app.end().await;
}

#[tokio::test]
async fn what_others_wrote_is_text_on_the_page() {
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}";
    let app = TestApp::start().await;
    let (dario, api) = app.dario().await;
    let made = mailbox("a@pec.example.it").named(hostile).with(|mailbox| {
        mailbox.card.group = Some(hostile.into());
        mailbox.card.authorization.holder = hostile.into();
        mailbox.facts.status = Status::Unreachable;
        mailbox.facts.status_detail = Some(hostile.into());
    });
    let made = made.insert(&app).await;
    api.post("/organizations", json!({"code": "x", "name": hostile})).await.expect(201);
    let browser = app.browser(&dario).await;
    let query = format!(
        "/caselle?q={0}&gruppo={0}&stato={0}&ordina={0}",
        percent_encoding::utf8_percent_encode(hostile, percent_encoding::NON_ALPHANUMERIC)
    );
    let pages = [
        "/caselle",
        &query,
        &format!("/caselle/{}", made.id),
        &format!("/caselle/{}/password", made.id),
        "/caselle/nuova",
        "/registro",
    ];
    for path in pages {
        let page = browser.get(path).await.expect(200);
        assert!(page.text.contains("&lt;script&gt;alert(1)"), "it is on the page {path}");
        assert!(
            !page.text.contains("<script>alert") && !page.text.contains("<img src=x") && !page.text.contains(">49<"),
            "{path}"
        );
    }
    app.end().await;
}

#[tokio::test]
async fn a_form_with_something_wrong_comes_back_as_typed_but_for_the_password() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let browser = app.browser(&cast.dario).await;
    let form = [
        ("address", "non un indirizzo"),
        ("username", "utente"),
        ("password", "segretissima"),
        ("imap_host", "imap.example.it"),
        ("imap_port", "99999"),
        ("imap_security", "tls"),
        ("authorization_holder", "Sindaco"),
        ("authorization_date", "2026-06-01"),
        ("organization_id", cast.unione.id.as_str()),
    ];
    let again = browser.post("/caselle/nuova", "/caselle", &form).await.expect(422);
    for typed in ["non un indirizzo", "utente", "imap.example.it", "99999", "Sindaco"] {
        assert!(again.text.contains(&format!("value=\"{typed}\"")), "{typed} is given back");
    }
    assert!(!again.text.contains("segretissima"));
    assert!(again.leads_to("#address") && again.leads_to("#imap_port"), "the summary leads to each wrong field");
    assert!(again.text.contains(&format!("<option value=\"{}\" selected>", cast.unione.id)));
    app.end().await;
}

#[tokio::test]
async fn servers_left_empty_are_those_of_a_known_provider_and_the_page_says_so() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let browser = app.browser(&cast.dario).await;
    // Something else is missing, so that nobody is called.
    let send = async |address: &str, imap: &str, smtp: &str| {
        let form = [
            ("address", address),
            ("username", "M1234567"),
            ("password", "segretissima"),
            ("imap_host", imap),
            ("imap_port", "993"),
            ("imap_security", "tls"),
            ("smtp_host", smtp),
            ("smtp_port", "465"),
            ("smtp_security", "tls"),
            ("authorization_holder", "Sindaco"),
        ];
        browser.post("/caselle/nuova", "/caselle", &form).await.expect(422)
    };
    let known = send("suap@Legalmail.it", "", "").await;
    for server in ["mbox.cert.legalmail.it", "sendm.cert.legalmail.it"] {
        assert!(known.text.contains(&format!("value=\"{server}\"")), "{server}");
    }
    assert!(known.words().contains("Gestore riconosciuto: InfoCert Legalmail") && known.words().contains("User ID"));
    assert!(known.leads_to("#authorization_date") && !known.leads_to("#imap_host"));

    let typed = send("suap@legalmail.it", "imap.altro.example", "").await;
    assert!(typed.text.contains("value=\"imap.altro.example\"") && !typed.words().contains("Gestore riconosciuto"));
    assert!(!typed.leads_to("#smtp_host"), "a mailbox needs no SMTP server");
    let own = send("suap@comune.example", "", "smtp.altro.example").await;
    assert!(own.leads_to("#imap_host") && !own.words().contains("Gestore riconosciuto"));

    let body = json!({"address": "a@pec.it", "username": "a", "password": "p",
                      "authorization": {"holder": "Sindaco", "date": "2026-06-01"}});
    assert_eq!(app.api(&cast.dario).await.post("/mailboxes", body).await.wrong_fields(), ["imap.host"]);
    app.end().await;
}

#[tokio::test]
async fn the_language_is_the_persons_else_the_browsers() {
    let app = TestApp::start().await;
    let (dario, api) = app.dario().await;
    let visitor = app.visitor();
    let page = async |language: &str| {
        visitor.send(visitor.request(Method::GET, "/accedi").header("Accept-Language", language)).await.expect(200).text
    };
    assert!(page("it-IT").await.contains("<html lang=\"it\">"));
    assert!(page("en-GB,it;q=0.5").await.contains("<html lang=\"en\">"));
    assert!(page("fr").await.contains("<html lang=\"it\">"), "the installation's");
    let browser = app.browser(&dario).await;
    api.patch(&format!("/users/{}", dario.id), json!({"language": "en"})).await.expect(200);
    let console =
        browser.send(browser.request(Method::GET, "/caselle").header("Accept-Language", "it")).await.expect(200);
    assert!(console.text.contains("<html lang=\"en\">"));
    app.end().await;
}

#[tokio::test]
async fn no_page_shows_the_key_of_a_missing_text() {
    let app = TestApp::start().await;
    let (dario, api) = app.dario().await;
    let keys: Vec<String> = include_str!("../../../templates/text/it.ftl")
        .lines()
        .filter_map(|line| line.split_once(" = ").map(|(key, _)| key.to_string()))
        .filter(|key| key.contains('-') && !key.starts_with('#'))
        .collect();
    for status in Status::ALL {
        let word = status.as_str();
        let one = mailbox(&format!("{word}@pec.example.it"))
            .with(|mailbox| mailbox.facts.status = *status)
            .insert(&app)
            .await;
        for language in ["it", "en"] {
            api.patch(&format!("/users/{}", dario.id), json!({"language": language})).await.expect(200);
            let browser = app.browser(&dario).await;
            for path in [
                format!("/caselle/{}", one.id),
                format!("/caselle/{}/password", one.id),
                format!("/caselle?stato={word}"),
            ] {
                let words = browser.get(&path).await.expect(200).words();
                let bare: Vec<&str> = words.split(' ').filter(|word| keys.iter().any(|key| key == word)).collect();
                assert!(bare.is_empty(), "{path} in {language} shows {bare:?}");
                assert!(!words.contains("status-") && !words.contains("overlay-"), "{path}: {words}");
            }
        }
    }
    app.end().await;
}

#[tokio::test]
async fn the_console_finds_sorts_and_pages() {
    let app = TestApp::start().await;
    let (dario, _) = app.dario().await;
    for number in 0..105 {
        let one = mailbox(&format!("casella{number:03}@pec.example.it")).named(&format!("Unità {number:03}"));
        one.with(|mailbox| mailbox.facts.new_messages = number % 3).insert(&app).await;
    }
    let browser = app.browser(&dario).await;
    let rows = |page: &str| page.matches("<tr id=\"casella-").count();
    let first = browser.get("/caselle").await.expect(200);
    assert_eq!(rows(&first.text), 100);
    let next = link_with(&first.text, "da=").expect("a link to the rest");
    assert_eq!(rows(&browser.get(&next).await.expect(200).text), 5);
    assert_eq!(
        rows(&browser.get("/caselle?q=unita%20007").await.expect(200).text),
        1,
        "accents and case do not matter"
    );
    assert_eq!(rows(&browser.get("/caselle?q=%25").await.expect(200).text), 0, "a per cent sign is a per cent sign");
    assert_eq!(rows(&browser.get("/caselle?nuovi=1").await.expect(200).text), 70);
    let sorted = browser.get("/caselle?ordina=-name").await.expect(200).words();
    assert!(sorted.find("Unità 104").unwrap() < sorted.find("Unità 103").unwrap());
    app.end().await;
}

/// The address of the first link that holds a word.
fn link_with(html: &str, word: &str) -> Option<String> {
    let links = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links.map(|link| link.replace("&#x2F;", "/").replace("&amp;", "&")).find(|link| link.contains(word))
}

#[tokio::test]
async fn the_health_pages_hold_counts_only() {
    let app = TestApp::start().await;
    mailbox("segreta@pec.example.it").insert(&app).await;
    let visitor = app.visitor();
    assert_eq!(visitor.get("/healthz").await.expect(200).text, "ok\n");
    let ready = visitor.get("/readyz").await.expect(200);
    assert_eq!(ready.json(), json!({"ready": true, "database": true, "key": true, "late_jobs": []}));
    let metrics = visitor.get("/metrics").await.expect(200);
    assert!(metrics.text.contains("sportello_mailboxes{status=\"ok\"} 1\n"), "{}", metrics.text);
    assert!(!metrics.text.contains('@') && !ready.text.contains('@'));
    app.end().await;
}

#[tokio::test]
async fn a_job_that_should_have_begun_is_told_and_a_foreign_key_is_not_ready() {
    let app = Setup::new().await.jobs().start().await;
    let visitor = app.visitor();
    app.next_slot().await;
    assert_eq!(visitor.get("/readyz").await.expect(200).json()["late_jobs"], json!([]));
    let clock = app.app.clock.clone();
    let database = app.end().await;
    let app = Setup::on(database).clock(clock).start().await;
    app.advance(std::time::Duration::from_secs(600));
    let visitor = app.visitor();
    let late = visitor.get("/readyz").await.expect(200).json()["late_jobs"].as_array().unwrap().clone();
    assert!(late.contains(&json!("refresh-mailboxes")) && late.contains(&json!("check-deadlines")), "{late:?}");
    let told = format!("\nsportello_jobs_late {}\n", late.len());
    assert!(visitor.get("/metrics").await.expect(200).text.contains(&told));
    app.database.execute("UPDATE key_state SET key_id = 'another'").await;
    assert_eq!(visitor.get("/readyz").await.expect(503).json()["key"], false);
    app.end().await;
}

#[tokio::test]
async fn files_are_kept_by_browsers_and_nothing_else_of_the_disk_is_given() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let page = visitor.get("/accedi").await.expect(200);
    let address = link_with(&page.text, "sportello.css").expect("the styles");
    let styles = visitor.get(&address).await.expect(200);
    assert!(styles.header("cache-control").contains("immutable"), "{}", styles.header("cache-control"));
    assert!(styles.header("content-type").starts_with("text/css"));
    let (folder, _) = address.rsplit_once("/css/").unwrap();
    for elsewhere in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/..%2fCargo.toml", "/css/nulla.css", "/css", ""] {
        visitor.get(&format!("{folder}{elsewhere}")).await.expect(404);
    }
    app.end().await;
}

#[tokio::test]
async fn who_may_not_put_a_password_is_told_whom_to_ask() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let refused = |one: &mut sportello::model::mailbox::Mailbox| one.facts.status = Status::WrongPassword;
    let one = mailbox("a@pec.example.it").of(&cast.comune).with(refused).insert(&app).await;
    let other = mailbox("b@pec.example.it").of(&cast.unione).with(refused).insert(&app).await;
    let ask = |id: &str| format!("/richieste/nuova?casella={id}");
    for (person, mailbox) in [(&cast.carla, &one), (&cast.elena, &other), (&cast.anna, &one)] {
        let browser = app.browser(person).await;
        let card = browser.get(&format!("/caselle/{}/scheda", mailbox.id)).await.expect(200);
        let words = card.words();
        assert!(words.contains("Può farlo solo l’amministratore regionale"), "{}: {words}", person.email);
        assert!(!words.contains("Inserisci la nuova password"), "{}: {words}", person.email);
        assert!(card.leads_to(&ask(mailbox.id.as_str())), "{}", person.email);
    }
    let form = app.browser(&cast.elena).await.get(&ask(other.id.as_str())).await.expect(200).text;
    assert!(form.contains(&format!("<option value=\"{}\" selected>", other.id)), "{form}");
    let card = app.browser(&cast.dario).await.get(&format!("/caselle/{}/scheda", one.id)).await.expect(200).words();
    assert!(card.contains("Inserisci la nuova password") && !card.contains("Può farlo solo"), "{card}");
    app.end().await;
}

#[tokio::test]
async fn what_may_not_be_seen_of_a_mailbox_is_not_said_to_be_missing() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    mailbox("b@pec.example.it").of(&cast.unione).insert(&app).await;
    let words = app.browser(&cast.elena).await.get("/caselle").await.expect(200).words();
    assert!(words.contains("b@pec.example.it") && !words.contains(" mai "), "{words}");
    // Nor are there views by what is not told: they would be empty.
    assert!(!words.contains("Con nuovi messaggi"), "{words}");
    app.end().await;
}

#[tokio::test]
async fn a_priority_that_is_not_the_severity_is_explained_to_who_stated_it() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let body = json!({"subject": "S", "body": "B", "area": "pec", "priority": "critical"});
    let made = elena.post("/tickets", body).await.expect(201).json();
    let number = made["number"].as_str().unwrap();
    let browser = app.browser(&cast.elena).await;
    let page = browser.get(&format!("/richieste/{number}")).await.expect(200).words();
    let told = "Priorità indicata: Critico/Bloccante; la gravità è stabilita dall’assistenza.";
    assert!(page.contains("Gravità Alto") && page.contains(told), "{page}");
    anna.patch(&format!("/tickets/{number}"), json!({"severity": "critical"})).await.expect(200);
    let page = browser.get(&format!("/richieste/{number}")).await.expect(200).words();
    assert!(page.contains("Gravità Critico/Bloccante") && !page.contains("stabilita"), "{page}");
    app.end().await;
}

#[tokio::test]
async fn a_form_that_is_too_old_says_so_and_not_that_a_profile_forbids_it() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let stranger = Browser::new(&app.base);
    let visitor =
        stranger.post_bare("/accedi", &[("email", "a@example.org"), ("password", "x"), ("csrf", "vecchio")]).await;
    let known = app.browser(&cast.dario).await.post_bare("/enti", &[("name", "X"), ("csrf", "vecchio")]).await;
    for answer in [visitor, known] {
        let words = answer.expect(403).words();
        assert!(words.contains("La pagina è scaduta") && !words.contains("profilo"), "{words}");
    }
    app.end().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_in_the_words_of_its_field() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let dario = app.browser(&cast.dario).await;
    let new = [("name", "Comune"), ("code", "c_z999"), ("area_pec", "on"), ("email_domains", "info@comune.example")];
    let words = dario.post("/enti/nuovo", "/enti", &new).await.expect(422).words();
    assert!(words.contains("Scrivi il dominio dopo la chiocciola") && !words.contains("nome del server"), "{words}");

    let carla = app.browser(&cast.carla).await;
    let form = carla.get("/utenti/nuovo").await.expect(200);
    assert!(
        !form.text.contains("Nessun ente") && form.text.contains(&format!("value=\"{}\" selected", cast.comune.id))
    );
    let taken = [
        ("name", "Elena"),
        ("email", "elena@example.org"),
        ("role", "org_user"),
        ("language", "it"),
        ("level", "1"),
        ("organization_id", cast.comune.id.as_str()),
        ("visibility", "own"),
    ];
    let words = carla.post("/utenti/nuovo", "/utenti", &taken).await.expect(422).words();
    assert!(words.contains("Questo indirizzo è già di un altro utente"), "{words}");

    let body = json!({"subject": "S", "body": "B", "area": "pec"});
    let made = app.api(&cast.elena).await.post("/tickets", body).await.expect(201).json();
    let path = format!("/operatore/{}", made["number"].as_str().unwrap());
    let anna = app.browser(&cast.anna).await;
    let merge = [("verb", "merged"), ("into", "TK-2026-999999")];
    let words = anna.post(&path, &format!("{path}/stato"), &merge).await.expect(422).words();
    assert!(words.contains("Non c’è un’altra richiesta con questo numero."), "{words}");
    app.end().await;
}

#[tokio::test]
async fn where_no_mail_leaves_no_page_promises_any() {
    let app = TestApp::start().await;
    let stranger = Browser::new(&app.base);
    let forgotten = stranger.get("/password-dimenticata").await.expect(200).words();
    assert!(!forgotten.contains("pochi minuti") && !forgotten.contains("indesiderata"), "{forgotten}");
    let login = stranger.get("/accedi").await.expect(200).words();
    assert!(login.contains("chiedi un nuovo collegamento all’amministratore"), "{login}");
    app.end().await;
}
