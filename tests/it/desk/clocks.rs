//! In charge of deadlines as the API tells them: another severity counts anew, and says old and new.

use serde_json::json;

use crate::support::app::TestApp;

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
    assert!(history.contains("Severità: da Medio a Critico/Bloccante"), "{history}");
    assert!(history.contains("2026-06-17T10:02:00Z") && history.contains("2026-06-15T12:02:00Z"));
    let theirs = elena.get(&format!("{path}/messages")).await.expect(200).text;
    assert!(theirs.contains("Severità") && !theirs.contains("Scadenza: da"));
    let escalated = anna.post(&format!("{path}/escalate"), json!({"level": 2, "reason": "Serve un sistemista"})).await;
    assert_eq!(escalated.expect(200).json()["level"], 2);
    assert_eq!(
        anna.post(&format!("{path}/escalate"), json!({"level": 2, "reason": "x"})).await.wrong_fields(),
        ["level"]
    );
    app.end().await;
}
