//! In charge of what our own receiving server found about a sender (RFC 8601). Does not check anything itself.

/// What one method found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verdict {
    Pass,
    /// It does not come from where it says.
    Fail,
    /// Not looked for, not to be told, or not clear: no fault.
    #[default]
    None,
}

/// What was found of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Authentication {
    /// RFC 7208. `softfail` counts as `Fail`.
    pub spf: Verdict,
    /// RFC 6376: one signature that holds is enough.
    pub dkim: Verdict,
    /// RFC 7489.
    pub dmarc: Verdict,
}

const HEADER: &str = "Authentication-Results";

/// More are not looked at.
const MOST_RESULTS: usize = 50;

/// Every header of results, topmost first, as written.
pub(super) fn results(headers: &[(String, String)]) -> Vec<String> {
    let found = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(HEADER));
    found.map(|(_, value)| value.clone()).take(MOST_RESULTS).collect()
}

/// What the topmost header of this server says. A header below it may be the sender's own, whatever name it bears (RFC 8601,
/// 7.1), so that no second one is read.
pub(super) fn said_by(results: &[String], authserv_id: &str) -> Authentication {
    let ours = of_server(results, authserv_id);
    let mut found = Authentication::default();
    for (method, verdict) in ours.iter().flatten().skip(1).filter_map(|clause| finding(clause)) {
        match method.as_str() {
            "spf" => found.spf = better(found.spf, verdict),
            "dkim" => found.dkim = better(found.dkim, verdict),
            "dmarc" => found.dmarc = better(found.dmarc, verdict),
            _ => {}
        }
    }
    found
}

/// Whether what this server says holds for a sender of this domain: of the methods that pass, one has looked at that very domain,
/// or at one below it, and DMARC does not fail. Nothing where this server says nothing at all.
pub(super) fn holds_for(results: &[String], authserv_id: &str, domain: &str) -> Option<bool> {
    let clauses = of_server(results, authserv_id)?;
    let within = format!(".{}", domain.to_ascii_lowercase());
    let is_of = |found: &str| format!(".{}", found.to_ascii_lowercase()).ends_with(&within);
    let passes = |clause: &String| {
        let (method, verdict) = finding(clause)?;
        let properties: &[&str] = match method.as_str() {
            "spf" => &["smtp.mailfrom"],
            "dkim" => &["header.d", "header.i"],
            "dmarc" => &["header.from"],
            _ => return None,
        };
        let named = clause.split_whitespace().filter_map(|word| word.split_once('='));
        let mut domains = named.filter(|(name, _)| properties.iter().any(|known| known.eq_ignore_ascii_case(name)));
        let is_ours = domains.any(|(_, value)| is_of(value.rsplit('@').next().unwrap_or_default()));
        Some(verdict == Verdict::Pass && is_ours)
    };
    let has_failed = said_by(results, authserv_id).dmarc == Verdict::Fail;
    Some(!has_failed && clauses.iter().skip(1).filter_map(passes).any(|passes| passes))
}

/// The parts of the topmost header of this server.
fn of_server(results: &[String], authserv_id: &str) -> Option<Vec<String>> {
    results.iter().map(|written| clauses(written)).find(|clauses| {
        let id = clauses.first().and_then(|first| first.split_whitespace().next());
        id.is_some_and(|id| id.eq_ignore_ascii_case(authserv_id))
    })
}

/// Method and verdict of `method[/version]=result …` (RFC 8601, 2.2); the results are those of 2.7.
fn finding(clause: &str) -> Option<(String, Verdict)> {
    let (method, rest) = clause.split_once('=')?;
    let method = method.split('/').next().unwrap_or_default().trim().to_ascii_lowercase();
    let verdict = match rest.split_whitespace().next()?.to_ascii_lowercase().as_str() {
        "pass" => Verdict::Pass,
        "fail" | "softfail" | "hardfail" => Verdict::Fail,
        _ => Verdict::None,
    };
    Some((method, verdict))
}

fn better(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Pass, _) | (_, Verdict::Pass) => Verdict::Pass,
        (Verdict::Fail, _) | (_, Verdict::Fail) => Verdict::Fail,
        _ => Verdict::None,
    }
}

/// What stands between semicolons, without comments (RFC 5322, 3.2.2) and quotation marks; a quoted text has no semicolons
/// and no spaces for us, so that it can never be taken for a finding.
fn clauses(written: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let (mut depth, mut is_quoted, mut is_escaped) = (0_usize, false, false);
    for letter in written.chars() {
        let is_plain = depth == 0 && !is_quoted && !is_escaped;
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if depth > 0 || is_quoted => is_escaped = true,
            '"' if depth == 0 => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted && depth > 0 => depth -= 1,
            ';' if is_plain => found.push(String::new()),
            _ if depth == 0 => {
                let is_apart = is_quoted && (letter.is_whitespace() || letter == ';' || letter == '=');
                found.last_mut().into_iter().for_each(|last| last.push(if is_apart { '_' } else { letter }));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Fail, None, Pass};

    fn check(results: &[&str], expected: [Verdict; 3]) {
        let owned: Vec<String> = results.iter().map(|one| one.to_string()).collect();
        let found = said_by(&owned, "mx.borgo.example");
        assert_eq!([found.spf, found.dkim, found.dmarc], expected, "{results:?}");
    }

    #[test]
    fn only_our_server_is_believed() {
        let all = "mx.borgo.example; spf=pass smtp.mailfrom=a@b; dkim=pass header.d=b; dmarc=pass header.from=b";
        check(&[all], [Pass; 3]);
        check(&["MX.Borgo.Example 1; spf=fail; dmarc=FAIL (p=reject)"], [Fail, None, Fail]);
        check(&["mx.altro.example; spf=pass; dkim=pass; dmarc=pass"], [None; 3]);
        check(&["mx.borgo.example.evil.example; spf=pass"], [None; 3]);
        check(&["mx.borgo.example; none"], [None; 3]);
        check(&["", ";;;", "mx.borgo.example"], [None; 3]);
        check(&[], [None; 3]);
    }

    #[test]
    fn the_topmost_of_ours_counts() {
        check(
            &["mx.altro.example; spf=pass", "mx.borgo.example; spf=fail", "mx.borgo.example; spf=pass"],
            [Fail, None, None],
        );
    }

    #[test]
    fn every_result_of_the_standard() {
        for (result, expected) in [
            ("pass", Pass),
            ("fail", Fail),
            ("softfail", Fail),
            ("neutral", None),
            ("policy", None),
            ("none", None),
            ("temperror", None),
            ("permerror", None),
            ("bestguesspass", None),
        ] {
            check(&[&format!("mx.borgo.example; spf={result} (x)")], [expected, None, None]);
        }
        check(&["mx.borgo.example; dkim=fail header.d=a; dkim/1=pass header.d=b"], [None, Pass, None]);
    }

    #[test]
    fn a_verdict_is_about_a_domain() {
        let holds = |written: &[&str]| {
            let owned: Vec<String> = written.iter().map(|one| one.to_string()).collect();
            holds_for(&owned, "mx.borgo.example", "pec.gestore.example")
        };
        for (written, expected) in [
            ("spf=pass smtp.mailfrom=posta-certificata@pec.gestore.example", Some(true)),
            ("spf=pass smtp.mailfrom=PEC.gestore.example", Some(true)),
            ("dkim=pass header.d=pec.gestore.example header.s=a", Some(true)),
            ("dkim=pass header.i=@mx1.pec.gestore.example", Some(true)),
            ("dmarc=pass header.from=pec.gestore.example", Some(true)),
            ("dkim=fail header.d=pec.gestore.example; spf=pass smtp.mailfrom=pec.gestore.example", Some(true)),
            ("spf=pass smtp.mailfrom=a@altro.example", Some(false)),
            ("dkim=pass header.d=gestore.example", Some(false)),
            ("dkim=pass header.d=finto-pec.gestore.example.evil.example", Some(false)),
            ("dkim=pass header.d=xpec.gestore.example", Some(false)),
            ("spf=pass", Some(false)),
            ("spf=fail smtp.mailfrom=pec.gestore.example", Some(false)),
            ("dmarc=fail; spf=pass smtp.mailfrom=pec.gestore.example", Some(false)),
            ("spf=pass (smtp.mailfrom=pec.gestore.example)", Some(false)),
            ("none", Some(false)),
        ] {
            assert_eq!(holds(&[&format!("mx.borgo.example; {written}")]), expected, "{written}");
        }
        let others = "mx.altro.example; dmarc=pass header.from=pec.gestore.example";
        assert_eq!((holds(&[]), holds(&[others])), (Option::None, Option::None));
    }

    #[test]
    fn words_of_the_sender_within_are_no_findings() {
        check(&["mx.borgo.example; spf=fail (a; spf=pass) smtp.mailfrom=\"x; spf=pass\"@b"], [Fail, None, None]);
        check(&["mx.borgo.example (; (dmarc=pass;) \\) ;spf=pass ); dkim=none reason=\"\\\"; dkim=pass\""], [None; 3]);
        check(&["(c) mx.borgo.example (v) 1 ; spf = pass"], [Pass, None, None]);
    }
}
