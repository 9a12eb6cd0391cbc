//! In charge of what a mail that came to the desk says: who writes, what, with which files, and whether a machine does.
//! Does not know requests, nor what is done with it.

mod authentication;
mod automatic;
mod bounce;
mod certified;
mod content;
mod headers;
mod html;
mod quote;
pub mod subject;
mod winmail;

use mail_parser::HeaderName;

pub use authentication::{Authentication, Verdict};
pub use automatic::Automatic;
pub use bounce::{Bounce, BouncedRecipient};
pub use certified::{Certified, Statement};
pub use headers::Person;
pub use quote::quote;

use super::parse::{self, files::is_envelope, parts, parts::Part};
use super::pec;
use super::signature::Seal;
use crate::clock::Moment;
use crate::model::message::PecKind;
use crate::model::ticket::Signature;
use content::Content;

/// A mail read. Of a certified message (RFC 6109, 2.1.1) and of an anomaly all of it is of the message within, but for what
/// is said to be of the envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Without its brackets (RFC 5322, 3.6.4); 998 characters at most.
    pub message_id: Option<String>,
    /// The messages that it answers: those of `In-Reply-To`, then those of `References` from the newest, each once; 50 at most.
    pub references: Vec<String>,
    /// The author; of an envelope whose message is missing, the one on whose behalf it was sent.
    pub from: Option<Person>,
    /// How many are named as its author: of more than one nobody has looked at them all.
    pub authors: usize,
    /// `From` of the mail as it came: of an envelope the provider's. `authentication` speaks of this one.
    pub envelope_from: Option<Person>,
    /// Whom the author wants answered (RFC 5322, 3.6.2).
    pub reply_to: Option<Person>,
    pub to: Vec<Person>,
    pub cc: Vec<Person>,
    /// For whom its servers say that it came in (`Delivered-To`, `X-Original-To`).
    pub delivered_to: Vec<String>,
    /// Decoded (RFC 2047), on one line, with its prefixes.
    pub subject: String,
    /// `Date`, as its sender says.
    pub date: Option<Moment>,
    /// What the envelope is; a claim of its headers until its signature is verified.
    pub kind: PecKind,
    /// What is known of the signature over all of the mail as it came: nobody has looked at it, unless who reads it has.
    pub seal: Seal,
    /// What the providers of certified mail say of it, unless it is no certified mail.
    pub certified: Option<Certified>,
    /// Of a receipt, the `Message-ID` of the mail that it is about (RFC 6109, 3.1).
    pub receipt_for: Option<String>,
    /// What is written, of the HTML when there is no plain text; lines end with `\n`.
    pub text: String,
    /// The HTML as it was written, NOT sanitised; plain texts beside it stand escaped in their place.
    pub html: Option<String>,
    /// Whether text or HTML was longer than the limit, and is cut.
    pub is_cut: bool,
    /// The byte of `text`, at the start of a line, where older mail begins.
    pub quote: Option<usize>,
    /// What is no text of the mail, in its order.
    pub files: Vec<File>,
    /// Why it is known to come from a machine.
    pub automatic: Option<Automatic>,
    /// Whether its sender asks for no automatic answer, which does not make it automatic.
    pub no_answer_wanted: bool,
    /// What it says of mail that could not be delivered.
    pub bounce: Option<Bounce>,
    /// Every `Authentication-Results` of the envelope, topmost first, whoever wrote it: ask `authentication`.
    pub authentication_results: Vec<String>,
}

/// A file that came with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// On one line, but otherwise as the sender says: never a path to write to. Of a message, its subject and `.eml`.
    pub name: Option<String>,
    /// `type/subtype` as the sender says, in small letters.
    pub media_type: String,
    /// With the transfer encoding undone; a message within stands byte for byte.
    pub bytes: Vec<u8>,
    /// Without its brackets (RFC 2392).
    pub content_id: Option<String>,
    /// Whether the HTML shows it in its place.
    pub is_inline: bool,
}

/// How much is read of one mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Parts of a message, multiparts included.
    pub most_parts: usize,
    /// Multiparts within multiparts.
    pub deepest: usize,
    /// Bytes of the text, and of the HTML: what is longer is cut.
    pub longest_text: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { most_parts: 1000, deepest: 50, longest_text: 2 * 1024 * 1024 }
    }
}

/// Why a mail is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    TooManyParts,
    TooDeep,
    Empty,
}

impl Unreadable {
    /// Its word in rows and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Unreadable::TooManyParts => "too_many_parts",
            Unreadable::TooDeep => "too_deep",
            Unreadable::Empty => "empty",
        }
    }
}

impl Incoming {
    /// What our own receiving server, `authserv_id`, says of the sender (RFC 8601, 5); what others say counts for nothing.
    pub fn authentication(&self, authserv_id: &str) -> Authentication {
        authentication::said_by(&self.authentication_results, authserv_id)
    }

    /// Whether what this server says holds for who sent the mail as it came; nothing where it says nothing at all.
    pub fn holds(&self, authserv_id: &str) -> Option<bool> {
        let domain = self.envelope_from.as_ref().and_then(|from| from.email.rsplit_once('@')).map(|(_, domain)| domain);
        authentication::holds_for(&self.authentication_results, authserv_id, domain.unwrap_or_default())
    }

    /// The addresses to which it was sent, as far as it says.
    pub fn addressed(&self) -> impl Iterator<Item = &str> {
        let named = self.to.iter().chain(&self.cc).map(|one| one.email.as_str());
        named.chain(self.delivered_to.iter().map(String::as_str))
    }

    /// The ids beside its own by which it may be answered: those that its sender's program and the providers gave it (RFC 6109,
    /// 2.1.1.1).
    pub fn other_ids(&self) -> impl Iterator<Item = &str> {
        let certified = self.certified.as_ref();
        let ids = certified.map(|one| [&one.provider_id, &one.envelope_message_id, &one.sender_message_id]);
        ids.into_iter().flatten().filter_map(|id| id.as_deref())
    }

    /// What the provider certifies of the message in an envelope whose signature holds.
    pub fn statement(&self) -> Option<&Statement> {
        let is_valid = self.kind == PecKind::CertifiedMessage && self.seal.signature == Signature::Valid;
        self.certified.as_ref().filter(|_| is_valid)?.statement.as_ref()
    }

    /// Whether its headers, which no provider signs, make a certified message of something else that a provider has signed. What the
    /// European kind states is not read yet (`pec.md` 6.5), so that of none is known that it is one.
    pub fn is_disguised(&self) -> bool {
        let is_message = matches!(self.kind, PecKind::CertifiedMessage | PecKind::RemDispatch);
        is_message && self.seal.signature == Signature::Valid && self.statement().is_none()
    }

    /// Whether it came in an envelope, which names whom it was sent for.
    pub fn is_enveloped(&self) -> bool {
        is_envelope(self.kind)
    }
}

/// Reads a mail as it came over the wire. What is broken in it is read as well as may be.
pub fn read(raw: &[u8], limits: &Limits) -> Result<Incoming, Unreadable> {
    if raw.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        return Err(Unreadable::Empty);
    }
    // Carriage returns alone, as old Macintoshes wrote them.
    let ended =
        (!raw.contains(&b'\n') && raw.contains(&b'\r')).then(|| raw.split(|byte| *byte == b'\r').collect::<Vec<_>>());
    let ended = ended.map(|lines| lines.join(&b"\r\n"[..]));
    let raw = ended.as_deref().unwrap_or(raw);
    let outer = message(raw);
    let kind = pec::kind(&parse::plain_headers(&outer));
    let mut content = content::read(&outer, limits)?;
    let certified = certified::read(kind, &outer, &content.files);
    let original = is_envelope(kind).then(|| certified::take_original(&mut content.files)).flatten();
    let mut incoming = match &original {
        Some(bytes) => {
            let inner = message(bytes);
            let content = content::read(&inner, limits)?;
            incoming(&inner, bytes, content)
        }
        None => incoming(&outer, raw, content),
    };
    let written = parts::all_written_headers(raw);
    if original.is_none() && is_envelope(kind) {
        incoming.from = certified::on_behalf_of(&outer).or(incoming.from);
    }
    incoming.envelope_from = headers::person(&outer, HeaderName::From);
    incoming.seal = Seal::unseen(outer.is("multipart", "signed"));
    incoming.kind = kind;
    incoming.certified = certified;
    incoming.receipt_for = certified::receipt_for(kind, &outer);
    incoming.automatic = incoming.automatic.or_else(|| automatic::automatic(&written));
    incoming.authentication_results = authentication::results(&written);
    Ok(incoming)
}

/// What begins without a single header that is known has none: its first lines are words.
fn message(raw: &[u8]) -> Part<'_> {
    let part = Part::read(raw);
    let has_headers = part.headers().iter().any(|header| !matches!(header.name, HeaderName::Other(_)));
    if has_headers || pec::kind(&parse::plain_headers(&part)) != PecKind::Ordinary { part } else { Part::bare(raw) }
}

/// What one message says by itself.
fn incoming(part: &Part<'_>, raw: &[u8], content: Content) -> Incoming {
    let written = parts::all_written_headers(raw);
    let is_report = part.is("multipart", "report");
    let automatic = automatic::automatic(&written).or_else(|| is_report.then_some(Automatic::Report));
    let from = headers::person(part, HeaderName::From);
    Incoming {
        message_id: headers::ids(part, &HeaderName::MessageId).into_iter().next(),
        authors: headers::authors(part),
        envelope_from: None,
        references: headers::references(part),
        reply_to: headers::person(part, HeaderName::ReplyTo),
        to: headers::persons(part, HeaderName::To),
        cc: headers::persons(part, HeaderName::Cc),
        delivered_to: headers::delivered_to(&written),
        subject: headers::subject(part),
        date: parse::date(part).map(Moment::from),
        kind: PecKind::Ordinary,
        seal: Seal::unseen(false),
        certified: None,
        receipt_for: None,
        quote: quote::quote(&content.text),
        no_answer_wanted: automatic::no_answer_wanted(&written),
        bounce: bounce::bounce(part, from.as_ref(), &written, &content),
        automatic,
        from,
        text: content.text,
        html: content.html,
        is_cut: content.is_cut,
        files: content.files,
        authentication_results: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
