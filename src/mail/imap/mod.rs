//! In charge of what is asked of an IMAP server: the facts of INBOX, folders, lists of messages, one message, its bytes.
//! Only looks: no command here changes a flag. Does not know who asks, nor why.
//!
//! The conversation is our own over the counted and timed stream of `mail/stream.rs`; `session.rs` is commands and
//! answers, `login.rs` the way in, `greeting.rs` the way in and out again, `inbox.rs`, `arrivals.rs`, `folders.rs`, `list.rs`,
//! `message.rs` and `raw.rs` the questions, `kept.rs` a session that stays, `folder.rs` names and EXAMINE, `count.rs` SEARCH, `fetch.rs` and
//! `structure.rs` what is said of a message, `value.rs` and `utf7.rs` the grammar.

mod arrivals;
mod count;
mod fetch;
mod folder;
mod folders;
mod greeting;
mod inbox;
mod kept;
mod list;
mod login;
mod message;
mod raw;
mod session;
mod structure;
mod utf7;
mod value;

pub use arrivals::Known;
pub use folder::INBOX;
pub use folders::folders;
pub use greeting::greet;
pub use inbox::{Ask, inbox};
pub use kept::{Arrival, Kept, MESSAGE_PIECE, Standing};
pub use list::{Chosen, Listing, Newest, list, newest};
pub use message::message;
pub use raw::{Piece, Source, raw};

/// Who to be at the server. Has no `Debug`, and the password lives elsewhere.
pub struct Login<'a> {
    pub username: &'a str,
    pub password: &'a secrecy::SecretString,
}

#[cfg(test)]
mod tests;
