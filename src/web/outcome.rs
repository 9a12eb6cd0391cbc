//! In charge of what a person or a program reads when something could not be done: the only place that decides it.
//!
//! Which error belongs where: `store` gives the driver's error; `mail` a `MailFault`; floor 2 a `Refusal` that a person could
//! understand, or `Closed` for a mailbox that could not be read. Here they become a `Failure`, which has two texts: what the
//! reader gets, by language and kind of door, and what the log keeps, under the same request id. It is logged once, here.

use rocket::catch;
use rocket::http::{ContentType, Header, Status};
use rocket::request::Request;
use rocket::response::{self, Responder, Response};
use serde_json::json;

use super::Site;
use super::guard::Visitor;
use super::headers::request_id;
use super::page;
use crate::catalogue::Value;
use crate::hub::webmail::Closed;
use crate::input::FieldError;
use crate::mail;
use crate::mail::{FaultKind, MailFault};
use crate::model::person::Language;
use crate::people::Refusal;

/// Why a request is not answered as asked.
#[derive(Debug)]
pub enum Failure {
    /// Nobody is logged in, or the token is not good.
    Unauthorized,
    /// It does not exist, or may not be known to exist: the answer is the same.
    NotFound,
    /// A known thing that this person may not do.
    Forbidden,
    /// A form without the token that its page has now: the page is too old, or another site's.
    Stale,
    /// As things stand it cannot be done; the key of the words that say why.
    Conflict(&'static str),
    /// Every place for a watched mailbox is taken.
    Full { used: i64, allowed: i64 },
    /// What was sent is wrong, field by field.
    Invalid(Vec<FieldError>),
    /// What was sent is not of the form expected.
    Malformed,
    /// Larger than this door takes.
    TooLarge,
    /// Too many requests; seconds to wait.
    TooMany(u64),
    /// The database has no place free for us now.
    Busy,
    /// The key that seals the mailboxes' passwords is not at hand.
    NoKey,
    /// The mail server did not do its part; the text in it is for the log, and of a place that is not free for the reader.
    Mail(MailFault),
    /// Our fault. The text is for the log only.
    Broken(String),
}

impl Failure {
    fn status(&self) -> Status {
        match self {
            Failure::Unauthorized => Status::Unauthorized,
            Failure::NotFound => Status::NotFound,
            Failure::Forbidden | Failure::Stale => Status::Forbidden,
            Failure::Conflict(_) | Failure::Full { .. } => Status::Conflict,
            Failure::Invalid(_) => Status::UnprocessableEntity,
            Failure::Malformed => Status::BadRequest,
            Failure::TooLarge => Status::PayloadTooLarge,
            Failure::TooMany(_) => Status::TooManyRequests,
            Failure::Busy | Failure::NoKey => Status::ServiceUnavailable,
            Failure::Mail(fault) => match fault.kind {
                FaultKind::NotFound => Status::NotFound,
                // As things stand: until a new password is given, until the list is read again.
                kind if kind.is_refusal() || kind == FaultKind::Renumbered => Status::Conflict,
                FaultKind::LoginUnavailable => Status::ServiceUnavailable,
                FaultKind::Unreachable => Status::GatewayTimeout,
                _ => Status::BadGateway,
            },
            Failure::Broken(_) => Status::InternalServerError,
        }
    }

    /// The failure behind a status that Rocket chose by itself.
    fn of(status: Status) -> Failure {
        match status.code {
            400 => Failure::Malformed,
            401 => Failure::Unauthorized,
            403 => Failure::Forbidden,
            413 => Failure::TooLarge,
            // An address whose parts do not parse is an address that leads nowhere.
            404 | 405 | 406 | 415 | 422 => Failure::NotFound,
            429 => Failure::TooMany(60),
            _ => Failure::Broken(format!("Rocket answered {status}")),
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(fault: sqlx::Error) -> Failure {
        match fault {
            sqlx::Error::PoolTimedOut => Failure::Busy,
            fault => Failure::Broken(format!("database: {fault}")),
        }
    }
}

impl From<tera::Error> for Failure {
    fn from(fault: tera::Error) -> Failure {
        use std::error::Error;
        let cause = fault.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        Failure::Broken(format!("template: {fault}{cause}"))
    }
}

impl From<Vec<FieldError>> for Failure {
    fn from(wrong: Vec<FieldError>) -> Failure {
        Failure::Invalid(wrong)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        match refusal {
            Refusal::Invalid(wrong) => Failure::Invalid(wrong),
            Refusal::Conflict(key) => Failure::Conflict(key),
            Refusal::NoKey => Failure::NoKey,
            Refusal::Full { used, allowed } => Failure::Full { used, allowed },
            Refusal::Busy(words) => Failure::Mail(MailFault::kept(FaultKind::LoginUnavailable, words)),
            Refusal::TooMany(seconds) => Failure::TooMany(seconds),
            Refusal::Store(fault) => fault.into(),
        }
    }
}

impl From<Closed> for Failure {
    fn from(closed: Closed) -> Failure {
        match closed {
            Closed::Stopped => Failure::Conflict("mailbox-fault-stopped"),
            Closed::NoKey => Failure::NoKey,
            Closed::NoPassword => Failure::Conflict("mailbox-fault-password"),
            Closed::Fault(fault) => Failure::Mail(fault),
            Closed::Store(fault) => fault.into(),
        }
    }
}

/// The words for a fault of a mail server: what it means for whoever wants to read, and what to do.
pub fn fault_words(site: &Site, language: Language, fault: &MailFault) -> String {
    let key = match fault.kind {
        FaultKind::LoginRefused | FaultKind::PasswordExpired | FaultKind::AccountBlocked => "mailbox-fault-password",
        FaultKind::LoginUnavailable => "mailbox-fault-busy",
        FaultKind::Certificate => "mailbox-fault-certificate",
        FaultKind::Unreachable | FaultKind::NotAllowed => "mailbox-fault-unreachable",
        FaultKind::NotFound => "message-gone",
        FaultKind::Renumbered => "message-renumbered",
        FaultKind::Protocol | FaultKind::TooMuch => "mailbox-fault-other",
    };
    // Of a place that is not free only its own words say whose it is, and how long it takes.
    site.templates.text(language, key, &[("detail", mail::fault::words(language, &fault.detail).as_str().into())])
}

/// The words for what could not be done as things stand.
pub fn refusal_words(site: &Site, language: Language, refusal: Refusal) -> String {
    words(site, language, &refusal.into()).1
}

#[rocket::async_trait]
impl<'r> Responder<'r, 'static> for Failure {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let Some(site) = request.rocket().state::<Site>() else { return Err(self.status()) };
        if let Failure::Broken(cause) = &self {
            tracing::error!(request.id = request_id(request), cause, "a request failed");
        }
        if let Failure::Mail(fault) = &self {
            tracing::info!(request.id = request_id(request), kind = ?fault.kind, detail = %fault, "a mail server failed");
        }
        let path = request.uri().path();
        if path.starts_with("/api/") {
            return problem(site, request, &self);
        }
        if let Failure::Unauthorized = self {
            return to_login(request);
        }
        error_page(site, request, &self)
    }
}

/// A problem document (RFC 9457).
fn problem(site: &Site, request: &Request<'_>, failure: &Failure) -> response::Result<'static> {
    let language = page::language_of(request);
    let (heading, what) = words(site, language, failure);
    let status = failure.status();
    let mut body = json!({
        "type": "about:blank",
        "title": heading,
        "status": status.code,
        "detail": what,
        "instance": request.uri().path().as_str(),
        "request_id": request_id(request),
    });
    if let Failure::Invalid(wrong) = failure {
        let texts = site.templates.texts();
        let errors = wrong.iter().map(|one| json!({"field": one.field, "message": texts.wrong_field(language, one)}));
        body["errors"] = errors.collect();
    }
    let body = body.to_string();
    let mut response = Response::build();
    response
        .status(status)
        .header(ContentType::new("application", "problem+json"))
        .sized_body(body.len(), std::io::Cursor::new(body));
    match failure {
        Failure::Unauthorized => response.header(Header::new("WWW-Authenticate", "Bearer")),
        _ => &mut response,
    };
    retry_after(&mut response, failure);
    response.ok()
}

/// After how many seconds it may be asked again of a mail server that has no place free.
pub const BUSY_MAIL: u64 = 30;

fn retry_after(response: &mut response::Builder<'_>, failure: &Failure) {
    let seconds = match failure {
        Failure::TooMany(seconds) => *seconds,
        Failure::Busy => 5,
        Failure::Mail(MailFault { kind: FaultKind::LoginUnavailable, .. }) => BUSY_MAIL,
        _ => return,
    };
    response.header(Header::new("Retry-After", seconds.to_string()));
}

fn error_page(site: &Site, request: &Request<'_>, failure: &Failure) -> response::Result<'static> {
    let language = page::language_of(request);
    let (heading, what) = words(site, language, failure);
    let status = failure.status();
    let known = page::known_agent(request);
    let context = json!({"status": status.code, "heading": heading, "what": what, "request_id": request_id(request)});
    let frame = page::Frame {
        site,
        language,
        path: request.uri().path().as_str(),
        agent: known,
        csrf: known.map(|a| a.session.csrf.as_str()),
        flash: None,
    };
    // A page that cannot be drawn is answered with the bare words.
    let body = frame
        .render("error/page", &heading, context)
        .unwrap_or_else(|_| format!("{heading}. {what} ({})", request_id(request)));
    let mut response = Response::build();
    response.status(status).header(ContentType::HTML).sized_body(body.len(), std::io::Cursor::new(body));
    retry_after(&mut response, failure);
    response.ok()
}

/// Who is not logged in is sent to log in, and comes back to where it was going. A script's request is told, so that it
/// reloads the page instead of putting a log-in form in its middle.
fn to_login(request: &Request<'_>) -> response::Result<'static> {
    let mut response = Response::build();
    let is_script = request.headers().contains("HX-Request") || request.uri().path() == "/eventi";
    if is_script {
        return response.status(Status::Unauthorized).header(Header::new("HX-Refresh", "true")).ok();
    }
    let back = if request.method() == rocket::http::Method::Get { request.uri().to_string() } else { "/".into() };
    let back = rocket::http::RawStr::new(&back).percent_encode().to_string();
    response.status(Status::SeeOther).header(Header::new("Location", format!("/accedi?torna={back}"))).ok()
}

fn words(site: &Site, language: Language, failure: &Failure) -> (String, String) {
    let code = failure.status().code;
    let text = |key: &str| site.templates.text(language, key, &[("n", Value::Number(i64::from(code)))]);
    if let Failure::Full { used, allowed } = failure {
        let values = [("used", Value::Number(*used)), ("allowed", Value::Number(*allowed))];
        let what = site.templates.text(language, "capacity-full-what", &values);
        return (text("capacity-full-heading"), what);
    }
    if let Failure::Stale = failure {
        return (text("error-stale-heading"), text("error-stale-what"));
    }
    let heading = text(&format!("error-{code}-heading"));
    let what = match failure {
        Failure::Conflict(key) => text(key),
        Failure::NoKey => text("error-no-key"),
        // What is not there answers like what may not be known to be.
        Failure::Mail(fault) if fault.kind != FaultKind::NotFound => fault_words(site, language, fault),
        // Nobody logs in to the API.
        Failure::Unauthorized => text("error-401-token"),
        _ => text(&format!("error-{code}-what")),
    };
    (heading, what)
}

/// Whatever nobody else has answered.
#[catch(default)]
pub async fn catch(status: Status, request: &Request<'_>) -> Failure {
    // Who asks decides the language of the words, and the API refuses strangers before anything else.
    let _ = request.guard::<Visitor>().await;
    if request.uri().path().starts_with("/api/") && status == Status::NotFound {
        return super::guard::stranger_or_not_found(request).await;
    }
    match super::guard::taken_failure(request) {
        Some(failure) => failure,
        None => Failure::of(status),
    }
}
