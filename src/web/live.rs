//! In charge of telling open pages that something has changed. The word travels through a counter in the database, so it
//! reaches the consoles of every node; pages then ask again for the fragment that they show.

use std::time::Duration;

use rocket::response::stream::{Event, EventStream};
use rocket::{Shutdown, State, get};
use tokio::sync::watch;

use super::Site;
use super::guard::{Agent, Asker};
use super::outcome::Failure;
use crate::app::Shared;
use crate::model::id::SessionId;
use crate::people::rights::Act;
use crate::store;

/// How often the counter is read when nobody rings: what another node has done shows after so long at most.
const LOOK_EVERY: Duration = Duration::from_millis(700);

/// Changes in quick order are told together: the first at once, the next so much later at the earliest.
const BETWEEN_EVENTS: Duration = Duration::from_millis(250);

/// How often a silent stream says that it lives; a browser that is gone is noticed only when something is written to it.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Follows the counter of the mailboxes until told to stop.
pub async fn follow(app: Shared, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let revision = async { store::mailboxes::revision(&mut *app.db.read().await?).await };
        match revision.await {
            Ok(revision) => {
                if app.revision.send_if_modified(|known| std::mem::replace(known, revision) != revision) {
                    tokio::time::sleep(BETWEEN_EVENTS).await;
                }
            }
            Err(fault) => tracing::warn!(error = %fault, "the counter of the mailboxes could not be read"),
        }
        tokio::select! {
            () = app.changed.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// How often a stream looks whether its session lasts.
const LOOK_AT_SESSION: Duration = Duration::from_secs(5);

/// A stream of events: `caselle` each time that some mailbox has changed. Ends with us and, a few seconds later, with its
/// session; it says only that something has changed, and what has is asked for with the rights of that moment.
#[get("/eventi?<argomenti>")]
pub fn events<'a>(
    argomenti: &'a str,
    agent: Agent,
    site: &'a State<Site>,
    mut end: Shutdown,
) -> Result<EventStream![Event + 'a], Failure> {
    if argomenti != "caselle" {
        return Err(Failure::NotFound);
    }
    agent.must(Act::ListMailboxes)?;
    let mut revision = site.app.revision.subscribe();
    let max = site.app.settings.session_max.as_millis() as i64;
    let until = Duration::from_millis((max - site.app.clock.now().since(agent.session.created_at)).max(0) as u64);
    let stream = EventStream! {
        let over = tokio::time::sleep(until);
        tokio::pin!(over);
        let mut looking = tokio::time::interval(LOOK_AT_SESSION);
        // A page that comes back has missed what happened meanwhile: the first word is always that.
        revision.mark_changed();
        loop {
            tokio::select! {
                changed = revision.changed() => {
                    if changed.is_err() {
                        break;
                    }
                    let now = *revision.borrow_and_update();
                    yield Event::data(now.to_string()).event("caselle").id(now.to_string());
                }
                _ = looking.tick() => {
                    if is_over(&site.app, &agent.session.id).await {
                        break;
                    }
                }
                () = &mut over => break,
                _ = &mut end => break,
            }
        }
    };
    Ok(stream.heartbeat(HEARTBEAT))
}

/// True when a session was ended: by a log-out, from another browser, with the account. What cannot be asked is taken to last.
async fn is_over(app: &Shared, session: &SessionId) -> bool {
    let is_there = async { store::sessions::is_there(&mut *app.db.read().await?, session).await };
    !is_there.await.unwrap_or(true)
}
