//! In charge of what is promised about numbers (contract, 5): `new_messages` is what came since somebody last opened the
//! mailbox here, whatever its flags, and never more than there is.

use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::mail::MailServer;

fn numbers(mailbox: &Value) -> (i64, i64, i64) {
    let number = |name: &str| mailbox[name].as_i64().expect(name);
    (number("new_messages"), number("unread_messages"), number("total_messages"))
}

#[tokio::test]
async fn a_message_read_elsewhere_is_still_new_here() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let id = account.watched(&api).await;
    account.deliver("certified_message", 2).await;
    account.read_all().await;
    assert_eq!(numbers(&api.refreshed(&id).await), (2, 0, 2));
    app.end().await;
}

#[tokio::test]
async fn only_opening_the_page_makes_new_messages_old_and_the_api_never_does() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let id = account.watched(&api).await;
    account.deliver("acceptance", 1).await;
    api.refreshed(&id).await;
    let browser = app.browser(&dario).await;
    for path in ["/mailboxes", "/mailboxes?new=true", &format!("/mailboxes/{id}")] {
        api.get(path).await.expect(200);
    }
    browser.get("/caselle").await.expect(200);
    browser.get(&format!("/caselle/{id}/password")).await.expect(200);
    assert_eq!(numbers(&api.refreshed(&id).await), (1, 1, 1));

    browser.get(&format!("/caselle/{id}")).await.expect(200);
    assert_eq!(numbers(&api.mailbox(&id).await), (0, 1, 1));
    assert_eq!(numbers(&api.refreshed(&id).await), (0, 1, 1));
    account.deliver("delivery", 1).await;
    assert_eq!(numbers(&api.refreshed(&id).await), (1, 2, 2));
    app.end().await;
}

#[tokio::test]
async fn a_message_deleted_elsewhere_is_no_longer_new() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    account.deliver("ordinary", 2).await;
    let id = account.watched(&api).await;
    account.deliver("ordinary", 3).await;
    assert_eq!(numbers(&api.refreshed(&id).await), (3, 5, 5));
    let mut holder = account.second_client().await;
    holder.expunge("1").await;
    assert_eq!(numbers(&api.refreshed(&id).await), (3, 4, 4), "an old one");
    holder.expunge("4").await;
    assert_eq!(numbers(&api.refreshed(&id).await), (2, 3, 3), "a new one");
    holder.mark_read("3").await;
    assert_eq!(numbers(&api.refreshed(&id).await), (2, 2, 3));
    holder.expunge("1:*").await;
    let emptied = api.refreshed(&id).await;
    assert_eq!((numbers(&emptied), &emptied["last_message_at"]), ((0, 0, 0), &Value::Null));
    account.deliver("ordinary", 1).await;
    assert_eq!(numbers(&api.refreshed(&id).await), (1, 1, 1));
    app.end().await;
}

#[tokio::test]
async fn a_mailbox_that_was_renumbered_keeps_its_number_and_goes_on_from_there() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let id = account.watched(&api).await;
    account.deliver("ordinary", 2).await;
    assert_eq!(numbers(&api.refreshed(&id).await), (2, 2, 2));
    let validity = "SELECT uid_validity FROM mailboxes";
    let before = app.database.number(validity).await;
    account.renumber();
    assert_eq!(numbers(&api.refreshed(&id).await), (2, 2, 2));
    assert_ne!(app.database.number(validity).await, before, "the server did number anew");
    account.deliver("ordinary", 1).await;
    assert_eq!(numbers(&api.refreshed(&id).await), (3, 3, 3));
    let mut holder = account.second_client().await;
    holder.expunge("1:*").await;
    assert_eq!(numbers(&api.refreshed(&id).await), (0, 0, 0), "never more than there is");
    drop(holder);
    account.deliver("ordinary", 4).await;
    app.browser(&dario).await.get(&format!("/caselle/{id}")).await.expect(200);
    assert_eq!(numbers(&api.mailbox(&id).await), (0, 4, 4), "opened");
    app.end().await;
}

#[tokio::test]
async fn the_room_that_is_left_is_told() {
    let account = MailServer::get().account("segreta").await;
    account.limit(60 * 1024).await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    account.deliver("ordinary", 1).await;
    let added = api.post("/mailboxes", account.body()).await.expect(201).json();
    assert_eq!((&added["quota_state"], &added["quota_limit"]), (&json!("ok"), &json!(60 * 1024)));
    assert!(added["quota_used"].as_i64().is_some_and(|used| used > 0 && used < 42_000), "{added}");
    let id = added["id"].as_str().expect("an id");
    // The server counts in KiB: one small message may take none.
    account.deliver("ordinary", 4).await;
    let later = api.refreshed(id).await;
    assert!(later["quota_used"].as_i64() > added["quota_used"].as_i64(), "what comes takes room, and is told at once");
    app.end().await;
}

#[tokio::test]
async fn the_page_tells_each_kind_of_message_by_word_and_says_what_only_looks_certified() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let id = account.watched(&api).await;
    let kinds = [
        ("busta.eml", "Messaggio PEC"),
        ("accettazione.eml", "Accettazione"),
        ("avvenuta-consegna.eml", "Consegna"),
        ("mancata-consegna.eml", "Mancata consegna"),
        ("anomalia.eml", "Messaggio non PEC"),
        ("ordinaria.eml", "Messaggio non PEC"),
        ("sembra-pec.eml", "Sembra PEC ma non lo è"),
        ("broken-mime.eml", "Messaggio non PEC"),
        ("broken-headers.eml", "Messaggio non PEC"),
        ("broken-charset.eml", "Messaggio non PEC"),
    ];
    for (file, _) in kinds {
        account.deliver_file(file).await;
    }
    let browser = app.browser(&dario).await;
    let page = browser.get(&format!("/caselle/{id}")).await.expect(200).words();
    for (file, word) in kinds {
        assert!(page.contains(word), "{file}: {word:?} is not on the page: {page}");
    }
    for uid in 1..=kinds.len() {
        let page = browser.get(&format!("/caselle/{id}?messaggio={uid}")).await.expect(200);
        assert!(page.text.contains("id=\"oggetto\""), "message {uid} is shown");
    }
    browser.get(&format!("/caselle/{id}?messaggio=uno")).await.expect(404);
    assert!(browser.get(&format!("/caselle/{id}?messaggio=999")).await.expect(200).text.contains("sp-note"));
    app.end().await;
}

#[tokio::test]
async fn hundreds_of_new_messages_are_counted() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let id = account.watched(&api).await;
    let mut holder = account.second_client().await;
    holder.fill("ordinaria.eml", 700).await;
    assert_eq!(numbers(&api.refreshed(&id).await), (700, 700, 700));
    holder.expunge("1:300").await;
    assert_eq!(numbers(&api.refreshed(&id).await), (400, 400, 400));
    app.end().await;
}
