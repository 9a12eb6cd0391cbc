//! In charge of telling who answers for the watch that a mailbox lets nobody in any longer (N03): once, when it begins, not at each
//! visit. Does not know how a visit came to know of it.

use crate::app::App;
use crate::catalogue::{Catalogue, Value};
use crate::model::mailbox::Facts;
use crate::model::page::Window;
use crate::model::person::Role;
use crate::outbox::{self, letter::Letter};
use crate::store::mailbox_list::REFUSED;
use crate::store::people::{State, Wanted};
use crate::store::{self, Result, Tx};

/// The most people who are told.
const MOST: usize = 50;

/// Tells the regional administrators of a mailbox whose login is refused now and was not before. Who goes on with one that was
/// suspended knows how it stood.
pub(super) async fn denied(app: &App, tx: &mut Tx, address: &str, old: &Facts, new: &Facts) -> Result<()> {
    let is_new = REFUSED.contains(&new.status) && !REFUSED.contains(&old.status) && !old.status.is_stopped();
    if !is_new || !outbox::is_open(app) {
        return Ok(());
    }
    let wanted = Wanted { role: Some(Role::RegionalAdmin), state: Some(State::Active), ..Wanted::default() };
    let base = app.settings.base_url.trim_end_matches('/');
    for person in store::people::list(tx, &wanted, &Window::first(MOST)).await?.items {
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
