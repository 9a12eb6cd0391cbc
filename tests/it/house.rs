//! In charge of the house staying as it was drawn: arrows point down, each file says what it is for, SQL lives in one place,
//! pages keep to their content policy, no word on screen is missing. Reads the sources; runs nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sportello::catalogue::{Catalogue, FILES};
use sportello::desk::state::Verb;
use sportello::mail::TlsCause;
use sportello::model::job::JobName;
use sportello::model::mailbox::Status;
use sportello::model::message::PecKind;
use sportello::model::outbox::{Fault, State};
use sportello::model::person::Role;
use sportello::model::ticket;
use sportello::model::trace::ACTIONS;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The floors of `src/lib.rs`: floor 0, which imports nobody above it, and then each module with what else it may import.
const WORDS: [&str; 18] = [
    "account",
    "calendar",
    "catalogue",
    "chain",
    "clock",
    "config",
    "hasher",
    "holidays",
    "input",
    "key",
    "model",
    "provider",
    "schedule",
    "sheet",
    "tax_code",
    "terms",
    "text",
    "timetable",
];
const ABOVE: [(&str, &[&str]); 14] = [
    ("store", &[]),
    ("mail", &[]),
    ("files", &[]),
    ("app", &["files", "mail", "store"]),
    ("audit", &["app", "store"]),
    ("outbox", &["app", "audit", "mail", "store"]),
    ("people", &["app", "audit", "outbox", "store"]),
    ("desk", &["app", "audit", "files", "outbox", "people", "store"]),
    ("hub", &["app", "audit", "files", "mail", "outbox", "people", "store"]),
    ("intake", &["app", "audit", "desk", "files", "hub", "mail", "outbox", "people", "store"]),
    ("web", &["app", "audit", "desk", "hub", "intake", "mail", "outbox", "people", "store"]),
    ("jobs", &["app", "audit", "desk", "hub", "intake", "mail", "outbox", "people", "store"]),
    ("cli", &["app", "audit", "boot", "hub", "mail", "people", "store"]),
    ("boot", &["app", "audit", "files", "hub", "jobs", "mail", "people", "store", "web"]),
];

/// Every file with this ending below a folder of the project.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().unwrap().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// A source without its comments, so that prose imports nothing.
fn code(path: &Path) -> String {
    read(path).lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The module at the top of the house that a file belongs to.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(ROOT).join("src")).unwrap();
    inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_string()
}

/// Which modules at the top are named after each `crate::`, alone or in braces.
fn named(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            found.insert(word(rest));
            continue;
        };
        let (mut depth, mut begins) = (0, true);
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => begins = true,
                c if begins && !c.is_whitespace() => {
                    found.insert(word(&group[at..]));
                    begins = false;
                }
                _ => {}
            }
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Who imports whom, at the top of the house.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files("src", ".rs") {
        let name = module(&path);
        if name == "lib" || name == "main" {
            continue;
        }
        let to = arrows.entry(name.clone()).or_default();
        to.extend(named(&code(&path)).into_iter().filter(|other| *other != name));
    }
    arrows
}

#[test]
fn imports_are_found_however_they_are_written() {
    let found =
        named("use crate::a::B; use crate::{c, d::{E, f}, g}; let x = crate::h::i(); use crate::\n{\n    j,\n};");
    assert_eq!(found.into_iter().collect::<String>(), "acdgh");
    assert_eq!(named("use crate::{\n    a::{self, x},\n    b,\n};").into_iter().collect::<String>(), "ab");
}

#[test]
fn arrows_point_down() {
    let arrows = imports();
    let known: BTreeSet<&str> = WORDS.into_iter().chain(ABOVE.iter().map(|(name, _)| *name)).collect();
    assert_eq!(arrows.keys().map(String::as_str).collect::<BTreeSet<_>>(), known, "every module has its floor");
    for (from, to) in &arrows {
        let allowed = ABOVE.iter().find(|(name, _)| name == from).map(|(_, allowed)| *allowed).unwrap_or_default();
        for name in to {
            let is_down = WORDS.contains(&name.as_str()) || allowed.contains(&name.as_str());
            assert!(is_down, "{from} imports {name}: see the floors in src/lib.rs");
        }
    }
}

#[test]
fn no_circle_closes() {
    let mut left = imports();
    loop {
        let names: BTreeSet<String> = left.keys().cloned().collect();
        let before = left.len();
        left.retain(|_, to| to.iter().any(|name| names.contains(name)));
        if left.len() == before {
            break;
        }
    }
    assert!(left.is_empty(), "these import each other in a circle: {left:?}");
}

#[test]
fn every_file_says_what_it_is_in_charge_of() {
    for path in ["src", "tests/it", "tests/support"].into_iter().flat_map(|folder| files(folder, ".rs")) {
        let text = read(&path);
        if path.ends_with("src/lib.rs") {
            assert!(text.starts_with("//! Sportello"), "the map of the house");
            continue;
        }
        let head: Vec<&str> = text.lines().take_while(|line| line.starts_with("//!")).collect();
        assert!(head.join(" ").contains("In charge of"), "{} does not say what it is in charge of", path.display());
    }
    for path in files("templates", ".tera") {
        assert!(read(&path).starts_with("{# In charge of"), "{} does not say what it is in charge of", path.display());
    }
}

#[test]
fn sql_is_written_in_the_store_only() {
    for path in files("src", ".rs").into_iter().filter(|path| module(path) != "store") {
        for line in code(&path).lines() {
            let has = |words: &[&str]| words.iter().all(|word| line.contains(word));
            let is_sql = has(&["SELECT ", " FROM "])
                || has(&["UPDATE ", " SET "])
                || [
                    "INSERT INTO",
                    "DELETE FROM",
                    "CREATE TABLE",
                    "sqlx::query",
                    "fetch_one(",
                    "fetch_all(",
                    ".execute(",
                ]
                .iter()
                .any(|word| line.contains(word));
            assert!(!is_sql, "{}: {line}", path.display());
        }
    }
}

#[test]
fn templates_keep_to_the_content_policy_and_escape_everything() {
    for path in files("templates", ".tera") {
        let text = read(&path);
        let name = path.display();
        for word in ["| safe", "|safe", "javascript:", "<style", "autoescape", "http://", "srcdoc"] {
            assert!(!text.contains(word) || word == "http://" && text.contains("http://www.w3.org/"), "{name}: {word}");
        }
        for script in text.split("<script").skip(1) {
            assert!(script.split('>').next().unwrap().contains("src=\"{{ asset("), "{name}: a script without its file");
        }
        for (at, _) in text.match_indices('=') {
            let attribute: String =
                text[..at].chars().rev().take_while(|c| c.is_ascii_alphanumeric() || "-:".contains(*c)).collect();
            let attribute: String = attribute.chars().rev().collect();
            let is_inline = attribute == "style"
                || (attribute.len() > 2 && attribute.starts_with("on") && text[at..].starts_with("=\""));
            assert!(!is_inline, "{name}: {attribute}=");
        }
    }
}

/// The arguments of every call of `function` in a source, each as the text it is when it is a literal.
fn calls(source: &str, function: &str) -> Vec<Vec<Option<String>>> {
    let begins = source
        .match_indices(function)
        .filter(|(at, _)| !source[..*at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_'));
    begins.map(|(at, _)| arguments(&source[at + function.len()..])).collect()
}

fn arguments(source: &str) -> Vec<Option<String>> {
    let (mut depth, mut in_text, mut escaped) = (0, false, false);
    let mut found = vec![String::new()];
    for c in source.chars() {
        match c {
            _ if in_text => {
                in_text = c != '"' || escaped;
                escaped = c == '\\' && !escaped;
            }
            '"' => in_text = true,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        found.last_mut().unwrap().push(c);
    }
    let literal = |text: &String| {
        let text = text.trim().strip_prefix('"')?.strip_suffix('"')?;
        (!text.contains('"')).then(|| text.to_string())
    };
    found.iter().map(literal).collect()
}

/// Every key of the catalogue that the program asks for by a literal, and where.
fn keys_asked_for() -> Vec<(String, String)> {
    let mut asked = Vec::new();
    for path in files("src", ".rs") {
        let (source, name) = (code(&path), path.display().to_string());
        let source = source.split("#[cfg(test)]").next().unwrap();
        let mut take = |function: &str, place: usize, prefix: &str| {
            for arguments in calls(source, function) {
                if let Some(Some(key)) = arguments.get(place) {
                    asked.push((format!("{prefix}{}", key.replace('.', "-")), name.clone()));
                }
            }
        };
        if ["web", "cli"].contains(&module(&path).as_str()) && !name.ends_with("web/when.rs") {
            take("text(", 0, "");
        }
        take(".text(", 1, "");
        take("page(", 1, "");
        take("Sent::done(", 1, "flash-");
        take("Sent::not_done(", 1, "flash-");
        take("Conflict(", 0, "");
        take("FieldError::new(", 1, "invalid-");
        take("Refusal::field(", 1, "invalid-");
        take("refuse(", 1, "invalid-");
        take("refused(", 1, "invalid-");
        take("refuse_about(", 1, "invalid-");
        take(".word(", 1, "invalid-");
        take("Act::on(", 0, "action-");
        take("Done::on(", 0, "action-");
    }
    for path in files("templates", ".tera") {
        let text = read(&path);
        for rest in text.split("t(key=\"").skip(1) {
            let (key, after) = rest.split_once('"').unwrap();
            if !after.trim_start().starts_with('~') {
                asked.push((key.to_string(), path.display().to_string()));
            }
        }
    }
    asked
}

/// The keys that are put together from a word of the program.
fn keys_put_together() -> Vec<String> {
    let dashed = |word: &str| word.replace('_', "-");
    let mut keys = Vec::new();
    for status in Status::ALL {
        keys.push(format!("status-{}", dashed(status.as_str())));
        let ask =
            ["activating", "wrong_password", "password_expired", "account_blocked", "secret_unreadable", "expired"];
        if ask.contains(&status.as_str()) {
            keys.push(format!("status-ask-{}", dashed(status.as_str())));
        }
        if *status != Status::Ok {
            keys.push(format!("status-help-{}", dashed(status.as_str())));
        }
    }
    keys.extend(Role::ALL.map(|role| format!("role-{}", dashed(role.as_str()))));
    keys.extend(JobName::ALL.map(|job| format!("job-{}", job.as_str())));
    keys.extend(["seconds", "minute", "minutes", "hour", "day"].map(|each| format!("jobs-each-{each}")));
    keys.extend(["tls", "starttls", "none"].map(|security| format!("secured-{security}")));
    keys.extend(["running", "ok", "partial", "failed"].map(|word| format!("outcome-{word}")));
    for code in [400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504] {
        keys.push(format!("error-{code}-heading"));
        if code != 401 && code != 409 {
            keys.push(format!("error-{code}-what"));
        }
    }
    keys.extend(["length", "form", "month", "day", "check"].map(|rule| format!("invalid-tax-code-{rule}")));
    keys.extend(["too-long", "fields", "quotes"].map(|rule| format!("invalid-line-{rule}")));
    keys.extend(["missing", "too-large", "empty", "not-text", "no-header"].map(|rule| format!("sheet-{rule}")));
    keys.extend(["unknown", "doubled", "missing"].map(|rule| format!("sheet-{rule}-columns")));
    keys.push("sheet-too-many-lines".into());
    keys.extend(TlsCause::ALL.map(|cause| format!("invalid-{}", cause.rule())));
    for state in State::ALL {
        keys.extend(["state", "to"].map(|what| format!("mail-{what}-{}", dashed(state.as_str()))));
    }
    keys.extend(Fault::ALL.map(|fault| format!("mail-fault-{}", fault.as_str())));
    let of_tickets = [
        "created",
        "critical",
        "assigned",
        "reply",
        "taken",
        "waiting-requester",
        "waiting-conditions",
        "waiting-third-party",
        "resolved",
        "closed",
        "cancelled",
        "reopened",
        "escalated",
        "deadline",
    ];
    let of_tickets = of_tickets.map(|kind| format!("ticket-{kind}"));
    for kind in ["invitation", "new-password", "password-changed", "request-confirm"]
        .into_iter()
        .chain(of_tickets.iter().map(String::as_str))
    {
        keys.extend(["subject", "body", "action"].map(|part| format!("mail-{kind}-{part}")));
    }
    for state in ticket::State::ALL {
        keys.extend(["state", "plain"].map(|kind| format!("ticket-{kind}-{}", dashed(state.as_str()))));
    }
    keys.extend(ticket::Severity::ALL.iter().map(|one| format!("severity-{}", one.as_str())));
    keys.extend(ticket::Kind::ALL.iter().map(|kind| format!("ticket-kind-{}", dashed(kind.as_str()))));
    keys.extend(ticket::Channel::ALL.iter().map(|channel| format!("channel-{}", channel.as_str())));
    keys.extend(Verb::ALL.map(|verb| format!("ticket-event-{}", verb.past())));
    for what in [
        "created",
        "follows",
        "continued",
        "opened",
        "split-from",
        "subject",
        "severity",
        "due",
        "area",
        "kind",
        "category",
        "cc",
        "tags",
        "group",
        "assignee",
        "linked",
        "unlinked",
        "deadline-first-response",
        "deadline-resolution",
        "closed-by-time",
    ] {
        keys.push(format!("ticket-event-{what}"));
    }
    for what in ["kind", "category", "cc", "tags", "group", "assignee"] {
        keys.extend(["given", "gone"].map(|end| format!("ticket-event-{what}-{end}")));
    }
    keys.extend(["pec", "pki"].map(|area| format!("area-{area}")));
    keys.push("ticket-kind-password-lost".into());
    keys.extend((1..=12).map(|month| format!("month-{month}")));
    keys.extend((1..=7).flat_map(|day| ["on", "short"].map(|form| format!("{form}-weekday-{day}"))));
    keys.extend(["organization", "phone", "mailbox"].map(|what| format!("assistance-said-{what}")));
    keys.extend(ticket::NoticeKind::ALL.iter().map(|kind| format!("profile-notice-{}", kind.as_str())));
    keys.extend(PecKind::ALL.map(|kind| format!("kind-{}", dashed(kind.as_str()))));
    keys
}

#[test]
fn arguments_are_read_as_they_are_written() {
    let source = "x.refuse(&field(\"a\"), \"b\"); refuse(\"c, d\", f(1, 2), \"e\"); unrefuse(\"x\")";
    let text = |text: &str| Some(text.to_string());
    assert_eq!(calls(source, "refuse("), [vec![None, text("b")], vec![text("c, d"), None, text("e")]]);
}

#[test]
fn both_catalogues_have_the_same_keys_and_every_one_can_be_read() {
    let keys = FILES.map(|(language, source)| {
        let resource = fluent_bundle::FluentResource::try_new(source.to_string());
        assert!(resource.is_ok(), "{}: {:?}", language.as_str(), resource.err().map(|(_, faults)| faults));
        let keys: Vec<&str> = source
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .map(|line| line.split(' ').next().unwrap())
            .collect();
        let once: BTreeSet<&str> = keys.iter().copied().collect();
        assert_eq!(keys.len(), once.len(), "a key stands twice in {}", language.as_str());
        once
    });
    let missing: Vec<_> = keys[0].symmetric_difference(&keys[1]).collect();
    assert!(missing.is_empty(), "in one language only: {missing:?}");
}

#[test]
fn every_text_that_is_asked_for_is_there() {
    let texts = Catalogue::embedded();
    let asked = keys_asked_for();
    assert!(asked.len() > 150, "{} found", asked.len());
    for (key, place) in asked.into_iter().chain(keys_put_together().into_iter().map(|key| (key, "a word".into()))) {
        for (language, _) in FILES {
            assert!(texts.has(language, &key), "{key} is missing in {}, asked for by {place}", language.as_str());
        }
    }
}

#[test]
fn every_fault_of_ours_has_words() {
    let mut faults: BTreeSet<String> = TlsCause::ALL.iter().map(|cause| cause.rule().to_string()).collect();
    for path in files("src", ".rs") {
        let code = code(&path).split("#[cfg(test)]").next().unwrap_or_default().to_string();
        // The key stands after the fault's kind.
        faults.extend(code.split("MailFault::ours").skip(1).filter_map(|rest| {
            let arguments = rest.split(';').next().unwrap_or_default();
            arguments.split('"').nth(1).map(String::from)
        }));
    }
    assert!(faults.len() > 40, "{} faults", faults.len());
    for (language, _) in FILES {
        for fault in &faults {
            let key = format!("fault-{fault}");
            assert!(Catalogue::shared().has(language, &key), "{key}");
        }
    }
}

#[test]
fn every_act_that_is_recorded_is_in_the_one_list_and_has_its_words() {
    let resources: BTreeSet<&str> = ACTIONS.iter().filter_map(|act| act.split('.').next()).collect();
    let mut recorded = BTreeSet::new();
    for path in files("src", ".rs").into_iter().filter(|path| !path.ends_with("model/trace.rs")) {
        let source = code(&path);
        for literal in source.split("#[cfg(test)]").next().unwrap().split('"').skip(1).step_by(2) {
            let is_act = literal.split_once('.').is_some_and(|(resource, verb)| {
                resources.contains(resource)
                    && !verb.is_empty()
                    && verb.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            });
            if is_act {
                recorded.insert(literal.to_string());
            }
        }
    }
    assert_eq!(recorded, ACTIONS.iter().map(|act| act.to_string()).collect());
    let texts = Catalogue::embedded();
    for act in ACTIONS {
        for (language, _) in FILES {
            assert!(
                texts.has(language, &format!("action-{}", act.replace('.', "-"))),
                "{act} in {}",
                language.as_str()
            );
        }
    }
}
