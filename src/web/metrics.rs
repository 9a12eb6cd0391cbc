//! In charge of the numbers that a monitor collects (Prometheus text format 0.0.4). Counts only, never addresses.

use std::fmt::Write;

use rocket::http::ContentType;
use rocket::{State, get};

use super::Site;
use super::health::late_jobs;
use super::outcome::Failure;
use crate::intake::flood;
use crate::model::mailbox::Status;
use crate::model::ticket::Sight;
use crate::store;

/// Every number.
#[get("/metrics")]
pub async fn show(site: &State<Site>) -> Result<(ContentType, String), Failure> {
    let mut c = site.app.db.read().await?;
    let by_status = store::mailbox_list::by_status(&mut c).await?;
    let (due, running) = store::visits::queue(&mut c).await?;
    let intake = store::intake_mailboxes::by_status(&mut c).await?;
    let (held, unprocessed) = store::intake_mails::count_waiting(&mut c, &Sight::Everything).await?;
    let is_flooded = flood::since(&mut c).await?.is_some();
    drop(c);
    let late = late_jobs(site).await?;
    let mut out = String::new();
    let mailboxes = Status::ALL.iter().map(|status| {
        let count = by_status.get(status.as_str()).copied().unwrap_or(0);
        (format!("{{status=\"{}\"}}", status.as_str()), count)
    });
    metric(&mut out, "sportello_mailboxes", "gauge", "Watched mailboxes by status", mailboxes);
    let addresses = intake.into_iter().map(|(status, count)| (format!("{{status=\"{status}\"}}"), count));
    metric(&mut out, "sportello_intake_mailboxes", "gauge", "Mailboxes of the desk by status", addresses);
    let waiting = [("held", held), ("unprocessed", unprocessed)];
    let waiting = waiting.map(|(state, count)| (format!("{{state=\"{state}\"}}"), count));
    metric(&mut out, "sportello_intake_mails_waiting", "gauge", "Mails to the desk that wait for a person", waiting);
    let one = |count: i64| [(String::new(), count)];
    let name = "sportello_intake_flooded";
    metric(
        &mut out,
        name,
        "gauge",
        "Set while so much mail comes that nobody is answered by itself",
        one(is_flooded.into()),
    );
    let made = i64::try_from(*site.app.visits_made.borrow()).unwrap_or(i64::MAX);
    metric(&mut out, "sportello_visits_waiting", "gauge", "Visits in line", one(due));
    metric(&mut out, "sportello_visits_running", "gauge", "Visits being made", one(running));
    metric(&mut out, "sportello_visits_made_total", "counter", "Visits that this node has ended", one(made));
    metric(
        &mut out,
        "sportello_jobs_late",
        "gauge",
        "Jobs that should have begun and have not",
        one(late.len() as i64),
    );
    Ok((ContentType::new("text", "plain").with_params([("version", "0.0.4"), ("charset", "utf-8")]), out))
}

fn metric(out: &mut String, name: &str, kind: &str, help: &str, values: impl IntoIterator<Item = (String, i64)>) {
    // Writing to memory does not fail.
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
    for (labels, value) in values {
        let _ = writeln!(out, "{name}{labels} {value}");
    }
}
