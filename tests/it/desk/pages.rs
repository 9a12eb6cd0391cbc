//! In charge of the pages of a request under two hands and pressed twice: nothing typed is lost, nothing is sent twice, nobody's
//! change is written over by a page that was drawn before it.

use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::client::{Api, Browser, WITH_FILES, with_files};

async fn open(api: &Api, subject: &str) -> String {
    let body = json!({"subject": subject, "body": "Testo", "area": "pec"});
    let made = api.post("/tickets", body).await.expect(201).json();
    made["number"].as_str().unwrap().into()
}

/// The value of a hidden field of a page, the first of its name.
async fn hidden(browser: &Browser, page: &str, name: &str) -> String {
    let text = browser.get(page).await.expect(200).text;
    let after = text.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("the field").to_string();
    after.split('"').next().unwrap().into()
}

/// Sends a form of these fields, with files, as a browser does.
async fn send(browser: &Browser, path: &str, csrf: &str, fields: &[(&str, &str)], file: Option<&str>) -> u16 {
    let fields: Vec<(&str, &str)> = std::iter::once(("csrf", csrf)).chain(fields.iter().copied()).collect();
    let files: Vec<(&str, &str, &[u8])> = file.iter().map(|text| ("files", "verbale.txt", text.as_bytes())).collect();
    let request = browser.request(reqwest::Method::POST, path).header("Content-Type", WITH_FILES);
    browser.send(request.body(with_files(&fields, &files))).await.status
}

fn said(history: &Value) -> Vec<String> {
    let items = history["items"].as_array().unwrap().iter().filter(|one| one["kind"] != "event");
    items.map(|one| one["body_text"].as_str().unwrap().to_string()).collect()
}

#[tokio::test]
async fn a_form_pressed_twice_is_sent_once_and_another_text_is_another_message() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let elena = app.api(&cast.elena).await;
    let number = open(&elena, "Aiuto").await;
    let (asks, works) = (app.browser(&cast.elena).await, app.browser(&cast.anna).await);
    for (browser, page) in [(&asks, format!("/richieste/{number}")), (&works, format!("/operatore/{number}"))] {
        let (csrf, once) = (browser.csrf(&page).await, hidden(browser, &page, "once").await);
        let path = format!("{page}/risposta");
        let with =
            |text: &'static str| [("once", once.clone()), ("kind", "public".into()), ("body_text", text.to_string())];
        for (text, file) in
            [("Prima stesura", "a"), ("Prima stesura", "a"), ("Seconda stesura", "a"), ("Seconda stesura", "b")]
        {
            let fields = with(text);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
            assert_eq!(send(browser, &path, &csrf, &fields, Some(file)).await, 303);
        }
        let history = elena.get(&format!("/tickets/{number}/messages?limit=100")).await.expect(200).json();
        let said = said(&history);
        assert_eq!(said[said.len() - 3..], ["Prima stesura", "Seconda stesura", "Seconda stesura"], "{page}");
    }
    let (csrf, once) = (asks.csrf("/richieste/nuova").await, hidden(&asks, "/richieste/nuova", "once").await);
    for (subject, count) in [("Una", 2), ("Una", 2), ("Un’altra", 3)] {
        let fields = [
            ("once", once.as_str()),
            ("subject", subject),
            ("body", "B"),
            ("area", "pec"),
            ("kind", "incident"),
            ("priority", "low"),
        ];
        assert_eq!(send(&asks, "/richieste", &csrf, &fields, Some("x")).await, 303);
        assert_eq!(elena.get("/tickets").await.json()["items"].as_array().unwrap().len(), count);
    }
    app.end().await;
}

#[tokio::test]
async fn a_page_changes_what_was_changed_on_it_and_nothing_else() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let number = open(&elena, "Aiuto").await;
    let path = format!("/tickets/{number}");
    elena.patch(&path, json!({"cc": ["x@example.net"]})).await.expect(200);
    let browser = app.browser(&cast.dario).await;
    let page = format!("/operatore/{number}");
    let drawn = browser.get(&page).await.expect(200).text;
    let was = |name: &str| {
        let after = drawn.split(&format!("name=\"was_{name}\" value=\"")).nth(1).expect("as drawn");
        after.split('"').next().unwrap().to_string()
    };
    let names = ["severity", "area", "assignee_id", "kind", "tags", "cc"];
    let send = async |changed: &[(&str, &str)]| {
        let mut fields: Vec<(String, String)> = Vec::new();
        for name in names {
            let typed = changed.iter().find(|(known, _)| *known == name).map(|(_, text)| text.to_string());
            fields.push((name.into(), typed.unwrap_or(was(name))));
            fields.push((format!("was_{name}"), was(name)));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        browser.post(&page, &format!("{page}/dati"), &fields).await
    };
    // Meanwhile a colleague takes it, and the requester takes somebody out of copy.
    anna.post(&format!("{path}/take"), json!({})).await.expect(200);
    anna.patch(&path, json!({"severity": "critical"})).await.expect(200);
    elena.patch(&path, json!({"cc": []})).await.expect(200);
    send(&[("tags", "urgente")]).await.expect(303);
    let now = anna.get(&path).await.expect(200).json();
    assert_eq!(
        (&now["tags"], &now["assignee_id"], &now["cc"], now["severity"].as_str()),
        (&json!(["urgente"]), &json!(cast.anna.id), &json!([]), Some("critical"))
    );
    // What both have changed is told, and what was typed stands there.
    let refused = send(&[("severity", "low"), ("cc", "x@example.net, y@example.net")]).await.expect(422);
    assert!(refused.text.contains("ha modificato questo dato nel frattempo"));
    assert!(refused.text.contains("value=\"x@example.net, y@example.net\""));
    assert!(refused.text.contains("<option value=\"low\" selected>"));
    assert_eq!(anna.get(&path).await.json()["severity"], "critical");
    app.end().await;
}

#[tokio::test]
async fn a_reply_to_what_was_closed_meanwhile_is_not_lost() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let number = open(&elena, "Aiuto").await;
    let (asks, works) = (app.browser(&cast.elena).await, app.browser(&cast.anna).await);
    let pages = [(&asks, format!("/richieste/{number}")), (&works, format!("/operatore/{number}"))];
    anna.post(&format!("/tickets/{number}/cancel"), json!({"reason": "Doppia"})).await.expect(200);
    for (browser, page) in &pages {
        let fields = [("kind", "public"), ("body_text", "Un testo lungo")];
        let again = browser.post(page, &format!("{page}/risposta"), &fields).await.expect(422);
        assert!(
            again.text.contains("Un testo lungo</textarea>") && again.text.contains("Il testo è rimasto qui"),
            "{page}"
        );
    }
    let fields = [("verb", "resolved"), ("solution", "Una soluzione lunga")];
    let page = &pages[1].1;
    let again = works.post(page, &format!("{page}/stato"), &fields).await.expect(422);
    assert!(again.text.contains("Una soluzione lunga</textarea>"));
    app.end().await;
}

#[tokio::test]
async fn of_a_long_history_the_latest_is_shown_and_the_desk_goes_on_replying() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let number = open(&elena, "Lunga").await;
    for one in 0..130 {
        let text = json!({"kind": "public", "body_text": format!("Messaggio {one:03}")});
        elena.post(&format!("/tickets/{number}/messages"), text).await.expect(201);
    }
    for (person, page) in [(&cast.elena, format!("/richieste/{number}")), (&cast.anna, format!("/operatore/{number}"))]
    {
        let browser = app.browser(person).await;
        let latest = browser.get(&page).await.expect(200).text;
        assert!(latest.contains("Messaggio 129") && !latest.contains("Messaggio 005"), "{page}");
        let older = latest.split("href=\"?prima=").nth(1).expect("the older ones").split('"').next().unwrap();
        let older = browser.get(&format!("{page}?prima={older}")).await.expect(200).text;
        assert!(older.contains("Messaggio 005") && !older.contains("Messaggio 129") && !older.contains("?prima="));
        browser.get(&format!("{page}?prima=%27nonsense")).await.expect(200);
    }
    let works = app.browser(&cast.anna).await;
    let page = format!("/operatore/{number}");
    let after = hidden(&works, &page, "after").await;
    let fields = [("kind", "public"), ("body_text", "Risposta"), ("after", after.as_str())];
    works.post(&page, &format!("{page}/risposta"), &fields).await.expect(303);
    assert!(anna.get(&format!("/tickets/{number}")).await.json()["first_responded_at"].is_string());
    app.end().await;
}

#[tokio::test]
async fn who_belongs_to_several_bodies_sees_those_of_one() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (dario, elena) = (app.api(&cast.dario).await, app.api(&cast.elena).await);
    let place = |id: &sportello::model::id::OrganizationId| json!({"organization_id": id, "visibility": "own"});
    let places = json!({"memberships": [place(&cast.comune.id), place(&cast.unione.id)]});
    dario.patch(&format!("/users/{}", cast.elena.id), places).await.expect(200);
    for (subject, of) in [("Del Comune", &cast.comune.id), ("Dell’Unione", &cast.unione.id)] {
        let body = json!({"subject": subject, "body": "B", "area": "pec", "organization_id": of});
        elena.post("/tickets", body).await.expect(201);
    }
    let browser = app.browser(&cast.elena).await;
    let all = browser.get("/richieste").await.expect(200).text;
    assert!(all.contains("Del Comune") && all.contains("Dell’Unione") && all.contains("id=\"ente\""));
    let one = browser.get(&format!("/richieste?ente={}", cast.comune.id)).await.expect(200).text;
    assert!(one.contains("Del Comune") && !one.contains("Dell’Unione"));
    let searched = browser.get(&format!("/richieste?ente={}&q=unione", cast.comune.id)).await.expect(200).text;
    assert!(!searched.contains("Dell’Unione</a>"));
    // A body that is not one's own is no filter.
    let other = app.organization("c_z9", "Altro").await;
    assert!(browser.get(&format!("/richieste?ente={}", other.id)).await.expect(200).text.contains("Del Comune"));
    assert!(!app.browser(&cast.carla).await.get("/richieste").await.text.contains("id=\"ente\""));
    app.end().await;
}
