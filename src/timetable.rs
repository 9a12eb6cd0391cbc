//! In charge of when each job is due: every timed job on one screen. Does not know what the jobs do. Pure.

use cron::Schedule;

use crate::clock::Moment;
use crate::config::Settings;
use crate::model::job::JobName;
use crate::schedule;

/// A job and its schedule, in the installation's time zone.
#[derive(Debug, Clone)]
pub struct Timed {
    pub name: JobName,
    /// The schedule as the settings write it.
    pub text: String,
    /// False when the settings leave it nothing to do: then it never begins by itself.
    pub enabled: bool,
    schedule: Schedule,
    zone: chrono_tz::Tz,
}

/// Every timed job.
pub fn timetable(settings: &Settings) -> Vec<Timed> {
    JobName::ALL.into_iter().filter_map(|name| timed(name, settings)).collect()
}

/// One job's times. None only for a schedule that does not parse: the settings were checked at the start.
pub fn timed(name: JobName, settings: &Settings) -> Option<Timed> {
    let text = match name {
        JobName::RefreshMailboxes => settings.refresh_schedule.clone(),
        // What is put in the outbox leaves at once, and what comes is taken in at once: the run tells how it went.
        JobName::DeliverMail | JobName::TakeInMail | JobName::CheckDeadlines => "0 * * * * *".into(),
        JobName::CloseResolved => "0 15 * * * *".into(),
        JobName::Retention => "0 30 3 * * *".into(),
    };
    let enabled = name != JobName::DeliverMail || settings.smtp_url.is_some();
    Some(Timed { name, enabled, schedule: schedule::parse(&text).ok()?, text, zone: settings.time_zone })
}

impl Timed {
    /// When the job is due next. None when its schedule is over.
    pub fn next(&self, now: Moment) -> Option<Moment> {
        schedule::next_slot(&self.schedule, self.zone, now)
    }

    /// When the job was last due.
    pub fn last(&self, now: Moment) -> Option<Moment> {
        schedule::last_slot(&self.schedule, self.zone, now)
    }
}
