//! In charge of showing what is fetched and how: looking only, and with every message listed.

use super::*;
use crate::model::message::{Envelope, Message, PecKind};

const EXAMINED: &str = "* 3 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1700000000] ok\r\n* OK [UIDNEXT 40] ok\r\n";

/// Lets the client in and answers STATUS and EXAMINE, then this FETCH; the rest is goodbye.
async fn mailbox(mut talk: Talk, status: bool, examined: &str, fetched: &[u8], end: &str) -> Talk {
    talk.let_in().await;
    if status {
        talk.answer(STATUS, "OK").await;
    }
    talk.answer(examined, "OK [READ-ONLY] in").await;
    let line = talk.hear().await;
    talk.say(fetched).await;
    talk.say(format!("{} {end}\r\n", line.split(' ').next().unwrap())).await;
    talk.answer("", "OK bye").await;
    talk
}

async fn list(server: &Server, limit: u32) -> Result<(InboxFacts, Vec<Envelope>), MailFault> {
    list_within(server, limit, PATIENT).await
}

async fn list_within(server: &Server, limit: u32, timeout: Duration) -> Result<(InboxFacts, Vec<Envelope>), MailFault> {
    let password = SecretString::from("x");
    let login = Login { username: "me", password: &password };
    newest(&net(timeout), server, login, limit, None).await.map(|newest| (newest.facts, newest.envelopes))
}

async fn open(server: &Server, uid: u32, max_bytes: u32) -> Result<Message, MailFault> {
    let password = SecretString::from("x");
    let chosen = Chosen { uid, uid_validity: None, max_bytes };
    message(&net(PATIENT), server, Login { username: "me", password: &password }, INBOX, chosen).await
}

fn fetch(number: u32, uid: u32, what: &str, bytes: &str) -> String {
    format!("* {number} FETCH (UID {uid} FLAGS () RFC822.SIZE 900 {what} {{{}}}\r\n{bytes})\r\n", bytes.len())
}

/// Lets the client in, answers STATUS and EXAMINE, and then each FETCH with what is told for it; the rest is goodbye.
async fn answers(mut talk: Talk, examined: &str, fetches: &[(String, &str)]) -> Talk {
    talk.let_in().await;
    talk.answer(STATUS, "OK").await;
    talk.answer(examined, "OK [READ-ONLY] in").await;
    for (fetched, end) in fetches {
        let line = talk.hear().await;
        talk.say(fetched).await;
        talk.say(format!("{} {end}\r\n", line.split(' ').next().unwrap())).await;
    }
    talk.answer("", "OK bye").await;
    talk
}

#[tokio::test]
async fn a_list_only_looks_and_never_loses_a_message() {
    let (server, heard) = serve(async |talk| {
        let headers = "From: \"Per conto di: a@pec.example\" <posta-certificata@g.example>\r\nX-Trasporto: posta-certificata\r\n\
                       Subject: POSTA CERTIFICATA: =?utf-8?q?citt=C3=A0?=\r\nDate: Tue, 3 Feb 2026 10:15:42 +0100\r\n\r\n";
        let fetched = fetch(2, 30, "BODY[HEADER.FIELDS (FROM)]<0>", headers)
            + "* 1 FETCH (UID 12 FLAGS (\\Seen) RFC822.SIZE 5 INTERNALDATE \"03-Feb-2026 09:00:00 +0000\" BODY[HEADER.FIELDS (FROM)]<0> \"\")\r\n"
            + "* 2 FETCH (FLAGS (\\Seen))\r\n* 9 FETCH (((\r\n* 4 EXISTS\r\n"
            + &fetch(3, 39, "BODY[HEADER.FIELDS (FROM)]<0>", "\u{0}\u{1}=?=?: \r\n\r\n\r\nDate: 99\r\nFrom");
        answers(talk, EXAMINED, &[(fetched, "NO some could not be read")]).await
    })
    .await;
    let (facts, list) = list(&server, 30).await.unwrap();
    assert_eq!((facts.total, facts.unread, facts.uid_next), (3, 2, 40));
    assert_eq!(list.iter().map(|envelope| envelope.uid).collect::<Vec<_>>(), [39, 30, 12]);
    assert_eq!(list[1].kind, PecKind::CertifiedMessage);
    assert_eq!((list[1].from.as_str(), list[1].subject.as_str()), ("a@pec.example", "POSTA CERTIFICATA: città"));
    assert_eq!(list[1].date.unwrap().to_rfc3339(), "2026-02-03T09:15:42+00:00");
    assert_eq!((list[2].seen, list[2].size, list[2].date.unwrap().timestamp()), (true, 5, 1_770_109_200));
    assert_eq!((list[0].kind, list[0].date, list[0].readable), (PecKind::Ordinary, None, true));
    let heard = heard.await.unwrap();
    assert_eq!(heard[2], "S003 EXAMINE INBOX");
    assert!(heard[3].starts_with(
        "S004 FETCH 1:3 (UID FLAGS RFC822.SIZE INTERNALDATE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (X-RICEVUTA "
    ));
}

#[tokio::test]
async fn what_cannot_be_read_is_asked_for_again_with_less_and_listed_at_the_last() {
    let body = "BODY[HEADER.FIELDS (FROM)]<0>";
    // Of five: one well, one too deep to be read, one as long as a book, one that is NIL, one that is not answered at all.
    for broken in ["UID 0 ", "UID 2 X (", "UID 2 FLAGS (\"", "UID 2 BODY[ "] {
        let (server, heard) = serve(async move |talk| {
            let deep = format!("BODYSTRUCTURE {}{} {body}", "(".repeat(3000), ")".repeat(3000));
            let long = format!("BODYSTRUCTURE ({}) {body}", "(\"application\" \"pdf\") ".repeat(100_000));
            let first = fetch(1, 1, body, "Subject: uno\r\n\r\n")
                + &fetch(2, 2, &deep, "Subject: due\r\n\r\n")
                + &fetch(3, 3, &long, "Subject: tre\r\n\r\n")
                + &format!("* 4 FETCH (UID 4 RFC822.SIZE 7 {body} NIL)\r\n* 5 FETCH ({broken})\r\n");
            let second = fetch(2, 2, body, "Subject: due\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n")
                + &fetch(3, 3, body, "Subject: tre\r\n\r\n");
            let third = "* 4 FETCH (UID 4 FLAGS (\\Flagged) RFC822.SIZE 7 INTERNALDATE NIL)\r\n* 5 FETCH (UID 5 RFC822.SIZE 8)\r\n";
            let fetches = [(first, "OK"), (second, "NO [SERVERBUG] two are broken"), (third.to_string(), "OK")];
            answers(talk, "* 5 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n", &fetches).await
        })
        .await;
        let (_, list) = list(&server, 30).await.unwrap();
        let told: Vec<_> =
            list.iter().map(|one| (one.uid, one.subject.as_str(), one.readable, one.has_attachments)).collect();
        let expected = [
            (5, "", false, false),
            (4, "", false, false),
            (3, "tre", true, false),
            (2, "due", true, true),
            (1, "uno", true, false),
        ];
        assert_eq!(told, expected, "{broken}");
        assert_eq!((list[1].size, list[1].flags.as_slice()), (7, &["\\Flagged".to_string()][..]));
        let heard = heard.await.unwrap();
        assert!(
            heard[4].starts_with("S005 FETCH 2:5 (UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER"),
            "{}",
            heard[4]
        );
        assert_eq!(heard[5], "S006 FETCH 4:5 (UID FLAGS RFC822.SIZE INTERNALDATE)");
    }
}

#[tokio::test]
async fn a_message_with_a_literal_larger_than_all_may_have_hides_no_other() {
    let (server, _heard) = serve(async |talk| {
        let name = "x".repeat(5 << 20);
        let structure = format!(
            "BODYSTRUCTURE (\"application\" \"pdf\" (\"name\" {{{}}}\r\n{name}) NIL {{3}}\r\nabc) BODY[]",
            name.len()
        );
        let first = fetch(1, 1, &structure, "Subject: uno\r\n\r\n") + &fetch(2, 2, "BODY[]", "Subject: due\r\n\r\n");
        let fetches = [(first, "OK"), (fetch(1, 1, "BODY[]", "Subject: uno\r\n\r\n"), "OK")];
        answers(talk, "* 2 EXISTS\r\n", &fetches).await
    })
    .await;
    let (_, list) = list(&server, 30).await.unwrap();
    assert_eq!(list.iter().map(|one| one.subject.as_str()).collect::<Vec<_>>(), ["due", "uno"]);
}

/// A server that hangs up in the middle of the answer for a message whose headers are asked for; whoever comes is told of
/// the messages before it and no more. It takes this long over each command.
async fn hangs_up_over(broken: &'static [u32], total: u32, slow: Duration) -> (Server, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let socket: Socket = Box::new(socket);
            let mut talk = Talk { socket: BufReader::new(socket), heard: Vec::new() };
            talk.let_in().await;
            loop {
                let line = talk.hear().await;
                let Some((tag, command)) = line.split_once(' ') else { break };
                tokio::time::sleep(slow).await;
                let said = match command.split(' ').next() {
                    Some("STATUS") => STATUS.to_string(),
                    Some("EXAMINE") => {
                        format!("* {total} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 99] ok\r\n")
                    }
                    Some("FETCH") if command.contains("(UID FLAGS)") => {
                        broken.iter().map(|one| format!("* {one} FETCH (UID {one} FLAGS ())\r\n")).collect()
                    }
                    Some("FETCH") => {
                        let asked = command.split(' ').nth(1).unwrap();
                        let is_asked = |number: &u32| {
                            asked.split(',').any(|run| {
                                let (first, last) = run.split_once(':').unwrap_or((run, run));
                                (first.parse::<u32>().unwrap()..=last.parse().unwrap()).contains(number)
                            })
                        };
                        let row = |number: u32| fetch(number, number, "BODY[]", &format!("Subject: {number}\r\n\r\n"));
                        let asked: Vec<u32> = (1..=total).filter(is_asked).collect();
                        let well = asked.iter().take_while(|number| !broken.contains(number));
                        let told: String = well.copied().map(row).collect();
                        if asked.iter().any(|number| broken.contains(number)) {
                            talk.say(told + "* 1 FETCH (UID 1 BODY[] {9}\r\nSub").await;
                            break;
                        }
                        told
                    }
                    _ => String::new(),
                };
                talk.say(format!("{said}{tag} OK done\r\n")).await;
            }
        }
    });
    (Server { host: "127.0.0.1".to_string(), port, security: Security::None }, serving)
}

#[tokio::test]
async fn a_message_that_a_server_hangs_up_over_hides_no_other() {
    let (server, serving) = hangs_up_over(&[2, 5], 6, Duration::ZERO).await;
    let (_, found) = list(&server, 30).await.unwrap();
    let told: Vec<_> = found.iter().map(|one| (one.uid, one.subject.as_str(), one.readable)).collect();
    let expected = [(6, "6", true), (5, "", false), (4, "4", true), (3, "3", true), (2, "", false), (1, "1", true)];
    assert_eq!(told, expected);
    serving.abort();
    // There is an end to it.
    let (server, serving) = hangs_up_over(&[1, 2, 3, 4, 5, 6], 6, Duration::ZERO).await;
    assert_eq!(fault(list(&server, 30).await).kind, FaultKind::Unreachable);
    serving.abort();
}

#[tokio::test]
async fn sessions_begun_again_have_no_more_time_than_one() {
    // Each of four sessions would end in time; three times the time for a command is not enough for all of them.
    let (server, serving) = hangs_up_over(&[1, 2, 3], 4, Duration::from_millis(150)).await;
    let begun = std::time::Instant::now();
    assert_eq!(fault(list_within(&server, 30, Duration::from_millis(400)).await).kind, FaultKind::Unreachable);
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    serving.abort();
}

#[tokio::test]
async fn when_no_message_is_answered_for_there_is_no_list() {
    let (server, _heard) = serve(async |talk| {
        let nothing = || (String::new(), "NO [UNAVAILABLE] later");
        answers(talk, EXAMINED, &[nothing(), nothing(), nothing()]).await
    })
    .await;
    let fault = fault(list(&server, 30).await);
    assert!(fault.kind == FaultKind::Protocol && fault.detail.contains("UNAVAILABLE"), "{fault}");
}

#[tokio::test]
async fn an_empty_mailbox_fetches_nothing() {
    let (server, heard) = serve(async |mut talk| {
        talk.let_in().await;
        talk.answer("* STATUS INBOX (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 5)\r\n", "OK").await;
        talk.answer("* 0 EXISTS\r\n", "OK in").await;
        talk.answer("", "OK bye").await;
        talk
    })
    .await;
    let (facts, list) = list(&server, 30).await.unwrap();
    assert_eq!((facts.uid_next, list.len()), (1, 0));
    assert_eq!(heard.await.unwrap().last().unwrap(), "S004 LOGOUT");
}

#[tokio::test]
async fn a_list_is_as_long_as_asked_whatever_the_server_sends() {
    let (server, _heard) = serve(async |talk| {
        let flood: String = (1..5000).map(|uid| fetch(uid, uid, "BODY[]", "A: b\r\n\r\n")).collect();
        mailbox(talk, true, "* 4000000000 EXISTS\r\n", flood.as_bytes(), "OK").await
    })
    .await;
    assert_eq!(list(&server, 2).await.map(|(_, list)| list.len()).map_err(|fault| fault.kind), Err(FaultKind::TooMuch));
    let (server, _heard) = serve(async |talk| {
        let more: String = (0..9).map(|uid| fetch(uid, uid + 1, "BODY[]", "A: b\r\n\r\n")).collect();
        mailbox(talk, true, EXAMINED, more.as_bytes(), "OK").await
    })
    .await;
    assert_eq!(list(&server, 2).await.unwrap().1.len(), 2);
}

#[tokio::test]
async fn one_message_by_its_uid() {
    let (server, heard) = serve(async |talk| {
        let fetched = String::from("* 1 FETCH (UID 5 FLAGS (\\Seen))\r\n")
            + &fetch(2, 6, "BODY[]<0>", "Subject: other\r\n\r\nno")
            + &fetch(
                1,
                5,
                "BODY[]<0>",
                "From: Mario <m@x.example>\r\nTo: a@b, \"C D\" <c@d>\r\nCc: e@f\r\n\r\nBuongiorno\r\n",
            );
        mailbox(talk, false, EXAMINED, fetched.as_bytes(), "OK").await
    })
    .await;
    let message = open(&server, 5, 1000).await.unwrap();
    assert_eq!((message.text.as_str(), message.truncated), ("Buongiorno", false));
    assert_eq!(message.envelope.from, "Mario <m@x.example>");
    assert_eq!(
        (message.envelope.to, message.cc),
        (vec!["a@b".to_string(), "C D <c@d>".to_string()], vec!["e@f".to_string()])
    );
    let heard = heard.await.unwrap();
    assert_eq!(heard[1], "S002 EXAMINE INBOX");
    assert_eq!(heard[2], "S003 UID FETCH 5 (UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.1000>)");
}

#[tokio::test]
async fn a_message_that_is_gone() {
    let (server, _heard) = serve(async |talk| mailbox(talk, false, EXAMINED, b"", "OK").await).await;
    assert_eq!(fault(open(&server, 5, 1000).await).kind, FaultKind::NotFound);
    assert_eq!(fault(open(&server, 0, 1000).await).kind, FaultKind::NotFound);
}

#[tokio::test]
async fn a_message_is_read_up_to_the_limit() {
    let long = "Subject: x\r\n\r\n0123456789";
    // One server respects the limit, the other sends the whole message anyway.
    for sent in [&long[..20], long] {
        let (server, _heard) = serve(async move |talk| {
            mailbox(talk, false, EXAMINED, fetch(1, 5, "BODY[]<0>", sent).as_bytes(), "OK").await
        })
        .await;
        let message = open(&server, 5, 20).await.unwrap();
        assert_eq!((message.text.as_str(), message.truncated), ("012345", true));
    }
    let (server, _heard) =
        serve(async |talk| mailbox(talk, false, EXAMINED, b"* 1 FETCH (UID 5 BODY[] {900000}\r\n", "OK").await).await;
    assert_eq!(fault(open(&server, 5, 20).await).kind, FaultKind::TooMuch);
}
