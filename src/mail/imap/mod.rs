//! In charge of what is asked of an IMAP server: the facts of INBOX, its newest messages, one message. Only looks: no
//! command here changes a flag. Does not know who asks, nor why.
//!
//! The conversation is our own over the counted and timed stream of `mail/stream.rs`; `session.rs` is commands and
//! answers, `login.rs` the way in, `greeting.rs` the way in and out again, `inbox.rs`, `arrivals.rs` and `fetch.rs` the questions, `value.rs` the grammar.

mod arrivals;
mod fetch;
mod greeting;
mod inbox;
mod login;
mod session;
mod value;

pub use arrivals::Known;
pub use fetch::{message, newest};
pub use greeting::greet;
pub use inbox::{Ask, inbox};

/// Who to be at the server. Has no `Debug`, and the password lives elsewhere.
pub struct Login<'a> {
    pub username: &'a str,
    pub password: &'a secrecy::SecretString,
}

#[cfg(test)]
mod tests;
