//! In charge of many at once: numbers without gaps and without doubles, one winner where two exclude each other, a request under
//! one key made once.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::app::TestApp;

#[tokio::test]
async fn fifty_at_once_get_fifty_numbers_without_gaps() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let elena = app.api(&cast.elena).await;
    let body = |area: &str| json!({"subject": "S", "body": "B", "area": area});
    let opening = (0..50).map(|number| elena.post("/tickets", body(if number % 5 == 0 { "pki" } else { "pec" })));
    let answers = futures::future::join_all(opening).await;
    let made: BTreeSet<String> = answers
        .iter()
        .filter(|answer| answer.status == 201)
        .map(|answer| answer.json()["number"].as_str().unwrap().to_string())
        .collect();
    let expected: BTreeSet<String> = (1..=40).map(|number| format!("TK-2026-{number:06}")).collect();
    assert_eq!(made, expected, "refused ones take no number");
    app.end().await;
}

#[tokio::test]
async fn a_request_under_one_key_is_made_once() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let elena = app.api(&cast.elena).await;
    let body = json!({"subject": "S", "body": "B", "area": "pec"});
    let ask = async |api: &crate::support::client::Api, path: &str, body: &serde_json::Value| {
        api.send(api.request(reqwest::Method::POST, path).header("Idempotency-Key", "k1").json(body)).await
    };
    let answers = futures::future::join_all((0..8).map(|_| ask(&elena, "/tickets", &body))).await;
    let numbers: BTreeSet<String> =
        answers.into_iter().map(|answer| answer.expect(201).json()["number"].as_str().unwrap().to_string()).collect();
    assert_eq!(numbers.len(), 1);
    let other = ask(&elena, "/tickets", &json!({"subject": "Altro", "body": "B", "area": "pec"})).await;
    assert_eq!(other.wrong_fields(), ["Idempotency-Key"]);
    // Another person's key is another key.
    ask(&app.api(&cast.carla).await, "/tickets", &body).await.expect(201);
    let path = format!("/tickets/{}/messages", numbers.first().unwrap());
    let message = json!({"kind": "public", "body_text": "Una volta sola"});
    let (one, two) = tokio::join!(ask(&elena, &path, &message), ask(&elena, &path, &message));
    assert_eq!(one.expect(201).json()["id"], two.expect(201).json()["id"]);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM ticket_messages WHERE body = 'Una volta sola'").await, 1);
    app.end().await;
}

#[tokio::test]
async fn of_many_who_exclude_each_other_one_wins_and_nothing_is_lost() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna, dario) = (app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&cast.dario).await);
    for _ in 0..5 {
        let made = elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201).json();
        let path = format!("/tickets/{}", made["number"].as_str().unwrap());
        let solve = json!({"solution": "Fatto"});
        let (resolve, cancel) = (format!("{path}/resolve"), format!("{path}/close"));
        let messages = format!("{path}/messages");
        let reply = |text: String| json!({"kind": "public", "body_text": text});
        let solved = tokio::join!(anna.post(&resolve, solve.clone()), dario.post(&resolve, solve.clone()));
        let mut both = [solved.0.status, solved.1.status];
        both.sort();
        assert_eq!(both, [200, 409], "one solves, the other is told");
        let replies = (0..6).map(|number| anna.post(&messages, reply(format!("Risposta {number}"))));
        let (replies, closed) = tokio::join!(futures::future::join_all(replies), elena.post(&cancel, json!({})));
        closed.expect(200);
        let taken = replies.iter().filter(|answer| answer.status == 201).count() as i64;
        assert!(replies.iter().all(|answer| [201, 409].contains(&answer.status)));
        let written = format!(
            "SELECT COUNT(*) FROM ticket_messages m JOIN tickets t ON t.id = m.ticket_id
             WHERE t.number = '{}' AND m.body LIKE 'Risposta%'",
            made["number"].as_str().unwrap()
        );
        assert_eq!(app.database.number(&written).await, taken, "what was answered 201 is there, nothing else");
    }
    app.end().await;
}
