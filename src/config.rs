//! In charge of the settings: `[default.sportello]` of Rocket.toml, each key overridable by `SPORTELLO_<KEY>`.
//! Does not know who uses them. The table of the contract (section 3) is the list.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use rocket::data::ByteUnit;
use rocket::figment::Figment;
use rocket::figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::model::person::Language;
use crate::model::server::Outgoing;

/// How log lines are written on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For a person at a terminal.
    Text,
    /// One JSON object a line, for a collector.
    Json,
}

/// Every setting, with the contract's names.
// No Debug: addresses of databases and of mail servers hold passwords.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `sqlite://path` or `postgres://…`.
    pub database_url: String,
    /// Attachments and whatever else lies outside the database.
    pub data_dir: PathBuf,
    /// 32 random bytes in base64, readable by their owner only.
    pub key_file: PathBuf,
    /// The address people use; in every link that leaves the program.
    pub base_url: String,
    /// An IANA name; what people read is in this zone.
    pub time_zone: chrono_tz::Tz,
    /// The language of those who have not chosen one.
    pub locale: String,
    /// Only these may say for whom they speak (X-Forwarded-For, -Proto).
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Outgoing notifications; without it none is sent.
    pub smtp_url: Option<String>,
    pub mail_from: Option<String>,
    /// Presided mailboxes included, and in each expansion block.
    pub included_mailboxes: u32,
    pub block_size: u32,
    /// When mailboxes are visited: cron with seconds, in `time_zone`.
    pub refresh_schedule: String,
    /// Visits at once on this node.
    pub refresh_concurrency: usize,
    /// Visits at once to one host:port over all nodes; 0 is no cap.
    pub connections_per_server: i64,
    /// For the whole answer to one command; a visit has three times that.
    #[serde(with = "humantime_serde")]
    pub imap_timeout: Duration,
    /// A session ends after so long without its person doing anything.
    #[serde(with = "humantime_serde")]
    pub session_idle: Duration,
    /// A session ends after so long whatever its person does.
    #[serde(with = "humantime_serde")]
    pub session_max: Duration,
    /// One request.
    pub max_upload: ByteUnit,
    /// PEM of further trusted authorities, beside the built-in roots.
    pub ca_file: Option<PathBuf>,
    /// Beyond the contract's table: PEM of the authorities that say who a provider of certified mail is, in place of the built-in one.
    pub pec_trust_anchors: Option<PathBuf>,
    /// Mail servers on loopback or private addresses are refused without it.
    pub allow_private_hosts: bool,
    /// `security: none` is refused without it.
    pub allow_plaintext_imap: bool,
    /// When set, only mailboxes of these domains can be watched.
    pub admitted_domains: Vec<String>,
    /// Beyond the contract's table: news about a request waits so long for more of it, so that a burst is one mail (N06).
    #[serde(with = "humantime_serde")]
    pub notice_wait: Duration,
    /// Beyond the contract's table: a mail to the desk that is larger is not taken in, certified mail apart (E12).
    pub intake_max_size: ByteUnit,
    /// Beyond the contract's table: how log lines are written.
    pub log_format: LogFormat,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            database_url: "sqlite://data/sportello.db".into(),
            data_dir: "data".into(),
            key_file: "data/master.key".into(),
            base_url: "http://127.0.0.1:8000".into(),
            time_zone: chrono_tz::Europe::Rome,
            locale: "it".into(),
            trusted_proxies: Vec::new(),
            smtp_url: None,
            mail_from: None,
            included_mailboxes: 50,
            block_size: 20,
            refresh_schedule: "0 */5 * * * *".into(),
            refresh_concurrency: 32,
            connections_per_server: 8,
            imap_timeout: Duration::from_secs(20),
            session_idle: Duration::from_secs(30 * 60),
            session_max: Duration::from_secs(12 * 3600),
            max_upload: ByteUnit::Mebibyte(110),
            ca_file: None,
            pec_trust_anchors: None,
            allow_private_hosts: false,
            allow_plaintext_imap: false,
            admitted_domains: Vec::new(),
            notice_wait: Duration::from_secs(20),
            intake_max_size: ByteUnit::Megabyte(35),
            log_format: LogFormat::Text,
        }
    }
}

/// Variables of the demo and of the tests, which are not settings.
const NOT_SETTINGS: [&str; 2] = ["SPORTELLO_DEMO_", "SPORTELLO_TEST_"];

impl Settings {
    /// Reads Rocket.toml and the environment. The error names the key that is unknown or wrong.
    pub fn load() -> anyhow::Result<Settings> {
        let file = Figment::from(Toml::file(Env::var_or("ROCKET_CONFIG", "Rocket.toml")).nested());
        let texts =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Settings::from_sources(file, texts.collect())
    }

    /// The same from given sources: a figment that holds a `sportello` table, and an environment.
    pub fn from_sources(file: Figment, environment: Vec<(String, String)>) -> anyhow::Result<Settings> {
        let mut figment = Figment::from(Serialized::defaults(Settings::default()));
        match file.find_value("sportello") {
            Ok(table) => figment = figment.merge(Serialized::defaults(table)),
            Err(fault) if fault.missing() => {}
            Err(fault) => bail!("Rocket.toml cannot be read: {fault}"),
        }
        let known = rocket::figment::value::Value::serialize(Settings::default())?;
        for (name, value) in environment {
            let Some(key) =
                name.strip_prefix("SPORTELLO_").filter(|_| !NOT_SETTINGS.iter().any(|p| name.starts_with(p)))
            else {
                continue;
            };
            let key = key.to_ascii_lowercase();
            if value.is_empty() {
                continue;
            }
            if known.as_dict().is_none_or(|keys| !keys.contains_key(&key)) {
                bail!("the environment variable {name} is not a setting of Sportello");
            }
            figment = figment.merge(Serialized::default(&key, typed(&key, &value)));
        }
        let settings: Settings = figment.extract().map_err(|fault| {
            let fault = fault.into_iter().next().map(|one| (one.path.join("."), one.kind.to_string()));
            let (path, words) = fault.unwrap_or_default();
            anyhow::anyhow!("the setting `{path}` is not valid: {words}")
        })?;
        settings.check()?;
        Ok(settings)
    }

    /// True when people reach the program over https.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// True when `base_url` names another port of this machine than the one listened on. With https a proxy stands between.
    pub fn is_elsewhere(&self, port: u16) -> bool {
        let uri = rocket::http::uri::Absolute::parse(&self.base_url).ok();
        let named = uri.and_then(|uri| uri.authority().map(|authority| authority.port().unwrap_or(80)));
        !self.is_https() && named.is_some_and(|named| named != port)
    }

    /// The host of `base_url`, as the domain of addresses of ours; an address in numbers is no domain.
    pub fn host(&self) -> &str {
        let rest = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
        if host.contains(char::is_alphabetic) { host } else { "localhost" }
    }

    /// The language of those who have not chosen one.
    pub fn language(&self) -> Language {
        Language::parse(&self.locale).unwrap_or_default()
    }

    fn check(&self) -> anyhow::Result<()> {
        let uri = rocket::http::uri::Absolute::parse(&self.base_url)
            .map_err(|_| anyhow::anyhow!("the setting `base_url` is not an address: {}", self.base_url))?;
        let host = uri.authority().map(|authority| authority.host()).unwrap_or_default();
        match &*uri.scheme().to_string() {
            "https" => {}
            "http" if matches!(host, "localhost" | "127.0.0.1" | "[::1]") => {}
            "http" => bail!("the setting `base_url` must begin with https:// (plain http is only for loopback)"),
            other => bail!("the setting `base_url` must begin with https://, not {other}://"),
        }
        if Language::parse(&self.locale).is_none() {
            bail!("the setting `locale` must be one of: it, en");
        }
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| self.database_url.starts_with(scheme)) {
            bail!("the setting `database_url` must begin with sqlite:// or postgres://");
        }
        if self.smtp_url.as_deref().is_some_and(|url| Outgoing::parse(url).is_none()) {
            // Without the address: it may hold a password.
            bail!(
                "the setting `smtp_url` must be smtp://host:port?tls=required|opportunistic|none or smtps://host:port"
            );
        }
        if self.mail_from.as_deref().is_some_and(|from| from.parse::<lettre::message::Mailbox>().is_err()) {
            bail!(
                "the setting `mail_from` must be an address, with a name or without: Sportello <sportello@example.org>"
            );
        }
        if self.refresh_concurrency == 0 {
            bail!("the setting `refresh_concurrency` must be at least 1");
        }
        if self.block_size == 0 {
            bail!("the setting `block_size` must be at least 1");
        }
        if self.connections_per_server < 0 {
            bail!("the setting `connections_per_server` must not be negative");
        }
        for (key, wait) in [
            ("imap_timeout", self.imap_timeout),
            ("session_idle", self.session_idle),
            ("session_max", self.session_max),
        ] {
            if wait.is_zero() {
                bail!("the setting `{key}` must be longer than nothing");
            }
        }
        crate::schedule::parse(&self.refresh_schedule).context("the setting `refresh_schedule` is not valid")?;
        Ok(())
    }
}

/// A variable's text as the kind of value that its key has: lists `a,b` or `["a","b"]`, numbers and flags; else text.
fn typed(key: &str, text: &str) -> rocket::figment::value::Value {
    use rocket::figment::value::Value;
    match key {
        "trusted_proxies" | "admitted_domains" if !text.trim_start().starts_with('[') => {
            text.split(',').map(str::trim).filter(|one| !one.is_empty()).collect::<Vec<_>>().into()
        }
        "trusted_proxies"
        | "admitted_domains"
        | "included_mailboxes"
        | "block_size"
        | "refresh_concurrency"
        | "connections_per_server"
        | "allow_private_hosts"
        | "allow_plaintext_imap" => text.parse::<Value>().unwrap_or_else(|_| Value::from(text)),
        _ => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str, environment: &[(&str, &str)]) -> anyhow::Result<Settings> {
        let environment = environment.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        Settings::from_sources(Figment::from(Toml::string(toml).nested()), environment)
    }

    #[test]
    fn an_address_of_another_port_of_this_machine_is_noticed() {
        let is_elsewhere =
            |base_url: &str, port| Settings { base_url: base_url.into(), ..Settings::default() }.is_elsewhere(port);
        assert!(is_elsewhere("http://127.0.0.1:8000", 8010) && is_elsewhere("http://localhost", 8000));
        assert!(!is_elsewhere("http://127.0.0.1:8010/", 8010) && !is_elsewhere("http://localhost", 80));
        assert!(!is_elsewhere("https://sportello.example", 8000), "a proxy stands between");
    }

    #[test]
    fn the_defaults_are_the_contracts() {
        let settings = load("", &[]).unwrap();
        assert_eq!(settings.database_url, "sqlite://data/sportello.db");
        assert_eq!((settings.included_mailboxes, settings.block_size, settings.refresh_concurrency), (50, 20, 32));
        assert_eq!((settings.connections_per_server, settings.imap_timeout), (8, Duration::from_secs(20)));
    }

    #[test]
    fn the_environment_wins_over_the_file_and_an_empty_value_means_not_set() {
        let file = "[default.sportello]\nimap_timeout = \"5s\"\nadmitted_domains = [\"pec.it\"]\n";
        let settings = load(
            file,
            &[
                ("SPORTELLO_IMAP_TIMEOUT", "7s"),
                ("SPORTELLO_DATABASE_URL", ""),
                ("SPORTELLO_TRUSTED_PROXIES", "127.0.0.1, ::1"),
                ("SPORTELLO_ALLOW_PRIVATE_HOSTS", "true"),
                ("SPORTELLO_MAX_UPLOAD", "1MiB"),
                ("SPORTELLO_DEMO_PORT", "9"),
            ],
        )
        .unwrap();
        assert_eq!(settings.imap_timeout, Duration::from_secs(7));
        assert_eq!(settings.database_url, "sqlite://data/sportello.db");
        assert_eq!(settings.trusted_proxies.len(), 2);
        assert!(settings.allow_private_hosts);
        assert_eq!(settings.admitted_domains, ["pec.it"]);
        assert_eq!(settings.max_upload, ByteUnit::Mebibyte(1));
    }

    #[test]
    fn an_unknown_or_wrong_setting_is_named() {
        let check = |toml: &str, environment: &[(&str, &str)], named: &str| {
            let words = format!("{:#}", load(toml, environment).err().unwrap());
            assert!(words.contains(named), "{words:?} should name {named:?}");
        };
        check("[default.sportello]\nimap_timeut = \"5s\"", &[], "imap_timeut");
        check("", &[("SPORTELLO_IMAP_TIMEUT", "5s")], "SPORTELLO_IMAP_TIMEUT");
        check("", &[("SPORTELLO_IMAP_TIMEOUT", "soon")], "imap_timeout");
        check("", &[("SPORTELLO_IMAP_TIMEOUT", "0s")], "imap_timeout");
        check("", &[("SPORTELLO_REFRESH_SCHEDULE", "often")], "refresh_schedule");
        check("", &[("SPORTELLO_REFRESH_CONCURRENCY", "0")], "refresh_concurrency");
        check("", &[("SPORTELLO_BLOCK_SIZE", "0")], "block_size");
        check("", &[("SPORTELLO_INCLUDED_MAILBOXES", "-1")], "included_mailboxes");
        check("", &[("SPORTELLO_BASE_URL", "http://pec.example.org")], "base_url");
        check("", &[("SPORTELLO_BASE_URL", "ftp://127.0.0.1")], "base_url");
        check("", &[("SPORTELLO_SMTP_URL", "smtp://user:secret@")], "smtp_url");
        check("", &[("SPORTELLO_MAIL_FROM", "nobody")], "mail_from");
        check("", &[("SPORTELLO_LOCALE", "fr")], "locale");
        check("", &[("SPORTELLO_TIME_ZONE", "Europe/Atlantis")], "time_zone");
        check("", &[("SPORTELLO_DATABASE_URL", "mysql://x")], "database_url");
        check("", &[("SPORTELLO_ALLOW_PRIVATE_HOSTS", "perhaps")], "allow_private_hosts");
    }
}
