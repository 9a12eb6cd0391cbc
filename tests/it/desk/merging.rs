//! In charge of the borders of a merge: only what the operator sees is joined, nobody reads what is not theirs, and undoing it puts
//! out again whom it let in.

use serde_json::{Value, json};
use sportello::model::person::{Person, Role};

use crate::support::app::TestApp;
use crate::support::client::{Api, WITH_FILES, with_files};

async fn open(api: &Api, subject: &str) -> String {
    let body = json!({"subject": subject, "body": format!("Testo di {subject}"), "area": "pec"});
    let made = api.post("/tickets", body).await.expect(201).json();
    made["number"].as_str().unwrap().into()
}

async fn say(api: &Api, number: &str, text: &str) -> Value {
    let body = json!({"kind": "public", "body_text": text});
    api.post(&format!("/tickets/{number}/messages"), body).await.expect(201).json()
}

async fn history(api: &Api, number: &str) -> String {
    api.get(&format!("/tickets/{number}/messages")).await.expect(200).text
}

async fn merge(api: &Api, one: &str, into: &str) -> crate::support::client::Answer {
    api.post(&format!("/tickets/{one}/merge"), json!({"into": into})).await
}

/// An operator who sees only tickets without a group.
async fn limited(app: &TestApp, admin: &Api) -> (Person, Api) {
    let person = app.person(Role::Operator, "olga", None).await;
    admin.patch(&format!("/users/{}", person.id), json!({"restricted_to_groups": true})).await.expect(200);
    let api = app.api(&person).await;
    (person, api)
}

#[tokio::test]
async fn a_ticket_is_joined_only_to_one_that_the_operator_sees() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna, dario) = (app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&cast.dario).await);
    let (_, olga) = limited(&app, &dario).await;
    let group = dario.post("/groups", json!({"name": "Secondo livello"})).await.expect(201).json();
    let (mine, hidden) = (open(&elena, "Mia").await, open(&elena, "Nascosta").await);
    anna.patch(&format!("/tickets/{hidden}"), json!({"group_id": group["id"]})).await.expect(200);
    olga.get(&format!("/tickets/{hidden}")).await.expect(404);
    let absent = merge(&olga, &mine, "TK-2026-999999").await.expect(422).json();
    let unseen = merge(&olga, &mine, &hidden).await.expect(422).json();
    assert_eq!(unseen["errors"], absent["errors"], "what one does not see answers as what is not there");
    // Joined by somebody else, what this operator says would land where it does not look.
    merge(&anna, &mine, &hidden).await.expect(200);
    let body = json!({"kind": "public", "body_text": "Di Olga"});
    olga.post(&format!("/tickets/{mine}/messages"), body).await.expect(409);
    assert!(!history(&anna, &hidden).await.contains("Di Olga"));
    say(&elena, &mine, "Di Elena").await;
    assert!(history(&anna, &hidden).await.contains("Di Elena"));
    app.end().await;
}

#[tokio::test]
async fn undoing_a_merge_puts_out_whom_it_let_in() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let enrico = app.person(Role::OrgUser, "enrico", Some(&cast.unione)).await;
    let (elena, anna, enrico) = (app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&enrico).await);
    let (hers, his, again) =
        (open(&elena, "Di Elena").await, open(&enrico, "Di Enrico").await, open(&enrico, "Ancora").await);
    enrico.patch(&format!("/tickets/{his}"), json!({"cc": ["studio@example.net"]})).await.expect(200);
    merge(&anna, &his, &hers).await.expect(200);
    enrico.get(&format!("/tickets/{hers}")).await.expect(200);
    let told = history(&anna, &hers).await;
    assert!(told.contains(&format!("Unita qui la richiesta {his}")) && told.contains("studio@example.net"), "{told}");
    let trace = app.api(&cast.ugo).await.get("/audit?limit=3").await.expect(200).text;
    assert!(trace.contains(&format!("joined: {his}; cc:  → enrico@example.org, studio@example.net")), "{trace}");
    // Another one of the same person is joined too: undoing the first leaves the person in, for the second.
    merge(&anna, &again, &hers).await.expect(200);
    anna.post(&format!("/tickets/{his}/unmerge"), json!({})).await.expect(200);
    assert_eq!(anna.get(&format!("/tickets/{hers}")).await.json()["cc"], json!(["enrico@example.org"]));
    anna.post(&format!("/tickets/{again}/unmerge"), json!({})).await.expect(200);
    assert_eq!(anna.get(&format!("/tickets/{hers}")).await.json()["cc"], json!([]));
    enrico.get(&format!("/tickets/{hers}")).await.expect(404);
    enrico.get(&format!("/tickets/{his}")).await.expect(200);
    // Who was in copy before the merge stays.
    elena.patch(&format!("/tickets/{hers}"), json!({"cc": ["studio@example.net"]})).await.expect(200);
    merge(&anna, &his, &hers).await.expect(200);
    anna.post(&format!("/tickets/{his}/unmerge"), json!({})).await.expect(200);
    assert_eq!(anna.get(&format!("/tickets/{hers}")).await.json()["cc"], json!(["studio@example.net"]));
    app.end().await;
}

#[tokio::test]
async fn requests_of_no_body_are_joined_only_when_one_person_asked_both() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let anna = app.api(&cast.anna).await;
    let by = async |email: &str| {
        let body = json!({"subject": "S", "body": "B", "area": "pec", "requester": {"email": email}});
        let made = anna.post("/tickets", body).await.expect(201).json();
        made["number"].as_str().unwrap().to_string()
    };
    let (one, other, same) = (by("a@example.net").await, by("b@example.net").await, by("A@example.net").await);
    assert_eq!(merge(&anna, &one, &other).await.wrong_fields(), ["into"]);
    merge(&anna, &one, &same).await.expect(200);
    app.end().await;
}

#[tokio::test]
async fn merges_one_after_another_are_followed_to_the_end() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let (a, b, c) = (open(&elena, "Alfa").await, open(&elena, "Beta").await, open(&elena, "Gamma").await);
    merge(&anna, &a, &b).await.expect(200);
    merge(&anna, &b, &c).await.expect(200);
    assert!(history(&elena, &c).await.contains("Testo di Alfa"));
    assert_eq!(say(&elena, &a, "In fondo").await["ticket_number"], json!(c));
    assert_eq!(merge(&anna, &c, &a).await.status, 409, "no circle");
    // What is thrown away is shown to nobody but the desk, wherever it was joined.
    let request = anna.request(reqwest::Method::DELETE, &format!("/tickets/{a}")).json(&json!({"reason": "Spam"}));
    anna.send(request).await.expect(204);
    assert!(!history(&elena, &c).await.contains("Testo di Alfa"));
    assert!(history(&anna, &c).await.contains("Testo di Alfa"));
    app.end().await;
}

#[tokio::test]
async fn a_file_of_a_merged_ticket_goes_to_who_reads_the_one_that_stays() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let enrico = app.person(Role::OrgUser, "enrico", Some(&cast.unione)).await;
    let (elena, anna, enrico) = (app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&enrico).await);
    let upload = enrico.request(reqwest::Method::POST, "/attachments").header("Content-Type", WITH_FILES);
    let upload = upload.body(with_files(&[], &[("file", "verbale.txt", b"contenuto")]));
    let made = enrico.send(upload).await.expect(201).json();
    let body = json!({"subject": "S", "body": "B", "area": "pec", "attachments": [made["id"]]});
    let his = enrico.post("/tickets", body).await.expect(201).json();
    let (his, hers) = (his["number"].as_str().unwrap().to_string(), open(&elena, "Sua").await);
    let path = format!("/attachments/{}", made["id"].as_str().unwrap());
    elena.get(&path).await.expect(404);
    merge(&anna, &his, &hers).await.expect(200);
    elena.get(&path).await.expect(200);
    let request = anna.request(reqwest::Method::DELETE, &format!("/tickets/{his}")).json(&json!({"reason": "Spam"}));
    anna.send(request).await.expect(204);
    elena.get(&path).await.expect(404);
    anna.get(&path).await.expect(200);
    app.end().await;
}
