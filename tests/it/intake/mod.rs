//! In charge of what is promised of mail that becomes requests: nothing lost, nothing doubled, everybody in the right place.

mod bodies;
mod bounces;
mod corpus;
mod crashes;
mod deciding;
mod disk;
mod flood;
mod followers;
mod mailboxes;
mod places;
mod senders;
mod signatures;
mod speakers;
mod story;
mod time;
mod wire;
