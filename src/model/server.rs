//! In charge of naming a mail server: host, port and how the connection is protected.

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
