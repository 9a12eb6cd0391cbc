//! In charge of opening a mailbox on its page: one login, and the message that was clicked or none.

use crate::support::app::TestApp;
use crate::support::mail::MailServer;
use crate::support::relay::Relay;

/// The address of the first message on the page.
fn first_link(html: &str) -> String {
    let (_, rest) = html.split_once("?messaggio=").expect("a message is listed");
    format!("?messaggio={}", rest.split('"').next().unwrap().replace("&amp;", "&"))
}

#[tokio::test]
async fn a_message_is_opened_in_the_session_of_its_list() {
    let account = MailServer::get().account("segreta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let id = account.watched_at(relay.port, &api).await;
    account.deliver_file("ordinaria.eml").await;
    let browser = app.browser(&dario).await;
    let before = relay.connections();
    let link = first_link(&browser.get(&format!("/caselle/{id}")).await.expect(200).text);
    let page = browser.get(&format!("/caselle/{id}{link}")).await.expect(200);
    assert!(page.text.contains("<pre class=\"sp-text\">") && page.text.contains("sp-q"), "the message beside the list");
    assert_eq!(relay.connections(), before + 2, "one for each page");
    app.end().await;
}

#[tokio::test]
async fn a_mailbox_numbered_anew_shows_no_other_message_than_the_one_clicked() {
    let account = MailServer::get().account("segreta").await;
    let app = TestApp::with_mail().await;
    let (dario, api) = app.dario().await;
    let id = account.watched(&api).await;
    account.deliver_file("ordinaria.eml").await;
    account.deliver_file("accettazione.eml").await;
    let browser = app.browser(&dario).await;
    let link = first_link(&browser.get(&format!("/caselle/{id}")).await.expect(200).text);
    account.second_client().await.expunge("1").await;
    account.renumber();
    let page = browser.get(&format!("/caselle/{id}{link}")).await.expect(200);
    assert!(page.words().contains("numerato di nuovo"), "{}", page.words());
    assert!(!page.text.contains("id=\"oggetto\""), "no message is shown");
    let again = first_link(&page.text);
    assert_ne!(again, link, "the list leads on under the new numbering");
    assert!(browser.get(&format!("/caselle/{id}{again}")).await.expect(200).text.contains("id=\"oggetto\""));
    for wrong in ["?messaggio=1&validita=x", "?messaggio=1&validita=-1", "?messaggio=x&validita=1"] {
        browser.get(&format!("/caselle/{id}{wrong}")).await.expect(404);
    }
    app.end().await;
}
