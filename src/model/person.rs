//! In charge of the words for people: roles, memberships, what a person sees of a body.

use serde::Serialize;

use crate::clock::Moment;
use crate::model::grant::Grant;
use crate::model::id::{OrganizationId, PersonId};
use crate::model::organization::Area;

/// What a person is here to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers for all bodies.
    RegionalAdmin,
    /// Works the desk.
    Operator,
    /// Answers for one body.
    OrgAdmin,
    /// Works in one body.
    OrgUser,
    /// Reads the trace, nothing else.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 5] = [Role::RegionalAdmin, Role::Operator, Role::OrgAdmin, Role::OrgUser, Role::Auditor];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::RegionalAdmin => "regional_admin",
            Role::Operator => "operator",
            Role::OrgAdmin => "org_admin",
            Role::OrgUser => "org_user",
            Role::Auditor => "auditor",
        }
    }

    /// Reads the word of the contract.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// True for the roles that belong to a body.
    pub fn is_of_organization(self) -> bool {
        matches!(self, Role::OrgAdmin | Role::OrgUser)
    }

    /// What a new member of this role sees of the body's requests (seed 001, 6.1).
    pub fn default_visibility(self) -> Visibility {
        if self == Role::OrgAdmin { Visibility::Organization } else { Visibility::Own }
    }
}

/// How much of a body's requests its member sees. It belongs to the person, not to the body (seed 001, 6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    Own,
    Organization,
}

impl Visibility {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Visibility::Own => "own",
            Visibility::Organization => "organization",
        }
    }

    /// Reads the word of the contract.
    pub fn parse(word: &str) -> Option<Visibility> {
        [Visibility::Own, Visibility::Organization].into_iter().find(|known| known.as_str() == word)
    }
}

/// A person's place in a body; only an active one counts (`security.md` 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub organization_id: OrganizationId,
    pub visibility: Visibility,
}

/// A person with an account. The password's hash is not part of it: it never leaves `store` but to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub email: String,
    /// The address is known to be this person's: only then are requests seen in which it is in copy.
    pub email_vouched: bool,
    pub name: String,
    pub role: Role,
    /// Level of competence, 1 to 3 (3 = maintenance).
    pub level: i64,
    /// Areas that an operator works in; empty means all.
    pub areas: Vec<Area>,
    pub restricted_to_groups: bool,
    pub active: bool,
    pub language: Language,
    /// Single keys are commands on pages (WCAG 2.1.4: they can be turned off).
    pub single_keys: bool,
    /// Active memberships only; of a person who asks, those of active bodies only.
    pub memberships: Vec<Membership>,
    /// Of a person who asks, the grants that hold now; of others none is read.
    pub grants: Vec<Grant>,
    pub created_at: Moment,
}

/// The language of a person's interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    It,
    En,
}

impl Language {
    /// The languages there is a catalogue for.
    pub const ALL: [Language; 2] = [Language::It, Language::En];

    /// The language's code (BCP 47).
    pub fn as_str(self) -> &'static str {
        match self {
            Language::It => "it",
            Language::En => "en",
        }
    }

    /// Reads a code; only the primary tag counts (`it-IT` is `it`).
    pub fn parse(code: &str) -> Option<Language> {
        let primary = code.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
        Language::ALL.into_iter().find(|known| known.as_str() == primary)
    }
}
