//! In charge of how far a right reaches, as statements need it: things of some bodies, and single mailboxes. Does not know whose
//! right it is.

use crate::model::id::{MailboxId, OrganizationId};

/// What is reached: everything of these bodies, and these mailboxes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    pub organizations: Vec<OrganizationId>,
    pub mailboxes: Vec<MailboxId>,
}

impl Scope {
    /// True when nothing at all is reached.
    pub fn is_empty(&self) -> bool {
        self.organizations.is_empty() && self.mailboxes.is_empty()
    }
}
