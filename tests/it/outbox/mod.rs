//! In charge of what is promised about what leaves: written with its cause, delivered once, told when it is not.

mod delivering;
mod invitations;
