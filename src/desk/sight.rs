//! In charge of who sees which ticket, and what part somebody has in one (V01–V13): one rule, of which the statement of
//! `store::ticket_list` is the shadow. Pure.

use crate::model::id::GroupId;
use crate::model::organization::Area;
use crate::model::outbox::{Delivery, State as Delivered};
use crate::model::person::{Person, Role, Visibility};
use crate::model::ticket::{Sight, Ticket};
use crate::text::fold;

/// What this person sees; memberships are those in force now, groups those the person is in. Where one only reads is known to
/// the bodies (`desk::sight_of`).
pub fn sight(person: &Person, groups: &[GroupId]) -> Sight {
    if !person.active {
        return Sight::Nothing;
    }
    match person.role {
        Role::RegionalAdmin => Sight::Everything,
        Role::Operator => {
            Sight::Desk { areas: person.areas.clone(), groups: person.restricted_to_groups.then(|| groups.to_vec()) }
        }
        Role::OrgAdmin | Role::OrgUser => {
            let of = |wanted: Option<Visibility>| {
                let members =
                    person.memberships.iter().filter(|one| wanted.is_none_or(|wanted| one.visibility == wanted));
                members.map(|one| one.organization_id.clone()).collect()
            };
            Sight::Asking {
                person_id: person.id.clone(),
                email_fold: person.email_vouched.then(|| fold(&person.email)),
                member_of: of(None),
                organizations: of(Some(Visibility::Organization)),
                read_only: Vec::new(),
            }
        }
        Role::Auditor => Sight::Nothing,
    }
}

/// Whether somebody looks after the queue of an area and a group of the desk.
pub fn looks_at(sight: &Sight, area: Area, group: Option<&GroupId>) -> bool {
    match sight {
        Sight::Nothing | Sight::Asking { .. } => false,
        Sight::Everything => true,
        Sight::Desk { areas, groups } => {
            let in_area = areas.is_empty() || areas.contains(&area);
            let in_group = match (groups, group) {
                (None, _) | (_, None) => true,
                (Some(groups), Some(group)) => groups.contains(group),
            };
            in_area && in_group
        }
    }
}

/// Whether somebody looks after every queue of the desk.
pub fn looks_at_all(sight: &Sight) -> bool {
    match sight {
        Sight::Everything => true,
        Sight::Desk { areas, groups } => areas.is_empty() && groups.is_none(),
        Sight::Nothing | Sight::Asking { .. } => false,
    }
}

/// Whether a ticket is among what somebody sees.
pub fn sees(sight: &Sight, ticket: &Ticket) -> bool {
    match sight {
        Sight::Nothing | Sight::Everything | Sight::Desk { .. } => {
            looks_at(sight, ticket.area, ticket.group_id.as_ref())
                || ticket.queues.iter().any(|one| looks_at(sight, one.area, one.group_id.as_ref()))
        }
        Sight::Asking { .. } => ticket.deleted_at.is_none() && asking_part(sight, ticket).is_some(),
    }
}

/// What somebody has to do with a ticket that it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Works on it.
    Desk,
    /// Asked it.
    Requester,
    /// Answers for the body whose it is.
    Organization,
    /// Sees it with the whole body's, and only reads (V07).
    Reader,
    /// Is in copy.
    Copy,
}

impl Part {
    /// True for who works at the desk.
    pub fn is_desk(self) -> bool {
        self == Part::Desk
    }

    /// True for who may say something in it.
    pub fn may_reply(self) -> bool {
        self != Part::Reader
    }

    /// True for who may change what it says of itself, and its mailboxes.
    pub fn may_change(self) -> bool {
        !matches!(self, Part::Copy | Part::Reader)
    }
}

/// The part of who sees this in a ticket. None for who does not see it.
pub fn part(sight: &Sight, ticket: &Ticket) -> Option<Part> {
    if !sees(sight, ticket) {
        return None;
    }
    match sight {
        Sight::Nothing => None,
        Sight::Everything | Sight::Desk { .. } => Some(Part::Desk),
        Sight::Asking { .. } => asking_part(sight, ticket),
    }
}

/// Whether somebody is told how this mail about a ticket stands: the desk of all, who asked of those in copy that are not reached.
pub fn sees_delivery(part: Part, ticket: &Ticket, mail: &Delivery) -> bool {
    let is_copy = ticket.cc.iter().any(|email| fold(email) == fold(&mail.to));
    part.is_desk() || (part == Part::Requester && mail.state == Delivered::Failed && is_copy)
}

fn asking_part(sight: &Sight, ticket: &Ticket) -> Option<Part> {
    let Sight::Asking { person_id, email_fold, member_of, organizations, read_only } = sight else { return None };
    let among = |list: &[_]| ticket.organization_id.as_ref().is_some_and(|id| list.contains(id));
    let is_own = ticket.requester.id.as_ref() == Some(person_id);
    if is_own && (ticket.organization_id.is_none() || among(member_of)) {
        Some(Part::Requester)
    } else if among(organizations) && !among(read_only) {
        Some(Part::Organization)
    } else if email_fold.as_ref().is_some_and(|own| ticket.cc.iter().any(|email| fold(email) == *own)) {
        Some(Part::Copy)
    } else if among(organizations) {
        Some(Part::Reader)
    } else {
        None
    }
}
