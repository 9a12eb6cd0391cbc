//! In charge of requests that are perhaps the same over all channels (F26): proposed to who sees both, joined with one press and parted
//! with one, told apart for everybody; a call is added to what there is.

use std::time::Duration;

use serde_json::{Value, json};
use sportello::model::mailbox::Mailbox;
use sportello::model::person::Role;

use crate::support::app::TestApp;
use crate::support::builders::mailbox;
use crate::support::client::{Api, Browser};

const HOUR: Duration = Duration::from_secs(3600);

/// A request that an operator writes down for somebody.
async fn open(anna: &Api, email: &str, channel: &str, subject: &str, mailboxes: &[&Mailbox]) -> String {
    let ids: Vec<&str> = mailboxes.iter().map(|one| one.id.as_str()).collect();
    let body = json!({"subject": subject, "body": format!("Testo di {subject}"), "area": "pec", "channel": channel,
                      "requester": {"email": email}, "mailbox_ids": ids});
    anna.post("/tickets", body).await.expect(201).json()["number"].as_str().unwrap().into()
}

/// What is perhaps the same as one: numbers, each with why.
async fn proposed(api: &Api, number: &str) -> Vec<(String, Value)> {
    let page = api.get(&format!("/tickets/{number}/duplicates")).await.expect(200).json();
    let one = |one: &Value| (one["ticket"]["number"].as_str().unwrap().to_string(), one["why"].clone());
    page["items"].as_array().unwrap().iter().map(one).collect()
}

async fn words(browser: &Browser, number: &str) -> String {
    browser.get(&format!("/operatore/{number}")).await.expect(200).words()
}

#[tokio::test]
async fn a_call_and_a_mail_about_one_mailbox_are_joined_and_parted_with_one_press() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let enrico = app.person(Role::OrgUser, "enrico", Some(&cast.unione)).await;
    let suap = mailbox("suap@pec.example.it").of(&cast.unione).insert(&app).await;
    let (anna, as_enrico) = (app.api(&cast.anna).await, app.api(&enrico).await);
    let call = open(&anna, "elena@example.org", "phone", "Non arriva più niente", &[&suap]).await;
    app.advance(HOUR / 2);
    let mail = open(&anna, "enrico@example.org", "email", "Posta ferma da stamattina", &[&suap]).await;
    assert_eq!(proposed(&anna, &mail).await, [(call.clone(), json!(["mailbox"]))]);
    assert_eq!(proposed(&anna, &call).await, [(mail.clone(), json!(["mailbox"]))]);

    // The panel says why, how it stands, who asked, and who will read what it does not read now.
    let desk = app.browser(&cast.anna).await;
    let shown = words(&desk, &mail).await;
    for part in [
        format!("Forse già aperta: {call} Non arriva più niente"),
        "Telefono · elena · 30 min fa · stessa casella".into(),
        format!("Unendole resta {call}. Chi ha aperto l’una o è in copia leggerà anche l’altra: "),
        "enrico@example.org, elena@example.org".into(),
    ] {
        assert!(shown.contains(&part), "{part}: {shown}");
    }
    assert!(words(&desk, &call).await.contains(&format!("Forse aperta di nuovo: {mail}")));
    as_enrico.get(&format!("/tickets/{call}")).await.expect(404);

    // From either page the older one stays.
    let page = format!("/operatore/{call}");
    let done = desk.post(&page, &format!("{page}/doppione/{mail}/unisci"), &[]).await.expect(303);
    assert_eq!(done.header("location"), page);
    let shown = words(&desk, &call).await;
    assert!(shown.contains("Richieste unite. Se è un errore"), "{shown}");
    assert!(
        shown.contains(&format!("Richieste unite qui {mail} Posta ferma da stamattina Annulla l’unione")),
        "{shown}"
    );
    assert!(!shown.contains("Forse la stessa richiesta"));
    assert_eq!(anna.get(&format!("/tickets/{mail}")).await.json()["merged_into"], json!(call));
    as_enrico.get(&format!("/tickets/{call}")).await.expect(200);
    // Pressed by a colleague whose page is old.
    let late = desk.post(&page, &format!("{page}/doppione/{mail}/unisci"), &[]).await.expect(303);
    assert_eq!(late.header("location"), page);
    assert!(words(&desk, &call).await.contains("Le richieste non si possono più unire"));

    desk.post(&page, &format!("/operatore/{mail}/stato"), &[("verb", "unmerged")]).await.expect(303);
    as_enrico.get(&format!("/tickets/{call}")).await.expect(404);
    assert_eq!(proposed(&anna, &call).await.len(), 1, "parted, they are proposed again");
    app.end().await;
}

#[tokio::test]
async fn like_subjects_of_one_body_are_proposed_for_a_week_and_by_what_can_still_be_joined() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let anna = app.api(&cast.anna).await;
    let by = async |email: &str, subject: &str| open(&anna, email, "email", subject, &[]).await;
    let first = by("elena@example.org", "Casella SUAP: non riceve messaggi").await;
    let others = by("carla@example.org", "Casella SUAP: non riceve messaggi").await;
    by("elena@example.org", "Rinnovo del contratto").await;
    app.advance(HOUR * 24 * 6);
    let again = by("elena@example.org", "R: suap, messaggi non ricevuti").await;
    let both = json!(["subject", "requester"]);
    assert_eq!(proposed(&anna, &again).await, [(first.clone(), both)], "another body's is never proposed");
    assert_eq!(proposed(&anna, &others).await, []);
    app.advance(HOUR * 24 * 3);
    let later = by("elena@example.org", "SUAP: non riceve messaggi").await;
    assert_eq!(proposed(&anna, &later).await.len(), 1, "the first is too old");
    anna.post(&format!("/tickets/{again}/cancel"), json!({"reason": "Doppia"})).await.expect(200);
    assert_eq!(proposed(&anna, &later).await, []);
    assert_eq!(proposed(&anna, &again).await, [], "for what is done with there is none");
    app.end().await;
}

#[tokio::test]
async fn what_is_said_not_to_be_the_same_is_proposed_to_nobody() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let suap = mailbox("suap@pec.example.it").of(&cast.unione).insert(&app).await;
    let (anna, elena) = (app.api(&cast.anna).await, app.api(&cast.elena).await);
    let one = open(&anna, "elena@example.org", "phone", "Password", &[&suap]).await;
    let two = open(&anna, "elena@example.org", "email", "Spazio", &[&suap]).await;
    let three = open(&anna, "elena@example.org", "email", "Firma", &[&suap]).await;
    let desk = app.browser(&cast.anna).await;
    let page = format!("/operatore/{two}");
    for _ in 0..2 {
        desk.post(&page, &format!("{page}/doppione/{one}/diversa"), &[]).await.expect(303);
    }
    let shown = words(&desk, &two).await;
    assert!(shown.contains(&format!("Non è la stessa richiesta di {one}")), "{shown}");
    for (of, other) in [(&one, &two), (&two, &one)] {
        let dario = app.api(&cast.dario).await;
        assert!(proposed(&dario, of).await.iter().all(|(number, _)| number != other), "of {of}");
    }
    // By the API too; it stays at the desk, and in the trace.
    anna.post(&format!("/tickets/{one}/duplicates/{three}/dismiss"), json!({})).await.expect(204);
    assert_eq!(proposed(&anna, &one).await, []);
    assert_eq!(proposed(&anna, &two).await.len(), 1);
    elena.get(&format!("/tickets/{one}/duplicates")).await.expect(403);
    elena.post(&format!("/tickets/{one}/duplicates/{two}/dismiss"), json!({})).await.expect(403);
    let theirs = elena.get(&format!("/tickets/{two}/messages")).await.expect(200).text;
    assert!(!theirs.contains("Non è la stessa"), "{theirs}");
    let trace = app.database.texts("SELECT action FROM audit WHERE action = 'ticket.told-apart'").await;
    assert_eq!(trace.len(), 2, "what is said twice is one act");
    app.end().await;
}

#[tokio::test]
async fn who_does_not_see_the_other_is_proposed_nothing() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (dario, anna) = (app.api(&cast.dario).await, app.api(&cast.anna).await);
    let olga = app.person(Role::Operator, "olga", None).await;
    dario.patch(&format!("/users/{}", olga.id), json!({"restricted_to_groups": true})).await.expect(200);
    let group = dario.post("/groups", json!({"name": "Secondo livello"})).await.expect(201).json();
    let suap = mailbox("suap@pec.example.it").of(&cast.unione).insert(&app).await;
    let seen = open(&anna, "elena@example.org", "phone", "Una", &[&suap]).await;
    let hidden = open(&anna, "elena@example.org", "email", "Segreta", &[&suap]).await;
    anna.patch(&format!("/tickets/{hidden}"), json!({"group_id": group["id"]})).await.expect(200);
    let (api, browser) = (app.api(&olga).await, app.browser(&olga).await);
    assert_eq!(proposed(&anna, &seen).await.len(), 1);
    assert_eq!(proposed(&api, &seen).await, []);
    assert!(!words(&browser, &seen).await.contains("Segreta"));
    let page = format!("/operatore/{seen}");
    for act in ["unisci", "diversa"] {
        browser.post(&page, &format!("{page}/doppione/{hidden}/{act}"), &[]).await.expect(404);
    }
    api.post(&format!("/tickets/{seen}/duplicates/{hidden}/dismiss"), json!({})).await.expect(404);
    // Nor while a call is written down, nor may it be added there.
    let path = "/operatore/telefonata";
    let typed = [("requester_email", "elena@example.org"), ("mailbox_id", suap.id.as_str()), ("body", "B")];
    let found = browser.post(path, &format!("{path}/doppioni"), &typed).await.expect(200).words();
    assert!(found.contains(&format!("Forse già aperta: {seen}")) && !found.contains(&hidden), "{found}");
    // What was typed stays, and of a hidden one is said what is said of one that is not there.
    for number in [hidden.as_str(), "TK-2026-999999"] {
        let again = browser.post(path, &format!("{path}/aggiungi/{number}"), &typed).await.expect(422);
        assert!(again.text.contains("value=\"elena@example.org\"") && !again.text.contains("Segreta"));
        assert!(again.words().contains("non si può più aggiungere nulla"), "{}", again.words());
    }
    // Nor is it lost when a colleague has closed the request meanwhile.
    let browser = app.browser(&cast.anna).await;
    for verb in [("resolve", json!({"solution": "Fatto."})), ("close", json!({}))] {
        anna.post(&format!("/tickets/{seen}/{}", verb.0), verb.1).await.expect(200);
    }
    let typed = [typed.as_slice(), &[("channel", "phone")]].concat();
    let again = browser.post(path, &format!("{path}/aggiungi/{seen}"), &typed).await.expect(422);
    assert!(again.leads_to("#body") && again.words().contains("non si può più aggiungere nulla"), "{}", again.words());
    app.end().await;
}

#[tokio::test]
async fn a_mailbox_that_a_call_speaks_of_is_the_one_that_it_is_about() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let suap = mailbox("suap@pec.example.it").of(&cast.unione).insert(&app).await;
    let anna = app.api(&cast.anna).await;
    let known = open(&anna, "elena@example.org", "email", "Posta ferma", &[&suap]).await;
    app.advance(HOUR);
    let desk = app.browser(&cast.anna).await;
    let path = "/operatore/telefonata";
    let typed = [
        ("requester_email", "elena@example.org"),
        ("subject", "Chiama di nuovo"),
        ("body", "Dalle nove suap@pec.example.it non riceve."),
        ("area", "pec"),
        ("severity", "low"),
        ("channel", "phone"),
    ];
    let found = desk.post(path, &format!("{path}/doppioni"), &typed).await.expect(200).words();
    assert!(found.contains(&format!("Forse già aperta: {known}")) && found.contains("stessa casella"), "{found}");
    desk.post(path, path, &typed).await.expect(303);
    let made = anna.get("/tickets").await.expect(200).json()["items"].as_array().unwrap().clone();
    let made = made.iter().find(|one| one["subject"] == "Chiama di nuovo").unwrap();
    assert_eq!(made["mailbox_ids"], json!([suap.id]));
    // What is solved is not proposed as the one that stays.
    let number = made["number"].as_str().unwrap();
    assert_eq!(proposed(&anna, number).await.len(), 1);
    anna.post(&format!("/tickets/{known}/resolve"), json!({"solution": "Fatto."})).await.expect(200);
    assert_eq!(proposed(&anna, number).await, []);
    app.end().await;
}

#[tokio::test]
async fn a_call_is_added_to_what_is_open_already() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    app.person(Role::OrgUser, "enrico", Some(&cast.unione)).await;
    let suap = mailbox("suap@pec.example.it").of(&cast.unione).insert(&app).await;
    let (anna, elena) = (app.api(&cast.anna).await, app.api(&cast.elena).await);
    let mail = open(&anna, "elena@example.org", "email", "Posta ferma", &[&suap]).await;
    anna.post(&format!("/tickets/{mail}/wait"), json!({"for": "requester", "reason": "Da quando?"})).await.expect(200);
    app.advance(HOUR);
    let desk = app.browser(&cast.anna).await;
    let path = "/operatore/telefonata";
    let mut typed = vec![
        ("requester_email", "enrico@example.org"),
        ("requester_name", "Enrico"),
        ("mailbox_id", suap.id.as_str()),
        ("subject", "Non riceve"),
        ("channel", "phone"),
        ("severity", "low"),
    ];
    // Looking changes nothing and keeps what was typed, without a word about what is still missing.
    let found = desk.post(path, &format!("{path}/doppioni"), &typed).await.expect(200);
    let shown = found.words();
    assert!(shown.contains(&format!("che scegli, a nome di chi chiama. {mail} Posta ferma")), "{shown}");
    assert!(shown.contains("stessa casella") && shown.contains("Lo legge chi la segue: elena"), "{shown}");
    assert!(found.text.contains("value=\"Non riceve\"") && !found.text.contains("id=\"errori\""));
    let part = desk.post(path, &format!("{path}/doppioni?frammento=1"), &typed).await.expect(200).text;
    assert!(part.contains("id=\"doppioni\"") && part.contains("id=\"doppioni-avviso\"") && !part.contains("<html"));
    assert_eq!(desk.get(&format!("{path}/doppioni")).await.expect(303).header("location"), path);
    assert_eq!(desk.get(&format!("{path}/aggiungi/{mail}")).await.expect(303).header("location"), path);

    let add = format!("{path}/aggiungi/{mail}");
    let again = desk.post(path, &add, &typed).await.expect(422);
    assert!(again.leads_to("#body") && again.text.contains("value=\"Non riceve\""));
    typed.extend([("body", "Da ieri alle nove"), ("once", "0123456789")]);
    for _ in 0..2 {
        let done = desk.post(path, &add, &typed).await.expect(303);
        assert_eq!(done.header("location"), format!("/operatore/{mail}"));
    }
    assert!(words(&desk, &mail).await.contains("Telefonata di enrico annotata qui"));
    let said = elena.get(&format!("/tickets/{mail}/messages")).await.expect(200).json();
    let said: Vec<&Value> = said["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "public").collect();
    assert_eq!(said.len(), 2, "sent twice it is said once: {said:?}");
    assert_eq!(
        (&said[1]["body_text"], &said[1]["channel"], &said[1]["author"]["email"]),
        (&json!("Da ieri alle nove"), &json!("phone"), &json!("enrico@example.org"))
    );
    assert!(!elena.get(&format!("/tickets/{mail}/messages")).await.text.contains("annotata qui"), "the desk's");
    assert_eq!(anna.get(&format!("/tickets/{mail}")).await.json()["state"], "open", "what waited for them goes on");
    let trace = app.database.texts("SELECT actor FROM audit WHERE action = 'ticket.replied'").await;
    assert_eq!(trace, ["anna@example.org"], "who wrote it down is who acts");
    assert_eq!(anna.get("/tickets").await.json()["items"].as_array().unwrap().len(), 1);

    // Nobody of another body is written into it, and nothing into what is done with.
    let stranger = [("requester_email", "carla@example.org"), ("body", "B"), ("channel", "phone")];
    assert!(desk.post(path, &add, &stranger).await.expect(422).leads_to("#organization_id"));
    anna.post(&format!("/tickets/{mail}/cancel"), json!({"reason": "Doppia"})).await.expect(200);
    let late = [("requester_email", "enrico@example.org"), ("body", "B"), ("channel", "phone")];
    desk.post(path, &add, &late).await.expect(422);
    app.end().await;
}

#[tokio::test]
async fn where_there_are_too_many_bodies_for_a_list_one_is_named_by_its_code() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let desk = app.browser(&cast.anna).await;
    let path = "/operatore/telefonata";
    assert!(!desk.get(path).await.expect(200).text.contains("organization_code"));
    let many = "INSERT INTO organizations (id, code, code_fold, name, name_fold, areas, email_domains, active, created_at, updated_at)
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
                SELECT 'o' || i, 'z' || i, 'z' || i, 'A ' || i, 'a ' || i, areas, email_domains, 1, 0, 0 FROM n, organizations
                WHERE code = 'u_b222'";
    app.database.execute(many).await;
    let page = desk.get(path).await.expect(200);
    assert!(page.text.contains("organization_code") && !page.text.contains("Unione dei Colli"));
    let mut typed = vec![
        ("requester_email", "nuovo@altrove.example"),
        ("subject", "Primo contatto"),
        ("body", "B"),
        ("area", "pec"),
        ("severity", "low"),
        ("channel", "phone"),
        ("organization_code", "nessuno"),
    ];
    let again = desk.post(path, path, &typed).await.expect(422);
    assert!(again.leads_to("#organization_code") && again.text.contains("value=\"Primo contatto\""));
    typed.pop();
    typed.push(("organization_code", "U_B222"));
    desk.post(path, path, &typed).await.expect(303);
    let ticket = app.api(&cast.anna).await.get("/tickets").await.expect(200).json()["items"][0].clone();
    assert_eq!(ticket["organization_id"], json!(cast.unione.id), "{ticket}");
    app.end().await;
}
