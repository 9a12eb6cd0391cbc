//! In charge of the console that is open while things happen: numbers rise by themselves, under the hand nothing moves, and
//! a broken connection is told.

use std::time::Duration;

use serde_json::json;

use crate::support::client::Api;
use crate::support::mail::{Account, MailServer};
use crate::world::{World, in_world};

/// The next slot of the schedule, as it is shipped: every five minutes.
const SLOT: Duration = Duration::from_secs(300);

/// Has a mailbox of this name watched. Gives its id.
async fn watch(api: &Api, account: &Account<'_>, name: &str) -> String {
    let mut body = account.body();
    body["description"] = json!(name);
    api.post("/mailboxes", body).await.expect(201).json()["id"].as_str().unwrap().to_string()
}

/// An open console with two mailboxes, by name. A reload would forget `window.same`.
async fn open_console(world: &World, path: &str, accounts: [&Account<'_>; 2]) -> [String; 2] {
    let (dario, api) = world.app.dario().await;
    let ids = [watch(&api, accounts[0], "Anagrafe").await, watch(&api, accounts[1], "Protocollo").await];
    world.log_in(&dario).await;
    world.browser.goto(path).await;
    world.browser.worth("(window.same = true)").await;
    ids
}

/// The figure in a row's column of new messages, as an expression on the page.
fn new_of(id: &str) -> String {
    format!("parseInt(document.querySelector('#casella-{id} td.num').textContent)")
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_comes_raises_its_rows_number_by_itself_and_nothing_else_moves() {
    in_world(async |world| {
        let (browser, server) = (&world.browser, MailServer::get());
        let (quiet, busy) = (server.account("password quieta").await, server.account("password viva").await);
        let [quiet_id, busy_id] = open_console(world, "/caselle", [&quiet, &busy]).await;
        assert_eq!(browser.title().await, "Caselle · Sportello");
        browser
            .worth(&format!("(window.held = document.querySelector('#casella-{quiet_id} a[data-open]')).focus()"))
            .await;

        busy.deliver("certified_message", 2).await;
        world.app.advance(SLOT);
        browser.until("the row's number rises", &format!("{} === 2", new_of(&busy_id))).await;
        browser.until("the tab's title follows", "document.title === '(2) Caselle · Sportello'").await;
        assert_eq!(browser.worth(&new_of(&quiet_id)).await, json!(0), "the other row keeps its number");
        assert_eq!(browser.worth("document.activeElement === window.held").await, json!(true), "the focus stays");
        assert_eq!(browser.worth("window.same").await, json!(true), "the page is the same, not loaded again");

        browser.click(&format!("#casella-{busy_id} a[data-open]")).await;
        browser.until_path(&format!("/caselle/{busy_id}")).await;
        browser.until_text("#messaggi h1", "Posta in arrivo").await;
        browser.back().await;
        browser.until("opened is no longer new", &format!("{} === 0", new_of(&busy_id))).await;
        browser.until("the title says so", "document.title === 'Caselle · Sportello'").await;
        assert_eq!(browser.complaints().await, [""; 0]);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_keep_their_order_under_the_hand_and_a_button_offers_the_new_one() {
    in_world(async |world| {
        let (browser, server) = (&world.browser, MailServer::get());
        let (first, second) = (server.account("password prima").await, server.account("password seconda").await);
        let [first_id, second_id] = open_console(world, "/caselle?ordina=-new", [&first, &second]).await;
        let order = |ids: [&str; 2]| {
            let wanted = ids.map(|id| format!("casella-{id}")).concat();
            format!("[...document.querySelectorAll('#elenco tbody tr')].map((row) => row.id).join('') === '{wanted}'")
        };
        let as_they_were = browser.worth(&order([&first_id, &second_id])).await == json!(true);
        let (above, below, account) =
            if as_they_were { (&first_id, &second_id, &second) } else { (&second_id, &first_id, &first) };

        account.deliver("certified_message", 1).await;
        world.app.advance(SLOT);
        browser.until("the lower row's number rises", &format!("{} === 1", new_of(below))).await;
        browser.until("the rows stay where they are", &order([above, below])).await;
        browser.until("a button offers the order", "!document.getElementById('riordina').hidden").await;
        browser.click("#riordina button").await;
        browser.until("the rows change places", &order([below, above])).await;
        browser.until("the button goes", "document.getElementById('riordina').hidden").await;
        assert!(browser.has_focus("h1").await, "the focus is not lost with the button");
        assert_eq!(browser.worth("window.same").await, json!(true));
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_told_and_made_good_without_a_reload() {
    in_world(async |world| {
        let (browser, server) = (&world.browser, MailServer::get());
        let (quiet, busy) = (server.account("password quieta").await, server.account("password viva").await);
        let [_, busy_id] = open_console(world, "/caselle", [&quiet, &busy]).await;
        world.until_listening().await;

        world.wire.cut();
        browser.until("the bar comes", "!document.getElementById('connessione').hidden").await;
        let bar = browser.text("#connessione").await;
        assert!(bar.starts_with("Connessione persa. Ultimo aggiornamento alle "), "{bar}");

        busy.deliver("certified_message", 1).await;
        world.app.advance(SLOT);
        world.wire.mend();
        browser.until("the bar goes", "document.getElementById('connessione').hidden").await;
        browser.until("what was missed is there", &format!("{} === 1", new_of(&busy_id))).await;
        assert_eq!(browser.worth("window.same").await, json!(true));
    })
    .await
}
