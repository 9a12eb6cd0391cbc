//! In charge of the command `mailboxes refresh`: with a server and without one.

use crate::support::app::Setup;
use crate::support::binary::{self, Server, sportello, to_the_end};
use crate::support::provider::Provider;

#[tokio::test]
async fn refresh_visits_what_is_asked_and_names_what_did_not_go_well() {
    let provider = Provider::start().await;
    let app = Setup::new().await.settings(|settings| settings.allow_plaintext_imap = true).start().await;
    let (_, api) = app.dario().await;
    for user in ["uno", "due", "tre"] {
        provider.password(user, "segreta");
        api.post("/mailboxes", provider.body(user)).await.expect(201);
    }
    let database = app.end().await;
    let refresh = async |arguments: &[&str]| {
        let mut command = sportello(&database);
        command.args(["mailboxes", "refresh"]).args(arguments).env("SPORTELLO_ALLOW_PLAINTEXT_IMAP", "true");
        to_the_end(command, "").await
    };
    let said = refresh(&["--all"]).await.well();
    assert_eq!(said.out, "3 visited, 0 failed\n");
    assert_eq!(["uno", "due", "tre"].map(|user| provider.accepted(user)), [2, 2, 2]);
    assert_eq!(refresh(&["DUE@pec.example.it"]).await.well().out, "1 visited, 0 failed\n");
    assert_eq!(["uno", "due", "tre"].map(|user| provider.accepted(user)), [2, 3, 2]);
    refresh(&["nessuno@pec.example.it", "uno@pec.example.it"]).await.refused("not watched: nessuno@pec.example.it");
    assert_eq!(provider.accepted("uno"), 2);

    provider.password("tre", "altra");
    let said = refresh(&[]).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.starts_with("tre@pec.example.it: AUTHENTICATIONFAILED"), "{said:?}");
    let said = refresh(&["tre@pec.example.it"]).await;
    assert_eq!(
        (said.code, said.out.as_str()),
        (Some(1), "tre@pec.example.it: not tried: wrong_password\n0 visited, 0 failed\n")
    );
    assert_eq!(provider.refused("tre"), 1);

    // With a server that makes the jobs, it is the server that visits.
    let server = Server::start(&database, &[], &[("SPORTELLO_ALLOW_PLAINTEXT_IMAP", "true")]).await;
    assert_eq!(refresh(&["uno@pec.example.it"]).await.well().out, "1 visited, 0 failed\n");
    assert_eq!(provider.most_at_once("uno"), 1);
    drop(server);
    let actor = "SELECT DISTINCT actor FROM audit WHERE action IN ('mailbox.refreshed', 'job.run')";
    assert!(database.texts(actor).await.iter().all(|actor| actor.starts_with("cli:")));
    binary::run(&database, &["audit", "verify"]).await.well();
}
