//! In charge of what can be asked of us over HTTP: every address on one page, and what every answer carries.
//! Doors are thin: who asks, which thing through their rights, one verb, where to go.

mod about;
pub mod admin;
pub mod api;
pub mod assets;
pub mod canned_answers;
mod chart;
pub mod dashboard;
pub mod forgotten;
mod form;
pub mod groups;
mod guard;
mod headers;
pub mod health;
mod hours;
mod incoming;
pub mod live;
pub mod mailboxes;
mod metrics;
pub mod organizations;
mod outcome;
mod pace;
mod page;
pub mod people;
pub mod profile;
pub mod session;
pub mod templates;
pub mod tickets;
mod trace;
mod upload;
pub mod views;
pub mod welcome;
mod when;

use std::sync::Arc;

use anyhow::Context;
use rocket::data::{Limits, ToByteUnit};
use rocket::figment::Figment;
use rocket::{Build, Config, Rocket, Route, routes};

use crate::app::Shared;
use crate::model::id::TokenId;
use assets::Assets;
use templates::Templates;

/// What every door needs.
pub struct Site {
    pub app: Shared,
    pub templates: Templates,
    pub assets: Arc<Assets>,
    /// How fast tokens may ask the API.
    pub pace: pace::Pace<TokenId>,
    /// How fast the public form may be sent: by who sends it, by the address in it.
    pub callers: pace::Pace<String>,
    pub addresses: pace::Pace<String>,
    /// What was logged of the health already.
    pub told: health::Told,
}

/// Every page and every operation of the API: what can be asked, and who answers.
pub fn routes() -> Vec<Route> {
    let mut routes = routes![
        assets::show,
        health::alive,
        health::ready,
        metrics::show,
        live::events,
        session::home,
        session::show,
        session::open,
        session::state,
        session::close,
        tickets::attachment::show,
        tickets::attachment::picture,
        tickets::body::show,
        tickets::portal::list,
        tickets::portal::new,
        tickets::portal::create,
        tickets::portal::back,
        tickets::portal::show,
        tickets::portal::answer,
        tickets::portal::close,
        tickets::portal::reopen,
        tickets::assistance::show,
        tickets::assistance::send,
        tickets::assistance::sent,
        tickets::assistance::read,
        tickets::assistance::confirm,
        tickets::assistance::standing,
        tickets::queue::show,
        tickets::work::original,
        tickets::work::back,
        tickets::work::show,
        tickets::work::answer,
        tickets::work::change,
        tickets::work::act,
        tickets::work::take_back,
        tickets::work::relate,
        tickets::work::unrelate,
        dashboard::show,
        dashboard::export,
        tickets::bulk::act,
        tickets::presence::here,
        tickets::presence::draft,
        tickets::delivery::works,
        tickets::mails::list,
        tickets::mails::show,
        tickets::mails::accept,
        tickets::mails::discard,
        tickets::mails::retry,
        tickets::mails::raw,
        tickets::phone::show,
        tickets::phone::create,
        tickets::duplicates::join,
        tickets::duplicates::tell_apart,
        tickets::duplicates::look,
        tickets::duplicates::looked,
        tickets::duplicates::add,
        tickets::duplicates::added,
        canned_answers::list,
        canned_answers::new,
        canned_answers::create,
        canned_answers::show,
        canned_answers::change,
        canned_answers::remove,
        groups::list,
        groups::new,
        groups::create,
        groups::show,
        groups::change,
        forgotten::show,
        forgotten::ask,
        welcome::show,
        welcome::accept,
        mailboxes::list::show,
        mailboxes::capacity::show,
        mailboxes::capacity::add_block,
        mailboxes::new::show,
        mailboxes::new::create,
        mailboxes::import::show,
        mailboxes::import::model,
        mailboxes::import::run,
        mailboxes::refresh::all,
        mailboxes::refresh::one,
        mailboxes::password::show,
        mailboxes::password::put,
        mailboxes::remove::show,
        mailboxes::remove::remove,
        mailboxes::show::show,
        mailboxes::bulk::act,
        views::new_of_mailboxes,
        views::new_of_tickets,
        views::create_of_mailboxes,
        views::create_of_tickets,
        views::remove_of_mailboxes,
        views::remove_of_tickets,
        mailboxes::card::show,
        mailboxes::card::suspend,
        mailboxes::card::give,
        mailboxes::card::take,
        mailboxes::edit::show,
        mailboxes::edit::change,
        admin::audit::show,
        admin::audit::export,
        admin::audit::verify,
        admin::jobs::show,
        admin::jobs::run,
        admin::outbox::show,
        admin::outbox::retry,
        admin::outbox::works,
        admin::settings::show,
        admin::settings::put,
        admin::settings::permissions,
        admin::routing_rules::list,
        admin::routing_rules::new,
        admin::routing_rules::create,
        admin::routing_rules::show,
        admin::routing_rules::change,
        admin::routing_rules::remove,
        admin::request_fields::list,
        admin::request_fields::new,
        admin::request_fields::create,
        admin::request_fields::show,
        admin::request_fields::change,
        admin::request_fields::remove,
        admin::intake_mailboxes::list,
        admin::intake_mailboxes::new,
        admin::intake_mailboxes::create,
        admin::intake_mailboxes::show,
        admin::intake_mailboxes::change,
        admin::intake_mailboxes::remove,
        admin::hours::list,
        admin::hours::show,
        admin::hours::change,
        organizations::list::show,
        organizations::form::new,
        organizations::form::create,
        organizations::form::show,
        organizations::form::change,
        organizations::state::show,
        organizations::state::put,
        organizations::import::show,
        organizations::import::run,
        people::list::show,
        people::form::new,
        people::form::create,
        people::form::show,
        people::form::change,
        people::state::show,
        people::state::put,
        people::state::give_link,
        people::state::end_sessions,
        people::import::show,
        people::import::run,
        profile::show,
        profile::prefer,
        profile::change_password,
        profile::end_session,
        profile::end_others,
        about::accessibility,
        about::privacy,
    ];
    routes.extend(api::routes());
    routes
}

/// Rocket's settings as we ship them; `Rocket.toml` and `ROCKET_…` come on top.
pub fn defaults() -> Config {
    Config {
        // Rocket believes anyone who sends its header: addresses of clients are read by `guard` from trusted proxies only.
        ip_header: None,
        log_level: rocket::config::LogLevel::Off,
        cli_colors: false,
        ident: rocket::config::Ident::none(),
        limits: Limits::default()
            .limit("form", 64.kibibytes())
            .limit("json", 256.kibibytes())
            .limit("data-form", 6.mebibytes()),
        ..Config::default()
    }
}

/// The web server, not yet listening.
pub fn rocket(figment: Figment, app: Shared) -> anyhow::Result<Rocket<Build>> {
    let assets = Arc::new(Assets::load());
    let templates = Templates::new(assets.clone()).context("the templates cannot be read")?;
    let site = Site {
        app,
        templates,
        assets,
        pace: pace::Pace::of_tokens(),
        callers: pace::Pace::of_callers(),
        addresses: pace::Pace::of_addresses(),
        told: health::Told::default(),
    };
    Ok(rocket::custom(figment)
        .manage(site)
        .mount("/", routes())
        .register("/", rocket::catchers![outcome::catch])
        .attach(headers::Headers))
}
