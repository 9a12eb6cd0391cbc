//! In charge of nothing being lost: mails of every kind, broken and hostile ones too, come into a real mailbox, and each is a request,
//! an entry, held or not read. What is read of each is tested where it is read (`mail/incoming`).

use std::path::PathBuf;

use super::story::desk;
use crate::support::mail::MailServer;

/// The files of a folder of `tests/mail`, in the order of their names.
fn files(folder: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mail").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The mail of one case: `\xE8` is a byte.
fn mail_of(case: &str) -> Vec<u8> {
    let (_, mail) = case.split_once("\n---\n").unwrap();
    let mut pieces = mail.split("\\x");
    let mut raw = pieces.next().unwrap().as_bytes().to_vec();
    for piece in pieces {
        raw.push(u8::from_str_radix(&piece[..2], 16).unwrap());
        raw.extend(&piece.as_bytes()[2..]);
    }
    raw.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..])
}

#[tokio::test]
async fn no_mail_of_the_corpus_is_lost() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    let mut mails: Vec<Vec<u8>> = files("incoming").iter().map(|file| std::fs::read(file).unwrap()).collect();
    for file in files("cases") {
        let written = format!("\n{}", std::fs::read_to_string(file).unwrap());
        mails.extend(written.split("\n=== ").skip(1).step_by(2).map(mail_of));
    }
    // One is empty: it is no mail that a server takes.
    mails.retain(|mail| !mail.trim_ascii().is_empty());
    // Half of them are of somebody whom the desk knows.
    for mail in mails.iter_mut().step_by(2) {
        let start = mail.windows(6).position(|bytes| bytes == b"\nFrom:").map_or(0, |line| line + 1);
        let is_said = mail[start..].starts_with(b"From:");
        let length = mail[start..].iter().position(|byte| *byte == b'\n').filter(|_| is_said).map_or(0, |end| end + 1);
        mail.splice(start..start + length, format!("From: Sara Bini <{}>\r\n", sara.address).into_bytes());
    }
    for mail in &mails {
        desk.address.deliver_raw(mail).await;
    }
    let count = i64::try_from(mails.len()).unwrap();
    desk.settled(count).await;
    let count_of =
        async |which: &str| desk.app.database.number(&format!("SELECT COUNT(*) FROM intake_mails WHERE {which}")).await;
    assert_eq!(count_of("state IN ('done', 'held', 'unprocessed', 'dropped')").await, count);
    // What is done has a request; what is left out says why, and is a receipt or has come before.
    assert_eq!(count_of("state = 'done' AND (ticket_id IS NULL OR ticket_message_id IS NULL)").await, 0);
    assert_eq!(count_of("state <> 'done' AND reason IS NULL").await, 0);
    assert_eq!(count_of("state = 'dropped' AND reason NOT IN ('receipt', 'duplicate', 'bounce')").await, 0);
    assert_eq!(count_of("state = 'unprocessed'").await, 0, "all of them can be read");
    let (done, held) = (count_of("state = 'done'").await, count_of("state = 'held'").await);
    assert!(done >= 50 && held >= 50, "{done} done, {held} held");
    let shown = desk.anna.get("/intake/held?limit=200").await.expect(200).json();
    assert_eq!(i64::try_from(shown["items"].as_array().unwrap().len()).unwrap(), held);
    desk.app.end().await;
}
