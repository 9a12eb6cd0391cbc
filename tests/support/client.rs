//! In charge of asking the program over real HTTP: as a program with a token, as a person at a browser. Follows no redirect
//! by itself, so that tests see each answer.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::header::{HeaderMap, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use super::PATIENCE;

fn client() -> Client {
    let built = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE * 2).build();
    built.expect("an HTTP client")
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    async fn of(request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("the program answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, text: response.text().await.expect("a whole body") }
    }

    /// Goes on only with this status.
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.text))
    }

    /// A header, empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII")).unwrap_or_default()
    }

    /// The wrong fields of a 422.
    pub fn wrong_fields(&self) -> Vec<String> {
        assert_eq!(self.status, 422, "{}", self.text);
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        assert!(
            errors.iter().all(|one| one["message"].as_str().is_some_and(|m| !m.starts_with("invalid-"))),
            "{}",
            self.text
        );
        errors.iter().map(|one| one["field"].as_str().expect("a field").to_string()).collect()
    }

    /// The page's text without tags, with entities undone and spaces joined: what people read.
    pub fn words(&self) -> String {
        let mut words = String::new();
        let mut in_tag = false;
        for c in self.text.chars() {
            match c {
                '<' => (in_tag, words) = (true, words + " "),
                '>' => in_tag = false,
                c if !in_tag => words.push(c),
                _ => {}
            }
        }
        unescaped(&words).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// True when the page holds a link or a form to this address.
    pub fn leads_to(&self, address: &str) -> bool {
        unescaped(&self.text).contains(&format!("=\"{address}\""))
    }
}

fn unescaped(html: &str) -> String {
    let entities = [("&#x27;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&#x2F;", "/"), ("&amp;", "&")];
    entities.iter().fold(html.to_string(), |text, (entity, c)| text.replace(entity, c))
}

/// A program with a token, or without.
pub struct Api {
    base: String,
    token: Option<String>,
    http: Client,
}

impl Api {
    /// With this token.
    pub fn new(base: &str, token: Option<String>) -> Api {
        Api { base: base.into(), token, http: client() }
    }

    /// A request to this path below `/api/v1`, to be completed.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        Answer::of(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        Answer::of(self.request(Method::PATCH, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    /// Any method, with an empty object where a body is usual.
    pub async fn ask(&self, method: &str, path: &str) -> Answer {
        let method: Method = method.parse().expect("a method");
        let request = self.request(method.clone(), path);
        Answer::of(if method == Method::GET { request } else { request.json(&serde_json::json!({})) }).await
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::of(request).await
    }

    /// One mailbox as it stands.
    pub async fn mailbox(&self, id: &str) -> Value {
        self.get(&format!("/mailboxes/{id}")).await.expect(200).json()
    }

    /// Visits a mailbox now. Gives it as it then stands.
    pub async fn refreshed(&self, id: &str) -> Value {
        self.ask("POST", &format!("/mailboxes/{id}/refresh?wait=true")).await.expect(200).json()
    }
}

/// A person at a browser: keeps cookies, sends forms with the page's own token.
pub struct Browser {
    pub base: String,
    pub jar: Mutex<BTreeMap<String, String>>,
    pub http: Client,
}

impl Browser {
    /// A browser that has never been here.
    pub fn new(base: &str) -> Browser {
        Browser { base: base.into(), jar: Mutex::default(), http: client() }
    }

    /// Gives it a cookie.
    pub fn with_cookie(self, name: &str, value: &str) -> Browser {
        self.jar.lock().expect("one thread").insert(name.into(), value.into());
        self
    }

    /// A request with the cookies, to be completed.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let jar = self.jar.lock().expect("one thread");
        let cookies = jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = self.http.request(method, format!("{}{path}", self.base));
        if cookies.is_empty() { request } else { request.header("Cookie", cookies) }
    }

    /// Sends a request and keeps the cookies that come back.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let answer = Answer::of(request).await;
        let mut jar = self.jar.lock().expect("one thread");
        for cookie in answer.headers.get_all(SET_COOKIE) {
            let cookie = rocket::http::Cookie::parse(cookie.to_str().expect("ASCII")).expect("a cookie");
            match cookie.value().is_empty() {
                true => jar.remove(cookie.name()),
                false => jar.insert(cookie.name().into(), cookie.value().into()),
            };
        }
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Sends a form exactly as it is.
    pub async fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::POST, path).form(fields)).await
    }

    /// Opens the page `from` and sends a form with the token found there.
    pub async fn post(&self, from: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf(from).await;
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        self.post_bare(path, &fields).await
    }

    /// Opens the page `from` and sends its form with a file, as a browser does (RFC 7578).
    pub async fn upload(&self, from: &str, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
        let csrf = self.csrf(from).await;
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        let request = self.request(Method::POST, path).header("Content-Type", WITH_FILES);
        self.send(request.body(with_files(&fields, &[("file", "a.csv", file)]))).await
    }

    /// The token in the forms of a page.
    pub async fn csrf(&self, page: &str) -> String {
        let page = self.get(page).await.expect(200).text;
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("the page has a form");
        rest.split('"').next().expect("a token").to_string()
    }

    /// Logs in with the form.
    pub async fn log_in(&self, email: &str, password: &str) -> Answer {
        self.post("/accedi", "/accedi", &[("email", email), ("password", password)]).await
    }

    /// Opens a stream of events.
    pub async fn events(&self, path: &str) -> Events {
        let response = self.request(Method::GET, path).send().await.expect("the stream opens");
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().expect("ASCII").starts_with("text/event-stream"));
        Events { response, heard: String::new() }
    }
}

/// A stream of events, open.
pub struct Events {
    response: reqwest::Response,
    heard: String,
}

impl Events {
    /// The name of the next event; None when the stream has ended.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.heard.split_once("\n\n") {
                let name =
                    event.lines().find_map(|line| line.strip_prefix("event:")).map(|name| name.trim().to_string());
                self.heard = rest.to_string();
                match name {
                    Some(name) => return Some(name),
                    None => continue,
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("the stream says something");
            self.heard.push_str(std::str::from_utf8(&chunk.ok()??).expect("UTF-8"));
        }
    }
}

/// The content type of a form with files, as `with_files` writes it.
pub const WITH_FILES: &str = "multipart/form-data; boundary=b";

/// A form with files, as a browser writes it: texts by their field, then files by field, name and content.
pub fn with_files(fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    let mut part = |head: String, bytes: &[u8]| {
        body.extend_from_slice(format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    };
    fields.iter().for_each(|(name, text)| part(format!("name=\"{name}\""), text.as_bytes()));
    files.iter().for_each(|(field, name, bytes)| part(format!("name=\"{field}\"; filename=\"{name}\""), bytes));
    body.extend_from_slice(b"--b--\r\n");
    body
}
