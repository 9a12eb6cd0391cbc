//! In charge of the resource `capacity`.

use rocket::{State, get, post};
use serde::Serialize;

use super::{ApiResult, Created, Json};
use crate::hub::capacity;
use crate::model::capacity::Capacity;
use crate::people::rights::Act;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// How many mailboxes may be watched, and how many are.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Capacity)]
pub struct View {
    used: i64,
    allowed: i64,
    /// Without any block.
    included: i64,
    blocks: i64,
}

impl View {
    fn of(capacity: Capacity) -> Json<View> {
        let Capacity { used, included, blocks, .. } = capacity;
        Json::from(View { used, allowed: capacity.allowed(), included, blocks })
    }
}

/// How many mailboxes may be watched, and how many are
#[utoipa::path(get, path = "/capacity", tag = "capacity", responses((status = 200, body = View)))]
#[get("/api/v1/capacity")]
pub async fn show(caller: Caller, site: &State<Site>) -> ApiResult<View> {
    caller.must(Act::SeeCapacity)?;
    Ok(View::of(capacity::read(&site.app).await?))
}

/// Add an expansion block
#[utoipa::path(post, path = "/capacity/blocks", tag = "capacity", responses((status = 201, body = View)))]
#[post("/api/v1/capacity/blocks")]
pub async fn add_block(caller: Caller, site: &State<Site>) -> Result<Created<View>, Failure> {
    caller.must(Act::ManageCapacity)?;
    Ok(Created(View::of(capacity::add_block(&site.app, &caller.actor(), None).await?)))
}
