//! In charge of what is promised about pages: who may open them, what every answer carries, what is given back as typed.

mod desk;
mod import;
mod live;
mod pages;
mod rights;
mod settings;
mod templates;
mod trace;
mod views;
