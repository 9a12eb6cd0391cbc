//! In charge of telling who answers for the watch that a mailbox lets nobody in any longer (N03): once, when it begins, not at each
//! visit. Does not know how a visit came to know of it.

use crate::app::App;
use crate::catalogue::{Catalogue, Value};
use crate::model::mailbox::Facts;
use crate::outbox::{self, letter::Letter};
use crate::people::person;
use crate::store::mailbox_list::REFUSED;
use crate::store::{Result, Tx};

/// Tells the regional administrators of a mailbox whose login is refused now and was not before. Who goes on with one that was
/// suspended knows how it stood.
pub(super) async fn denied(app: &App, tx: &mut Tx, address: &str, old: &Facts, new: &Facts) -> Result<()> {
    let is_new = REFUSED.contains(&new.status) && !REFUSED.contains(&old.status) && !old.status.is_stopped();
    if !is_new || !outbox::is_open(app) {
        return Ok(());
    }
    let base = app.settings.base_url.trim_end_matches('/');
    for person in person::administrators(tx).await? {
        let status = format!("status-{}", new.status.as_str().replace('_', "-"));
        let status = Catalogue::shared().text(person.language, &status, &[]);
        let letter = Letter::to(&person, "mailbox-denied")
            .leading(format!("{base}/caselle?stato=negato"))
            .with("address", address)
            .with("status", Value::Text(status));
        outbox::enqueue(app, tx, letter).await?;
    }
    Ok(())
}
