//! In charge of a mailbox opened: three panes, a message chosen by keyboard, nothing of a message's own that runs.

use fantoccini::key::Key;
use serde_json::json;

use crate::support::mail::MailServer;
use crate::world::in_world;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_chosen_by_keyboard_is_read_in_place_and_back_leads_back() {
    in_world(async |world| {
        let browser = &world.browser;
        let account = MailServer::get().account("la password del titolare").await;
        account.deliver_about("certified_message", "Convocazione del consiglio").await;
        account.deliver_about("ordinary", "Offerta di cancelleria").await;
        let flags = account.flags().await;
        let (dario, api) = world.app.dario().await;
        let id = api.post("/mailboxes", account.body()).await.expect(201).json()["id"].as_str().unwrap().to_string();
        world.log_in(&dario).await;

        browser.goto(&format!("/caselle/{id}")).await;
        assert_eq!(browser.text("#posta").await, "Posta in arrivo");
        assert_eq!(browser.count("#messaggi ol li").await, 2);
        assert_eq!(browser.text("#lettura strong").await, "Scegli un messaggio");
        let sideways = "(css) => document.querySelector(css).getBoundingClientRect()";
        let panes = format!(
            "(({sideways})('#casella').right <= ({sideways})('#messaggi').left + 1)
            && (({sideways})('#messaggi').right <= ({sideways})('#lettura').left + 1)"
        );
        assert_eq!(browser.worth(&panes).await, json!(true), "card, messages and text stand side by side");

        assert_eq!(browser.worth("typeof window.htmx").await, "object", "scripts are on");
        browser.worth("(window.same = true)").await;
        browser.tab_to("#messaggi li:nth-child(2) a").await;
        browser.type_keys(&Key::Enter).await;
        browser.until_text("#lettura h1", "Convocazione del consiglio").await;
        assert!(browser.path().await.starts_with(&format!("/caselle/{id}?messaggio=")));
        browser.until("the message's heading has the focus", "document.activeElement.id === 'oggetto'").await;
        assert!(browser.text("#lettura .sp-text").await.len() > 40);
        assert_eq!(browser.text("#lettura .sp-k").await, "Messaggio PEC");
        assert_eq!(browser.count("#messaggi li:nth-child(2) a[aria-current=true]").await, 1);
        assert_eq!(browser.title().await, "Convocazione del consiglio · Sportello");
        assert_eq!(browser.worth("window.same").await, json!(true), "the page is the same, not loaded again");

        browser.back().await;
        browser.until_path(&format!("/caselle/{id}")).await;
        browser.until_text("#lettura strong", "Scegli un messaggio").await;
        assert_eq!(account.flags().await, flags, "nothing is marked on the server");
        assert_eq!(browser.complaints().await, [""; 0]);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_message_brings_does_not_run_and_calls_nobody() {
    in_world(async |world| {
        let browser = &world.browser;
        let account = MailServer::get().account("la password del titolare").await;
        let markup = world.app.database.folder.path().join("markup.eml");
        std::fs::write(&markup, MARKUP).unwrap();
        account.deliver_file(markup.to_str().unwrap()).await;
        account.deliver_file("solo-html.eml").await;
        let (dario, api) = world.app.dario().await;
        let id = api.post("/mailboxes", account.body()).await.expect(201).json()["id"].as_str().unwrap().to_string();
        world.log_in(&dario).await;

        browser.goto(&format!("/caselle/{id}")).await;
        browser.click("#messaggi li:nth-child(1) a").await;
        browser.until_text("#lettura h1", "Richiesta nulla osta mobilità – matricola 795").await;
        assert!(browser.text("#lettura .sp-text").await.contains("si chiede il rilascio del nulla osta"));
        browser.click("#messaggi li:nth-child(2) a").await;
        browser.until_text("#lettura h1", "<b onclick=alert(1)>Oggetto</b>").await;
        assert_eq!(browser.text("#lettura .sp-text").await, "<img src=/x.gif onerror=alert(3)>testo");

        // An alert() would have made a step fail.
        let theirs = "main :is(script, img, b, i, [onclick], [onerror], [href^='javascript'])";
        assert_eq!(browser.count(theirs).await, 0, "markup of a message is text");
        assert_eq!(browser.complaints().await, [""; 0], "there was nothing for the content policy to refuse");
    })
    .await
}

/// A message with markup wherever a message has words.
const MARKUP: &str = "From: \"<i onclick=alert(2)>Mittente</i>\" <mittente@example.org>\r
To: protocollo@pec.example.org\r
Subject: <b onclick=alert(1)>Oggetto</b>\r
Date: Mon, 15 Jun 2026 09:00:00 +0200\r
Message-ID: <markup@example.org>\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
\r
<img src=/x.gif onerror=alert(3)>testo\r
";
