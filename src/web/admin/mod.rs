//! In charge of the pages for those who answer for the installation: `/registro`, `/lavori`, `/posta-in-uscita`, `/impostazioni`.

pub mod audit;
pub mod hours;
pub mod intake_mailboxes;
pub mod jobs;
pub mod outbox;
pub mod request_fields;
pub mod routing_rules;
pub mod settings;
