//! In charge of the frame of every page: person, menu, language, flash. Does not know what the pages show.

use rocket::http::{Header, Status};
use rocket::request::{FlashMessage, Request};
use rocket::response::content::RawHtml;
use rocket::response::{Flash, Redirect};
use serde_json::{Value, json};

use super::Site;
use super::guard::{Agent, Asker, CallerLanguage, visitor};
use super::outcome::{BUSY_MAIL, Failure};
use crate::model::person::Language;
use crate::people::rights::{Act, Reach};
use crate::people::session;

/// A page, or why there is none.
pub type PageResult = Result<RawHtml<String>, Failure>;

/// A page that also answers a form: shown again with 422 when something is wrong.
pub type Answer = Result<Sent, Failure>;

/// What comes after a form.
#[derive(Debug, rocket::Responder)]
pub enum Sent {
    /// It was done: go there, with a word about it.
    Done(Box<Flash<Redirect>>),
    /// Go there, without a word.
    Gone(Box<Redirect>),
    /// It was done, and the page itself says what came of it.
    Seen(RawHtml<String>),
    /// Something is wrong: the form again, as typed.
    Again((Status, RawHtml<String>)),
    /// The mail server has no place free: the form again, as typed, and when to send it anew.
    #[response(status = 503)]
    Busy(RawHtml<String>, Header<'static>),
    /// Too early after attempts that failed: the form again, and when to send it anew.
    #[response(status = 429)]
    TooMany(RawHtml<String>, Header<'static>),
}

impl Sent {
    /// The form again, for who has to wait some seconds.
    pub fn too_many(page: RawHtml<String>, seconds: u64) -> Sent {
        Sent::TooMany(page, Header::new("Retry-After", seconds.to_string()))
    }

    /// It was done; `word` is a key of the catalogue without `flash-`.
    pub fn done(path: impl Into<String>, word: &str) -> Sent {
        Sent::Done(Box::new(Flash::success(Redirect::to(path.into()), word)))
    }

    /// It was not done, and why: a word like those of [`Sent::done`], or a whole key `conflict-…`.
    pub fn not_done(path: impl Into<String>, word: &str) -> Sent {
        Sent::Done(Box::new(Flash::error(Redirect::to(path.into()), word)))
    }

    /// The same, with something that the word says.
    pub fn done_with(path: impl Into<String>, word: &str, value: &str) -> Sent {
        Sent::done(path, &format!("{word}:{value}"))
    }

    /// Somebody else has done it; go where it can be seen, with a word about it and what that says.
    pub fn done_before(path: impl Into<String>, word: &str, value: &str) -> Sent {
        Sent::Done(Box::new(Flash::warning(Redirect::to(path.into()), format!("{word}:{value}"))))
    }

    /// The form again, for a mail server that has no place free.
    pub fn busy(page: RawHtml<String>) -> Sent {
        Sent::Busy(page, Header::new("Retry-After", BUSY_MAIL.to_string()))
    }

    /// The form again.
    pub fn again(page: RawHtml<String>) -> Sent {
        Sent::Again((Status::UnprocessableEntity, page))
    }
}

/// What surrounds a page.
pub struct Frame<'a> {
    pub site: &'a Site,
    pub language: Language,
    pub path: &'a str,
    pub agent: Option<&'a Agent>,
    /// The token that the page's forms must carry; None for a page without forms.
    pub csrf: Option<&'a str>,
    pub flash: Option<&'a FlashMessage<'a>>,
}

impl<'a> Frame<'a> {
    /// The frame of a logged-in person's page.
    pub fn of(site: &'a Site, agent: &'a Agent, path: &'a str, flash: Option<&'a FlashMessage<'a>>) -> Frame<'a> {
        Frame {
            site,
            language: agent.person.language,
            path,
            agent: Some(agent),
            csrf: Some(&agent.session.csrf),
            flash,
        }
    }

    /// A text of the catalogue in the page's language.
    pub fn text(&self, key: &str) -> String {
        self.site.templates.text(self.language, key, &[])
    }

    /// The words of a flash: its key, and after a colon what they say.
    fn flashed(&self, message: &str) -> String {
        let (word, value) = message.split_once(':').unwrap_or((message, ""));
        let key = if word.starts_with("conflict-") { word.to_string() } else { format!("flash-{word}") };
        self.site.templates.text(self.language, &key, &[("value", value.into())])
    }

    /// Draws a page whose title is a text of the catalogue.
    pub fn page(&self, template: &str, title: &str, context: Value) -> PageResult {
        Ok(RawHtml(self.render(template, &self.text(title), context)?))
    }

    /// Draws a page.
    pub fn render(&self, template: &str, title: &str, mut context: Value) -> Result<String, tera::Error> {
        let person = self.agent.map(|agent| {
            let role = agent.person.role.as_str().replace('_', "-");
            let seconds = session::left(&self.site.app, &agent.session).as_secs();
            json!({"name": agent.person.name, "keys": if agent.person.single_keys { "on" } else { "off" }, "role_text": self.text(&format!("role-{role}")), "session_seconds": seconds})
        });
        let flash = self.flash.map(|flash| json!({"kind": flash.kind(), "text": self.flashed(flash.message())}));
        let frame = json!({
            "lang": self.language.as_str(),
            "path": self.path,
            "person": person,
            "csrf": self.csrf.unwrap_or_default(),
            "menu": self.menu(),
            "flash": flash,
            "version": env!("CARGO_PKG_VERSION"),
            "title": title,
            "institution": self.text("institution"),
        });
        if let (Value::Object(context), Value::Object(frame)) = (&mut context, frame) {
            context.extend(frame);
        }
        self.site.templates.render(self.language, template, &context)
    }

    /// What this person can go to.
    fn menu(&self) -> Vec<Value> {
        let Some(agent) = self.agent else { return Vec::new() };
        let entries = [
            ("/caselle", "menu-mailboxes", Act::ListMailboxes),
            ("/operatore", "menu-desk", Act::WorkTickets),
            ("/richieste", "menu-requests", Act::AskForHelp),
            ("/cruscotto", "menu-dashboard", Act::AskForHelp),
            ("/enti", "menu-organizations", Act::SeeOrganizations),
            ("/utenti", "menu-people", Act::SeePeople),
            ("/lavori", "menu-jobs", Act::SeeJobs),
            ("/posta-in-uscita", "menu-outbox", Act::ManageOutbox),
            ("/registro", "menu-audit", Act::ReadTrace),
            ("/impostazioni", "menu-settings", Act::ManageSettings),
        ];
        let shown = entries.into_iter().filter(|(href, _, act)| {
            agent.reach(*act) != Reach::Nothing && (*href != "/cruscotto" || super::dashboard::must(agent).is_ok())
        });
        shown
            .map(|(href, text, _)| {
                let is_here = self.path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
                json!({"href": href, "text": self.text(text), "current": is_here})
            })
            .collect()
    }
}

/// The language to answer a request in: the person's, else the browser's.
pub fn language_of(request: &Request<'_>) -> Language {
    let caller = request.local_cache(|| CallerLanguage(None)).0;
    caller.or(known_agent(request).map(|agent| agent.person.language)).unwrap_or(visitor(request).language)
}

/// The person of a request, when a guard has already found one.
pub fn known_agent<'r>(request: &'r Request<'_>) -> Option<&'r Agent> {
    request.local_cache(|| Err::<Agent, Status>(Status::Unauthorized)).as_ref().ok()
}

/// The address of a page with these words in its query; those without a value are left out.
pub fn address<'v>(page: &str, words: impl IntoIterator<Item = (&'static str, Option<&'v str>)>) -> String {
    let mut address = form_urlencoded::Serializer::for_suffix(format!("{page}?"), page.len() + 1);
    for (name, value) in words {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            address.append_pair(name, value);
        }
    }
    address.finish().trim_end_matches('?').to_string()
}

/// A page's address in the query of another: only a path of ours, never an address elsewhere (`security.md` 2).
pub fn local_path(text: &str) -> &str {
    let is_local =
        text.starts_with('/') && !text.starts_with("//") && !text.contains('\\') && !text.chars().any(char::is_control);
    if is_local { text } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_is_asked_for_and_no_more() {
        assert_eq!(
            address("/enti", [("q", Some("Università & C.")), ("da", None), ("x", Some(""))]),
            "/enti?q=Universit%C3%A0+%26+C."
        );
        assert_eq!(address("/enti", [("q", None)]), "/enti");
    }

    #[test]
    fn nobody_is_sent_elsewhere() {
        for (given, expected) in [
            ("/caselle?q=a", "/caselle?q=a"),
            ("", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/a\nb", "/"),
        ] {
            assert_eq!(local_path(given), expected, "{given:?}");
        }
    }
}
