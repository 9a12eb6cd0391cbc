//! In charge of where the quoted older mail begins in a text. Does not cut: what is quoted is folded, and only where nothing
//! new follows it.

/// A line that begins a quotation is broken into so many at most.
const MOST_LINES: usize = 4;

/// The most lines of the block of headers with which Outlook begins a quotation.
const MOST_HEADERS: usize = 12;

/// The longest signature below a quotation, in lines.
const LONGEST_SIGNATURE: usize = 15;

/// How attributions begin: so that one is known by its first line. Beside Italian and English, what is written in Alto Adige and in
/// the Aosta valley.
const OPENERS: [&str; 5] = ["Il ", "In data ", "On ", "Am ", "Le "];

/// How they end.
const SAID: [&str; 6] = ["ha scritto:", "scrive:", "wrote:", "writes:", "a écrit :", "a écrit:"];

/// What stands above a mail that was passed on, which is what the writer wants read.
const PASSED_ON: [&str; 6] = [
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "forwarded message",
    "begin forwarded message",
    "weitergeleitete nachricht",
    "message transféré",
];

/// The byte at which what follows to the end is older mail; nothing when there is none, or nothing else.
pub fn quote(text: &str) -> Option<usize> {
    let mut at = 0;
    let starts = text.split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        (start, line.trim())
    });
    let (starts, lines): (Vec<usize>, Vec<&str>) = starts.unzip();
    let page = Page { tail: tail(&lines), lines };
    let first = (0..page.lines.len()).take_while(|at| !is_passed_on(page.line(*at))).find(|at| page.begins(*at))?;
    let start = *starts.get(first)?;
    let has_words = text.get(..start).is_some_and(|before| !before.trim().is_empty());
    has_words.then_some(start)
}

struct Page<'t> {
    lines: Vec<&'t str>,
    /// The line from which on all is behind `>`.
    tail: Option<usize>,
}

impl Page<'_> {
    fn line(&self, at: usize) -> &str {
        self.lines.get(at).copied().unwrap_or_default()
    }

    fn begins(&self, at: usize) -> bool {
        let line = self.line(at);
        if line.is_empty() {
            return false;
        }
        self.tail == Some(at)
            || self.is_attribution(at)
            || (is_original(line) && self.next(at).is_some())
            || self.is_headers(at)
            || (is_rule(line) && self.next(at).is_some_and(|next| self.is_headers(next)))
    }

    /// The next line with something on it.
    fn next(&self, at: usize) -> Option<usize> {
        (at + 1..self.lines.len()).find(|at| !self.line(*at).is_empty())
    }

    /// «Il giorno … ha scritto:», over some lines. Where `>` follows it must go on to the end: what is answered line by line is
    /// no older mail. Where none follows, a time or an address shows that no person wrote the line.
    fn is_attribution(&self, at: usize) -> bool {
        if is_quoted(self.line(at)) {
            return false;
        }
        let Some(last) = self.said(at) else { return false };
        let Some(next) = self.next(last) else { return false };
        let is_opened = OPENERS.iter().any(|opener| self.line(at).starts_with(opener));
        if is_quoted(self.line(next)) {
            return self.tail == Some(next) && (is_opened || last == at);
        }
        is_opened
            && self.lines.get(at..=last).unwrap_or_default().iter().any(|line| has_time(line) || line.contains('@'))
    }

    /// The line, not far below, on which an attribution that begins here ends.
    fn said(&self, at: usize) -> Option<usize> {
        let ends = |at: &usize| {
            let line = self.line(*at);
            SAID.iter().any(|said| line.ends_with(said)) || (line.contains(" schrieb ") && line.ends_with(':'))
        };
        let is_opened = OPENERS.iter().any(|opener| self.line(at).starts_with(opener));
        let most = if is_opened { MOST_LINES } else { 1 };
        (at..at + most).take_while(|at| !self.line(*at).is_empty() && !is_quoted(self.line(*at))).find(ends)
    }

    /// «Da: … Inviato: … A: … Oggetto: …».
    fn is_headers(&self, at: usize) -> bool {
        if !matches!(label(self.line(at)).as_str(), "da" | "from" | "von" | "de") {
            return false;
        }
        let below = self.lines.iter().skip(at + 1).take(MOST_HEADERS);
        let (mut has_date, mut has_other) = (false, false);
        for label in below.map(|line| label(line)) {
            has_date |=
                matches!(label.as_str(), "inviato" | "data" | "sent" | "date" | "gesendet" | "datum" | "envoyé");
            has_other |=
                matches!(label.as_str(), "a" | "to" | "oggetto" | "subject" | "an" | "betreff" | "à" | "objet");
        }
        has_date && has_other
    }
}

/// The first line of the `>` that go on to the end, a signature or what a list adds below them apart.
fn tail(lines: &[&str]) -> Option<usize> {
    let near_end = lines.len().saturating_sub(LONGEST_SIGNATURE + 1);
    let is_footer = |line: &&str| *line == "--" || (line.len() >= 30 && line.bytes().all(|byte| byte == b'_'));
    let signature = (near_end..lines.len()).rev().find(|at| lines.get(*at).is_some_and(is_footer));
    let is_of_it = |line: &&str| line.is_empty() || is_quoted(line);
    let first = |end: usize| {
        let body = lines.get(..end).unwrap_or_default();
        let length = body.iter().rev().take_while(|line| is_of_it(line)).count();
        (end - length..end).find(|at| lines.get(*at).is_some_and(|line| is_quoted(line)))
    };
    first(lines.len()).or_else(|| signature.and_then(first))
}

fn is_quoted(line: &str) -> bool {
    line.starts_with('>')
}

/// «-----Messaggio originale-----».
fn is_original(line: &str) -> bool {
    let inside = line.trim_matches(['-', ' ', '*']);
    let is_framed = line.starts_with("--") && line.ends_with("--");
    is_framed && ["messaggio originale", "original message"].iter().any(|words| inside.eq_ignore_ascii_case(words))
}

/// «---------- Forwarded message ---------», «Inizio messaggio inoltrato:».
fn is_passed_on(line: &str) -> bool {
    let is_framed = line.starts_with("--") || line.ends_with(':');
    let inside = line.trim_matches(['-', ' ', '*', ':', '>']).to_lowercase();
    is_framed && PASSED_ON.contains(&inside.as_str())
}

/// The line that Outlook draws above its headers.
fn is_rule(line: &str) -> bool {
    line.len() >= 5 && (line.bytes().all(|byte| byte == b'_') || line.bytes().all(|byte| byte == b'-'))
}

/// What stands before the colon, if short, without the stars of bold letters.
fn label(line: &str) -> String {
    let label = line.split_once(':').map(|(label, _)| label.trim_matches(['*', ' ', '\u{a0}'])).unwrap_or_default();
    if label.len() <= 10 { label.to_lowercase() } else { String::new() }
}

/// Whether there is a time of day in it, `10:21` or `10.21`.
fn has_time(line: &str) -> bool {
    line.split([':', '.']).zip(line.split([':', '.']).skip(1)).any(|(before, after)| {
        let digits = |text: &str| text.bytes().take(2).filter(u8::is_ascii_digit).count();
        before.ends_with(|letter: char| letter.is_ascii_digit()) && digits(after) == 2
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first line of what is quoted.
    fn check(text: &str, expected: Option<&str>) {
        let found = quote(text).map(|at| text[at..].lines().next().unwrap());
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn attributions_of_mail_programs() {
        for attribution in [
            "Il giorno gio 12 nov 2026 alle ore 10:21 Ufficio <aiuto@sportello.example> ha scritto:",
            "Il 12/11/2026 10:21, Ufficio Aiuto ha scritto:",
            "Il giorno 12 nov 2026, alle ore 10:21, Ufficio <a@b.example> ha scritto:",
            "Il 12 novembre 2026 alle 10.21 Ufficio <a@b.example> ha scritto:",
            "Il giovedì 12 novembre 2026 alle ore 10:21:03 CET, Ufficio <a@b.example> ha scritto:",
            "In data 12 novembre 2026 10:21:00 CET, Ufficio ha scritto:",
            "On Thu, Nov 12, 2026 at 10:21 AM Ufficio <a@b.example> wrote:",
            "On 12/11/2026 10:21, Ufficio wrote:",
        ] {
            check(&format!("Grazie.\n\n{attribution}\n\n> vecchio\n> ancora"), Some(attribution));
            check(&format!("Grazie.\n\n{attribution}\n\nvecchio\nancora"), Some(attribution));
            check(&format!("{attribution}\n> vecchio"), None);
            check(&format!("{attribution}\n> vecchio\nrisposta"), None);
            check(&format!("Grazie.\n{attribution}"), None);
        }
        check("Sì.\nIl giorno gio 12 nov 2026 alle ore 10:21 Ufficio\n<a@b.example> ha\nscritto:\n> x", Some("> x"));
        let broken = "Il giorno gio 12 nov 2026 alle ore 10:21 Ufficio Assistenza";
        check(&format!("Sì.\n\n{broken}\n<a@b.example> ha scritto:\n\n> x"), Some(broken));
        check("Sì.\nMario Rossi ha scritto:\n> x", Some("Mario Rossi ha scritto:"));
    }

    #[test]
    fn blocks_of_headers() {
        for block in [
            "Da: Ufficio <a@b.example>\nInviato: giovedì 12 novembre 2026 10:21\nA: Mario\nOggetto: R: x\n\nvecchio",
            "*Da:* Ufficio\n*Inviato:* giovedì\n*A:* Mario\n*Oggetto:* x\n\nvecchio",
            "From: Ufficio\nSent: Thursday\nTo: Mario\nSubject: x\n\nold",
            "Da: Ufficio\n\nData: giovedì\n\nA: Mario\n\nvecchio",
            "-----Messaggio originale-----\nDa: Ufficio\nvecchio",
            "----Messaggio originale----\nvecchio",
            "-------- Messaggio originale --------\nvecchio",
            "-----Original Message-----\nold",
            "________________________________\nDa: Ufficio\nInviato: x\nA: y\nOggetto: z\nvecchio",
        ] {
            check(&format!("Grazie.\n\n{block}"), Some(block.lines().next().unwrap()));
            check(block, None);
        }
        check("Da: Milano\nA: Roma\nil treno è in ritardo", None);
        check("Il treno\nDa: Milano\nA: Roma\nè in ritardo", None);
    }

    #[test]
    fn what_people_write_is_not_folded() {
        for text in [
            "",
            "\n\n",
            "> tutto citato\n> ancora",
            "Come dite:\n> il modulo\nIl modulo non si apre.\n> la firma\nLa firma sì.",
            "Ciao\nIl 12/11/2026 10:21, Ufficio ha scritto:\n> uno\nrisposta\n> due\naltra risposta",
            "Il sindaco ha scritto:\nche la casella è piena",
            "Buongiorno.\nIl 3 maggio il sindaco ha scritto:\nche la casella è piena",
            "---------- Forwarded message ---------\nda vedere",
            "Vedi sotto.\n-------- Messaggio inoltrato --------\nDa: x\nData: y\nA: z\n\n> vecchio",
            "Vedi sotto.\n\nInizio messaggio inoltrato:\n\n> Da: x\n> Data: y\n> A: z\n>\n> vecchio",
            "a\n-----\nb",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn quotes_that_run_to_the_end() {
        check("Grazie.\n\n> vecchio\n>\n\n> ancora\n", Some("> vecchio"));
        check("Grazie.\n> vecchio\n-- \nMario Rossi\nUfficio Anagrafe", Some("> vecchio"));
        check("Sì:\n> uno\nrisposta\n> due", Some("> due"));
        check("perché é\n> è", Some("> è"));
        check("\u{a0}è\r\n> x", Some("> x"));
    }
}
