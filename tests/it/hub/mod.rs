//! In charge of what is promised about watched mailboxes, on a real Dovecot.

mod adding;
mod belonging;
mod counting;
mod hostile;
mod importing;
mod lockout;
mod refused;
mod rotation;
mod secrets;
mod unreachable;
