//! In charge of making mail go out on this node: looks for what is due, tells runs how it went, and the desk what has not left for
//! good. Does not know how mail is delivered.

use std::time::Duration;

use super::Stop;
use crate::app::Shared;
use crate::desk::undelivered;
use crate::model::job::Tally;
use crate::outbox::delivery;

/// How often the outbox is looked into when nobody rings.
const TICK: Duration = Duration::from_secs(1);

/// Delivers until told to stop; what is in hand then goes back to the line.
pub async fn run(app: Shared, mut stop: Stop) {
    let nothing = Tally { well: 0, failed: 0 };
    // What was delivered since the last run ended belongs to the next one.
    let mut tally = nothing;
    while !*stop.borrow() {
        let asked = stop.clone();
        match delivery::deliver(&app, || !*asked.borrow()).await {
            Ok(done) => tally = Tally { well: tally.well + done.well, failed: tally.failed + done.failed },
            Err(fault) => tracing::error!(error = %fault, "mail could not be delivered; it will be tried again"),
        }
        if let Err(fault) = undelivered::tell_all(&app).await {
            tracing::error!(error = %fault, "the desk could not be told of mail that has not left; it will be tried again");
        }
        match delivery::finish_runs(&app, tally).await {
            Ok(true) => tally = nothing,
            Ok(false) => {}
            Err(fault) => tracing::warn!(error = %fault, "runs of the delivery could not be ended"),
        }
        tokio::select! {
            () = app.post.notified() => {}
            () = tokio::time::sleep(TICK) => {}
            _ = stop.changed() => {}
        }
    }
    if let Err(fault) = delivery::hand_back(&app).await {
        tracing::warn!(error = %fault, "mails in hand will be taken over when their lease ends");
    }
}
