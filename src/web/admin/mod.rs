//! In charge of the pages for those who answer for the installation: `/registro`, `/lavori`.

pub mod audit;
pub mod jobs;
pub mod settings;
