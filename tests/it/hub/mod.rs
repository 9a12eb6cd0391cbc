//! In charge of what is promised about watched mailboxes, on a real Dovecot.

mod adding;
mod belonging;
mod counting;
mod importing;
mod refused;
mod secrets;
mod unreachable;
