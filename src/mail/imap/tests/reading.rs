//! In charge of showing what is asked of folders and of a message's bytes, and what becomes of answers that are wrong and of
//! takers that are slow.

use tokio::sync::mpsc;

use super::*;
use crate::model::message::{Folder, FolderRole, Numbered};

const EXAMINED: &str = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 40] ok\r\n";
const PIECE: usize = 65_536;

/// Lets the client in with these capabilities and answers its commands one after the other: what to say, and the end.
async fn serve_answers(
    capabilities: &'static str,
    answers: Vec<(String, &'static str)>,
) -> (Server, JoinHandle<Vec<String>>) {
    serve(async move |mut talk| {
        talk.say(GREETING).await;
        talk.answer("", &format!("OK [CAPABILITY IMAP4rev1 {capabilities}] in")).await;
        for (said, end) in answers {
            talk.answer(&said, end).await;
        }
        talk.answer("", "OK bye").await;
        talk
    })
    .await
}

async fn folders_of(server: &Server) -> Result<Vec<Folder>, MailFault> {
    let password = SecretString::from("x");
    folders(&net(PATIENT), server, Login { username: "me", password: &password }).await
}

async fn part(server: &Server, folder: &str, before: Option<Numbered>) -> Result<Listing, MailFault> {
    let password = SecretString::from("x");
    list(&net(PATIENT), server, Login { username: "me", password: &password }, folder, 2, before).await
}

/// The size told and the bytes given before the end, and how it ended.
async fn bytes_of(server: &Server, uid_validity: Option<u32>) -> (Option<u32>, Vec<u8>, Result<(), MailFault>) {
    let (give, mut take) = mpsc::channel(1);
    let source = Source { folder: INBOX.into(), uid: 5, uid_validity };
    let password = SecretString::from("x");
    let net = net(PATIENT);
    let giving = async {
        let given = raw(&net, server, Login { username: "me", password: &password }, &source, &give).await;
        drop(give);
        given
    };
    let taking = async {
        let (mut size, mut bytes) = (None, Vec::new());
        while let Some(piece) = take.recv().await {
            match piece {
                Piece::Size(told) => assert!(size.replace(told).is_none() && bytes.is_empty(), "first, and once"),
                Piece::Bytes(more) => bytes.extend(more),
            }
        }
        (size, bytes)
    };
    let (given, (size, bytes)) = tokio::join!(giving, taking);
    (size, bytes, given)
}

fn piece(origin: usize, size: usize, length: usize) -> String {
    format!("* 1 FETCH (UID 5 RFC822.SIZE {size} BODY[]<{origin}> {{{length}}}\r\n{})\r\n", "x".repeat(length))
}

#[tokio::test]
async fn a_server_that_counts_folders_is_asked_once() {
    let told = "* LIST (\\HasNoChildren) \"/\" INBOX\r\n* STATUS INBOX (MESSAGES 3 UNSEEN 1 UIDVALIDITY 7)\r\n";
    let (server, heard) = serve_answers("LIST-EXTENDED LIST-STATUS SPECIAL-USE", vec![(told.into(), "OK")]).await;
    assert_eq!(folders_of(&server).await.unwrap()[0].total, Some(3));
    let asked = "S002 LIST \"\" \"*\" RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN UIDVALIDITY))";
    assert_eq!(heard.await.unwrap()[1..], [asked, "S003 LOGOUT"]);
}

#[tokio::test]
async fn others_are_asked_for_each_folder_in_one_flight_and_one_refusal_hides_no_other() {
    let (server, heard) = serve(async |mut talk| {
        talk.let_in().await;
        talk.answer(
            "* LIST () \".\" INBOX\r\n* LIST () \".\" \"INBOX.a \\\"b\\\"\"\r\n* LIST () \".\" Chiusa\r\n",
            "OK",
        )
        .await;
        for _ in 0..3 {
            talk.hear().await;
        }
        talk.say(
            "S003 OK\r\n* STATUS \"INBOX.a \\\"b\\\"\" (MESSAGES 4 UNSEEN 0)\r\nS004 OK\r\nS005 NO [NOPERM] no\r\n",
        )
        .await;
        talk.answer("", "OK bye").await;
        talk
    })
    .await;
    let found = folders_of(&server).await.unwrap();
    let told: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.total)).collect();
    assert_eq!(told, [("INBOX", None), ("Chiusa", None), ("INBOX.a \"b\"", Some(4))]);
    let heard = heard.await.unwrap();
    assert_eq!(heard[1], "S002 LIST \"\" \"*\"");
    assert_eq!(heard[3], "S004 STATUS \"INBOX.a \\\"b\\\"\" (MESSAGES UNSEEN UIDVALIDITY)");
}

#[tokio::test]
async fn folders_without_end_are_left_unread() {
    let flood: String = (0..40_000).map(|n| format!("* LIST () \"/\" cartella-{n:06}-{:040}\r\n", 0)).collect();
    let (server, _heard) = serve_answers("", vec![(flood, "OK")]).await;
    assert_eq!(fault(folders_of(&server).await).kind, FaultKind::TooMuch);
    let (server, _heard) = serve_answers("", vec![(String::new(), "NO [UNAVAILABLE] later")]).await;
    assert_eq!(fault(folders_of(&server).await).kind, FaultKind::Protocol);
}

#[tokio::test]
async fn a_folder_is_asked_for_in_its_coding_and_then_as_it_is() {
    let no = || (String::new(), "NO [NONEXISTENT] none");
    let (server, heard) = serve_answers("", vec![no(), ("* 0 EXISTS\r\n".into(), "OK")]).await;
    assert!(part(&server, "Città \"a\" & b", None).await.unwrap().envelopes.is_empty());
    let heard = heard.await.unwrap();
    assert_eq!(heard[1..3], ["S002 EXAMINE \"Citt&AOA- \\\"a\\\" &- b\"", "S003 EXAMINE \"Città \\\"a\\\" & b\""]);
    for (end, kind) in [
        ("NO no", FaultKind::NotFound),
        ("BAD what", FaultKind::NotFound),
        ("NO [NOPERM] no", FaultKind::NotFound),
        ("NO [UNAVAILABLE] later", FaultKind::Protocol),
        ("NO [SERVERBUG] oh", FaultKind::Protocol),
        ("OK nothing said of it", FaultKind::NotFound),
    ] {
        let (server, _heard) = serve_answers("", vec![(String::new(), end)]).await;
        assert_eq!(fault(part(&server, "Archivio", None).await).kind, kind, "{end}");
    }
}

#[tokio::test]
async fn a_folder_with_control_characters_is_never_asked_for() {
    for name in ["a\r\nS9 DELETE b", "\0", "\u{85}", "\t", ""] {
        let (server, heard) = serve(async |mut talk| {
            talk.let_in().await;
            talk.until_gone().await;
            talk
        })
        .await;
        assert_eq!(fault(part(&server, name, None).await).kind, FaultKind::NotFound, "{name:?}");
        assert_eq!(heard.await.unwrap().len(), 1, "{name:?}: the login and no more");
    }
}

#[tokio::test]
async fn an_older_part_is_found_by_counting() {
    let before = Some(Numbered { uid_validity: 7, uid: 30 });
    let row = |number: u32, uid: u32| format!("* {number} FETCH (UID {uid} BODY[] \"\")\r\n");
    let examined = || (EXAMINED.to_string(), "OK");
    for (capability, asked, told) in [
        ("ESEARCH", "S003 SEARCH RETURN (COUNT) UID 1:29", "* ESEARCH (TAG \"S003\") COUNT 2\r\n"),
        ("QUOTA", "S003 SEARCH UID 1:29", "* SEARCH 1 2\r\n"),
    ] {
        // A row that is not older is not shown, whoever sends it.
        let rows = (row(1, 12) + &row(2, 31), "OK");
        let (server, heard) = serve_answers(capability, vec![examined(), (told.into(), "OK"), rows]).await;
        let listing = part(&server, INBOX, before).await.unwrap();
        assert_eq!(listing.envelopes.iter().map(|one| one.uid).collect::<Vec<_>>(), [12]);
        assert_eq!((listing.uid_validity, listing.goes_on), (7, false));
        let heard = heard.await.unwrap();
        assert_eq!(heard[2], asked);
        assert!(heard[3].starts_with("S004 FETCH 1:2 ("), "{}", heard[3]);
    }
    let (server, _heard) = serve_answers("", vec![examined(), (String::new(), "OK")]).await;
    assert_eq!(fault(part(&server, INBOX, before).await).kind, FaultKind::Protocol, "no count is not zero");
    let (server, _heard) = serve_answers("", vec![examined()]).await;
    let other = Some(Numbered { uid_validity: 8, uid: 30 });
    assert_eq!(fault(part(&server, INBOX, other).await).kind, FaultKind::Renumbered);
    let (server, _heard) = serve_answers("", vec![examined()]).await;
    let first = Some(Numbered { uid_validity: 7, uid: 1 });
    assert!(part(&server, INBOX, first).await.unwrap().envelopes.is_empty());
}

#[tokio::test]
async fn bytes_come_in_pieces_and_the_last_is_known_to_be_the_last() {
    for (sizes, whole) in [(vec![5], 5), (vec![0], 0), (vec![PIECE, 5], PIECE + 5), (vec![PIECE, PIECE, 0], 2 * PIECE)]
    {
        let mut at = 0;
        let mut answers = vec![(EXAMINED.to_string(), "OK")];
        for size in sizes {
            // What another program does meanwhile is no answer.
            let flags = "* 1 FETCH (UID 5 FLAGS (\\Seen))\r\n* 2 FETCH (UID 6 BODY[] \"no\")\r\n";
            answers.push((flags.to_string() + &piece(at, whole, size), "OK"));
            at += size;
        }
        let (server, heard) = serve_answers("", answers).await;
        let (size, bytes, ended) = bytes_of(&server, Some(7)).await;
        assert_eq!((size, bytes.len(), ended), (Some(whole as u32), whole, Ok(())));
        let heard = heard.await.unwrap();
        assert_eq!(heard[2], "S003 UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[]<0.65536>)");
        assert!(whole < PIECE || heard[3].ends_with("BODY.PEEK[]<65536.65536>)"), "{}", heard[3]);
    }
}

#[tokio::test]
async fn what_is_not_whole_never_ends_well() {
    let ok = "OK";
    let nil = |at: usize, size: usize| format!("* 1 FETCH (UID 5 RFC822.SIZE {size} BODY[]<{at}> NIL)\r\n");
    for (answers, kind, most) in [
        // Gone before, gone on the way.
        (vec![(String::new(), ok)], FaultKind::NotFound, None),
        (vec![(piece(0, 100_000, PIECE), ok), (String::new(), ok)], FaultKind::NotFound, Some(0)),
        // Shorter and longer than told, also by nothing but the last byte.
        (vec![(piece(0, 6, 5), ok)], FaultKind::Protocol, None),
        (vec![(piece(0, 4, 5), ok)], FaultKind::Protocol, None),
        (vec![(nil(0, 4), ok)], FaultKind::Protocol, None),
        (vec![(piece(0, PIECE + 9, PIECE), ok), (nil(PIECE, PIECE + 9), ok)], FaultKind::Protocol, Some(0)),
        (vec![(piece(0, PIECE, PIECE), ok), (piece(PIECE, PIECE, 1), ok)], FaultKind::Protocol, Some(0)),
        // Another size than before, another place than asked for, more than asked for, a refusal.
        (vec![(piece(0, PIECE + 9, PIECE), ok), (piece(PIECE, PIECE + 8, 8), ok)], FaultKind::Protocol, Some(0)),
        (vec![(piece(0, PIECE + 9, PIECE), ok), (piece(0, PIECE + 9, 9), ok)], FaultKind::NotFound, Some(0)),
        (vec![(piece(0, 90_000, PIECE + 1), ok)], FaultKind::Protocol, None),
        (vec![(piece(0, 900_000, 900_000), ok)], FaultKind::TooMuch, None),
        (vec![(piece(0, 5, 5), "NO [SERVERBUG] broken")], FaultKind::Protocol, None),
    ] {
        let told = format!("{:?}", answers.iter().map(|(said, end)| (said.len(), *end)).collect::<Vec<_>>());
        let answers = [(EXAMINED.to_string(), ok)].into_iter().chain(answers).collect();
        let (server, _heard) = serve_answers("", answers).await;
        let (size, bytes, ended) = bytes_of(&server, None).await;
        assert_eq!(fault(ended).kind, kind, "{told}");
        assert_eq!(size.map(|_| bytes.len()), most, "{told}: nothing is given that may have been the last");
    }
    let (server, _heard) = serve_answers("", vec![(EXAMINED.to_string(), ok)]).await;
    assert_eq!(fault(bytes_of(&server, Some(8)).await.2).kind, FaultKind::Renumbered);
}

#[tokio::test]
async fn who_takes_no_more_ends_it() {
    let (server, _heard) = serve(async |mut talk| {
        talk.let_in().await;
        talk.answer(EXAMINED, "OK").await;
        for at in 0..4 {
            talk.answer(&piece(at * PIECE, 100 * PIECE, PIECE), "OK").await;
        }
        talk.until_gone().await;
        talk
    })
    .await;
    let (give, mut take) = mpsc::channel(1);
    let source = Source { folder: INBOX.into(), uid: 5, uid_validity: None };
    let password = SecretString::from("x");
    let net = net(PATIENT);
    let taking = async {
        assert!(matches!(take.recv().await, Some(Piece::Size(_))));
        drop(take);
    };
    let (given, ()) =
        tokio::join!(raw(&net, &server, Login { username: "me", password: &password }, &source, &give), taking);
    assert_eq!(given, Ok(()));
}

/// A server that goes on giving pieces, and the task that hands them on to who takes them.
async fn endless(
    pieces: usize,
    last: usize,
) -> (mpsc::Receiver<Piece>, mpsc::Sender<Piece>, JoinHandle<Result<(), MailFault>>) {
    let whole = pieces * PIECE + last;
    let (server, _heard) = serve(async move |mut talk| {
        talk.let_in().await;
        talk.answer(EXAMINED, "OK").await;
        for at in 0..pieces {
            talk.answer(&piece(at * PIECE, whole, PIECE), "OK").await;
        }
        talk.answer(&piece(pieces * PIECE, whole, last), "OK").await;
        talk.until_gone().await;
        talk
    })
    .await;
    let (give, take) = mpsc::channel(1);
    let giving = give.clone();
    let handing = tokio::spawn(async move {
        let source = Source { folder: INBOX.into(), uid: 5, uid_validity: None };
        let password = SecretString::from("x");
        // The server has all the time there is, so that what ends is the taker's.
        let net = net(Duration::from_secs(3600));
        raw(&net, &server, Login { username: "me", password: &password }, &source, &giving).await
    });
    (take, give, handing)
}

#[tokio::test]
async fn who_takes_nothing_is_not_waited_for() {
    let (take, give, handing) = endless(0, 5).await;
    while give.capacity() > 0 {
        tokio::task::yield_now().await;
    }
    // The size is given and the only piece waits: from here on nothing is to come but the end of patience.
    tokio::time::pause();
    let since = tokio::time::Instant::now();
    let ended = tokio::time::timeout(Duration::from_secs(120), handing).await.expect("there is an end to it").unwrap();
    assert_eq!(fault(ended).kind, FaultKind::Unreachable);
    assert!(since.elapsed() <= Duration::from_secs(31), "{:?}", since.elapsed());
    drop(take);
}

#[tokio::test]
async fn who_takes_a_piece_now_and_then_has_five_minutes_in_all() {
    let (mut take, give, handing) = endless(40, 5).await;
    drop(give);
    let mut taken = 0;
    while take.recv().await.is_some() {
        taken += 1;
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(20)).await;
        tokio::time::resume();
    }
    assert!((12..=18).contains(&taken), "{taken} pieces in twenty seconds each");
    assert_eq!(fault(handing.await.unwrap()).kind, FaultKind::Unreachable);
}

#[tokio::test]
async fn two_thousand_folders_are_told_and_one_more_is_too_much() {
    // Names in every case there is, of which each could be the surest for its use.
    let name = |n: usize| -> String {
        let letters = "indesiderata".chars().enumerate();
        let letters = letters.map(|(at, c)| if n >> at & 1 == 1 { c.to_ascii_uppercase() } else { c });
        "posta ".chars().chain(letters).collect()
    };
    let told = |count: usize| -> String {
        let lines =
            (0..count).map(|n| format!("* LIST () \"/\" \"{0}\"\r\n* STATUS \"{0}\" (MESSAGES {n})\r\n", name(n)));
        lines.collect()
    };
    let (server, _heard) = serve_answers("LIST-EXTENDED LIST-STATUS", vec![(told(2000), "OK")]).await;
    let found = folders_of(&server).await.unwrap();
    assert_eq!(found.len(), 2000);
    let last = found.iter().find(|one| one.name == name(1999)).unwrap();
    assert_eq!((last.total, last.role), (Some(1999), Some(FolderRole::Junk)));
    let (server, _heard) = serve_answers("LIST-EXTENDED LIST-STATUS", vec![(told(2001), "OK")]).await;
    assert_eq!(fault(folders_of(&server).await).kind, FaultKind::TooMuch);
}

#[tokio::test]
async fn a_count_larger_than_any_is_as_large_as_can_be() {
    let before = Some(Numbered { uid_validity: 7, uid: 30 });
    let told = "* ESEARCH (TAG \"S003\") COUNT 4294967295\r\n* SEARCH 1 2\r\n".to_string();
    let rows = ("* 2 FETCH (UID 12 BODY[] \"\")\r\n* 3 FETCH (UID 13 BODY[] \"\")\r\n".to_string(), "OK");
    let (server, heard) = serve_answers("ESEARCH", vec![(EXAMINED.into(), "OK"), (told, "OK"), rows]).await;
    assert_eq!(part(&server, INBOX, before).await.unwrap().envelopes.len(), 2);
    assert!(heard.await.unwrap()[3].starts_with("S004 FETCH 2:3 ("));
}
