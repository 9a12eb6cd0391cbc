//! In charge of telling a supervisor whether we live and whether we can serve. Counts only, never addresses.

use std::sync::atomic::{AtomicBool, Ordering};

use rocket::http::Status;
use rocket::serde::json::Json;
use rocket::{State, get};
use serde_json::{Value, json};

use super::Site;
use crate::store;
use crate::timetable::timetable;

/// The process is up.
#[get("/healthz")]
pub fn alive() -> &'static str {
    "ok\n"
}

/// The database answers, its schema is ours, the key is the one that seals it. Late jobs are told, and are no reason to be sent away.
#[get("/readyz")]
pub async fn ready(site: &State<Site>) -> (Status, Json<Value>) {
    let is_migrated = site.app.db.is_migrated().await;
    let has_key = match site.app.db.read().await {
        Ok(mut c) => {
            let key_id = store::keys::key_id(&mut c).await.ok().flatten();
            key_id.is_some_and(|key_id| site.app.keys.master.named(&key_id).is_some())
        }
        Err(_) => false,
    };
    let late = late_jobs(site).await.unwrap_or_default();
    let is_ready = is_migrated && has_key;
    let body = json!({"ready": is_ready, "database": is_migrated, "key": has_key, "late_jobs": late});
    (if is_ready { Status::Ok } else { Status::ServiceUnavailable }, Json(body))
}

/// What was logged already, so that asking often does not fill the log.
#[derive(Debug, Default)]
pub struct Told {
    is_clock_behind: AtomicBool,
}

/// The jobs that should have begun more than two minutes ago and have not, and those that will not begin because the clock
/// was put back: they have begun already at a time that is still to come.
pub async fn late_jobs(site: &Site) -> store::Result<Vec<&'static str>> {
    const GRACE_MS: i64 = 120_000;
    let now = site.app.clock.now();
    let (mut late, mut is_clock_behind) = (Vec::new(), false);
    let mut c = site.app.db.read().await?;
    for job in timetable(&site.app.settings).into_iter().filter(|job| job.enabled) {
        let due = job.last(crate::clock::Moment(now.0 - GRACE_MS));
        let last = store::runs::last_slot(&mut c, job.name).await?;
        // Another node's clock may be a little ahead, but not by more than a slot.
        let is_ahead = job.next(now).is_some_and(|next| last > Some(next));
        is_clock_behind |= is_ahead;
        // A database that has never run it is new, not late.
        if last.is_some() && (last < due || is_ahead) {
            late.push(job.name.as_str());
        }
    }
    if !site.told.is_clock_behind.swap(is_clock_behind, Ordering::Relaxed) && is_clock_behind {
        tracing::warn!("jobs have begun at a time that is still to come: the clock was put back, and they wait for it");
    }
    Ok(late)
}
