//! In charge of telling who answers for the desk that its mail is not taken in any longer (X07): once, when it begins. Does not know
//! how a session came to its end.

use crate::app::App;
use crate::catalogue::{Catalogue, Value};
use crate::mail::fault;
use crate::model::intake::IntakeMailbox;
use crate::model::mailbox::Status;
use crate::outbox::{self, letter::Letter};
use crate::people::person;
use crate::store::{Result, Tx};

/// The detail of a status that says that the disk, or the database, takes nothing more.
pub(super) const NOT_KEPT: &str = "@not-kept";

/// Whether a person has to do something: a line that is down comes back by itself.
fn needs_somebody(status: Status, detail: Option<&str>) -> bool {
    status.is_stopped() || status == Status::CertificateInvalid || detail == Some(NOT_KEPT)
}

/// Tells the regional administrators of a mailbox that needs somebody now and did not before.
pub(super) async fn sound(
    app: &App,
    tx: &mut Tx,
    old: &IntakeMailbox,
    status: Status,
    detail: Option<&str>,
) -> Result<()> {
    let is_new = needs_somebody(status, detail) && !needs_somebody(old.status, old.status_detail.as_deref());
    if !is_new || !outbox::is_open(app) {
        return Ok(());
    }
    let base = app.settings.base_url.trim_end_matches('/');
    for person in person::administrators(tx).await? {
        let words = match detail.filter(|detail| *detail == NOT_KEPT) {
            Some(detail) => fault::words(person.language, detail),
            None => {
                let key = format!("status-{}", status.as_str().replace('_', "-"));
                Catalogue::shared().text(person.language, &key, &[])
            }
        };
        let letter = Letter::to(&person, "intake-stopped")
            .leading(format!("{base}/impostazioni/posta"))
            .with("address", old.address.as_str())
            .with("status", Value::Text(words));
        outbox::enqueue(app, tx, letter).await?;
    }
    Ok(())
}
