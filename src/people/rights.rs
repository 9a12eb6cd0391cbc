//! In charge of who may do what. One pure function decides; scopes are its shadow in SQL. Does not know who asks how.

use crate::model::id::OrganizationId;
use crate::model::mailbox::Mailbox;
use crate::model::person::{Person, Role};

/// What somebody may want to do with things of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// See that mailboxes are there, and how they stand.
    ListMailboxes,
    /// See how mailboxes are reached: user, servers, authorisation, their server's words.
    SeeMailboxSettings,
    /// Add, change and remove mailboxes, give them passwords.
    ManageMailboxes,
    /// Have mailboxes visited now.
    RefreshMailboxes,
    /// Read a mailbox's mail.
    OpenMailbox,
    /// See how many mailboxes may be watched.
    SeeCapacity,
    /// Add an expansion block.
    ManageCapacity,
    SeeOrganizations,
    ManageOrganizations,
    SeePeople,
    ManagePeople,
    SeeJobs,
    RunJobs,
    ReadTrace,
}

impl Act {
    /// Every act, for tests that walk the matrix.
    pub const ALL: [Act; 14] = [
        Act::ListMailboxes,
        Act::SeeMailboxSettings,
        Act::ManageMailboxes,
        Act::RefreshMailboxes,
        Act::OpenMailbox,
        Act::SeeCapacity,
        Act::ManageCapacity,
        Act::SeeOrganizations,
        Act::ManageOrganizations,
        Act::SeePeople,
        Act::ManagePeople,
        Act::SeeJobs,
        Act::RunJobs,
        Act::ReadTrace,
    ];
}

/// How far an act reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    Nothing,
    /// Things of these bodies.
    Organizations(Vec<OrganizationId>),
    Everything,
}

impl Reach {
    /// The limit that a statement must carry; None is no limit, an empty list reaches nothing.
    pub fn within(self) -> Option<Vec<OrganizationId>> {
        match self {
            Reach::Nothing => Some(Vec::new()),
            Reach::Organizations(ids) => Some(ids),
            Reach::Everything => None,
        }
    }

    /// True when a thing of this body is reached; a thing of no body only by those who reach everything.
    pub fn covers(&self, organization: Option<&OrganizationId>) -> bool {
        match self {
            Reach::Nothing => false,
            Reach::Organizations(ids) => organization.is_some_and(|id| ids.contains(id)),
            Reach::Everything => true,
        }
    }
}

/// How far this person's right to an act reaches.
pub fn reach(person: &Person, act: Act) -> Reach {
    use Act::*;
    let own = || Reach::Organizations(person.memberships.iter().map(|m| m.organization_id.clone()).collect());
    if !person.active {
        return Reach::Nothing;
    }
    match (person.role, act) {
        (Role::RegionalAdmin, _) => Reach::Everything,
        // Operators see how every mailbox stands; opening one takes a grant of its holder.
        (Role::Operator, ListMailboxes | SeeMailboxSettings | RefreshMailboxes | SeeCapacity | SeeOrganizations) => {
            Reach::Everything
        }
        (Role::Operator, _) => Reach::Nothing,
        (
            Role::OrgAdmin,
            ListMailboxes | SeeMailboxSettings | RefreshMailboxes | OpenMailbox | SeeOrganizations | SeePeople,
        ) => own(),
        (Role::OrgAdmin, _) => Reach::Nothing,
        (Role::OrgUser, ListMailboxes) => own(),
        (Role::OrgUser, _) => Reach::Nothing,
        (Role::Auditor, ReadTrace) => Reach::Everything,
        (Role::Auditor, _) => Reach::Nothing,
    }
}

/// True when this person may do this at all, on whatever thing.
pub fn may(person: &Person, act: Act) -> bool {
    reach(person, act) != Reach::Nothing
}

/// True when this person may do this to this mailbox.
pub fn may_on(person: &Person, act: Act, mailbox: &Mailbox) -> bool {
    reach(person, act).covers(mailbox.card.organization_id.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;
    use crate::model::id::PersonId;
    use crate::model::person::{Language, Membership, Visibility};

    fn person(role: Role, active: bool) -> Person {
        Person {
            id: PersonId::new(),
            email: "x@example.org".into(),
            name: "X".into(),
            role,
            level: 1,
            areas: vec![],
            restricted_to_groups: false,
            active,
            language: Language::It,
            memberships: vec![Membership { organization_id: "own".into(), visibility: Visibility::Own }],
            created_at: Moment(0),
        }
    }

    /// `*` everything, `o` the own body, `-` nothing; columns in the order of `Act::ALL`.
    #[test]
    fn the_matrix_is_what_was_agreed() {
        let check = |role: Role, expected: &str| {
            let person = person(role, true);
            let row: String = Act::ALL
                .iter()
                .map(|act| match reach(&person, *act) {
                    Reach::Nothing => '-',
                    Reach::Organizations(ids) => {
                        assert_eq!(ids, ["own".into()]);
                        'o'
                    }
                    Reach::Everything => '*',
                })
                .collect();
            assert_eq!(row, expected, "{role:?}");
        };
        check(Role::RegionalAdmin, "**************");
        check(Role::Operator, "**-*-*-*------");
        check(Role::OrgAdmin, "oo-oo--o-o----");
        check(Role::OrgUser, "o-------------");
        check(Role::Auditor, "-------------*");
    }

    #[test]
    fn a_deactivated_person_may_nothing() {
        for role in Role::ALL {
            assert!(Act::ALL.iter().all(|act| !may(&person(role, false), *act)), "{role:?}");
        }
    }

    #[test]
    fn a_thing_of_no_body_is_for_those_who_reach_everything() {
        assert!(Reach::Everything.covers(None) && !Reach::Organizations(vec!["own".into()]).covers(None));
        assert!(!Reach::Nothing.covers(Some(&"own".into())));
    }
}
