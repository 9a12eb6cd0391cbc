//! In charge of mail that becomes requests (features.md 5): the desk's own mailboxes, taking their mail in, and what becomes of it.
//! Does not know pages, nor the desk's rules for requests.

mod alarm;
pub mod body;
mod bounces;
mod copies;
pub mod flood;
pub mod mailbox;
pub mod oversize;
mod placing;
pub mod reading;
pub mod rounds;
mod sender;
pub mod taking;
