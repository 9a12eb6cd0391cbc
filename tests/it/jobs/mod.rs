//! In charge of what is promised about scheduled work: once, by whoever is there, also when somebody dies in the middle.

mod crashes;
mod late;
mod two_at_once;
