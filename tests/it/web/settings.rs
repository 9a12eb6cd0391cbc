//! In charge of the settings' page: what is shown of the file holds no secret, contacts are changed with a trace, and the
//! permissions shown are those of the rule.

use sportello::model::person::Role;
use sportello::people::rights::{self, Act, Reach};

use crate::support::app::{Setup, TestApp};

#[tokio::test]
async fn settings_are_shown_without_their_secrets_and_contacts_change_with_a_trace() {
    let setup = Setup::new().await.settings(|settings| {
        settings.smtp_url = Some("smtp://utente:parola-segreta@127.0.0.1:9?tls=none".into());
    });
    let app = setup.start().await;
    let cast = app.cast().await;
    let browser = app.browser(&cast.dario).await;
    let page = browser.get("/impostazioni").await.expect(200);
    assert!(page.text.contains("@127.0.0.1:9") && !page.text.contains("parola-segreta"));
    assert!(!page.text.contains("utente:"), "nor the user");

    let form = [("assistance_phone", "800 123"), ("accessibility_statement_url", "http://chiaro.example")];
    let again = browser.post("/impostazioni", "/impostazioni", &form).await.expect(422);
    assert!(again.text.contains("800 123") && again.leads_to("#accessibility_statement_url"), "typed texts stay");
    let form = [("assistance_phone", "800 123"), ("accessibility_statement_url", "https://form.agid.example/1")];
    browser.post("/impostazioni", "/impostazioni", &form).await.expect(303);
    let detail = app.database.texts("SELECT detail FROM audit ORDER BY seq DESC LIMIT 1").await;
    assert!(detail[0].contains("800 123"), "old and new: {detail:?}");
    assert!(app.visitor().get("/accessibilita").await.expect(200).text.contains("form.agid.example"));
    app.end().await;
}

#[tokio::test]
async fn the_permissions_shown_are_those_of_the_rule() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let page = app.browser(&cast.dario).await.get("/impostazioni/permessi").await.expect(200);
    let rows = page.text.matches("<tr>").count();
    assert_eq!(rows, Act::ALL.len() + 1, "each act has its row");
    let nothing = page.text.matches("class=\"sp-zero\"").count();
    assert!(nothing > 0 || page.words().contains("no"), "what is not allowed is said");
    for (person, role) in [(&cast.dario, Role::RegionalAdmin), (&cast.ugo, Role::Auditor)] {
        assert_eq!(person.role, role);
        let everything = Act::ALL.iter().filter(|act| rights::reach(person, **act) == Reach::Everything).count();
        assert_eq!(everything, if role == Role::RegionalAdmin { Act::ALL.len() } else { 1 });
    }
    app.end().await;
}
