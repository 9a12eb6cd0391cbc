//! In charge of the body that a mailbox belongs to, where what was typed names it by a code: the body's own, or the holder's
//! tax code (H12). Does not know who may do what: doors say how far their person reaches.

use crate::app::App;
use crate::input::Fields;
use crate::model::organization::Organization;
use crate::people::rights::Reach;
use crate::store;
use crate::tax_code;

/// Puts the body that has the holder's tax code, when a new mailbox is said to belong to none. Rights follow the body, so it
/// is done only when exactly one body has that code, is active, and lies within reach of whoever adds the mailbox.
pub async fn by_holder(app: &App, reach: &Reach, fields: &mut Fields) -> store::Result<Option<Organization>> {
    if fields.has("organization_id") {
        return Ok(None);
    }
    let typed = fields.verbatim("holder_tax_code").unwrap_or_default();
    let Ok(code) = tax_code::read(&typed) else { return Ok(None) };
    let mut found = store::organizations::find_by_tax_code(&mut *app.db.read().await?, &code).await?;
    let only = found.pop().filter(|one| found.is_empty() && one.active && reach.covers(Some(&one.id)));
    if let Some(one) = &only {
        fields.put("organization_id", one.id.as_str());
    }
    Ok(only)
}

/// Puts the body of `organization_code`, the field of files by which people know bodies.
pub async fn by_code(app: &App, reach: &Reach, fields: &mut Fields) -> store::Result<()> {
    let Some(code) = fields.text("organization_code", 50) else { return Ok(()) };
    let found = store::organizations::find_by_code(&mut *app.db.read().await?, &code).await?;
    match found.filter(|one| reach.covers(Some(&one.id))) {
        Some(one) => fields.put("organization_id", one.id.as_str()),
        None => fields.refuse("organization_code", "not-found"),
    }
    fields.forget("organization_code");
    Ok(())
}
