//! In charge of what lies on disk outside the database. Does not know tables, mail or pages.

pub mod archive;
pub mod blob;
pub mod key_file;
pub mod lock;
pub mod master;
pub mod scratch;
