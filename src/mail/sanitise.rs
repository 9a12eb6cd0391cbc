//! In charge of the HTML of a mail becoming what may be shown (W22, `security.md`): an allow-list, nothing from elsewhere unless it is
//! asked for. The work is ammonia's, and what it gives is not written over by anybody. Does not know who reads it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use ammonia::{Builder, UrlRelative};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use crate::model::attachment::Picture;

/// Longer HTML, or HTML of more tags or deeper ones, is not shown: its text is.
const LONGEST: usize = 1024 * 1024;
const MOST_TAGS: usize = 30_000;
const DEEPEST: usize = 400;

/// The bytes of pictures that one body may show, each as often as it is shown.
const MOST_PICTURES: usize = 16 * 1024 * 1024;

/// How much of a link's target is told.
const LONGEST_TARGET: usize = 300;

/// What may stand in a body.
const TAGS: [&str; 64] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

/// What goes with all that stands within. Of any other tag the words stay.
const WITHOUT_WORDS: [&str; 17] = [
    "script", "style", "title", "head", "noscript", "iframe", "frameset", "object", "embed", "applet", "svg", "math",
    "template", "textarea", "select", "noembed", "noframes",
];

/// Attributes of any tag. `background` is here so that what it names is counted; it never stays.
const ATTRIBUTES: [&str; 10] =
    ["style", "dir", "lang", "align", "valign", "width", "height", "bgcolor", "background", "color"];

/// Properties of a `style`, none of which can lie over another part of the page.
const PROPERTIES: [&str; 57] = [
    "background",
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "color",
    "direction",
    "display",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "min-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
];

/// A picture that came with the mail.
#[derive(Debug, Clone, Copy)]
pub struct Inline<'m> {
    /// By which the HTML names it (RFC 2392), without brackets.
    pub content_id: &'m str,
    pub bytes: &'m [u8],
}

/// What of a mail's pictures is shown.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'m> {
    /// Those that came with it, in their places.
    pub inline: &'m [Inline<'m>],
    /// Those that lie elsewhere too, and are fetched by whoever reads.
    pub remote: bool,
}

/// A body that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pub html: String,
    /// How many pictures that lie elsewhere are left out.
    pub blocked: usize,
}

/// The body of this HTML; nothing where it is too much to be shown.
pub fn body(html: &str, shown: Shown<'_>) -> Option<Body> {
    if is_too_much(html) {
        return None;
    }
    let pictures = shown.inline.iter().filter_map(|one| Some((one.content_id.to_string(), data(one.bytes)?))).collect();
    let state = Arc::new(Mutex::new(State { left: MOST_PICTURES, remote: shown.remote, pictures, ..State::default() }));
    let filter = state.clone();
    let html = Builder::empty()
        .tags(TAGS.into())
        .clean_content_tags(WITHOUT_WORDS.into())
        .generic_attributes(ATTRIBUTES.into())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", "srcset", "alt", "title"])),
            ("td", HashSet::from(["colspan", "rowspan", "nowrap"])),
            ("th", HashSet::from(["colspan", "rowspan", "nowrap", "scope"])),
            ("col", HashSet::from(["span"])),
            ("table", HashSet::from(["border", "cellpadding", "cellspacing"])),
            ("font", HashSet::from(["face", "size"])),
            ("ol", HashSet::from(["start", "type"])),
            ("li", HashSet::from(["value"])),
        ]))
        // Set after all others, so that the filter knows by then where a link leads, and what an image has named.
        .set_tag_attribute_values(HashMap::from([
            ("a", HashMap::from([("target", "_blank"), ("title", "")])),
            ("img", HashMap::from([("referrerpolicy", "no-referrer")])),
        ]))
        .link_rel(Some("noopener noreferrer nofollow"))
        .url_schemes(["http", "https", "mailto", "cid", "data"].into())
        .url_relative(UrlRelative::Deny)
        .filter_style_properties(PROPERTIES.into())
        .attribute_filter(move |tag, name, value| {
            filter.lock().unwrap_or_else(PoisonError::into_inner).attribute(tag, name, value)
        })
        .clean(html)
        .to_string();
    let blocked = state.lock().unwrap_or_else(PoisonError::into_inner).blocked;
    Some(Body { html, blocked })
}

/// A first look that costs nothing: trees that are deep or wide take their reader long. Ends of what was not begun count nothing,
/// as they do for browsers.
fn is_too_much(html: &str) -> bool {
    if html.len() > LONGEST {
        return true;
    }
    let void = ["br", "hr", "img", "col", "meta", "link", "input", "area", "base", "wbr"];
    let (mut open, mut depth): (HashMap<String, usize>, usize) = (HashMap::new(), 0);
    for (at, piece) in html.split('<').skip(1).enumerate() {
        let (is_end, tag) = piece.strip_prefix('/').map_or((false, piece), |tag| (true, tag));
        let name: String = tag.chars().take(20).take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        if at >= MOST_TAGS {
            return true;
        }
        if name.is_empty() || void.contains(&name.as_str()) {
            continue;
        }
        let count = open.entry(name).or_default();
        if !is_end {
            *count += 1;
            depth += 1;
        } else if *count > 0 {
            *count -= 1;
            depth -= 1;
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// What the filter remembers from one attribute to the next.
#[derive(Default)]
struct State {
    remote: bool,
    pictures: HashMap<String, String>,
    /// How many bytes of pictures may still be shown.
    left: usize,
    blocked: usize,
    /// Whether the image that is read now names something that lies elsewhere and stays there.
    is_blocked: bool,
    /// Where the link that is read now leads.
    target: Option<String>,
}

impl State {
    fn attribute<'v>(&mut self, tag: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
        match (tag, name) {
            ("a", "href") => {
                let target = target(value)?;
                self.target = Some(target);
                Some(value.into())
            }
            ("a", "title") => self.target.take().map(Cow::Owned),
            ("img", "src") => self.source(value),
            ("img", "srcset") => {
                self.is_blocked |= is_remote(value);
                None
            }
            ("img", "referrerpolicy") => {
                self.blocked += usize::from(std::mem::take(&mut self.is_blocked));
                Some(value.into())
            }
            // Of a tag that goes nothing is counted.
            (tag, "background") => {
                self.blocked += usize::from(TAGS.contains(&tag) && is_remote(value));
                None
            }
            (tag, "style") => {
                let kept: Vec<&str> = value.split(';').filter(|one| !is_loading(one)).collect();
                let loads = value.split(';').filter(|one| is_loading(one) && is_remote(one)).count();
                self.blocked += if TAGS.contains(&tag) { loads } else { 0 };
                Some(kept.join(";").into())
            }
            _ => Some(value.into()),
        }
    }

    /// What an image shows: a picture that came with the mail, or one that lies elsewhere where that was asked for.
    fn source<'v>(&mut self, value: &'v str) -> Option<Cow<'v, str>> {
        let url = Url::parse(value).ok()?;
        match url.scheme() {
            "cid" => {
                let id = value.trim().get(4..)?;
                let id = percent(id);
                let data = self.pictures.get(id.as_str())?;
                self.left = self.left.checked_sub(data.len())?;
                Some(data.clone().into())
            }
            "data" => {
                let (kind, coded) = value.trim().split_once(',')?;
                let is_coded = kind.to_ascii_lowercase().ends_with(";base64");
                let coded: String = coded.chars().filter(|letter| !letter.is_whitespace()).collect();
                let bytes = STANDARD.decode(coded).ok().filter(|_| is_coded)?;
                let data = data(&bytes)?;
                self.left = self.left.checked_sub(data.len())?;
                Some(data.into())
            }
            // Over a connection that others can read nothing is fetched.
            "https" if self.remote => Some(value.into()),
            "http" | "https" => {
                self.is_blocked = true;
                None
            }
            _ => None,
        }
    }
}

/// Whether a declaration could have something fetched, or is written so that it cannot be told.
fn is_loading(declaration: &str) -> bool {
    let small = declaration.to_ascii_lowercase();
    ["url", "image", "expression", "@", "\\", "/*", "src("].iter().any(|word| small.contains(word))
}

fn is_remote(value: &str) -> bool {
    let small = value.to_ascii_lowercase();
    small.contains("http:") || small.contains("https:") || small.trim_start().starts_with("//")
}

/// A picture as an address, when by its bytes it is one.
fn data(bytes: &[u8]) -> Option<String> {
    let picture = Picture::of(bytes)?;
    Some(format!("data:{};base64,{}", picture.media_type(), STANDARD.encode(bytes)))
}

/// Where a link leads, for who reads: the server first, whatever is written before it.
fn target(href: &str) -> Option<String> {
    let url = Url::parse(href).ok()?;
    let whole: String = url.as_str().chars().take(LONGEST_TARGET).collect();
    match url.scheme() {
        "mailto" => Some(whole),
        "http" | "https" => Some(format!("{} · {whole}", url.host_str()?)),
        _ => None,
    }
}

/// A Content-ID as it stands in an address, with its letters (RFC 2392).
fn percent(id: &str) -> String {
    let bytes: Vec<u8> = form_urlencoded::parse(format!("x={}", id.replace('+', "%2B").replace('&', "%26")).as_bytes())
        .next()
        .map(|(_, value)| value.into_owned().into_bytes())
        .unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
