//! In charge of the integration tests: the real program over HTTP, on SQLite and on PostgreSQL, with a real mail server.
//! `river.rs` is the one to read first; the folders mirror `src/`.

#[path = "../support/mod.rs"]
mod support;

mod api;
mod audit;
mod cli;
mod desk;
mod house;
mod hub;
mod intake;
mod jobs;
mod outbox;
mod people;
mod river;
mod store;
mod web;
