//! In charge of the resource `groups`: teams of operators.

use rocket::{State, get, patch, post};
use serde::Serialize;

use super::body::Body;
use super::{ApiResult, Created, Json, List, window};
use crate::desk::group;
use crate::model::id::GroupId;
use crate::model::organization::Area;
use crate::model::ticket::Group;
use crate::people::rights::{self, Act};
use crate::store;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// A team of operators.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Group)]
pub struct View {
    id: String,
    name: String,
    area: Option<Area>,
    leader_id: Option<String>,
    member_ids: Vec<String>,
}

impl View {
    fn of(group: Group) -> View {
        View {
            id: group.id.to_string(),
            name: group.name,
            area: group.area,
            leader_id: group.leader_id.map(|id| id.to_string()),
            member_ids: group.member_ids.iter().map(ToString::to_string).collect(),
        }
    }
}

/// What makes or changes a group.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct GroupInput {
    name: String,
    area: Option<Area>,
    leader_id: Option<String>,
    member_ids: Option<Vec<String>>,
}

/// Groups, by name
#[utoipa::path(get, path = "/groups", tag = "groups", params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<View>)))]
#[get("/api/v1/groups?<limit>&<cursor>")]
pub async fn list(
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<View>> {
    caller.must(Act::WorkTickets)?;
    let page = store::groups::list(&mut *site.app.db.read().await?, &window(limit, cursor)?).await?;
    Ok(List::of(page, View::of))
}

/// Make a group
#[utoipa::path(post, path = "/groups", tag = "groups", request_body = GroupInput, responses((status = 201, body = View)))]
#[post("/api/v1/groups", data = "<body>")]
pub async fn create(body: Body, caller: Caller, site: &State<Site>) -> Result<Created<View>, Failure> {
    caller.must(Act::ManageDesk)?;
    let group = group::read(body.fields()?, None)?;
    Ok(Created(Json::from(View::of(group::create(&site.app, &caller.actor(), group).await?))))
}

/// One group
#[utoipa::path(get, path = "/groups/{id}", tag = "groups", params(("id" = String, Path)), responses((status = 200, body = View)))]
#[get("/api/v1/groups/<id>")]
pub async fn show(id: GroupId, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    Ok(Json::from(View::of(find(&id, &caller, site).await?)))
}

/// Change a group
#[utoipa::path(patch, path = "/groups/{id}", tag = "groups", params(("id" = String, Path)), request_body = GroupInput,
    responses((status = 200, body = View)))]
#[patch("/api/v1/groups/<id>", data = "<body>")]
pub async fn change(id: GroupId, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let old = find(&id, &caller, site).await?;
    caller.must(Act::ManageDesk)?;
    let group = group::read(body.fields()?, Some(&old))?;
    Ok(Json::from(View::of(group::change(&site.app, &caller.actor(), &old, group).await?)))
}

/// A group, for who works at the desk; others are told that there is none.
async fn find(id: &GroupId, caller: &Caller, site: &Site) -> Result<Group, Failure> {
    let found = store::groups::find(&mut *site.app.db.read().await?, id).await?;
    found.filter(|_| rights::may(&caller.person, Act::WorkTickets)).ok_or(Failure::NotFound)
}
