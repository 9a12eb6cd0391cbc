//! In charge of what is promised about the trace: no act without its row, no row without its act, no change unseen.

mod acts;
mod tampering;
