//! In charge of which folders a mailbox has, what they are for and how many messages they hold. Does not know the messages.

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
/// Any [`FaultKind`] but `NotFound` and `Renumbered`.
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
        let words = format!("Elenco delle cartelle non riuscito: {}", session.words(end));
        return Err(MailFault::new(FaultKind::Protocol, words));
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

/// The name as the wire has it, and what STATUS said of it: messages, unread, UIDVALIDITY.
type Counted = (Vec<u8>, [Option<u32>; 3]);

#[derive(Default)]
struct Heard {
    listed: Vec<Listed>,
    counted: Vec<Counted>,
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
                if holds_none || !is_sendable(&shown) || self.listed.iter().any(|known| known.wire == wire) {
                    return;
                }
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
                self.counted.extend(name.bytes().map(|name| (name.to_vec(), numbers)));
            }
            _ => {}
        }
    }

    fn folders(mut self) -> Vec<Folder> {
        self.listed.sort_by(|one, other| (one.name != INBOX, &one.name).cmp(&(other.name != INBOX, &other.name)));
        self.listed.dedup_by(|one, other| one.name == other.name);
        let folders = self.listed.iter().map(|one| {
            let same =
                |name: &[u8]| name == one.wire || (one.name == INBOX && name.eq_ignore_ascii_case(INBOX.as_bytes()));
            let counted = self.counted.iter().find(|(name, _)| same(name));
            let [total, unread, uid_validity] = counted.map(|(_, numbers)| *numbers).unwrap_or_default();
            Folder { name: one.name.clone(), role: self.role(one), total, unread, uid_validity }
        });
        folders.collect()
    }

    /// What the server says it is used as; for a use that it says of none, the folder with the surest name.
    fn role(&self, folder: &Listed) -> Option<FolderRole> {
        if folder.name == INBOX {
            return Some(FolderRole::Inbox);
        }
        if folder.used_as.is_some() {
            return folder.used_as;
        }
        let (place, role) = named(folder)?;
        let is_used = self.listed.iter().any(|other| other.used_as == Some(role));
        let is_surest =
            self.listed.iter().filter_map(named).all(|(other_place, other)| other != role || other_place >= place);
        (!is_used && is_surest).then_some(role)
    }
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
