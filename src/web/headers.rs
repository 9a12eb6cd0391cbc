//! In charge of what every answer carries: a request id, the content policy, a log line (`ui.md` 4, X05).

use std::time::Instant;

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::{Header, Status};
use rocket::request::Request;
use rocket::{Data, Response};

use super::Site;

/// What pages may load and do. The same words as `ui.md` 4: nothing from elsewhere, no inline script or style.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The fairing that does it.
pub struct Headers;

/// The name of a request, by which a person's words find the log's line.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

struct Started(Instant);

/// The request's name: made once, whoever asks first.
pub fn request_id<'r>(request: &'r Request<'_>) -> &'r str {
    let name = || RequestId(crate::key::random_name::<6>().to_uppercase());
    &request.local_cache(name).0
}

#[rocket::async_trait]
impl Fairing for Headers {
    fn info(&self) -> Info {
        Info { name: "headers and log", kind: Kind::Liftoff | Kind::Request | Kind::Response }
    }

    async fn on_liftoff(&self, rocket: &rocket::Rocket<rocket::Orbit>) {
        let config = rocket.config();
        tracing::info!(address = %config.address, port = config.port, version = env!("CARGO_PKG_VERSION"), "listening");
        if let Some(site) = rocket.state::<Site>().filter(|site| site.app.settings.is_elsewhere(config.port)) {
            let base_url = site.app.settings.base_url.as_str();
            tracing::warn!(
                base_url,
                port = config.port,
                "links will lead to base_url, which is not where this program listens"
            );
        }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        request.local_cache(|| Started(Instant::now()));
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let id = request_id(request);
        let path = request.uri().path();
        response.set_header(Header::new("X-Request-Id", id.to_string()));
        // A body in its frame is nobody's opener and tells nobody where it stands; with an opener's policy browsers would not show it
        // on a page by itself.
        let own = response.headers().get_one("Content-Security-Policy");
        let is_framed = own.is_some_and(|policy| policy.contains("frame-ancestors 'self'"));
        // What is not a page of ours has a stricter one of its own.
        if !response.headers().contains("Content-Security-Policy") {
            response.set_header(Header::new("Content-Security-Policy", CONTENT_POLICY));
        }
        response.set_header(Header::new("X-Content-Type-Options", "nosniff"));
        response.set_header(Header::new("X-Frame-Options", if is_framed { "SAMEORIGIN" } else { "DENY" }));
        let referrer = if is_framed { "no-referrer" } else { "same-origin" };
        response.set_header(Header::new("Referrer-Policy", referrer));
        if !is_framed {
            response.set_header(Header::new("Cross-Origin-Opener-Policy", "same-origin"));
        }
        if !response.headers().contains("Cache-Control") {
            response.set_header(Header::new("Cache-Control", "no-store"));
        }
        if request.rocket().state::<Site>().is_some_and(|site| site.app.settings.is_https()) {
            response.set_header(Header::new("Strict-Transport-Security", "max-age=31536000"));
        }
        let started = request.local_cache(|| Started(Instant::now()));
        let (status, duration_ms) = (response.status().code, started.0.elapsed().as_millis() as u64);
        let shown = shown(path.as_str());
        if response.status() >= Status::InternalServerError {
            tracing::error!(request.id = id, method = %request.method(), path = shown, status, duration_ms, "request");
        } else if path.starts_with("/static/") || path == "/healthz" {
            tracing::debug!(request.id = id, method = %request.method(), path = shown, status, duration_ms, "request");
        } else {
            tracing::info!(request.id = id, method = %request.method(), path = shown, status, duration_ms, "request");
        }
    }
}

/// The folders of one-time links, and of what is seen by its link alone.
const LINKS: [&str; 3] = ["/benvenuto/", "/assistenza/conferma/", "/assistenza/richiesta/"];

/// A path as it is logged: that of a one-time link is a secret, and is told without its token.
fn shown(path: &str) -> String {
    match LINKS.iter().find(|folder| path.starts_with(**folder)) {
        Some(folder) => format!("{folder}***"),
        None => path.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_has_no_one_time_link() {
        for (path, expected) in [
            ("/benvenuto/abc", "/benvenuto/***"),
            ("/assistenza/conferma/abc", "/assistenza/conferma/***"),
            ("/assistenza/richiesta/TK-2026-000001.abc", "/assistenza/richiesta/***"),
            ("/assistenza/inviata", "/assistenza/inviata"),
        ] {
            assert_eq!(shown(path), expected);
        }
    }
}
