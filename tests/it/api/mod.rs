//! In charge of what is promised to programs: the form of answers, the order of checks, lists that go on, the description.

mod calendars;
mod openapi;
mod pace;
mod paging;
mod problems;
mod reading;
mod reading_faults;
mod resources;
mod views;
