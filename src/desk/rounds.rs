//! In charge of what time does at the desk (J06–J07): warnings before deadlines, and the end of what was solved long ago. Each
//! step is a transaction of its own and does nothing the second time, so a stop anywhere loses and doubles nothing.

use std::time::Duration;

use super::deadline::{self, Promise};
use super::notice::{self, Notice, To};
use super::{changed, hours, nobody, routing, told};
use crate::app::{App, Shared};
use crate::audit;
use crate::clock::Moment;
use crate::model::id::{RunId, TicketId};
use crate::model::job::{JobName, Run, Tally};
use crate::model::routing::Occasion;
use crate::model::ticket::{Event, State, Ticket};
use crate::model::trace::{Act, Actor};
use crate::store::{self, Result};

/// The shares of a target at which somebody is warned (S11).
const WARNED_AT: [i64; 3] = [50, 75, 100];

/// The same for the next word to those who asked, which comes round often.
const UPDATE_WARNED_AT: [i64; 2] = [75, 100];

/// How many tickets are read at once.
const AT_ONCE: i64 = 200;

/// A run that was begun so long ago and has not ended belongs to a program that is gone.
const GIVEN_UP: Duration = Duration::from_secs(3600);

/// Begins a round, by the schedule (`slot`) or because somebody asks; it goes on by itself. None when the slot has one.
pub async fn begin(app: &Shared, job: JobName, slot: Option<Moment>, asked: Option<&Actor>) -> Result<Option<RunId>> {
    run(app, job, slot, asked, move |app| async move { make(&app, job).await }).await
}

/// Begins any round: what is made in it, beside whoever waits, says how it went. None when another node has begun this slot.
pub async fn run<F: Future<Output = Tally> + Send>(
    app: &Shared,
    job: JobName,
    slot: Option<Moment>,
    asked: Option<&Actor>,
    make: impl FnOnce(Shared) -> F + Send + 'static,
) -> Result<Option<RunId>> {
    let now = app.clock.now();
    let run = Run { id: RunId::new(), job, slot, started_at: now, finished_at: None, outcome: None, tally: None };
    let mut tx = app.db.begin().await?;
    if !store::runs::insert(&mut tx, &run, &app.node, asked.map(|actor| actor.name.as_str())).await? {
        return Ok(None);
    }
    let (nobody, nothing) = ("", Tally { well: 0, failed: 0 });
    let given_up = Moment(now.0 - GIVEN_UP.as_millis() as i64);
    store::runs::finish_open(&mut tx, job, nobody, given_up, nothing, now).await?;
    if let Some(actor) = asked {
        audit::record(app, &mut tx, actor, Act::on("job.run", job.as_str())).await?;
    }
    tx.commit().await?;
    let (app, id) = (app.clone(), run.id.clone());
    tokio::spawn(async move {
        let tally = make(app.clone()).await;
        let ended = async {
            let mut tx = app.db.begin().await?;
            store::runs::finish(&mut tx, &id, tally, app.clock.now()).await?;
            tx.commit().await
        };
        if let Err(fault) = ended.await {
            tracing::warn!(error = %fault, job = job.as_str(), "the end of a round could not be written");
        }
    });
    Ok(Some(run.id))
}

/// What is looked at in a round, ticket by ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    Warn,
    Close,
    Remind,
}

async fn make(app: &App, job: JobName) -> Tally {
    let mut tally = Tally { well: 0, failed: 0 };
    let tasks: &[Task] = match job {
        JobName::CheckDeadlines => &[Task::Warn],
        _ => &[Task::Close, Task::Remind],
    };
    // Whatever a change of hours left unmoved when the program stopped.
    if job == JobName::CheckDeadlines {
        match hours::follow(app).await {
            Ok(moved) => tally.well += i64::try_from(moved).unwrap_or_default(),
            Err(fault) => {
                tracing::error!(error = %fault, "deadlines could not follow the hours; the next round goes on");
                tally.failed += 1;
            }
        }
    }
    for task in tasks {
        let mut after: Option<TicketId> = None;
        loop {
            match part(app, *task, after.as_ref(), &mut tally).await {
                Ok(None) => break,
                Ok(last) => after = last,
                Err(fault) => {
                    tracing::error!(error = %fault, job = job.as_str(), "a round broke off; the next one goes on");
                    tally.failed += 1;
                    return tally;
                }
            }
        }
    }
    tally
}

/// One handful of tickets; the last of them, or None when there are no more.
async fn part(app: &App, task: Task, after: Option<&TicketId>, tally: &mut Tally) -> Result<Option<TicketId>> {
    let now = app.clock.now();
    let hours = hours::promise(app, &mut *app.db.read().await?).await?;
    let mut last = None;
    let ids = match task {
        // Nobody is warned at night: what became due is told when the desk opens (S11).
        Task::Warn | Task::Remind if !hours.calendar.is_open(now) => Vec::new(),
        Task::Warn => {
            let running = store::deadlines::running(&mut *app.db.read().await?, after, AT_ONCE).await?;
            last = running.last().map(|ticket| ticket.id.clone());
            let is_due = |ticket: &Ticket| !due_warnings(&hours, ticket, now).is_empty();
            running.into_iter().filter(is_due).map(|ticket| ticket.id).collect()
        }
        Task::Close => store::tickets::resolved_before(&mut *app.db.read().await?, now, after, AT_ONCE).await?,
        Task::Remind => store::deadlines::waiting(&mut *app.db.read().await?, after, AT_ONCE).await?,
    };
    for id in &ids {
        // One that cannot be looked at does not keep the others from it.
        let done = match task {
            Task::Warn => warn(app, &hours, id, now).await,
            Task::Close => close(app, &hours, id, now).await,
            Task::Remind => remind(app, &hours, id, now).await,
        };
        match done {
            Ok(did) => tally.well += i64::from(did),
            Err(fault) => {
                tracing::warn!(error = %fault, ticket = %id, "a ticket could not be looked at");
                tally.failed += 1;
            }
        }
    }
    app.post.notify_one();
    Ok(last.or_else(|| ids.last().cloned()))
}

/// A clock of which somebody is warned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warning {
    pub percent: i64,
    /// The word of the clock.
    pub clock: &'static str,
    /// When it began, for one that begins again; else 0.
    pub since: i64,
}

/// The warnings that are due for a ticket.
pub fn due_warnings(hours: &Promise, ticket: &Ticket, now: Moment) -> Vec<Warning> {
    let (targets, clocks) = (hours.of(ticket.severity), &ticket.clocks);
    let mut due = Vec::new();
    let mut add = |clock: &'static str, (from, since): (Moment, i64), target: Duration, paused_ms: i64, at: &[i64]| {
        let used = hours.calendar.open_between(from, now) - paused_ms;
        let share = used.saturating_mul(100) / i64::try_from(target.as_millis()).unwrap_or(i64::MAX).max(1);
        due.extend(at.iter().filter(|at| share >= **at).map(|percent| Warning { percent: *percent, clock, since }));
    };
    if !ticket.state.is_active() || ticket.deleted_at.is_some() {
        return due;
    }
    let created = (ticket.created_at, 0);
    if clocks.first_responded_at.is_none() {
        add("first_response", created, targets.first_response, clocks.paused_ms, &WARNED_AT);
    }
    if let Some(since) = clocks.next_update_since.filter(|_| clocks.next_update_due_at.is_some()) {
        add("next_update", (since, since.0), targets.next_update, 0, &UPDATE_WARNED_AT);
    }
    if clocks.resolution_due_at.is_some() {
        add("resolution", created, hours.to_resolve(ticket), clocks.paused_ms, &WARNED_AT);
    }
    due
}

/// Gives the warnings that are due and were not given. True when there was one.
async fn warn(app: &App, hours: &Promise, id: &TicketId, now: Moment) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    let Some(mut ticket) = store::tickets::lock(&mut tx, id).await? else { return Ok(false) };
    let mut highest = None;
    for Warning { percent, clock, since } in due_warnings(hours, &ticket, now) {
        if store::deadlines::warn(&mut tx, id, (clock, since, percent, ticket.severity), now).await? {
            highest = highest.max(Some((percent, clock)));
        }
    }
    // After a stop several may be due at once: the highest is told, the others are noted as given.
    let Some((percent, clock)) = highest else { return Ok(false) };
    let what = match clock {
        "first_response" => "deadline-first-response",
        "next_update" => "deadline-next-update",
        _ => "deadline-resolution",
    };
    told(&mut tx, &ticket, false, now, Event { new: percent.to_string(), ..changed(what) }).await?;
    let by = nobody();
    if percent >= 100 {
        let said = store::ticket_messages::first_said(&mut tx, id).await?.unwrap_or_default();
        if let Some(placed) = routing::place(&mut tx, Occasion::Overdue, &ticket, &said, None).await? {
            store::tickets::update(&mut tx, &placed.ticket).await?;
            routing::note(app, &mut tx, &placed, &by, now).await?;
            ticket = placed.ticket;
        }
    }
    let text = percent.to_string();
    let notice = Notice { kind: "ticket-deadline", text: &text, message: None };
    let mut to = vec![To::Assignee];
    if percent >= 75 {
        to.push(To::Leader);
    }
    if percent >= 100 || ticket.assignee_id.is_none() {
        to.push(To::Level(2));
    }
    notice::tell(app, &mut tx, &by, &ticket, &to, &notice).await?;
    let detail = format!("{clock} {percent}%");
    audit::record(app, &mut tx, &Actor::system(), Act::on("ticket.warned", &ticket.number).with(detail)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Closes a ticket that was solved and not opened again in its time (J07). True when it was closed.
async fn close(app: &App, hours: &Promise, id: &TicketId, now: Moment) -> Result<bool> {
    let is_over = |ticket: &Ticket| {
        let end = ticket.clocks.resolved_at.and_then(|at| hours.calendar.due(at, super::reply::REOPENS_WITHIN));
        ticket.state == State::Resolved && ticket.deleted_at.is_none() && end.is_some_and(|end| end.at <= now)
    };
    let seen = store::tickets::find_by_id(&mut *app.db.read().await?, id).await?;
    if !seen.is_some_and(|ticket| is_over(&ticket)) {
        return Ok(false);
    }
    let mut tx = app.db.begin().await?;
    let Some(old) = store::tickets::lock(&mut tx, id).await?.filter(is_over) else { return Ok(false) };
    let new = Ticket { state: State::Closed, updated_at: now, ..old };
    store::tickets::update(&mut tx, &new).await?;
    told(&mut tx, &new, true, now, changed("closed-by-time")).await?;
    let notice = Notice { kind: "ticket-closed", text: "", message: None };
    notice::tell(app, &mut tx, &nobody(), &new, &[To::Asking], &notice).await?;
    audit::record(app, &mut tx, &Actor::system(), Act::on("ticket.closed", &new.number)).await?;
    tx.commit().await?;
    Ok(true)
}

/// How long who was asked something is waited for before each reminder, and after the last one: three working days of the desk, of
/// 11 hours each (features.md 4.1).
const PATIENCE: Duration = Duration::from_secs(33 * 3600);

/// How often somebody is reminded.
const REMINDERS: i64 = 2;

/// The reminder that is due in a wait, counted from one; one more than the last is the end of it.
fn due_reminder(hours: &Promise, ticket: &Ticket, now: Moment) -> Option<(Moment, i64)> {
    let since = ticket.clocks.paused_at.filter(|_| ticket.state == State::PendingRequester)?;
    let waited = hours.calendar.open_between(since, now) / i64::try_from(PATIENCE.as_millis()).unwrap_or(i64::MAX);
    (waited >= 1 && ticket.deleted_at.is_none()).then_some((since, waited.min(REMINDERS + 1)))
}

/// Reminds a requester who was asked something, or ends a wait that nobody has answered (J08). True when it did.
async fn remind(app: &App, hours: &Promise, id: &TicketId, now: Moment) -> Result<bool> {
    let seen = store::tickets::find_by_id(&mut *app.db.read().await?, id).await?;
    if seen.is_none_or(|ticket| due_reminder(hours, &ticket, now).is_none()) {
        return Ok(false);
    }
    let mut tx = app.db.begin().await?;
    let Some(old) = store::tickets::lock(&mut tx, id).await? else { return Ok(false) };
    let Some((since, number)) = due_reminder(hours, &old, now) else { return Ok(false) };
    if !store::deadlines::remind(&mut tx, id, since, number, now).await? {
        return Ok(false);
    }
    let reason = old.reason.clone().unwrap_or_default();
    let (kind, act) = if number > REMINDERS {
        // It is solved as far as the desk can; a reply opens it again in its time.
        let mut new = Ticket { state: State::Resolved, updated_at: now, ..old.clone() };
        new.clocks = deadline::moved(hours, &new, now);
        store::tickets::update(&mut tx, &new).await?;
        told(&mut tx, &new, true, now, changed("resolved-by-silence")).await?;
        ("ticket-unanswered", Act::on("ticket.resolved", &old.number).with("no answer"))
    } else {
        told(&mut tx, &old, true, now, Event { new: number.to_string(), ..changed("reminded") }).await?;
        ("ticket-reminder", Act::on("ticket.reminded", &old.number).with(number.to_string()))
    };
    let notice = Notice { kind, text: &reason, message: None };
    notice::tell(app, &mut tx, &nobody(), &old, &[To::Asking], &notice).await?;
    audit::record(app, &mut tx, &Actor::system(), act).await?;
    tx.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn waiting_is_no_time_gone_by() {
        let at = |hour| Moment::from(chrono_tz::Europe::Rome.with_ymd_and_hms(2026, 11, 23, hour, 0, 0).unwrap());
        let calendar = crate::calendar::Calendar::assistance(String::new(), chrono_tz::Europe::Rome);
        let hours = Promise::shipped(calendar);
        let ticket = |paused_ms| crate::desk::rounds::tests::ticket(at(8), paused_ms, &hours);
        let due = |ticket: &Ticket, hour| due_warnings(&hours, ticket, at(hour));
        assert_eq!(due(&ticket(0), 9), []);
        let resolution = |percent| Warning { percent, clock: "resolution", since: 0 };
        assert_eq!(due(&ticket(0), 10), [resolution(50)]);
        assert_eq!(due(&ticket(0), 12), [resolution(50), resolution(75), resolution(100)]);
        assert_eq!(due(&ticket(2 * 3_600_000), 11), [], "two of three hours were others'");
    }

    fn ticket(created: Moment, paused_ms: i64, hours: &Promise) -> Ticket {
        use crate::model::ticket::{Clocks, Severity};
        let (state, severity) = (State::Open, Severity::Critical);
        let new = Ticket { state, severity, created_at: created, ..crate::desk::tests::ticket() };
        let clocks = Clocks { first_responded_at: Some(created), paused_ms, ..deadline::begin(hours, &new) };
        Ticket { clocks, ..new }
    }
}
