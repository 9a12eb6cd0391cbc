//! In charge of seeing whether the server for outgoing notifications answers: greeting and TLS. Sends no mail, logs in nowhere.

use super::net::Net;
use super::stream::{Allowance, Wire};
use super::{FaultKind, MailFault};
use crate::model::server::{Outgoing, Security};

/// What one reply may have (RFC 5321, 4.5.3.1.5: a line has at most 512 bytes).
const REPLY: Allowance = Allowance { lines: 16 * 1024, line: 1024, literals: 0, spare: 0 };

/// Connects, checks the certificate where TLS is wanted, hears the greeting and leaves.
///
/// # Errors
/// `Unreachable`, `Certificate`, `Protocol` or `TooMuch`; `NotAllowed` when the net's policy forbids the server.
pub async fn greet(net: &Net, outgoing: &Outgoing) -> Result<(), MailFault> {
    let server = &outgoing.server;
    let mut wire = net.reach(server).await?;
    reply(&mut wire, "220").await?;
    if server.security == Security::Starttls {
        wire.begin(REPLY);
        wire.send(b"EHLO localhost\r\n").await?;
        let offers = reply_after(&mut wire, "250").await?;
        let has_tls = offers.iter().any(|offer| offer.eq_ignore_ascii_case("STARTTLS"));
        if has_tls {
            wire.begin(REPLY);
            wire.send(b"STARTTLS\r\n").await?;
            reply_after(&mut wire, "220").await?;
            net.secure(&mut wire, server).await?;
        } else if !outgoing.may_stay_clear {
            return Err(MailFault::ours(FaultKind::Certificate, "no-starttls"));
        }
    }
    wire.begin(REPLY);
    let _ = wire.send(b"QUIT\r\n").await;
    wire.close().await;
    Ok(())
}

async fn reply(wire: &mut Wire, code: &str) -> Result<Vec<String>, MailFault> {
    wire.begin(REPLY);
    reply_after(wire, code).await
}

/// One reply of this code, however many lines it has (RFC 5321, 4.2.1): the text of each.
async fn reply_after(wire: &mut Wire, code: &str) -> Result<Vec<String>, MailFault> {
    let mut texts = Vec::new();
    loop {
        let line = wire.answer().await?;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        let is_reply = line.len() >= 3 && line.as_bytes()[..3].iter().all(u8::is_ascii_digit);
        let Some(rest) = line.strip_prefix(code).filter(|_| is_reply) else {
            return Err(match is_reply {
                true => MailFault::ours_with(FaultKind::Protocol, "said", line),
                false => MailFault::ours(FaultKind::Protocol, "no-smtp"),
            });
        };
        texts.push(rest.get(1..).unwrap_or_default().to_string());
        if !rest.starts_with('-') {
            return Ok(texts);
        }
    }
}
