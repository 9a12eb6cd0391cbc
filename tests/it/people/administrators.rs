//! In charge of what an administrator of a body may do to people (A05): its own, and nothing above itself.

use serde_json::json;

use crate::support::app::TestApp;

#[tokio::test]
async fn an_administrator_makes_and_changes_people_of_its_own_body_only() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let carla = app.api(&cast.carla).await;
    let body = |role: &str, organization: &str| json!({"email": format!("{role}@example.net"), "name": "N", "role": role, "organization_id": organization});
    let made = carla.post("/users", body("org_user", cast.comune.id.as_str())).await.expect(201).json();
    let path = format!("/users/{}", made["id"].as_str().unwrap());
    assert_eq!(
        carla.post("/users", body("org_user", cast.unione.id.as_str())).await.wrong_fields(),
        ["organization_id"]
    );
    for role in ["operator", "regional_admin", "auditor"] {
        let above = json!({"email": format!("{role}@example.net"), "name": "N", "role": role});
        assert_eq!(carla.post("/users", above).await.wrong_fields(), ["role"], "{role}");
        assert_eq!(carla.patch(&path, json!({"role": role})).await.wrong_fields(), ["role"], "{role}");
    }
    carla.patch(&path, json!({"role": "org_admin"})).await.expect(200);
    let away = json!({"organization_id": cast.unione.id});
    assert_eq!(carla.patch(&path, away).await.wrong_fields(), ["organization_id"]);
    carla.patch(&path, json!({"active": false})).await.expect(200);
    for other in [&cast.elena, &cast.dario, &cast.anna] {
        carla.patch(&format!("/users/{}", other.id), json!({"name": "X"})).await.expect(404);
    }
    assert_eq!(carla.patch(&format!("/users/{}", cast.carla.id), json!({"active": false})).await.status, 409);
    app.end().await;
}
