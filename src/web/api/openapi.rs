//! In charge of the API's description (OpenAPI 3.1), made from the code of the operations. A test holds it against the routes.

use rocket::get;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{
    Json, attachments, audit, calendars, canned_answers, capacity, folders, grants, groups, intake_mailboxes,
    intake_mails, jobs, mailboxes, messages, organizations, outbox, request_fields, ticket_duplicates, ticket_messages,
    ticket_verbs, tickets, users, views,
};

/// What the program describes of itself.
#[derive(OpenApi)]
#[openapi(
    info(title = "Sportello", description = "Watched certified mailboxes (PEC) of public administrations."),
    servers((url = "/api/v1")),
    security(("token" = [])),
    modifiers(&Token),
    paths(
        organizations::list, organizations::create, organizations::show, organizations::change,
        users::list, users::create, users::show, users::change,
        calendars::list, calendars::show, calendars::due,
        capacity::show, capacity::add_block,
        mailboxes::list, mailboxes::create, mailboxes::show, mailboxes::change, mailboxes::remove, mailboxes::put_password,
        mailboxes::refresh_one, mailboxes::refresh_all,
        grants::list, grants::put, grants::remove,
        folders::list, messages::list, messages::show, messages::raw,
        jobs::list, jobs::runs, jobs::run, jobs::begin,
        audit::list,
        attachments::create, attachments::show,
        tickets::list, tickets::create, tickets::show, tickets::change, tickets::link, tickets::unlink,
        ticket_messages::list, ticket_messages::create, ticket_duplicates::list, ticket_duplicates::dismiss,
        ticket_verbs::take, ticket_verbs::wait, ticket_verbs::escalate, ticket_verbs::resolve, ticket_verbs::reopen, ticket_verbs::close, ticket_verbs::cancel, ticket_verbs::restore, ticket_verbs::merge, ticket_verbs::unmerge, ticket_verbs::split, ticket_verbs::remove, ticket_verbs::address_works,
        request_fields::list,
        canned_answers::list, canned_answers::create, canned_answers::change, canned_answers::remove,
        groups::list, groups::create, groups::show, groups::change,
        intake_mails::held, intake_mails::unprocessed, intake_mails::accept, intake_mails::retry, intake_mails::held_raw, intake_mails::unprocessed_raw, ticket_messages::raw,
        intake_mailboxes::list, intake_mailboxes::create, intake_mailboxes::show, intake_mailboxes::change, intake_mailboxes::remove,
        outbox::list, outbox::retry, outbox::address_works,
        views::list, views::create, views::change, views::remove,
    )
)]
struct Description;

/// Every operation takes a token.
struct Token;

impl Modify for Token {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        description.components.get_or_insert_default().add_security_scheme("token", bearer);
    }
}

/// The description; whoever writes a client may read it.
#[get("/api/v1/openapi.json")]
pub fn show() -> Json<utoipa::openapi::OpenApi> {
    Json::from(Description::openapi())
}
