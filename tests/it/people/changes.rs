//! In charge of what is promised when two people change one thing at once: nobody writes over what the other has changed.

use serde_json::{Value, json};
use sportello::hub::{belonging, draft, mailbox as verbs};
use sportello::input::Fields;
use sportello::model::trace::Actor;
use sportello::people::{Refusal, organization, person};

use crate::support::app::TestApp;
use crate::support::builders::mailbox;

fn fields(body: Value) -> Fields {
    Fields::from_json(body).unwrap()
}

fn is_told<T>(done: Result<T, Refusal>) -> bool {
    matches!(done, Err(Refusal::Conflict("conflict-changed" | "conflict-changed-thing")))
}

#[tokio::test]
async fn a_change_made_meanwhile_is_not_written_over() {
    let app = TestApp::start().await;
    let actor = Actor::system();

    let body = app.organization("c_b101", "Comune di Borgo Solare").await;
    let draft = |words: Value| organization::Draft::read(fields(words), Some(&body)).unwrap();
    belonging::change_organization(&app.app, &actor, &body, draft(json!({"active": false}))).await.unwrap();
    assert!(is_told(belonging::change_organization(&app.app, &actor, &body, draft(json!({"name": "Altro"}))).await));

    let (dario, api) = app.dario().await;
    let draft =
        |words: Value| person::Draft::read(fields(words), Some(person::Draft::of(&dario)), dario.language).unwrap();
    person::change(&app.app, &actor, &dario, draft(json!({"level": 2}))).await.unwrap();
    assert!(is_told(person::change(&app.app, &actor, &dario, draft(json!({"name": "Altro"}))).await));

    let suap = mailbox("suap@pec.example").insert(&app).await;
    let draft = |words: Value| draft::Draft::read(fields(words), Some(&suap.card), &app.app.settings).unwrap();
    verbs::change(&app.app, &actor, &suap, draft(json!({"group": "Comuni"}))).await.unwrap();
    assert!(is_told(verbs::change(&app.app, &actor, &suap, draft(json!({"description": "Altro"}))).await));
    let kept = api.get(&format!("/mailboxes/{}", suap.id)).await.expect(200).json();
    assert_eq!((kept["group"].as_str(), kept["description"].as_str() == Some("Altro")), (Some("Comuni"), false));
    app.end().await;
}
