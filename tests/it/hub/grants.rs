//! In charge of what is promised of grants: who opens a mailbox that the role alone does not open, until when, and who may say so.

use std::time::Duration;

use serde_json::{Value, json};
use sportello::model::page::Window;
use sportello::model::person::Role;
use sportello::people::rights::{Act, may_on, reach};
use sportello::store::mailbox_list::{self, Order, Wanted};

use crate::support::app::TestApp;
use crate::support::builders::mailbox;

/// A mailbox that nobody's server holds answers that it cannot be read now: whoever gets so far was let in.
const LET_IN: u16 = 409;

async fn suspended(app: &TestApp, address: &str, of: &sportello::model::organization::Organization) -> String {
    let stopped = |mailbox: &mut sportello::model::mailbox::Mailbox| {
        mailbox.facts.status = sportello::model::mailbox::Status::Suspended;
    };
    mailbox(address).of(of).with(stopped).insert(app).await.id.to_string()
}

#[tokio::test]
async fn an_operator_opens_a_mailbox_from_the_grant_on_until_it_ends() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let id = suspended(&app, "comune@pec.example.it", &cast.comune).await;
    let (carla, anna) = (app.api(&cast.carla).await, app.api(&cast.anna).await);
    let folders = format!("/mailboxes/{id}/folders");
    let grant = format!("/mailboxes/{id}/grants/{}", cast.anna.id);
    anna.get(&folders).await.expect(403);

    // The test's clock stands at 10:02 of 15 June 2026 in Rome.
    let until = "2026-06-15T08:30:00Z";
    let given = carla.put(&grant, json!({"rights": ["send"], "until": until})).await.expect(200).json();
    assert_eq!(given, json!({"user_id": cast.anna.id.as_str(), "rights": ["view", "send"], "until": until}));
    anna.get(&folders).await.expect(LET_IN);
    let listed = carla.get(&format!("/mailboxes/{id}/grants")).await.expect(200).json();
    assert_eq!(listed, json!({"items": [given], "next": null}));
    app.advance(Duration::from_secs(27 * 60));
    anna.get(&folders).await.expect(LET_IN);
    app.advance(Duration::from_secs(60));
    anna.get(&folders).await.expect(403);

    carla.put(&grant, json!({"rights": ["view"]})).await.expect(200);
    anna.get(&folders).await.expect(LET_IN);
    carla.ask("DELETE", &grant).await.expect(204);
    anna.get(&folders).await.expect(403);
    carla.ask("DELETE", &grant).await.expect(404);

    let told =
        app.database.texts("SELECT action || ' ' || detail FROM audit WHERE action LIKE 'grant.%' ORDER BY seq").await;
    assert_eq!(
        told,
        [
            "grant.created anna@example.org: view send until 2026-06-15T08:30:00Z",
            "grant.changed anna@example.org: view send until 2026-06-15T08:30:00Z → view",
            "grant.removed anna@example.org: view",
        ]
    );
    app.end().await;
}

#[tokio::test]
async fn a_user_opens_what_was_granted_and_of_the_rest_sees_address_and_status() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let named = |mailbox: &mut sportello::model::mailbox::Mailbox| {
        mailbox.card.group = Some("Segreterie".into());
        mailbox.card.holder_tax_code = Some("00485390124".into());
        (mailbox.facts.unread_messages, mailbox.facts.new_messages, mailbox.facts.total_messages) = (7, 7, 7);
    };
    let own = mailbox("segreta@pec.example.it").of(&cast.unione).named("Nome parlante").with(named).insert(&app).await;
    let other = mailbox("comune@pec.example.it").of(&cast.comune).with(named).insert(&app).await;
    let (dario, elena) = (app.api(&cast.dario).await, app.api(&cast.elena).await);
    let addresses = async |query: &str| -> Vec<String> {
        let page = elena.get(&format!("/mailboxes{query}")).await.expect(200).json();
        page["items"].as_array().unwrap().iter().map(|one| one["address"].as_str().unwrap().to_string()).collect()
    };

    let shown = elena.mailbox(own.id.as_str()).await;
    let known: Vec<&str> =
        shown.as_object().unwrap().iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key.as_str()).collect();
    assert_eq!(known, ["address", "id", "status", "status_since", "suspended"]);
    // Nor can what is not shown be asked out of the list.
    for query in ["?unread=true", "?new=true", "?q=parlante", "?q=00485390124", "?group=Segreterie"] {
        assert!(addresses(query).await.is_empty(), "{query}");
    }
    assert_eq!(addresses("?q=segreta").await, ["segreta@pec.example.it"]);
    let console = app.browser(&cast.elena).await.get("/caselle").await.expect(200);
    assert!(!console.words().contains("Nome parlante") && !console.leads_to(&format!("/caselle/{}", own.id)));

    let grant = format!("/mailboxes/{}/grants/{}", other.id, cast.elena.id);
    dario.put(&grant, json!({"rights": ["view"]})).await.expect(200);
    assert_eq!(addresses("").await, ["comune@pec.example.it", "segreta@pec.example.it"]);
    assert_eq!(addresses("?unread=true").await, ["comune@pec.example.it"]);
    assert_eq!(elena.mailbox(other.id.as_str()).await["unread_messages"], 7);
    assert!(elena.mailbox(other.id.as_str()).await["imap"].is_null());
    assert!(app.browser(&cast.elena).await.get("/caselle").await.leads_to(&format!("/caselle/{}", other.id)));
    // A grant is not to be passed on (T04).
    elena.put(&grant, json!({"rights": ["view"]})).await.expect(403);
    app.end().await;
}

#[tokio::test]
async fn rights_in_a_mailbox_are_given_by_whoever_answers_for_it_to_whom_they_may() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let id = suspended(&app, "comune@pec.example.it", &cast.comune).await;
    let clerk = app.person(Role::OrgUser, "clara", Some(&cast.comune)).await;
    let carla = app.api(&cast.carla).await;
    let put = async |person: &str, body: Value| carla.put(&format!("/mailboxes/{id}/grants/{person}"), body).await;
    put(clerk.id.as_str(), json!({"rights": ["view"]})).await.expect(200);
    for hidden in [cast.elena.id.as_str(), cast.ugo.id.as_str(), cast.dario.id.as_str(), "nessuno"] {
        put(hidden, json!({"rights": ["view"]})).await.expect(404);
    }
    for (body, field) in [
        (json!({}), "rights"),
        (json!({"rights": []}), "rights"),
        (json!({"rights": ["admin"]}), "rights"),
        (json!({"rights": ["view"], "until": "2020-01-01T00:00:00Z"}), "until"),
        (json!({"rights": ["view"], "until": "venerdì"}), "until"),
        (json!({"rights": ["view"], "password": "x"}), "password"),
    ] {
        let answer = put(clerk.id.as_str(), body.clone()).await.expect(422).json();
        assert_eq!(answer["errors"][0]["field"], field, "{body}");
    }
    app.end().await;
}

#[tokio::test]
async fn a_grant_sleeps_while_its_person_is_not_active() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let id = suspended(&app, "comune@pec.example.it", &cast.comune).await;
    let (dario, anna) = (app.api(&cast.dario).await, app.api(&cast.anna).await);
    let folders = format!("/mailboxes/{id}/folders");
    dario.put(&format!("/mailboxes/{id}/grants/{}", cast.anna.id), json!({"rights": ["view"]})).await.expect(200);
    let active = async |active: bool| {
        dario.patch(&format!("/users/{}", cast.anna.id), json!({"active": active})).await.expect(200);
    };
    active(false).await;
    anna.get(&folders).await.expect(401);
    active(true).await;
    anna.get(&folders).await.expect(LET_IN);
    app.end().await;
}

#[tokio::test]
async fn the_rule_and_its_statement_agree() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let third = app.organization("c_c333", "Comune Terzo").await;
    let mut all = Vec::new();
    for (number, of) in
        [Some(&cast.comune), Some(&cast.unione), Some(&third), None].into_iter().cycle().take(16).enumerate()
    {
        let one = mailbox(&format!("casella{number:02}@pec.example.it"));
        all.push(match of {
            Some(of) => one.of(of).insert(&app).await,
            None => one.insert(&app).await,
        });
    }
    let dario = app.api(&cast.dario).await;
    // Every person is granted some, in a pattern of its own.
    for (step, person) in [&cast.anna, &cast.carla, &cast.elena].into_iter().enumerate() {
        for one in all.iter().step_by(step + 2) {
            let grant = format!("/mailboxes/{}/grants/{}", one.id, person.id);
            dario.put(&grant, json!({"rights": ["view"]})).await.expect(200);
        }
    }
    for person in [&cast.dario, &cast.anna, &cast.carla, &cast.elena, &cast.ugo] {
        let mut c = app.app.db.read().await.unwrap();
        let mut person = person.clone();
        assert!(sportello::store::people::keep_in_force(&mut c, &mut person, app.app.clock.now()).await.unwrap());
        for act in Act::ALL {
            let wanted = Wanted { within: reach(&person, act).within(), ..Wanted::default() };
            let page = mailbox_list::list(&mut c, &wanted, Order::Address, false, &Window::first(100)).await.unwrap();
            let by_rule: Vec<_> = all.iter().filter(|one| may_on(&person, act, one)).map(|one| &one.id).collect();
            assert_eq!(page.items.iter().map(|one| &one.id).collect::<Vec<_>>(), by_rule, "{act:?} of {}", person.name);
            assert_eq!(mailbox_list::count(&mut c, &wanted).await.unwrap(), by_rule.len() as i64);
        }
    }
    app.end().await;
}
