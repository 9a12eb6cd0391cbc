//! In charge of rules that say where requests go: as they come in (R04), as their time has passed (R03), tried before they count (R08).

use std::time::Duration;

use serde_json::json;
use sportello::model::person::Role;

use super::clocks::rounds;
use crate::support::app::{Setup, TestApp};
use crate::support::builders::mailbox;
use crate::support::cast::Cast;
use crate::support::client::{Api, Browser};

const LIST: &str = "/impostazioni/regole";
const NEW: &str = "/impostazioni/regole/nuova";

/// A rule as its form sends it: in force, of new requests.
fn rule<'f>(name: &'f str, position: &'f str, with: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut fields = vec![("name", name), ("position", position), ("active", "on"), ("occasion", "opened")];
    fields.retain(|(name, _)| !with.iter().any(|(known, _)| known == name));
    fields.extend_from_slice(with);
    fields
}

async fn made(by: &Browser, fields: &[(&str, &str)]) {
    by.post(NEW, LIST, fields).await.expect(303);
}

/// Elena's body asks for help in both areas.
async fn both_areas(by: &Api, cast: &Cast) {
    by.patch(&format!("/organizations/{}", cast.unione.id), json!({"areas": ["pec", "pki"]})).await.expect(200);
}

async fn opened(by: &Api, subject: &str, area: &str) -> serde_json::Value {
    by.post("/tickets", json!({"subject": subject, "body": "Buongiorno", "area": area})).await.expect(201).json()
}

async fn group(by: &Api, name: &str, members: &[&str]) -> String {
    let body = json!({"name": name, "member_ids": members, "leader_id": null});
    by.post("/groups", body).await.expect(201).json()["id"].as_str().unwrap().to_string()
}

#[tokio::test]
async fn a_request_goes_where_the_first_rule_that_suits_puts_it() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (api, dario, anna) = (app.api(&cast.dario).await, app.browser(&cast.dario).await, app.api(&cast.anna).await);
    let (elena, carla) = (app.api(&cast.elena).await, app.api(&cast.carla).await);
    both_areas(&api, &cast).await;
    let (firma, pec) =
        (group(&api, "Firma digitale", &[cast.anna.id.as_str()]).await, group(&api, "Posta certificata", &[]).await);
    let box_ = mailbox("protocollo@pec.example.it").of(&cast.comune).insert(&app).await;
    made(&dario, &rule("Il resto", "30", &[("to_group_id", &pec), ("to_tags", "smistata")])).await;
    made(
        &dario,
        &rule("PKI", "20", &[("area", "pki"), ("to_group_id", &firma), ("to_assignee_id", cast.anna.id.as_str())]),
    )
    .await;
    let words = [("words", "casella bloccata, non accede"), ("to_severity", "high"), ("to_level", "2")];
    made(&dario, &rule("Bloccate", "10", &words)).await;
    made(&dario, &rule("Spenta", "1", &[("active", ""), ("to_level", "3")])).await;
    let by_box = [
        ("mailbox", "protocollo@pec.example.it"),
        ("organization_id", cast.comune.id.as_str()),
        ("to_tags", "protocollo"),
    ];
    made(&dario, &rule("Protocollo", "5", &by_box)).await;

    let pki = opened(&elena, "Rinnovo del certificato", "pki").await;
    assert!(pki["group_id"].is_null(), "where it lies is the desk's");
    let pki = anna.get(&format!("/tickets/{}", pki["number"].as_str().unwrap())).await.expect(200).json();
    assert_eq!((pki["group_id"].as_str(), pki["assignee_id"].as_str()), (Some(&*firma), Some(cast.anna.id.as_str())));
    let blocked = opened(&elena, "Le caselle sono bloccate", "pki").await;
    assert_eq!(
        (blocked["severity"].as_str(), blocked["resolution_due_at"].as_str()),
        (Some("high"), Some("2026-06-15T16:02:00Z"))
    );
    let path = format!("/tickets/{}", blocked["number"].as_str().unwrap());
    let blocked = anna.get(&path).await.expect(200).json();
    assert_eq!((blocked["level"].as_i64(), blocked["group_id"].as_str()), (Some(2), None), "one rule counts");
    let history = anna.get(&format!("{path}/messages")).await.expect(200).text;
    assert!(history.contains("Instradata dalla regola «Bloccate»") && history.contains("dal livello 1 al livello 2"));
    let theirs = elena.get(&format!("{path}/messages")).await.expect(200).text;
    assert!(!theirs.contains("Bloccate") && !theirs.contains("livello"), "it stays at the desk: {theirs}");
    let trace = app.database.texts("SELECT detail FROM audit WHERE action = 'ticket.routed' ORDER BY seq").await;
    assert!(trace[1].starts_with("Bloccate: severity: medium → high"), "{trace:?}");

    let other =
        anna.get(&format!("/tickets/{}", opened(&elena, "Una domanda", "pec").await["number"].as_str().unwrap())).await;
    assert_eq!((&other.json()["group_id"], &other.json()["tags"]), (&json!(pec), &json!(["smistata"])));
    let body = json!({"subject": "Posta", "body": "B", "area": "pec", "mailbox_ids": [box_.id]});
    let linked = carla.post("/tickets", body).await.expect(201).json();
    let linked = anna.get(&format!("/tickets/{}", linked["number"].as_str().unwrap())).await.json();
    assert_eq!((&linked["tags"], &linked["group_id"]), (&json!(["protocollo"]), &json!(null)));

    // What the desk itself has said of a request stays; what a rule names and is gone is left out.
    let body = json!({"subject": "Casella bloccata", "body": "B", "area": "pec", "severity": "low",
        "requester": {"email": "elena@example.org"}});
    let said = anna.post("/tickets", body).await.expect(201).json();
    assert_eq!((said["severity"].as_str(), said["level"].as_i64()), (Some("low"), Some(2)));
    api.patch(&format!("/users/{}", cast.anna.id), json!({"active": false})).await.expect(200);
    let alone = opened(&elena, "Firma", "pki").await;
    let alone = api.get(&format!("/tickets/{}", alone["number"].as_str().unwrap())).await.json();
    assert_eq!((&alone["group_id"], &alone["assignee_id"]), (&json!(firma), &json!(null)));
    app.end().await;
}

#[tokio::test]
async fn what_is_overdue_goes_to_others_once_and_who_gets_it_is_told() {
    let app = Setup::new().await.jobs().start().await;
    let cast = app.cast().await;
    let (api, dario, anna) = (app.api(&cast.dario).await, app.browser(&cast.dario).await, app.api(&cast.anna).await);
    let elena = app.api(&cast.elena).await;
    let second = group(&api, "Secondo livello", &[cast.anna.id.as_str()]).await;
    let late = [("occasion", "overdue"), ("area", "pec"), ("to_group_id", &*second), ("to_level", "2")];
    made(&dario, &rule("In ritardo", "10", &late)).await;
    let ivo = app.person(Role::Operator, "ivo", None).await;
    let to_ivo =
        [("occasion", "overdue"), ("words", "altra"), ("to_assignee_id", ivo.id.as_str()), ("to_tags", "tardi")];
    made(&dario, &rule("A Ivo", "5", &to_ivo)).await;
    api.patch(&format!("/users/{}", ivo.id), json!({"active": false})).await.expect(200);
    let path = format!("/tickets/{}", opened(&elena, "S", "pec").await["number"].as_str().unwrap());
    app.advance(Duration::from_secs(3 * 3600));
    rounds(&app, "check-deadlines").await;
    assert_eq!(anna.get(&path).await.expect(200).json()["level"], 1, "not before its time");
    let seen = elena.get(&path).await.expect(200).json()["updated_at"].clone();
    app.advance(Duration::from_secs(2 * 3600));
    rounds(&app, "check-deadlines").await;
    let moved = anna.get(&path).await.expect(200).json();
    assert_eq!((&moved["level"], &moved["group_id"]), (&json!(2), &json!(second)));
    assert_eq!(elena.get(&path).await.expect(200).json()["updated_at"], seen, "it stays at the desk");
    rounds(&app, "check-deadlines").await;
    // A rule whose person is no longer there takes a request from nobody.
    let taken = format!("/tickets/{}", opened(&elena, "Un’altra", "pec").await["number"].as_str().unwrap());
    anna.post(&format!("{taken}/take"), json!({})).await.expect(200);
    app.advance(Duration::from_secs(3 * 24 * 3600));
    rounds(&app, "check-deadlines").await;
    let late = anna.get(&taken).await.expect(200).json();
    assert_eq!((&late["assignee_id"], &late["tags"]), (&json!(cast.anna.id), &json!(["tardi"])));
    let routed = app.database.number("SELECT COUNT(*) FROM audit WHERE action = 'ticket.routed'").await;
    assert_eq!(routed, 2, "each request once");
    app.end().await;
}

#[tokio::test]
async fn a_rule_is_tried_before_it_counts_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let dario = app.browser(&cast.dario).await;
    let elena = app.api(&cast.elena).await;
    both_areas(&app.api(&cast.dario).await, &cast).await;
    for subject in ["Rinnovo del certificato", "Firma remota", "Firme remote ferme"] {
        opened(&elena, subject, "pki").await;
    }
    opened(&elena, "La firma sul modulo", "pec").await;
    let typed = rule("Firme", "10", &[("area", "pki"), ("words", "firma"), ("to_level", "2"), ("azione", "prova")]);
    let tried = dario.post(NEW, LIST, &typed).await.expect(200);
    assert!(tried.words().contains("Avrebbe toccato 2 richieste") && tried.words().contains("Firme remote ferme"));
    assert!(tried.words().contains("4 richieste più recenti") && tried.text.contains("value=\"firma\""));
    assert_eq!(app.database.number("SELECT COUNT(*) FROM routing_rules").await, 0, "it was only tried");
    let late = rule("Firme", "10", &[("occasion", "overdue"), ("to_level", "2"), ("azione", "prova")]);
    assert!(dario.post(NEW, LIST, &late).await.expect(200).words().contains("Non avrebbe toccato nessuna richiesta"));

    let wrong = dario.post(NEW, LIST, &rule("", "x", &[("mailbox", "a@b.it"), ("words", "firma")])).await.expect(422);
    assert!(["#name", "#position", "#to_group_id"].iter().all(|field| wrong.leads_to(field)), "{}", wrong.text);
    let gone = rule("Firme", "10", &[("mailbox", "assente@pec.example.it"), ("to_level", "2")]);
    let gone = dario.post(NEW, LIST, &gone).await.expect(422);
    assert!(gone.leads_to("#mailbox") && gone.text.contains("assente@pec.example.it"));

    made(&dario, &rule("Firme", "10", &[("words", "firma"), ("to_level", "2")])).await;
    assert!(dario.post(NEW, LIST, &rule("FIRME", "20", &[("to_level", "3")])).await.expect(422).leads_to("#name"));
    let list = dario.get(LIST).await.expect(200);
    assert!(list.words().contains("Parole: firma") && list.words().contains("Porta al livello: Secondo livello"));
    let id = app.database.texts("SELECT id FROM routing_rules").await.remove(0);
    let path = format!("{LIST}/{id}");
    assert!(dario.get(&path).await.expect(200).text.contains("value=\"firma\""));
    let form = dario.get(&path).await.expect(200).text;
    let seen = form.split_once("name=\"seen\" value=\"").map(|(_, rest)| rest[..16].to_string()).unwrap();
    let stale = rule("Firme", "10", &[("to_level", "3"), ("seen", "0123456789abcdef")]);
    assert!(dario.post(&path, &path, &stale).await.expect(422).leads_to("#name"), "somebody else has changed it");
    let changed = [("active", ""), ("to_level", "3"), ("seen", &*seen)];
    dario.post(&path, &path, &rule("Firme", "10", &changed)).await.expect(303);
    assert!(dario.get(LIST).await.expect(200).words().contains("(non attiva)"));
    let trace = app.database.texts("SELECT detail FROM audit WHERE action = 'routing-rule.changed'").await;
    assert_eq!(trace, ["active: true → false; words: firma → ; to level: 2 → 3"]);
    dario.post(&path, &format!("{path}/elimina"), &[]).await.expect(303);
    assert!(dario.get(LIST).await.expect(200).words().contains("Ancora nessuna regola"));
    dario.get(&path).await.expect(404);
    // What is gone for good is in the trace, with names for ids.
    let body = rule(
        "Del comune",
        "20",
        &[("organization_id", cast.comune.id.as_str()), ("to_assignee_id", cast.anna.id.as_str())],
    );
    made(&dario, &body).await;
    let id = app.database.texts("SELECT id FROM routing_rules").await.remove(0);
    dario.post(LIST, &format!("{LIST}/{id}/elimina"), &[]).await.expect(303);
    let page = dario.get("/registro?azione=routing-rule.removed&su=borgo%20SOLARE").await.expect(200);
    assert!(page.words().contains("Ente: – → Comune di Borgo Solare; Assegna a: – → anna"), "{}", page.words());
    app.end().await;
}
