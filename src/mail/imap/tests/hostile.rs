//! In charge of showing that a server which misbehaves costs a bounded time and is named for what it does.

use std::time::Instant;

use super::*;

/// A server that says this after the login, and what becomes of the visit.
async fn after_login(answer: impl Into<Vec<u8>>) -> MailFault {
    let answer = answer.into();
    let (server, _heard) = serve(async move |mut talk| {
        talk.let_in().await;
        talk.hear().await;
        talk.say(answer).await;
        talk
    })
    .await;
    fault(visit(&server).await)
}

#[tokio::test]
async fn an_end_before_the_answer_is_no_empty_mailbox() {
    assert_eq!(after_login("").await.kind, FaultKind::Unreachable);
    assert_eq!(after_login("* STATUS INBOX (MESSAGES 0 UNSEEN 0 UIDNEXT 1").await.kind, FaultKind::Unreachable);
    assert_eq!(after_login(STATUS).await.kind, FaultKind::Unreachable);
    assert_eq!(after_login("* BYE closing\r\n").await.kind, FaultKind::Unreachable);
}

#[tokio::test]
async fn an_answer_with_something_missing_is_no_answer() {
    for answer in ["S002 OK done\r\nS003 OK done\r\n", "* STATUS INBOX (MESSAGES 0 UNSEEN 0)\r\nS002 OK\r\nS003 OK\r\n"]
    {
        assert_eq!(after_login(answer).await.kind, FaultKind::Protocol);
    }
    let refused = after_login("S002 NO [NONEXISTENT] none\r\nS003 OK\r\n").await;
    assert_eq!((refused.kind, refused.detail.contains("NONEXISTENT")), (FaultKind::Protocol, true));
}

#[tokio::test]
async fn greetings_of_others() {
    for (greeting, kind) in [
        ("* PREAUTH [CAPABILITY IMAP4rev1] you are root\r\n", FaultKind::Protocol),
        ("* BYE [UNAVAILABLE] full\r\n", FaultKind::Unreachable),
        ("* NO no\r\n", FaultKind::Protocol),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", FaultKind::Protocol),
        ("SSH-2.0-OpenSSH_9\r\n", FaultKind::Protocol),
        ("+OK POP3 ready\r\n", FaultKind::Protocol),
        ("220 smtp.example ESMTP\r\n", FaultKind::Protocol),
        ("* OK only a line feed\n", FaultKind::Protocol),
        ("", FaultKind::Unreachable),
    ] {
        let (server, heard) = serve(async move |mut talk| {
            talk.say(greeting).await;
            talk.socket.get_mut().shutdown().await.unwrap();
            talk.until_gone().await;
            talk
        })
        .await;
        assert_eq!(fault(visit(&server).await).kind, kind, "{greeting:?}");
        assert!(heard.await.unwrap().is_empty(), "{greeting:?}: nothing is said to a stranger");
    }
}

#[tokio::test]
async fn more_than_we_hold_is_left_unread() {
    let begun = Instant::now();
    assert_eq!(after_login(vec![b'x'; 8 << 20]).await.kind, FaultKind::TooMuch);
    assert_eq!(after_login("* 1 EXISTS\r\n".repeat(1 << 19)).await.kind, FaultKind::TooMuch);
    assert_eq!(after_login("* STATUS {4294967295}\r\nINBOX").await.kind, FaultKind::TooMuch);
    assert_eq!(after_login("* STATUS {99999999999999999999999}\r\nINBOX").await.kind, FaultKind::TooMuch);
    assert_eq!(after_login("* LIST {4000}\r\n".repeat(400)).await.kind, FaultKind::TooMuch);
    let deep = format!("* STATUS INBOX {}\r\nS002 OK\r\nS003 OK\r\n", "(".repeat(9000));
    assert_eq!(after_login(deep).await.kind, FaultKind::Protocol);
    assert!(begun.elapsed() < PATIENT, "none of these waits for a deadline");
}

/// The visit's fault and how long it took, against a server that never comes to the point.
async fn timed<F: Future<Output = Talk> + Send>(
    talk: impl FnOnce(Talk) -> F + Send + 'static,
) -> (MailFault, Duration) {
    let (server, _heard) = serve(talk).await;
    let begun = Instant::now();
    let fault = fault(visit_as(&server, "me", "x", Duration::from_millis(200)).await);
    (fault, begun.elapsed())
}

#[tokio::test]
async fn silence_and_dripping_end_at_the_deadline_of_the_command() {
    let (silent, took) = timed(async |mut talk| {
        talk.until_gone().await;
        talk
    })
    .await;
    assert_eq!(silent.kind, FaultKind::Unreachable);
    assert!(took < Duration::from_secs(2), "{took:?}");
    // A byte every few milliseconds: between bytes there is never a long wait.
    let (dripping, took) = timed(async |mut talk| {
        let mut every = tokio::time::interval(Duration::from_millis(5));
        while talk.socket.write_all(b"*").await.is_ok() {
            every.tick().await;
        }
        talk
    })
    .await;
    assert_eq!(dripping.kind, FaultKind::Unreachable);
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[tokio::test]
async fn many_slow_answers_end_at_the_deadline_of_the_visit() {
    let timeout = Duration::from_millis(300);
    let (server, _heard) = serve(async move |mut talk| {
        // Each answer is in time; all of them together are not.
        let mut every = tokio::time::interval(timeout * 9 / 10);
        every.tick().await;
        every.tick().await;
        talk.say("* OK hello\r\n").await;
        for _ in 0..9 {
            every.tick().await;
            talk.answer("", "OK done").await;
        }
        talk
    })
    .await;
    let begun = Instant::now();
    let fault = fault(visit_as(&server, "me", "x", timeout).await);
    assert_eq!(fault.kind, FaultKind::Unreachable, "{fault}");
    assert!(begun.elapsed() < timeout * 6, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_reset_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = Server { host: "127.0.0.1".to_string(), port, security: Security::None };
    let resetting = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.write_all(GREETING.as_bytes()).await.unwrap();
        socket.readable().await.unwrap();
        // Closing with the login unread makes the system send a reset; then nobody listens any more.
    });
    assert_eq!(fault(visit(&server).await).kind, FaultKind::Unreachable);
    resetting.await.unwrap();
    let refused = fault(visit(&server).await);
    assert_eq!((refused.kind, refused.detail.as_str()), (FaultKind::Unreachable, "@connection-refused"));
}

#[tokio::test]
async fn a_server_that_never_says_goodbye_does_not_spoil_the_facts() {
    let (server, heard) = serve(async |mut talk| {
        talk.let_in().await;
        talk.answer(STATUS, "OK done").await;
        talk.answer("", "OK done").await;
        talk.until_gone().await;
        talk
    })
    .await;
    assert_eq!(visit(&server).await.unwrap().total, 7);
    assert_eq!(heard.await.unwrap().last().unwrap(), "S004 LOGOUT");
}
