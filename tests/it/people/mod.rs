//! In charge of what is promised about people: links, log-ins, sessions, keys, forms that only our own pages can send.

mod addresses;
mod administrators;
mod brake;
mod changes;
mod csrf;
mod enrolment;
mod links;
mod sessions;
mod tokens;
