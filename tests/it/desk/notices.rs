//! In charge of who is told by mail: those whom it concerns, once each, never who did it, and never of a note.

use serde_json::json;
use sportello::outbox::delivery;

use crate::support::app::Setup;
use crate::support::smtp::Moody;

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
