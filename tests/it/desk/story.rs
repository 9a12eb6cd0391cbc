//! In charge of the life of a request: opened, taken, answered, waiting, solved, confirmed, gone on with; merged and split, put
//! away and taken out. And of what stays at the desk.

use std::time::Duration;

use serde_json::{Value, json};

use sportello::model::person::Role;

use crate::support::app::TestApp;
use crate::support::builders::mailbox;
use crate::support::cast::Cast;
use crate::support::client::Api;

/// The desk, the administrator of the Comune and one of its users.
struct Desk {
    app: TestApp,
    cast: Cast,
    anna: Api,
    carla: Api,
    elena: Api,
}

async fn desk() -> Desk {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (anna, carla, elena) = (app.api(&cast.anna).await, app.api(&cast.carla).await, app.api(&cast.elena).await);
    Desk { app, cast, anna, carla, elena }
}

/// Opens a ticket and gives its path.
async fn open(api: &Api, subject: &str) -> String {
    let body =
        json!({"subject": subject, "body": "La casella non si apre.\nDa ieri.", "area": "pec", "priority": "critical"});
    let made = api.post("/tickets", body).await.expect(201).json();
    format!("/tickets/{}", made["number"].as_str().unwrap())
}

async fn say(api: &Api, path: &str, kind: &str, text: &str) -> Value {
    api.post(&format!("{path}/messages"), json!({"kind": kind, "body_text": text})).await.expect(201).json()
}

async fn texts(api: &Api, path: &str) -> Vec<String> {
    let listed = api.get(&format!("{path}/messages")).await.expect(200).json();
    let items = listed["items"].as_array().unwrap().clone();
    items.iter().map(|one| one["body_text"].as_str().unwrap().to_string()).collect()
}

#[tokio::test]
async fn a_request_goes_from_its_opening_to_its_end() {
    let d = desk().await;
    let path = open(&d.elena, "Password scaduta").await;
    assert_eq!(path, "/tickets/TK-2026-000001");
    let ticket = d.elena.get(&path).await.expect(200).json();
    assert_eq!((ticket["state"].as_str(), ticket["severity"].as_str()), (Some("new"), Some("high")), "{ticket}");
    assert_eq!((ticket["priority"].as_str(), ticket["channel"].as_str()), (Some("critical"), Some("api")));
    assert_eq!(ticket["organization_id"], json!(d.cast.unione.id));
    // Monday 15 June, 10:02 in Rome: an hour to take charge, eight to solve, and the desk closes at 19.
    assert_eq!(ticket["first_response_due_at"], "2026-06-15T09:02:00Z");
    assert_eq!(ticket["resolution_due_at"], "2026-06-15T16:02:00Z");

    let taken = d.anna.post(&format!("{path}/take"), json!({})).await.expect(200).json();
    assert_eq!((taken["state"].as_str(), &taken["assignee_id"]), (Some("open"), &json!(d.cast.anna.id)));
    assert!(taken["first_responded_at"].is_string());
    say(&d.anna, &path, "internal", "Il cliente è confuso").await;
    say(&d.anna, &path, "public", "Quale indirizzo?").await;
    let why = json!({"for": "requester", "reason": "Manca l’indirizzo"});
    let waiting = d.anna.post(&format!("{path}/wait"), why).await.expect(200).json();
    assert_eq!((waiting["state"].as_str(), &waiting["resolution_due_at"]), (Some("pending_requester"), &Value::Null));

    d.app.advance(Duration::from_secs(3600));
    say(&d.elena, &path, "public", "suap@pec.example.it").await;
    let open_again = d.elena.get(&path).await.expect(200).json();
    assert_eq!(open_again["state"], "open");
    // An hour later than before, two minutes of which are after closing time.
    assert_eq!(open_again["resolution_due_at"], "2026-06-16T06:02:00Z", "the hour of waiting costs nothing");
    d.elena.post(&format!("{path}/resolve"), json!({"solution": "x"})).await.expect(403);
    assert_eq!(d.anna.post(&format!("{path}/resolve"), json!({})).await.wrong_fields(), ["solution"]);
    let solved =
        d.anna.post(&format!("{path}/resolve"), json!({"solution": "Password rinnovata."})).await.expect(200).json();
    assert_eq!(
        (solved["state"].as_str(), solved["solution"].as_str()),
        (Some("resolved"), Some("Password rinnovata."))
    );
    d.anna.post(&format!("{path}/take"), json!({})).await.expect(409);

    say(&d.elena, &path, "public", "Grazie mille!").await;
    assert_eq!(d.elena.get(&path).await.json()["state"], "resolved", "thanks open nothing again");
    say(&d.elena, &path, "public", "Non va ancora.").await;
    assert_eq!(d.elena.get(&path).await.json()["state"], "open");
    d.anna.post(&format!("{path}/resolve"), json!({"solution": "Ora sì."})).await.expect(200);
    assert_eq!(d.elena.post(&format!("{path}/close"), json!({})).await.expect(200).json()["state"], "closed");
    let said = say(&d.elena, &path, "public", "È tornato il problema.").await;
    assert_eq!(said["ticket_number"], "TK-2026-000002", "what is closed is gone on with in another");
    assert_eq!(d.elena.get("/tickets/TK-2026-000002").await.json()["follows"], "TK-2026-000001");
    let old = d.elena.get("/tickets/TK-2026-000001/messages").await.expect(200).text;
    assert!(old.contains("Continua nella richiesta TK-2026-000002"), "{old}");

    let theirs = texts(&d.elena, &path).await;
    assert!(
        theirs.iter().any(|text| text == "Ora sì.") && theirs.iter().any(|text| text.starts_with("Presa in carico"))
    );
    d.app.end().await;
}

#[tokio::test]
async fn the_first_answer_of_the_desk_takes_charge() {
    let d = desk().await;
    let path = open(&d.elena, "Aiuto").await;
    say(&d.anna, &path, "public", "Quale casella?").await;
    let told = texts(&d.elena, &path).await;
    assert_eq!(told.last().map(String::as_str), Some("Presa in carico"), "{told:?}");
    d.app.end().await;
}

#[tokio::test]
async fn a_note_and_its_very_existence_stay_at_the_desk() {
    let d = desk().await;
    let path = open(&d.elena, "Aiuto").await;
    let before = d.elena.get(&path).await.expect(200).text;
    let history = d.elena.get(&format!("{path}/messages")).await.expect(200).text;
    d.app.advance(Duration::from_secs(60));
    let note = say(&d.anna, &path, "internal", "Segreto della casa").await;
    d.anna.patch(&path, json!({"tags": ["difficile"]})).await.expect(200);
    assert_eq!(d.elena.get(&path).await.text, before, "nothing has changed for who asked");
    assert_eq!(d.elena.get(&format!("{path}/messages")).await.text, history);
    let found = |listed: Value| listed["items"].as_array().unwrap().len();
    assert_eq!(found(d.elena.get("/tickets?q=Segreto").await.json()), 0, "nor is it searched");
    assert!(texts(&d.anna, &path).await.contains(&"Segreto della casa".to_string()));
    let as_note = json!({"kind": "internal", "body_text": "x"});
    assert_eq!(d.elena.post(&format!("{path}/messages"), as_note).await.wrong_fields(), ["kind"]);
    assert_ne!(note["id"], Value::Null);
    d.app.end().await;
}

#[tokio::test]
async fn a_merge_brings_what_was_said_and_undoing_it_takes_it_back() {
    let d = desk().await;
    let (one, two) = (open(&d.elena, "Prima").await, open(&d.elena, "Doppione").await);
    say(&d.elena, &two, "public", "Detto nel doppione").await;
    let number = |path: &str| path.rsplit('/').next().unwrap().to_string();
    let merged = d.anna.post(&format!("{two}/merge"), json!({"into": number(&one)})).await.expect(200).json();
    assert_eq!(
        (merged["state"].as_str(), merged["merged_into"].as_str()),
        (Some("closed"), Some(number(&one).as_str()))
    );
    assert!(texts(&d.elena, &one).await.contains(&"Detto nel doppione".to_string()));
    let said = say(&d.elena, &two, "public", "Ancora qui").await;
    assert_eq!(said["ticket_number"], number(&one), "replies to the merged one go to the one that stays");
    let back = d.anna.post(&format!("{two}/unmerge"), json!({})).await.expect(200).json();
    assert_eq!((back["state"].as_str(), &back["merged_into"]), (Some("new"), &Value::Null));
    assert!(!texts(&d.elena, &one).await.contains(&"Detto nel doppione".to_string()));
    let other = open(&d.carla, "Di un altro ente").await;
    assert_eq!(d.anna.post(&format!("{one}/merge"), json!({"into": number(&other)})).await.wrong_fields(), ["into"]);
    assert_eq!(d.anna.post(&format!("{one}/merge"), json!({"into": "TK-2026-999999"})).await.wrong_fields(), ["into"]);

    let split = say(&d.elena, &one, "public", "Altra cosa: la firma").await;
    let ids = json!({"message_ids": [split["id"]]});
    let new = d.anna.post(&format!("{one}/split"), ids).await.expect(200).json();
    let new = format!("/tickets/{}", new["number"].as_str().unwrap());
    assert!(texts(&d.elena, &new).await.contains(&"Altra cosa: la firma".to_string()));
    assert!(!texts(&d.elena, &one).await.contains(&"Altra cosa: la firma".to_string()), "moved, not copied");
    d.app.end().await;
}

#[tokio::test]
async fn what_is_put_away_is_gone_for_who_asked_and_comes_back() {
    let d = desk().await;
    let path = open(&d.elena, "Sbagliata").await;
    let request = d.anna.request(reqwest::Method::DELETE, &path).json(&json!({"reason": "Doppione"}));
    d.anna.send(request).await.expect(204);
    d.elena.get(&path).await.expect(404);
    assert_eq!(d.elena.get("/tickets").await.json()["items"], json!([]));
    let bin = d.anna.get("/tickets?deleted=true").await.expect(200).json();
    assert_eq!(bin["items"].as_array().unwrap().len(), 1);
    d.anna.post(&format!("{path}/restore"), json!({})).await.expect(200);
    d.elena.get(&path).await.expect(200);
    let cancelled = d.anna.post(&format!("{path}/cancel"), json!({"reason": "Spam"})).await.expect(200).json();
    assert_eq!((cancelled["state"].as_str(), cancelled["reason"].as_str()), (Some("cancelled"), Some("Spam")));
    assert_eq!(d.anna.post(&format!("{path}/restore"), json!({})).await.expect(200).json()["state"], "new");
    d.app.end().await;
}

#[tokio::test]
async fn wrong_input_is_told_field_by_field() {
    let d = desk().await;
    let wrong =
        d.elena.post("/tickets", json!({"area": "tax", "severity": "low", "cc": ["nobody"], "priority": "x"})).await;
    let mut fields = wrong.wrong_fields();
    fields.sort();
    assert_eq!(fields, ["area", "body", "cc", "priority", "severity", "subject"]);
    let body = |area: &str| json!({"subject": "S", "body": "B", "area": area});
    assert_eq!(d.elena.post("/tickets", body("pki")).await.wrong_fields(), ["area"], "the body has PEC only (F23)");
    let mut foreign = body("pec");
    foreign["mailbox_ids"] = json!(["nobodys"]);
    assert_eq!(d.elena.post("/tickets", foreign).await.wrong_fields(), ["mailbox_ids"]);
    let mut hostile = body("pec");
    hostile["subject"] = json!("<script>alert(1)</script>\u{202e}");
    let made = d.elena.post("/tickets", hostile).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    d.elena.patch(&path, json!({"severity": "critical"})).await.expect(403);
    d.elena.patch(&path, json!({"cc": ["a@example.org"]})).await.expect(200);
    assert_eq!(d.anna.patch(&path, json!({"assignee_id": d.cast.elena.id})).await.wrong_fields(), ["assignee_id"]);
    d.app.end().await;
}

#[tokio::test]
async fn the_desk_opens_a_request_for_somebody_else() {
    let d = desk().await;
    let body = json!({"subject": "Al telefono", "body": "Ha chiamato", "area": "pec", "channel": "phone", "severity": "critical",
        "requester": {"email": "elena@example.org"}});
    let made = d.anna.post("/tickets", body).await.expect(201).json();
    assert_eq!((made["channel"].as_str(), made["severity"].as_str()), (Some("phone"), Some("critical")));
    assert_eq!(made["organization_id"], json!(d.cast.unione.id));
    d.elena.get(&format!("/tickets/{}", made["number"].as_str().unwrap())).await.expect(200);
    let stranger =
        json!({"subject": "S", "body": "B", "area": "pki", "requester": {"email": "x@example.net", "name": "X"}});
    let made = d.anna.post("/tickets", stranger).await.expect(201).json();
    assert_eq!((&made["organization_id"], made["requester"]["name"].as_str()), (&Value::Null, Some("X")));
    d.app.end().await;
}

#[tokio::test]
async fn a_newer_reply_stops_a_send() {
    let d = desk().await;
    let path = open(&d.elena, "Aiuto").await;
    let listed = d.anna.get(&format!("{path}/messages")).await.json();
    let last = listed["items"].as_array().unwrap().last().unwrap()["id"].clone();
    say(&d.elena, &path, "public", "Aggiungo una cosa").await;
    let reply = json!({"kind": "public", "body_text": "Ecco", "after": last});
    d.anna.post(&format!("{path}/messages"), reply).await.expect(409);
    assert!(!texts(&d.elena, &path).await.contains(&"Ecco".to_string()));
    d.app.end().await;
}

#[tokio::test]
async fn a_mailbox_tells_its_open_requests_to_who_sees_them() {
    let d = desk().await;
    let linked = mailbox("suap@pec.example.it").of(&d.cast.unione).insert(&d.app).await;
    let foreign = mailbox("altra@pec.example.it").of(&d.cast.comune).insert(&d.app).await;
    let path = open(&d.elena, "Aiuto").await;
    let named = d.elena.put(&format!("{path}/mailboxes/{}", linked.id), json!({})).await.expect(200).json();
    assert_eq!(named["mailbox_ids"], json!([linked.id]));
    d.elena.put(&format!("{path}/mailboxes/{}", foreign.id), json!({})).await.expect(404);
    assert_eq!(
        d.anna.put(&format!("{path}/mailboxes/{}", foreign.id), json!({})).await.wrong_fields(),
        ["mailbox_ids"]
    );
    let console = d.app.browser(&d.cast.anna).await.get("/caselle").await.expect(200).text;
    assert!(console.contains(&format!("/operatore?casella={}", linked.id)) && console.contains("1 richiesta"));
    let queue = d.app.browser(&d.cast.anna).await.get(&format!("/operatore?casella={}", linked.id)).await.expect(200);
    assert!(queue.text.contains("TK-2026-000001"));
    let card = d.app.browser(&d.cast.elena).await.get(&format!("/caselle/{}/scheda", linked.id)).await.expect(200);
    assert!(card.text.contains("TK-2026-000001"));
    let clerk = d.app.person(Role::OrgUser, "clara", Some(&d.cast.unione)).await;
    let card = d.app.browser(&clerk).await.get(&format!("/caselle/{}/scheda", linked.id)).await.expect(200);
    assert!(!card.text.contains("TK-2026-000001"), "a colleague who sees only the own requests sees none");
    d.anna.delete(&format!("{path}/mailboxes/{}", linked.id)).await.expect(204);
    assert!(!d.app.browser(&d.cast.anna).await.get("/caselle").await.text.contains("1 richiesta"));
    d.app.end().await;
}

#[tokio::test]
async fn an_answer_that_is_ready_is_filled_with_what_the_ticket_says() {
    let d = desk().await;
    let path = open(&d.elena, "Aiuto").await;
    let body =
        json!({"title": "Password", "body": "Gentile {{richiedente}}, per {{numero}}: {{casella}}", "area": "pec"});
    let made = d.anna.post("/canned-answers", body.clone()).await.expect(201).json();
    assert_eq!(d.anna.post("/canned-answers", body).await.wrong_fields(), ["title"]);
    let one = format!("/canned-answers/{}", made["id"].as_str().unwrap());
    assert_eq!(d.anna.patch(&one, json!({"area": null})).await.expect(200).json()["area"], Value::Null);
    let browser = d.app.browser(&d.cast.anna).await;
    let number = path.rsplit('/').next().unwrap();
    let page = browser.get(&format!("/operatore/{number}?pronta={}", made["id"].as_str().unwrap())).await.expect(200);
    let text = page.text.split("id=\"body_text\"").nth(1).unwrap().split("</textarea>").next().unwrap();
    assert!(text.contains(&format!("Gentile elena, per {number}: {{{{casella}}}}")), "{text}");
    // Nobody sends what is left to be filled in; a note may say it.
    for (kind, code) in [("public", 422), ("internal", 201)] {
        let text = json!({"kind": kind, "body_text": "La casella {{casella}} rifiuta la password."});
        let answer = d.anna.post(&format!("{path}/messages"), text).await.expect(code);
        assert_eq!(answer.text.contains("rimasto «{{casella}}»"), code == 422, "{}", answer.text);
    }
    d.anna.delete(&one).await.expect(204);
    browser.get(&format!("/operatore/{number}?pronta=x")).await.expect(200);
    d.app.end().await;
}
