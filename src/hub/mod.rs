//! In charge of the mailboxes we watch: their passwords, visits, status, and opening them to be read.
//! Does not know pages, nor the desk.

pub mod draft;
pub mod mailbox;
pub mod refresh;
mod secret;
pub mod status;
mod turn;
pub mod visit;
pub mod webmail;
