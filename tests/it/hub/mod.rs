//! In charge of what is promised about watched mailboxes, on a real Dovecot.

mod activation;
mod adding;
mod authorization;
mod belonging;
mod capacity;
mod counting;
mod deactivating;
mod grants;
mod hostile;
mod importing;
mod lockout;
mod opening;
mod refused;
mod removing;
mod room;
mod rotation;
mod secrets;
mod unreachable;
