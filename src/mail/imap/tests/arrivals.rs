//! In charge of showing what a visit asks when INBOX has moved, and how it counts what came.

use super::*;

/// A visit by somebody who saw UIDNEXT 5 and one message last, and counts from there.
async fn look(server: &Server) -> Result<InboxFacts, MailFault> {
    let known = Known { seen: Some((1_700_000_000, 5, 1)), count_from: Some(5) };
    let password = SecretString::from("x");
    let login = Login { username: "me", password: &password };
    inbox(&net(PATIENT), server, login, Ask { quota: false, known: Some(known) }).await
}

/// Answers STATUS and EXAMINE, then the two questions with these answers.
async fn moved(mut talk: Talk, capabilities: &str, found: String) -> Talk {
    talk.say(GREETING).await;
    talk.answer("", &format!("OK [CAPABILITY IMAP4rev1 {capabilities}] in")).await;
    talk.answer(STATUS, "OK").await;
    talk.answer("* 5001 EXISTS\r\n* OK [UIDVALIDITY 1700000000] ok\r\n* OK [UIDNEXT 90005] ok\r\n", "OK in").await;
    let (date, search) = (talk.hear().await, talk.hear().await);
    let (date, search) = (date.split_once(' ').unwrap().0, search.split_once(' ').unwrap().0);
    talk.say(format!("* 5001 FETCH (INTERNALDATE \" 7-Feb-2026 02:44:25 +0100\")\r\n{date} OK done\r\n")).await;
    talk.say(format!("{found}{search} OK done\r\n")).await;
    talk.answer("", "OK bye").await;
    talk
}

#[tokio::test]
async fn thousands_of_new_messages_on_one_line_are_counted() {
    let (server, heard) = serve(async |talk| {
        let uids: Vec<String> = (0..5000).map(|n| (80_000 + 2 * n).to_string()).collect();
        moved(talk, "QUOTA", format!("* SEARCH {}\r\n", uids.join(" "))).await
    })
    .await;
    let facts = look(&server).await.unwrap();
    assert_eq!((facts.total, facts.uid_next, facts.arrived), (5001, 90_005, Some(5000)));
    assert_eq!(facts.last_message_at.unwrap().to_rfc3339(), "2026-02-07T01:44:25+00:00");
    let heard = heard.await.unwrap();
    assert_eq!(heard[3..5], ["S004 FETCH 5001 (INTERNALDATE)", "S005 UID SEARCH UID 5:90004"]);
}

#[tokio::test]
async fn a_server_that_counts_by_itself_is_asked_to() {
    let (server, heard) =
        serve(async |talk| moved(talk, "ESEARCH", "* ESEARCH (TAG \"S005\") UID COUNT 5000\r\n".into()).await).await;
    assert_eq!(look(&server).await.unwrap().arrived, Some(5000));
    assert_eq!(heard.await.unwrap()[4], "S005 UID SEARCH RETURN (COUNT) UID 5:90004");
}

#[tokio::test]
async fn a_count_that_never_came_is_a_fault_and_not_a_zero() {
    let (server, _heard) = serve(async |talk| moved(talk, "QUOTA", String::new()).await).await;
    assert_eq!(fault(look(&server).await).kind, FaultKind::Protocol);
}

#[tokio::test]
async fn when_nothing_has_moved_nothing_is_asked() {
    let (server, heard) = serve(async |mut talk| {
        talk.let_in().await;
        talk.answer(STATUS, "OK").await;
        talk.answer("", "OK bye").await;
        talk
    })
    .await;
    let known = Known { seen: Some((1_700_000_000, 31, 7)), count_from: Some(5) };
    let password = SecretString::from("x");
    let login = Login { username: "me", password: &password };
    let facts = inbox(&net(PATIENT), &server, login, Ask { quota: false, known: Some(known) }).await.unwrap();
    assert_eq!((facts.arrived, facts.last_message_at), (None, None));
    assert_eq!(heard.await.unwrap().len(), 3);
}
