//! In charge of the parts of a mail becoming its words and its files, each once. Does not know who wrote it.

use std::borrow::Cow;
use std::collections::HashSet;

use mail_parser::HeaderName;

use super::{File, Limits, Unreadable, headers, html, winmail};
use crate::mail::parse::files::is_file;
use crate::mail::parse::parts::Part;
use crate::mail::parse::text::{one_line, tidy};
use crate::mail::parse::{charset, uuencode};

/// How often a mail's bytes may be gone over for multiparts within multiparts, beside the first few megabytes: honest mail
/// takes six times at most, a certified letter with pictures.
const MOST_PASSES: usize = 10;
const FREE: usize = 16 * 1024 * 1024;

/// What a mail says and brings.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub text: String,
    pub html: Option<String>,
    pub is_cut: bool,
    pub files: Vec<File>,
}

/// The words and files of a message. Messages within are files and are not entered.
pub(super) fn read(root: &Part<'_>, limits: &Limits) -> Result<Content, Unreadable> {
    let bytes_left = root.body().len().saturating_mul(MOST_PASSES).saturating_add(FREE);
    let mut walk = Walk { limits, parts: 0, bytes_left, is_cut: false, files: Vec::new() };
    let words = join(walk.part(root, Place::Whole, 0)?);
    let text = walk.cut(words.text);
    let html = words.html.map(|html| walk.cut(html));
    let mut files = winmail::unpack(walk.files);
    mark_inline(&mut files, html.as_deref().unwrap_or_default());
    Ok(Content { text, html, is_cut: walk.is_cut, files })
}

/// The same words in one or two forms.
#[derive(Debug, Default)]
struct Words {
    text: String,
    html: Option<String>,
}

/// Where a part stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It is the whole message.
    Whole,
    /// In `multipart/alternative`: one form of several (RFC 2046, 5.1.4).
    Form,
    /// In any other multipart.
    Among,
}

struct Walk<'l> {
    limits: &'l Limits,
    parts: usize,
    bytes_left: usize,
    is_cut: bool,
    files: Vec<File>,
}

impl Walk<'_> {
    fn part(&mut self, part: &Part<'_>, place: Place, depth: usize) -> Result<Vec<Words>, Unreadable> {
        self.parts += 1;
        if self.parts > self.limits.most_parts {
            return Err(Unreadable::TooManyParts);
        }
        let children = self.children(part, depth)?;
        if children.is_empty() {
            return Ok(self.leaf(part, place).into_iter().collect());
        }
        let is_alternative = part.is("multipart", "alternative");
        let place = if is_alternative { Place::Form } else { Place::Among };
        let mut found = Vec::new();
        for child in &children {
            let words = self.part(child, place, depth + 1)?;
            if is_alternative && !words.is_empty() {
                found.push(join(words));
            } else {
                found.extend(words);
            }
        }
        Ok(if is_alternative { vec![choose(found)] } else { found })
    }

    fn children<'a>(&mut self, part: &Part<'a>, depth: usize) -> Result<Vec<Part<'a>>, Unreadable> {
        if !part.is_multipart() {
            return Ok(Vec::new());
        }
        let bytes_left = self.bytes_left.checked_sub(part.body().len()).filter(|_| depth < self.limits.deepest);
        self.bytes_left = bytes_left.ok_or(Unreadable::TooDeep)?;
        // One more than may be, so that it shows.
        let most = self.limits.most_parts - self.parts + 1;
        Ok(part.children(most))
    }

    /// A part without parts: words, or a file; nothing where it is a signature or one more form of the same words.
    fn leaf(&mut self, part: &Part<'_>, place: Place) -> Option<Words> {
        let media_type = part.media_type();
        let (media, subtype) = media_type.split_once('/').unwrap_or_default();
        let is_said = !part.is_attachment() && (place == Place::Whole || part.file_name().is_none());
        match (media, subtype) {
            // A multipart without parts is at least a text.
            ("text", "plain") | ("multipart", _) if is_said => Some(self.plain(part)),
            ("text", "html") if is_said => Some(self.rich(part)),
            ("text", _) if is_said && place == Place::Form && subtype != "calendar" => None,
            _ => {
                let is_signature = !is_file(media, subtype, false, true, false) && !is_document(part);
                self.files.extend((!is_signature).then(|| file(part, &media_type)));
                None
            }
        }
    }

    fn plain(&mut self, part: &Part<'_>) -> Words {
        let (text, packed) = uuencode::take_out(&self.letters(part));
        let most = self.limits.most_parts - self.parts.min(self.limits.most_parts);
        self.files.extend(packed.into_iter().take(most).map(|one| File {
            name: Some(one_line(&one.name)).filter(|name| !name.is_empty()),
            media_type: "application/octet-stream".into(),
            bytes: one.bytes,
            content_id: None,
            is_inline: false,
        }));
        Words { text: tidy(&text), html: None }
    }

    fn rich(&mut self, part: &Part<'_>) -> Words {
        // A column of text takes no NUL.
        let html = self.letters(part).replace('\0', "");
        Words { text: tidy(&html::text(&html)), html: Some(html) }
    }

    fn letters(&mut self, part: &Part<'_>) -> String {
        let bytes = part.decoded();
        let read = bytes.get(..self.limits.longest_text).unwrap_or(&bytes);
        self.is_cut |= read.len() < bytes.len();
        charset::text(read, part.charset())
    }

    fn cut(&mut self, mut text: String) -> String {
        self.is_cut |= text.len() > self.limits.longest_text;
        text.truncate(text.floor_char_boundary(self.limits.longest_text));
        text
    }
}

/// Words that stand one after the other. Where some of them are HTML, the plain ones keep their place beside it.
fn join(words: Vec<Words>) -> Words {
    let is_rich = words.iter().any(|one| one.html.is_some());
    let texts: Vec<&str> = words.iter().map(|one| one.text.as_str()).filter(|text| !text.is_empty()).collect();
    let text = texts.join("\n\n");
    let html =
        is_rich.then(|| words.into_iter().map(|one| one.html.unwrap_or_else(|| html::of_plain(&one.text))).collect());
    Words { text, html }
}

/// Of several forms the plain text when it says something, else the last that does; and the last HTML, which is the richest.
fn choose(forms: Vec<Words>) -> Words {
    let said = |form: &&Words| !form.text.is_empty();
    let plain = forms.iter().filter(|form| form.html.is_none()).find(said);
    let text = plain.or_else(|| forms.iter().rev().find(said)).map(|form| form.text.clone()).unwrap_or_default();
    Words { text, html: forms.into_iter().rev().find_map(|form| form.html) }
}

fn file(part: &Part<'_>, media_type: &str) -> File {
    let bytes = part.decoded();
    let name = part.file_name().map(one_line).filter(|name| !name.is_empty());
    File {
        name: name.or_else(|| media_type.eq("message/rfc822").then(|| name_of_message(&bytes)).flatten()),
        media_type: one_line(media_type),
        content_id: headers::ids(part, &HeaderName::ContentId).into_iter().next(),
        is_inline: false,
        bytes: Cow::into_owned(bytes),
    }
}

/// Whether what is said to be a signature is a file of its own, as `istanza.pdf.p7m`: that of the message has none of these names.
fn is_document(part: &Part<'_>) -> bool {
    let name = part.file_name().unwrap_or_default().trim().to_ascii_lowercase();
    name.ends_with(".p7m") || (name.ends_with(".p7s") && !name.starts_with("smime"))
}

fn name_of_message(bytes: &[u8]) -> Option<String> {
    let subject = headers::subject(&Part::read(bytes));
    (!subject.is_empty()).then(|| format!("{subject}.eml"))
}

/// Inline is what the HTML names (RFC 2392), wherever in the mail it stands and whatever is said of it.
fn mark_inline(files: &mut [File], html: &str) {
    let ends = ['"', '\'', '>', ')', '<'];
    let ends = |letter: char| letter.is_whitespace() || ends.contains(&letter);
    let named: HashSet<&str> = html.split("cid:").skip(1).filter_map(|rest| rest.split(ends).next()).collect();
    for file in files {
        file.is_inline = file.content_id.as_deref().is_some_and(|id| named.contains(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(raw: &str) -> Content {
        read(&Part::read(raw.replace('\n', "\r\n").as_bytes()), &Limits::default()).unwrap()
    }

    #[test]
    fn plain_words_are_preferred_and_html_is_kept() {
        let html = "--b\nContent-Type: text/html\n\n<p>ricco</p>\n";
        let of =
            |plain: &str| content(&format!("Content-Type: multipart/alternative; boundary=b\n\n{plain}{html}--b--\n"));
        assert_eq!(
            (of("--b\n\npiano\n").text.as_str(), of("--b\n\npiano\n").html.as_deref()),
            ("piano", Some("<p>ricco</p>"))
        );
        assert_eq!(of("--b\n\n \n").text, "ricco");
        let amp =
            of("--b\n\npiano\n--b\nContent-Type: text/x-amp-html\n\n<p>\n--b\nContent-Type: text/calendar\n\nBEGIN\n");
        assert_eq!((amp.files.len(), amp.files[0].media_type.as_str()), (1, "text/calendar"));
    }

    #[test]
    fn words_around_a_file_stay_in_their_order() {
        let raw = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<b>uno</b>\n--b\n\
                   Content-Type: image/png; name=a.png\n\nx\n--b\n\n1 < 2\n--b\nContent-Type: text/plain; name=a.txt\n\nfile\n--b--\n";
        let found = content(raw);
        assert_eq!((found.text.as_str(), found.files.len()), ("uno\n\n1 < 2", 2));
        assert_eq!(found.html.unwrap(), "<b>uno</b><pre>1 &lt; 2</pre>");
        assert_eq!(content("Content-Type: text/plain; name=corpo.txt\n\nciao").text, "ciao");
    }

    #[test]
    fn what_is_too_much() {
        let limits = Limits { most_parts: 4, deepest: 2, longest_text: 5 };
        let of = |raw: &str| read(&Part::read(raw.as_bytes()), &limits);
        let head = "Content-Type: multipart/mixed; boundary=b\n\n";
        assert!(of(&format!("{head}--b\n\n1\n--b\n\n2\n--b\n\n3\n--b--")).is_ok());
        assert_eq!(of(&format!("{head}{}", "--b\n\n1\n".repeat(4))).unwrap_err(), Unreadable::TooManyParts);
        let nested = format!("--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n{head}--b\n\nx");
        assert_eq!(of(&format!("{head}{nested}")).unwrap_err(), Unreadable::TooDeep);
        let long = of("Content-Type: text/plain\n\nperché no").unwrap();
        assert_eq!((long.text.as_str(), long.is_cut), ("perch", true));
    }
}
