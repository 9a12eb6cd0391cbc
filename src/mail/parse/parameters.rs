//! In charge of parameters that headers give in pieces (RFC 2231, 3), before they are read: the pieces become one, since programs cut
//! letters in two between them and `mail-parser` decodes each by itself. Does not know which parameters there are.

/// The same headers with each parameter that begins as `name*0*=` in one piece. Pieces that are not in their order stay as they are.
pub(super) fn joined(head: &str) -> String {
    let mut made = String::with_capacity(head.len());
    let mut rest = head;
    while let Some(at) = rest.find("*0*=") {
        let (before, from) = rest.split_at(at);
        let name = before.rsplit([';', ' ', '\t', '\n']).next().unwrap_or_default();
        let (first, mut left) = value(from.get(4..).unwrap_or_default());
        let mut whole = first.to_string();
        for number in 1.. {
            let next = left.trim_start_matches([';', ' ', '\t', '\r', '\n']);
            let Some(next) = piece(next, name, number) else { break };
            let (said, after) = value(next.1);
            if next.0 {
                whole.push_str(said)
            } else {
                said.bytes().for_each(|byte| escape(byte, &mut whole))
            }
            left = after;
        }
        made.push_str(before);
        made.push_str("*=");
        made.push_str(&whole);
        rest = left;
    }
    made.push_str(rest);
    made
}

/// Whether this piece of the parameter is escaped, and what follows its `=`.
fn piece<'a>(text: &'a str, name: &str, number: usize) -> Option<(bool, &'a str)> {
    let said = text.get(..name.len()).filter(|said| said.eq_ignore_ascii_case(name))?;
    let after = text.get(said.len()..)?.strip_prefix('*')?.strip_prefix(&number.to_string())?;
    match after.strip_prefix("*=") {
        Some(value) => Some((true, value)),
        None => after.strip_prefix('=').map(|value| (false, value)),
    }
}

/// A value, in quotes or not, and what follows it.
fn value(text: &str) -> (&str, &str) {
    let quoted = text.strip_prefix('"').and_then(|inside| inside.split_once('"'));
    quoted.unwrap_or_else(|| text.split_at(text.find([';', ' ', '\t', '\r', '\n']).unwrap_or(text.len())))
}

fn escape(byte: u8, into: &mut String) {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
        into.push(char::from(byte));
    } else {
        into.push_str(&format!("%{byte:02X}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_one() {
        for (head, expected) in [
            ("filename*0*=utf-8''citt%C3;\r\n filename*1*=%A0.pdf\r\n", "filename*=utf-8''citt%C3%A0.pdf\r\n"),
            ("a; NAME*0*=\"utf-8''x\"; name*1=\" y;\"; b=c", "a; NAME*=utf-8''x%20y%3B; b=c"),
            ("filename*0*=utf-8''a; filename*2*=c", "filename*=utf-8''a; filename*2*=c"),
            ("filename*0=a; filename*1=b", "filename*0=a; filename*1=b"),
            ("*0*=", "*="),
            ("", ""),
        ] {
            assert_eq!(joined(head), expected, "{head}");
        }
    }
}
