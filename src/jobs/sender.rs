//! In charge of making go out on this node replies that can be taken back no longer. By itself, so that no slow mail server holds one.

use std::time::Duration;

use super::Stop;
use crate::app::Shared;
use crate::desk::held;

/// How often it is looked.
const TICK: Duration = Duration::from_secs(1);

/// Sends until told to stop; what is left waits for the next start.
pub async fn run(app: Shared, mut stop: Stop) {
    while !*stop.borrow() {
        if let Err(fault) = held::send_due(&app).await {
            tracing::error!(error = %fault, "a reply could not be sent; it will be tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = stop.changed() => {}
        }
    }
}
