//! In charge of the desk's own mailboxes: tried before they are kept, read again from the start of another account, left alone after
//! a refused login (H18).

use serde_json::{Value, json};

use crate::support::app::Setup;
use crate::support::mail::{Account, MailServer};
use crate::support::provider::Provider;
use crate::support::until;

fn body(account: &Account<'_>, port: u16) -> Value {
    json!({"address": account.address, "username": account.address, "password": account.password, "area": "pki",
           "imap": {"host": "127.0.0.1", "port": port, "security": "tls"}})
}

#[tokio::test]
async fn one_is_tried_before_it_is_kept_and_its_password_never_comes_out() {
    let server = MailServer::get();
    let account = server.account("quella giusta").await;
    let app = Setup::new().await.mail(server).start().await;
    let (dario, api) = app.dario().await;
    let mut wrong = body(&account, server.imaps);
    wrong["password"] = json!("sbagliata");
    assert_eq!(api.post("/intake/mailboxes", wrong).await.wrong_fields(), ["password"]);
    assert_eq!(
        api.post("/intake/mailboxes", json!({})).await.wrong_fields(),
        ["address", "username", "area", "imap.host", "password"]
    );
    assert_eq!(app.database.number("SELECT COUNT(*) FROM intake_mailboxes").await, 0);
    let made = api.post("/intake/mailboxes", body(&account, server.imaps)).await.expect(201);
    assert!(!made.text.contains("quella giusta"));
    let path = format!("/intake/mailboxes/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(api.post("/intake/mailboxes", body(&account, server.imaps)).await.wrong_fields(), ["address"]);
    // Another user is another account: the password is asked for again.
    assert_eq!(api.patch(&path, json!({"username": "altro"})).await.wrong_fields(), ["password"]);
    let changed = api.patch(&path, json!({"area": "pec", "enabled": false})).await.expect(200).json();
    assert_eq!((&changed["area"], &changed["enabled"]), (&json!("pec"), &json!(false)));
    // The same on its page, which keeps what was typed, but no password.
    let browser = app.browser(&dario).await;
    let form = [("address", "x@y.example"), ("username", "x"), ("password", "segretissima"), ("area", "pec")];
    let again = browser.post("/impostazioni/posta/nuova", "/impostazioni/posta", &form).await.expect(422);
    assert!(again.leads_to("#imap_host") && again.text.contains("x@y.example") && !again.text.contains("segretissima"));
    let list = browser.get("/impostazioni/posta").await.expect(200).words();
    assert!(list.contains(&account.address) && list.contains("Non attiva"), "{list}");
    let dump = app.database.dump("intake_mailboxes").await + &app.database.dump("audit").await;
    assert!(!dump.contains("quella giusta"));
    // A watched mailbox is its holder's.
    let watched = server.account("altra").await;
    watched.watched(&api).await;
    assert_eq!(api.post("/intake/mailboxes", body(&watched, server.imaps)).await.wrong_fields(), ["address"]);
    // Nor is one of the desk's own watched: neither added nor changed into it.
    let watch = |address: &str| {
        json!({"address": address, "username": address, "activating": true, "imap": body(&account, server.imaps)["imap"],
               "authorization": {"holder": "Sindaco", "date": "2026-06-01"}})
    };
    assert_eq!(api.post("/mailboxes", watch(&account.address.to_uppercase())).await.wrong_fields(), ["address"]);
    let other = api.post("/mailboxes", watch("altra@pec.example")).await.expect(201).json();
    let other = format!("/mailboxes/{}", other["id"].as_str().unwrap());
    let changed = json!({"address": account.address});
    assert_eq!(api.patch(&other, changed).await.wrong_fields(), ["address"]);
    api.ask("DELETE", &path).await.expect(204);
    api.get(&path).await.expect(404);
    api.patch(&other, json!({"address": account.address})).await.expect(200);
    app.end().await;
}

#[tokio::test]
async fn a_refused_login_is_not_tried_again_until_somebody_gives_a_new_password() {
    let provider = Provider::start().await;
    let app = Setup::new().await.settings(|settings| settings.allow_plaintext_imap = true).jobs().start().await;
    let (_, api) = app.dario().await;
    provider.password("assistenza", "vecchia");
    let body = json!({"address": "assistenza@regione.example", "username": "assistenza", "password": "vecchia", "area": "pec",
                      "enabled": false, "imap": {"host": "127.0.0.1", "port": provider.port, "security": "none"}});
    let made = api.post("/intake/mailboxes", body).await.expect(201).json();
    let path = format!("/intake/mailboxes/{}", made["id"].as_str().unwrap());
    provider.password("assistenza", "nuova");
    api.patch(&path, json!({"enabled": true})).await.expect(200);
    let refused = "SELECT COUNT(*) FROM intake_mailboxes WHERE status = 'wrong_password'";
    until("it stands still", async || (app.database.number(refused).await == 1).then_some(())).await;
    for _ in 0..3 {
        app.app.intake.notify_one();
        assert_eq!(api.get(&path).await.expect(200).json()["status"], "wrong_password");
    }
    assert_eq!(provider.refused("assistenza"), 1);
    // What the session was refused counts with what people type: a third refusal would lock.
    for _ in 0..3 {
        assert_eq!(api.patch(&path, json!({"password": "vecchia"})).await.wrong_fields(), ["password"]);
    }
    assert_eq!(provider.refused("assistenza"), 2);
    api.patch(&path, json!({"password": "nuova"})).await.expect(200);
    assert_ne!(api.get(&path).await.expect(200).json()["status"], "wrong_password");
    app.end().await;
}

#[tokio::test]
async fn the_same_wrong_password_is_sent_twice_and_no_more_however_often_it_is_typed() {
    let provider = Provider::start().await;
    let app = Setup::new().await.settings(|settings| settings.allow_plaintext_imap = true).start().await;
    let (dario, api) = app.dario().await;
    provider.password("assistenza", "giusta");
    let body = |password: &str| {
        json!({"address": "assistenza@regione.example", "username": "assistenza", "password": password, "area": "pec",
               "imap": {"host": "127.0.0.1", "port": provider.port, "security": "none"}})
    };
    let mut two_words = body("giusta");
    two_words["authserv_id"] = json!("due parole");
    assert_eq!(api.post("/intake/mailboxes", two_words).await.wrong_fields(), ["authserv_id"]);
    for _ in 0..4 {
        assert_eq!(api.post("/intake/mailboxes", body("sbagliata")).await.wrong_fields(), ["password"]);
    }
    assert_eq!(provider.refused("assistenza"), 2);
    api.post("/intake/mailboxes", body("giusta")).await.expect(201);
    // What is refused anyhow sends no password to a live account.
    let watched = json!({"address": "sua@pec.example", "username": "sua", "activating": true, "imap": body("x")["imap"],
                         "authorization": {"holder": "Sindaco", "date": "2026-06-01"}});
    api.post("/mailboxes", watched).await.expect(201);
    let other = json!({"address": "altra@regione.example", "username": "altra", "password": "giusta", "area": "pec", "imap": body("x")["imap"]});
    provider.password("altra", "giusta");
    let other = api.post("/intake/mailboxes", other).await.expect(201).json();
    for (address, user) in [("ASSISTENZA@regione.example", "viva"), ("sua@pec.example", "viva")] {
        provider.password("viva", "sua");
        let mut taken = body("sbagliata");
        (taken["address"], taken["username"]) = (json!(address), json!(user));
        assert_eq!(api.post("/intake/mailboxes", taken.clone()).await.wrong_fields(), ["address"]);
        let path = format!("/intake/mailboxes/{}", other["id"].as_str().unwrap());
        assert_eq!(api.patch(&path, taken).await.wrong_fields(), ["address"]);
    }
    assert_eq!(provider.refused("viva"), 0);
    // The page asks for an address, certified or not.
    let browser = app.browser(&dario).await;
    let page = browser.post("/impostazioni/posta/nuova", "/impostazioni/posta", &[("area", "pec")]).await.expect(422);
    assert!(page.leads_to("#address") && page.words().contains("Inserisci l’indirizzo della casella"));
    app.end().await;
}
