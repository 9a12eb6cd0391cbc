//! In charge of making many people from a file (A06). Rights have been checked by the door; what each line gives is held against
//! what the giver may give. A line that is refused stops no other.

use std::collections::HashSet;

use super::import::{Mode, Outcome};
use super::link::Way;
use super::person::{self, Draft, First};
use super::{Refusal, rights};
use crate::app::App;
use crate::input::Fields;
use crate::model::person::{Language, Membership, Person, Visibility};
use crate::model::trace::Actor;
use crate::sheet::{Column, Sheet};
use crate::store;
use crate::text::fold;

/// The columns of a file of people.
pub const COLUMNS: [Column; 8] = [
    ("email", true),
    ("name", true),
    ("role", true),
    ("organization_code", false),
    ("visibility", false),
    ("level", false),
    ("areas", false),
    ("language", false),
];

/// Makes a person from each line. Where mail goes out each is invited; else the links with which they choose a password are made
/// one by one afterwards, on their pages.
pub async fn people(app: &App, actor: &Actor, giver: &Person, sheet: &Sheet, mode: Mode) -> Vec<Outcome> {
    let mut seen = HashSet::new();
    let mut outcomes = Vec::new();
    for line in sheet.lines() {
        let texts = line.texts.map_err(|rule| Refusal::field("", rule));
        let email = texts.as_ref().ok().and_then(|texts| texts.iter().find(|(name, _)| name == "email"));
        let email: String = email.map(|(_, email)| email.trim().chars().take(254).collect()).unwrap_or_default();
        let done = match texts {
            Ok(texts) => make(app, actor, giver, mode, texts, &mut seen).await,
            Err(refusal) => Err(refusal),
        };
        outcomes.push(Outcome::of(line.number, email, done));
    }
    outcomes
}

async fn make(
    app: &App,
    actor: &Actor,
    giver: &Person,
    mode: Mode,
    texts: Vec<(String, String)>,
    seen: &mut HashSet<String>,
) -> Result<(), Refusal> {
    let mut fields = Fields::from_named(texts);
    if fields.verbatim("email").is_some_and(|email| !seen.insert(fold(&email))) {
        fields.refuse("email", "doubled");
    }
    let visibility = fields.word("visibility", "visibility", Visibility::parse);
    fields.forget("visibility");
    if let Some(code) = fields.text("organization_code", 50) {
        let reach = rights::reach(giver, rights::Act::ManagePeople);
        let found = store::organizations::find_by_code(&mut *app.db.read().await?, &code).await?;
        match found.filter(|one| reach.covers(Some(&one.id))) {
            Some(one) => fields.put("organization_id", one.id.as_str()),
            None => fields.refuse("organization_code", "not-found"),
        }
    }
    fields.forget("organization_code");
    let mut draft = Draft::read(fields, None, Language::default())?;
    if let (Some(visibility), Some(Membership { visibility: own, .. })) = (visibility, draft.memberships.first_mut()) {
        *own = visibility;
    }
    let beyond = person::beyond(giver, &draft);
    if !beyond.is_empty() {
        return Err(beyond.into());
    }
    if mode == Mode::Load {
        let draft = draft.given_by(giver, None);
        return person::create(app, actor, draft, First::Chosen(Way::Mail)).await.map(drop);
    }
    match store::people::find_by_email(&mut *app.db.read().await?, &draft.email).await? {
        Some(_) => Err(Refusal::field("email", "email-taken")),
        None => Ok(()),
    }
}
