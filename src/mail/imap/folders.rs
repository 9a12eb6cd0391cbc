//! In charge of which folders a mailbox has, what they are for and how many messages they hold. Does not know the messages.

use std::collections::{HashMap, HashSet};

use super::Login;
use super::folder::{INBOX, is_sendable, shown};
use super::login::open;
use super::session::{EXCHANGE, Said, Session, Word, quoted};
use super::value::{self, Value};
use crate::mail::net::Net;
use crate::mail::stream::Allowance;
use crate::mail::{FaultKind, MailFault};
use crate::model::message::{Folder, FolderRole};
use crate::model::server::Server;

/// What all folders together may take: some thousands of them.
const ALL_FOLDERS: Allowance = Allowance { lines: 1024 * 1024, literals: 256 * 1024, ..EXCHANGE };

/// The most folders a mailbox may have here. More are a fault: a list that leaves some out would pass for the whole.
const MOST_FOLDERS: usize = 2000;

/// How many are counted in one flight, where the server does not count them by itself.
const AT_ONCE: usize = 50;

/// Attributes of a folder (RFC 6154, 2).
const USES: [(&str, FolderRole); 5] = [
    ("\\Sent", FolderRole::Sent),
    ("\\Drafts", FolderRole::Drafts),
    ("\\Trash", FolderRole::Trash),
    ("\\Junk", FolderRole::Junk),
    ("\\Archive", FolderRole::Archive),
];

/// Names by which providers and mail programs call them (`pec.md` 5), in small letters, the surest first.
const NAMES: [(&str, FolderRole); 18] = [
    ("sent", FolderRole::Sent),
    ("sent items", FolderRole::Sent),
    ("sent messages", FolderRole::Sent),
    ("inviata", FolderRole::Sent),
    ("inviati", FolderRole::Sent),
    ("posta inviata", FolderRole::Sent),
    ("spedite", FolderRole::Sent),
    ("bozze", FolderRole::Drafts),
    ("drafts", FolderRole::Drafts),
    ("cestino", FolderRole::Trash),
    ("posta eliminata", FolderRole::Trash),
    ("trash", FolderRole::Trash),
    ("deleted items", FolderRole::Trash),
    ("junk", FolderRole::Junk),
    ("spam", FolderRole::Junk),
    ("posta indesiderata", FolderRole::Junk),
    ("archive", FolderRole::Archive),
    ("archivio", FolderRole::Archive),
];

/// The folders that may hold messages, INBOX first, then by name. One whose name could not be asked for (a control
/// character in it) is left out.
///
/// # Errors
/// `TooMuch` when there are more than 2,000; else any [`FaultKind`] but `NotFound` and `Renumbered`.
pub async fn folders(net: &Net, server: &Server, login: Login<'_>) -> Result<Vec<Folder>, MailFault> {
    let mut session = open(net, server, &login).await?;
    let extended = session.has("LIST-EXTENDED").await?;
    let counts = extended && session.has("LIST-STATUS").await?;
    let uses = extended && session.has("SPECIAL-USE").await?;
    let wanted = [uses.then_some("SPECIAL-USE"), counts.then_some("STATUS (MESSAGES UNSEEN UIDVALIDITY)")];
    let wanted = wanted.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let command = if wanted.is_empty() { r#"LIST "" "*""#.into() } else { format!(r#"LIST "" "*" RETURN ({wanted})"#) };
    let mut heard = Heard::default();
    let ends = session.run(&[&command], ALL_FOLDERS, |said| heard.hear(said)).await?;
    if let Some(end) = ends.first().filter(|end| end.word != Word::Ok) {
        return Err(MailFault::ours_with(FaultKind::Protocol, "folders-failed", session.words(end)));
    }
    if heard.is_too_much {
        return Err(MailFault::ours_with(FaultKind::TooMuch, "too-many-folders", MOST_FOLDERS.to_string()));
    }
    if !counts {
        count(&mut session, &mut heard).await?;
    }
    session.leave().await;
    Ok(heard.folders())
}

/// One STATUS each, some of them in each flight. A folder whose numbers the server refuses is listed without.
async fn count(session: &mut Session<'_>, heard: &mut Heard) -> Result<(), MailFault> {
    let names = heard.listed.iter().filter_map(|one| String::from_utf8(one.wire.clone()).ok());
    let commands: Vec<String> =
        names.map(|name| format!("STATUS {} (MESSAGES UNSEEN UIDVALIDITY)", *quoted(&name))).collect();
    for flight in commands.chunks(AT_ONCE) {
        let flight: Vec<&str> = flight.iter().map(String::as_str).collect();
        session.run(&flight, ALL_FOLDERS, |said| heard.hear(said)).await?;
    }
    Ok(())
}

/// A folder as it was told.
struct Listed {
    wire: Vec<u8>,
    separator: Option<u8>,
    name: String,
    used_as: Option<FolderRole>,
}

/// What the server says, whatever names it gives: each is looked up, none is compared with all the others.
#[derive(Default)]
struct Heard {
    listed: Vec<Listed>,
    /// The names of those listed.
    known: HashSet<String>,
    is_too_much: bool,
    /// What STATUS said first of a name as the wire has it ([`wire_key`]): messages, unread, UIDVALIDITY.
    counted: HashMap<Vec<u8>, [Option<u32>; 3]>,
}

impl Heard {
    fn hear(&mut self, said: &Said) {
        let Said::Data(answer) = said else { return };
        match value::read(answer).as_deref() {
            Some([what, Value::List(attributes), separator, name, ..]) if what.is("LIST") => {
                let has = |word: &str| attributes.iter().any(|attribute| attribute.is(word));
                let Some(wire) = name.bytes() else { return };
                let shown = shown(wire);
                let holds_none = has("\\Noselect") || has("\\NonExistent");
                if holds_none || !is_sendable(&shown) || self.known.contains(&shown) {
                    return;
                }
                if self.listed.len() == MOST_FOLDERS {
                    self.is_too_much = true;
                    return;
                }
                self.known.insert(shown.clone());
                self.listed.push(Listed {
                    wire: wire.to_vec(),
                    separator: separator.bytes().and_then(|separator| separator.first().copied()),
                    name: shown,
                    used_as: USES.into_iter().find(|(word, _)| has(word)).map(|(_, role)| role),
                });
            }
            Some([what, name, Value::List(items), ..]) if what.is("STATUS") => {
                let number = |word: &str| items.chunks_exact(2).find(|item| item[0].is(word))?[1].number();
                let numbers = [number("MESSAGES"), number("UNSEEN"), number("UIDVALIDITY")];
                if let Some(name) = name.bytes().filter(|_| self.counted.len() < MOST_FOLDERS) {
                    self.counted.entry(wire_key(name)).or_insert(numbers);
                }
            }
            _ => {}
        }
    }

    fn folders(mut self) -> Vec<Folder> {
        self.listed.sort_by(|one, other| (one.name != INBOX, &one.name).cmp(&(other.name != INBOX, &other.name)));
        let roles = roles(&self.listed);
        let folders = self.listed.into_iter().zip(roles).map(|(one, role)| {
            let counted = self.counted.get(&wire_key(&one.wire));
            let [total, unread, uid_validity] = counted.copied().unwrap_or_default();
            Folder { name: one.name, role, total, unread, uid_validity }
        });
        folders.collect()
    }
}

/// INBOX is one name in any case (RFC 9051, 5.1); any other is what it is.
fn wire_key(name: &[u8]) -> Vec<u8> {
    if name.eq_ignore_ascii_case(INBOX.as_bytes()) { INBOX.into() } else { name.to_vec() }
}

/// Of each folder what the server says it is used as; for a use that it says of none, the folder with the surest name.
fn roles(listed: &[Listed]) -> Vec<Option<FolderRole>> {
    let used: HashSet<FolderRole> = listed.iter().filter_map(|one| one.used_as).collect();
    let named: Vec<_> = listed.iter().map(named).collect();
    let mut surest = HashMap::new();
    for (place, role) in named.iter().flatten() {
        surest.entry(*role).and_modify(|least: &mut usize| *least = *place.min(least)).or_insert(*place);
    }
    let by_name = |(place, role)| (!used.contains(&role) && surest.get(&role) == Some(&place)).then_some(role);
    let role = |(one, named): (&Listed, Option<_>)| match one.name == INBOX {
        true => Some(FolderRole::Inbox),
        false => one.used_as.or_else(|| named.and_then(by_name)),
    };
    listed.iter().zip(named).map(role).collect()
}

/// The place of its name in [`NAMES`], with and without `INBOX` before it.
fn named(folder: &Listed) -> Option<(usize, FolderRole)> {
    let lower = folder.name.to_lowercase();
    let below_inbox = lower.strip_prefix("inbox").and_then(|rest| {
        let first = rest.chars().next()?;
        (folder.separator.map(char::from) == Some(first)).then(|| &rest[first.len_utf8()..])
    });
    let name = below_inbox.unwrap_or(&lower);
    let place = NAMES.iter().position(|(known, _)| *known == name)?;
    Some((place, NAMES[place].1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(answers: &[&str]) -> Vec<Folder> {
        let mut heard = Heard::default();
        answers.iter().for_each(|answer| heard.hear(&Said::Data(format!("* {answer}\r\n").into_bytes())));
        heard.folders()
    }

    fn roles(answers: &[&str]) -> Vec<(String, Option<FolderRole>)> {
        heard(answers).into_iter().map(|one| (one.name, one.role)).collect()
    }

    #[test]
    fn what_the_server_says_comes_before_names() {
        use FolderRole::*;
        let found = roles(&[
            r#"LIST (\HasNoChildren \Sent) "/" Mandati"#,
            r#"LIST () "/" Sent"#,
            r#"LIST () "/" "Cestino""#,
            r#"LIST (\Noselect) "/" Trash"#,
            r#"LIST () "/" inbox"#,
            r#"LIST () "/" 2024/Bozze"#,
            r#"LIST () "/" &AMk-t&AOk-"#,
        ]);
        let expected = [
            ("INBOX", Some(Inbox)),
            ("2024/Bozze", None),
            ("Cestino", Some(Trash)),
            ("Mandati", Some(Sent)),
            ("Sent", None),
            ("Été", None),
        ];
        assert_eq!(found, expected.map(|(name, role)| (name.to_string(), role)));
    }

    #[test]
    fn names_below_inbox_with_any_separator() {
        for (list, role) in [
            (r#"LIST () "." INBOX.Inviata"#, Some(FolderRole::Sent)),
            (r#"LIST () "/" "INBOX/Spedite""#, Some(FolderRole::Sent)),
            (r#"LIST () "\\" "inbox\\Posta indesiderata""#, Some(FolderRole::Junk)),
            (r#"LIST () NIL BOZZE"#, Some(FolderRole::Drafts)),
            (r#"LIST () "." INBOX/Inviata"#, None),
            (r#"LIST () NIL INBOX.Inviata"#, None),
            (r#"LIST () "." INBOX.2024.Inviata"#, None),
            (r#"LIST () "/" INBOXInviata"#, None),
        ] {
            assert_eq!(heard(&[list])[0].role, role, "{list}");
        }
        let two = roles(&[r#"LIST () "/" Spedite"#, r#"LIST () "/" "Sent Items""#]);
        assert_eq!(two.iter().filter(|(_, role)| role.is_some()).count(), 1, "one folder for each use");
        assert_eq!(two[0], ("Sent Items".to_string(), Some(FolderRole::Sent)));
    }

    #[test]
    fn counts_are_of_the_name_they_are_told_of() {
        let found = heard(&[
            r#"LIST () "/" INBOX"#,
            r#"LIST () "/" "a b""#,
            r#"LIST () "/" muta"#,
            "STATUS InBox (MESSAGES 7 UNSEEN 2 UIDVALIDITY 5)",
            "STATUS {3}\r\na b (UNSEEN 1 MESSAGES 3)",
            "STATUS altra (MESSAGES 9)",
        ]);
        let numbers: Vec<_> = found.iter().map(|one| (one.total, one.unread, one.uid_validity)).collect();
        assert_eq!(numbers, [(Some(7), Some(2), Some(5)), (Some(3), Some(1), None), (None, None, None)]);
    }

    #[test]
    fn hostile_names_are_shown_as_they_are_or_not_at_all() {
        let found = roles(&[
            "LIST () \"/\" {7}\r\na\r\nS2 X",
            r#"LIST () "/" "&AAc-""#,
            r#"LIST () "/" """#,
            r#"LIST () "/" NIL"#,
            r#"LIST () "/""#,
            r#"LIST "/" a"#,
            r#"LIST () "/" "A&B""#,
            r#"LIST () "/" "A&B""#,
            r#"LIST () "/" "<script>""#,
        ]);
        assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["<script>", "A&B"]);
    }
}
