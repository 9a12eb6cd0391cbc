//! In charge of reading what people type about an account at a mail server: where it answers, and the password. Connects to nobody,
//! and does not know whose mail it is.

use secrecy::SecretString;

use crate::config::Settings;
use crate::input::{Fields, is_host};
use crate::model::server::{Security, Server};

/// A mailbox's password, exactly as typed. CR, LF and NUL cannot be sent to any server (RFC 9051, 4.3; RFC 4616, 2).
pub fn password(fields: &mut Fields, is_required: bool) -> Option<SecretString> {
    match fields.verbatim("password") {
        Some(text) if text.contains(['\r', '\n', '\0']) => fields.refuse("password", "control-characters"),
        Some(text) if text.len() > 512 => fields.refuse("password", "too-long"),
        Some(text) if !text.is_empty() => return Some(text.into()),
        _ if is_required => fields.refuse("password", "required"),
        _ => {}
    }
    None
}

/// A server, over what was there before; `port` is the usual one.
pub fn server(
    fields: &mut Fields,
    name: &str,
    base: Option<&Server>,
    port: u16,
    settings: &Settings,
) -> Option<Server> {
    let field = |part: &str| format!("{name}.{part}");
    if !fields.has_any(name) {
        return base.cloned();
    }
    let host = fields.word(&field("host"), "host", |text| is_host(text).then(|| text.to_ascii_lowercase()));
    let port_given = fields.number(&field("port"), 1, 65_535).and_then(|number| u16::try_from(number).ok());
    let security = fields.word(&field("security"), "security", Security::parse);
    if security == Some(Security::None) && !settings.allow_plaintext_imap {
        fields.refuse(&field("security"), "plaintext-not-allowed");
    }
    // A part that is not given stays as it was; `null` for the whole takes the server away.
    if [&field("host"), &field("port"), &field("security")].iter().all(|part| !fields.has(part)) {
        return None;
    }
    let host = host.or(base.map(|base| base.host.clone()));
    if host.is_none() {
        fields.refuse(&field("host"), "required");
    }
    Some(Server {
        host: host?,
        port: port_given.or(base.map(|base| base.port)).unwrap_or(port),
        security: security.or(base.map(|base| base.security)).unwrap_or(Security::Tls),
    })
}
