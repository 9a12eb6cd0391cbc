//! In charge of making and changing people. Rights have been checked by the door; here are the rules of the thing itself.

use secrecy::SecretString;
use sqlx::AnyConnection;
use zeroize::Zeroizing;

use super::link::Way;
use super::{Refusal, brake, link, password, rights, session, taken};
use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::input::{FieldError, Fields};
use crate::model::id::{OrganizationId, PersonId};
use crate::model::organization::Area;
use crate::model::page::Window;
use crate::model::person::{Language, Membership, Person, Role, Visibility};
use crate::model::trace::{Act, Actor};
use crate::outbox;
use crate::outbox::letter::Letter;
use crate::store::people::{State, Wanted};
use crate::store::{self, Tx};
use crate::text::fold;

/// To more administrators than this no alarm goes.
const MOST_ADMINISTRATORS: usize = 50;

/// The fields that a body may hold, on creation and on change alike.
pub const FIELDS: [&str; 10] = [
    "email",
    "name",
    "role",
    "organization_id",
    "memberships",
    "level",
    "areas",
    "restricted_to_groups",
    "active",
    "language",
];

/// What is asked for of a new or a changed person.
#[derive(Debug, Clone)]
pub struct Draft {
    pub email: String,
    /// Whoever gives it answers for all bodies, or it was known to be the person's before.
    pub email_vouched: bool,
    pub name: String,
    pub role: Role,
    pub level: i64,
    pub areas: Vec<Area>,
    pub restricted_to_groups: bool,
    pub active: bool,
    pub language: Language,
    pub single_keys: bool,
    pub memberships: Vec<Membership>,
}

impl Draft {
    /// A person as new people are, with nothing but who it is.
    pub fn new(email: String, name: String, role: Role, language: Language) -> Draft {
        Draft {
            email,
            email_vouched: true,
            name,
            role,
            level: 1,
            areas: Vec::new(),
            restricted_to_groups: false,
            active: true,
            language,
            single_keys: true,
            memberships: Vec::new(),
        }
    }

    /// A person as it is.
    pub fn of(person: &Person) -> Draft {
        Draft {
            memberships: person.memberships.clone(),
            level: person.level,
            areas: person.areas.clone(),
            restricted_to_groups: person.restricted_to_groups,
            active: person.active,
            single_keys: person.single_keys,
            email_vouched: person.email_vouched,
            ..Draft::new(person.email.clone(), person.name.clone(), person.role, person.language)
        }
    }

    /// Reads a body over what was there before (`base`), or as a new person in this language.
    pub fn read(mut fields: Fields, base: Option<Draft>, language: Language) -> Result<Draft, Vec<FieldError>> {
        fields.only(&FIELDS);
        let is_new = base.is_none();
        for field in ["email", "name", "role"] {
            if is_new || fields.has(field) {
                fields.required_text(field, 200);
            }
        }
        let email = fields.email("email");
        let name = fields.text("name", 200);
        let role = fields.word("role", "role", Role::parse);
        let mut draft = match base {
            Some(draft) => draft,
            // Whoever has said no role is not asked for a body too.
            None => Draft::new(String::new(), String::new(), Role::Auditor, language),
        };
        draft.email = email.unwrap_or(draft.email);
        draft.name = name.unwrap_or(draft.name);
        draft.role = role.unwrap_or(draft.role);
        draft.level = fields.number("level", 1, 3).unwrap_or(draft.level);
        if let Some(words) = fields.texts("areas", 20) {
            match words.iter().map(|word| Area::parse(word)).collect() {
                Some(areas) => draft.areas = areas,
                None => fields.refuse("areas", "area"),
            }
        }
        draft.restricted_to_groups = fields.flag("restricted_to_groups").unwrap_or(draft.restricted_to_groups);
        draft.active = fields.flag("active").unwrap_or(draft.active);
        draft.language = fields.word("language", "language", Language::parse).unwrap_or(draft.language);
        let default = draft.role.default_visibility();
        match fields.memberships(default) {
            Some(memberships) => draft.memberships = memberships,
            None if fields.has("organization_id") => {
                let one = fields
                    .text("organization_id", 64)
                    .map(|id| Membership { organization_id: id.into(), visibility: default });
                draft.memberships = one.into_iter().collect();
            }
            None => {}
        }
        if draft.role.is_of_organization() && draft.memberships.is_empty() {
            fields.refuse("organization_id", "required");
        }
        fields.finish(Some(draft))
    }

    /// The same, as somebody gives it: an address is taken to be the person's when it was so before, or when whoever gives it
    /// answers for all bodies. Who answers for one could else give out the address of somebody in copy of another's request.
    pub fn given_by(mut self, giver: &Person, old: Option<&Person>) -> Draft {
        let is_same = |old: &Person| old.email_vouched && fold(&old.email) == fold(&self.email);
        self.email_vouched =
            rights::reach(giver, rights::Act::ManagePeople) == rights::Reach::Everything || old.is_some_and(is_same);
        self
    }

    /// The person that this makes.
    pub fn person(self, now: Moment) -> Person {
        Person {
            id: PersonId::new(),
            email: self.email,
            email_vouched: self.email_vouched,
            name: self.name,
            role: self.role,
            level: self.level,
            areas: self.areas,
            restricted_to_groups: self.restricted_to_groups,
            active: self.active,
            language: self.language,
            single_keys: self.single_keys,
            memberships: self.memberships,
            grants: Vec::new(),
            created_at: now,
        }
    }
}

impl Fields {
    /// A list of memberships: `[{"organization_id", "visibility"}]`. None when not given or wrong.
    fn memberships(&mut self, default: Visibility) -> Option<Vec<Membership>> {
        let list = self.objects("memberships", &["organization_id", "visibility"])?;
        let mut memberships: Vec<Membership> = Vec::new();
        for one in list {
            let organization_id: OrganizationId = one.get("organization_id").cloned().unwrap_or_default().into();
            let visibility = one.get("visibility").map_or(Some(default), |word| Visibility::parse(word));
            match visibility {
                Some(visibility) if !memberships.iter().any(|m| m.organization_id == organization_id) => {
                    memberships.push(Membership { organization_id, visibility });
                }
                Some(_) => self.refuse("memberships", "taken"),
                None => self.refuse("memberships", "visibility"),
            }
        }
        // In the order in which they are read back: the first one is shown as the person's body.
        memberships.sort_by(|one, other| one.organization_id.cmp(&other.organization_id));
        Some(memberships)
    }
}

/// What of a person that is to be made or changed is more than the giver may give (A05); a body that the giver does not see is
/// not found.
pub fn beyond(giver: &Person, draft: &Draft) -> Vec<FieldError> {
    if rights::may_make(giver, draft.role, &draft.memberships) {
        return Vec::new();
    }
    let reach = rights::reach(giver, rights::Act::ManagePeople);
    let is_elsewhere = draft.memberships.iter().any(|one| !reach.covers(Some(&one.organization_id)));
    let mut wrong = Vec::new();
    if !draft.role.is_of_organization() {
        wrong.push(FieldError::new("role", "role-beyond"));
    }
    if is_elsewhere {
        wrong.push(FieldError::new("organization_id", "not-found"));
    }
    wrong
}

/// How a new person comes to a password.
#[derive(Debug, Clone, Copy)]
pub enum First<'p> {
    /// This one, which is final.
    Password(&'p SecretString),
    /// The person chooses it, by a link that gets there this way.
    Chosen(Way),
}

/// Makes a person. A link to choose the password comes back when it is for whoever made the person to hand on.
pub async fn create(
    app: &App,
    actor: &Actor,
    draft: Draft,
    first: First<'_>,
) -> Result<(Person, Option<String>), Refusal> {
    let hash = match first {
        First::Password(chosen) => {
            if let Some(rule) = password::fault(chosen, &[&draft.email, &draft.name]) {
                return Err(Refusal::field("password", rule));
            }
            Some(app.hasher.hash(chosen).await)
        }
        First::Chosen(_) => None,
    };
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    check_organizations(&mut tx, &draft).await?;
    let person = draft.person(now);
    store::people::insert(&mut tx, &person).await.map_err(|fault| taken(fault, "email"))?;
    audit::record(app, &mut tx, actor, Act::on("user.created", &person.email).with(said(&person))).await?;
    let url = match (hash, first) {
        (Some(hash), _) => {
            store::people::set_password(&mut tx, &person.id, &hash, now).await?;
            store::passwords::remember(&mut tx, &person.id, &hash, now).await?;
            None
        }
        (None, First::Chosen(way)) => link::for_password(app, &mut tx, actor, &person, way).await?,
        (None, First::Password(_)) => None,
    };
    tx.commit().await?;
    Ok((person, url))
}

/// Changes a person. One who is deactivated has no sessions left; keys and grants do nothing until the person is active again.
/// With another address sessions and links end, and both addresses are told (features.md U08).
pub async fn change(app: &App, actor: &Actor, person: &Person, draft: Draft) -> Result<Person, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let administers = |one: &Person| one.active && one.role == Role::RegionalAdmin;
    // Before the person itself, so that two who unmake each other stand in one line.
    let administrators = match administers(person) {
        true => store::people::hold_administrators(&mut tx).await?,
        false => 0,
    };
    if store::people::lock(&mut tx, &person.id).await?.as_ref() != Some(person) {
        return Err(Refusal::Conflict("conflict-changed-thing"));
    }
    if person.active && !draft.active && actor.name == person.email {
        return Err(Refusal::Conflict("conflict-self"));
    }
    check_organizations(&mut tx, &draft).await?;
    let changed = Person { id: person.id.clone(), created_at: person.created_at, ..draft.person(now) };
    if administers(person) && !administers(&changed) && administrators <= 1 {
        return Err(Refusal::Conflict("conflict-last-admin"));
    }
    store::people::update(&mut tx, &changed, now).await.map_err(|fault| taken(fault, "email"))?;
    let is_moved = fold(&changed.email) != fold(&person.email);
    if !changed.active || changed.role != person.role || is_moved {
        store::sessions::delete_of(&mut tx, &person.id).await?;
    }
    if !changed.active || is_moved {
        store::links::use_up_of(&mut tx, &person.id, now).await?;
    }
    let detail = differences(&mut tx, person, &changed).await?;
    audit::record(app, &mut tx, actor, Act::on("user.changed", &changed.email).with(detail)).await?;
    if is_moved && outbox::is_open(app) {
        let letter = Letter::to(person, "address-changed").with("address", changed.email.as_str());
        outbox::enqueue(app, &mut tx, letter).await?;
        if changed.active {
            link::for_password(app, &mut tx, actor, &changed, Way::Mail).await?;
        }
    }
    tx.commit().await?;
    app.post.notify_one();
    Ok(changed)
}

/// What of a person has changed, each with old and new, in the words of the trace.
async fn differences(tx: &mut Tx, old: &Person, new: &Person) -> store::Result<String> {
    let areas = |one: &Person| one.areas.iter().map(|area| area.as_str()).collect::<Vec<_>>().join(", ");
    let own = |one: &Person| if one.restricted_to_groups { "own groups" } else { "all groups" }.to_string();
    let active = |one: &Person| if one.active { "active" } else { "inactive" }.to_string();
    let said = vec![
        ("email", old.email.clone(), new.email.clone()),
        ("name", old.name.clone(), new.name.clone()),
        ("role", old.role.as_str().into(), new.role.as_str().into()),
        ("organizations", places(tx, old).await?, places(tx, new).await?),
        ("level", old.level.to_string(), new.level.to_string()),
        ("areas", areas(old), areas(new)),
        ("sees", own(old), own(new)),
        ("state", active(old), active(new)),
        ("language", old.language.as_str().into(), new.language.as_str().into()),
    ];
    Ok(audit::differences(said))
}

/// Where a person belongs and what it sees there.
async fn places(tx: &mut Tx, person: &Person) -> store::Result<String> {
    let mut places = Vec::new();
    for place in &person.memberships {
        let code = store::organizations::find(tx, &place.organization_id).await?.map(|one| one.code);
        places.push(format!("{} ({})", code.unwrap_or_default(), place.visibility.as_str()));
    }
    Ok(places.join(", "))
}

/// Those who answer for everything, as far as a mail goes to them all.
pub async fn administrators(c: &mut AnyConnection) -> store::Result<Vec<Person>> {
    let wanted = Wanted { role: Some(Role::RegionalAdmin), state: Some(State::Active), ..Wanted::default() };
    Ok(store::people::list(c, &wanted, &Window::first(MOST_ADMINISTRATORS)).await?.items)
}

/// Changes how a person likes to work.
pub async fn prefer(
    app: &App,
    actor: &Actor,
    person: &Person,
    language: Language,
    single_keys: bool,
) -> Result<(), Refusal> {
    if (person.language, person.single_keys) == (language, single_keys) {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    store::people::set_preferences(&mut tx, &person.id, language, single_keys).await?;
    let said = |language: Language, keys: bool| {
        format!("{}, single keys {}", language.as_str(), if keys { "on" } else { "off" })
    };
    let detail = format!("{} → {}", said(person.language, person.single_keys), said(language, single_keys));
    audit::record(app, &mut tx, actor, Act::on("user.preferences-changed", &person.email).with(detail)).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes one's own password, which the present one proves. All sessions end; the secret of a new one for this browser comes
/// back (U08).
pub async fn change_password(
    app: &App,
    person: &Person,
    present: &SecretString,
    chosen: &SecretString,
    client: &session::Client,
) -> Result<Zeroizing<String>, Refusal> {
    let attempt = match brake::begin(app, &person.email, Some(person), &client.ip).await? {
        Ok(attempt) => attempt,
        Err(seconds) => return Err(Refusal::TooMany(seconds)),
    };
    let hash = store::people::password_hash(&mut *app.db.read().await?, &person.id).await?;
    if !app.hasher.matches(present, hash.as_deref()).await {
        return Err(Refusal::field("present", "wrong-password"));
    }
    let new = match password::hash(app, person, chosen).await {
        Ok(new) => new,
        // Who knows the present one has not failed to log in.
        Err(refusal) => {
            let mut tx = app.db.begin().await?;
            brake::succeeded(&mut tx, &attempt, person, &client.ip, app.clock.now()).await?;
            tx.commit().await?;
            return Err(refusal);
        }
    };
    let actor = Actor { name: person.email.clone(), ip: client.ip.clone() };
    let mut tx = app.db.begin().await?;
    let is_still = store::people::lock(&mut tx, &person.id).await?.is_some_and(|person| person.active);
    if !is_still || store::people::password_hash(&mut tx, &person.id).await? != hash {
        return Err(Refusal::Conflict("conflict-changed-thing"));
    }
    brake::succeeded(&mut tx, &attempt, person, &client.ip, app.clock.now()).await?;
    put_password(app, &mut tx, &actor, person, &new).await?;
    let session = session::open_for(app, &mut tx, person, client).await?;
    tx.commit().await?;
    Ok(session)
}

/// Gives a person a new password and ends the sessions opened with the old one. Whoever had one is told by mail (U08).
pub async fn put_password(app: &App, tx: &mut Tx, actor: &Actor, person: &Person, hash: &str) -> store::Result<()> {
    let now = app.clock.now();
    if store::people::password_hash(tx, &person.id).await?.is_some() {
        let page = format!("{}/password-dimenticata", app.settings.base_url.trim_end_matches('/'));
        outbox::enqueue(app, tx, Letter::to(person, "password-changed").leading(page)).await?;
    }
    store::people::set_password(tx, &person.id, hash, now).await?;
    store::passwords::remember(tx, &person.id, hash, now).await?;
    store::sessions::delete_of(tx, &person.id).await?;
    store::links::use_up_of(tx, &person.id, now).await?;
    audit::record(app, tx, actor, Act::on("user.password-set", &person.email)).await
}

/// A person in the words of the trace.
pub fn said(person: &Person) -> String {
    let state = if person.active { "" } else { ", inactive" };
    format!("{}, {}, level {}, {}{state}", person.name, person.role.as_str(), person.level, person.language.as_str())
}

async fn check_organizations(tx: &mut Tx, draft: &Draft) -> Result<(), Refusal> {
    for membership in &draft.memberships {
        if store::organizations::find(tx, &membership.organization_id).await?.is_none() {
            return Err(Refusal::field("organization_id", "not-found"));
        }
    }
    Ok(())
}
