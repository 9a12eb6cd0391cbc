//! In charge of what an address is worth: whose it is must be known before it opens anything, and another one ends what the old one
//! had been given.

use mail_parser::MessageParser;
use serde_json::json;
use sportello::model::person::Role;
use sportello::outbox::delivery;

use crate::support::app::{Setup, TestApp};
use crate::support::smtp::Moody;

/// The text of a mail.
fn text(mail: &str) -> String {
    let mail = MessageParser::default().parse(mail.as_bytes()).expect("a mail");
    mail.body_text(0).expect("a text").to_string()
}

/// The path of the one-time link in a mail.
fn link(mail: &str) -> String {
    let text = text(mail);
    let at = text.find("/benvenuto/").expect("the link");
    text[at..].split_whitespace().next().expect("a path").to_string()
}

fn to<'m>(mails: &'m [String], who: &str) -> Vec<&'m String> {
    mails.iter().filter(|mail| mail.lines().any(|line| line.starts_with("To: ") && line.contains(who))).collect()
}

#[tokio::test]
async fn nobody_is_given_anothers_requests_by_being_given_an_address() {
    let server = Moody::start().await;
    let url = server.url();
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).start().await;
    let cast = app.cast().await;
    let clerk = app.person(Role::OrgUser, "clara", Some(&cast.comune)).await;
    let (elena, carla, clara) = (app.api(&cast.elena).await, app.api(&cast.carla).await, app.api(&clerk).await);
    let body = json!({"subject": "S", "body": "B", "area": "pec", "cc": ["studio@example.net"]});
    let made = elena.post("/tickets", body).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    // An administrator of another body gives the address to one of its own people, old or new.
    carla.patch(&format!("/users/{}", clerk.id), json!({"email": "studio@example.net"})).await.expect(200);
    clara.get(&path).await.expect(404);
    assert_eq!(clara.get("/tickets?scope=cc").await.expect(200).json()["items"], json!([]));
    // Nor is that person told in place of who reads that mailbox.
    app.api(&cast.anna).await.post(&format!("{path}/take"), json!({})).await.expect(200);
    delivery::deliver(&app.app, || true).await.unwrap();
    let mails = server.taken();
    let theirs = to(&mails, "studio@example.net");
    assert!(theirs.iter().any(|mail| mail.contains("TK-2026-000001") && !mail.contains("clara")));
    // Who uses the link that was mailed there has the address.
    let mail = to(&mails, "studio@example.net").into_iter().find(|mail| mail.contains("/benvenuto/")).expect("a link");
    let welcome = link(mail);
    let visitor = app.visitor();
    let fields = [("password", "collina-ghiaccio-1987")];
    visitor.post(&welcome, &welcome, &fields).await.expect(303);
    clara.get(&path).await.expect(200);
    // Who answers for all bodies knows whose an address is.
    let other = json!({"subject": "S", "body": "B", "area": "pec", "cc": ["ufficio@example.net"]});
    let made = elena.post("/tickets", other).await.expect(201).json();
    let path = format!("/tickets/{}", made["number"].as_str().unwrap());
    let dario = app.api(&cast.dario).await;
    dario.patch(&format!("/users/{}", clerk.id), json!({"email": "ufficio@example.net"})).await.expect(200);
    clara.get(&path).await.expect(200);
    app.end().await;
}

#[tokio::test]
async fn another_address_ends_links_and_sessions_and_both_are_told() {
    let server = Moody::start().await;
    let url = server.url();
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).start().await;
    let cast = app.cast().await;
    let dario = app.api(&cast.dario).await;
    let wrong = json!({"email": "rossi@comune-x.example", "name": "Rossi", "role": "org_user", "organization_id": cast.comune.id});
    let rossi = dario.post("/users", wrong).await.expect(201).json();
    delivery::deliver(&app.app, || true).await.unwrap();
    let stray = link(to(&server.taken(), "rossi@comune-x.example")[0]);
    let user = format!("/users/{}", rossi["id"].as_str().unwrap());
    dario.patch(&user, json!({"email": "rossi@comune-y.example"})).await.expect(200);
    assert_eq!(app.visitor().get(&stray).await.status, 404, "what went to the wrong address opens nothing");
    delivery::deliver(&app.app, || true).await.unwrap();
    let mails = server.taken();
    assert!(to(&mails, "rossi@comune-x.example").iter().any(|mail| text(mail).contains("rossi@comune-y")));
    let good = link(to(&mails, "rossi@comune-y.example")[0]);
    let visitor = app.visitor();
    let fields = [("password", "collina-ghiaccio-1987")];
    visitor.post(&good, &good, &fields).await.expect(303);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM sessions").await, 1);
    dario.patch(&user, json!({"email": "rossi@comune-z.example"})).await.expect(200);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM sessions").await, 0);
    app.end().await;
}

#[tokio::test]
async fn the_trace_says_which_rights_were_changed_and_how() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (dario, ugo) = (app.api(&cast.dario).await, app.api(&cast.ugo).await);
    let last =
        async || ugo.get("/audit?limit=1").await.expect(200).json()["items"][0]["detail"].as_str().unwrap().to_string();
    let user = format!("/users/{}", cast.elena.id);
    let change = json!({"email": "e.bianchi@example.org", "name": "Elena Bianchi", "role": "org_admin", "memberships": [
        {"organization_id": cast.comune.id, "visibility": "organization"}, {"organization_id": cast.unione.id, "visibility": "own"}]});
    dario.patch(&user, change).await.expect(200);
    let said = last().await;
    for part in [
        "email: elena@example.org → e.bianchi@example.org",
        "role: org_user → org_admin",
        "organizations: u_b222 (own) → ",
        "c_a111 (organization)",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let operator = format!("/users/{}", cast.anna.id);
    dario.patch(&operator, json!({"areas": ["pki"], "restricted_to_groups": true, "level": 2})).await.expect(200);
    assert_eq!(last().await, "level: 1 → 2; areas:  → pki; sees: all groups → own groups");
    let group = dario.post("/groups", json!({"name": "PKI", "member_ids": [cast.anna.id]})).await.expect(201).json();
    let group = format!("/groups/{}", group["id"].as_str().unwrap());
    dario
        .patch(&group, json!({"member_ids": [cast.dario.id], "leader_id": cast.anna.id, "area": "pki"}))
        .await
        .expect(200);
    assert_eq!(
        last().await,
        "area:  → pki; leader:  → anna@example.org; members: anna@example.org → dario@example.org"
    );
    app.end().await;
}
