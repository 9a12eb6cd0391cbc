//! In charge of what is promised of fields: read, checked all at once, refused in words.

use super::*;
use serde_json::json;

#[test]
fn every_wrong_field_is_told_at_once() {
    let mut fields = Fields::from_json(json!({
        "address": "nobody", "imap": {"host": "a b", "port": 70000, "odd": 1}, "areas": "pec", "active": "perhaps", "name": 5
    }))
    .unwrap();
    fields.only(&["address", "imap.host", "imap.port", "areas", "active", "name", "username"]);
    fields.email("address");
    fields.word("imap.host", "host", |text| is_host(text).then_some(()));
    fields.number("imap.port", 1, 65535);
    fields.flag("active");
    fields.required_text("name", 100);
    fields.required_text("username", 100);
    let wrong = fields.finish::<()>(None).unwrap_err();
    let told: Vec<(&str, &str)> = wrong.iter().map(|one| (one.field.as_str(), one.rule)).collect();
    assert_eq!(
        told,
        [
            ("imap.odd", "unknown-field"),
            ("address", "email"),
            ("imap.host", "host"),
            ("imap.port", "not-a-number"),
            ("active", "not-boolean"),
            ("name", "not-text"),
            ("username", "required"),
        ]
    );
}

#[test]
fn addresses_are_told_from_nonsense() {
    for good in ["protocollo@pec.comune.example", "a+b@x-y.it", "o'neil@pec.it"] {
        assert!(is_email(good), "{good}");
    }
    for bad in [
        "",
        "@",
        "a@",
        "@b.it",
        "a b@c.it",
        "a@b",
        "a@b..it",
        ".a@b.it",
        "a@-b.it",
        "a\n@b.it",
        "à@b.it",
        "a@[1.2.3.4]",
    ] {
        assert!(!is_email(bad), "{bad}");
    }
    for good in ["imaps.pec.aruba.it", "localhost", "127.0.0.1", "::1"] {
        assert!(is_host(good), "{good}");
    }
    for bad in ["", "a b", "a_b.it", "a..b", "-a.it", "http://x", "a:993"] {
        assert!(!is_host(bad), "{bad}");
    }
}
