//! In charge of the public pages that the law asks for: accessibility (Y08, law 4/2004), privacy (D08, GDPR 13).

use rocket::{State, get};
use serde_json::json;

use super::Site;
use super::guard::{Agent, Visitor};
use super::page::{Frame, PageResult};
use super::session::visitor_frame;
use crate::store;

/// How accessible the pages are, what was tested, whom to write to.
#[get("/accessibilita")]
pub async fn accessibility(agent: Option<Agent>, visitor: Visitor, site: &State<Site>) -> PageResult {
    draw("/accessibilita", "about/accessibility", "accessibility-title", agent, visitor, site).await
}

/// What is kept of people, why, for how long, and what they may ask.
#[get("/privacy")]
pub async fn privacy(agent: Option<Agent>, visitor: Visitor, site: &State<Site>) -> PageResult {
    draw("/privacy", "about/privacy", "privacy-title", agent, visitor, site).await
}

async fn draw(
    path: &str,
    template: &str,
    title: &str,
    agent: Option<Agent>,
    visitor: Visitor,
    site: &Site,
) -> PageResult {
    let contacts = store::contacts::all(&mut *site.app.db.read().await?).await?;
    let frame = match &agent {
        Some(agent) => Frame::of(site, agent, path, None),
        None => visitor_frame(site, &visitor, path, "", None),
    };
    frame.page(template, title, json!({"contacts": contacts}))
}
