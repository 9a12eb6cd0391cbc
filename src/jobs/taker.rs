//! In charge of having mail read that has come to the desk's own mailboxes. Does not know what becomes of it.

use std::time::Duration;

use super::Stop;
use crate::app::Shared;
use crate::intake::taking;
use crate::store::Engine;

/// How often it is looked when nobody rings.
const TICK: Duration = Duration::from_secs(2);

/// Has mail read until told to stop; what is left waits for the next start.
pub async fn run(app: Shared, mut stop: Stop) {
    // On SQLite there is one node: whoever had mails in hand before is gone.
    if app.db.engine() == Engine::Sqlite
        && let Err(fault) = taking::give_back(&app).await
    {
        tracing::warn!(error = %fault, "mails that were being read will be taken up when their lease ends");
    }
    while !*stop.borrow() {
        let asked = stop.clone();
        if let Err(fault) = taking::take_all(&app, || !*asked.borrow()).await {
            tracing::error!(error = %fault, "mail could not be taken up; it will be tried again");
        }
        tokio::select! {
            () = app.arrived.notified() => {}
            () = tokio::time::sleep(TICK) => {}
            _ = stop.changed() => {}
        }
    }
}
