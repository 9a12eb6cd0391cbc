//! In charge of one test's world: a program of its own on an empty database, a browser that looks at it, a picture when it
//! fails. Does not know what is tested.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures::FutureExt;
use sportello::config::Settings;
use sportello::model::person::{Language, Person};
use sportello_browser_tests::{Browser, Options};
use tokio::sync::Semaphore;

use crate::support::app::{Setup, TestApp};
use crate::support::mail::MailServer;
use crate::support::root;
use crate::wire::Wire;

/// A browser is three processes: on two cores, two at once are enough. (cargo-nextest gives each test a process, and counts itself.)
static PLACES: Semaphore = Semaphore::const_new(2);

/// What a test has.
pub struct World {
    pub app: TestApp,
    /// Between the two.
    pub wire: Wire,
    pub browser: Browser,
}

/// Runs a test against the program with a mail server that it trusts and its jobs running, seen with an ordinary browser.
pub async fn in_world(test: impl AsyncFnOnce(&World)) {
    in_world_seen_with(Options::default(), test).await
}

/// The same, seen with another browser.
pub async fn in_world_seen_with(options: Options, test: impl AsyncFnOnce(&World)) {
    in_world_set(options, |_| {}, test).await
}

/// The same, with other settings.
pub async fn in_world_set<F: AsyncFnOnce(&World)>(options: Options, change: impl FnOnce(&mut Settings), test: F) {
    let _place = PLACES.acquire().await.expect("it is never closed");
    let app = Setup::new().await.mail(MailServer::get()).settings(change).jobs().start().await;
    let wire = Wire::to(&app.base).await;
    let browser = Browser::open(&wire.origin, options).await;
    let world = World { app, wire, browser };
    let outcome = AssertUnwindSafe(test(&world)).catch_unwind().await;
    if outcome.is_err() {
        keep_picture(&world.browser, std::any::type_name::<F>()).await;
    }
    world.browser.close().await;
    match outcome {
        Ok(()) => drop(world.app.end().await),
        Err(panic) => resume_unwind(panic),
    }
}

/// Keeps what was on screen under `target/browser`, under the name of the test in which the closure `of` is written.
async fn keep_picture(browser: &Browser, of: &str) {
    let name = of.split("::").filter(|part| !part.starts_with("{{")).skip(1).collect::<Vec<_>>().join("-");
    let folder = root().join("target/browser");
    let Some(picture) = browser.picture().await else { return eprintln!("{name}: the browser gives no picture") };
    std::fs::create_dir_all(&folder).expect("a folder for pictures");
    std::fs::write(folder.join(format!("{name}.png")), picture).expect("the picture is kept");
    eprintln!("what was on screen: target/browser/{name}.png");
}

impl World {
    /// Lets a person be logged in at the browser, without the form; nobody else is.
    pub async fn log_in(&self, person: &Person) {
        let client = self.app.browser(person).await;
        let secret = client.jar.lock().expect("one thread").get("sportello").cloned();
        let secret = secret.expect("the person has a session");
        // A page that is open asks for its rows when something changes: between two sessions it would be turned away.
        self.browser.goto("about:blank").await;
        self.browser.hold_only_cookie("sportello", &secret).await;
    }

    /// Changes a person's language, as the profile does.
    pub async fn speaks(&self, person: &Person, language: Language) {
        let sql = format!("UPDATE persons SET language = '{}' WHERE id = '{}'", language.as_str(), person.id);
        assert_eq!(self.app.database.execute(&sql).await, 1);
    }

    /// Waits until a console's stream of events is open: its first word makes the console ask for its rows.
    pub async fn until_listening(&self) {
        let asked = "performance.getEntriesByType('resource').some((one) => one.name.includes('frammento='))";
        self.browser.until("the console listens", asked).await;
    }
}
