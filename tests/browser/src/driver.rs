//! In charge of starting chromedriver and a browser's session in it. Does not know about pages.

use std::process::Stdio;
use std::time::Duration;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// What kind of browser a test wants.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The languages that it asks pages for, dearest first.
    pub languages: &'static str,
    /// Whether pages' scripts run.
    pub scripts: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { languages: "it-IT,it", scripts: true }
    }
}

/// A chromedriver of the test's own: it ends with this value, and nothing is shared between tests.
#[derive(Debug)]
pub struct Driver {
    port: u16,
    profile: TempDir,
    process: Child,
    /// Read no further, but kept open: chromedriver ends when it cannot write.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Driver {
    /// Starts chromedriver on a free port of its own choice. On a busy machine one may end at once, or take its time: then another
    /// is started. Panics when none comes up: then there is nothing to test with.
    pub async fn start() -> Driver {
        for _ in 0..3 {
            if let Some(driver) = Driver::try_start().await {
                return driver;
            }
        }
        panic!("chromedriver does not say its port");
    }

    async fn try_start() -> Option<Driver> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver is needed: script/install-packages test");
        let mut output = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let said = tokio::time::timeout(Duration::from_secs(20), async {
            while let Some(line) = output.next_line().await.ok()? {
                if let Some((_, port)) = line.split_once("started successfully on port ") {
                    return port.trim_end_matches('.').parse().ok();
                }
            }
            None
        });
        let port = said.await.ok().flatten()?;
        let profile = tempfile::tempdir().expect("a folder for the browser's profile");
        Some(Driver { port, profile, process, _output: output })
    }

    /// Opens a browser.
    pub async fn session(&self, options: Options) -> Client {
        let Value::Object(wanted) = self.capabilities(options) else {
            unreachable!("it is written below as an object")
        };
        ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted.into_iter().collect::<Capabilities>())
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .expect("chromedriver opens a browser")
    }

    /// Ends chromedriver, once its session is closed.
    pub async fn stop(mut self) {
        self.process.kill().await.expect("chromedriver ends");
    }

    fn capabilities(&self, options: Options) -> Value {
        let language = options.languages.split(',').next().unwrap_or_default();
        let mut arguments = [
            "--headless",
            // In a container the tests are root, and /dev/shm is small.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            // Nothing that a browser does by itself, and nothing that needs the internet.
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            // Nothing glides: a hand that aims where something just was would miss.
            "--force-prefers-reduced-motion",
        ]
        .map(String::from)
        .to_vec();
        arguments.push(format!("--lang={language}"));
        arguments.push(format!("--user-data-dir={}", self.profile.path().display()));
        if !options.scripts {
            arguments.push("--blink-settings=scriptEnabled=false".into());
        }
        json!({
            "browserName": "chrome",
            "goog:chromeOptions": {
                "args": arguments,
                "prefs": {"intl.accept_languages": options.languages, "credentials_enable_service": false},
            },
            "goog:loggingPrefs": {"browser": "ALL"},
        })
    }
}
