//! In charge of what is promised of mail that becomes requests: nothing lost, nothing doubled, everybody in the right place.

mod bodies;
mod bounces;
mod corpus;
mod crashes;
mod deciding;
mod disk;
mod mailboxes;
mod senders;
mod story;
mod time;
mod wire;
