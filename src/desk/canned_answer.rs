//! In charge of answers that the desk has ready (O07): a title, a text with fields that the ticket fills.

use super::ticket::MOST_TEXT;
use crate::app::App;
use crate::audit;
use crate::input::{FieldError, Fields};
use crate::model::id::CannedAnswerId;
use crate::model::organization::Area;
use crate::model::ticket::CannedAnswer;
use crate::model::trace::{Act, Actor};
use crate::people::{Refusal, taken};
use crate::store;

/// The fields that a text may have, in double braces.
pub const PLACES: [&str; 5] = ["numero", "oggetto", "richiedente", "ente", "casella"];

/// Reads a body over what was there before, or as a new one.
pub fn read(mut fields: Fields, base: Option<&CannedAnswer>) -> Result<CannedAnswer, Vec<FieldError>> {
    fields.only(&["title", "body", "area"]);
    if base.is_none() || fields.has("title") {
        fields.required_text("title", 100);
    }
    if base.is_none() || fields.has("body") {
        fields.required_prose("body", MOST_TEXT);
    }
    let title = fields.text("title", 100).or(base.map(|base| base.title.clone()));
    let body = fields.prose("body", MOST_TEXT).or(base.map(|base| base.body.clone()));
    let area = match fields.has("area") {
        true => fields.word("area", "area", Area::parse),
        false => base.and_then(|base| base.area),
    };
    let id = base.map_or_else(CannedAnswerId::new, |base| base.id.clone());
    fields.finish(title.zip(body).map(|(title, body)| CannedAnswer { id, title, body, area }))
}

/// Makes one.
pub async fn create(app: &App, actor: &Actor, one: CannedAnswer) -> Result<CannedAnswer, Refusal> {
    let mut tx = app.db.begin().await?;
    store::canned_answers::insert(&mut tx, &one, app.clock.now()).await.map_err(|fault| taken(fault, "title"))?;
    audit::record(app, &mut tx, actor, Act::on("canned-answer.created", &one.title)).await?;
    tx.commit().await?;
    Ok(one)
}

/// Changes one, which the caller has seen so: what somebody else has changed meanwhile is not written over.
pub async fn change(app: &App, actor: &Actor, old: &CannedAnswer, one: CannedAnswer) -> Result<CannedAnswer, Refusal> {
    let mut tx = app.db.begin().await?;
    if store::canned_answers::lock(&mut tx, &old.id).await?.as_ref() != Some(old) {
        return Err(Refusal::Conflict("conflict-changed-thing"));
    }
    store::canned_answers::update(&mut tx, &one).await.map_err(|fault| taken(fault, "title"))?;
    audit::record(app, &mut tx, actor, Act::on("canned-answer.changed", &one.title).with(old.title.clone())).await?;
    tx.commit().await?;
    Ok(one)
}

/// Removes one.
pub async fn remove(app: &App, actor: &Actor, one: &CannedAnswer) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    store::canned_answers::delete(&mut tx, &one.id).await?;
    audit::record(app, &mut tx, actor, Act::on("canned-answer.removed", &one.title)).await?;
    Ok(tx.commit().await?)
}

/// A text with its fields filled; one that has no value here stays as it is, so that nobody sends a hole.
pub fn filled(body: &str, value: impl Fn(&str) -> Option<String>) -> String {
    PLACES.iter().fold(body.to_string(), |text, place| match value(place) {
        Some(value) => text.replace(&format!("{{{{{place}}}}}"), &value),
        None => text,
    })
}

/// A place that nobody has filled, as it stands in the text.
pub(super) fn unfilled(text: &str) -> Option<String> {
    PLACES.iter().map(|place| format!("{{{{{place}}}}}")).find(|place| text.contains(place.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_filled_and_what_is_missing_stays_to_be_seen() {
        let value = |place: &str| (place == "numero").then(|| "TK-2026-000001".to_string());
        assert_eq!(filled("Per {{numero}}: {{casella}} {{altro}}", value), "Per TK-2026-000001: {{casella}} {{altro}}");
    }
}
