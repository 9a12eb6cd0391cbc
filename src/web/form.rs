//! In charge of what a page sends: its fields, taken only with the page's own token (CSRF), and given back as typed when wrong.

use std::collections::BTreeMap;
use std::time::Instant;

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
use super::guard::{Agent, Asker, agent, remember, visitor as visitor_of};
use super::incoming::{self, Taken};
use super::outcome::Failure;
use super::pace::caller;
use crate::desk::assistance;
use crate::input::{FieldError, Fields, is_email, underscored};
use crate::key::{fresh_token, token_hash};
use crate::model::attachment::Owner;
use crate::model::person::Language;
use crate::model::trace::Actor;
use crate::outbox;
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
            "too-many-files" => "too-many-files",
            "no-room" => "no-room",
            "blocked-type" => "blocked-type",
            "file-too-large" => "file-too-large",
            "file-not-kept" => "file-not-kept",
            _ => return None,
        };
        Some(FieldError::new("files", rule))
    }

    /// How many seconds whoever has no session must wait before it sends the public form.
    pub fn wait(&self) -> Option<u64> {
        self.get(WAIT).parse().ok()
    }

    /// True when the field that people leave empty was filled in.
    pub fn is_trapped(&self) -> bool {
        !self.get(TRAP).is_empty()
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
        let shown = self.0.iter().filter(|(name, _)| !matches!(name.as_str(), "csrf" | "password" | WAIT));
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

/// The field that says how long to wait. Not the browser's to send.
const WAIT: &str = "form-wait";

/// The field of the public form that people do not see and programs fill in (F07).
pub const TRAP: &str = "sito_web";

/// The public form, which who has no session sends too.
const PUBLIC_FORM: &str = "/assistenza";

/// The fields that say what the program itself has found.
const OURS: [&str; 2] = [KEPT, WAIT];

/// The most that the texts of a form with files may have together, in bytes.
const MOST_TEXT: usize = 512 * 1024;

/// The most files that one form brings.
const MOST_FILES: usize = 20;

/// Whether a page's form may bring files.
fn takes_files(path: &str) -> bool {
    path.starts_with("/richieste") || path.starts_with("/operatore/") || path == PUBLIC_FORM
}

/// Who sends a form with files: whose they are, and whether they are kept.
struct Sender {
    owner: Owner,
    /// As the trace names it; of who has no session the address that it types comes in its place.
    actor: Actor,
    tokens: Vec<String>,
    /// None when nothing is kept, as nothing will come of the form.
    most_files: Option<usize>,
    wait: Option<u64>,
    has_room: bool,
}

impl Sender {
    async fn of(request: &Request<'_>, site: &Site) -> Result<Sender, Failure> {
        let path = request.uri().path();
        let is_public = path == PUBLIC_FORM;
        let agent = agent(request).await.as_ref().ok();
        let tokens = tokens(request, agent);
        if let Some(agent) = agent {
            // Nothing is kept of who may not ask, or does not see the request that it is for.
            agent.must(Act::AskForHelp)?;
            let segments: Vec<&str> = path.segments().collect();
            match segments.as_slice() {
                // A call that is written down is for no request yet, or is added to one.
                [_, "telefonata", _] => {}
                [_, "telefonata", _, number] | [_, number, _] => drop(agent.ticket(site, number).await?),
                _ => {}
            }
            let owner = Owner::Person(agent.person.id.clone());
            let most_files = Some(if is_public { assistance::MOST_FILES } else { MOST_FILES });
            return Ok(Sender { owner, actor: agent.actor(), tokens, most_files, wait: None, has_room: true });
        }
        let visitor = tokens.first().filter(|_| is_public).ok_or(Failure::Unauthorized)?;
        let owner = Owner::Visitor(token_hash(visitor));
        let wait = wait(request, site);
        // Who must wait loses no file for it, unless that goes on: what is not taken any slower would fill the disk.
        let is_kept = wait.is_none() || {
            let caller = format!("files {}", caller(&visitor_of(request).ip));
            site.callers.take(&caller, Instant::now()).is_ok()
        };
        let most_files = Some(assistance::MOST_FILES).filter(|_| is_kept && outbox::is_open(&site.app));
        let actor = Actor { name: "system".into(), ip: visitor_of(request).ip.clone() };
        let has_room = most_files.is_none() || assistance::has_room(&site.app).await?;
        Ok(Sender { owner, actor, tokens, most_files, wait, has_room })
    }

    /// Who it is, for the trace: a stranger by the address in the fields before.
    fn actor(&self, posted: &Posted) -> Actor {
        let typed = posted.get("email").trim();
        match self.owner {
            Owner::Visitor(_) if is_email(typed) => Actor { name: typed.into(), ip: self.actor.ip.clone() },
            _ => self.actor.clone(),
        }
    }
}

/// The tokens with which a form may come: the session's; on the public pages of requests the visitor's as well, as somebody may
/// have logged in meanwhile.
fn tokens(request: &Request<'_>, agent: Option<&Agent>) -> Vec<String> {
    let path = request.uri().path();
    let is_visitors = matches!(path.as_str(), "/accedi" | "/password-dimenticata") || path.starts_with("/benvenuto/");
    let is_shared = path.starts_with(PUBLIC_FORM);
    let visitors = request.cookies().get(VISITOR_COOKIE).map(|cookie| cookie.value().to_string());
    let own = agent.map(|agent| agent.session.csrf.clone());
    let tokens = [visitors.filter(|_| is_visitors || is_shared), own.filter(|_| !is_visitors)];
    tokens.into_iter().flatten().filter(|token| !token.is_empty()).collect()
}

/// True when a form's token is one of these.
fn is_ours(tokens: &[String], posted: &Posted) -> bool {
    let given = posted.get("csrf").as_bytes();
    tokens.iter().any(|token| bool::from(token.as_bytes().ct_eq(given)))
}

/// Counts that the public form is sent; the seconds to wait when that was too often.
fn wait(request: &Request<'_>, site: &Site) -> Option<u64> {
    site.callers.take(&caller(&visitor_of(request).ip), Instant::now()).err()
}

/// A form with files (`multipart/form-data`): the token comes before them, and each is kept at once under an id, which comes as
/// a field `attachments`; what is wrong with one comes as a field `files-wrong`.
async fn read_with_files(request: &Request<'_>, data: Data<'_>, boundary: String) -> Result<Posted, Failure> {
    let site = request.rocket().state::<Site>().ok_or(Failure::Malformed)?;
    let sender = Sender::of(request, site).await?;
    let most = site.app.settings.max_upload;
    // What is too large is read on for a while, so that its sender hears why.
    let mut form = incoming::Parts::of(data, most * 2 + 1.mebibytes(), boundary);
    let (mut posted, mut length, mut files) = (Posted(Vec::new()), 0, 0);
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
            if !OURS.contains(&name.as_str()) {
                posted.0.push((name, String::from_utf8_lossy(&text).into_owned()));
            }
            continue;
        }
        if !is_ours(&sender.tokens, &posted) {
            return Err(Failure::Stale);
        }
        files += 1;
        if files > MOST_FILES && sender.most_files == Some(MOST_FILES) {
            return Err(Failure::TooLarge);
        }
        let is_named = field.file_name().is_some_and(|name| !name.is_empty());
        let is_full =
            sender.most_files.is_some_and(|most| most < MOST_FILES && posted.all("attachments").count() >= most);
        let taken = match sender.most_files {
            None => {
                if is_named && sender.wait.is_some() {
                    posted.0.push(("files-wrong".into(), "file-not-kept".into()));
                }
                incoming::leave(field).await.map(|()| Taken::Nothing)
            }
            Some(_) if posted.is_trapped() => incoming::leave(field).await.map(|()| Taken::Nothing),
            Some(_) if is_named && (is_full || !sender.has_room) => {
                let wrong = if is_full { "too-many-files" } else { "no-room" };
                posted.0.push(("files-wrong".into(), wrong.into()));
                incoming::leave(field).await.map(|()| Taken::Nothing)
            }
            Some(_) => incoming::take(site, (&sender.actor(&posted), &sender.owner), field, most).await,
        };
        let wrong = match taken {
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
    posted.0.extend(sender.wait.map(|seconds| (WAIT.into(), seconds.to_string())));
    if is_ours(&sender.tokens, &posted) { Ok(posted) } else { Err(Failure::Stale) }
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
    let fields = form_urlencoded::parse(&body).into_owned().filter(|(name, _)| !OURS.contains(&name.as_str()));
    let mut posted = Posted(fields.collect());
    // Pages for whoever comes are drawn with the visitor's token, also for somebody who is logged in.
    let agent = agent(request).await.as_ref().ok();
    if !is_ours(&tokens(request, agent), &posted) {
        return Err(Failure::Stale);
    }
    if path == PUBLIC_FORM
        && agent.is_none()
        && let Some(site) = request.rocket().state::<Site>()
    {
        posted.0.extend(wait(request, site).map(|seconds| (WAIT.into(), seconds.to_string())));
    }
    Ok(posted)
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
