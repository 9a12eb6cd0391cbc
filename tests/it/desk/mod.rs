//! In charge of what is promised about the desk: one request from its opening to its end, who sees what, and what must not leak.

mod assistance;
mod attachments;
pub(crate) mod clocks;
mod duplicates;
mod followed;
mod held;
mod hours;
mod merging;
mod notices;
mod pages;
mod parallel;
mod password_lost;
mod relations;
mod request_fields;
mod routing;
mod searching;
mod sight;
mod statements;
mod story;
mod undelivered;
