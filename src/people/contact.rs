//! In charge of whom people can turn to, as public pages say it: accessibility (Y08), privacy (D08), assistance.

use std::collections::BTreeMap;

use super::Refusal;
use crate::app::App;
use crate::audit;
use crate::input::{FieldError, Fields};
use crate::model::trace::{Act, Actor};
use crate::store;

/// The contacts there are, in the order of the form.
pub const NAMES: [&str; 6] = [
    "assistance_phone",
    "accessibility_contact",
    "accessibility_statement_url",
    "privacy_controller",
    "privacy_contact",
    "privacy_dpo",
];

/// Reads them from a form: all at once; what is empty is taken away.
pub fn read(mut fields: Fields) -> Result<BTreeMap<String, String>, Vec<FieldError>> {
    fields.only(&NAMES);
    let mut contacts = BTreeMap::new();
    for name in NAMES {
        let text = fields.text(name, 300).unwrap_or_default();
        if name.ends_with("_url") && !text.is_empty() && !text.starts_with("https://") {
            fields.refuse(name, "https");
        }
        contacts.insert(name.to_string(), text);
    }
    fields.finish(Some(contacts))
}

/// Writes them, with what each was and is (A07).
pub async fn put(app: &App, actor: &Actor, contacts: BTreeMap<String, String>) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    let old = store::contacts::all(&mut tx).await?;
    for (name, value) in contacts {
        let before = old.get(&name).map(String::as_str).unwrap_or_default();
        if before == value {
            continue;
        }
        store::contacts::put(&mut tx, &name, &value).await?;
        let said = |text: &str| if text.is_empty() { "-".to_string() } else { text.to_string() };
        let detail = format!("{} → {}", said(before), said(&value));
        audit::record(app, &mut tx, actor, Act::on("setting.changed", name).with(detail)).await?;
    }
    tx.commit().await?;
    Ok(())
}
