//! In charge of reading from a BODYSTRUCTURE (RFC 9051, 7.5.2) whether a message carries files. Does not know their content.

use super::value::Value;
use crate::mail::parse::Files;

/// A list too deep for `value.rs` never comes here; this bounds our own walk alike.
const DEEPEST: usize = 40;

/// Whether there are files in the message, and in the message within it. Nothing when the structure is not one.
pub(super) fn files(body: &Value<'_>) -> Option<Files> {
    let body = body.list()?;
    let within = original(body, DEEPEST).map(|body| carries(body, false, DEEPEST));
    Some(Files { own: carries(body, false, DEEPEST), original: within })
}

/// The body of the first message within.
fn original<'v, 'a>(body: &'v [Value<'a>], depth: usize) -> Option<&'v [Value<'a>]> {
    let depth = depth.checked_sub(1)?;
    match parts(body) {
        [] if is(body, "message", "rfc822") => body.get(8)?.list(),
        parts => parts.iter().filter_map(Value::list).find_map(|part| original(part, depth)),
    }
}

fn carries(body: &[Value<'_>], is_related: bool, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return true };
    let parts = parts(body);
    if !parts.is_empty() {
        let is_related = body.get(parts.len()).is_some_and(|subtype| word(subtype, "related"));
        return parts.iter().filter_map(Value::list).any(|part| carries(part, is_related, depth));
    }
    let text = |place: usize| body.get(place).and_then(Value::bytes).map(String::from_utf8_lossy).unwrap_or_default();
    let has_name = has_parameter(body.get(2), "name")
        || disposition(body).is_some_and(|one| has_parameter(one.get(1), "filename"));
    let is_attachment = disposition(body).and_then(|one| one.first()).is_some_and(|first| word(first, "attachment"));
    crate::mail::parse::is_file(&text(0), &text(1), is_attachment, has_name, is_related)
}

/// The parts of a multipart: the lists it begins with.
fn parts<'v, 'a>(body: &'v [Value<'a>]) -> &'v [Value<'a>] {
    let end = body.iter().position(|value| value.list().is_none()).unwrap_or(body.len());
    &body[..end]
}

/// The disposition is the list that begins with its word, somewhere behind the seven fields that every part has.
fn disposition<'v, 'a>(body: &'v [Value<'a>]) -> Option<&'v [Value<'a>]> {
    let lists = body.iter().skip(7).filter_map(Value::list);
    let mut found = lists.filter(|list| {
        list.len() == 2 && list.first().is_some_and(|first| word(first, "attachment") || word(first, "inline"))
    });
    found.next()
}

fn has_parameter(parameters: Option<&Value<'_>>, name: &str) -> bool {
    let parameters = parameters.and_then(Value::list).unwrap_or_default();
    // A long name comes in pieces, `name*0` and so on (RFC 2231).
    let is_it = |word: &[u8]| word.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
    parameters.chunks_exact(2).any(|pair| pair[0].bytes().is_some_and(is_it))
}

fn is(body: &[Value<'_>], media: &str, subtype: &str) -> bool {
    matches!(body, [one, other, ..] if word(one, media) && word(other, subtype))
}

fn word(value: &Value<'_>, word: &str) -> bool {
    value.bytes().is_some_and(|bytes| bytes.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::value;
    use super::*;

    const TEXT: &str = r#"("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 12 1 NIL NIL NIL NIL)"#;
    const PDF: &str = r#"("application" "pdf" ("name" "a.pdf") NIL NIL "base64" 1200 NIL ("attachment" ("filename" "a.pdf")) NIL NIL)"#;
    const SIGNATURE: &str = r#"("application" "x-pkcs7-signature" ("name" "smime.p7s") NIL NIL "base64" 99 NIL ("attachment" ("filename" "smime.p7s")) NIL NIL)"#;
    const LOGO: &str =
        r#"("image" "png" ("name" "logo.png") "<x@y>" NIL "base64" 99 NIL ("inline" ("filename" "logo.png")) NIL NIL)"#;
    const ENVELOPE: &str = r#"(NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL)"#;

    fn check(structure: &str, own: bool, original: Option<bool>) {
        let answer = format!("* X {structure}\r\n");
        let values = value::read(answer.as_bytes()).unwrap();
        assert_eq!(files(&values[1]), Some(Files { own, original }), "{structure}");
    }

    #[test]
    fn files_are_told_from_what_is_read() {
        check(TEXT, false, None);
        check(PDF, true, None);
        check(&format!("({TEXT}{PDF} \"mixed\" (\"boundary\" \"x\") NIL NIL NIL)"), true, None);
        check(&format!("({TEXT}{SIGNATURE} \"signed\" NIL NIL NIL NIL)"), false, None);
        check(&format!("({TEXT}{LOGO} \"related\" NIL NIL NIL NIL)"), false, None);
        check(&format!("({TEXT}{LOGO} \"mixed\" NIL NIL NIL NIL)"), true, None);
        check(r#"("text" "plain" NIL NIL NIL "7bit" 12 1 NIL ("attachment" NIL) NIL NIL)"#, true, None);
    }

    #[test]
    fn of_a_message_within_its_own_files_count() {
        let within = |body: &str| {
            format!(
                r#"("message" "rfc822" ("name" "postacert.eml") NIL NIL "7bit" 900 {ENVELOPE} {body} 12 NIL ("inline" NIL) NIL NIL)"#
            )
        };
        let enveloped = |body: &str| {
            format!("(({TEXT}{} \"mixed\" NIL NIL NIL NIL){SIGNATURE} \"signed\" NIL NIL NIL NIL)", within(body))
        };
        check(&enveloped(TEXT), true, Some(false));
        check(&enveloped(&format!("({TEXT}{PDF} \"mixed\" NIL NIL NIL NIL)")), true, Some(true));
    }

    #[test]
    fn oddities_panic_nobody() {
        for structure in
            ["()", "(NIL)", "(())", "(NIL NIL NIL)", "(\"message\" \"rfc822\")", "((((()))) \"mixed\")", "(\"text\")"]
        {
            let answer = format!("* X {structure}\r\n");
            let values = value::read(answer.as_bytes()).unwrap();
            assert!(files(&values[1]).is_some());
        }
        assert_eq!(files(&Value::Atom(b"NIL")), None);
    }
}
