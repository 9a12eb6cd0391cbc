//! In charge of what people type about a mailbox: reading and checking it, all wrong fields at once. Connects to nobody.

use secrecy::SecretString;

use crate::account::{password, server};
use crate::config::Settings;
use crate::input::{FieldError, Fields};
use crate::model::mailbox::{Authorization, Card};
use crate::model::server::{Security, Server};

/// The fields that a mailbox's body may hold.
pub const FIELDS: [&str; 20] = [
    "address",
    "username",
    "password",
    "description",
    "group",
    "organization_id",
    "holder_tax_code",
    "authorization",
    "authorization.holder",
    "authorization.date",
    "imap",
    "imap.host",
    "imap.port",
    "imap.security",
    "smtp",
    "smtp.host",
    "smtp.port",
    "smtp.security",
    "activating",
    "suspended",
];

/// What is asked for of a new or a changed mailbox.
#[derive(Debug, Clone)]
pub struct Draft {
    pub card: Card,
    /// Goes in and never comes out.
    pub password: Option<SecretString>,
    /// No login may be tried until a password is put (H19).
    pub activating: bool,
    /// Stop or take up the watch; None leaves it as it is.
    pub suspended: Option<bool>,
}

impl Draft {
    /// Reads a body over what was there before, or as a new mailbox.
    pub fn read(mut fields: Fields, base: Option<&Card>, settings: &Settings) -> Result<Draft, Vec<FieldError>> {
        fields.only(&FIELDS);
        // A new mailbox is watched from the start or waits for its password; only one that is there can be suspended.
        let misplaced = if base.is_none() { "suspended" } else { "activating" };
        if fields.has(misplaced) {
            fields.refuse(misplaced, "unknown-field");
        }
        ["authorization", "imap", "smtp"].into_iter().for_each(|name| fields.object(name));
        let is_new = base.is_none();
        let activating = fields.flag("activating").unwrap_or(false);
        for field in ["address", "username", "authorization.holder", "authorization.date"] {
            // Nobody is watched without an authorisation: it can be written anew, not taken away (H24).
            let is_emptied = field.split_once('.').is_some_and(|(whole, _)| fields.is_null(whole));
            if is_new || is_emptied || fields.has(field) {
                fields.required_text(field, 254);
            }
        }
        let address = fields.email("address");
        if let Some(address) = &address {
            check_domain(&mut fields, address, settings);
        }
        let password = password(&mut fields, is_new && !activating);
        let imap = server(&mut fields, "imap", base.map(|base| &base.imap), 993, settings);
        if is_new && imap.is_none() {
            fields.refuse("imap.host", "required");
        }
        let smtp = match fields.has_any("smtp") {
            true => server(&mut fields, "smtp", base.and_then(|base| base.smtp.as_ref()), 465, settings),
            false => base.and_then(|base| base.smtp.clone()),
        };
        let kept = |fields: &mut Fields, field: &str, most: usize, old: Option<&String>| match fields.has(field) {
            true => fields.text(field, most),
            false => old.cloned(),
        };
        let old = |part: fn(&Card) -> Option<&String>| base.and_then(part);
        let card = Card {
            address: address.or(base.map(|base| base.address.clone())).unwrap_or_default(),
            username: fields.text("username", 254).or(base.map(|base| base.username.clone())).unwrap_or_default(),
            description: kept(&mut fields, "description", 200, old(|card| card.description.as_ref())),
            group: kept(&mut fields, "group", 100, old(|card| card.group.as_ref())),
            organization_id: match fields.has("organization_id") {
                true => fields.text("organization_id", 64).map(Into::into),
                false => base.and_then(|base| base.organization_id.clone()),
            },
            holder_tax_code: match fields.has("holder_tax_code") {
                true => fields.tax_code("holder_tax_code"),
                false => base.and_then(|base| base.holder_tax_code.clone()),
            },
            authorization: Authorization {
                holder: fields
                    .text("authorization.holder", 200)
                    .or(base.map(|base| base.authorization.holder.clone()))
                    .unwrap_or_default(),
                date: fields
                    .word("authorization.date", "date", day)
                    .or(base.map(|base| base.authorization.date.clone()))
                    .unwrap_or_default(),
            },
            imap: imap.or(base.map(|base| base.imap.clone())).unwrap_or(Server {
                host: String::new(),
                port: 993,
                security: Security::Tls,
            }),
            smtp,
        };
        let suspended = fields.flag("suspended");
        if let Some(base) = base
            && moves_secret(base, &card)
            && password.is_none()
        {
            fields.refuse("password", "required");
        }
        fields.finish(Some(Draft { card, password, activating, suspended }))
    }
}

/// Reads the one field of a new password.
pub fn read_password(mut fields: Fields) -> Result<SecretString, Vec<FieldError>> {
    fields.only(&["password"]);
    let password = password(&mut fields, true);
    fields.finish(password)
}

/// True when a change touches what the sealed password is bound to: then the password must be given again.
pub fn moves_secret(old: &Card, new: &Card) -> bool {
    old.username != new.username || old.imap != new.imap || old.smtp != new.smtp
}

fn check_domain(fields: &mut Fields, address: &str, settings: &Settings) {
    let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase()).unwrap_or_default();
    let admitted = &settings.admitted_domains;
    if !admitted.is_empty() && !admitted.iter().any(|one| one.eq_ignore_ascii_case(&domain)) {
        fields.refuse_about("address", "domain", admitted.join(", "));
    }
}

/// A day as `YYYY-MM-DD`.
fn day(text: &str) -> Option<String> {
    chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.format("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn whole() -> Value {
        json!({"address": "a@pec.example", "username": "a", "password": " à\"\\{ %€ ", "imap": {"host": "IMAPS.pec.example"},
               "authorization": {"holder": "Sindaco", "date": "2026-01-02"}})
    }

    fn told(body: Value, base: Option<&Card>, settings: &Settings) -> Vec<(String, &'static str)> {
        let draft = Draft::read(Fields::from_json(body).unwrap(), base, settings);
        draft.err().unwrap_or_default().into_iter().map(|one| (one.field, one.rule)).collect()
    }

    #[test]
    fn the_least_there_must_be() {
        use secrecy::ExposeSecret;
        let draft = Draft::read(Fields::from_json(whole()).unwrap(), None, &Settings::default()).unwrap();
        assert_eq!(draft.password.unwrap().expose_secret(), " à\"\\{ %€ ");
        assert_eq!(draft.card.imap, Server { host: "imaps.pec.example".into(), port: 993, security: Security::Tls });
        assert_eq!(
            told(json!({}), None, &Settings::default()),
            ["address", "username", "authorization.holder", "authorization.date", "password", "imap.host"]
                .map(|field| (field.to_string(), "required"))
        );
    }

    #[test]
    fn each_wrong_field_is_told() {
        let with = |field: &str, value: Value| {
            let mut body = whole();
            body[field] = value;
            told(body, None, &Settings::default())
        };
        assert_eq!(with("imap", json!({"host": "a b", "port": 0, "security": "ssl"})).len(), 3);
        assert_eq!(
            with("imap", json!({"host": "a", "security": "none"})),
            [("imap.security".into(), "plaintext-not-allowed")]
        );
        assert_eq!(with("password", json!("a\r\nb")), [("password".into(), "control-characters")]);
        assert_eq!(
            with("authorization", json!({"holder": "x", "date": "02/01/2026"})),
            [("authorization.date".into(), "date")]
        );
        assert_eq!(with("smtp", json!("smtp.pec.example")), [("smtp".into(), "not-an-object")]);
        assert_eq!(with("smtp", json!({"port": 465})), [("smtp.host".into(), "required")]);
        assert_eq!(with("colour", json!("red")), [("colour".into(), "unknown-field")]);
        assert_eq!(with("holder_tax_code", json!("12345670588")), [("holder_tax_code".into(), "tax-code-check")]);
        let settings = Settings { admitted_domains: vec!["pec.it".into()], ..Settings::default() };
        assert_eq!(told(whole(), None, &settings), [("address".into(), "domain")]);
    }

    #[test]
    fn a_change_of_what_the_password_is_bound_to_needs_the_password() {
        let base = Draft::read(Fields::from_json(whole()).unwrap(), None, &Settings::default()).unwrap().card;
        let check = |body: Value, expected: &[&str]| {
            let told: Vec<String> =
                told(body.clone(), Some(&base), &Settings::default()).into_iter().map(|(field, _)| field).collect();
            assert_eq!(told, expected, "{body}");
        };
        check(json!({"description": "x", "group": null}), &[]);
        check(json!({"imap": {"port": 1993}}), &["password"]);
        check(json!({"imap": {"port": 1993}, "password": "x"}), &[]);
        check(json!({"username": "b"}), &["password"]);
        check(json!({"smtp": {"host": "smtp.pec.example"}}), &["password"]);
        check(json!({"address": ""}), &["address"]);
    }
}
