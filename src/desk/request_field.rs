//! In charge of fields that the form of an area asks for (K17), as the regional administrator has set them, and of checking what is
//! answered there, by whatever door. Does not know pages.

use chrono::{Datelike, NaiveDate};

use crate::app::App;
use crate::audit;
use crate::input::{FieldError, Fields};
use crate::model::id::RequestFieldId;
use crate::model::organization::Area;
use crate::model::person::Language;
use crate::model::request_field::{FieldAnswer, FieldKind, RequestField};
use crate::model::trace::{Act, Actor};
use crate::people::{Refusal, taken};
use crate::store;

/// The fields of the form of a field.
pub const FIELDS: [&str; 9] =
    ["label", "label_en", "area", "kind", "options", "required", "help", "position", "active"];

/// The last place in the order.
pub const LAST: i64 = 999;

/// The most fields that all forms have together: a form that is too long is not filled in.
pub const MOST: usize = 40;
const MOST_OPTIONS: usize = 30;

/// The longest answers, in characters.
const MOST_LINE: usize = 200;
const MOST_PROSE: usize = 5_000;

/// Reads a field over what was there before, or as a new one. What may be chosen stands a line each.
pub fn read(mut fields: Fields, base: Option<&RequestField>) -> Result<RequestField, Vec<FieldError>> {
    fields.only(&FIELDS);
    let label = fields.required_text("label", 100);
    let label_en = fields.text("label_en", 100);
    fields.required_text("area", 20);
    let area = fields.word("area", "area", Area::parse);
    fields.required_text("kind", 20);
    let kind = fields.word("kind", "word", FieldKind::parse);
    let mut options: Vec<String> = Vec::new();
    for line in fields.prose("options", 4_000).unwrap_or_default().lines().map(str::trim) {
        if !line.is_empty() && !options.iter().any(|known| known == line) {
            options.push(line.into());
        }
    }
    if options.len() > MOST_OPTIONS || options.iter().any(|one| one.chars().count() > 100) {
        fields.refuse("options", "options");
    }
    match kind {
        Some(FieldKind::Choice) if options.len() < 2 => fields.refuse("options", "options-few"),
        Some(FieldKind::Choice) | None => {}
        Some(_) => options.clear(),
    }
    let required = fields.flag("required").unwrap_or(false);
    let help = fields.text("help", 300);
    fields.required_text("position", 10);
    let position = fields.number("position", 1, LAST).unwrap_or(LAST);
    let active = fields.flag("active").unwrap_or(false);
    let id = base.map_or_else(RequestFieldId::new, |base| base.id.clone());
    let read = label.zip(area).zip(kind).map(|((label, area), kind)| RequestField {
        id,
        area,
        label,
        label_en,
        kind,
        options,
        required,
        help,
        position,
        active,
    });
    fields.finish(read)
}

/// Makes a field.
pub async fn create(app: &App, actor: &Actor, field: RequestField) -> Result<RequestField, Refusal> {
    let mut tx = app.db.begin().await?;
    if store::request_fields::all(&mut tx).await?.len() >= MOST {
        return Err(Refusal::field("label", "too-many-fields"));
    }
    write(app, &mut tx, &field).await?;
    let act = Act::on("request-field.created", &field.label).with(differences(None, &field));
    audit::record(app, &mut tx, actor, act).await?;
    tx.commit().await?;
    Ok(field)
}

/// Changes a field, which the caller has seen so: what somebody else has changed meanwhile is not written over. What was answered
/// before stays as it is.
pub async fn change(
    app: &App,
    actor: &Actor,
    old: &RequestField,
    field: RequestField,
) -> Result<RequestField, Refusal> {
    let mut tx = app.db.begin().await?;
    if store::request_fields::lock(&mut tx, &old.id).await?.as_ref() != Some(old) {
        return Err(Refusal::Conflict("conflict-changed-thing"));
    }
    write(app, &mut tx, &field).await?;
    let act = Act::on("request-field.changed", &field.label).with(differences(Some(old), &field));
    audit::record(app, &mut tx, actor, act).await?;
    tx.commit().await?;
    Ok(field)
}

async fn write(app: &App, tx: &mut store::Tx, field: &RequestField) -> Result<(), Refusal> {
    store::request_fields::put(tx, field, app.clock.now()).await.map_err(|fault| taken(fault, "label"))
}

/// Removes a field: it is asked no longer, and what was answered stays.
pub async fn remove(app: &App, actor: &Actor, field: &RequestField) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    store::request_fields::delete(&mut tx, &field.id).await?;
    let act = Act::on("request-field.removed", &field.label).with(differences(None, field));
    audit::record(app, &mut tx, actor, act).await?;
    Ok(tx.commit().await?)
}

/// What a field says, in so many letters: two that say the same have the same.
pub fn fingerprint(field: &RequestField) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(&Sha256::digest(differences(None, field))[..8])
}

/// What of a field has changed, in the words of the trace.
fn differences(old: Option<&RequestField>, new: &RequestField) -> String {
    let of = |one: Option<&RequestField>| match one {
        None => Vec::new(),
        Some(one) => vec![
            ("label", one.label.clone()),
            ("label_en", one.label_en.clone().unwrap_or_default()),
            ("area", one.area.as_str().to_string()),
            ("kind", one.kind.as_str().to_string()),
            ("options", one.options.join(", ")),
            ("required", one.required.to_string()),
            ("help", one.help.clone().unwrap_or_default()),
            ("position", one.position.to_string()),
            ("active", one.active.to_string()),
        ],
    };
    let (before, after) = (of(old), of(Some(new)));
    let before = before.into_iter().map(|(_, said)| said).chain(std::iter::repeat(String::new()));
    audit::differences(after.into_iter().zip(before).map(|((what, new), old)| (what, old, new)).collect())
}

/// Under which name an answer comes, in the words of the API.
pub fn name(id: &RequestFieldId) -> String {
    format!("fields.{id}")
}

/// The names under which answers may come for an area; for all of them while none is said.
pub(super) fn names(asked: &[RequestField], area: Option<Area>) -> Vec<String> {
    asked.iter().filter(|one| area.is_none_or(|area| one.area == area)).map(|one| name(&one.id)).collect()
}

/// Reads what is answered to the fields of an area, all of them at once; what belongs to another is not looked at. `must` is false
/// where somebody writes down what another said: it cannot know everything. What is missing is named in `language`.
pub(super) fn answers(
    fields: &mut Fields,
    asked: &[RequestField],
    area: Option<Area>,
    must: bool,
    language: Language,
) -> Vec<FieldAnswer> {
    let of_area = asked.iter().filter(|one| Some(one.area) == area);
    of_area.filter_map(|one| answer(fields, one, must, language)).collect()
}

fn answer(fields: &mut Fields, asked: &RequestField, must: bool, language: Language) -> Option<FieldAnswer> {
    let name = name(&asked.id);
    let value = match asked.kind {
        FieldKind::Text => fields.text(&name, MOST_LINE),
        FieldKind::LongText => fields.prose(&name, MOST_PROSE),
        FieldKind::Choice => fields.word(&name, "word", |word| asked.options.iter().find(|one| *one == word).cloned()),
        FieldKind::Date => fields.word(&name, "day", |text| day(text).map(|day| day.to_string())),
        FieldKind::YesNo => fields.flag(&name).map(|flag| flag.to_string()),
    };
    if value.is_none() && must && asked.required {
        fields.refuse_about(&name, "answer-required", asked.label_in(language).into());
    }
    value.map(|value| FieldAnswer {
        id: asked.id.to_string(),
        label: asked.label.clone(),
        label_en: asked.label_en.clone(),
        kind: asked.kind,
        value,
    })
}

/// A day that somebody may mean.
fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| (1900..2100).contains(&day.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(id: &str, area: Area, kind: FieldKind, required: bool) -> RequestField {
        RequestField {
            id: id.into(),
            area,
            label: format!("Campo {id}"),
            label_en: None,
            kind,
            options: vec!["Uno".into(), "Due".into()],
            required,
            help: None,
            position: 10,
            active: true,
        }
    }

    fn asked() -> [RequestField; 6] {
        [
            field("serial", Area::Pki, FieldKind::Text, true),
            field("story", Area::Pki, FieldKind::LongText, false),
            field("which", Area::Pki, FieldKind::Choice, true),
            field("since", Area::Pki, FieldKind::Date, true),
            field("works", Area::Pki, FieldKind::YesNo, true),
            field("box", Area::Pec, FieldKind::Text, true),
        ]
    }

    /// What is answered, and which fields are wrong by which rule.
    fn read(area: Option<Area>, must: bool, typed: &[(&str, &str)]) -> (Vec<String>, Vec<(String, &'static str)>) {
        let typed = typed.iter().map(|(id, text)| (format!("fields.{id}"), text.to_string()));
        let mut fields = Fields::from_texts(typed);
        let told = answers(&mut fields, &asked(), area, must, Language::It);
        let wrong = fields.finish(Some(())).err().unwrap_or_default();
        let wrong = wrong.into_iter().map(|one| (one.field, one.rule)).collect();
        (told.into_iter().map(|one| format!("{}={}", one.id, one.value)).collect(), wrong)
    }

    #[test]
    fn what_an_area_asks_is_asked_of_that_area_alone() {
        let required = |ids: &[&str]| ids.iter().map(|id| (format!("fields.{id}"), "answer-required")).collect();
        assert_eq!(read(None, true, &[]), (vec![], vec![]), "no area is chosen yet");
        assert_eq!(read(Some(Area::Pec), true, &[]).1, required(&["box"]));
        let all: Vec<(String, &str)> = required(&["serial", "which", "since", "works"]);
        assert_eq!(read(Some(Area::Pki), true, &[("box", "a@pec.example")]), (vec![], all));
        assert_eq!(read(Some(Area::Pki), false, &[]), (vec![], vec![]), "who writes down what another said");
    }

    #[test]
    fn every_wrong_answer_is_told_and_the_right_ones_are_read() {
        let right = [
            ("serial", " AB-1 "),
            ("story", "Una riga\naltra"),
            ("which", "Due"),
            ("since", "2026-02-28"),
            ("works", "false"),
        ];
        let expected = ["serial=AB-1", "story=Una riga\naltra", "which=Due", "since=2026-02-28", "works=false"];
        assert_eq!(read(Some(Area::Pki), true, &right), (expected.map(String::from).to_vec(), vec![]));
        let long = "x".repeat(201);
        let wrong = [("serial", long.as_str()), ("which", "Tre"), ("since", "2026-02-30"), ("works", "forse")];
        let (told, wrong) = read(Some(Area::Pki), false, &wrong);
        assert_eq!(told, Vec::<String>::new());
        let rules: Vec<&str> = wrong.iter().map(|(_, rule)| *rule).collect();
        assert_eq!(rules, ["too-long", "word", "day", "not-boolean"]);
    }

    #[test]
    fn a_choice_has_something_to_choose_from() {
        let typed = |kind: &str, options: &str| {
            let texts = [("label", "Campo"), ("area", "pki"), ("kind", kind), ("options", options), ("position", "10")];
            super::read(Fields::from_texts(texts.map(|(name, text)| (name.to_string(), text.to_string()))), None)
        };
        assert_eq!(typed("choice", "Uno\n\n Due \nUno").unwrap().options, ["Uno", "Due"]);
        assert_eq!(typed("choice", "Uno").unwrap_err()[0].rule, "options-few");
        assert_eq!(typed("text", "Uno\nDue").unwrap().options, Vec::<String>::new());
    }
}
