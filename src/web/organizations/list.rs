//! In charge of the list of bodies, `/enti` (A01): searched by name, code of the IPA, tax code.

use rocket::request::FlashMessage;
use rocket::{State, get};
use serde_json::{Value, json};

use crate::model::organization::Organization;
use crate::model::page::{Cursor, Window};
use crate::people::rights::{self, Act};
use crate::store;
use crate::web::Site;
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Frame, PageResult, address};

/// How many bodies a page lists.
const EACH_PAGE: usize = 100;

/// Bodies by name, from the one that `da` stands for.
#[get("/enti?<q>&<da>")]
pub async fn show(
    q: Option<&str>,
    da: Option<&str>,
    agent: Agent,
    flash: Option<FlashMessage<'_>>,
    site: &State<Site>,
) -> PageResult {
    agent.must(Act::SeeOrganizations)?;
    let frame = Frame::of(site, &agent, "/enti", flash.as_ref());
    let q = q.unwrap_or_default().trim();
    let window = Window { limit: EACH_PAGE, after: da.and_then(Cursor::decode) };
    let within = agent.reach(Act::SeeOrganizations).organizations();
    let mut c = site.app.db.read().await?;
    let page = store::organizations::list(&mut c, within.as_deref(), q, &window).await?;
    let ids: Vec<_> = page.items.iter().map(|one| one.id.clone()).collect();
    let sizes = store::organizations::sizes(&mut c, &ids).await?;
    drop(c);
    let row = |one: &Organization| {
        let (mailboxes, people) = sizes.get(&one.id).copied().unwrap_or_default();
        let areas: Vec<&str> = one.areas.iter().map(|area| area.as_str()).collect();
        json!({"id": one.id, "code": one.code, "name": one.name, "tax_code": one.tax_code, "areas": areas.join(", ").to_uppercase(),
               "active": one.active, "mailboxes": mailboxes, "people": people, "href": format!("/enti/{}", one.id)})
    };
    let next = page.next.as_ref().map(|next| address("/enti", [("q", Some(q)), ("da", Some(next.encode().as_str()))]));
    let context = json!({
        "rows": page.items.iter().map(row).collect::<Vec<Value>>(),
        "q": q,
        "next_href": next,
        "may_manage": rights::may(&agent.person, Act::ManageOrganizations),
    });
    frame.page("organizations/list", "organizations-title", context)
}
