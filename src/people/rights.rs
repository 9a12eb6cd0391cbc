//! In charge of who may do what. One pure function decides; scopes are its shadow in SQL. Does not know who asks how.

use crate::model::id::OrganizationId;
use crate::model::mailbox::Mailbox;
use crate::model::person::{Membership, Person, Role};
use crate::model::scope::Scope;

/// What somebody may want to do with things of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// See that mailboxes are there: address and status.
    ListMailboxes,
    /// See what is in them by numbers, and whose they are: counters, space, holder, group.
    SeeMailboxFigures,
    /// See how mailboxes are reached: user, servers, authorisation, their server's words.
    SeeMailboxSettings,
    /// Add, change and remove mailboxes, give them passwords.
    ManageMailboxes,
    /// Have mailboxes visited now.
    RefreshMailboxes,
    /// Read a mailbox's mail. Marking, sending and deleting become acts of their own with their first route.
    OpenMailbox,
    /// Say who else may open a mailbox.
    GrantMailboxes,
    /// See how many mailboxes may be watched.
    SeeCapacity,
    /// Add an expansion block.
    ManageCapacity,
    SeeOrganizations,
    ManageOrganizations,
    SeePeople,
    ManagePeople,
    /// Ask the desk for help, and follow what was asked: which requests one sees is `desk::sight`'s.
    AskForHelp,
    /// Work at the desk.
    WorkTickets,
    /// Say who works in which group of the desk.
    ManageDesk,
    SeeJobs,
    RunJobs,
    /// See the mail that leaves the program, and have it tried again.
    ManageOutbox,
    /// See how the installation is set, and change what is set on pages.
    ManageSettings,
    ReadTrace,
}

impl Act {
    /// Every act, in the order of the page that shows them.
    pub const ALL: [Act; 21] = [
        Act::ListMailboxes,
        Act::SeeMailboxFigures,
        Act::SeeMailboxSettings,
        Act::ManageMailboxes,
        Act::RefreshMailboxes,
        Act::OpenMailbox,
        Act::GrantMailboxes,
        Act::SeeCapacity,
        Act::ManageCapacity,
        Act::SeeOrganizations,
        Act::ManageOrganizations,
        Act::SeePeople,
        Act::ManagePeople,
        Act::AskForHelp,
        Act::WorkTickets,
        Act::ManageDesk,
        Act::SeeJobs,
        Act::RunJobs,
        Act::ManageOutbox,
        Act::ManageSettings,
        Act::ReadTrace,
    ];

    /// The key of its words in the catalogue, without `act-`.
    pub fn word(self) -> &'static str {
        match self {
            Act::ListMailboxes => "list-mailboxes",
            Act::SeeMailboxFigures => "see-mailbox-figures",
            Act::SeeMailboxSettings => "see-mailbox-settings",
            Act::ManageMailboxes => "manage-mailboxes",
            Act::RefreshMailboxes => "refresh-mailboxes",
            Act::OpenMailbox => "open-mailbox",
            Act::GrantMailboxes => "grant-mailboxes",
            Act::SeeCapacity => "see-capacity",
            Act::ManageCapacity => "manage-capacity",
            Act::SeeOrganizations => "see-organizations",
            Act::ManageOrganizations => "manage-organizations",
            Act::SeePeople => "see-people",
            Act::ManagePeople => "manage-people",
            Act::AskForHelp => "ask-for-help",
            Act::WorkTickets => "work-tickets",
            Act::ManageDesk => "manage-desk",
            Act::SeeJobs => "see-jobs",
            Act::RunJobs => "run-jobs",
            Act::ManageOutbox => "manage-outbox",
            Act::ManageSettings => "manage-settings",
            Act::ReadTrace => "read-trace",
        }
    }
}

/// How far an act reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    Nothing,
    /// Things of some bodies, and mailboxes that a grant names.
    Within(Scope),
    Everything,
}

impl Reach {
    /// The limit that a statement must carry; None is no limit, an empty scope reaches nothing.
    pub fn within(self) -> Option<Scope> {
        match self {
            Reach::Nothing => Some(Scope::default()),
            Reach::Within(scope) => Some(scope),
            Reach::Everything => None,
        }
    }

    /// The same for things that belong to bodies only.
    pub fn organizations(self) -> Option<Vec<OrganizationId>> {
        self.within().map(|scope| scope.organizations)
    }

    /// True when a thing of this body is reached; a thing of no body only by those who reach everything.
    pub fn covers(&self, organization: Option<&OrganizationId>) -> bool {
        match self {
            Reach::Nothing => false,
            Reach::Within(scope) => organization.is_some_and(|id| scope.organizations.contains(id)),
            Reach::Everything => true,
        }
    }
}

/// How far this person's right to an act reaches. The person's memberships and grants are those in force now.
pub fn reach(person: &Person, act: Act) -> Reach {
    use Act::*;
    if !person.active {
        return Reach::Nothing;
    }
    let own = || person.memberships.iter().map(|m| m.organization_id.clone()).collect::<Vec<_>>();
    let granted = || person.grants.iter().map(|grant| grant.mailbox_id.clone()).collect::<Vec<_>>();
    let within = |organizations, mailboxes| {
        let scope = Scope { organizations, mailboxes };
        if scope.is_empty() { Reach::Nothing } else { Reach::Within(scope) }
    };
    match (person.role, act) {
        (Role::RegionalAdmin, _) => Reach::Everything,
        // Operators see how every mailbox stands; opening one takes a grant of its holder.
        (
            Role::Operator,
            ListMailboxes | SeeMailboxFigures | SeeMailboxSettings | RefreshMailboxes | SeeCapacity | SeeOrganizations
            | AskForHelp | WorkTickets | ManageOutbox,
        ) => Reach::Everything,
        (Role::Operator, OpenMailbox) => within(Vec::new(), granted()),
        (Role::Operator, _) => Reach::Nothing,
        (Role::OrgAdmin, ListMailboxes | SeeMailboxFigures | OpenMailbox) => within(own(), granted()),
        (
            Role::OrgAdmin,
            SeeMailboxSettings | RefreshMailboxes | GrantMailboxes | SeeOrganizations | SeePeople | ManagePeople
            | AskForHelp,
        ) => within(own(), Vec::new()),
        (Role::OrgAdmin, _) => Reach::Nothing,
        // Of the own body's mailboxes address and status, nothing else; what was granted is opened.
        (Role::OrgUser, AskForHelp) => within(own(), Vec::new()),
        (Role::OrgUser, ListMailboxes) => within(own(), granted()),
        (Role::OrgUser, SeeMailboxFigures | OpenMailbox) => within(Vec::new(), granted()),
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
    match reach(person, act) {
        Reach::Within(scope) if scope.mailboxes.contains(&mailbox.id) => true,
        reach => reach.covers(mailbox.card.organization_id.as_ref()),
    }
}

/// True when this person may give that one rights in a mailbox that it may grant: its own bodies' people, and operators, who
/// help them. Auditors read the trace, nothing else.
pub fn may_receive(giver: &Person, receiver: &Person) -> bool {
    receiver.active
        && match receiver.role {
            Role::Auditor => false,
            Role::Operator => reach(giver, Act::GrantMailboxes) != Reach::Nothing,
            _ => sees_person(&reach(giver, Act::GrantMailboxes), receiver),
        }
}

/// True when things of a reach include this person: by one of its bodies.
pub fn sees_person(reach: &Reach, person: &Person) -> bool {
    reach.covers(None) || person.memberships.iter().any(|one| reach.covers(Some(&one.organization_id)))
}

/// True when this person may make another what it is to be, or leave it so (A05): nobody is given more than the giver has, and
/// whoever answers for some bodies only touches people of those alone, other than its own account.
pub fn may_make(giver: &Person, role: Role, memberships: &[Membership]) -> bool {
    match reach(giver, Act::ManagePeople) {
        Reach::Everything => true,
        Reach::Nothing => false,
        reach => {
            role.is_of_organization()
                && !memberships.is_empty()
                && memberships.iter().all(|one| reach.covers(Some(&one.organization_id)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;
    use crate::model::grant::{Grant, Right};
    use crate::model::id::PersonId;
    use crate::model::person::{Language, Membership, Visibility};

    fn person(role: Role, active: bool) -> Person {
        Person {
            id: PersonId::new(),
            email: "x@example.org".into(),
            email_vouched: true,
            name: "X".into(),
            role,
            level: 1,
            areas: vec![],
            restricted_to_groups: false,
            active,
            language: Language::It,
            single_keys: true,
            memberships: vec![Membership { organization_id: "own".into(), visibility: Visibility::Own }],
            grants: vec![Grant {
                mailbox_id: "granted".into(),
                person_id: "x".into(),
                rights: vec![Right::View],
                until: None,
            }],
            created_at: Moment(0),
        }
    }

    /// `*` everything, `o` the own body, `g` what is granted, `b` both, `-` nothing; columns in the order of `Act::ALL`.
    #[test]
    fn the_matrix_is_what_was_agreed() {
        let check = |role: Role, expected: &str| {
            let person = person(role, true);
            let row: String = Act::ALL
                .iter()
                .map(|act| match reach(&person, *act) {
                    Reach::Nothing => '-',
                    Reach::Within(scope) => match (scope.organizations.len(), scope.mailboxes.len()) {
                        (1, 0) => 'o',
                        (0, 1) => 'g',
                        (1, 1) => 'b',
                        _ => '?',
                    },
                    Reach::Everything => '*',
                })
                .collect();
            assert_eq!(row, expected, "{role:?}");
        };
        check(Role::RegionalAdmin, "*********************");
        check(Role::Operator, "***-*g-*-*---**---*--");
        check(Role::OrgAdmin, "bbo-obo--o-ooo-------");
        check(Role::OrgUser, "bg---g-------o-------");
        check(Role::Auditor, "--------------------*");
    }

    #[test]
    fn a_deactivated_person_may_nothing() {
        for role in Role::ALL {
            assert!(Act::ALL.iter().all(|act| !may(&person(role, false), *act)), "{role:?}");
        }
    }

    #[test]
    fn nobody_is_given_more_than_the_giver_has() {
        let place = |id: &str| Membership { organization_id: id.into(), visibility: Visibility::Own };
        let (own, other) = (vec![place("own")], vec![place("own"), place("other")]);
        let admin = person(Role::OrgAdmin, true);
        assert!(may_make(&admin, Role::OrgUser, &own) && may_make(&admin, Role::OrgAdmin, &own));
        for (role, memberships) in [(Role::OrgUser, &other), (Role::OrgUser, &vec![]), (Role::Operator, &own)] {
            assert!(!may_make(&admin, role, memberships), "{role:?} {memberships:?}");
        }
        assert!(may_make(&person(Role::RegionalAdmin, true), Role::RegionalAdmin, &[]));
        assert!(!may_make(&person(Role::Operator, true), Role::OrgUser, &own));
    }

    #[test]
    fn rights_in_a_mailbox_go_to_people_of_ones_own_and_to_operators() {
        let giver = person(Role::OrgAdmin, true);
        let mut stranger = person(Role::OrgUser, true);
        stranger.memberships[0].organization_id = "other".into();
        assert!(
            may_receive(&giver, &person(Role::OrgUser, true)) && may_receive(&giver, &person(Role::Operator, true))
        );
        assert!(!may_receive(&giver, &stranger) && !may_receive(&giver, &person(Role::Auditor, true)));
        assert!(!may_receive(&giver, &person(Role::OrgUser, false)));
        assert!(may_receive(&person(Role::RegionalAdmin, true), &stranger));
    }

    #[test]
    fn a_thing_of_no_body_is_for_those_who_reach_everything() {
        let own = Reach::Within(Scope { organizations: vec!["own".into()], mailboxes: vec![] });
        assert!(Reach::Everything.covers(None) && !own.covers(None));
        assert!(!Reach::Nothing.covers(Some(&"own".into())));
    }
}
