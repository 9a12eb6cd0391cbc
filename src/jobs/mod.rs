//! In charge of work that time starts: which function does which job. Thin: the times are in `timetable`, the verbs on floor 2.

mod runner;
mod writer;

pub use runner::{Stop, help, run};

use crate::app::App;
use crate::clock::Moment;
use crate::model::job::JobName;
use crate::{hub, store};

/// What is done when a job is due. Nothing when another node has begun the slot.
async fn begin(app: &App, name: JobName, slot: Moment) -> store::Result<()> {
    match name {
        JobName::RefreshMailboxes => hub::refresh::begin_slot(app, slot).await.map(drop),
    }
}
