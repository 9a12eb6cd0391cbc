//! In charge of what is promised when a body is deactivated: its mailboxes are not watched, its people stay out; active again,
//! all is as before.

use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::builders::mailbox;

#[tokio::test]
async fn a_body_takes_its_mailboxes_and_its_people_with_it_and_brings_them_back() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let watched = mailbox("comune@pec.example.it").of(&cast.comune).insert(&app).await;
    let by_hand = mailbox("archivio@pec.example.it").of(&cast.comune).insert(&app).await;
    let other = mailbox("unione@pec.example.it").of(&cast.unione).insert(&app).await;
    let (dario, carla, elena) = (app.api(&cast.dario).await, app.api(&cast.carla).await, app.api(&cast.elena).await);
    let page = app.browser(&cast.carla).await;
    let suspend = json!({"suspended": true});
    dario.patch(&format!("/mailboxes/{}", by_hand.id), suspend).await.expect(200);
    let status = async |id: &str| dario.mailbox(id).await["status"].clone();
    let set = async |active: bool| {
        dario.patch(&format!("/organizations/{}", cast.comune.id), json!({"active": active})).await.expect(200);
    };

    set(false).await;
    for (id, expected) in [(&watched.id, "suspended"), (&by_hand.id, "suspended"), (&other.id, "ok")] {
        assert_eq!(status(id.as_str()).await, expected);
    }
    carla.get("/mailboxes").await.expect(401);
    page.get("/caselle").await.expect(303);
    elena.get("/mailboxes").await.expect(200);
    // Its mailboxes are neither taken up again, nor joined by others.
    let path = format!("/mailboxes/{}", watched.id);
    let field = |answer: Value| answer["errors"][0]["field"].clone();
    let resumed = dario.patch(&path, json!({"suspended": false})).await.expect(422).json();
    assert_eq!(field(resumed), "suspended");
    let moved = json!({"organization_id": cast.comune.id.as_str()});
    let moved = dario.patch(&format!("/mailboxes/{}", other.id), moved).await.expect(422).json();
    assert_eq!(field(moved), "organization_id");
    dario.patch(&path, json!({"description": "Protocollo"})).await.expect(200);

    set(true).await;
    assert_eq!(status(watched.id.as_str()).await, "never_checked", "it is watched again");
    assert_eq!(status(by_hand.id.as_str()).await, "suspended", "what a person had stopped stays so");
    carla.get("/mailboxes").await.expect(200);
    let told = "SELECT detail FROM audit WHERE action = 'mailbox.status-changed' AND subject = 'comune@pec.example.it' ORDER BY seq";
    assert_eq!(app.database.texts(told).await, ["ok → suspended", "suspended → never_checked"]);
    app.end().await;
}

#[tokio::test]
async fn a_mailbox_that_leaves_a_sleeping_body_is_watched_again() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let one = mailbox("comune@pec.example.it").of(&cast.comune).insert(&app).await;
    let (_, dario) = (&cast.dario, app.api(&cast.dario).await);
    dario.patch(&format!("/organizations/{}", cast.comune.id), json!({"active": false})).await.expect(200);
    let moved = json!({"organization_id": cast.unione.id.as_str()});
    let moved = dario.patch(&format!("/mailboxes/{}", one.id), moved).await.expect(200).json();
    assert_eq!(moved["status"], "never_checked");
    dario.patch(&format!("/organizations/{}", cast.comune.id), json!({"active": true})).await.expect(200);
    assert_eq!(dario.mailbox(one.id.as_str()).await["organization_id"], cast.unione.id.as_str());
    app.end().await;
}

#[tokio::test]
async fn nobody_deactivates_oneself_nor_the_last_administrator() {
    let app = TestApp::start().await;
    let (dario, api) = app.dario().await;
    let off = json!({"active": false});
    api.patch(&format!("/users/{}", dario.id), off.clone()).await.expect(409);
    let other = app.person(sportello::model::person::Role::RegionalAdmin, "altra", None).await;
    api.patch(&format!("/users/{}", dario.id), off.clone()).await.expect(409);
    api.patch(&format!("/users/{}", other.id), off).await.expect(200);
    app.end().await;
}
