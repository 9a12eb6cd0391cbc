//! In charge of who is told by mail: those whom it concerns, once each, never who did it, and never of a note.

use std::time::Duration;

use mail_parser::MessageParser;
use serde_json::json;
use sportello::outbox::delivery;

use crate::support::app::{Setup, TestApp};
use crate::support::cast::Cast;
use crate::support::smtp::{Mood, Moody};

#[tokio::test]
async fn whom_it_concerns_is_told_once_and_nobody_of_a_note() {
    let server = Moody::start().await;
    let url = server.url();
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let sent = async || {
        delivery::deliver(&app.app, || true).await.unwrap();
        let to = |mail: &String| {
            let line = mail.lines().find(|line| line.starts_with("To: ")).unwrap();
            line.split('<').nth(1).unwrap_or(line).trim_end_matches('>').to_string()
        };
        let mut to: Vec<String> = server.taken().iter().map(to).collect();
        to.sort();
        to
    };
    let before = sent().await.len();
    let body = json!({"subject": "Aiuto", "body": "B", "area": "pec", "cc": ["copia@example.net"]});
    let made = elena.post("/tickets", body).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    let of = |all: Vec<String>, who: &str| all.iter().filter(|to| *to == who).count();
    assert_eq!(sent().await.len(), before + 1, "who opens it is not told back");
    assert_eq!(of(sent().await, "copia@example.net"), 1);
    anna.post(&format!("{path}/messages"), json!({"kind": "internal", "body_text": "Nota segreta"})).await.expect(201);
    assert_eq!(sent().await.len(), before + 1);
    let reply = anna
        .post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Risposta"}))
        .await
        .expect(201)
        .json();
    assert_eq!((of(sent().await, "elena@example.org"), of(sent().await, "copia@example.net")), (1, 2));
    elena.post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Ancora"})).await.expect(201);
    assert_eq!(
        (of(sent().await, "elena@example.org"), of(sent().await, "anna@example.org")),
        (1, 1),
        "the assignee is told"
    );
    assert!(!server.taken().iter().any(|mail| mail.contains("segreta")));
    let mail = server.taken().into_iter().find(|mail| mail.contains("To: elena")).unwrap();
    assert!(mail.contains("Auto-Submitted: auto-generated"));
    let history = anna.get(&format!("{path}/messages")).await.expect(200).json();
    let told = history["items"].as_array().unwrap().iter().find(|one| one["id"] == reply["id"]).unwrap().clone();
    assert_eq!(told["delivery"], "sent");
    // Who turns a kind off gets none of it.
    let browser = app.browser(&cast.elena).await;
    browser
        .post("/profilo", "/profilo", &[("language", "it"), ("notices", "1"), ("notice_copies", "on")])
        .await
        .expect(303);
    anna.post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Dopo"})).await.expect(201);
    assert_eq!((of(sent().await, "elena@example.org"), of(sent().await, "copia@example.net")), (1, 4));
    assert!(
        browser.get("/profilo").await.expect(200).text.contains("id=\"notice_own\" name=\"notice_own\" value=\"on\">")
    );
    let listed = anna.get("/outbox").await.expect(200).json();
    assert_eq!(listed["items"][0]["ticket_number"], made["number"]);
    app.end().await;
}

/// Everybody, with the program sending to a server that takes all.
async fn sending() -> (Moody, TestApp, Cast) {
    let server = Moody::start().await;
    let url = server.url();
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).start().await;
    let cast = app.cast().await;
    (server, app, cast)
}

#[tokio::test]
async fn an_operator_sees_the_mails_about_the_requests_that_it_sees() {
    let (server, app, cast) = sending().await;
    let (anna, dario, elena) = (app.api(&cast.anna).await, app.api(&cast.dario).await, app.api(&cast.elena).await);
    server.be(Mood::HangsUp);
    let body = |subject: &str| json!({"subject": subject, "body": "B", "area": "pec", "cc": ["copia@example.net"]});
    let mine = elena.post("/tickets", body("Aperta a tutti")).await.expect(201).json();
    let hidden = elena.post("/tickets", body("Di un gruppo")).await.expect(201).json();
    let group = dario.post("/groups", json!({"name": "Secondo livello"})).await.expect(201).json();
    dario.patch(&format!("/users/{}", cast.anna.id), json!({"restricted_to_groups": true})).await.expect(200);
    let hidden_path = format!("/tickets/{}", hidden["number"].as_str().unwrap());
    dario.patch(&hidden_path, json!({"group_id": group["id"]})).await.expect(200);
    dario.post("/users", json!({"email": "nuovo@example.net", "name": "N", "role": "auditor"})).await.expect(201);
    delivery::deliver(&app.app, || true).await.unwrap();
    let all = dario.get("/outbox").await.expect(200).json();
    let seen = anna.get("/outbox").await.expect(200).json();
    let items = seen["items"].as_array().unwrap();
    assert!(!items.is_empty() && items.iter().all(|one| one["ticket_number"] == mine["number"]), "{seen}");
    assert!(all["items"].as_array().unwrap().iter().any(|one| one["to"] == "nuovo@example.net"));
    let page = app.browser(&cast.anna).await.get("/posta-in-uscita").await.expect(200).text;
    assert!(page.contains("Aperta a tutti") && !page.contains("Di un gruppo") && !page.contains("nuovo@example.net"));
    let other = all["items"].as_array().unwrap().iter().find(|one| one["ticket_number"] == hidden["number"]).unwrap();
    let retry = |one: &serde_json::Value| format!("/outbox/{}/retry", one["id"].as_str().unwrap());
    anna.post(&retry(other), json!({})).await.expect(404);
    anna.post(&retry(&items[0]), json!({})).await.expect(200);
    dario.post(&retry(other), json!({})).await.expect(200);
    app.end().await;
}

#[tokio::test]
async fn a_person_is_told_at_its_present_address_and_once_whatever_it_is() {
    let (server, app, cast) = sending().await;
    let (anna, dario, elena) = (app.api(&cast.anna).await, app.api(&cast.dario).await, app.api(&cast.elena).await);
    let body = json!({"subject": "Aiuto", "body": "B", "area": "pec", "cc": ["anna@example.org"]});
    let made = elena.post("/tickets", body).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    anna.post(&format!("{path}/take"), json!({})).await.expect(200);
    dario.patch(&format!("/users/{}", cast.elena.id), json!({"email": "elena.bianchi@example.org"})).await.expect(200);
    let sent = async || {
        delivery::deliver(&app.app, || true).await.unwrap();
        server.taken()
    };
    let to = |mails: &[String], who: &str| {
        mails.iter().filter(|mail| mail.lines().any(|line| line.starts_with("To: ") && line.contains(who))).count()
    };
    let before = sent().await;
    anna.post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Ecco"})).await.expect(201);
    let after = sent().await;
    assert_eq!(to(&after, "<elena.bianchi@example.org>"), to(&before, "<elena.bianchi@example.org>") + 1);
    assert_eq!(to(&after, "<elena@example.org>"), to(&before, "<elena@example.org>"), "nobody reads the old address");
    let told = after.iter().rfind(|mail| mail.contains("<elena.bianchi@example.org>")).unwrap().replace("=\n", "");
    assert!(told.contains("riceve anche: anna@example.org."), "who else got it is said: {told}");
    // Anna works on it and is in copy.
    elena.post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Ancora"})).await.expect(201);
    let last = sent().await;
    assert_eq!(to(&last, "<anna@example.org>"), to(&after, "<anna@example.org>") + 1);
    assert_eq!(to(&last, "<elena.bianchi@example.org>"), to(&after, "<elena.bianchi@example.org>"), "not who wrote");
    app.end().await;
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_named_and_the_others_are_known_to_have_it() {
    let (_server, app, cast) = sending().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let body = json!({"subject": "Aiuto", "body": "B", "area": "pec", "cc": ["copia@example.net", "sconosciuto@altrove.example"]});
    let made = elena.post("/tickets", body).await.expect(201).json();
    let number = made["number"].as_str().unwrap();
    let reply = json!({"kind": "public", "body_text": "Risposta"});
    let reply = anna.post(&format!("/tickets/{number}/messages"), reply).await.expect(201).json();
    delivery::deliver(&app.app, || true).await.unwrap();

    let of = |listed: serde_json::Value| {
        listed["items"].as_array().unwrap().iter().find(|one| one["id"] == reply["id"]).unwrap().clone()
    };
    let told = of(anna.get(&format!("/tickets/{number}/messages")).await.expect(200).json());
    assert_eq!(told["delivery"], "failed");
    let to = |state: &str| {
        let mails = told["deliveries"].as_array().unwrap().iter();
        mails.filter(|one| one["state"] == state).map(|one| one["to"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(to("failed"), ["sconosciuto@altrove.example"]);
    assert_eq!(to("sent"), ["elena@example.org", "copia@example.net"]);
    let page = app.browser(&cast.anna).await.get(&format!("/operatore/{number}")).await.expect(200).text;
    assert!(page.contains("Non inviato a sconosciuto@altrove.example"), "{page}");
    assert!(page.contains("Inviato a elena@example.org, copia@example.net"), "{page}");

    // Who put the address in learns of it, and of nobody else's mail.
    let theirs = of(elena.get(&format!("/tickets/{number}/messages")).await.expect(200).json());
    assert_eq!(theirs["delivery"], serde_json::Value::Null);
    assert_eq!(theirs["deliveries"], json!([{"to": "sconosciuto@altrove.example", "state": "failed"}]));
    let page = app.browser(&cast.elena).await.get(&format!("/richieste/{number}")).await.expect(200).text;
    assert!(page.contains("Le email a sconosciuto@altrove.example non arrivano"), "{page}");
    assert!(!page.contains("Non inviato"), "{page}");

    // Without that address in copy nothing is marked.
    elena.patch(&format!("/tickets/{number}"), json!({"cc": ["copia@example.net"]})).await.expect(200);
    let page = app.browser(&cast.elena).await.get(&format!("/richieste/{number}")).await.expect(200).text;
    assert!(!page.contains("non arrivano"), "{page}");
    let reply = json!({"kind": "public", "body_text": "Ancora"});
    let reply = anna.post(&format!("/tickets/{number}/messages"), reply).await.expect(201).json();
    delivery::deliver(&app.app, || true).await.unwrap();
    let page = app.browser(&cast.anna).await.get(&format!("/operatore/{number}")).await.expect(200).text;
    let entry = page.split(&format!("id=\"m-{}\"", reply["id"].as_str().unwrap())).nth(1).unwrap();
    let entry = entry.split("</article>").next().unwrap();
    assert!(entry.contains("Email: Inviato") && !entry.contains("Non inviato"), "{entry}");
    app.end().await;
}

#[tokio::test]
async fn a_burst_of_news_is_one_mail() {
    let server = Moody::start().await;
    let url = server.url();
    let settings = |settings: &mut sportello::config::Settings| {
        settings.smtp_url = Some(url);
        settings.notice_wait = Duration::from_secs(20);
    };
    let app = Setup::new().await.settings(settings).start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let to_elena = async || {
        delivery::deliver(&app.app, || true).await.unwrap();
        let mails = server.taken().into_iter().filter(|mail| mail.contains("elena@example.org"));
        let parse = |mail: String| MessageParser::default().parse(mail.as_bytes()).unwrap().into_owned();
        mails.map(parse).collect::<Vec<_>>()
    };
    let made = elena.post("/tickets", json!({"subject": "Aiuto", "body": "B", "area": "pec"})).await.expect(201).json();
    let number = made["number"].as_str().unwrap();
    let path = format!("/tickets/{number}");
    let say = async |text: &str| {
        let body = json!({"kind": "public", "body_text": text});
        anna.post(&format!("{path}/messages"), body).await.expect(201).json()
    };
    // Eight things in less than two minutes.
    anna.post(&format!("{path}/take"), json!({})).await.expect(200);
    let mut said = Vec::new();
    for text in ["Uno <b>", "Due", "Tre", "Quattro", "Cinque", "Sei"] {
        app.advance(Duration::from_secs(12));
        assert!(to_elena().await.is_empty(), "before {text}");
        said.push(say(text).await);
    }
    let wait = json!({"for": "third_party", "reason": "Pratica 4471"});
    anna.post(&format!("{path}/wait"), wait).await.expect(200);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM outbox WHERE recipient = 'elena@example.org'").await, 1);
    let of = |history: &serde_json::Value, one: &serde_json::Value| {
        let items = history["items"].as_array().unwrap();
        items.iter().find(|entry| entry["id"] == one["id"]).unwrap()["delivery"].clone()
    };
    let history = anna.get(&format!("{path}/messages")).await.expect(200).json();
    assert!(said.iter().all(|one| of(&history, one) == "queued"), "{history}");
    app.advance(Duration::from_secs(19));
    assert!(to_elena().await.is_empty());
    app.advance(Duration::from_secs(1));
    let mails = to_elena().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject(), Some(format!("[{number}] 8 novità: Aiuto").as_str()));
    let text = mails[0].body_text(0).unwrap();
    let places: Vec<usize> = ["Gentile elena", "è stata presa in carico", "Uno <b>", "Due", "Sei", "Pratica 4471"]
        .iter()
        .map(|part| text.find(part).unwrap_or_else(|| panic!("{part} in {text}")))
        .collect();
    assert!(places.is_sorted(), "{text}");
    assert_eq!(text.matches("Gentile").count(), 1, "{text}");
    assert!(mails[0].body_html(0).unwrap().contains("Uno &lt;b&gt;"));
    let history = anna.get(&format!("{path}/messages")).await.expect(200).json();
    assert!(said.iter().all(|one| of(&history, one) == "sent"), "{history}");
    assert_eq!(app.database.number("SELECT COUNT(*) FROM outbox WHERE sealed_parts IS NOT NULL").await, 0);
    // However it goes on, the first waits no longer than two minutes.
    for second in 0..12 {
        say(&format!("Ancora {second}")).await;
        app.advance(Duration::from_secs(10));
    }
    assert_eq!(to_elena().await.len(), 2);
    // A single thing reads as it always did; who asks for the delivery does not wait.
    say("Da sola").await;
    app.api(&cast.dario).await.ask("POST", "/jobs/deliver-mail/run").await.expect(202);
    let mails = to_elena().await;
    assert_eq!(mails[2].subject(), Some(format!("[{number}] Nuova risposta: Aiuto").as_str()));
    // What is asked of the reader is what the subject says, whatever else is told.
    anna.post(&format!("{path}/wait"), json!({"for": "requester", "reason": "Quale casella?"})).await.expect(200);
    say("La attendo").await;
    app.advance(Duration::from_secs(20));
    let mails = to_elena().await;
    assert_eq!(
        (mails.len(), mails[3].subject()),
        (4, Some(format!("[{number}] Attendiamo una tua risposta: Aiuto").as_str()))
    );
    assert!(mails[3].body_text(0).unwrap().contains("La attendo"));
    app.end().await;
}
