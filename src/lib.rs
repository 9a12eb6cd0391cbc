//! Sportello: a console for certified mailboxes (PEC) and, later, the desk that answers the people who use them.
//!
//! The house has four floors; arrows point down only (`docs/architecture.md`, held by `tests/it/house.rs`).
//!
//! | floor | modules | what they are |
//! |---|---|---|
//! | 3 doors | [`web`] [`jobs`] [`cli`] | requests, time, a terminal: thin, never import each other |
//! | 2 choices | [`hub`] [`intake`] [`desk`] [`people`] [`outbox`] [`audit`] | rules and verbs; `now` comes from `app.clock` |
//! | 1 hands | [`store`] [`mail`] [`files`] | every SQL statement; the wire; the disk |
//! | 0 words | [`model`] [`config`] [`clock`] [`input`] [`account`] [`tax_code`] [`provider`] [`sheet`] [`key`] [`chain`] [`hasher`] [`schedule`] [`timetable`] [`calendar`] [`holidays`] [`text`] [`terms`] [`catalogue`] | plain values, no I/O |
//!
//! [`app`] stands between floors 1 and 2 and holds what everybody above needs; [`boot`] stands beside the floors, builds it and stops it.
//!
//! # Glossary: one thing, one word
//! | Italian (screen, address) | English (code, API, table) |
//! |---|---|
//! | richiesta | ticket |
//! | casella | mailbox |
//! | presidio | watch |
//! | ente | organization |
//! | utente, persona | person (API: user) |
//! | lavoro | job; one execution is a run |
//! | controllo di una casella | visit |
//! | registro attività | audit, the trace |
//! | titolare | holder |
//! | busta di trasporto | certified message |
//! | accettazione, consegna | acceptance, delivery |

pub mod account;
pub mod app;
pub mod audit;
pub mod boot;
pub mod calendar;
pub mod catalogue;
pub mod chain;
pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
pub mod files;
pub mod hasher;
pub mod holidays;
pub mod hub;
pub mod input;
pub mod intake;
pub mod jobs;
pub mod key;
pub mod mail;
pub mod model;
pub mod outbox;
pub mod people;
pub mod provider;
pub mod schedule;
pub mod sheet;
pub mod store;
pub mod tax_code;
pub mod terms;
pub mod text;
pub mod timetable;
pub mod web;
