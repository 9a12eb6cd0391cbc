//! In charge of what the API answers when something is wrong (contract, 5): problem documents, and which check comes first.

use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::builders::mailbox;
use crate::support::client::Answer;

/// Holds an answer against the contract's form of a problem.
fn is_problem(answer: &Answer, status: u16, path: &str) {
    let body = answer.json();
    assert_eq!(answer.status, status, "{path}: {}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    assert_eq!((&body["status"], &body["instance"]), (&json!(status), &json!(format!("/api/v1{path}"))));
    assert_eq!(body["request_id"], answer.header("x-request-id"));
    for member in ["type", "title", "detail", "request_id"] {
        let text = body[member].as_str().unwrap_or_default();
        assert!(!text.is_empty() && !text.starts_with("error-"), "{member} of {path}: {body}");
    }
    let members = body.as_object().unwrap().keys().filter(|name| *name != "errors").count();
    assert_eq!((members, body.get("errors").is_some()), (6, status == 422), "{body}");
}

#[tokio::test]
async fn every_refusal_is_a_problem_document() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let known = mailbox("a@pec.example.it").of(&cast.comune).insert(&app).await;
    let path = format!("/mailboxes/{}", known.id);
    let (dario, anna) = (app.api(&cast.dario).await, app.api(&cast.anna).await);
    is_problem(&app.nobodys_api().get("/mailboxes").await, 401, "/mailboxes");
    is_problem(&dario.get("/mailboxes/x").await, 404, "/mailboxes/x");
    is_problem(&dario.get("/nulla").await, 404, "/nulla");
    is_problem(&dario.ask("DELETE", "/mailboxes").await, 404, "/mailboxes");
    is_problem(&anna.delete(&path).await, 403, &path);
    is_problem(&dario.post("/mailboxes", json!({})).await, 422, "/mailboxes");
    let large = json!({"description": "x".repeat(300 * 1024)});
    is_problem(&dario.patch(&path, large).await, 413, &path);
    let last = format!("/users/{}", cast.dario.id);
    for change in [json!({"active": false}), json!({"role": "operator"})] {
        is_problem(&dario.patch(&last, change).await, 409, &last);
    }
    app.end().await;
}

#[tokio::test]
async fn who_asks_comes_before_what_is_asked_and_that_before_what_was_sent() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let known = mailbox("a@pec.example.it").of(&cast.comune).insert(&app).await;
    let path = format!("/mailboxes/{}", known.id);
    let send = async |api: &crate::support::client::Api, method: Method, path: &str, kind: &str, body: String| {
        let request = api.request(method, path).header("Content-Type", kind).body(body);
        api.send(request).await.status
    };
    let (large, broken) = ("x".repeat(300 * 1024), "{".to_string());
    let (nobody, elena, anna, dario) =
        (app.nobodys_api(), app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&cast.dario).await);
    for body in [&large, &broken] {
        for (api, expected) in [(&nobody, 401), (&elena, 404), (&anna, 403)] {
            assert_eq!(send(api, Method::PATCH, &path, "application/json", body.clone()).await, expected);
        }
    }
    nobody.get("/nulla").await.expect(401);
    assert_eq!(send(&dario, Method::PATCH, &path, "application/json", large).await, 413);
    assert_eq!(send(&dario, Method::PATCH, &path, "application/json", broken).await, 422);
    for (kind, body) in
        [("text/plain", "{}"), ("application/x-www-form-urlencoded", "description=x"), ("application/json", "[]")]
    {
        assert_eq!(send(&dario, Method::PATCH, &path, kind, body.into()).await, 422, "{kind} {body}");
    }
    app.end().await;
}

#[tokio::test]
async fn unknown_fields_are_told_among_the_wrong_ones() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let dario = app.api(&cast.dario).await;
    for (path, mut wrong) in [
        ("/organizations", vec!["areas", "code", "colour", "name"]),
        ("/users", vec!["areas", "colour", "email", "level", "name", "role"]),
    ] {
        let mut told =
            dario.post(path, json!({"colour": "red", "areas": ["x"], "level": 4, "email": "x"})).await.wrong_fields();
        told.sort();
        if path == "/organizations" {
            wrong.extend(["email", "level"]);
            wrong.sort();
        }
        assert_eq!(told, wrong, "{path}");
    }
    let of_elena = format!("/users/{}", cast.elena.id);
    assert_eq!(dario.patch(&of_elena, json!({"password": "x"})).await.wrong_fields(), ["password"]);
    assert_eq!(dario.patch(&of_elena, json!({"id": "x"})).await.wrong_fields(), ["id"]);
    let nowhere = json!({"organization_id": "x"});
    assert_eq!(dario.patch(&of_elena, nowhere.clone()).await.wrong_fields(), ["organization_id"]);
    let own = mailbox("a@pec.example.it").insert(&app).await;
    assert_eq!(dario.patch(&format!("/mailboxes/{}", own.id), nowhere).await.wrong_fields(), ["organization_id"]);
    app.end().await;
}

#[tokio::test]
async fn hostile_bodies_are_refused_and_break_nothing() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    let nested = format!("{}1{}", "{\"a\":".repeat(100), "}".repeat(100));
    let bodies = [
        "",
        "null",
        "1",
        "\"x\"",
        "{\"address\":{}}",
        "{\"address\":[1]}",
        "{\"imap\":[]}",
        "{\"imap\":\"x\"}",
        "{\"a\":1e999}",
        "{\"address\":\"\\u0000@x.it\"}",
        "{\"address\":\"a\\ud800@x.it\"}",
        &deep,
        &nested,
        "{\"imap\":{\"port\":-1}}",
        "{\"imap\":{\"port\":1.5}}",
        "{\"password\":\"\\u0000\"}",
        "{\"activating\":\"perhaps\"}",
        "{\"authorization\":null}",
    ];
    for path in ["/mailboxes", "/organizations", "/users"] {
        for body in bodies {
            let request =
                api.request(Method::POST, path).header("Content-Type", "application/json").body(body.to_string());
            let answer = api.send(request).await;
            assert_eq!(answer.status, 422, "{path} {}: {}", &body[..body.len().min(60)], answer.text);
        }
        let bytes =
            api.request(Method::POST, path).header("Content-Type", "application/json").body(vec![0xffu8, 0xfe, b'{']);
        assert_eq!(api.send(bytes).await.status, 422);
    }
    // NUL can be typed, and PostgreSQL's texts cannot hold it.
    for query in ["?q=%00", "?group=%00", "?organization_id=%00", "?q=%ff", "?status=%00"] {
        let answer = api.get(&format!("/mailboxes{query}")).await;
        assert!([200, 404, 422].contains(&answer.status), "{query}: {}", answer.text);
    }
    for path in [
        "/mailboxes/%00",
        "/users/%00",
        "/organizations/a%00b",
        "/jobs/%00/runs",
        "/jobs/refresh-mailboxes/runs/%00",
        "/attachments/%00",
        "/groups/%00",
        "/canned-answers/%00",
        "/tickets/%00",
        "/tickets/%00/messages",
    ] {
        assert_eq!(api.get(path).await.status, 404, "{path}");
    }
    assert_eq!(api.post("/outbox/%00/retry", json!({})).await.status, 404);
    for query in ["?actor=%00", "?subject=%00", "?action=a%00"] {
        let answer = api.get(&format!("/audit{query}")).await;
        assert!([200, 422].contains(&answer.status), "{query}: {}", answer.text);
    }
    app.end().await;
}

#[tokio::test]
async fn hostile_addresses_of_pages_break_nothing() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    mailbox("a@pec.example.it").of(&cast.comune).insert(&app).await;
    let browser = app.browser(&cast.dario).await;
    for path in [
        "/caselle?q=%00",
        "/caselle?gruppo=%00",
        "/caselle?da=x",
        "/caselle?da=W10",
        "/caselle?da=WyJ4Il0",
        "/caselle?stato=x&ordina=x",
        "/caselle?q=%ff",
        "/registro?chi=%00",
        "/registro?su=%00&azione=%00",
        "/registro?dal=x&al=9999999-01-01",
        "/registro?dal=0000-00-00",
        "/registro?da=W10",
        "/registro?al=262142-12-31",
        "/caselle/%00",
        "/caselle/%00/password",
        "/benvenuto/%00",
        "/accedi?torna=%00",
    ] {
        let answer = browser.get(path).await;
        assert!([200, 404].contains(&answer.status), "{path}: {}", answer.text);
    }
    let visitor = app.visitor();
    for (email, password) in [("a\0@example.org", "x"), ("a@example.org", "\0"), ("\u{202e}@x.it", "x")] {
        visitor.log_in(email, password).await.expect(422);
    }
    app.end().await;
}
