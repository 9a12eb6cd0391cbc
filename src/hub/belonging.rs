//! In charge of the body that a mailbox belongs to: which it is, where what was typed names it by a code (the body's own, or
//! the holder's tax code, H12), and that the watch stops while the body is not active. Does not know who may do what: doors say
//! how far their person reaches.

use super::mailbox::record_status;
use super::status;
use crate::app::App;
use crate::input::Fields;
use crate::model::mailbox::Status;
use crate::model::organization::Organization;
use crate::model::trace::Actor;
use crate::people::Refusal;
use crate::people::organization::{self, Draft};
use crate::people::rights::Reach;
use crate::store::{self, Tx};
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

/// Changes a body. Deactivated, its mailboxes are suspended; active again, those that were suspended with it are watched
/// again, and those that a person had suspended are not. Its people are held back by `people::session` and `people::token`.
pub async fn change_organization(
    app: &App,
    actor: &Actor,
    old: &Organization,
    draft: Draft,
) -> Result<Organization, Refusal> {
    let mut tx = app.db.begin().await?;
    let changed = organization::change(app, &mut tx, actor, old, draft).await?;
    if changed.active != old.active {
        follow(app, &mut tx, actor, &changed).await?;
    }
    tx.commit().await?;
    app.look_again();
    Ok(changed)
}

async fn follow(app: &App, tx: &mut Tx, actor: &Actor, body: &Organization) -> store::Result<()> {
    let now = app.clock.now();
    // Visits on their way are written against the mailbox as it then is; who waits in line is not claimed while suspended.
    let ids = store::mailboxes::of_organization(tx, &body.id, body.active).await?;
    for mailbox in store::mailboxes::lock_all(tx, &ids).await? {
        let facts = match body.active {
            false if mailbox.facts.status == Status::Suspended => continue,
            false => status::suspended(&mailbox.facts, now),
            true => status::resumed(&mailbox.facts, now),
        };
        store::mailboxes::set_facts(tx, &mailbox.id, &facts).await?;
        store::mailboxes::set_suspended_with_organization(tx, &mailbox.id, !body.active).await?;
        record_status(app, tx, actor, &mailbox.card.address, &mailbox.facts, &facts).await?;
    }
    Ok(())
}
