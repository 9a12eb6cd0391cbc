//! In charge of the views that people save (H35): a name for an address of a page. Does not know what the pages show.

use super::{Refusal, taken};
use crate::app::App;
use crate::audit;
use crate::input::{FieldError, Fields};
use crate::model::id::ViewId;
use crate::model::person::Person;
use crate::model::trace::{Act, Actor};
use crate::model::view::{View, ViewPage};
use crate::store;

/// The fields that a body may hold.
pub const FIELDS: [&str; 4] = ["page", "name", "query", "shared"];

/// The words that the address of each page knows; a view keeps no others.
const MAILBOX_WORDS: [&str; 8] = ["q", "stato", "gruppo", "ente", "nuovi", "non_letti", "poco_spazio", "ordina"];

/// Reads a view over what it was before, or as a new one of this person.
pub fn read(mut fields: Fields, owner: &Person, base: Option<&View>) -> Result<View, Vec<FieldError>> {
    fields.only(&FIELDS);
    for (field, most) in [("page", 20), ("name", 60)] {
        if base.is_none() || fields.has(field) {
            fields.required_text(field, most);
        }
    }
    let page = fields.word("page", "word", ViewPage::parse).or(base.map(|base| base.page));
    if base.is_some_and(|base| Some(base.page) != page) {
        fields.refuse("page", "word");
    }
    let page = page.unwrap_or(ViewPage::Mailboxes);
    let name = fields.text("name", 60).or(base.map(|base| base.name.clone())).unwrap_or_default();
    let query = match fields.has("query") {
        true => fields.text("query", 2000).unwrap_or_default(),
        false => base.map(|base| base.query.clone()).unwrap_or_default(),
    };
    let query = query.trim_start_matches('?');
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    if page == ViewPage::Mailboxes && pairs.iter().any(|(word, _)| !MAILBOX_WORDS.contains(&word.as_str())) {
        fields.refuse("query", "word");
    }
    let shared = fields.flag("shared").unwrap_or(base.is_some_and(|base| base.shared));
    let view = View {
        id: base.map_or_else(ViewId::new, |base| base.id.clone()),
        owner_id: owner.id.clone(),
        page,
        name,
        query: form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish(),
        shared,
    };
    fields.finish(Some(view))
}

/// Saves a new view.
pub async fn create(app: &App, actor: &Actor, view: View) -> Result<View, Refusal> {
    let mut tx = app.db.begin().await?;
    store::views::insert(&mut tx, &view, app.clock.now()).await.map_err(|fault| taken(fault, "name"))?;
    audit::record(app, &mut tx, actor, Act::on("view.created", &view.name).with(said(&view))).await?;
    tx.commit().await?;
    Ok(view)
}

/// Changes a view.
pub async fn change(app: &App, actor: &Actor, old: &View, view: View) -> Result<View, Refusal> {
    let mut tx = app.db.begin().await?;
    store::views::update(&mut tx, &view).await.map_err(|fault| taken(fault, "name"))?;
    let detail = format!("{} → {}", said(old), said(&view));
    audit::record(app, &mut tx, actor, Act::on("view.changed", &view.name).with(detail)).await?;
    tx.commit().await?;
    Ok(view)
}

/// Removes a view.
pub async fn remove(app: &App, actor: &Actor, view: &View) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    store::views::delete(&mut tx, &view.id).await?;
    audit::record(app, &mut tx, actor, Act::on("view.removed", &view.name).with(said(view))).await?;
    tx.commit().await?;
    Ok(())
}

fn said(view: &View) -> String {
    format!("{}?{}{}", view.page.as_str(), view.query, if view.shared { ", shared" } else { "" })
}
