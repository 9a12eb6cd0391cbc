//! In charge of finding requests by words: other forms and accents, in whatever was said, by who sees it; and of what must not be
//! found.

use reqwest::Method;
use serde_json::json;

use crate::support::app::{Setup, TestApp};
use crate::support::client::{Api, WITH_FILES, with_files};

/// In so many pieces a word is common for the store.
const COMMON: usize = 20;

async fn open(api: &Api, subject: &str, text: &str) -> String {
    let body = json!({"subject": subject, "body": text, "area": "pec", "cc": ["studio.verdi@example.net"]});
    let made = api.post("/tickets", body).await.expect(201).json();
    made["number"].as_str().unwrap().into()
}

async fn say(api: &Api, number: &str, kind: &str, text: &str) -> String {
    let body = json!({"kind": kind, "body_text": text});
    let said = api.post(&format!("/tickets/{number}/messages"), body).await.expect(201).json();
    said["id"].as_str().unwrap().into()
}

/// The numbers that a query finds, in their order.
async fn found(api: &Api, query: &str) -> Vec<String> {
    let request = api.request(Method::GET, "/tickets").query(&[("q", query), ("sort", "number")]);
    let listed = api.send(request).await.expect(200).json();
    listed["items"].as_array().unwrap().iter().map(|one| one["number"].as_str().unwrap().to_string()).collect()
}

#[tokio::test]
async fn a_request_is_found_by_whatever_was_said_in_it() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna, carla) = (app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&cast.carla).await);
    let one = open(&elena, "La casella rifiuta la password", "Compare «Credenziali non valide» dell’Università.").await;
    let two = open(&elena, "Firma digitale", "Il dispositivo non va").await;
    let other = open(&carla, "La casella è piena", "Spazio esaurito").await;
    for query in
        ["caselle", "credenziale", "PASSWORD", "universita credenziali", "compar", "studio verdi", "elena@example.org"]
    {
        assert!(found(&elena, query).await.contains(&one), "{query}");
        assert!(!found(&carla, query).await.contains(&one), "{query}: not hers to see");
    }
    for query in [one.as_str(), "tk 2026 1", "2026-1", "#2026/000001", "000001"] {
        assert_eq!(found(&anna, query).await, std::slice::from_ref(&one), "{query}");
    }
    assert_eq!(found(&anna, "casella").await, [one.clone(), other.clone()]);
    assert_eq!(found(&elena, "casella").await, std::slice::from_ref(&one));
    assert!(found(&anna, "casella dispositivo").await.is_empty(), "each word is to be found");
    // In a later message; words may stand in different ones.
    let later = say(&anna, &two, "public", "Serve aggiornare i driver del lettore").await;
    assert_eq!(found(&elena, "driver firma").await, std::slice::from_ref(&two));
    // A note, and its very existence, stays at the desk; so do tags.
    say(&anna, &two, "internal", "Cliente impaziente").await;
    anna.patch(&format!("/tickets/{two}"), json!({"tags": ["recidivo"]})).await.expect(200);
    for word in ["impaziente", "recidivo"] {
        assert_eq!((found(&anna, word).await, found(&elena, word).await), (vec![two.clone()], vec![]), "{word}");
    }
    // The name of a file, for who sees the message.
    let request = elena.request(Method::POST, "/attachments").header("Content-Type", WITH_FILES);
    let request = request.body(with_files(&[], &[("file", "verbale_consiglio.pdf", b"x")]));
    let file = elena.send(request).await.expect(201).json();
    let body = json!({"kind": "public", "body_text": "Ecco", "attachments": [file["id"]]});
    elena.post(&format!("/tickets/{one}/messages"), body).await.expect(201);
    assert_eq!(found(&anna, "verbale").await, std::slice::from_ref(&one));
    // What is corrected is found by what it is now.
    anna.patch(&format!("/tickets/{one}"), json!({"subject": "Accesso negato", "cc": []})).await.expect(200);
    assert_eq!(
        (found(&anna, "negato").await, found(&anna, "studio").await),
        (vec![one.clone()], vec![two.clone(), other.clone()])
    );
    assert!(!found(&anna, "rifiuta").await.contains(&one));
    // What is moved is found where it is.
    let split = json!({"message_ids": [later]});
    let new = anna.post(&format!("/tickets/{two}/split"), split).await.expect(200).json();
    assert_eq!(found(&anna, "driver").await, [new["number"].as_str().unwrap()]);
    // The pages ask the same.
    let page = app.browser(&cast.anna).await.get("/operatore?q=driver").await.expect(200).text;
    assert!(page.contains(new["number"].as_str().unwrap()) && !page.contains(&one));
    app.end().await;
}

#[tokio::test]
async fn a_word_that_is_everywhere_finds_the_same_in_another_way() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna, carla) = (app.api(&cast.elena).await, app.api(&cast.anna).await, app.api(&cast.carla).await);
    let rare = open(&elena, "Firma remota", "Non parte da questa casella").await;
    let mut all = vec![rare.clone()];
    for number in 0..COMMON {
        all.push(open(&elena, "Le caselle sono lente", &format!("Da {number} giorni")).await);
    }
    assert_eq!(found(&anna, "casella").await, all, "the beginning of a word, and another form of it");
    assert_eq!((found(&anna, "casel").await.len(), found(&anna, "sella").await.len()), (COMMON + 1, 0));
    assert_eq!(found(&anna, "casella firma").await, [rare], "together with a rare one");
    assert!(found(&carla, "casella").await.is_empty());
    for number in &all {
        say(&anna, number, "internal", "Cliente impaziente").await;
    }
    assert_eq!((found(&anna, "impaziente").await.len(), found(&elena, "impaziente").await.len()), (COMMON + 1, 0));
    app.end().await;
}

#[tokio::test]
async fn no_query_breaks_the_search() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let one = open(&elena, "O'Reilly \"virgolette\" e 100%", "C:\\temp a&b | c").await;
    for query in [
        "\"",
        "'",
        "a\"b",
        "* OR *",
        "NEAR(a b)",
        "a AND NOT b",
        "terms:x",
        "-x",
        "^x",
        "(((",
        "a:* & !b",
        "<->",
        "\0",
        "%",
        "_",
        "\\",
        "' OR 1=1 --",
        "x\u{202e}y",
        "🙂",
        "ß",
        "Ελληνικά",
    ] {
        found(&anna, query).await;
    }
    found(&anna, &"lunga ".repeat(600)).await;
    assert_eq!(found(&anna, "o'reilly virgol").await, std::slice::from_ref(&one));
    assert_eq!(found(&anna, "!?").await, [one], "without a letter nothing is asked for");
    app.end().await;
}

#[tokio::test]
async fn what_was_there_before_is_found_after_an_upgrade() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let mut numbers = Vec::new();
    for one in 0..3 {
        numbers.push(open(&elena, &format!("Vecchia {one}"), "Una casella").await);
    }
    say(&anna, &numbers[0], "internal", "Promemoria").await;
    let database = app.end().await;
    database.execute("DELETE FROM ticket_pieces").await;
    let app = Setup::on(database).start().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    assert_eq!(found(&anna, "vecchie caselle").await, numbers);
    assert_eq!((found(&anna, "promemoria").await.len(), found(&elena, "promemoria").await.len()), (1, 0));
    let pieces = app.database.number("SELECT COUNT(*) FROM ticket_pieces").await;
    let database = app.end().await;
    let app = Setup::on(database).start().await;
    assert_eq!(
        app.database.number("SELECT COUNT(*) FROM ticket_pieces").await,
        pieces,
        "the second time nothing is done"
    );
    app.end().await;
}
