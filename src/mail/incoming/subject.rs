//! In charge of the request's number in a subject. Does not know whether there is such a request.

/// The number of a request in brackets, `[TK-2026-000123]`, wherever it stands; of several the first.
pub fn token(subject: &str) -> Option<String> {
    subject.split('[').skip(1).find_map(|rest| {
        let number = rest.split_once(']')?.0.trim().to_ascii_uppercase();
        is_number(&number).then_some(number)
    })
}

/// `TK`, a year and at least six digits, as the desk writes them.
fn is_number(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    match text.strip_prefix("TK-").and_then(|rest| rest.split_once('-')) {
        Some((year, number)) => year.len() == 4 && (6..=12).contains(&number.len()) && digits(year) && digits(number),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_brackets_only() {
        for (subject, expected) in [
            ("[TK-2026-000123] Casella piena", Some("TK-2026-000123")),
            ("R: I: [ tk-2026-000123 ] Casella", Some("TK-2026-000123")),
            ("Re: [EXT] [lista] [TK-2026-1000000]", Some("TK-2026-1000000")),
            ("[[TK-2026-000001]]", Some("TK-2026-000001")),
            ("[TK-2026-000001] [TK-2026-000002]", Some("TK-2026-000001")),
            ("TK-2026-000123", None),
            ("[TK-2026-00012]", None),
            ("[TK-26-000123]", None),
            ("[TK-2026-00012x]", None),
            ("[TK-2026-000123", None),
            ("[TK-2026-0001234567890]", None),
            ("", None),
        ] {
            assert_eq!(token(subject).as_deref(), expected, "{subject}");
        }
    }
}
