//! In charge of the servers of the known providers of certified mail, by the domain of an address (`pec.md` 5). A domain of
//! one's own says nothing of its provider: those servers are typed. Pure.

use crate::model::server::{Security, Server};

/// A provider of certified mail.
#[derive(Debug, PartialEq, Eq)]
pub struct Provider {
    pub name: &'static str,
    pub domains: &'static [&'static str],
    imap: &'static str,
    smtp: &'static str,
    /// The user name is one that the provider has given, not the address.
    pub has_user_id: bool,
}

const fn known(
    name: &'static str,
    domains: &'static [&'static str],
    imap: &'static str,
    smtp: &'static str,
    has_user_id: bool,
) -> Provider {
    Provider { name, domains, imap, smtp, has_user_id }
}

/// Every provider that we know. All take TLS from the first byte on the usual ports.
pub const PROVIDERS: [Provider; 11] = [
    known(
        "Aruba",
        &["pec.it", "arubapec.it", "mypec.eu", "gigapec.it", "pec.cloud"],
        "imaps.pec.aruba.it",
        "smtps.pec.aruba.it",
        false,
    ),
    known(
        "InfoCert Legalmail",
        &["legalmail.it", "cert.legalmail.it"],
        "mbox.cert.legalmail.it",
        "sendm.cert.legalmail.it",
        true,
    ),
    known(
        "Namirial",
        &["sicurezzapostale.it", "namirialpec.it", "lamiapec.it"],
        "imaps.sicurezzapostale.it",
        "smtps.sicurezzapostale.it",
        false,
    ),
    known("Poste Italiane", &["postecert.it"], "mail.postecert.it", "mail.postecert.it", false),
    known("Postel", &["postecertifica.it"], "mail.postecertifica.it", "mail.postecertifica.it", false),
    known("Register", &["pec.net", "pec-email.com"], "imap.pec-email.com", "smtp.pec-email.com", false),
    known("TIM Trust Technologies", &["telecompost.it"], "mail.telecompost.it", "smtp.telecompost.it", true),
    known("Italiaonline", &["postacert.it.net"], "mail.postacert.it.net", "mail.postacert.it.net", false),
    known("Intesi Group", &["ig-trustmail.com"], "imap.ig-trustmail.com", "smtp.ig-trustmail.com", false),
    known("Actalis", &["pec.actalis.it", "actaliscertymail.it"], "imap.pec.actalis.it", "smtp.pec.actalis.it", false),
    known(
        "Notariato",
        &["postacertificata.notariato.it"],
        "imap.postacertificata.notariato.it",
        "smtp.postacertificata.notariato.it",
        false,
    ),
];

impl Provider {
    /// Where mail is read.
    pub fn imap(&self) -> Server {
        Server { host: self.imap.into(), port: 993, security: Security::Tls }
    }

    /// Where mail is sent.
    pub fn smtp(&self) -> Server {
        Server { host: self.smtp.into(), port: 465, security: Security::Tls }
    }
}

/// The provider of an address, when its domain tells.
pub fn of(address: &str) -> Option<&'static Provider> {
    let (_, domain) = address.trim().rsplit_once('@')?;
    PROVIDERS.iter().find(|provider| provider.domains.iter().any(|known| known.eq_ignore_ascii_case(domain)))
}

/// The domains from which providers send envelopes and receipts, beside those of `PROVIDERS`: as the certificates of their authority
/// list them (`pec.md` 3).
const CERTIFIERS: [&str; 7] =
    ["pec.aruba.it", "cert.interno.it", "pcert.sogei.it", "twtcert.it", "miapec.it", "zucchettipec.it", "pec.reevo.eu"];

/// Whether envelopes of certified mail are sent from this domain, as far as we know.
pub fn is_certifier(domain: &str) -> bool {
    let of_providers = PROVIDERS.iter().flat_map(|one| one.domains);
    of_providers.chain(&CERTIFIERS).any(|known| known.eq_ignore_ascii_case(domain))
}

/// What a domain of one's own is called where its mail is certified, by custom.
const CUSTOMARY: [&str; 6] = ["pec", "cert", "pcert", "legalmail", "postacert", "postacertificata"];

/// Whether an address is one of certified mail: of a provider, or of a domain that is called so.
pub fn is_certified(address: &str) -> bool {
    let Some((_, domain)) = address.trim().rsplit_once('@') else { return false };
    let is_called = |label: &str| CUSTOMARY.iter().any(|known| known.eq_ignore_ascii_case(label));
    is_certifier(domain) || domain.split('.').any(is_called)
}

/// Whether a host is one of a provider's at which mail is read.
pub fn is_server(host: &str) -> bool {
    PROVIDERS.iter().any(|one| one.imap.eq_ignore_ascii_case(host.trim()))
}

/// Fills in the servers of a form, or of a line of a file, that names no IMAP server: with those of the address's provider.
/// Who has given an SMTP server keeps it.
pub fn fill(texts: &mut Vec<(String, String)>) {
    let given = |texts: &[(String, String)], name: &str| {
        texts.iter().find(|(known, _)| known == name).map(|(_, text)| text.trim().to_string()).unwrap_or_default()
    };
    let provider = of(&given(texts, "address")).filter(|_| given(texts, "imap_host").is_empty());
    let Some(provider) = provider else { return };
    for (name, server) in [("imap", provider.imap()), ("smtp", provider.smtp())] {
        if given(texts, &format!("{name}_host")).is_empty() {
            let security = server.security.as_str().to_string();
            for (part, text) in [("host", server.host), ("port", server.port.to_string()), ("security", security)] {
                let field = format!("{name}_{part}");
                texts.retain(|(known, _)| *known != field);
                texts.push((field, text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::input::is_host;

    #[test]
    fn a_domain_has_one_provider_and_every_server_a_name() {
        let domains: Vec<&str> = PROVIDERS.iter().flat_map(|one| one.domains).copied().collect();
        assert_eq!(domains.iter().collect::<BTreeSet<_>>().len(), domains.len());
        for one in &PROVIDERS {
            assert!(is_host(&one.imap().host) && is_host(&one.smtp().host), "{}", one.name);
        }
        assert_eq!(of(" Suap@PEC.it ").unwrap().imap().key(), "imaps.pec.aruba.it:993");
        assert!(of("a@legalmail.it").unwrap().has_user_id && !of("a@postecert.it").unwrap().has_user_id);
        for unknown in ["", "pec.it", "a@comune.pec.it", "a@pec.it.example", "a@", "@"] {
            assert_eq!(of(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn certified_addresses_are_told_by_their_domain() {
        for certified in
            ["a@pec.it", "a@PEC.comune.borgo.example", "a@cert.legalmail.it", "a@postacert.regione.example"]
        {
            assert!(is_certified(certified), "{certified}");
        }
        for other in ["a@comune.borgo.example", "pec@comune.borgo.example", "a@specpec.example", "pec", ""] {
            assert!(!is_certified(other), "{other}");
        }
        assert!(is_server("imaps.pec.aruba.it") && !is_server("imap.comune.example"));
    }

    #[test]
    fn envelopes_come_from_known_domains() {
        for known in ["pec.aruba.it", "Legalmail.IT", "telecompost.it", "postacert.it.net", "ig-trustmail.com"] {
            assert!(is_certifier(known), "{known}");
        }
        for other in ["", "aruba.it", "pec.aruba.it.evil.example", "xlegalmail.it", "comune.legalmail.it"] {
            assert!(!is_certifier(other), "{other}");
        }
    }

    fn filled(texts: &[(&str, &str)]) -> Vec<String> {
        let mut texts = texts.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
        fill(&mut texts);
        texts.into_iter().map(|(name, text)| format!("{name}={text}")).collect()
    }

    #[test]
    fn only_what_was_left_empty_is_filled_in() {
        let servers = [
            "imap_host=imaps.pec.aruba.it",
            "imap_port=993",
            "imap_security=tls",
            "smtp_host=smtps.pec.aruba.it",
            "smtp_port=465",
            "smtp_security=tls",
        ];
        let form = [("address", "a@pec.it"), ("imap_host", " "), ("imap_port", "143"), ("imap_security", "starttls")];
        assert_eq!(filled(&form)[1..], servers);
        let own = [("address", "a@pec.it"), ("smtp_host", "smtp.example.it"), ("smtp_port", "25")];
        assert_eq!(filled(&own)[3..], servers[..3]);
        for left in [[("address", "a@pec.it"), ("imap_host", "x.it")], [("address", "a@x.it"), ("imap_host", "")]] {
            assert_eq!(filled(&left).len(), 2);
        }
    }
}
