//! In charge of the mailboxes we watch: their passwords, visits, status, and opening them to be read.
//! Does not know pages, nor the desk.

pub mod belonging;
pub mod bulk;
pub mod capacity;
pub mod draft;
pub mod grant;
pub mod import;
pub mod listing;
mod login;
pub mod mailbox;
mod notice;
pub mod reading;
pub mod refresh;
pub mod refusal;
pub mod rotation;
mod seal;
mod secret;
pub mod status;
mod turn;
pub mod visit;
pub mod webmail;
