//! In charge of `/api/v1`: the same verbs and rights as the pages, one file for each resource, JSON.

pub mod attachments;
mod audit;
mod body;
mod calendars;
mod canned_answers;
mod capacity;
mod folders;
mod grants;
mod groups;
mod intake_mailboxes;
mod intake_mails;
mod jobs;
mod mailboxes;
mod messages;
mod once;
mod openapi;
mod organizations;
mod outbox;
mod request_fields;
mod ticket_duplicates;
pub mod ticket_messages;
mod ticket_verbs;
mod tickets;
mod users;
mod views;

use rocket::{Responder, Route, routes};
use serde::Serialize;

use super::outcome::Failure;
use crate::model::page::{Cursor, Page, Window};
pub use body::Body;

/// Every operation of the API.
pub fn routes() -> Vec<Route> {
    routes![
        openapi::show,
        organizations::list,
        organizations::create,
        organizations::show,
        organizations::change,
        users::list,
        users::create,
        users::show,
        users::change,
        calendars::list,
        calendars::show,
        calendars::due,
        capacity::show,
        capacity::add_block,
        mailboxes::list,
        mailboxes::create,
        mailboxes::show,
        mailboxes::change,
        mailboxes::remove,
        mailboxes::put_password,
        mailboxes::refresh_one,
        mailboxes::refresh_all,
        grants::list,
        grants::put,
        grants::remove,
        folders::list,
        messages::list,
        messages::show,
        messages::raw,
        jobs::list,
        jobs::runs,
        jobs::run,
        jobs::begin,
        audit::list,
        attachments::create,
        attachments::show,
        tickets::list,
        tickets::create,
        tickets::show,
        tickets::change,
        tickets::link,
        tickets::unlink,
        ticket_duplicates::list,
        ticket_duplicates::dismiss,
        ticket_messages::list,
        ticket_messages::create,
        ticket_verbs::take,
        ticket_verbs::wait,
        ticket_verbs::escalate,
        ticket_verbs::resolve,
        ticket_verbs::reopen,
        ticket_verbs::close,
        ticket_verbs::cancel,
        ticket_verbs::restore,
        ticket_verbs::merge,
        ticket_verbs::unmerge,
        ticket_verbs::split,
        ticket_verbs::remove,
        request_fields::list,
        ticket_verbs::address_works,
        canned_answers::list,
        canned_answers::create,
        canned_answers::change,
        canned_answers::remove,
        groups::list,
        groups::create,
        groups::show,
        groups::change,
        intake_mails::held,
        intake_mails::unprocessed,
        intake_mails::accept,
        intake_mails::retry,
        intake_mails::held_raw,
        intake_mails::unprocessed_raw,
        ticket_messages::raw,
        intake_mailboxes::list,
        intake_mailboxes::create,
        intake_mailboxes::show,
        intake_mailboxes::change,
        intake_mailboxes::remove,
        outbox::list,
        outbox::retry,
        outbox::address_works,
        views::list,
        views::create,
        views::change,
        views::remove,
    ]
}

/// A thing, or why there is none.
pub type ApiResult<T> = Result<Json<T>, Failure>;

/// A thing as JSON.
pub type Json<T> = rocket::serde::json::Json<T>;

/// A thing that was made: 201.
#[derive(Responder)]
#[response(status = 201)]
pub struct Created<T>(pub Json<T>);

/// Work that was begun: 202.
#[derive(Responder)]
#[response(status = 202)]
pub struct Accepted<T>(pub Json<T>);

/// A part of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    /// Give it back as `cursor` to go on; null at the end.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A page of our things, each as the API shows it.
    pub fn of<S>(page: Page<S>, show: impl FnMut(S) -> T) -> Json<List<T>> {
        rocket::serde::json::Json(List {
            items: page.items.into_iter().map(show).collect(),
            next: page.next.map(|next| next.encode()),
        })
    }
}

/// Which run was begun.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Begun {
    pub run_id: String,
}

/// How much of a list is asked for; a limit or a cursor that cannot be read is told.
pub fn window(limit: Option<&str>, cursor: Option<&str>) -> Result<Window, Failure> {
    let mut wrong = Vec::new();
    let limit = match limit.map(str::parse::<usize>) {
        None => 50,
        Some(Ok(limit)) if (1..=200).contains(&limit) => limit,
        Some(_) => {
            wrong.push(crate::input::FieldError::new("limit", "not-a-number"));
            0
        }
    };
    let after = cursor.map(Cursor::decode);
    if after == Some(None) {
        wrong.push(crate::input::FieldError::new("cursor", "cursor"));
    }
    if wrong.is_empty() { Ok(Window { limit, after: after.flatten() }) } else { Err(wrong.into()) }
}
