//! In charge of the wire: IMAP, MIME, PEC headers. Speaks protocols; does not know our database, our people or our pages.

pub mod fault;
pub mod imap;
pub mod incoming;
pub mod net;
pub mod parse;
pub mod pec;
pub mod places;
pub mod sanitise;
pub mod signature;
pub mod smtp;
mod stream;
pub mod submission;
mod tls;

pub use fault::{FaultKind, MailFault};
pub use tls::TlsCause;
