//! In charge of deadlines as the API tells them: another severity counts anew, and says old and new.

use std::time::Duration;

use serde_json::json;

use crate::support::app::{Setup, TestApp};
use crate::support::smtp::Moody;
use crate::support::until;

#[tokio::test]
async fn another_severity_counts_anew_and_is_told() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let made = elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    assert_eq!(
        (made["severity"].as_str(), made["resolution_due_at"].as_str()),
        (Some("medium"), Some("2026-06-17T10:02:00Z"))
    );
    let graver = anna.patch(&path, json!({"severity": "critical"})).await.expect(200).json();
    assert_eq!(graver["resolution_due_at"], "2026-06-15T12:02:00Z");
    assert_eq!(graver["priority"], serde_json::Value::Null, "what the requester says is another thing");
    let history = anna.get(&format!("{path}/messages")).await.expect(200).text;
    assert!(history.contains("Gravità: da Medio a Critico/Bloccante"), "{history}");
    assert!(history.contains("Scadenza: da 17/06 12:02 a 15/06 14:02"));
    let theirs = elena.get(&format!("{path}/messages")).await.expect(200).text;
    assert!(theirs.contains("Gravità") && !theirs.contains("Scadenza: da"));
    let escalated = anna.post(&format!("{path}/escalate"), json!({"level": 2, "reason": "Serve un sistemista"})).await;
    assert_eq!(escalated.expect(200).json()["level"], 2);
    assert_eq!(
        anna.post(&format!("{path}/escalate"), json!({"level": 2, "reason": "x"})).await.wrong_fields(),
        ["level"]
    );
    app.end().await;
}

#[tokio::test]
async fn each_warning_is_given_once_also_after_a_stop_and_never_at_night() {
    let server = Moody::start().await;
    let url = server.url();
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).jobs().start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let made = elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    anna.patch(&path, json!({"severity": "high"})).await.expect(200);
    anna.post(&format!("{path}/take"), json!({})).await.expect(200);
    let warned = async || app.database.number("SELECT COUNT(*) FROM ticket_warnings WHERE clock = 'resolution'").await;
    let shown = async || {
        let history = anna.get(&format!("{path}/messages")).await.expect(200).text;
        history.matches("Risoluzione: passato").count()
    };
    // Eight hours from 10:02 on: half of them are over at 14:02.
    app.advance(Duration::from_secs(2 * 3600));
    assert_eq!(rounds(&app, "check-deadlines").await, 0);
    anna.post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Ci lavoriamo"})).await.expect(201);
    app.advance(Duration::from_secs(3600));
    assert_eq!(rounds(&app, "check-deadlines").await, 0);
    app.advance(Duration::from_secs(3600));
    assert_eq!(rounds(&app, "check-deadlines").await, 1);
    assert_eq!(rounds(&app, "check-deadlines").await, 0, "once");
    // Stopped until the next night, and on in the morning: what became due meanwhile is told once, the highest.
    app.advance(Duration::from_secs(12 * 3600));
    assert_eq!(rounds(&app, "check-deadlines").await, 0, "nobody is warned at night");
    app.advance(Duration::from_secs(7 * 3600));
    assert_eq!(rounds(&app, "check-deadlines").await, 1);
    assert_eq!((warned().await, shown().await), (3, 2), "50, and then 75 and 100 as one");
    assert_eq!(elena.get(&format!("{path}/messages")).await.expect(200).text.matches("% del tempo").count(), 0);
    app.end().await;
}

#[tokio::test]
async fn what_was_solved_is_closed_in_its_time() {
    let app = Setup::new().await.jobs().start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let made = elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    anna.post(&format!("{path}/resolve"), json!({"solution": "Fatto"})).await.expect(200);
    app.advance(Duration::from_secs(8 * 24 * 3600));
    assert_eq!(rounds(&app, "close-resolved").await, 0);
    app.advance(Duration::from_secs(4 * 24 * 3600));
    assert_eq!(rounds(&app, "close-resolved").await, 1);
    let closed = elena.get(&path).await.expect(200).json();
    assert_eq!(closed["state"], "closed");
    assert!(elena.get(&format!("{path}/messages")).await.text.contains("nessuna risposta dopo la soluzione"));
    app.end().await;
}

/// Has a round made, and tells how many tickets it touched; those that the schedule made meanwhile count too.
pub(crate) async fn rounds(app: &TestApp, job: &str) -> i64 {
    let dario = app.database.texts("SELECT id FROM persons WHERE role = 'regional_admin'").await;
    let mut c = app.app.db.read().await.unwrap();
    let dario = sportello::store::people::find(&mut c, &dario[0].as_str().into()).await.unwrap().unwrap();
    drop(c);
    let api = app.api(&dario).await;
    let run = api.post(&format!("/jobs/{job}/run"), json!({})).await.expect(202).json();
    let path = format!("/jobs/{job}/runs/{}", run["run_id"].as_str().unwrap());
    until("the round ends", async || api.get(&path).await.json()["finished_at"].is_string().then_some(())).await;
    let open = format!("SELECT COUNT(*) FROM job_runs WHERE job = '{job}' AND finished_at IS NULL");
    until("all rounds end", async || (app.database.number(&open).await == 0).then_some(())).await;
    let sum = format!("SELECT CAST(COALESCE(SUM(well), 0) AS BIGINT) FROM job_runs WHERE job = '{job}'");
    let all = app.database.number(&sum).await;
    app.database.execute(&format!("UPDATE job_runs SET well = 0 WHERE job = '{job}'")).await;
    all
}

#[tokio::test]
async fn of_several_who_take_charge_one_wins() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna, dario) = (app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&cast.dario).await);
    let made = elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    let (take, events) = (format!("{path}/take"), async || {
        anna.get(&format!("{path}/messages")).await.expect(200).text.matches("Presa in carico").count()
    });
    let (one, other) = tokio::join!(anna.post(&take, json!({})), dario.post(&take, json!({})));
    let mut status = [one.status, other.status];
    status.sort();
    assert_eq!(status, [200, 409]);
    let (winner, loser) = if one.status == 200 { (&anna, &dario) } else { (&dario, &anna) };
    winner.post(&take, json!({})).await.expect(200);
    assert_eq!(events().await, 1, "pressed twice it is done once");
    let has = winner.get(&path).await.expect(200).json()["assignee_id"].clone();
    loser.post(&take, json!({"from": "somebody"})).await.expect(409);
    let taken = loser.post(&take, json!({"from": has})).await.expect(200).json();
    assert_ne!(taken["assignee_id"], has, "taken over by who knows from whom");
    let why = json!({"for": "third_party", "reason": "Dal gestore"});
    for _ in 0..2 {
        anna.post(&format!("{path}/wait"), why.clone()).await.expect(200);
    }
    assert_eq!(elena.get(&format!("{path}/messages")).await.expect(200).text.matches("Dal gestore").count(), 1);
    app.end().await;
}

#[tokio::test]
async fn who_asked_is_promised_the_next_word() {
    let app = Setup::new().await.jobs().start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let body = json!({"subject": "S", "body": "B", "area": "pec", "priority": "high"});
    let made = elena.post("/tickets", body).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    let due = async || elena.get(&path).await.expect(200).json()["next_update_due_at"].clone();
    assert_eq!(due().await, serde_json::Value::Null);
    anna.post(&format!("{path}/take"), json!({})).await.expect(200);
    assert_eq!(due().await, "2026-06-15T12:02:00Z", "four hours from 10:02 in Rome");
    // A note is no word to who asked.
    app.advance(Duration::from_secs(2 * 3600));
    anna.post(&format!("{path}/messages"), json!({"kind": "internal", "body_text": "n"})).await.expect(201);
    assert_eq!(due().await, "2026-06-15T12:02:00Z");
    anna.post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Ci lavoriamo"})).await.expect(201);
    assert_eq!(due().await, "2026-06-15T14:02:00Z");
    let page = app.browser(&cast.anna).await.get(&format!("/operatore/{}", made["number"].as_str().unwrap())).await;
    assert!(page.expect(200).text.contains("Prossimo aggiornamento entro"));
    // Gone by: told once for each round of the clock.
    app.advance(Duration::from_secs(5 * 3600));
    assert_eq!(rounds(&app, "check-deadlines").await, 1);
    assert_eq!(rounds(&app, "check-deadlines").await, 0);
    let warned = "SELECT COUNT(*) FROM ticket_warnings WHERE clock = 'next_update'";
    assert_eq!(app.database.number(warned).await, 2);
    anna.post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Ancora"})).await.expect(201);
    app.advance(Duration::from_secs(17 * 3600));
    rounds(&app, "check-deadlines").await;
    assert_eq!(app.database.number(warned).await, 4, "the clock began again");
    app.end().await;
}

#[tokio::test]
async fn who_was_asked_is_reminded_twice_and_then_waited_for_no_longer() {
    let server = Moody::start().await;
    let url = server.url();
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).jobs().start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let made = elena.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    let why = json!({"for": "requester", "reason": "Quale indirizzo?"});
    anna.post(&format!("{path}/wait"), why.clone()).await.expect(200);
    let day = Duration::from_secs(24 * 3600);
    // Monday 15 June: three working days are over on Thursday.
    app.advance(2 * day);
    assert_eq!(rounds(&app, "close-resolved").await, 0);
    app.advance(day);
    assert_eq!(rounds(&app, "close-resolved").await, 1);
    assert_eq!(rounds(&app, "close-resolved").await, 0, "once");
    let history = async || elena.get(&format!("{path}/messages?limit=100")).await.expect(200).text;
    assert!(history().await.contains("Promemoria 1 al richiedente"));
    // An answer ends the wait, and the next one begins anew.
    elena.post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Eccolo"})).await.expect(201);
    anna.post(&format!("{path}/wait"), why).await.expect(200);
    app.advance(2 * day);
    assert_eq!(rounds(&app, "close-resolved").await, 0);
    for (days, expected) in [(3, "pending_requester"), (4, "pending_requester"), (4, "resolved")] {
        app.advance(days * day);
        assert_eq!(rounds(&app, "close-resolved").await, 1, "{expected}");
        assert_eq!(elena.get(&path).await.json()["state"], expected);
    }
    assert!(history().await.contains("Risolta: nessuna risposta dopo due promemoria"));
    elena
        .post(&format!("{path}/messages"), json!({"kind": "public", "body_text": "Non ho visto la posta"}))
        .await
        .expect(201);
    assert_eq!(elena.get(&path).await.json()["state"], "open");
    app.end().await;
}
