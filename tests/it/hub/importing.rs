//! In charge of what is promised of a file of mailboxes (H34): tried without calling anybody, loaded with each login once, each
//! refused line told with its number while the rest is loaded.

use std::collections::BTreeMap;

use serde_json::json;
use sportello::hub::import::{self, COLUMNS};
use sportello::model::trace::Actor;
use sportello::people::Refusal;
use sportello::people::import::{Mode, Outcome};
use sportello::people::rights::Reach;
use sportello::sheet::{MOST_LINES, Sheet};
use zeroize::Zeroizing;

use crate::support::app::{Setup, TestApp};
use crate::support::builders::mailbox;
use crate::support::mail::MailServer;
use crate::support::relay::Relay;
use crate::support::until;

const HEADER: &str = "address;username;password;description;group;organization_code;holder_tax_code;authorization_holder;\
                      authorization_date;imap_host;imap_port;imap_security;activating";

/// A line of a mailbox at this port of loopback; the password stands between quotes.
fn line(address: &str, username: &str, password: &str, rest: &str, port: u16) -> String {
    let password = password.replace('"', "\"\"");
    format!("{address};{username};\"{password}\";{rest};Sindaco;01/06/2026;127.0.0.1;{port};tls;")
}

async fn run(app: &TestApp, lines: &[String], mode: Mode) -> Vec<Outcome> {
    let file = Zeroizing::new(format!("{HEADER}\r\n{}\r\n", lines.join("\r\n")).into_bytes());
    let sheet = Sheet::read(file, &COLUMNS, MOST_LINES).unwrap_or_else(|fault| panic!("{fault:?}"));
    let mut said = Vec::new();
    let outcomes =
        import::mailboxes(&app.app, &Actor::system(), &Reach::Everything, &sheet, mode, |one| said.push(one.number))
            .await;
    said.sort();
    assert_eq!(said, outcomes.iter().map(|one| one.number).collect::<Vec<_>>(), "each line is told once, and in order");
    outcomes
}

/// What was refused: by line, the fields and rules.
fn refused(outcomes: &[Outcome]) -> BTreeMap<usize, String> {
    let words = |one: &Outcome| match one.refusal.as_ref()? {
        Refusal::Invalid(wrong) => {
            let rules: Vec<String> = wrong.iter().map(|one| format!("{}:{}", one.field, one.rule)).collect();
            Some((one.number, rules.join(" ")))
        }
        other => Some((one.number, format!("{other:?}"))),
    };
    outcomes.iter().filter_map(words).collect()
}

async fn mailboxes(app: &TestApp) -> i64 {
    app.database.number("SELECT COUNT(*) FROM mailboxes").await
}

#[tokio::test]
async fn two_hundred_lines_are_tried_without_a_call_and_loaded_with_one_login_each() {
    let account = MailServer::get().account("perché; \"no\"").await;
    // Its folders are made by the first who comes: that is not to be two at once.
    account.deliver("ordinary", 1).await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = Setup::new().await.mail(MailServer::get()).settings(|s| s.included_mailboxes = 300).start().await;
    let comune = app.organization("c_a111", "Comune di Borgo Solare").await;
    let other = MailServer::get().account("un’altra").await;
    let mut lines: Vec<String> = (0..200)
        .map(|number| {
            let address = format!("ufficio{number}@pec.example.it");
            line(&address, &account.address, "perché; \"no\"", "=1+1;Comuni;C_A111;", relay.port)
        })
        .collect();
    lines[10] = line("ufficio10@pec.example.it", &other.address, "sbagliata", ";;;", relay.port);
    lines[20] = line("Ufficio19@PEC.example.it", &account.address, "x", ";;;", relay.port);
    lines[30] = line("non un indirizzo", "", "", ";;c_zzz;12345670588", 0);
    lines[40] = "senza;campi".into();

    let known = |password: &str| {
        let mut told = BTreeMap::from([
            (22, "address:doubled".to_string()),
            (
                32,
                "organization_code:not-found username:required address:email password:required imap.port:not-a-number \
                 holder_tax_code:tax-code-check"
                    .to_string(),
            ),
            (42, ":line-fields".to_string()),
        ]);
        if !password.is_empty() {
            told.insert(12, password.to_string());
        }
        told
    };
    let tried = run(&app, &lines, Mode::Trial).await;
    assert_eq!((tried.len(), refused(&tried)), (200, known("")));
    assert_eq!((relay.connections(), mailboxes(&app).await), (0, 0));
    assert_eq!(app.database.number("SELECT COUNT(*) FROM audit WHERE action LIKE 'mailbox.%'").await, 0);

    let loaded = run(&app, &lines, Mode::Load).await;
    assert_eq!((loaded.len(), refused(&loaded)), (200, known("password:password-refused")));
    assert_eq!(loaded[30].name, "", "what is no address is not repeated");
    assert_eq!((relay.connections(), mailboxes(&app).await), (197, 196));
    assert_eq!(app.database.number("SELECT COUNT(*) FROM mailbox_secrets").await, 196);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM audit WHERE action = 'mailbox.created'").await, 196);
    let of_comune = format!("SELECT COUNT(*) FROM mailboxes WHERE organization_id = '{}'", comune.id);
    assert_eq!(app.database.number(&of_comune).await, 196);

    // The same file again calls nobody but for what was refused by the server.
    let again = run(&app, &lines, Mode::Load).await;
    assert_eq!((again.iter().filter(|one| one.refusal.is_some()).count(), relay.connections()), (200, 198));
    app.end().await;
}

#[tokio::test]
async fn an_account_whose_login_is_refused_is_not_tried_by_a_later_line() {
    let account = MailServer::get().account("quella giusta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = Setup::new().await.mail(MailServer::get()).start().await;
    let one = |number: usize, password: &str| {
        line(&format!("u{number}@pec.example.it"), &account.address, password, ";;;", relay.port)
    };
    let lines = [one(2, "sbagliata"), one(3, "quella giusta"), one(4, "altra")];
    let told = refused(&run(&app, &lines, Mode::Load).await);
    let before = "username:login-refused-before".to_string();
    assert_eq!(told, BTreeMap::from([(2, "password:password-refused".into()), (3, before.clone()), (4, before)]));
    assert_eq!((relay.connections(), mailboxes(&app).await), (1, 0));
    app.end().await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up_and_the_others_are_loaded() {
    let account = MailServer::get().account("quella giusta").await;
    let (relay, well) = (Relay::to(MailServer::get().imaps).await, Relay::to(MailServer::get().imaps).await);
    relay.cut();
    let app = Setup::new().await.mail(MailServer::get()).start().await;
    let silent =
        |number: usize| line(&format!("u{number}@pec.example.it"), &format!("u{number}"), "x", ";;;", relay.port);
    let mut lines: Vec<String> = (2..42).map(silent).collect();
    lines.push(line(&account.address, &account.address, "quella giusta", ";;;", well.port));
    let outcomes = run(&app, &lines, Mode::Load).await;
    let told = refused(&outcomes);
    assert!(told.values().all(|one| one == "imap.host:unreachable" || one == "imap.host:server-given-up"), "{told:?}");
    assert_eq!((told.len(), mailboxes(&app).await), (40, 1));
    assert!((3..=4).contains(&relay.connections()), "{} connections", relay.connections());
    app.end().await;
}

#[tokio::test]
async fn a_server_that_keeps_silent_has_two_lines_waiting_and_holds_no_other_up() {
    let account = MailServer::get().account("quella giusta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    relay.hold();
    let app = Setup::new().await.mail(MailServer::get()).start().await;
    let silent =
        |number: usize| line(&format!("u{number}@pec.example.it"), &format!("u{number}"), "x", ";;;", relay.port);
    let mut lines: Vec<String> = (2..12).map(silent).collect();
    lines.push(line(&account.address, &account.address, "quella giusta", ";;;", MailServer::get().imaps));
    let loaded = run(&app, &lines, Mode::Load);
    let looked = async {
        until("the other server’s line is loaded", async || (mailboxes(&app).await == 1).then_some(())).await;
        assert_eq!(relay.connections(), 2);
        drop(relay);
    };
    let (outcomes, ()) = futures::join!(loaded, looked);
    assert_eq!(refused(&outcomes).len(), 10);
    app.end().await;
}

#[tokio::test]
async fn a_line_may_wait_for_its_password_and_goes_where_its_codes_say() {
    let app = Setup::new().await.settings(|settings| settings.allow_private_hosts = false).start().await;
    let (_, api) = app.dario().await;
    let body = json!({"code": "c_a111", "name": "Comune", "tax_code": "80012340586"});
    let comune = api.post("/organizations", body).await.expect(201).json();
    mailbox("presa@pec.it").insert(&app).await;
    let waiting = |address: &str, rest: &str| format!("{address};M12;;{rest};Sindaco;2026-06-01;;;;VERO");
    let lines = [
        waiting("a@pec.it", "Suap;Comuni;c_a111;"),
        waiting("b@legalmail.it", ";;;IT 80012340586"),
        waiting("c@pec.example.it", ";;;"),
        waiting("Presa@PEC.it", ";;;"),
        line("d@pec.example.it", "d", "x", ";;;", 993),
        format!("{};forse", "e@pec.it;e;x;;;;;Sindaco;31/02/2026;;;"),
    ];
    for mode in [Mode::Trial, Mode::Load] {
        let told = refused(&run(&app, &lines, mode).await);
        let expected = [
            (4, "imap.host:required"),
            (5, "address:taken"),
            (6, "imap.host:not-allowed"),
            (7, "activating:not-boolean authorization.date:date"),
        ];
        assert_eq!(told, expected.map(|(number, words)| (number, words.to_string())).into(), "{mode:?}");
    }
    let page = api.get("/mailboxes?sort=address&status=activating").await.expect(200).json();
    let shown: Vec<_> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["address"], &one["imap"]["host"], &one["smtp"]["host"]))
        .collect();
    assert_eq!(
        shown,
        [
            (&json!("a@pec.it"), &json!("imaps.pec.aruba.it"), &json!("smtps.pec.aruba.it")),
            (&json!("b@legalmail.it"), &json!("mbox.cert.legalmail.it"), &json!("sendm.cert.legalmail.it")),
        ]
    );
    assert!(page["items"].as_array().unwrap().iter().all(|one| one["organization_id"] == comune["id"]));
    app.end().await;
}

#[tokio::test]
async fn a_trial_tells_the_lines_for_which_there_is_no_place_and_so_does_the_load() {
    let app = Setup::new().await.settings(|settings| settings.included_mailboxes = 3).start().await;
    mailbox("prima@pec.example.it").insert(&app).await;
    let lines: Vec<String> = (0..4)
        .map(|number| format!("c{number}@pec.example.it;c;;;;;;Sindaco;01/06/2026;127.0.0.1;993;tls;sì"))
        .collect();
    let expected = [(4, "Full { used: 3, allowed: 3 }".to_string()), (5, "Full { used: 3, allowed: 3 }".to_string())];
    assert_eq!(refused(&run(&app, &lines, Mode::Trial).await), expected.clone().into());
    assert_eq!(mailboxes(&app).await, 1);
    let loaded = refused(&run(&app, &lines, Mode::Load).await);
    assert_eq!((loaded.len(), mailboxes(&app).await), (2, 3), "{loaded:?}");
    app.end().await;
}
