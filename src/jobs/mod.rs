//! In charge of work that time starts: which function does which job. Thin: the times are in `timetable`, the verbs on floor 2.

mod collector;
mod postman;
mod runner;
mod sender;
mod taker;
mod writer;

pub use runner::{Stop, help};

use crate::app::Shared;
use crate::clock::Moment;
use crate::model::job::JobName;
use crate::{desk, hub, intake, outbox, store};

/// Runs until told to stop: the jobs begin at their times, visits are made, mail is delivered.
pub async fn run(app: Shared, stop: Stop) {
    tokio::join!(
        runner::run(app.clone(), stop.clone()),
        sender::run(app.clone(), stop.clone()),
        collector::run(app.clone(), stop.clone()),
        taker::run(app.clone(), stop.clone()),
        postman::run(app, stop)
    );
}

/// What is done when a job is due. Nothing when another node has begun the slot.
async fn begin(app: &Shared, name: JobName, slot: Moment) -> store::Result<()> {
    match name {
        JobName::RefreshMailboxes => hub::refresh::begin_slot(app, slot).await.map(drop),
        JobName::DeliverMail => outbox::delivery::begin_slot(app, slot).await.map(drop),
        JobName::CheckDeadlines | JobName::CloseResolved => {
            desk::rounds::begin(app, name, Some(slot), None).await.map(drop)
        }
        JobName::TakeInMail | JobName::Retention => intake::rounds::begin(app, name, Some(slot), None).await.map(drop),
    }
}
