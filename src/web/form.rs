//! In charge of what a page sends: its fields, taken only with the page's own token (CSRF), and given back as typed when wrong.

use std::collections::BTreeMap;

use rocket::FromForm;
use rocket::data::{Data, FromData, Outcome, ToByteUnit};
use rocket::form::error::ErrorKind;
use rocket::form::{DataField, Form, FromFormField, ValueField};
use rocket::http::{Cookie, SameSite, Status};
use rocket::request::Request;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::Site;
use super::guard::{Asker, agent, remember};
use super::incoming::{self, Taken};
use super::outcome::Failure;
use crate::input::{FieldError, Fields, underscored};
use crate::key::fresh_token;
use crate::model::person::Language;
use crate::people::rights::Act;
use crate::sheet;

/// The fields of a form whose token was right.
// No Debug: what is typed may be a password.
pub struct Posted(Vec<(String, String)>);

impl Posted {
    /// One field, as typed.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str()).unwrap_or_default()
    }

    /// All the values of a field that may come more than once, as typed.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// What is wrong with the files that came, as an error of the field `files`. None when nothing is.
    pub fn wrong_files(&self) -> Option<FieldError> {
        let rule = match self.get("files-wrong") {
            "blocked-type" => "blocked-type",
            "file-too-large" => "file-too-large",
            _ => return None,
        };
        Some(FieldError::new("files", rule))
    }

    /// The hash of what the form says but for these fields and its token. A file counts by its name and content, not by the id
    /// under which it was kept this time.
    pub fn fingerprint(&self, but: &[&str]) -> String {
        let kept: Vec<&str> = self.all(KEPT).filter_map(|one| one.split(':').next()).collect();
        let mut hash = Sha256::new();
        for (name, text) in &self.0 {
            let text = match name.as_str() {
                "csrf" => continue,
                "attachments" if kept.contains(&text.as_str()) => continue,
                KEPT => text.split_once(':').map_or("", |(_, file)| file),
                name if but.contains(&name) => continue,
                _ => text,
            };
            for part in [name.as_str(), text] {
                hash.update(part.len().to_be_bytes());
                hash.update(part);
            }
        }
        hex::encode(hash.finalize())
    }

    /// The fields as they came, for what follows from them to be filled in.
    pub fn texts(&mut self) -> &mut Vec<(String, String)> {
        &mut self.0
    }

    /// The fields for checking. A page's `imap_host` is the API's `imap.host`.
    pub fn fields(&self) -> Fields {
        let shown = self.0.iter().filter(|(name, _)| name != "csrf");
        Fields::from_named(shown.cloned())
    }

    /// What the form shows again: what was typed, but for passwords, and what is wrong, in the order of the page.
    pub fn again(&self, site: &Site, language: Language, wrong: &[FieldError]) -> Value {
        let shown = self.0.iter().filter(|(name, _)| !matches!(name.as_str(), "csrf" | "password"));
        let values: BTreeMap<&str, &str> = shown.map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let texts = site.templates.texts();
        // A browser sends the fields in the order in which they stand on the page.
        let mut wrong: Vec<(String, String)> =
            wrong.iter().map(|one| (underscored(&one.field), texts.wrong_field(language, one))).collect();
        wrong.sort_by_key(|(field, _)| self.0.iter().position(|(name, _)| name == field).unwrap_or(usize::MAX));
        let errors = wrong.iter().map(|(field, message)| json!({"field": field, "message": message}));
        json!({"values": values, "errors": errors.collect::<Vec<_>>()})
    }
}

/// An empty form, or one with suggestions.
pub fn empty(values: Value) -> Value {
    json!({"values": values, "errors": []})
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Posted {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Posted> {
        match read(request, data).await {
            Ok(posted) => Outcome::Success(posted),
            Err(failure) => {
                let status = if let Failure::TooLarge = failure { Status::PayloadTooLarge } else { Status::Forbidden };
                remember(request, failure);
                Outcome::Error((status, ()))
            }
        }
    }
}

/// A form with a file, whose token was right.
// No Debug: the file may hold passwords.
pub struct Uploaded {
    /// Which of the form's buttons was pressed.
    pub act: String,
    /// None when no file was chosen.
    pub file: Option<Zeroizing<Vec<u8>>>,
}

#[derive(FromForm)]
struct Parts<'r> {
    #[field(default = "")]
    csrf: &'r str,
    #[field(default = "")]
    azione: &'r str,
    file: Option<InMemory>,
}

/// A file that is never written to the disk.
struct InMemory(Zeroizing<Vec<u8>>);

#[rocket::async_trait]
impl<'r> FromFormField<'r> for InMemory {
    fn from_value(field: ValueField<'r>) -> rocket::form::Result<'r, InMemory> {
        Ok(InMemory(Zeroizing::new(field.value.as_bytes().to_vec())))
    }

    async fn from_data(field: DataField<'r, '_>) -> rocket::form::Result<'r, InMemory> {
        // The whole request has a limit of its own, `data-form`; here a byte more is taken than a file may have.
        let bytes = field.data.open((sheet::LARGEST + 1).bytes()).into_bytes().await?;
        Ok(InMemory(Zeroizing::new(bytes.into_inner())))
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Uploaded {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Uploaded> {
        let refused = |failure: Failure| {
            let status = if let Failure::TooLarge = failure { Status::PayloadTooLarge } else { Status::Forbidden };
            remember(request, failure);
            Outcome::Error((status, ()))
        };
        // Only who is logged in may send so much.
        let Ok(agent) = agent(request).await else { return refused(Failure::Unauthorized) };
        if comes_from_elsewhere(request) {
            return refused(Failure::Stale);
        }
        let parts = match Form::<Parts<'r>>::from_data(request, data).await {
            Outcome::Success(form) => form.into_inner(),
            Outcome::Error((_, faults)) => {
                let is_long = |kind: &ErrorKind<'_>| matches!(kind, ErrorKind::InvalidLength { max: Some(_), .. });
                let is_too_large = faults.iter().any(|fault| is_long(&fault.kind));
                return refused(if is_too_large { Failure::TooLarge } else { Failure::Malformed });
            }
            Outcome::Forward(_) => return refused(Failure::Stale),
        };
        if !bool::from(agent.session.csrf.as_bytes().ct_eq(parts.csrf.as_bytes())) {
            return refused(Failure::Stale);
        }
        let file = parts.file.map(|file| file.0).filter(|bytes| !bytes.is_empty());
        Outcome::Success(Uploaded { act: parts.azione.into(), file })
    }
}

/// The field that says what a file is that has just been kept: its id, hash and name. Not the browser's to send.
const KEPT: &str = "attachments-kept";

/// The most that the texts of a form with files may have together, in bytes.
const MOST_TEXT: usize = 512 * 1024;

/// The most files that one form brings.
const MOST_FILES: usize = 20;

/// Whether a page's form may bring files.
fn takes_files(path: &str) -> bool {
    path.starts_with("/richieste") || path.starts_with("/operatore/")
}

/// A form with files (`multipart/form-data`): the token comes before them, and each is kept at once under an id, which comes as
/// a field `attachments`; what is wrong with one comes as a field `files-wrong`.
async fn read_with_files(request: &Request<'_>, data: Data<'_>, boundary: String) -> Result<Posted, Failure> {
    let Ok(agent) = agent(request).await else { return Err(Failure::Unauthorized) };
    let site = request.rocket().state::<Site>().ok_or(Failure::Malformed)?;
    // Nothing is kept of who may not ask, or does not see the request that it is for.
    agent.must(Act::AskForHelp)?;
    let path = request.uri().path();
    let segments: Vec<&str> = path.segments().collect();
    if let [_, number, _] = segments.as_slice() {
        agent.ticket(site, number).await?;
    }
    let most = site.app.settings.max_upload;
    // What is too large is read on for a while, so that its sender hears why.
    let mut form = incoming::Parts::of(data, most * 2 + 1.mebibytes(), boundary);
    let (mut posted, mut length, mut files) = (Posted(Vec::new()), 0, 0);
    let actor = agent.actor();
    let is_ours = |posted: &Posted| bool::from(agent.session.csrf.as_bytes().ct_eq(posted.get("csrf").as_bytes()));
    while let Some(mut field) = form.next().await.map_err(|_| Failure::TooLarge)? {
        length += 64;
        let name = field.name().unwrap_or_default().to_string();
        if field.file_name().is_none() {
            let mut text = Vec::new();
            // A piece at a time: a text without end is not held.
            while let Some(chunk) = field.chunk().await.map_err(|_| Failure::TooLarge)? {
                length += chunk.len();
                if length > MOST_TEXT {
                    return Err(Failure::TooLarge);
                }
                text.extend_from_slice(&chunk);
            }
            if name != KEPT {
                posted.0.push((name, String::from_utf8_lossy(&text).into_owned()));
            }
            continue;
        }
        if !is_ours(&posted) {
            return Err(Failure::Stale);
        }
        files += 1;
        if files > MOST_FILES {
            return Err(Failure::TooLarge);
        }
        let wrong = match incoming::take(site, (&actor, &agent.person), field, most).await {
            Ok(Taken::File(one)) => {
                posted.0.push(("attachments".into(), one.id.to_string()));
                posted.0.push((KEPT.into(), format!("{}:{}:{}", one.id, one.sha256, one.name)));
                continue;
            }
            Ok(Taken::Nothing) => continue,
            Ok(Taken::Blocked) => "blocked-type",
            Ok(Taken::TooLarge) => "file-too-large",
            Err(Failure::Malformed) => return Err(Failure::TooLarge),
            Err(failure) => return Err(failure),
        };
        posted.0.push(("files-wrong".into(), wrong.into()));
    }
    if is_ours(&posted) { Ok(posted) } else { Err(Failure::Stale) }
}

async fn read(request: &Request<'_>, data: Data<'_>) -> Result<Posted, Failure> {
    let path = request.uri().path();
    if let Some(kind) = request.content_type().filter(|kind| kind.is_form_data() && takes_files(path.as_str())) {
        let boundary = multer::parse_boundary(kind.to_string()).map_err(|_| Failure::Malformed)?;
        if comes_from_elsewhere(request) {
            return Err(Failure::Stale);
        }
        return read_with_files(request, data, boundary).await;
    }
    if !request.content_type().is_some_and(|kind| kind.is_form()) || comes_from_elsewhere(request) {
        return Err(Failure::Stale);
    }
    let limit = request.limits().get("form").unwrap_or(64.kibibytes());
    let body = data.open(limit).into_bytes().await.map_err(|_| Failure::Malformed)?;
    if !body.is_complete() {
        return Err(Failure::TooLarge);
    }
    let fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    // Pages for whoever comes are drawn with the visitor's token, also for somebody who is logged in.
    let expected = if matches!(path.as_str(), "/accedi" | "/password-dimenticata") || path.starts_with("/benvenuto/") {
        request.cookies().get(VISITOR_COOKIE).map(|cookie| cookie.value().to_string())
    } else {
        agent(request).await.as_ref().ok().map(|agent| agent.session.csrf.clone())
    };
    let posted = Posted(fields);
    let given = posted.get("csrf").as_bytes();
    match expected {
        Some(expected) if !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(given)) => Ok(posted),
        _ => Err(Failure::Stale),
    }
}

/// True when the browser says that another site's page sent this (Fetch Metadata; `Origin` for browsers without it).
fn comes_from_elsewhere(request: &Request<'_>) -> bool {
    match (request.headers().get_one("Sec-Fetch-Site"), request.headers().get_one("Origin")) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host != request.headers().get_one("Host")
        }
        (None, None) => false,
    }
}

/// The cookie that ties a form to a visitor who is not logged in.
const VISITOR_COOKIE: &str = "sportello-visitor";

/// The token for the forms of a visitor: the cookie's, made when there is none.
pub fn visitor_token(site: &Site, cookies: &rocket::http::CookieJar<'_>) -> String {
    if let Some(cookie) = cookies.get(VISITOR_COOKIE).filter(|cookie| cookie.value().len() == 43) {
        return cookie.value().to_string();
    }
    let token = fresh_token().to_string();
    let cookie = Cookie::build((VISITOR_COOKIE, token.clone())).path("/").http_only(true).same_site(SameSite::Lax);
    cookies.add(cookie.secure(site.app.settings.is_https()));
    token
}
