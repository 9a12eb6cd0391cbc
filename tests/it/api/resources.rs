//! In charge of the resources doing what the contract says of them, from the making to the changing.

use serde_json::{Value, json};
use sportello::model::mailbox::Status;

use crate::support::app::{Setup, TestApp};
use crate::support::builders::mailbox;

#[tokio::test]
async fn a_body_is_made_seen_and_changed() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let made = api
        .post("/organizations", json!({"code": "c_a111", "name": "Comune di Borgo Solare"}))
        .await
        .expect(201)
        .json();
    let path = format!("/organizations/{}", made["id"].as_str().unwrap());
    let expected = json!({"id": made["id"], "code": "c_a111", "name": "Comune di Borgo Solare", "tax_code": null, "areas": ["pec"],
                          "email_domains": [], "read_only_view": false, "active": true});
    assert_eq!((&made, &api.get(&path).await.expect(200).json()), (&expected, &expected));
    assert_eq!(api.post("/organizations", json!({"code": "C_A111", "name": "Doppio"})).await.wrong_fields(), ["code"]);
    let change = json!({"areas": ["pec", "pki"], "email_domains": ["Comune.Example.IT"], "active": false, "tax_code": "IT 001.234.508.84"});
    let changed = api.patch(&path, change).await.expect(200).json();
    assert_eq!(
        (&changed["name"], &changed["areas"], &changed["email_domains"]),
        (&made["name"], &json!(["pec", "pki"]), &json!(["comune.example.it"]))
    );
    assert_eq!((&changed["active"], &changed["tax_code"]), (&json!(false), &json!("00123450884")));
    assert_eq!(api.get(&path).await.json(), changed);
    app.end().await;
}

#[tokio::test]
async fn a_person_is_made_seen_and_changed() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let api = app.api(&cast.dario).await;
    let body = json!({"email": "Gino@Example.org", "name": "Gino", "role": "org_admin", "organization_id": cast.comune.id.as_str()});
    let made = api.post("/users", body.clone()).await.expect(201).json();
    let path = format!("/users/{}", made["id"].as_str().unwrap());
    assert_eq!(
        made["memberships"],
        json!([{"organization_id": cast.comune.id.as_str(), "visibility": "organization"}])
    );
    assert_eq!(
        (&made["level"], &made["areas"], &made["active"], &made["restricted_to_groups"]),
        (&json!(1), &json!([]), &json!(true), &json!(false))
    );
    assert!(
        made["password_link"].as_str().is_some_and(|link| link.starts_with("http://127.0.0.1:8000/benvenuto/")),
        "{made}"
    );
    let mut again = body;
    again["email"] = json!("gino@example.ORG");
    assert_eq!(api.post("/users", again).await.wrong_fields(), ["email"]);
    assert_eq!(
        api.post("/users", json!({"email": "x@example.org", "name": "X", "role": "org_user"})).await.wrong_fields(),
        ["organization_id"]
    );

    let change = json!({"memberships": [{"organization_id": cast.unione.id.as_str()}, {"organization_id": cast.comune.id.as_str(), "visibility": "own"}],
                        "role": "org_user", "level": 2});
    let changed = api.patch(&path, change).await.expect(200).json();
    let visibilities: Vec<&Value> =
        changed["memberships"].as_array().unwrap().iter().map(|one| &one["visibility"]).collect();
    assert_eq!(visibilities, ["own", "own"], "a user of a body sees one's own unless told otherwise");
    assert_eq!((&changed["email"], &changed["level"]), (&json!("Gino@Example.org"), &json!(2)));
    assert_eq!(api.get(&path).await.json(), changed);
    app.end().await;
}

#[tokio::test]
async fn a_mailbox_shows_every_member_of_the_contract() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    let one = mailbox("a@pec.example.it").insert(&app).await;
    let shown = api.mailbox(one.id.as_str()).await;
    let mut members: Vec<&str> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort();
    let expected = [
        "address",
        "authorization",
        "description",
        "group",
        "holder_tax_code",
        "id",
        "imap",
        "last_checked_at",
        "last_message_at",
        "last_success_at",
        "new_messages",
        "organization_id",
        "quota_limit",
        "quota_state",
        "quota_used",
        "smtp",
        "status",
        "status_detail",
        "status_since",
        "suspended",
        "total_messages",
        "unread_messages",
        "username",
    ];
    assert_eq!(members, expected);
    assert_eq!(
        (&shown["imap"], &shown["status_since"]),
        (&json!({"host": "127.0.0.1", "port": 9, "security": "tls"}), &json!("2026-06-15T08:02:00Z"))
    );
    app.end().await;
}

#[tokio::test]
async fn lists_of_mailboxes_are_filtered_as_asked() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let api = app.api(&cast.dario).await;
    mailbox("anagrafe@pec.example.it").named("Ufficio anagrafe").of(&cast.comune).insert(&app).await;
    let changed = mailbox("tributi@pec.example.it").named("Ufficio tributi").with(|mailbox| {
        mailbox.facts.status = Status::WrongPassword;
        mailbox.facts.new_messages = 1;
        mailbox.card.group = Some("Entrate".into());
        mailbox.card.holder_tax_code = Some("00123450884".into());
    });
    changed.insert(&app).await;
    mailbox("suap@pec.example.it").with(|mailbox| mailbox.facts.unread_messages = 2).insert(&app).await;
    for (query, expected) in [
        ("", "anagrafe suap tributi"),
        ("status=wrong_password", "tributi"),
        ("new=true", "tributi"),
        ("unread=true", "suap"),
        ("group=Entrate", "tributi"),
        (&format!("organization_id={}", cast.comune.id), "anagrafe"),
        ("q=UFFICIO", "anagrafe tributi"),
        ("q=ufficio%20entr", "tributi"),
        ("q=00123", "tributi"),
        ("q=_", ""),
        ("q=ufficio&status=ok", "anagrafe"),
        ("new=true&unread=true", ""),
    ] {
        let page = api.get(&format!("/mailboxes?sort=address&{query}")).await.expect(200).json();
        let names = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["address"].as_str().unwrap().split('@').next().unwrap());
        assert_eq!(names.collect::<Vec<_>>().join(" "), expected, "{query}");
    }
    app.end().await;
}

#[tokio::test]
async fn a_refresh_that_is_waited_for_answers_with_the_mailbox_also_when_it_failed_or_was_not_made() {
    let app = Setup::new().await.jobs().start().await;
    let (_, api) = app.dario().await;
    for status in [Status::Ok, Status::Activating, Status::Suspended, Status::WrongPassword, Status::Unreachable] {
        let one = mailbox(&format!("{}@pec.example.it", status.as_str())).with(|mailbox| mailbox.facts.status = status);
        let one = one.insert(&app).await;
        let shown = api.refreshed(one.id.as_str()).await;
        assert_eq!(
            (&shown["id"], &shown["status"]),
            (&json!(one.id), &json!(status.as_str())),
            "no password, so nobody was called"
        );
        let begun = api.ask("POST", &format!("/mailboxes/{}/refresh", one.id)).await.expect(202).json();
        assert!(begun["run_id"].is_string());
    }
    app.end().await;
}

#[tokio::test]
async fn a_job_is_shown_with_its_runs() {
    let app = Setup::new().await.jobs().start().await;
    let (_, api) = app.dario().await;
    app.next_slot().await;
    let jobs = api.get("/jobs").await.expect(200).json();
    let job = &jobs["items"][0];
    assert_eq!(
        (&job["name"], &job["schedule"], &job["enabled"]),
        (&json!("refresh-mailboxes"), &json!("0 */5 * * * *"), &json!(true))
    );
    assert_eq!((&job["next_run_at"], &job["last_run"]["outcome"]), (&json!("2026-06-15T08:10:00Z"), &json!("ok")));
    let begun = api.ask("POST", "/jobs/refresh-mailboxes/run").await.expect(202).json();
    let run = format!("/jobs/refresh-mailboxes/runs/{}", begun["run_id"].as_str().unwrap());
    let ended = crate::support::until("the run ends", async || {
        let run = api.get(&run).await.expect(200).json();
        run["finished_at"].is_string().then_some(run)
    });
    assert_eq!(ended.await["outcome"], "ok");
    api.get("/jobs/none/runs").await.expect(404);
    api.ask("POST", "/jobs/none/run").await.expect(404);
    app.end().await;
}
