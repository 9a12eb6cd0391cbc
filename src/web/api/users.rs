//! In charge of the resource `users`: people, in the API's word.

use rocket::{State, get, patch, post};
use serde::Serialize;

use super::{ApiResult, Body, Created, Json, List, window};
use crate::model::id::PersonId;
use crate::model::organization::Area;
use crate::model::person::{Language, Person, Role, Visibility};
use crate::people::link::Way;
use crate::people::person::{self, Draft, First};
use crate::people::rights::{self, Act};
use crate::store;
use crate::store::people::Wanted;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// A person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = User)]
pub struct View {
    id: String,
    email: String,
    name: String,
    role: Role,
    /// The first of the memberships.
    organization_id: Option<String>,
    memberships: Vec<MembershipView>,
    /// 1 to 3 (3 = maintenance).
    level: i64,
    /// Empty means all.
    areas: Vec<Area>,
    restricted_to_groups: bool,
    active: bool,
    language: Language,
    /// Only in the answer that makes the person: the one-time link to choose a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    password_link: Option<String>,
}

/// A person's place in a body.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Membership)]
pub struct MembershipView {
    organization_id: String,
    visibility: Visibility,
}

impl View {
    /// A person as this caller may see it: of other bodies' people, only the place in the caller's own.
    fn of(caller: &Caller, person: Person) -> View {
        let reach = caller.reach(Act::SeePeople);
        let is_self = person.id == caller.person.id;
        let memberships: Vec<MembershipView> = person
            .memberships
            .into_iter()
            .filter(|one| is_self || reach.covers(Some(&one.organization_id)))
            .map(|one| MembershipView { organization_id: one.organization_id.to_string(), visibility: one.visibility })
            .collect();
        View {
            id: person.id.to_string(),
            email: person.email,
            name: person.name,
            role: person.role,
            organization_id: memberships.first().map(|one| one.organization_id.clone()),
            memberships,
            level: person.level,
            areas: person.areas,
            restricted_to_groups: person.restricted_to_groups,
            active: person.active,
            language: person.language,
            password_link: None,
        }
    }
}

/// What makes or changes a person.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct UserInput {
    email: String,
    name: String,
    role: Role,
    organization_id: Option<String>,
    memberships: Option<Vec<MembershipView>>,
    level: Option<i64>,
    areas: Option<Vec<Area>>,
    restricted_to_groups: Option<bool>,
    active: Option<bool>,
    language: Option<Language>,
}

/// People, by name
#[utoipa::path(get, path = "/users", tag = "users", params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<View>)))]
#[get("/api/v1/users?<limit>&<cursor>")]
pub async fn list(
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<View>> {
    caller.must(Act::SeePeople)?;
    let wanted = Wanted { within: caller.reach(Act::SeePeople).organizations(), ..Wanted::default() };
    let page = store::people::list(&mut *site.app.db.read().await?, &wanted, &window(limit, cursor)?).await?;
    Ok(List::of(page, |person| View::of(&caller, person)))
}

/// Make a person; a one-time link to choose a password comes back, once
#[utoipa::path(post, path = "/users", tag = "users", request_body = UserInput, responses((status = 201, body = View)))]
#[post("/api/v1/users", data = "<body>")]
pub async fn create(body: Body, caller: Caller, site: &State<Site>) -> Result<Created<View>, Failure> {
    caller.must(Act::ManagePeople)?;
    let draft = Draft::read(body.fields()?, None, site.app.settings.language())?;
    check_may_make(&caller, &draft)?;
    let draft = draft.given_by(&caller.person, None);
    let (made, link) = person::create(&site.app, &caller.actor(), draft, First::Chosen(Way::Mail)).await?;
    Ok(Created(Json::from(View { password_link: link, ..View::of(&caller, made) })))
}

/// One person
#[utoipa::path(get, path = "/users/{id}", tag = "users", params(("id" = String, Path)), responses((status = 200, body = View)))]
#[get("/api/v1/users/<id>")]
pub async fn show(id: PersonId, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    caller.sees(site, &id).await.map(|one| Json::from(View::of(&caller, one)))
}

/// Change a person; who is deactivated loses sessions and tokens
#[utoipa::path(patch, path = "/users/{id}", tag = "users", params(("id" = String, Path)), request_body = UserInput,
    responses((status = 200, body = View)))]
#[patch("/api/v1/users/<id>", data = "<body>")]
pub async fn change(id: PersonId, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let old = caller.sees(site, &id).await?;
    caller.must(Act::ManagePeople)?;
    if !rights::may_make(&caller.person, old.role, &old.memberships) {
        return Err(Failure::Forbidden);
    }
    let draft = Draft::read(body.fields()?, Some(Draft::of(&old)), old.language)?;
    check_may_make(&caller, &draft)?;
    let draft = draft.given_by(&caller.person, Some(&old));
    let changed = person::change(&site.app, &caller.actor(), &old, draft).await?;
    Ok(Json::from(View::of(&caller, changed)))
}

/// What somebody is to be lies within what the caller may give: another role, another body are wrong fields.
fn check_may_make(caller: &Caller, draft: &Draft) -> Result<(), Failure> {
    let wrong = person::beyond(&caller.person, draft);
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}
