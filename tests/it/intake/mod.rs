//! In charge of what is promised of mail that becomes requests: nothing lost, nothing doubled, everybody in the right place.

mod bodies;
mod bounces;
mod corpus;
mod crashes;
mod disk;
mod mailboxes;
mod senders;
mod signatures;
mod story;
mod time;
mod wire;
