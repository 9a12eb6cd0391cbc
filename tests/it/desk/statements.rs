//! In charge of what pages ask of the database: as many statements for many things as for a few, so that none is asked in a loop.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::support::app::TestApp;
use crate::support::client::{Api, Browser};

static ASKED: AtomicUsize = AtomicUsize::new(0);

/// Counts the readings that sqlx tells of, but for those by which the program listens for changes of others. What a new connection
/// is set up with is none.
struct Counting;

impl<S: tracing::Subscriber> Layer<S> for Counting {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        struct Summary(String);
        impl tracing::field::Visit for Summary {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                if field.name() == "summary" {
                    self.0 = format!("{value:?}");
                }
            }
        }
        if event.metadata().target() == "sqlx::query" {
            let mut summary = Summary(String::new());
            event.record(&mut summary);
            if summary.0.contains("SELECT") && !summary.0.contains("counters") {
                ASKED.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
}

async fn statements(by: &Browser, path: &str) -> usize {
    let before = ASKED.load(Ordering::SeqCst);
    by.get(path).await.expect(200);
    ASKED.load(Ordering::SeqCst) - before
}

/// A request with a reply, a note and a tag, in a mailbox's body.
async fn open(elena: &Api, anna: &Api, number: usize) -> String {
    let copies = json!([format!("uno{number}@example.net"), format!("due{number}@example.net")]);
    let body = json!({"subject": format!("Casella {number}"), "body": "B", "area": "pec", "cc": copies});
    let made = elena.post("/tickets", body).await.expect(201).json();
    let number = made["number"].as_str().unwrap().to_string();
    say(anna, &number).await;
    anna.patch(&format!("/tickets/{number}"), json!({"tags": ["prova"]})).await.expect(200);
    number
}

async fn say(anna: &Api, number: &str) {
    for kind in ["public", "internal"] {
        let body = json!({"kind": kind, "body_text": "Buongiorno"});
        anna.post(&format!("/tickets/{number}/messages"), body).await.expect(201);
    }
}

#[tokio::test]
async fn no_page_asks_more_often_for_more_things() {
    tracing_subscriber::registry().with(Counting).try_init().expect("the only one that listens");
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let (elena, anna) = (app.api(&cast.elena).await, app.api(&cast.anna).await);
    let first = open(&elena, &anna, 0).await;
    open(&elena, &anna, 1).await;
    let (desk, asking) = (app.browser(&cast.anna).await, app.browser(&cast.elena).await);
    let (of_desk, of_elena) = (format!("/operatore/{first}"), format!("/richieste/{first}"));
    let pages = [
        (&desk, "/operatore"),
        (&desk, "/operatore?vista=tutte&q=casella"),
        (&desk, "/operatore?q=buongiorno+prova"),
        (&desk, &*of_desk),
        (&desk, "/cruscotto"),
        (&asking, "/richieste"),
        (&asking, "/richieste?q=casella"),
        (&asking, &*of_elena),
    ];
    let mut few = Vec::new();
    for (by, path) in pages {
        few.push((path, statements(by, path).await));
    }
    for number in 2..30 {
        open(&elena, &anna, number).await;
        say(&anna, &first).await;
    }
    let mut many = Vec::new();
    for (by, path) in pages {
        many.push((path, statements(by, path).await));
    }
    assert_eq!(few, many);
    assert!(few.iter().all(|(_, asked)| (1..40).contains(asked)), "{few:?}");
    app.end().await;
}
