//! In charge of the resource `audit`. Reading it is itself written down.

use rocket::{FromForm, State, get};
use serde::Serialize;

use super::{ApiResult, List, window};
use crate::audit;
use crate::clock::Moment;
use crate::input::FieldError;
use crate::model::trace::{Act as Done, Entry};
use crate::people::rights::Act;
use crate::store;
use crate::store::audit::Wanted;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};
use crate::web::outcome::Failure;

/// A row of the trace.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = AuditEntry)]
pub struct View {
    seq: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Moment,
    actor: String,
    action: String,
    subject: String,
    detail: String,
    ip: String,
    /// Hexadecimal.
    hash: String,
}

impl View {
    fn of(entry: Entry) -> View {
        let Entry { seq, at, actor, action, subject, detail, ip, hash, .. } = entry;
        View { seq, at, actor, action, subject, detail, ip, hash: hex::encode(hash) }
    }
}

/// What a list may ask for.
#[derive(Debug, FromForm)]
pub struct Query<'q> {
    actor: Option<&'q str>,
    action: Option<&'q str>,
    subject: Option<&'q str>,
    from: Option<&'q str>,
    to: Option<&'q str>,
    limit: Option<&'q str>,
    cursor: Option<&'q str>,
}

/// The trace, newest first; `from` is in, `to` is out
#[utoipa::path(get, path = "/audit", tag = "audit", params(("actor" = Option<String>, Query), ("action" = Option<String>, Query),
    ("subject" = Option<String>, Query), ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("limit" = Option<u32>, Query),
    ("cursor" = Option<String>, Query)), responses((status = 200, body = List<View>)))]
#[get("/api/v1/audit?<query..>")]
pub async fn list(query: Query<'_>, caller: Caller, site: &State<Site>) -> ApiResult<List<View>> {
    caller.must(Act::ReadTrace)?;
    let window = window(query.limit, query.cursor)?;
    let wanted = Wanted {
        actor: query.actor.map(Into::into),
        action: query.action.map(Into::into),
        subject: query.subject.map(Into::into),
        from: moment("from", query.from)?,
        to: moment("to", query.to)?,
        ..Wanted::default()
    };
    let page = store::audit::list(&mut *site.app.db.read().await?, &wanted, &window).await?;
    audit::record_alone(&site.app, &caller.actor(), Done::on("audit.read", "audit")).await?;
    Ok(List::of(page, View::of))
}

/// A moment in RFC 3339. In an address a plus is a space, so an offset may come with one.
fn moment(field: &str, text: Option<&str>) -> Result<Option<Moment>, Failure> {
    let Some(text) = text else { return Ok(None) };
    match chrono::DateTime::parse_from_rfc3339(&text.replace(' ', "+")) {
        Ok(date) => Ok(Some(date.to_utc().into())),
        Err(_) => Err(vec![FieldError::new(field, "moment")].into()),
    }
}
