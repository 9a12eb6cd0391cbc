//! In charge of opening a session: greeting, STARTTLS, and the one login of a visit. Does not know what the visit is for.

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::Login;
use super::session::{EXCHANGE, Said, Session, Status, Word, quoted, sasl_plain};
use crate::mail::net::Net;
use crate::mail::{FaultKind, MailFault};
use crate::model::server::{Security, Server};

/// Codes of a NO that say «not now» rather than «not you» (RFC 5530; `PRIVACYREQUIRED` is about the connection).
const PASSING: [&str; 6] = ["UNAVAILABLE", "LIMIT", "INUSE", "SERVERBUG", "CORRUPTION", "PRIVACYREQUIRED"];

/// Connects and logs in. One mechanism, tried once: a second try could lock the holder out of the mailbox.
pub(super) async fn open<'a>(net: &Net, server: &Server, login: &'a Login<'a>) -> Result<Session<'a>, MailFault> {
    let unsendable = |text: &str| text.contains(['\r', '\n', '\0']);
    if unsendable(login.username) || unsendable(login.password.expose_secret()) {
        return Err(MailFault::ours(FaultKind::NotAllowed, "odd-credentials"));
    }
    let mut session = Session::new(net.reach(server).await?, login);
    greet(&mut session).await?;
    if server.security == Security::Starttls {
        start_tls(&mut session, net, server).await?;
    }
    log_in(&mut session, login).await?;
    Ok(session)
}

pub(super) async fn greet(session: &mut Session<'_>) -> Result<(), MailFault> {
    session.wire.begin(EXCHANGE);
    match session.listen().await? {
        Said::Note(Status { word: Word::Ok, .. }) => Ok(()),
        // Already someone, before TLS and before us: not the conversation we came for (RFC 9051, 11.1).
        Said::Note(Status { word: Word::Preauth, .. }) => Err(MailFault::ours(FaultKind::Protocol, "preauth")),
        _ => Err(MailFault::ours(FaultKind::Protocol, "no-imap")),
    }
}

/// RFC 9051, 6.2.1. There is no going on in clear.
pub(super) async fn start_tls(session: &mut Session<'_>, net: &Net, server: &Server) -> Result<(), MailFault> {
    let end = session.ask("STARTTLS", |_| {}).await?;
    if end.word != Word::Ok {
        return Err(MailFault::ours_with(FaultKind::Certificate, "starttls-refused", session.words(&end)));
    }
    net.secure(&mut session.wire, server).await?;
    session.forget_capabilities();
    Ok(())
}

async fn log_in(session: &mut Session<'_>, login: &Login<'_>) -> Result<(), MailFault> {
    let no_login = session.has("LOGINDISABLED").await?;
    let ascii = login.username.is_ascii() && login.password.expose_secret().is_ascii();
    let tag = session.tag();
    let pieces = if (no_login || !ascii) && session.has("AUTH=PLAIN").await? {
        authenticate_pieces(&tag, login)
    } else if no_login {
        return Err(MailFault::ours(FaultKind::Protocol, "no-password-login"));
    } else {
        login_pieces(&tag, login)
    };
    session.forget_capabilities();
    let end = say_in_pieces(session, &tag, &pieces).await.map_err(MailFault::unjudged)?;
    let words = session.words(&end);
    match end.word {
        Word::Ok => Ok(()),
        // What stands for a wrong password because nothing says otherwise is to be read by a person (features.md 4.4).
        Word::No if end.code.is_empty() => Err(MailFault::ours_with(refusal(&end.code), "refused-without-code", words)),
        Word::No => Err(MailFault::new(refusal(&end.code), words)),
        _ => Err(MailFault::ours_with(FaultKind::Protocol, "login-not-understood", words)),
    }
}

/// What a NO to a login means: its code alone decides, never its words. Without a code that says otherwise it is the
/// credentials.
fn refusal(code: &str) -> FaultKind {
    let code = code.split(' ').next().unwrap_or_default().to_ascii_uppercase();
    match code.as_str() {
        "EXPIRED" => FaultKind::PasswordExpired,
        "CONTACTADMIN" => FaultKind::AccountBlocked,
        code if PASSING.contains(&code) => FaultKind::LoginUnavailable,
        _ => FaultKind::LoginRefused,
    }
}

/// Sends the pieces of one command, each after the first when the server asks for it with `+`.
async fn say_in_pieces(
    session: &mut Session<'_>,
    tag: &str,
    pieces: &[Zeroizing<Vec<u8>>],
) -> Result<Status, MailFault> {
    session.wire.begin(EXCHANGE);
    let mut pieces = pieces.iter();
    if let Some(first) = pieces.next() {
        session.wire.send(first).await?;
    }
    loop {
        match session.listen().await? {
            Said::End(ours, end) if ours == tag => {
                let early = end.word == Word::Ok && pieces.next().is_some();
                return if early { Err(MailFault::ours(FaultKind::Protocol, "login-too-early")) } else { Ok(end) };
            }
            Said::Continue => match pieces.next() {
                Some(piece) => session.wire.send(piece).await?,
                None => return Err(MailFault::ours(FaultKind::Protocol, "unasked-continuation")),
            },
            _ => {}
        }
    }
}

/// `LOGIN` (RFC 9051, 6.2.3): printable ASCII as quoted strings, anything else as literals.
fn login_pieces(tag: &str, login: &Login<'_>) -> Vec<Zeroizing<Vec<u8>>> {
    let arguments = [login.username, login.password.expose_secret()];
    // Room for all at once, so that no copy is left behind by growing.
    let room = tag.len() + 64 + arguments.iter().map(|text| text.len() * 2 + 2).sum::<usize>();
    let mut pieces = Vec::with_capacity(arguments.len() + 1);
    let mut piece = Zeroizing::new(Vec::with_capacity(room));
    piece.extend_from_slice(format!("{tag} LOGIN").as_bytes());
    for text in arguments {
        piece.push(b' ');
        if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            piece.extend_from_slice(quoted(text).as_bytes());
        } else {
            piece.extend_from_slice(format!("{{{}}}\r\n", text.len()).as_bytes());
            pieces.push(std::mem::replace(&mut piece, Zeroizing::new(Vec::with_capacity(room))));
            piece.extend_from_slice(text.as_bytes());
        }
    }
    piece.extend_from_slice(b"\r\n");
    pieces.push(piece);
    pieces
}

/// `AUTHENTICATE PLAIN` (RFC 9051, 6.2.2; RFC 4616), which carries UTF-8.
fn authenticate_pieces(tag: &str, login: &Login<'_>) -> Vec<Zeroizing<Vec<u8>>> {
    let secret = sasl_plain(login);
    let mut answer = Zeroizing::new(Vec::with_capacity(secret.len() + 2));
    answer.extend_from_slice(secret.as_bytes());
    answer.extend_from_slice(b"\r\n");
    vec![Zeroizing::new(format!("{tag} AUTHENTICATE PLAIN\r\n").into_bytes()), answer]
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn pieces(username: &str, password: &str) -> Vec<String> {
        let password = SecretString::from(password);
        let login = Login { username, password: &password };
        login_pieces("S1", &login).iter().map(|piece| String::from_utf8(piece.to_vec()).unwrap()).collect()
    }

    #[test]
    fn printable_ascii_is_quoted() {
        assert_eq!(pieces("me@x", r#"a"\{ %"#), ["S1 LOGIN \"me@x\" \"a\\\"\\\\{ %\"\r\n"]);
        assert_eq!(pieces("", ""), ["S1 LOGIN \"\" \"\"\r\n"]);
    }

    #[test]
    fn the_rest_is_a_literal() {
        assert_eq!(pieces("me", "à€"), ["S1 LOGIN \"me\" {5}\r\n", "à€\r\n"]);
        assert_eq!(pieces("è", "a\tb"), ["S1 LOGIN {2}\r\n", "è {3}\r\n", "a\tb\r\n"]);
    }

    #[test]
    fn sasl_plain_is_that_of_the_rfc() {
        let password = SecretString::from("tanstaaftanstaaf");
        let pieces = authenticate_pieces("S1", &Login { username: "tim", password: &password });
        assert_eq!(&*pieces[0], b"S1 AUTHENTICATE PLAIN\r\n");
        assert_eq!(&*pieces[1], b"AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
    }
}
