//! In charge of what is promised about space running out (H30): who has under 30 % left is found, exactly those whom the rule
//! calls low or full, and the row says so.

use serde_json::json;
use sportello::model::mailbox::{Facts, QuotaState, Status};
use sportello::model::page::Window;
use sportello::store::mailbox_list::{self, Order, Wanted};

use crate::support::app::TestApp;
use crate::support::builders::mailbox;

#[tokio::test]
async fn the_filter_finds_exactly_those_whom_the_rule_calls_low_or_full() {
    let app = TestApp::start().await;
    let mut cases: Vec<(Option<i64>, Option<i64>)> =
        vec![(None, None), (Some(5), None), (None, Some(5)), (Some(5), Some(0))];
    for limit in [1, 2, 3, 7, 9, 10, 100, 1001, i64::MAX - 3, i64::MAX] {
        // The boundary from both sides, the ends, and beyond.
        let boundary = i64::try_from(i128::from(limit) * 7 / 10).unwrap();
        let around = [boundary - 1, boundary, boundary + 1, boundary + 2, 0, limit - 1, limit, limit.saturating_add(1)];
        cases.extend(around.iter().filter(|used| **used >= 0).map(|used| (Some(*used), Some(limit))));
    }
    let mut expected = Vec::new();
    for (number, (used, limit)) in cases.iter().enumerate() {
        let made = mailbox(&format!("c{number:03}@pec.example.it"));
        let made = made.with(|one| (one.facts.quota_used, one.facts.quota_limit) = (*used, *limit)).insert(&app).await;
        if matches!(made.facts.quota_state(), QuotaState::Low | QuotaState::Full) {
            expected.push(made.card.address);
        }
    }
    assert!(expected.len() > 20 && expected.len() < cases.len() - 20, "{} of {}", expected.len(), cases.len());
    let wanted = Wanted { short_of_room: true, ..Wanted::default() };
    let mut c = app.app.db.read().await.unwrap();
    let page = mailbox_list::list(&mut c, &wanted, Order::Address, false, &Window::first(500)).await.unwrap();
    let found: Vec<String> = page.items.into_iter().map(|one| one.card.address).collect();
    assert_eq!(found, expected);
    let counted = i64::try_from(expected.len()).unwrap();
    assert_eq!(mailbox_list::count(&mut c, &wanted).await.unwrap(), counted);
    let all = mailbox_list::totals(&mut c, &Wanted::default(), app.app.clock.now()).await.unwrap();
    assert_eq!(all.short_of_room, counted);
    drop(c);
    app.end().await;
}

#[tokio::test]
async fn the_console_marks_who_is_short_of_space_and_shows_them_alone() {
    let app = TestApp::start().await;
    let (dario, api) = app.dario().await;
    for (name, used, words) in [("settanta", 70, "ok"), ("settantuno", 71, "low"), ("cento", 100, "full")] {
        let with = |facts: &mut Facts| (facts.quota_used, facts.quota_limit) = (Some(used), Some(100));
        let one = mailbox(&format!("{name}@pec.example.it")).with(|one| with(&mut one.facts)).insert(&app).await;
        assert_eq!(api.mailbox(one.id.as_str()).await["quota_state"], json!(words), "{name}");
    }
    let trouble = mailbox("rifiutata@pec.example.it").with(|one| {
        one.facts.status = Status::WrongPassword;
        (one.facts.quota_used, one.facts.quota_limit) = (Some(99), Some(100));
    });
    trouble.insert(&app).await;
    let browser = app.browser(&dario).await;
    let console = browser.get("/caselle").await.expect(200);
    assert!(console.leads_to("/caselle?poco_spazio=1") && console.words().contains("Poco spazio 3"));
    let view = browser.get("/caselle?poco_spazio=1").await.expect(200);
    let words = view.words();
    assert!(words.contains("Caselle con poco spazio") && words.contains("3 di 3 caselle"), "{words}");
    for shown in
        ["settantuno@pec.example.it", "cento@pec.example.it", "rifiutata@pec.example.it", "Quasi piena", "Piena"]
    {
        assert!(words.contains(shown), "{shown}: {words}");
    }
    assert!(!words.contains("settanta@pec.example.it"));
    assert!(
        view.text.contains("sp-st wa\">Quasi piena") && view.text.contains("sp-st ko\">Piena"),
        "by word and shape"
    );
    let both = browser.get("/caselle?poco_spazio=1&q=cento").await.expect(200);
    assert!(both.words().contains("1 di 1 casella") && both.text.contains("name=\"poco_spazio\" value=\"1\""));
    app.end().await;
}
