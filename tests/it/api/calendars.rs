//! In charge of what is promised of the resource `calendars`: whoever has a token can compute a deadline.

use serde_json::{Value, json};
use sportello::model::person::Role;

use crate::support::app::TestApp;

#[tokio::test]
async fn a_deadline_is_told_with_the_pieces_that_it_is_made_of() {
    let app = TestApp::start().await;
    let elena = app.person(Role::OrgUser, "elena", Some(&app.organization("vigna", "Comune di Vigna").await)).await;
    let api = app.api(&elena).await;
    let due = "/calendars/assistenza/due?from=2026-11-21T12:30:00%2B01:00&minutes=240";
    assert_eq!(
        api.get(due).await.expect(200).json(),
        json!({"due_at": "2026-11-23T09:30:00Z", "pieces": [
            {"from": "2026-11-21T11:30:00Z", "to": "2026-11-21T13:00:00Z", "minutes": 90},
            {"from": "2026-11-23T07:00:00Z", "to": "2026-11-23T09:30:00Z", "minutes": 150},
        ]})
    );
    app.end().await;
}

#[tokio::test]
async fn what_cannot_be_computed_is_told_field_by_field() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    for (query, fields) in [
        ("", vec!["from", "minutes"]),
        ("?from=domani&minutes=-1", vec!["from", "minutes"]),
        ("?from=2026-11-21T12:30:00Z&minutes=99999999999", vec!["minutes"]),
        ("?from=%2B262142-01-01T00:00:00Z&minutes=1", vec!["from"]),
    ] {
        let answer = api.get(&format!("/calendars/servizi/due{query}")).await.expect(422).json();
        let told: Vec<&Value> = answer["errors"].as_array().unwrap().iter().map(|one| &one["field"]).collect();
        assert_eq!(told, fields, "{query}");
    }
    api.get("/calendars/nessuno/due").await.expect(404);
    app.end().await;
}

#[tokio::test]
async fn a_calendar_tells_its_hours_and_holidays() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let all = api.get("/calendars").await.expect(200).json();
    let ids: Vec<&Value> = all["items"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, ["assistenza", "servizi"]);
    let one = api.get("/calendars/assistenza").await.expect(200).json();
    assert_eq!(one, all["items"][0]);
    assert_eq!(one["intervals"].as_array().unwrap().len(), 6);
    assert_eq!(one["intervals"][5], json!({"weekday": 6, "from": "08:00", "to": "14:00"}));
    let holidays = one["holidays"].as_array().unwrap();
    let francis = json!({"name": "San Francesco d’Assisi", "from": "2026-10-04", "to": "2026-10-04"});
    assert!(holidays.contains(&francis), "{holidays:?}");
    app.end().await;
}
