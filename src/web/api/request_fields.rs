//! In charge of the resource `request-fields`: what the form of an area asks for beside what it asks of everybody.

use rocket::{State, get};
use serde::Serialize;

use super::{ApiResult, List};
use crate::model::organization::Area;
use crate::model::page::Page;
use crate::model::request_field::FieldKind;
use crate::people::rights::Act;
use crate::store;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};

/// A field.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RequestField)]
pub struct View {
    id: String,
    area: Area,
    label: String,
    kind: FieldKind,
    /// Whether who asks must answer; who writes down what another said need not.
    required: bool,
    /// What may be chosen.
    options: Vec<String>,
    help: Option<String>,
}

/// The fields that are asked for now, area by area in the order of its form
#[utoipa::path(get, path = "/request-fields", tag = "request-fields", responses((status = 200, body = List<View>)))]
#[get("/api/v1/request-fields")]
pub async fn list(caller: Caller, site: &State<Site>) -> ApiResult<List<View>> {
    caller.must(Act::AskForHelp)?;
    let items = store::request_fields::asked(&mut *site.app.db.read().await?).await?;
    Ok(List::of(Page { items, next: None }, |one| View {
        label: one.label_in(caller.person.language).into(),
        id: one.id.to_string(),
        area: one.area,
        kind: one.kind,
        required: one.required,
        options: one.options,
        help: one.help,
    }))
}
