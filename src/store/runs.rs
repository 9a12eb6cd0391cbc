//! In charge of the statements on runs of jobs (table `job_runs`).

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::filter::Filter;
use super::row::{get, moment, moment_or_none, text, word};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::model::id::RunId;
use crate::model::job::{JobName, Outcome, Run, Tally};
use crate::model::page::{Page, Window};

const COLUMNS: &str = "id, job, slot, started_at, finished_at, outcome, well, failed";

fn read(row: &AnyRow) -> Result<Run> {
    let outcome: Option<String> = get(row, "outcome")?;
    let (well, failed): (Option<i64>, Option<i64>) = (get(row, "well")?, get(row, "failed")?);
    Ok(Run {
        id: text(row, "id")?.into(),
        job: word(row, "job", JobName::parse)?,
        slot: moment_or_none(row, "slot")?,
        started_at: moment(row, "started_at")?,
        finished_at: moment_or_none(row, "finished_at")?,
        outcome: outcome.as_deref().and_then(Outcome::parse),
        tally: well.zip(failed).map(|(well, failed)| Tally { well, failed }),
    })
}

/// Begins a run. False when the slot has one already: another node was quicker, or this is a restart.
pub async fn insert(tx: &mut Tx, run: &Run, node: &str, asked_by: Option<&str>) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO job_runs (id, job, slot, node, started_at, asked_by) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
    )
    .bind(run.id.as_str())
    .bind(run.job.as_str())
    .bind(run.slot.map(|slot| slot.0))
    .bind(node)
    .bind(run.started_at.0)
    .bind(asked_by)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a run that has not ended yet.
pub async fn finish(tx: &mut Tx, id: &RunId, tally: Tally, now: Moment) -> Result<()> {
    sqlx::query("UPDATE job_runs SET finished_at = $2, outcome = $3, well = $4, failed = $5 WHERE id = $1 AND finished_at IS NULL")
        .bind(id.as_str())
        .bind(now.0)
        .bind(tally.outcome().as_str())
        .bind(tally.well)
        .bind(tally.failed)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Runs that have not ended although none of their visits is left to make, with the visits' tally.
pub async fn ready_to_finish(c: &mut AnyConnection) -> Result<Vec<(RunId, Tally)>> {
    let rows = sqlx::query(
        "SELECT r.id AS id,
         (SELECT COUNT(*) FROM visits v WHERE v.run_id = r.id AND v.outcome = 'ok') AS well,
         (SELECT COUNT(*) FROM visits v WHERE v.run_id = r.id AND v.outcome <> 'ok') AS failed
         FROM job_runs r WHERE r.finished_at IS NULL AND r.job = 'refresh-mailboxes'
         AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.run_id = r.id AND v.state <> 'done')",
    )
    .fetch_all(c)
    .await?;
    rows.iter()
        .map(|row| Ok((text(row, "id")?.into(), Tally { well: get(row, "well")?, failed: get(row, "failed")? })))
        .collect()
}

/// True when a job has a run that has not ended.
pub async fn any_open(c: &mut AnyConnection, job: JobName) -> Result<bool> {
    let sql = "SELECT 1 FROM job_runs WHERE job = $1 AND finished_at IS NULL LIMIT 1";
    Ok(sqlx::query(sql).bind(job.as_str()).fetch_optional(c).await?.is_some())
}

/// Ends a job's runs of this node with this tally, and those that others began before a moment and never ended.
pub async fn finish_open(
    tx: &mut Tx,
    job: JobName,
    node: &str,
    given_up: Moment,
    tally: Tally,
    now: Moment,
) -> Result<()> {
    sqlx::query(
        "UPDATE job_runs SET finished_at = $4, outcome = $5, well = $6, failed = $7
         WHERE job = $1 AND finished_at IS NULL AND (node = $2 OR started_at < $3)",
    )
    .bind(job.as_str())
    .bind(node)
    .bind(given_up.0)
    .bind(now.0)
    .bind(tally.outcome().as_str())
    .bind(tally.well)
    .bind(tally.failed)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// When a job was last begun.
pub async fn last_begun(c: &mut AnyConnection, job: JobName) -> Result<Option<Moment>> {
    let at = sqlx::query_scalar::<_, Option<i64>>("SELECT MAX(started_at) FROM job_runs WHERE job = $1");
    Ok(at.bind(job.as_str()).fetch_one(c).await?.map(Moment))
}

/// One run.
pub async fn find(c: &mut AnyConnection, job: JobName, id: &RunId) -> Result<Option<Run>> {
    let mut filter = Filter::default();
    filter.and("job = ?", [job.as_str().into()]).and("id = ?", [id.as_str().into()]);
    let sql = format!("SELECT {COLUMNS} FROM job_runs{}", filter.sql());
    filter.query(sql).fetch_optional(c).await?.as_ref().map(read).transpose()
}

/// The runs of a job, newest first.
pub async fn list(c: &mut AnyConnection, job: JobName, window: &Window) -> Result<Page<Run>> {
    let mut filter = Filter::default();
    filter.and("job = ?", [job.as_str().into()]);
    if let Some(after) = &window.after {
        filter.and(
            "(started_at, id) < (?, ?)",
            [after.number(0).unwrap_or(0).into(), after.text(1).unwrap_or("").into()],
        );
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM job_runs{} ORDER BY started_at DESC, id DESC LIMIT {}",
        filter.sql(),
        window.ask()
    );
    let rows = filter.query(sql).fetch_all(c).await?;
    let runs = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(runs, window, |last| vec![last.started_at.0.to_string(), last.id.to_string()]))
}

/// The last slot of a job that was begun.
pub async fn last_slot(c: &mut AnyConnection, job: JobName) -> Result<Option<Moment>> {
    let slot: Option<i64> =
        sqlx::query_scalar("SELECT MAX(slot) FROM job_runs WHERE job = $1").bind(job.as_str()).fetch_one(c).await?;
    Ok(slot.map(Moment))
}

/// How far the newest unfinished run of mailboxes has come: visits made, visits in all.
pub async fn progress(c: &mut AnyConnection) -> Result<Option<(i64, i64)>> {
    let row = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM visits v WHERE v.run_id = r.id AND v.state = 'done') AS done,
         (SELECT COUNT(*) FROM visits v WHERE v.run_id = r.id) AS total
         FROM job_runs r WHERE r.finished_at IS NULL AND r.job = 'refresh-mailboxes' ORDER BY r.started_at DESC LIMIT 1",
    )
    .fetch_optional(c)
    .await?;
    row.map(|row| Ok((get(&row, "done")?, get(&row, "total")?))).transpose()
}

/// The last run of mailboxes that somebody asked for since a moment, whether it has ended or not.
pub async fn last_asked(c: &mut AnyConnection, by: &str, since: Moment) -> Result<Option<Run>> {
    let mut filter = Filter::default();
    filter
        .and("asked_by = ?", [by.into()])
        .and("job = ?", [JobName::RefreshMailboxes.as_str().into()])
        .and("started_at >= ?", [since.0.into()]);
    let sql = format!("SELECT {COLUMNS} FROM job_runs{} ORDER BY started_at DESC, id DESC LIMIT 1", filter.sql());
    filter.query(sql).fetch_optional(c).await?.as_ref().map(read).transpose()
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub done: i64,
    pub total: i64,
    pub is_over: bool,
}

/// How far this run has come. One that is not there is over.
pub async fn progress_of(c: &mut AnyConnection, run: &RunId) -> Result<Progress> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS total, COUNT(*) FILTER (WHERE state = 'done') AS done,
         (SELECT COUNT(*) FROM job_runs r WHERE r.id = $1 AND r.finished_at IS NULL) AS open
         FROM visits WHERE run_id = $1",
    )
    .bind(run.as_str())
    .fetch_one(c)
    .await?;
    Ok(Progress { done: get(&row, "done")?, total: get(&row, "total")?, is_over: get::<i64>(&row, "open")? == 0 })
}

/// Throws away finished runs, and visits, that ended before a moment. What they found stays in the mailboxes and the trace.
pub async fn delete_finished(tx: &mut Tx, runs_before: Moment, visits_before: Moment) -> Result<()> {
    for (sql, before) in [
        ("DELETE FROM visits WHERE state = 'done' AND finished_at < $1", visits_before),
        (
            "DELETE FROM job_runs WHERE finished_at < $1 AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.run_id = job_runs.id)",
            runs_before,
        ),
    ] {
        sqlx::query(sql).bind(before.0).execute(&mut **tx).await?;
    }
    Ok(())
}
