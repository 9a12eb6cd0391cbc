//! In charge of what is promised about watched mailboxes, on a real Dovecot.

mod adding;
mod counting;
mod hostile;
mod lockout;
mod refused;
mod secrets;
mod unreachable;
