//! In charge of having mail read that has come to the desk's own mailboxes. Does not know what becomes of it.

use std::time::Duration;

use super::Stop;
use crate::app::Shared;
use crate::intake::taking;

/// How often it is looked when nobody rings.
const TICK: Duration = Duration::from_secs(2);

/// Has mail read until told to stop; what is left waits for the next start.
pub async fn run(app: Shared, mut stop: Stop) {
    while !*stop.borrow() {
        if let Err(fault) = taking::take_all(&app).await {
            tracing::error!(error = %fault, "mail could not be taken up; it will be tried again");
        }
        tokio::select! {
            () = app.arrived.notified() => {}
            () = tokio::time::sleep(TICK) => {}
            _ = stop.changed() => {}
        }
    }
}
