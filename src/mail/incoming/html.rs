//! In charge of the words of an HTML mail as plain text, with what it quotes behind `>`. Does not know what is safe to show.

use mail_parser::decoders::html::html_to_text;

use crate::mail::parse::text::spaced;

/// Letters of the private use area that stand for the beginning and the end of what is quoted, where a mail has none.
const OPEN: char = '\u{f0e0}';
const CLOSE: char = '\u{f0e1}';

/// The longest tag of a block that is looked into, in bytes.
const LONGEST_TAG: usize = 1000;

/// Blocks end their line, and `mail-parser` knows `br` and `p` only.
const BLOCKS: [&str; 15] =
    ["div", "tr", "li", "ul", "ol", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote"];

/// The text of it.
pub(super) fn text(html: &str) -> String {
    quoted(&html_to_text(&spaced(&with_lines(html))))
}

/// Plain words where HTML is wanted.
pub(super) fn of_plain(text: &str) -> String {
    format!("<pre>{}</pre>", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

/// The same HTML with a line break where a block ends, and marks around what is quoted.
fn with_lines(html: &str) -> String {
    let html = html.replace([OPEN, CLOSE], "");
    let mut made = String::with_capacity(html.len());
    let mut is_quote: Vec<bool> = Vec::new();
    let mut pieces = html.split('<');
    made.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (is_end, tag) = piece.strip_prefix('/').map_or((false, piece), |tag| (true, tag));
        let name = tag
            .get(..tag.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(tag.len()))
            .unwrap_or_default();
        if BLOCKS.iter().any(|block| block.eq_ignore_ascii_case(name)) {
            let is_blockquote = name.eq_ignore_ascii_case("blockquote");
            match (is_blockquote, is_end) {
                (true, false) => {
                    is_quote.push(is_citation(tag));
                    let mark = is_quote.last().is_some_and(|is_quote| *is_quote).then_some(OPEN);
                    made.extend("<br>".chars().chain(mark));
                }
                (true, true) => {
                    let mark = is_quote.pop().is_some_and(|is_quote| is_quote).then_some(CLOSE);
                    made.extend("<br>".chars().chain(mark));
                }
                (false, true) => made.push_str("<br>"),
                (false, false) if name.eq_ignore_ascii_case("hr") => made.push_str("<br>"),
                _ => {}
            }
        }
        made.push('<');
        made.push_str(piece);
    }
    made
}

/// Mail programs quote by `type="cite"` or a class such as `gmail_quote`; a bare block is an indented one.
fn is_citation(tag: &str) -> bool {
    let tag = tag.get(..tag.floor_char_boundary(LONGEST_TAG)).unwrap_or_default();
    let attributes = tag.split('>').next().unwrap_or_default().to_ascii_lowercase();
    let after_name = attributes.strip_prefix("blockquote").unwrap_or_default();
    after_name.contains("cite") || after_name.contains("quote")
}

/// Each line behind as many `>` as quotes are open, two empty lines for one at most.
fn quoted(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut open = 0_usize;
    let mut empty = 0;
    for line in text.split('\n') {
        let mut closed = 0;
        for mark in line.chars() {
            match mark {
                OPEN => open += 1,
                CLOSE => closed += 1,
                _ => {}
            }
        }
        let starts_closed = line.trim_start().starts_with(CLOSE);
        open = if starts_closed { open.saturating_sub(closed) } else { open };
        let line = line.replace([OPEN, CLOSE], "");
        let line = line.trim();
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            made.push_str(&">".repeat(open.min(9)));
            made.push_str(if open > 0 && !line.is_empty() { " " } else { "" });
            made.push_str(line);
            made.push('\n');
        }
        open = if starts_closed { open } else { open.saturating_sub(closed) };
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_lines_and_citations_are_quoted() {
        for (html, expected) in [
            ("<div>uno</div><div>due</div>", "uno\ndue"),
            ("<p>uno</p><p>due &egrave; &lt;b&gt;</p>", "uno\ndue è <b>"),
            ("<ul><li>a</li><li>b</li></ul>c", "a\nb\n\nc"),
            ("x<script>no()</script><style>p{}</style><!-- no -->y", "xy"),
            (
                "<p>sì</p>scrive:<blockquote type=\"cite\"><div>a</div><div>b</div></blockquote><div>dopo</div>",
                "sì\nscrive:\n> a\n> b\n>\ndopo",
            ),
            ("a<blockquote style=\"margin:0\">rientro</blockquote>b", "a\nrientro\nb"),
            (
                "<blockquote class=gmail_quote>a<blockquote class=gmail_quote>b</blockquote></blockquote>",
                "> a\n>> b\n>",
            ),
            (
                "<p><b>Mario</b> Rossi</p><p><i><b>Lia</b></i>\n<u>Moro</u> e gli altri</p>",
                "Mario Rossi\nLia Moro e gli altri",
            ),
            ("<b>a</b> <i> b</i> <i>c</i>d", "a b cd"),
            (
                "<table><tr><th>Casella</th><th>Stato</th></tr><tr><td>suap</td> <td>ferma</td></tr></table>",
                "Casella Stato\nsuap ferma",
            ),
            ("a<", "a"),
            ("</blockquote>a", "a"),
            ("", ""),
        ] {
            assert_eq!(text(html).trim(), expected, "{html}");
        }
        assert_eq!(of_plain("<a> & b"), "<pre>&lt;a&gt; &amp; b</pre>");
    }
}
