//! In charge of what is promised at a terminal: standard output holds only the result, refusals are said in words.

mod mailboxes;
mod people;
mod start;
