//! In charge of what programs are told when a mail server does not do its part: which status, in which words, and that a
//! part of a message never passes for the whole.

use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::support::app::{Setup, TestApp};
use crate::support::client::Api;
use crate::support::mail::MailServer;
use crate::support::relay::Relay;

/// What a mail server says to commands that begin so, with `TAG` for the command's own. Silence ends the connection.
type Script = &'static [(&'static str, &'static str)];

/// A mailbox that was well when it was added; whoever comes after that meets this script.
async fn watched(api: &Api, script: Script) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut scripts = [WELL].into_iter().chain(std::iter::repeat(script));
        while let (Ok((socket, _)), Some(script)) = (listener.accept().await, scripts.next()) {
            let mut wire = BufReader::new(socket);
            wire.write_all(b"* OK [CAPABILITY IMAP4rev1] ready\r\n").await.unwrap();
            let mut line = String::new();
            while wire.read_line(&mut line).await.is_ok_and(|length| length > 0) {
                let (tag, command) = line.trim_end().split_once(' ').unwrap();
                let Some((_, answer)) = script.iter().find(|(known, _)| command.starts_with(known)) else { break };
                wire.write_all(answer.replace("TAG", tag).as_bytes()).await.unwrap();
                line.clear();
            }
        }
    });
    let added = api.post(
        "/mailboxes",
        json!({
            "address": "a@pec.example.it", "username": "a", "password": "segreta",
            "imap": {"host": "127.0.0.1", "port": port, "security": "none"},
            "authorization": {"holder": "Sindaco", "date": "2026-06-01"},
        }),
    );
    added.await.expect(201).json()["id"].as_str().unwrap().to_string()
}

const WELL: Script = &[
    LOGIN,
    ("STATUS", "* STATUS INBOX (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 7)\r\nTAG OK\r\n"),
    ("EXAMINE", "* 0 EXISTS\r\nTAG OK in\r\n"),
    ("LOGOUT", "TAG OK bye\r\n"),
];
const LOGIN: (&str, &str) = ("LOGIN", "TAG OK [CAPABILITY IMAP4rev1] in\r\n");
const EXAMINE: (&str, &str) = ("EXAMINE", "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\nTAG OK in\r\n");

#[tokio::test]
async fn each_fault_has_its_status_and_its_words() {
    let app = Setup::new().await.settings(|settings| settings.allow_plaintext_imap = true).start().await;
    let (_, api) = app.dario().await;
    for (answers, status, words, retry) in [
        (
            &[("LOGIN", "TAG NO [UNAVAILABLE] later\r\n")][..],
            503,
            "occupati: riprova più tardi («UNAVAILABLE: later»)",
            "30",
        ),
        (&[("LOGIN", "TAG NO [LIMIT] too many\r\n")], 503, "occupati: riprova più tardi («LIMIT: too many»)", "30"),
        (&[("LOGIN", "* BYE going\r\n")], 504, "non risponde", ""),
        (&[], 504, "non risponde", ""),
        (&[("LOGIN", "what?\r\n")], 502, "non è disponibile", ""),
        (&[LOGIN, ("EXAMINE", "TAG NO [SERVERBUG] oh\r\n")], 502, "non è disponibile", ""),
        (&[LOGIN, ("EXAMINE", "TAG NO [NONEXISTENT] none\r\n")], 404, "non esiste", ""),
        (&[LOGIN, ("EXAMINE", "TAG NO none\r\n")], 404, "non esiste", ""),
        (
            &[
                LOGIN,
                EXAMINE,
                ("UID FETCH", "TAG OK nothing\r\n"),
                ("FETCH", "TAG OK nothing\r\n"),
                ("LOGOUT", "TAG OK\r\n"),
            ],
            0,
            "",
            "",
        ),
    ] {
        let id = watched(&api, answers).await;
        let path = format!("/mailboxes/{}/folders/Archivio/messages", id);
        for (tail, gone) in [("", 502), ("/1", 404), ("/1/raw", 404)] {
            let answer = api.get(&format!("{path}{tail}")).await;
            let expected = if status == 0 { gone } else { status };
            assert_eq!(answer.status, expected, "{answers:?} {tail}: {}", answer.text);
            assert!(answer.header("content-type").starts_with("application/problem+json"));
            let told = answer.json()["detail"].as_str().unwrap().to_string();
            assert!(told.contains(words), "{answers:?} {tail}: {told}");
            assert_eq!(answer.header("retry-after"), retry, "{answers:?} {tail}");
            // Each is asked as if it were the first: after two logins that nobody judged the third would be withheld.
            app.database.execute("DELETE FROM logins").await;
        }
        assert_eq!(api.mailbox(&id).await["status"], "ok", "a reader's fault is no visit's");
        api.delete(&format!("/mailboxes/{}", id)).await.expect(204);
    }
    app.end().await;
}

#[tokio::test]
async fn a_server_out_of_reach_is_told_in_time() {
    let account = MailServer::get().account("segreta").await;
    let relay = Relay::to(MailServer::get().imaps).await;
    let app = TestApp::with_mail().await;
    let (_, api) = app.dario().await;
    let id = account.watched_at(relay.port, &api).await;
    relay.cut();
    api.get(&format!("/mailboxes/{id}/folders")).await.expect(504);
    relay.mend();
    api.get(&format!("/mailboxes/{id}/folders")).await.expect(200);
    app.end().await;
}

/// The first piece of a message said to have 70,000 bytes.
fn first_piece() -> &'static str {
    let text =
        format!("* 1 FETCH (UID 1 RFC822.SIZE 70000 BODY[]<0> {{65536}}\r\n{})\r\nTAG OK done\r\n", "x".repeat(65_536));
    Box::leak(text.into_boxed_str())
}

#[tokio::test]
async fn a_message_that_breaks_on_the_way_is_not_taken_for_whole() {
    let app = Setup::new().await.settings(|settings| settings.allow_plaintext_imap = true).start().await;
    let (_, api) = app.dario().await;
    // After the first piece: silence, an end that comes too early, another message's bytes.
    let first = ("UID FETCH 1 (UID RFC822.SIZE BODY.PEEK[]<0.", first_piece());
    let short = ("UID FETCH 1", "* 1 FETCH (UID 1 RFC822.SIZE 70000 BODY[]<65536> {3}\r\nxxx)\r\nTAG OK done\r\n");
    let other = ("UID FETCH 1", "* 1 FETCH (UID 2 RFC822.SIZE 70000 BODY[]<65536> {3}\r\nxxx)\r\nTAG OK done\r\n");
    let silence = ("UID FETCH 1", "* BYE going\r\n");
    for after in [short, other, silence] {
        let answers = Box::leak(Box::new([LOGIN, EXAMINE, first, after]));
        let id = watched(&api, answers).await;
        let path = format!("/mailboxes/{}/folders/INBOX/messages/1/raw", id);
        // It may break before the head of the answer is on the wire, or after.
        let is_broken = match api.request(reqwest::Method::GET, &path).send().await {
            Ok(response) => {
                assert_eq!((response.status().as_u16(), response.content_length()), (200, Some(70_000)));
                response.bytes().await.is_err()
            }
            Err(_) => true,
        };
        assert!(is_broken, "{after:?}");
        api.delete(&format!("/mailboxes/{}", id)).await.expect(204);
    }
    app.end().await;
}
