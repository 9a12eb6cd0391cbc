//! In charge of turning bytes into what people read: decoded headers, readable text. Does not know where the bytes
//! come from.

pub(super) mod charset;
pub(super) mod files;
mod parameters;
pub(super) mod parts;
pub(super) mod text;
pub(super) mod uuencode;
pub(super) mod words;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use mail_parser::{Addr, Address, HeaderName, HeaderValue};

use super::pec;
use crate::model::message::{Envelope, Message, PecKind};
pub use files::{Files, is_file};
use parts::Part;
use text::one_line;

/// What the server says of a message, beside its bytes.
#[derive(Debug, Clone)]
pub struct Marks {
    pub uid: u32,
    /// Bytes.
    pub size: u32,
    /// Its words, without `\Recent`.
    pub flags: Vec<String>,
    /// INTERNALDATE: when the message came into the mailbox.
    pub received: Option<DateTime<Utc>>,
    /// What its structure tells of files, where it was asked for and could be read.
    pub files: Option<Files>,
}

impl Marks {
    /// Those of a message of which nothing else is known.
    pub fn of(uid: u32) -> Marks {
        Marks { uid, size: 0, flags: Vec::new(), received: None, files: None }
    }
}

/// A line of a list, from (some of) the headers of a message, or without any when the server could not give them. Never
/// fails: what cannot be read is empty.
pub fn envelope(marks: &Marks, headers: Option<&[u8]>) -> Envelope {
    let part = Part::read(headers.unwrap_or_default());
    let kind = pec::kind(&plain_headers(&part));
    // Where the structure cannot be told, a message of parts is taken to have some that are files.
    let has_attachments = marks.files.map_or_else(|| part.is_multipart(), |files| files.shown(kind));
    Envelope { readable: headers.is_some(), ..envelope_of(marks, &part, kind, has_attachments) }
}

/// A message opened to be read. Never fails: what cannot be read is empty.
pub fn message(marks: &Marks, raw: &[u8], truncated: bool) -> Message {
    let part = Part::read(raw);
    let kind = pec::kind(&plain_headers(&part));
    let (files, attachments) = files::files(&part, kind, truncated);
    Message {
        envelope: envelope_of(marks, &part, kind, files.shown(kind)),
        cc: addresses(&part, HeaderName::Cc),
        headers: parts::written_headers(raw),
        text: readable_text(&part, kind),
        attachments,
        truncated,
    }
}

fn envelope_of(marks: &Marks, part: &Part<'_>, kind: PecKind, has_attachments: bool) -> Envelope {
    let text = |name: HeaderName<'static>| part.header(&name).and_then(HeaderValue::as_text).unwrap_or_default();
    let reference = one_line(text(HeaderName::Other("X-Riferimento-Message-ID".into())));
    Envelope {
        uid: marks.uid,
        subject: one_line(text(HeaderName::Subject)),
        from: shown_sender(part, kind),
        to: addresses(part, HeaderName::To),
        date: date(part).or(marks.received),
        size: marks.size,
        seen: marks.flags.iter().any(|flag| flag.eq_ignore_ascii_case("\\Seen")),
        flags: marks.flags.clone(),
        has_attachments,
        kind,
        reference: Some(reference.trim_matches(['<', '>']).to_string()).filter(|reference| !reference.is_empty()),
        readable: true,
    }
}

/// The words of the original inside a certified message; of an anomaly, the provider's words and then those of what it
/// carries (`pec.md` 1.4); of any other message, its own.
fn readable_text(part: &Part<'_>, kind: PecKind) -> String {
    let original = match kind {
        PecKind::CertifiedMessage | PecKind::RemDispatch | PecKind::Anomaly => text::original(part),
        _ => None,
    };
    let inside = original.map(|bytes| text::readable(&Part::read(&bytes))).unwrap_or_default();
    match kind {
        PecKind::Anomaly if !inside.is_empty() => {
            format!("{}\n\n{inside}", text::readable(part)).trim_start().to_string()
        }
        _ if !inside.is_empty() => inside,
        _ => text::readable(part),
    }
}

/// Of an envelope the original sender (`pec.md` 1.3): `"Per conto di: a@b" <posta-certificata@…>`, else Reply-To. Of
/// any other message, and of an envelope that has neither, From.
fn shown_sender(part: &Part<'_>, kind: PecKind) -> String {
    let from = part.header(&HeaderName::From).and_then(HeaderValue::as_address).and_then(Address::first);
    let enveloped = matches!(kind, PecKind::CertifiedMessage | PecKind::Anomaly | PecKind::RemDispatch);
    let on_behalf = from.and_then(Addr::name).and_then(on_behalf_of).filter(|_| enveloped);
    if let Some(original) = on_behalf {
        return one_line(original);
    }
    let reply_to = part.header(&HeaderName::ReplyTo).and_then(HeaderValue::as_address).and_then(Address::first);
    let sender = reply_to.filter(|_| enveloped).or(from);
    sender.map(shown_address).unwrap_or_default()
}

/// What follows «Per conto di:» (or its English sister in REM), when there is anything.
pub(super) fn on_behalf_of(name: &str) -> Option<&str> {
    let name = name.trim();
    ["per conto di:", "on behalf of:"].iter().find_map(|words| {
        let (start, original) = name.split_at_checked(words.len())?;
        let original = original.trim().trim_matches(['"', '\'', '<', '>']);
        (start.eq_ignore_ascii_case(words) && !original.is_empty()).then_some(original)
    })
}

fn addresses(part: &Part<'_>, name: HeaderName<'static>) -> Vec<String> {
    let list = part.header(&name).and_then(HeaderValue::as_address);
    list.map(|list| list.iter().map(shown_address).filter(|shown| !shown.is_empty()).collect()).unwrap_or_default()
}

/// `Name <address>`, or the one of the two that is there.
fn shown_address(address: &Addr<'_>) -> String {
    let name = one_line(address.name().unwrap_or_default());
    let address = one_line(address.address().unwrap_or_default());
    match (name.is_empty() || name == address, address.is_empty()) {
        (false, false) => format!("{name} <{address}>"),
        (false, true) => name,
        (true, _) => address,
    }
}

/// The `Date` header, unless it is no date of ours times.
pub(super) fn date(part: &Part<'_>) -> Option<DateTime<Utc>> {
    let date = part.header(&HeaderName::Date).and_then(HeaderValue::as_datetime)?;
    let day = NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))?;
    let second = u32::from(date.second).min(59); // a leap second is written 60 (RFC 5322, 3.3)
    let local = day.and_hms_opt(u32::from(date.hour), u32::from(date.minute), second)?;
    let east = (i32::from(date.tz_hour) * 60 + i32::from(date.tz_minute)) * 60;
    let zone = FixedOffset::east_opt(if date.tz_before_gmt { -east } else { east })?;
    let moment = local.and_local_timezone(zone).single()?.to_utc();
    (1970..=9999).contains(&date.year).then_some(moment)
}

/// The headers as `pec::kind` wants them: the address of From, the decoded subject, the others as written.
pub(super) fn plain_headers(part: &Part<'_>) -> Vec<(String, String)> {
    part.headers()
        .iter()
        .filter_map(|header| {
            let value = match &header.value {
                HeaderValue::Text(text) => text.to_string(),
                HeaderValue::Address(list) => list.first().and_then(Addr::address).unwrap_or_default().to_string(),
                _ => return None,
            };
            Some((header.name().to_string(), value))
        })
        .collect()
}

#[cfg(test)]
mod tests;
