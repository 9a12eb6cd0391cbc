//! In charge of replies that can be taken back for ten seconds (O06): until then nobody hears of them, then they are said once.

use std::time::Duration;

use serde_json::json;

use crate::support::app::{Setup, TestApp};
use crate::support::client::Browser;
use crate::support::smtp::Moody;
use crate::support::until;

/// A request of Elena's, with the desk's browser before it.
async fn asked(app: &TestApp) -> (Browser, String) {
    let cast = app.cast().await;
    let made = app.api(&cast.elena).await.post("/tickets", json!({"subject": "S", "body": "B", "area": "pec"})).await;
    let number = made.expect(201).json()["number"].as_str().unwrap().to_string();
    (app.browser(&cast.anna).await, format!("/operatore/{number}"))
}

/// The page's own form, as its button sends it.
fn form<'f>(once: &'f str, text: &'f str) -> [(&'f str, &'f str); 4] {
    [("kind", "public"), ("undo", "1"), ("once", once), ("body_text", text)]
}

async fn said(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT body FROM ticket_messages WHERE kind = 'public' ORDER BY id").await
}

async fn left(app: &TestApp) {
    until("nothing waits any longer", async || {
        (app.database.number("SELECT COUNT(*) FROM held_replies WHERE fault IS NULL").await == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_reply_that_is_taken_back_in_time_sends_nothing_and_loses_nothing() {
    let server = Moody::start().await;
    let url = server.url();
    let app = Setup::new().await.settings(|settings| settings.smtp_url = Some(url)).jobs().start().await;
    let (desk, page) = asked(&app).await;
    let send = format!("{page}/risposta");
    let mails = app.database.number("SELECT COUNT(*) FROM outbox").await;
    desk.post(&page, &send, &form("a", "Buongiorno, provi ora")).await.expect(303);
    let shown = desk.get(&page).await.expect(200);
    assert!(shown.words().contains("Risposta in partenza") && shown.words().contains("Annulla l’invio"));
    app.advance(Duration::from_secs(9));
    assert_eq!((said(&app).await.len(), app.database.number("SELECT COUNT(*) FROM outbox").await), (1, mails));
    let id = app.database.texts("SELECT id FROM held_replies").await.remove(0);
    let undo = format!("{page}/in-partenza/{id}/annulla");
    desk.post(&page, &undo, &[]).await.expect(303);
    app.advance(Duration::from_secs(60));
    left(&app).await;
    assert_eq!((said(&app).await.len(), app.database.number("SELECT COUNT(*) FROM outbox").await), (1, mails));
    assert!(desk.get(&page).await.expect(200).text.contains("Buongiorno, provi ora</textarea>"), "as a draft");
    assert!(desk.post(&page, &undo, &[]).await.header("location").ends_with(&page), "once");
    app.end().await;
}

#[tokio::test]
async fn a_reply_leaves_when_its_moment_has_passed_once_however_often_it_was_sent() {
    let app = Setup::new().await.jobs().start().await;
    let (desk, page) = asked(&app).await;
    let send = format!("{page}/risposta");
    for _ in 0..2 {
        desk.post(&page, &send, &form("a", "Provi ora")).await.expect(303);
    }
    app.advance(Duration::from_secs(11));
    left(&app).await;
    assert_eq!(said(&app).await, ["B", "Provi ora"]);
    let page_now = desk.get(&page).await.expect(200).words();
    assert!(!page_now.contains("in partenza") && page_now.contains("In lavorazione"), "{page_now}");
    let by = app.database.texts("SELECT actor || ': ' || detail FROM audit WHERE action = 'ticket.replied'").await;
    assert_eq!(by, ["anna@example.org: state: new → open; assignee:  → anna"]);
    // The same form once more, from the browser's history: it has been said.
    desk.post(&page, &send, &form("a", "Provi ora")).await.expect(303);
    app.advance(Duration::from_secs(11));
    left(&app).await;
    assert_eq!(said(&app).await, ["B", "Provi ora"]);
    app.end().await;
}

#[tokio::test]
async fn what_comes_meanwhile_stops_it_and_is_shown_to_who_wrote_it() {
    let app = Setup::new().await.jobs().start().await;
    let (desk, page) = asked(&app).await;
    let number = page.rsplit('/').next().unwrap().to_string();
    let last = app.database.texts("SELECT id FROM ticket_messages WHERE kind = 'public'").await.remove(0);
    let typed = [form("a", "Provi ora").as_slice(), &[("after", last.as_str())]].concat();
    desk.post(&page, &format!("{page}/risposta"), &typed).await.expect(303);
    let mut c = app.app.db.read().await.unwrap();
    let elena = sportello::store::people::find_by_email(&mut c, "elena@example.org").await.unwrap().unwrap();
    drop(c);
    let body = json!({"kind": "public", "body_text": "Risolto da sola"});
    app.api(&elena).await.post(&format!("/tickets/{number}/messages"), body).await.expect(201);
    app.advance(Duration::from_secs(11));
    left(&app).await;
    assert_eq!(said(&app).await, ["B", "Risolto da sola"]);
    let shown = desk.get(&page).await.expect(200).words();
    assert!(shown.contains("non inviata") && shown.contains("È arrivata una nuova risposta"), "{shown}");
    assert!(shown.contains("Provi ora Riprendi il testo"));
    let queue = desk.get("/operatore").await.expect(200);
    assert!(queue.words().contains(&format!("Una tua risposta non è stata inviata: {number}")), "{}", queue.text);
    let id = app.database.texts("SELECT id FROM held_replies").await.remove(0);
    desk.post(&page, &format!("/operatore/TK-2026-000009/in-partenza/{id}/annulla"), &[]).await.expect(404);
    desk.post(&page, &format!("{page}/in-partenza/{id}/annulla"), &[]).await.expect(303);
    assert!(!desk.get("/operatore").await.expect(200).text.contains("non-inviate"));
    app.end().await;
}

#[tokio::test]
async fn what_its_writer_does_next_sends_it_first_and_what_was_begun_since_stays() {
    let app = Setup::new().await.jobs().start().await;
    let (desk, page) = asked(&app).await;
    let (send, draft) = (format!("{page}/risposta"), format!("{page}/bozza"));
    desk.post(&page, &send, &form("a", "Provi ora")).await.expect(303);
    desk.post(&page, &draft, &[("kind", "public"), ("body_text", "E ancora")]).await.expect(303);
    app.advance(Duration::from_secs(11));
    left(&app).await;
    assert!(desk.get(&page).await.expect(200).text.contains("E ancora</textarea>"), "it is another reply");
    desk.post(&page, &send, &form("b", "Un’altra")).await.expect(303);
    desk.post(&page, &draft, &[("kind", "public"), ("body_text", "E poi")]).await.expect(303);
    let id = app.database.texts("SELECT id FROM held_replies").await.remove(0);
    desk.post(&page, &format!("{page}/in-partenza/{id}/annulla"), &[]).await.expect(303);
    let back = desk.get(&page).await.expect(200);
    assert!(back.text.contains("Un’altra\n\nE poi</textarea>"), "{}", back.text);
    // By whatever door: here a program's.
    desk.post(&page, &send, &form("b2", "Segnalo")).await.expect(303);
    let mut c = app.app.db.read().await.unwrap();
    let anna = sportello::store::people::find_by_email(&mut c, "anna@example.org").await.unwrap().unwrap();
    drop(c);
    let wait = json!({"for": "third_party", "reason": "Pratica 4471"});
    let path = format!("/tickets/{}/wait", page.rsplit('/').next().unwrap());
    app.api(&anna).await.post(&path, wait).await.expect(200);
    assert_eq!(said(&app).await, ["B", "Provi ora", "Segnalo"]);
    desk.post(&page, &send, &form("c", "Chiudo così")).await.expect(303);
    let close = [("verb", "cancelled"), ("reason", "Doppia")];
    desk.post(&page, &format!("{page}/stato"), &close).await.expect(303);
    assert_eq!(said(&app).await, ["B", "Provi ora", "Segnalo", "Chiudo così"]);
    app.end().await;
}
