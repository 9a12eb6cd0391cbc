//! In charge of what is promised of the page that takes a file of mailboxes: it is tried, then loaded; nothing secret comes back.

use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::mail::MailServer;

const IMPORT: &str = "/caselle/importa";

#[tokio::test]
async fn a_file_is_tried_and_then_loaded_by_the_page() {
    let account = MailServer::get().account("la segreta").await;
    let app = TestApp::with_mail().await;
    let cast = app.cast().await;
    let browser = app.browser(&cast.dario).await;
    let header = "address;username;password;authorization_holder;authorization_date;imap_host;imap_port";
    let line = |address: &str, password: &str| {
        let port = MailServer::get().imaps;
        format!("{address};{};{password};<b>Sindaco;2026-06-01;127.0.0.1;{port}", account.address)
    };
    let file = format!("{header}\n{}\n{}\n", line(&account.address, "la segreta"), line("<i>no", "altra segreta"));
    for (act, word, count) in [("prova", "Accettabile", 0), ("", "Accettabile", 0), ("carica", "Aggiunta", 1)] {
        let page = browser.upload(IMPORT, IMPORT, &[("azione", act)], file.as_bytes()).await.expect(200);
        let words = page.words();
        assert!(words.contains(&format!("2 {word} {}", account.address)), "{words}");
        assert!(words.contains("3 Rifiutata address : Inserisci un indirizzo completo"), "{words}");
        assert!(!page.text.contains("segreta") && !page.text.contains("<i>no"));
        assert_eq!(app.database.number("SELECT COUNT(*) FROM mailboxes").await, count);
    }
    let model = browser.get("/caselle/importa/modello.csv").await.expect(200);
    assert!(model.header("content-type").starts_with("text/csv"));
    let tried = browser.upload(IMPORT, IMPORT, &[], model.text.as_bytes()).await.expect(200);
    assert!(tried.words().contains("Nessuna riga sarebbe accettata"));
    app.end().await;
}

#[tokio::test]
async fn files_that_are_none_are_answered_and_nothing_is_taken_without_the_token() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let browser = app.browser(&cast.dario).await;
    let send = async |file: &[u8]| browser.upload(IMPORT, IMPORT, &[("azione", "carica")], file).await;
    for (file, words) in [
        (&b""[..], "Scegli il file"),
        (b"\0\x01\x02", "non è un testo CSV"),
        (b"address,colour\n", "Colonne non previste: colour"),
        (&vec![b'x'; 5 * 1024 * 1024 + 1], "supera 5 MB"),
        (
            format!("address,username,password,authorization_holder,authorization_date\n{}", "a,b,c,d,e\n".repeat(501))
                .as_bytes(),
            "più di 500 righe",
        ),
    ] {
        let page = send(file).await.expect(422);
        assert!(page.words().contains(words) && page.leads_to("#file"), "{words}: {}", page.words());
    }
    send(&vec![b'x'; 8_000_000]).await.expect(413);

    let request = |body: &'static str| {
        let request = browser.request(Method::POST, IMPORT).header("Content-Type", "multipart/form-data; boundary=b");
        browser.send(request.body(body))
    };
    request("--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nfalso\r\n--b--\r\n").await.expect(403);
    request("--b--\r\n").await.expect(403);
    request("--b\r\nContent-Disposition: form-data; name=\"csrf\"").await.expect(400);
    let json = browser.request(Method::POST, IMPORT).header("Content-Type", "application/json").body("{}");
    browser.send(json).await.expect(403);
    let anna = app.browser(&cast.anna).await;
    anna.upload("/caselle", IMPORT, &[("azione", "carica")], b"address\n").await.expect(403);
    app.end().await;
}
