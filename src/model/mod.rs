//! In charge of the words of the house: plain values, no I/O. Does not know who stores or shows them.

pub mod assistance;
pub mod attachment;
pub mod capacity;
pub mod grant;
pub mod id;
pub mod intake;
pub mod job;
pub mod mailbox;
pub mod message;
pub mod organization;
pub mod outbox;
pub mod page;
pub mod person;
pub mod request_field;
pub mod routing;
pub mod scope;
pub mod server;
pub mod ticket;
pub mod trace;
pub mod view;
