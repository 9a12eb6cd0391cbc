//! In charge of what is promised about a mailbox that waits to be activated (H19): nobody logs in to it, and after a day its
//! holder's next step is said.

use std::time::Duration;

use serde_json::json;

use crate::support::app::TestApp;
use crate::support::mail::MailServer;
use crate::support::relay::Relay;

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn after_a_day_the_holders_next_step_is_said_and_still_nobody_logs_in() {
    let account = MailServer::get().account("quella giusta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = TestApp::with_mail().await;
    let cast = app.cast().await;
    let api = app.api(&cast.dario).await;
    let mut body = account.body_at(relay.port);
    body["activating"] = json!(true);
    let id = api.post("/mailboxes", body).await.expect(201).json()["id"].as_str().unwrap().to_string();
    let says = async |late: bool| {
        let (manages, looks) = (app.browser(&cast.dario).await, app.browser(&cast.anna).await);
        for browser in [&manages, &looks] {
            let console = browser.get("/caselle").await.expect(200).words();
            assert_eq!(console.contains("Attivazione in ritardo"), late, "{console}");
            assert_eq!(console.contains("il titolare completa l’attivazione presso il gestore"), late, "{console}");
        }
        assert!(manages.get("/caselle").await.expect(200).leads_to(&format!("/caselle/{id}/password")));
        for page in [format!("/caselle/{id}"), format!("/caselle/{id}/password")] {
            let page = manages.get(&page).await.expect(200).words();
            assert!(page.contains("In attivazione dal 15/06/2026 10:02"), "{page}");
            assert_eq!(page.contains("Il titolare accede al sito del gestore PEC"), late, "{page}");
        }
    };
    says(false).await;
    app.advance(23 * HOUR);
    says(false).await;
    app.advance(2 * HOUR);
    app.next_slot().await;
    assert_eq!(api.refreshed(&id).await["status"], "activating");
    says(true).await;
    assert_eq!(relay.connections(), 0, "a login before the activation would block the account");

    api.patch(&format!("/users/{}", cast.dario.id), json!({"language": "en"})).await.expect(200);
    let english = app.browser(&cast.dario).await.get(&format!("/caselle/{id}")).await.expect(200).words();
    assert!(english.contains("The holder signs in on the provider’s site"), "{english}");
    let put = api.put(&format!("/mailboxes/{id}/password"), json!({"password": account.password})).await;
    assert_eq!(put.expect(200).json()["status"], "ok");
    assert_eq!(relay.connections(), 1);
    app.end().await;
}
