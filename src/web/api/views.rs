//! In charge of the resource `views`: what people save of the console's and the queue's addresses.

use rocket::http::Status;
use rocket::{State, delete, get, patch, post};
use serde::Serialize;

use super::{ApiResult, Body, Created, Json, List, window};
use crate::input::FieldError;
use crate::model::id::ViewId;
use crate::model::view::{self, ViewPage};
use crate::people::view as verbs;
use crate::store;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// A saved view.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SavedView)]
pub struct View {
    id: String,
    page: ViewPage,
    name: String,
    /// The query of the page's address.
    query: String,
    shared: bool,
}

impl View {
    fn of(view: view::View) -> View {
        View { id: view.id.to_string(), page: view.page, name: view.name, query: view.query, shared: view.shared }
    }
}

/// What makes or changes a view.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; what is read is checked field by field")]
pub struct SavedViewInput {
    page: ViewPage,
    name: String,
    query: Option<String>,
    shared: Option<bool>,
}

/// One's own views and those that others share, by name
#[utoipa::path(get, path = "/views", tag = "views", params(("page" = Option<String>, Query), ("limit" = Option<u32>, Query),
    ("cursor" = Option<String>, Query)), responses((status = 200, body = List<View>)))]
#[get("/api/v1/views?<page>&<limit>&<cursor>")]
pub async fn list(
    page: Option<&str>,
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<View>> {
    let page = match page.map(ViewPage::parse) {
        Some(None) => return Err(vec![FieldError::new("page", "word")].into()),
        page => page.flatten(),
    };
    let window = window(limit, cursor)?;
    let views = store::views::list(&mut *site.app.db.read().await?, &caller.person.id, page, &window).await?;
    Ok(List::of(views, View::of))
}

/// Save a view
#[utoipa::path(post, path = "/views", tag = "views", request_body = SavedViewInput, responses((status = 201, body = View)))]
#[post("/api/v1/views", data = "<body>")]
pub async fn create(body: Body, caller: Caller, site: &State<Site>) -> Result<Created<View>, Failure> {
    let view = verbs::read(body.fields()?, &caller.person, None)?;
    Ok(Created(Json::from(View::of(verbs::create(&site.app, &caller.actor(), view).await?))))
}

/// Change one of one's own views
#[utoipa::path(patch, path = "/views/{id}", tag = "views", params(("id" = String, Path)), request_body = SavedViewInput,
    responses((status = 200, body = View)))]
#[patch("/api/v1/views/<id>", data = "<body>")]
pub async fn change(id: ViewId, body: Body, caller: Caller, site: &State<Site>) -> ApiResult<View> {
    let old = caller.own_view(site, &id).await?;
    let view = verbs::read(body.fields()?, &caller.person, Some(&old))?;
    Ok(Json::from(View::of(verbs::change(&site.app, &caller.actor(), &old, view).await?)))
}

/// Remove one of one's own views
#[utoipa::path(delete, path = "/views/{id}", tag = "views", params(("id" = String, Path)), responses((status = 204)))]
#[delete("/api/v1/views/<id>")]
pub async fn remove(id: ViewId, caller: Caller, site: &State<Site>) -> Result<Status, Failure> {
    let old = caller.own_view(site, &id).await?;
    verbs::remove(&site.app, &caller.actor(), &old).await?;
    Ok(Status::NoContent)
}
