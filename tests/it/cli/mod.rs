//! In charge of what is promised at a terminal: standard output holds only the result, refusals are said in words.

mod backup;
mod doctor;
mod importing;
mod mailboxes;
mod people;
mod start;
