//! In charge of what of a list of mailboxes somebody may ask about: filters and orders by what a person does not see would tell
//! it. Pure. Does not know pages.

use crate::model::person::Person;
use crate::people::rights::{Act, reach};
use crate::store::mailbox_list::{Order, Wanted};

/// What is asked for, within what this person may list. Of mailboxes of which only address and status are shown, nothing else
/// is looked into: they fall out of filters by it, searches look into addresses, and orders by it become that of addresses.
pub fn narrowed(person: &Person, wanted: Wanted, order: Order) -> (Wanted, Order) {
    let listed = reach(person, Act::ListMailboxes).within();
    let figures = reach(person, Act::SeeMailboxFigures).within();
    if figures == listed {
        return (Wanted { within: listed, ..wanted }, order);
    }
    let asks_figures = wanted.with_new || wanted.with_unread || wanted.short_of_room || wanted.group.is_some();
    let within = if asks_figures { figures } else { listed };
    let order = if matches!(order, Order::Address | Order::Status) { order } else { Order::Address };
    (Wanted { within, by_address_only: true, ..wanted }, order)
}
