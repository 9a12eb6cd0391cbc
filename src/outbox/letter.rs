//! In charge of turning what has to be said into a mail: text and HTML alike, in the reader's language, with the headers that
//! keep machines from answering it (N07). Does not know who is told what.

use std::sync::LazyLock;

use anyhow::Context;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use tera::Tera;
use zeroize::Zeroizing;

use crate::catalogue::{Catalogue, Value};
use crate::clock::Moment;
use crate::model::id::MessageId;
use crate::model::person::{Language, Person};
use crate::model::ticket::NoticeKind;

static LAYOUT: LazyLock<Tera> = LazyLock::new(|| {
    let mut tera = Tera::default();
    let layout = include_str!("../../templates/mail/letter.html.tera");
    tera.add_raw_template("letter.html", layout).unwrap_or_else(|fault| unreachable!("a template of ours: {fault}"));
    tera
});

/// Kinds that ask something of the reader: they are not hidden by what is said after them.
const ASKING: [&str; 3] = ["ticket-waiting-requester", "ticket-waiting-conditions", "ticket-resolved"];

/// Kinds whose words tell who said it: `mail-<kind>-body-by`, with `author`.
const SIGNED: [&str; 1] = ["ticket-reply"];

/// One thing that a letter says: the words `mail-<kind>-body` with this text in them.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Part {
    pub kind: String,
    pub text: String,
    /// Who said it; empty where nobody in particular did.
    #[serde(default)]
    pub by: String,
}

impl Part {
    /// The key of its words.
    fn body(&self) -> String {
        let end = if self.by.is_empty() || !SIGNED.contains(&self.kind.as_str()) { "" } else { "-by" };
        format!("mail-{}-body{end}", self.kind)
    }
}

/// Something to be said to one person.
#[derive(Debug)]
pub struct Letter {
    /// Its words are `mail-<kind>-subject`, `mail-<kind>-body` and, where it has a link, `mail-<kind>-action`.
    pub kind: &'static str,
    /// What was written, or why; the words may have it in them.
    pub text: String,
    /// Who said it; empty where nobody in particular did.
    pub by: String,
    /// What it says before that: a burst of news is one letter (N06), with the words `mail-ticket-burst-…`.
    pub earlier: Vec<Part>,
    /// For whom it waits a while and takes later ones into itself. None for what leaves at once.
    pub gathers: Option<NoticeKind>,
    pub language: Language,
    /// The address, without a name.
    pub to: String,
    pub name: String,
    pub values: Vec<(&'static str, Value)>,
    /// Where it leads: a whole address, which may be a secret.
    pub link: Option<Zeroizing<String>>,
    /// The words for it, by their key, where they are not its kind's.
    pub action: Option<&'static str>,
    /// Where answers go. Without it they are not read.
    pub reply_to: Option<String>,
    /// Whether they may go to an address of the request's own there, with a plus.
    pub takes_plus: bool,
    /// True for the answer to a mail: `Auto-Submitted: auto-replied` (RFC 3834, 5).
    pub is_answer: bool,
    /// Who else gets it, by name (N11).
    pub others: Option<String>,
    /// The ticket that it is about, by its number, and the entry of its history.
    pub about: Option<(String, Option<MessageId>)>,
    /// The Message-ID of the mail that it answers, without brackets.
    pub answers: Option<String>,
    /// The Message-ID that all mails about its ticket name, so that programs show them as one conversation.
    pub thread: Option<String>,
}

impl Letter {
    /// A letter to a person, in the person's language.
    pub fn to(person: &Person, kind: &'static str) -> Letter {
        Letter::to_address(&person.email, &person.name, person.language, kind)
    }

    /// A letter to an address without an account.
    pub fn to_address(email: &str, name: &str, language: Language, kind: &'static str) -> Letter {
        Letter {
            kind,
            text: String::new(),
            by: String::new(),
            earlier: Vec::new(),
            gathers: None,
            language,
            to: email.into(),
            name: name.into(),
            values: vec![("name", Value::Text(name.into()))],
            link: None,
            action: None,
            reply_to: None,
            takes_plus: false,
            is_answer: false,
            others: None,
            about: None,
            answers: None,
            thread: None,
        }
    }

    /// The same, leading somewhere.
    pub fn leading(mut self, link: impl Into<Zeroizing<String>>) -> Letter {
        self.link = Some(link.into());
        self
    }

    /// The same, with a value for its words.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Letter {
        self.values.push((name, value.into()));
        self
    }

    /// Writes it: RFC 5322 bytes that are never made again. `Auto-Submitted` is RFC 3834, 5.
    pub(super) fn mail(
        &self,
        from: &Mailbox,
        message_id: &str,
        now: Moment,
        base_url: &str,
    ) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        let subject = self.subject();
        let said = self.paragraphs();
        let paragraphs: Vec<&str> = said.iter().map(|one| one.as_str()).collect();
        let footer = self.footer(base_url);
        let link = self.link.as_ref().map(|link| (self.word("action"), link));
        let mut plain = Zeroizing::new(paragraphs.join("\n\n"));
        if let Some((action, link)) = &link {
            plain.push_str(&format!("\n\n{action}:\n{}", link.as_str()));
        }
        let footer = match &self.others {
            Some(others) => format!("{} {footer}", text_of_others(self.language, others)),
            None => footer,
        };
        plain.push_str(&format!("\n\n-- \n{footer}\n"));
        let html = Zeroizing::new(self.html(&subject, &paragraphs, link.as_ref(), &footer)?);
        let to = Mailbox::new(Some(one_line(&self.name)), self.to.parse().context("the recipient's address")?);
        let header =
            |name: &'static str, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_string());
        let submitted = if self.is_answer { "auto-replied" } else { "auto-generated" };
        let mut message = lettre::Message::builder();
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(Mailbox::new(from.name.clone(), reply_to.parse().context("where answers go")?));
        }
        // What it answers, the nearest last (RFC 5322, 3.6.4). An id that no header can hold is left out.
        let is_plain = |id: &&String| id.bytes().all(|byte| byte.is_ascii_graphic()) && !id.contains(['<', '>']);
        let answered = self.answers.as_ref().filter(is_plain).map(|id| format!("<{id}>"));
        let named: Vec<&String> = self.thread.iter().chain(&answered).collect();
        if let Some(nearest) = named.last() {
            let all = named.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" ");
            message = message.in_reply_to(nearest.to_string()).references(all);
        }
        let message = message
            .from(from.clone())
            .to(to)
            .subject(subject)
            .date(std::time::UNIX_EPOCH + std::time::Duration::from_millis(now.0.max(0).unsigned_abs()))
            .message_id(Some(message_id.to_string()))
            .raw_header(header("Auto-Submitted", submitted))
            .raw_header(header("X-Auto-Response-Suppress", "All"))
            .raw_header(header("Content-Language", self.language.as_str()))
            .multipart(MultiPart::alternative_plain_html(plain.to_string(), html.to_string()))?;
        Ok(Zeroizing::new(message.formatted()))
    }

    /// What it is called.
    pub(super) fn subject(&self) -> String {
        one_line(&self.word("subject"))
    }

    /// What it says, this too: a burst when there is more than one thing.
    pub(super) fn parts(&self) -> Vec<Part> {
        self.earlier.iter().cloned().chain([self.own()]).collect()
    }

    /// What it says itself.
    fn own(&self) -> Part {
        Part { kind: self.kind.into(), text: self.text.clone(), by: self.by.clone() }
    }

    /// One of its own words: `subject`, `body`, `action`. Of a burst in which something is asked of the reader, that is what the
    /// subject and the action say.
    fn word(&self, which: &str) -> String {
        if let Some(key) = self.action.filter(|_| which == "action") {
            return self.words(key, &Part::default());
        }
        let parts = self.parts();
        let asks = parts.iter().rfind(|part| ASKING.contains(&part.kind.as_str()) && which != "body");
        match asks {
            Some(part) => self.words(&format!("mail-{}-{which}", part.kind), part),
            None if parts.len() > 1 => self.words(&format!("mail-ticket-burst-{which}"), &Part::default()),
            None => {
                let own = self.own();
                let key = if which == "body" { own.body() } else { format!("mail-{}-{which}", self.kind) };
                self.words(&key, &own)
            }
        }
    }

    fn words(&self, key: &str, part: &Part) -> String {
        let mut values = self.values.clone();
        values.push(("text", Value::Text(part.text.clone())));
        values.push(("author", Value::Text(part.by.clone())));
        values.push(("n", (self.earlier.len() as i64 + 1).into()));
        Catalogue::shared().text(self.language, key, &values)
    }

    /// The greeting and what is said, paragraph by paragraph.
    fn paragraphs(&self) -> Vec<Zeroizing<String>> {
        let mut said = vec![self.words("mail-greeting", &Part::default()), self.word("body")];
        if !self.earlier.is_empty() {
            let bodies = self.parts().iter().map(|part| self.words(&part.body(), part)).collect::<Vec<_>>();
            said.extend(bodies.iter().map(|body| upper_first(body)));
        }
        let said = Zeroizing::new(said.join("\n\n"));
        said.split("\n\n").map(str::trim).filter(|one| !one.is_empty()).map(|one| Zeroizing::new(one.into())).collect()
    }

    fn footer(&self, base_url: &str) -> String {
        let key = match (&self.reply_to, &self.about) {
            (Some(_), Some(_)) => "mail-footer-answers",
            // Nothing is asked for yet that an answer could be part of.
            (Some(_), None) => "mail-footer-opens",
            (None, _) => "mail-footer",
        };
        Catalogue::shared().text(self.language, key, &[("site", base_url.into())])
    }

    fn html(
        &self,
        subject: &str,
        paragraphs: &[&str],
        link: Option<&(String, &Zeroizing<String>)>,
        footer: &str,
    ) -> anyhow::Result<String> {
        let mut context = tera::Context::new();
        context.insert("language", self.language.as_str());
        context.insert("subject", subject);
        context.insert("paragraphs", paragraphs);
        context.insert("footer", footer);
        if let Some((action, link)) = link {
            context.insert("action", action);
            context.insert("link", link.as_str());
        }
        Ok(LAYOUT.render("letter.html", &context)?)
    }
}

/// After a full stop a sentence begins with a capital.
fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn text_of_others(language: Language, others: &str) -> String {
    Catalogue::shared().text(language, "mail-others", &[("names", others.into())])
}

/// A name or a subject cannot begin another header.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_string()
}
