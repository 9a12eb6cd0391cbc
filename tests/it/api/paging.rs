//! In charge of lists that go on: every thing once, none left out, in each order; what cannot be read is told.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sportello::clock::Moment;
use sportello::model::mailbox::Status;
use sportello::store::mailbox_list::Order;

use crate::support::app::{BEGINNING, TestApp};
use crate::support::builders::mailbox;
use crate::support::client::Api;

/// All the things of a list, page by page.
async fn all(api: &Api, path: &str, limit: usize) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = api.get(&format!("{path}{}limit={limit}{cursor}", if path.contains('?') { '&' } else { '?' })).await;
        let page = page.expect(200).json();
        let found = page["items"].as_array().unwrap();
        assert!(found.len() <= limit);
        items.extend(found.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
        assert_eq!(found.len(), limit, "only the last page is shorter");
        assert!(items.len() < 1000, "the list does not end");
    }
}

#[tokio::test]
async fn mailboxes_come_once_each_in_every_order() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    for number in 0..57i64 {
        let one = mailbox(&format!("Casella{:02}@pec.example.it", (number * 31) % 57)).with(|mailbox| {
            // Many are equal in every respect but the address; some have no name, some were never looked at.
            mailbox.card.description =
                (number % 3 > 0).then(|| ["Àncora", "ancora", "_%\\'"][number as usize % 3].into());
            mailbox.facts.status = Status::ALL[number as usize % 4];
            mailbox.facts.new_messages = number % 5;
            mailbox.facts.unread_messages = number % 2;
            mailbox.facts.last_message_at = (number % 4 > 0).then_some(Moment(BEGINNING - number % 4));
            mailbox.facts.last_checked_at = (number % 2 > 0).then_some(Moment(BEGINNING));
        });
        one.insert(&app).await;
    }
    let whole = api.get("/mailboxes?limit=200").await.expect(200).json();
    let mut expected: Vec<String> = ids(whole["items"].as_array().unwrap());
    assert_eq!((expected.len(), &whole["next"]), (57, &Value::Null));
    expected.sort();
    for (_, word) in Order::ALL {
        let mut orders = Vec::new();
        for sort in [word.to_string(), format!("-{word}")] {
            let items = all(&api, &format!("/mailboxes?sort={sort}"), 7).await;
            let mut found = ids(&items);
            orders.push(found.clone());
            found.sort();
            assert_eq!(found, expected, "sorted by {sort}");
            if items.iter().any(|one| one[word].is_number()) {
                let numbers: Vec<i64> = items.iter().map(|one| one[word].as_i64().unwrap()).collect();
                assert!(
                    if sort.starts_with('-') { numbers.is_sorted_by(|a, b| a >= b) } else { numbers.is_sorted() },
                    "{sort}"
                );
            }
        }
        orders[1].reverse();
        assert_eq!(orders[0], orders[1], "{word} from the other end");
    }
    app.end().await;
}

fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(|one| one["id"].as_str().unwrap().to_string()).collect()
}

#[tokio::test]
async fn other_lists_come_once_each_too() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    for number in 0..52 {
        app.organization(&format!("c{number}"), ["Comune", "Ente", "ente"][number % 3]).await;
        api.post("/users", json!({"email": format!("p{number}@example.org"), "name": "Persona", "role": "operator"}))
            .await
            .expect(201);
        api.ask("POST", "/jobs/refresh-mailboxes/run").await.expect(202);
    }
    for (path, expected, name) in
        [("/organizations", 52, "id"), ("/users", 53, "id"), ("/jobs/refresh-mailboxes/runs", 52, "id")]
    {
        assert_eq!(
            api.get(path).await.json()["items"].as_array().unwrap().len(),
            50,
            "fifty unless another limit is asked for"
        );
        let mut found: Vec<String> =
            all(&api, path, 7).await.iter().map(|one| one[name].as_str().unwrap().to_string()).collect();
        found.sort();
        found.dedup();
        assert_eq!(found.len(), expected, "{path}");
    }
    let trace = all(&api, "/audit", 20).await;
    let numbers: Vec<i64> = trace.iter().map(|one| one["seq"].as_i64().unwrap()).collect();
    assert!(
        numbers.is_sorted_by(|a, b| *a == b + 1) && numbers.last() == Some(&1),
        "newest first, without gaps: {numbers:?}"
    );
    app.end().await;
}

#[tokio::test]
async fn a_limit_or_a_cursor_that_cannot_be_is_told() {
    let app = TestApp::start().await;
    let (_, api) = app.dario().await;
    mailbox("a@pec.example.it").insert(&app).await;
    for path in ["/mailboxes", "/organizations", "/users", "/audit", "/jobs/refresh-mailboxes/runs"] {
        for limit in ["0", "201", "-1", "x", "99999999999999999999", "1.5", ""] {
            assert_eq!(api.get(&format!("{path}?limit={limit}")).await.wrong_fields(), ["limit"], "{path} {limit}");
        }
        api.get(&format!("{path}?limit=200")).await.expect(200);
        assert_eq!(api.get(&format!("{path}?cursor=x")).await.wrong_fields(), ["cursor"], "{path}");
        for cursor in [
            "[]",
            "[\"x\"]",
            "[\"x\",\"y\",\"z\"]",
            "[\"9223372036854775808\",\"\"]",
            "[\"-1\",\"\\u0000\"]",
            "[\"\\u0000\"]",
        ] {
            let answer = api.get(&format!("{path}?cursor={}", URL_SAFE_NO_PAD.encode(cursor))).await;
            assert!([200, 422].contains(&answer.status), "{path} {cursor}: {}", answer.text);
        }
    }
    for (_, word) in Order::ALL {
        for cursor in ["[\"x\",\"y\"]", "[\"1\",\"y\"]", "[\"\\u0000\",\"y\"]"] {
            let answer = api.get(&format!("/mailboxes?sort={word}&cursor={}", URL_SAFE_NO_PAD.encode(cursor))).await;
            assert!([200, 422].contains(&answer.status), "{word} {cursor}: {}", answer.text);
        }
    }
    for (query, field) in [("sort=colour", "sort"), ("status=colour", "status"), ("sort=--name", "sort")] {
        assert_eq!(api.get(&format!("/mailboxes?{query}")).await.wrong_fields(), [field]);
    }
    for query in ["from=ieri", "to=2026-06-15"] {
        assert_eq!(api.get(&format!("/audit?{query}")).await.wrong_fields(), [query.split('=').next().unwrap()]);
    }
    app.end().await;
}
