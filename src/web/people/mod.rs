//! In charge of the pages on people (utenti), `/utenti`: who sees and changes them is asked of their rights.

pub mod form;
pub mod import;
pub mod list;
pub mod state;

use super::Site;
use super::guard::{Agent, Asker};
use super::outcome::Failure;
use crate::model::id::PersonId;
use crate::model::person::Person;
use crate::people::rights::{self, Act};

/// The person, for those who may change it; who may not know of it is told that there is none.
async fn find_to_change(site: &Site, agent: &Agent, id: &PersonId) -> Result<Person, Failure> {
    let found = agent.sees(site, id).await?;
    agent.must(Act::ManagePeople)?;
    if rights::may_make(&agent.person, found.role, &found.memberships) { Ok(found) } else { Err(Failure::Forbidden) }
}
