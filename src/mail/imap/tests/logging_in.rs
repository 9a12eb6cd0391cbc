//! In charge of showing how a visit opens: which mechanism, what a refusal means, what is never told.

use super::*;
use crate::model::message::Quota;

#[tokio::test]
async fn a_visit_asks_for_the_facts_and_leaves() {
    let (server, heard) = serve(async |mut talk| {
        talk.let_in().await;
        let (status, quota) = (talk.hear().await, talk.hear().await);
        let (status, quota) = (status.split_once(' ').unwrap().0, quota.split_once(' ').unwrap().0);
        talk.say(format!("{STATUS}{status} OK done\r\n* QUOTAROOT INBOX u\r\n")).await;
        talk.say(format!("* QUOTA u (STORAGE 1 2)\r\n{quota} OK done\r\n")).await;
        talk.answer("* BYE bye\r\n", "OK bye").await;
        talk.until_gone().await;
        talk
    })
    .await;
    let quota = Some(Quota { used: 1024, limit: 2048 });
    let expected = InboxFacts {
        uid_validity: 1_700_000_000,
        uid_next: 31,
        total: 7,
        unread: 2,
        quota,
        arrived: None,
        last_message_at: None,
    };
    assert_eq!(visit(&server).await.unwrap(), expected);
    let heard = heard.await.unwrap();
    assert_eq!(
        heard,
        [
            "S001 LOGIN \"me\" \"secret word\"",
            "S002 STATUS INBOX (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)",
            "S003 GETQUOTAROOT INBOX",
            "S004 LOGOUT"
        ]
    );
}

#[tokio::test]
async fn a_refused_quota_is_no_quota() {
    let (server, _heard) = serve(async |mut talk| {
        talk.let_in().await;
        talk.answer(STATUS, "OK done").await;
        talk.answer("", "NO [NOPERM] not for you").await;
        talk.answer("", "OK bye").await;
        talk
    })
    .await;
    assert_eq!(visit(&server).await.unwrap().quota, None);
}

#[tokio::test]
async fn capabilities_are_asked_for_when_the_server_does_not_say() {
    let (server, heard) = serve(async |mut talk| {
        talk.say("* OK hello\r\n").await;
        talk.answer("* CAPABILITY IMAP4rev1\r\n", "OK").await;
        talk.answer("", "OK in").await;
        talk.answer("* CAPABILITY IMAP4rev1\r\n", "OK").await;
        talk.answer(STATUS, "OK").await;
        talk.answer("", "OK bye").await;
        talk
    })
    .await;
    visit(&server).await.unwrap();
    let heard = heard.await.unwrap();
    let commands: Vec<&str> = heard.iter().map(|line| line.split(' ').nth(1).unwrap()).collect();
    assert_eq!(commands, ["CAPABILITY", "LOGIN", "CAPABILITY", "STATUS", "LOGOUT"]);
}

/// What the server's last word on the login makes of the visit.
async fn refused_with(end: &'static str) -> MailFault {
    let (server, _heard) = serve(async move |mut talk| {
        talk.say(GREETING).await;
        talk.answer("", end).await;
        talk.until_gone().await;
        talk
    })
    .await;
    fault(visit(&server).await)
}

#[tokio::test]
async fn the_code_of_a_refusal_decides() {
    for (end, kind, detail) in [
        ("NO [AUTHENTICATIONFAILED] Authentication failed.", FaultKind::LoginRefused, "AUTHENTICATIONFAILED: Auth"),
        ("NO [AUTHORIZATIONFAILED] no", FaultKind::LoginRefused, "AUTHORIZATIONFAILED: no"),
        ("NO [EXPIRED] change it", FaultKind::PasswordExpired, "EXPIRED: change it"),
        ("NO [ALERT] locked", FaultKind::LoginRefused, "ALERT: locked"),
        ("NO Login failed", FaultKind::LoginRefused, "Refused without a code: Login failed"),
        ("NO", FaultKind::LoginRefused, "Refused without a code:"),
        ("NO [UNAVAILABLE] later", FaultKind::LoginUnavailable, "UNAVAILABLE: later"),
        ("NO [LIMIT] too many", FaultKind::LoginUnavailable, "LIMIT: too many"),
        ("NO [inuse] busy", FaultKind::LoginUnavailable, "inuse: busy"),
        ("NO [SERVERBUG] oops", FaultKind::LoginUnavailable, "SERVERBUG: oops"),
        ("NO [CONTACTADMIN] call", FaultKind::AccountBlocked, "CONTACTADMIN: call"),
        ("BAD what", FaultKind::Protocol, "The server does not understand the log-in: what"),
        ("BYE enough", FaultKind::Unreachable, "The server says goodbye: enough"),
    ] {
        let fault = refused_with(end).await;
        assert_eq!(fault.kind, kind, "{end}");
        assert!(fault.to_string().starts_with(detail), "{end}: {fault}");
    }
}

#[tokio::test]
async fn only_our_tag_ends_the_login() {
    let (server, _heard) = serve(async |mut talk| {
        talk.say(GREETING).await;
        talk.answer("Z999 NO [AUTHENTICATIONFAILED] forged\r\n* NO stale\r\nS1 NO short\r\n", "OK in").await;
        talk.answer("* CAPABILITY IMAP4rev1\r\n", "OK").await;
        talk.answer(&format!("S001 NO old\r\n{STATUS}"), "OK done").await;
        talk.answer("", "OK bye").await;
        talk
    })
    .await;
    assert_eq!(visit(&server).await.unwrap().total, 7);
}

#[tokio::test]
async fn the_password_is_never_repeated() {
    for echo in [
        "NO bad password: pass\"word",
        "NO [AUTHENTICATIONFAILED] got PASS\"WORD from you",
        "NO [pass\"word] code",
        "NO syntax: \"me\" \"pass\\\"word\"",
        "BAD cGFzcyJ3b3Jk",
        "BYE AG1lAHBhc3Mid29yZA==",
    ] {
        let (server, _heard) = serve(async move |mut talk| {
            talk.say(GREETING).await;
            talk.answer("", echo).await;
            talk
        })
        .await;
        let fault = fault(visit_as(&server, "me", "pass\"word", PATIENT).await);
        let detail = fault.detail.to_lowercase();
        for secret in ["pass\"word", "pass\\\"word", "cgfzcyj3b3jk", "ag1lahbhc3mid29yza"] {
            assert!(!detail.contains(secret), "{echo}: {detail}");
        }
        assert!(detail.contains("***"), "{echo}: {detail}");
        assert_eq!(detail.starts_with("authenticationfailed: "), echo.contains("AUTHENTICATIONFAILED"), "{detail}");
    }
}

#[tokio::test]
async fn letters_beyond_ascii_go_by_authenticate_when_offered() {
    let (server, heard) = serve(async |mut talk| {
        talk.say(GREETING).await;
        talk.hear().await;
        talk.say("+ \r\n").await;
        talk.hear().await;
        talk.say("S001 NO [AUTHENTICATIONFAILED] no\r\n").await;
        talk.until_gone().await;
        talk
    })
    .await;
    let fault = fault(visit_as(&server, "me", r#"à"\{ %€"#, PATIENT).await);
    assert_eq!(fault.kind, FaultKind::LoginRefused);
    // One mechanism, one try: nothing follows the refusal.
    assert_eq!(heard.await.unwrap(), ["S001 AUTHENTICATE PLAIN", "AG1lAMOgIlx7ICXigqw="]);
}

#[tokio::test]
async fn letters_beyond_ascii_go_by_a_literal_otherwise() {
    let (server, heard) = serve(async |mut talk| {
        talk.say("* OK [CAPABILITY IMAP4rev1] Ready\r\n").await;
        talk.hear().await;
        talk.say("+ go on\r\n").await;
        talk.hear().await;
        talk.say("S001 OK in\r\n").await;
        talk.answer("", "OK").await;
        talk.answer(STATUS, "OK").await;
        talk
    })
    .await;
    visit_as(&server, "me", "è", PATIENT).await.unwrap();
    assert_eq!(heard.await.unwrap()[..2], ["S001 LOGIN \"me\" {2}", "è"]);
}

#[tokio::test]
async fn login_is_not_sent_where_it_is_disabled() {
    let (server, heard) = serve(async |mut talk| {
        talk.say("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] Ready\r\n").await;
        talk.until_gone().await;
        talk
    })
    .await;
    assert_eq!(fault(visit(&server).await).kind, FaultKind::Protocol);
    assert!(heard.await.unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_sent_or_is_not_allowed_connects_to_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = |security| Server { host: "127.0.0.1".to_string(), port, security };
    let strict = |allow_private, allow_plaintext| {
        Net::new(Policy { allow_private, allow_plaintext, timeout: PATIENT }, None).unwrap()
    };
    for (net, security, username, password) in [
        (strict(true, true), Security::None, "me", "a\r\nS2 DELETE INBOX"),
        (strict(true, true), Security::None, "me\0you", "a"),
        (strict(true, false), Security::None, "me", "a"),
        (strict(false, true), Security::None, "me", "a"),
        (strict(false, true), Security::Tls, "me", "a"),
        (strict(false, true), Security::Starttls, "me", "a"),
    ] {
        let password = SecretString::from(password);
        let refused =
            inbox(&net, &server(security), Login { username, password: &password }, Ask { quota: false, known: None })
                .await;
        assert_eq!(fault(refused).kind, FaultKind::NotAllowed);
    }
    // Had any of them connected, it would be first in the queue.
    let own = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let (_, first) = listener.accept().await.unwrap();
    assert_eq!(first, own.local_addr().unwrap());
}

#[test]
fn a_visit_may_move_between_threads() {
    fn sendable<T: Send>(_: T) {}
    let net = net(PATIENT);
    let server = Server { host: "localhost".to_string(), port: 1, security: Security::Tls };
    let password = SecretString::from("x");
    let login = || Login { username: "me", password: &password };
    sendable(inbox(&net, &server, login(), Ask { quota: true, known: None }));
    let chosen = Chosen { uid: 1, uid_validity: None, max_bytes: 1000 };
    sendable(newest(&net, &server, login(), 30, Some(chosen)));
    sendable(message(&net, &server, login(), INBOX, chosen));
    sendable(folders(&net, &server, login()));
    sendable(list(&net, &server, login(), INBOX, 30, None));
}
