//! In charge of the page `/caselle/capacita`: how many mailboxes may be watched, and the button that adds a block of places.

use rocket::request::FlashMessage;
use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::hub::capacity;
use crate::model::capacity::Capacity;
use crate::people::Refusal;
use crate::people::rights::{self, Act};
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};

const PAGE: &str = "/caselle/capacita";

/// The figures, what a block is and, for who may, the button.
#[get("/caselle/capacita")]
pub async fn show(agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::SeeCapacity)?;
    let frame = Frame::of(site, &agent, PAGE, flash.as_ref());
    let now = capacity::read(&site.app).await?;
    let context = json!({
        "capacity": view(now),
        "included": now.included,
        "blocks": now.blocks,
        "block_size": now.block_size,
        "then_allowed": now.enlarged().allowed(),
        "may_enlarge": rights::may(&agent.person, Act::ManageCapacity),
    });
    frame.page("mailboxes/capacity", "capacity-title", context)
}

/// Adds a block, if there are still as many as the page showed.
#[post("/caselle/capacita/blocchi", data = "<form>")]
pub async fn add_block(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ManageCapacity)?;
    // A form without the number was not drawn by us: no number of blocks is negative.
    let seen = form.get("blocks").parse::<i64>().unwrap_or(-1);
    match capacity::add_block(&site.app, &agent.actor(), Some(seen)).await {
        Ok(_) => Ok(Sent::done(PAGE, "block-added")),
        Err(Refusal::Conflict(_)) => Ok(Sent::not_done(PAGE, "block-not-added")),
        Err(refusal) => Err(refusal.into()),
    }
}

/// How full it is, as the meter shows it.
pub(super) fn view(capacity: Capacity) -> Value {
    let allowed = capacity.allowed();
    let percent = if allowed > 0 { (capacity.used.saturating_mul(100) / allowed).min(100) } else { 100 };
    json!({"used": capacity.used, "allowed": allowed, "percent": percent, "full": capacity.is_full()})
}
