//! In charge of the resource `organizations` (enti).

use rocket::{State, get, patch, post};
use serde::Serialize;

use super::{ApiResult, Body, Created, Json, List, window};
use crate::hub::belonging;
use crate::model::id::OrganizationId;
use crate::model::organization::{Area, Organization};
use crate::people::organization::{self, Draft};
use crate::people::rights::{Act, Reach};
use crate::store;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// A body.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Organization)]
pub struct View {
    id: String,
    code: String,
    name: String,
    tax_code: Option<String>,
    areas: Vec<Area>,
    email_domains: Vec<String>,
    /// Who sees the requests of the whole body only reads those of others.
    read_only_view: bool,
    active: bool,
}

impl View {
    fn of(one: Organization) -> View {
        let Organization { id, code, name, tax_code, areas, email_domains, read_only_view, active, .. } = one;
        View { id: id.to_string(), code, name, tax_code, areas, email_domains, read_only_view, active }
    }
}

/// What makes or changes a body.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct OrganizationInput {
    code: String,
    name: String,
    tax_code: Option<String>,
    areas: Option<Vec<Area>>,
    email_domains: Option<Vec<String>>,
    read_only_view: Option<bool>,
    active: Option<bool>,
}

/// Bodies, by name
#[utoipa::path(get, path = "/organizations", tag = "organizations", params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<View>)))]
#[get("/api/v1/organizations?<limit>&<cursor>")]
pub async fn list(
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<View>> {
    caller.must(Act::SeeOrganizations)?;
    let within = caller.reach(Act::SeeOrganizations).organizations();
    let page =
        store::organizations::list(&mut *site.app.db.read().await?, within.as_deref(), "", &window(limit, cursor)?)
            .await?;
    Ok(List::of(page, View::of))
}

/// Make a body
#[utoipa::path(post, path = "/organizations", tag = "organizations", request_body = OrganizationInput, responses((status = 201, body = View)))]
#[post("/api/v1/organizations", data = "<body>")]
pub async fn create(body: Body, caller: Caller, site: &State<Site>) -> Result<Created<View>, Failure> {
    caller.must(Act::ManageOrganizations)?;
    let draft = Draft::read(body.fields()?, None)?;
    let made = organization::create(&site.app, &caller.actor(), draft).await?;
    Ok(Created(Json::from(View::of(made))))
}

/// One body
#[utoipa::path(get, path = "/organizations/{id}", tag = "organizations", params(("id" = String, Path)), responses((status = 200, body = View)))]
#[get("/api/v1/organizations/<id>")]
pub async fn show(id: OrganizationId, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    find(site, &caller, &id).await.map(|one| Json::from(View::of(one)))
}

/// Change a body
#[utoipa::path(patch, path = "/organizations/{id}", tag = "organizations", params(("id" = String, Path)), request_body = OrganizationInput,
    responses((status = 200, body = View)))]
#[patch("/api/v1/organizations/<id>", data = "<body>")]
pub async fn change(id: OrganizationId, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let old = find(site, &caller, &id).await?;
    caller.must(Act::ManageOrganizations)?;
    let draft = Draft::read(body.fields()?, Some(&old))?;
    let changed = belonging::change_organization(&site.app, &caller.actor(), &old, draft).await?;
    Ok(Json::from(View::of(changed)))
}

async fn find(site: &Site, caller: &Caller, id: &OrganizationId) -> Result<Organization, Failure> {
    let reach: Reach = caller.reach(Act::SeeOrganizations);
    let found = store::organizations::find(&mut *site.app.db.read().await?, id).await?;
    found.filter(|one| reach.covers(Some(&one.id))).ok_or(Failure::NotFound)
}
