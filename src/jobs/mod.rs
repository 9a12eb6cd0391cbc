//! In charge of work that time starts: which job is done when, and by which function. Thin: the verbs are on floor 2.

mod runner;

pub use runner::{Stop, run};

use cron::Schedule;

use crate::app::App;
use crate::clock::Moment;
use crate::model::job::JobName;
use crate::{hub, schedule, store};

/// One job of the register.
pub struct Job {
    pub name: JobName,
    /// The schedule as people read it.
    pub text: String,
    schedule: Schedule,
}

/// Every timed job on one screen: what it is called and when it is due. `begin` says what is done then.
pub fn register(app: &App) -> Vec<Job> {
    let timetable = [(JobName::RefreshMailboxes, app.settings.refresh_schedule.as_str())];
    let jobs = timetable.into_iter().filter_map(|(name, text)| {
        // The settings were checked at the start: only a schedule that parses comes this far.
        let schedule = schedule::parse(text).ok()?;
        Some(Job { name, text: text.into(), schedule })
    });
    jobs.collect()
}

impl Job {
    /// When the job is due next. None when its schedule is over.
    pub fn next(&self, app: &App, now: Moment) -> Option<Moment> {
        schedule::next_slot(&self.schedule, app.settings.time_zone, now)
    }

    /// When the job was last due.
    pub fn last(&self, app: &App, now: Moment) -> Option<Moment> {
        schedule::last_slot(&self.schedule, app.settings.time_zone, now)
    }
}

/// What is done when a job is due. Nothing when another node has begun the slot.
async fn begin(app: &App, name: JobName, slot: Moment) -> store::Result<()> {
    match name {
        JobName::RefreshMailboxes => hub::refresh::begin_slot(app, slot).await.map(drop),
    }
}
