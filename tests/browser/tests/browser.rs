//! In charge of the tests with a real browser: few, and about hands and eyes. `everywhere.rs` asks the same of every page, the
//! others tell what a person does. `SPORTELLO_TEST_FULL=1` adds every role and language to `everywhere.rs`.

mod admin;
mod bodies;
mod console;
mod english;
mod everywhere;
mod live;
mod mailboxes;
mod people;
mod reading;
mod requests;
mod session;
#[allow(dead_code, reason = "the integration tests use the rest")]
#[path = "../../support/mod.rs"]
mod support;
mod wire;
mod without_scripts;
mod world;
