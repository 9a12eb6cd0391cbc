//! In charge of what lies on disk outside the database. Does not know tables, mail or pages.

pub mod key_file;
pub mod lock;
pub mod master;
