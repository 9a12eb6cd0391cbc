//! In charge of what is promised of mail that becomes requests: nothing lost, nothing doubled, everybody in the right place.

mod bodies;
mod bounces;
mod crashes;
mod disk;
mod mailboxes;
mod story;
mod time;
mod wire;
