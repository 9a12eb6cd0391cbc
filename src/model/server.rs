//! In charge of naming a mail server: host, port and how the connection is protected; and the one that mail goes out by.

use rocket::http::RawStr;
use rocket::http::uri::Absolute;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// Clear text upgraded by STARTTLS before any credential is sent; never a fallback to clear.
    Starttls,
    /// No protection; allowed only where the settings say so.
    None,
}

impl Security {
    /// Every value, in the order shown to people.
    pub const ALL: [Security; 3] = [Security::Tls, Security::Starttls, Security::None];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Security::Tls => "tls",
            Security::Starttls => "starttls",
            Security::None => "none",
        }
    }

    /// Reads the word of the contract.
    pub fn parse(word: &str) -> Option<Security> {
        Security::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

/// Where a server answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
}

impl Server {
    /// `host:port`, the unit by which connections are counted.
    pub fn key(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// The server for outgoing notifications, as `smtp_url` names it. Does not keep the password that the address may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub server: Server,
    /// `tls=opportunistic`: where STARTTLS is not offered, it goes on in clear.
    pub may_stay_clear: bool,
}

impl Outgoing {
    /// Reads `smtp://[user:password@]host[:port][?tls=required|opportunistic|none]` or `smtps://…`. Without a port it is that
    /// of submission, 587 or 465 (RFC 8314, 3.3). None when it is anything else.
    pub fn parse(url: &str) -> Option<Outgoing> {
        let url = Absolute::parse(url).ok()?;
        let authority = url.authority()?;
        let path = url.path().as_str();
        if !(path.is_empty() || path == "/") || authority.host().is_empty() {
            return None;
        }
        let tls = url.query().map(|query| query.as_str().strip_prefix("tls=").unwrap_or_default());
        let (security, port) = match (url.scheme(), tls) {
            ("smtps", None | Some("required")) => (Security::Tls, 465),
            ("smtp", None | Some("required" | "opportunistic")) => (Security::Starttls, 587),
            ("smtp", Some("none")) => (Security::None, 587),
            _ => return None,
        };
        let server = Server { host: authority.host().into(), port: authority.port().unwrap_or(port), security };
        Some(Outgoing { server, may_stay_clear: tls == Some("opportunistic") })
    }

    /// The user and the password that the address holds, percent-decoded. None when it holds none.
    pub fn login(url: &str) -> Option<(String, SecretString)> {
        let url = Absolute::parse(url).ok()?;
        let (user, password) = url.authority()?.user_info()?.split_once(':')?;
        let decoded = |text: &str| RawStr::new(text).percent_decode().ok().map(|text| text.into_owned());
        Some((decoded(user)?, decoded(password)?.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_in_the_address_is_decoded() {
        use secrecy::ExposeSecret;
        let check = |url: &str, expected: Option<(&str, &str)>| {
            let found = Outgoing::login(url);
            let found = found.as_ref().map(|(user, password)| (user.as_str(), password.expose_secret()));
            assert_eq!(found, expected, "{url}");
        };
        check("smtp://a%40b.example:p%3Ass%2F@mail.example:25/?tls=none", Some(("a@b.example", "p:ss/")));
        check("smtps://mail.example", None);
        check("smtps://user@mail.example", None);
    }

    #[test]
    fn the_address_of_the_outgoing_server() {
        let check = |url: &str, expected: Option<(&str, Security, bool)>| {
            let found = Outgoing::parse(url).map(|one| (one.server.key(), one.server.security, one.may_stay_clear));
            assert_eq!(found, expected.map(|(key, security, clear)| (key.into(), security, clear)), "{url}");
        };
        check("smtp://mail.example", Some(("mail.example:587", Security::Starttls, false)));
        check("smtp://a%40b:p%3Ass@mail.example:25/?tls=none", Some(("mail.example:25", Security::None, false)));
        check("smtp://mail.example?tls=opportunistic", Some(("mail.example:587", Security::Starttls, true)));
        check("smtps://u:p@mail.example", Some(("mail.example:465", Security::Tls, false)));
        check("smtps://[::1]:465?tls=required", Some(("[::1]:465", Security::Tls, false)));
        for wrong in [
            "mail.example:25",
            "http://mail.example",
            "smtp://",
            "smtps://m?tls=none",
            "smtp://m?tls=yes",
            "smtp://m?x",
            "smtp://m:x",
            "smtp://m/path",
        ] {
            check(wrong, None);
        }
    }
}
