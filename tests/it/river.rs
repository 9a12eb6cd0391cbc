//! In charge of the first river, from bytes on the wire to the words on the page: a mailbox is added, mail comes, the console
//! shows it, somebody opens it and reads.

use std::time::Duration;

use serde_json::json;
use sportello::audit;

use crate::support::app::TestApp;
use crate::support::mail::MailServer;
use crate::support::until;

#[tokio::test]
async fn a_certified_message_comes_and_is_read_and_nothing_is_marked_on_the_server() {
    let account = MailServer::get().account("una password del titolare").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let browser = app.browser(&dario).await;

    // Added: its login was tried, what it holds is not new.
    account.deliver("ordinary", 1).await;
    let added = api.post("/mailboxes", account.body()).await.expect(201).json();
    let id = added["id"].as_str().unwrap().to_string();
    assert_eq!(added["status"], "ok");
    assert_eq!([&added["new_messages"], &added["unread_messages"], &added["total_messages"]], [0, 1, 1]);
    assert!(added.get("password").is_none());

    // A certified message comes.
    account.deliver_about("certified_message", "Convocazione del consiglio").await;
    let flags = account.flags().await;
    let refreshed = api.post(&format!("/mailboxes/{id}/refresh?wait=true"), json!({})).await.expect(200).json();
    assert_eq!([&refreshed["new_messages"], &refreshed["unread_messages"], &refreshed["total_messages"]], [1, 2, 2]);

    // The console shows it.
    let console = browser.get("/caselle").await.expect(200);
    let words = console.words();
    assert!(words.contains("Ufficio protocollo") && words.contains(&account.address), "{words}");
    assert!(console.text.contains("<title>(1) "), "{}", console.text);

    // Somebody opens the mailbox: the message is there by kind and subject, and is no longer new.
    let page = browser.get(&format!("/caselle/{id}")).await.expect(200);
    let words = page.words();
    assert!(words.contains("Convocazione del consiglio") && words.contains("Messaggio PEC"), "{words}");
    assert!(!words.contains("POSTA CERTIFICATA:"), "the provider's prefix is not for people: {words}");
    let opened = api.get(&format!("/mailboxes/{id}")).await.expect(200).json();
    assert_eq!([&opened["new_messages"], &opened["unread_messages"]], [0, 2]);

    // The message is read: the text of its author.
    let (_, rest) = page.text.split_once("?messaggio=").expect("a link to the newest message");
    let uid: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let reading = browser.get(&format!("/caselle/{id}?messaggio={uid}")).await.expect(200);
    let (_, text) = reading.text.split_once("<pre class=\"sp-text\">").expect("the text");
    assert!(text.split("</pre>").next().is_some_and(|text| text.trim().len() > 40), "{text}");
    assert_eq!(account.flags().await, flags, "nothing is marked on the server");

    // Every step is in the trace.
    let actions = app.database.texts("SELECT action FROM audit ORDER BY seq").await;
    for action in ["mailbox.created", "mailbox.refreshed", "mailbox.opened", "message.read"] {
        assert!(actions.iter().any(|one| one == action), "{action} is not in {actions:?}");
    }
    assert_eq!(audit::verify(&app.app).await.unwrap().broken, None);
    app.end().await;
}

#[tokio::test]
async fn the_number_rises_by_itself_at_the_next_slot_and_open_consoles_hear_of_it() {
    let account = MailServer::get().account("una password del titolare").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let id = api.post("/mailboxes", account.body()).await.expect(201).json()["id"].as_str().unwrap().to_string();
    let browser = app.browser(&dario).await;
    let mut events = browser.events("/eventi?argomenti=caselle").await;
    assert_eq!(events.next().await.as_deref(), Some("caselle"), "a page that has just come is told at once");

    account.deliver("certified_message", 2).await;
    app.advance(Duration::from_secs(300));
    until("the scheduled visit shows on the console", async || {
        assert_eq!(events.next().await.as_deref(), Some("caselle"));
        let fragment = browser.get("/caselle?frammento=1").await.expect(200);
        fragment.text.contains("<title>(2) ").then_some(())
    })
    .await;
    assert_eq!(api.get(&format!("/mailboxes/{id}")).await.json()["new_messages"], 2);
    let run = until("the run ends", async || {
        let runs = api.get("/jobs/refresh-mailboxes/runs").await.expect(200).json();
        runs["items"][0]["finished_at"].is_string().then(|| runs["items"][0].clone())
    })
    .await;
    assert_eq!(run["outcome"], "ok");
    drop(events);
    app.end().await;
}
