//! In charge of what is promised of servers that behave badly (H37): each costs one place for a bounded time; all others are
//! visited on time; and whatever they say, nobody's password is called wrong.

use std::time::{Duration, Instant};

use crate::support::app::Setup;
use crate::support::provider::{Manner, Provider};
use crate::support::until;

#[tokio::test]
async fn bad_servers_do_not_stop_the_good_and_are_given_up() {
    let timeout = Duration::from_secs(2);
    let app = Setup::new()
        .await
        .jobs()
        .settings(|settings| {
            settings.allow_plaintext_imap = true;
            settings.imap_timeout = timeout;
            settings.refresh_concurrency = 8;
        })
        .start()
        .await;
    let (_, api) = app.dario().await;
    let manners = [
        (Manner::Hangs, "unreachable"),
        (Manner::Drips, "unreachable"),
        (Manner::Babbles, "temporary_error"),
        (Manner::Lies, "temporary_error"),
        (Manner::Resets, "unreachable"),
        (Manner::Leaves, "unreachable"),
    ];
    let mut bad = Vec::new();
    for (number, (manner, status)) in manners.into_iter().enumerate() {
        let (provider, user) = (Provider::start().await, format!("cattiva{number}"));
        provider.password(&user, "segreta");
        let made = api.post("/mailboxes", provider.body(&user)).await.expect(201).json();
        bad.push((provider, made["id"].as_str().unwrap().to_string(), manner, status));
    }
    let good = Provider::start().await;
    for number in 0..30 {
        good.password(&format!("buona{number}"), "segreta");
        api.post("/mailboxes", good.body(&format!("buona{number}"))).await.expect(201);
    }
    for (provider, _, manner, _) in &bad {
        provider.behave(*manner);
    }
    let known = api.mailbox(&bad[0].1).await["total_messages"].clone();
    for _ in 0..2 {
        let begun = Instant::now();
        app.advance(Duration::from_secs(300));
        until("the good mailboxes are visited", async || {
            let checked = format!(
                "SELECT COUNT(*) FROM mailboxes WHERE username LIKE 'buona%' AND last_success_at >= {}",
                app.app.clock.now().0
            );
            (app.database.number(&checked).await == 30).then_some(())
        })
        .await;
        assert!(begun.elapsed() < timeout * 3, "not behind the bad ones: {:?}", begun.elapsed());
        until("the slot is over", async || {
            (app.database.number("SELECT COUNT(*) FROM visits WHERE state <> 'done'").await == 0).then_some(())
        })
        .await;
    }
    for (_, id, manner, status) in &bad {
        let mailbox = api.mailbox(id).await;
        assert_eq!(mailbox["status"], *status, "{manner:?}: {}", mailbox["status_detail"]);
        assert_eq!(mailbox["total_messages"], known, "{manner:?}: what was known stays");
    }
    assert_eq!(app.database.number("SELECT COUNT(*) FROM mailboxes WHERE status = 'ok'").await, 30);
    let longest = "SELECT MAX(finished_at - started_at) FROM visits";
    let longest = app.database.number(longest).await;
    assert!(longest < 3 * timeout.as_millis() as i64 + 2000, "a visit has an end: {longest} ms");
    assert_eq!(app.database.number("SELECT COUNT(*) FROM audit WHERE detail LIKE '%wrong_password%'").await, 0);
    for (provider, ..) in &bad {
        provider.behave(Manner::Good);
    }
    for (_, id, ..) in &bad {
        assert_eq!(api.refreshed(id).await["status"], "ok");
    }
    app.end().await;
}
