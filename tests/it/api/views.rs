//! In charge of the resource `views`: one's own, those that others share, and nobody else's.

use serde_json::json;

use crate::support::app::TestApp;

#[tokio::test]
async fn a_view_is_its_owners_and_shared_when_the_owner_says_so() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (anna, carla) = (app.api(&cast.anna).await, app.api(&cast.carla).await);
    let body = json!({"page": "mailboxes", "name": "Da sistemare", "query": "stato=problemi"});
    let made = anna.post("/views", body.clone()).await.expect(201).json();
    assert_eq!(made["shared"], false);
    assert_eq!(anna.post("/views", body.clone()).await.wrong_fields(), ["name"], "a name stands once");
    carla.post("/views", body).await.expect(201);

    let path = format!("/views/{}", made["id"].as_str().unwrap());
    let absent = carla.patch("/views/absent", json!({"name": "Mia"})).await.expect(404);
    assert_eq!(carla.patch(&path, json!({"name": "Mia"})).await.expect(404).json()["title"], absent.json()["title"]);
    let names = async |api: &crate::support::client::Api| {
        let listed = api.get("/views?page=mailboxes").await.expect(200).json();
        listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&carla).await, ["Da sistemare"]);
    let changed = anna.patch(&path, json!({"shared": true, "name": "Tutte rosse"})).await.expect(200).json();
    assert_eq!((changed["shared"].as_bool(), changed["query"].as_str()), (Some(true), Some("stato=problemi")));
    assert_eq!(names(&carla).await, ["Da sistemare", "Tutte rosse"]);
    carla.patch(&path, json!({"shared": false})).await.expect(403);
    carla.delete(&path).await.expect(403);
    anna.delete(&path).await.expect(204);
    assert_eq!(names(&carla).await, ["Da sistemare"]);
    app.end().await;
}

#[tokio::test]
async fn a_view_of_nonsense_is_refused_with_every_wrong_field() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let wrong = api.post("/views", json!({"page": "elsewhere", "name": "", "colour": "red"})).await.wrong_fields();
    assert_eq!(wrong, ["colour", "name", "page"]);
    let query = json!({"page": "mailboxes", "name": "x", "query": "javascript:alert(1)"});
    assert_eq!(api.post("/views", query).await.wrong_fields(), ["query"]);
    app.end().await;
}
