//! In charge of the pages on bodies (enti), `/enti`: who sees and changes them is asked of their rights.

pub mod form;
pub mod import;
pub mod list;
pub mod state;

use super::Site;
use super::guard::{Agent, Asker};
use super::outcome::Failure;
use crate::model::id::OrganizationId;
use crate::model::organization::Organization;
use crate::people::rights::Act;
use crate::store;

/// The body, for those who see it; others are told that there is none.
async fn find(site: &Site, agent: &Agent, id: &OrganizationId) -> Result<Organization, Failure> {
    let found = store::organizations::find(&mut *site.app.db.read().await?, id).await?;
    found.filter(|one| agent.reach(Act::SeeOrganizations).covers(Some(&one.id))).ok_or(Failure::NotFound)
}

/// The same, for those who may change it too.
async fn find_to_change(site: &Site, agent: &Agent, id: &OrganizationId) -> Result<Organization, Failure> {
    let found = find(site, agent, id).await?;
    agent.must(Act::ManageOrganizations)?;
    Ok(found)
}
