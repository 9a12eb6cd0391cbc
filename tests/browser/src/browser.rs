//! In charge of the hands and eyes of a test: goes to pages, types, clicks, waits until something is so. Nothing sleeps for a
//! guessed time; what does not come true in time fails with words. Does not know about Sportello's pages.

use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::driver::{Driver, Options};

/// How long anything may take that a person would wait for.
const PATIENCE: Duration = Duration::from_secs(15);

/// How often it is looked again.
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// A browser window.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    driver: Driver,
    /// Where the program answers, `http://127.0.0.1:PORT`.
    origin: String,
}

impl Browser {
    /// Opens a browser for the program at `origin`, 1440 × 900.
    pub async fn open(origin: &str, options: Options) -> Browser {
        let driver = Driver::start().await;
        let client = driver.session(options).await;
        let browser = Browser { client, driver, origin: origin.trim_end_matches('/').to_string() };
        browser.resize(1440).await;
        browser
    }

    /// Closes it. A test that fails leaves first what was on screen: see `picture`.
    pub async fn close(self) {
        // A session that is already broken closes with chromedriver.
        let _ = self.client.close().await;
        self.driver.stop().await;
    }

    /// What is on screen, as PNG; nothing when the browser does not answer any more.
    pub async fn picture(&self) -> Option<Vec<u8>> {
        self.client.screenshot().await.ok()
    }

    /// Goes to an address of the program and waits until it is loaded.
    pub async fn goto(&self, path: &str) {
        let address = if path.starts_with('/') { format!("{}{path}", self.origin) } else { path.to_string() };
        self.client.goto(&address).await.unwrap_or_else(|fault| panic!("going to {path}: {fault}"));
    }

    /// The browser's own button.
    pub async fn back(&self) {
        self.client.back().await.expect("the browser goes back");
    }

    /// Makes the window `width` CSS pixels wide, exactly; a window manager's least width does not count.
    pub async fn resize(&self, width: u32) {
        let height = if width < 600 { 844 } else { 900 };
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.chrome("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// The first element that a CSS selector finds, waited for.
    pub async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(PATIENCE).every(LOOK_EVERY).for_element(Locator::Css(css)).await;
        found.unwrap_or_else(|fault| panic!("looking for {css}: {fault}"))
    }

    /// How many elements a CSS selector finds now.
    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.unwrap_or_else(|fault| panic!("counting {css}: {fault}")).len()
    }

    /// The words that a person sees in an element.
    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap_or_else(|fault| panic!("reading {css}: {fault}"))
    }

    /// The text of a field as it stands.
    pub async fn value(&self, css: &str) -> String {
        let value = self.find(css).await.prop("value").await;
        value.unwrap_or_else(|fault| panic!("reading {css}: {fault}")).unwrap_or_default()
    }

    /// Clicks, as a hand with a mouse does: an element that is covered or not to be seen fails.
    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap_or_else(|fault| panic!("clicking {css}: {fault}"));
    }

    /// Types over what a field holds.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap_or_else(|fault| panic!("emptying {css}: {fault}"));
        field.send_keys(text).await.unwrap_or_else(|fault| panic!("typing into {css}: {fault}"));
    }

    /// Types at the keyboard, wherever the focus is. Special keys are `fantoccini::key::Key`s.
    pub async fn type_keys(&self, keys: &str) {
        let active = self.client.active_element().await.expect("something has the focus");
        active.send_keys(keys).await.unwrap_or_else(|fault| panic!("typing {keys:?}: {fault}"));
    }

    /// Goes on with the Tab key until an element has the focus, as somebody without a mouse does.
    pub async fn tab_to(&self, css: &str) {
        for _ in 0..100 {
            self.type_keys("\u{e004}").await;
            if self.has_focus(css).await {
                return;
            }
        }
        panic!("the Tab key does not lead to {css}");
    }

    /// True when the element that a CSS selector finds has the focus.
    pub async fn has_focus(&self, css: &str) -> bool {
        self.worth(&format!("document.activeElement.matches({})", json!(css))).await == json!(true)
    }

    /// The tab's title.
    pub async fn title(&self) -> String {
        self.client.title().await.expect("the page has a title")
    }

    /// The address without the origin.
    pub async fn path(&self) -> String {
        let address = self.client.current_url().await.expect("the page has an address").to_string();
        address.strip_prefix(&self.origin).map(String::from).unwrap_or(address)
    }

    /// Gives the browser a cookie of the program, and takes all others from it.
    pub async fn hold_only_cookie(&self, name: &str, value: &str) {
        self.forget_cookies().await;
        let cookie = json!({"name": name, "value": value, "url": self.origin, "httpOnly": true, "sameSite": "Lax"});
        self.chrome("Network.setCookie", cookie).await;
    }

    /// Forgets every cookie.
    pub async fn forget_cookies(&self) {
        self.chrome("Network.clearBrowserCookies", json!({})).await;
    }

    /// What a JavaScript expression is worth on the page.
    pub async fn worth(&self, expression: &str) -> Value {
        let worth = self.client.execute(&format!("return ({expression});"), Vec::new()).await;
        worth.unwrap_or_else(|fault| panic!("{expression}: {fault}"))
    }

    /// Runs a script whose last argument is called with its answer.
    pub(crate) async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client
            .execute_async(script, arguments)
            .await
            .unwrap_or_else(|fault| panic!("a script on the page: {fault}"))
    }

    /// Runs a script.
    pub(crate) async fn inject(&self, script: &str) {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|fault| panic!("a script on the page: {fault}"));
    }

    /// Waits until a JavaScript expression is true; fails with `what` was waited for and what it was worth at last.
    pub async fn until(&self, what: &str, expression: &str) {
        let ask = async || self.client.execute(&format!("return ({expression});"), Vec::new()).await;
        self.wait(what, async || match ask().await {
            Ok(Value::Bool(true)) => Ok(()),
            other => Err(format!("{expression} is {other:?}")),
        })
        .await
    }

    /// Waits until an element's words are these.
    pub async fn until_text(&self, css: &str, expected: &str) {
        self.wait(&format!("«{expected}» in {css}"), async || {
            let element = self.client.find(Locator::Css(css)).await.map_err(|fault| fault.to_string())?;
            let text = element.text().await.map_err(|fault| fault.to_string())?;
            if text == expected { Ok(()) } else { Err(format!("it is «{text}»")) }
        })
        .await
    }

    /// Waits until the page's address, without the origin, is this.
    pub async fn until_path(&self, expected: &str) {
        self.wait(&format!("the address {expected}"), async || {
            let path = self.path().await;
            if path == expected { Ok(()) } else { Err(format!("it is {path}")) }
        })
        .await
    }

    /// Loads the page again until a CSS selector finds something: what is left to do where no script runs.
    pub async fn until_after_reloads(&self, what: &str, css: &str) {
        self.wait(what, async || {
            self.client.refresh().await.map_err(|fault| fault.to_string())?;
            if self.count(css).await > 0 { Ok(()) } else { Err(format!("there is no {css}")) }
        })
        .await
    }

    async fn wait(&self, what: &str, is_so: impl AsyncFn() -> Result<(), String>) {
        let since = Instant::now();
        while let Err(instead) = is_so().await {
            assert!(since.elapsed() < PATIENCE, "waited in vain for {what}: {instead}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// What the console has said since the last time it was asked: `(level, source, text)`.
    pub async fn console(&self) -> Vec<(String, String, String)> {
        let said =
            self.client.issue_cmd(Ask("se/log", json!({"type": "browser"}))).await.expect("the console can be read");
        let word = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_string();
        let lines = said.as_array().cloned().unwrap_or_default();
        lines.iter().map(|line| (word(line, "level"), word(line, "source"), word(line, "message"))).collect()
    }

    async fn chrome(&self, command: &str, parameters: Value) {
        let asked = Ask("goog/cdp/execute", json!({"cmd": command, "params": parameters}));
        let done: Result<Value, CmdError> = self.client.issue_cmd(asked).await;
        done.unwrap_or_else(|fault| panic!("{command}: {fault}"));
    }
}

/// A command of chromedriver's own, beyond the standard: its place under the session, its body.
#[derive(Debug)]
struct Ask(&'static str, Value);

impl WebDriverCompatibleCommand for Ask {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.0))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.1.to_string()))
    }
}
