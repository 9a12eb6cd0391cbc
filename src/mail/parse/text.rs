//! In charge of choosing the words of a message that people read. Does not know who sent it.

use std::borrow::Cow;

use mail_parser::decoders::html::html_to_text;

use super::parts::Part;

/// Multiparts within multiparts are followed this far.
pub(super) const DEEPEST: usize = 12;

/// The most parts looked at in each multipart.
pub(super) const MOST_PARTS: usize = 200;

/// The longest text of one line that is shown, in characters.
const LONGEST_LINE: usize = 1000;

/// The file name of the original message in an envelope (`pec.md` 1.4).
const ORIGINAL: &str = "postacert.eml";

/// The readable text of a message; empty when it has none.
pub(super) fn readable(part: &Part<'_>) -> String {
    let mut texts = texts(part, DEEPEST);
    texts.retain(|text| !text.is_empty());
    texts.join("\n\n")
}

/// The bytes of the original message: the part with its file name, else the first message within.
pub(super) fn original<'a>(part: &Part<'a>) -> Option<Cow<'a, [u8]>> {
    find(part, DEEPEST, &is_named).or_else(|| find(part, DEEPEST, &is_original))
}

/// Whether this part is, or could be, the original message.
pub(super) fn is_original(part: &Part<'_>) -> bool {
    is_named(part) || part.is("message", "rfc822")
}

fn is_named(part: &Part<'_>) -> bool {
    part.file_name().is_some_and(is_original_name)
}

/// Whether a file of this name is the original message.
pub(in crate::mail) fn is_original_name(name: &str) -> bool {
    name.trim().eq_ignore_ascii_case(ORIGINAL)
}

/// A text on one line, without controls and without the signs that reverse the order of what is read.
pub(in crate::mail) fn one_line(text: &str) -> String {
    let line = text.chars().map(|letter| if is_unshowable(letter) { ' ' } else { letter }).take(LONGEST_LINE);
    line.collect::<String>().trim().to_string()
}

fn find<'a>(part: &Part<'a>, depth: usize, wanted: &dyn Fn(&Part<'_>) -> bool) -> Option<Cow<'a, [u8]>> {
    if wanted(part) {
        return Some(part.decoded());
    }
    let depth = depth.checked_sub(1)?;
    part.children(MOST_PARTS).iter().find_map(|child| find(child, depth, wanted))
}

fn texts(part: &Part<'_>, depth: usize) -> Vec<String> {
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    let children = part.children(MOST_PARTS);
    if !children.is_empty() {
        if part.is("multipart", "alternative") {
            return alternative(&children, depth);
        }
        return children.iter().filter(|child| !is_file(child)).flat_map(|child| texts(child, depth)).collect();
    }
    // A multipart without parts is at least a text.
    if part.is("text", "plain") || part.is_multipart() {
        vec![tidy(&part.text())]
    } else if part.is("text", "html") {
        vec![tidy(&html_to_text(&spaced(&part.text())))]
    } else {
        Vec::new()
    }
}

/// Of the same words in several forms, the plain one when it says something, else the last, which is the richest.
fn alternative(children: &[Part<'_>], depth: usize) -> Vec<String> {
    let said = |child: &Part<'_>| Some(texts(child, depth)).filter(|texts| texts.iter().any(|text| !text.is_empty()));
    let plain = children.iter().filter(|child| child.is("text", "plain")).find_map(said);
    plain.or_else(|| children.iter().rev().find_map(said)).unwrap_or_default()
}

/// A text sent as a file is not what the message says.
fn is_file(part: &Part<'_>) -> bool {
    part.is_attachment() || part.file_name().is_some()
}

/// The same HTML with the space between a word that a tag ends and the next written as a sign: `mail-parser` joins «<b>Mario</b> Rossi»
/// where it begins a line, and the cells of a row.
pub(in crate::mail) fn spaced(html: &str) -> String {
    let mut made = String::with_capacity(html.len());
    let mut pieces = html.split('<');
    let first = pieces.next().unwrap_or_default();
    made.push_str(first);
    let (mut is_word, mut is_spaced) = (ends_in_word(first), false);
    for piece in pieces {
        if is_word && CELLS.iter().any(|cell| piece.get(..cell.len()).is_some_and(|tag| cell.eq_ignore_ascii_case(tag)))
        {
            made.push_str("&#32;");
            (is_word, is_spaced) = (false, true);
        }
        made.push('<');
        let Some((tag, text)) = piece.split_once('>') else {
            made.push_str(piece);
            continue;
        };
        made.push_str(tag);
        made.push('>');
        let trimmed = text.trim_ascii_start();
        if is_word && trimmed.len() < text.len() {
            made.push_str("&#32;");
            made.push_str(trimmed);
            (is_word, is_spaced) = (ends_in_word(trimmed), trimmed.is_empty());
        } else if is_spaced {
            made.push_str(trimmed);
            (is_word, is_spaced) = (ends_in_word(trimmed), trimmed.is_empty());
        } else {
            made.push_str(text);
            is_word = if text.is_empty() { is_word } else { ends_in_word(text) };
        }
    }
    made
}

/// What ends a cell of a table.
const CELLS: [&str; 2] = ["/td", "/th"];

fn ends_in_word(text: &str) -> bool {
    text.bytes().last().is_some_and(|byte| !byte.is_ascii_whitespace())
}

/// A text as people read it: lines ended alike, without what cannot be shown.
pub(in crate::mail) fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let shown = text.chars().filter(|letter| matches!(letter, '\n' | '\t') || !is_unshowable(*letter));
    shown.collect::<String>().trim().to_string()
}

/// Controls, and the marks that reorder text (Unicode TR 36, 3.2), with which a name can be made to read as another.
fn is_unshowable(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
