//! In charge of what is promised of a word to who asked that never arrives: nobody waits for an answer to it, and somebody is told.

use std::time::Duration;

use serde_json::{Value, json};
use sportello::desk::undelivered;
use sportello::model::person::Role;
use sportello::outbox::delivery;

use crate::support::app::{Setup, TestApp};
use crate::support::cast::Cast;
use crate::support::client::Api;
use crate::support::smtp::Moody;

/// Somebody whose address no server knows has asked something.
async fn asked(app: &TestApp, cast: &Cast) -> String {
    let lost = app.person(Role::OrgUser, "sconosciuto", Some(&cast.unione)).await;
    let made = app.api(&lost).await.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await;
    format!("/tickets/{}", made.expect(201).json()["number"].as_str().unwrap())
}

/// What the program does each second.
async fn second(app: &TestApp) {
    delivery::deliver(&app.app, || true).await.unwrap();
    undelivered::tell_all(&app.app).await.unwrap();
    delivery::deliver(&app.app, || true).await.unwrap();
}

async fn marks(anna: &Api, path: &str) -> usize {
    anna.get(&format!("{path}/messages")).await.expect(200).text.matches("Non consegnata a sconosciuto@").count()
}

/// To whom it was told that something was not delivered, each time.
fn told(server: &Moody) -> Vec<String> {
    let to = |mail: &String| mail.lines().find_map(|line| line.strip_prefix("To: ")).unwrap_or_default().to_string();
    let of = server.taken().into_iter().filter(|mail| mail.contains("Email non consegnata"));
    of.map(|mail| to(&mail).split(' ').next().unwrap_or_default().trim_matches('"').to_string()).collect()
}

#[tokio::test]
async fn a_question_that_nobody_gets_is_waited_for_by_nobody_and_somebody_is_told() {
    let server = Moody::start().await;
    let url = server.url();
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).start().await;
    let cast = app.cast().await;
    let anna = app.api(&cast.anna).await;
    let path = asked(&app, &cast).await;
    second(&app).await;
    let question = json!({"for": "requester", "reason": "Quale casella?"});
    let waits = anna.post(&format!("{path}/wait"), question.clone()).await.expect(200).json();
    assert_eq!((&waits["state"], &waits["resolution_due_at"]), (&json!("pending_requester"), &Value::Null));
    // The server says at once that there is no such address: nobody works on it yet, so who answers for the desk is told.
    second(&app).await;
    let goes_on = anna.get(&path).await.expect(200).json();
    assert_eq!((&goes_on["state"], goes_on["resolution_due_at"].is_string()), (&json!("open"), true), "{goes_on}");
    assert_eq!((marks(&anna, &path).await, told(&server)), (1, vec!["dario".to_string()]));
    second(&app).await;
    assert_eq!(marks(&anna, &path).await, 1, "once");
    // The next one is not even sent: it is told all the same, to who works on it by now.
    anna.post(&format!("{path}/take"), json!({})).await.expect(200);
    second(&app).await;
    let before = marks(&anna, &path).await;
    anna.post(&format!("{path}/wait"), question).await.expect(200);
    second(&app).await;
    assert_eq!(anna.get(&path).await.expect(200).json()["state"], "open");
    assert_eq!(marks(&anna, &path).await, before + 1);
    assert_eq!(told(&server).last().unwrap(), "anna");
    // Whoever solves it knows by now that nothing arrives.
    anna.post(&format!("{path}/resolve"), json!({"solution": "Fatto, detto al telefono."})).await.expect(200);
    second(&app).await;
    assert_eq!(anna.get(&path).await.expect(200).json()["state"], "resolved");
    // Two months later it is tried again: mail arrives at many an address that took none.
    let last = "SELECT COUNT(*) FROM outbox WHERE recipient LIKE 'sconosciuto@%' AND fault = 'refused'";
    let tried = app.database.number(last).await;
    app.advance(Duration::from_secs(61 * 24 * 3600));
    anna.post(&format!("{path}/reopen"), json!({})).await.expect(200);
    anna.post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Ci sei?"})).await.expect(201);
    second(&app).await;
    assert_eq!(app.database.number(last).await, tried + 1);
    let acts = app.database.number("SELECT COUNT(*) FROM audit WHERE action = 'ticket.undelivered'").await;
    assert_eq!(acts, 2, "the trace has both");
    app.end().await;
}

#[tokio::test]
async fn a_solution_that_nobody_gets_is_none_and_a_copy_that_does_not_arrive_moves_nothing() {
    let server = Moody::start().await;
    let url = server.url();
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).start().await;
    let cast = app.cast().await;
    let (anna, elena) = (app.api(&cast.anna).await, app.api(&cast.elena).await);
    let group = json!({"name": "Caselle", "leader_id": cast.anna.id, "member_ids": [cast.anna.id]});
    let group = app.api(&cast.dario).await.post("/groups", group).await.expect(201).json();
    let path = asked(&app, &cast).await;
    anna.patch(&path, json!({"group_id": group["id"]})).await.expect(200);
    app.database.execute("DELETE FROM outbox").await;
    anna.post(&format!("{path}/resolve"), json!({"solution": "Fatto."})).await.expect(200);
    second(&app).await;
    let goes_on = anna.get(&path).await.expect(200).json();
    assert_eq!((&goes_on["state"], goes_on["resolution_due_at"].is_string()), (&json!("open"), true), "{goes_on}");
    assert_eq!(told(&server), ["anna"], "who leads its group");

    let body = json!({"subject": "S", "body": "B", "area": "pec", "cc": ["sconosciuto@example.net"]});
    let made = elena.post("/tickets", body).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    let solved = json!({"solution": "Fatto anche questo."});
    anna.post(&format!("{path}/resolve"), solved).await.expect(200);
    second(&app).await;
    assert_eq!(anna.get(&path).await.expect(200).json()["state"], "resolved");
    assert_eq!((marks(&anna, &path).await, told(&server).len()), (0, 1));
    app.end().await;
}

#[tokio::test]
async fn what_stands_in_line_for_an_address_that_takes_no_mail_does_not_leave() {
    let server = Moody::start().await;
    let url = server.url();
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).start().await;
    let cast = app.cast().await;
    let anna = app.api(&cast.anna).await;
    let path = asked(&app, &cast).await;
    for text in ["Prima", "Seconda"] {
        anna.post(&format!("{path}/messages"), json!({"kind": "public", "body_text": text})).await.expect(201);
    }
    delivery::deliver(&app.app, || true).await.unwrap();
    let lost = async |fault: &str| {
        let sql = format!("SELECT COUNT(*) FROM outbox WHERE recipient LIKE 'sconosciuto@%' AND fault = '{fault}'");
        app.database.number(&sql).await
    };
    assert_eq!((lost("refused").await, lost("bounced").await), (1, 1), "the server is asked once");
    app.end().await;
}

#[tokio::test]
async fn an_address_works_again_when_a_person_says_so_and_what_never_left_is_not_here_for_ever() {
    let server = Moody::start().await;
    let url = server.url();
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).start().await;
    let cast = app.cast().await;
    let anna = app.api(&cast.anna).await;
    let browser = app.browser(&cast.anna).await;
    let path = asked(&app, &cast).await;
    let page = path.replace("/tickets", "/operatore");
    let lost = async || {
        anna.post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Ci sei?"})).await.expect(201);
        second(&app).await;
        // As a mail that had left, and came back.
        app.database.execute("UPDATE outbox SET sealed_mail = NULL WHERE fault = 'refused'").await;
        assert!(browser.get(&page).await.expect(200).words().contains("Le email a questo indirizzo non arrivano"));
    };
    lost().await;
    let mails = anna.get("/outbox?state=failed").await.expect(200).json();
    let id = mails["items"][0]["id"].as_str().unwrap().to_string();
    // There is nothing to be sent again, and nobody is offered it.
    anna.post(&format!("/outbox/{id}/retry"), json!({})).await.expect(409);
    let outbox = browser.get("/posta-in-uscita?stato=da-rivedere").await.expect(200);
    let works = format!("/posta-in-uscita/{id}/indirizzo");
    assert!(outbox.leads_to(&works) && !outbox.leads_to(&format!("/posta-in-uscita/{id}/riprova")), "{}", outbox.text);
    browser.post("/posta-in-uscita", &works, &[]).await;
    assert!(!browser.get(&page).await.expect(200).words().contains("non arrivano"));
    assert!(!browser.get("/posta-in-uscita").await.expect(200).leads_to(&works));
    lost().await;
    browser.post(&page, &format!("{page}/indirizzo"), &[]).await;
    assert!(!browser.get(&page).await.expect(200).words().contains("non arrivano"));
    lost().await;
    anna.post(&format!("{path}/address-works"), json!({})).await.expect(200);
    assert!(!browser.get(&page).await.expect(200).words().contains("non arrivano"));
    let acts = app.database.number("SELECT COUNT(*) FROM audit WHERE action = 'mail.address-works'").await;
    assert_eq!(acts, 3, "each is in the trace");
    // Half a year later nobody decides any more.
    let stuck = "SELECT COUNT(*) FROM outbox WHERE state = 'failed'";
    app.advance(Duration::from_secs(179 * 24 * 3600));
    delivery::begin_slot(&app.app, app.app.clock.now()).await.unwrap().unwrap();
    assert_eq!(app.database.number(stuck).await, 3);
    app.advance(Duration::from_secs(2 * 24 * 3600));
    delivery::begin_slot(&app.app, app.app.clock.now()).await.unwrap().unwrap();
    assert_eq!(app.database.number(stuck).await, 0);
    app.end().await;
}

#[tokio::test]
async fn an_answer_to_whom_no_mail_can_be_addressed_is_told_and_not_thrown_away() {
    let server = Moody::start().await;
    let url = server.url();
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).start().await;
    let cast = app.cast().await;
    let (anna, elena) = (app.api(&cast.anna).await, app.api(&cast.elena).await);
    let made = elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    // As a mail may name its sender.
    app.database.execute("UPDATE tickets SET requester_id = NULL, requester_email = 'rossi.@comune.example'").await;
    let answer = anna.post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Ecco"})).await;
    let answer = answer.expect(201).json();
    second(&app).await;
    let history = anna.get(&format!("{path}/messages")).await.expect(200).json();
    let entries = history["items"].as_array().unwrap();
    let entry = entries.iter().find(|one| one["id"] == answer["id"]).unwrap();
    assert_eq!(entry["delivery"], "failed", "{entry}");
    assert!(entries.iter().any(|one| one["body_text"] == "Non consegnata a rossi.@comune.example"), "{history}");
    assert_eq!(told(&server), ["anna"]);
    let mail = anna.get("/outbox?state=failed").await.expect(200).json()["items"][0].clone();
    let why = "A questo indirizzo non si può spedire: non è scritto come un indirizzo email.";
    assert_eq!((mail["to"].as_str(), mail["last_error"].as_str()), (Some("rossi.@comune.example"), Some(why)));
    anna.post(&format!("/outbox/{}/retry", mail["id"].as_str().unwrap()), json!({})).await.expect(409);
    app.end().await;
}
