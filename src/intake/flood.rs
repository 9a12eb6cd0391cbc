//! In charge of the breaker of the intake (features.md 5): from how many mails in an hour on nobody is answered by itself, until when,
//! and that who answers for the desk is told of both. Does not know whom an answer would go to.

use sqlx::AnyConnection;

use crate::app::App;
use crate::clock::Moment;
use crate::outbox::{self, letter::Letter};
use crate::people::person;
use crate::store::{self, Result, Tx};

/// Its name among the alarms.
const NAME: &str = "intake-flood";

/// From so many mails in an hour on it is open: more than people write to a desk.
const FLOOD: i64 = 1000;

/// It closes when there are fewer than this: not at the next mail less.
const CALM: i64 = 700;

const HOUR: i64 = 3_600_000;

/// Since when it is open. None when it is closed, as it is on all but the worst of days.
pub async fn since(c: &mut AnyConnection) -> Result<Option<Moment>> {
    store::alarms::since(c, NAME).await
}

/// Whether it is open, by what has come in the last hour. Who opens or closes it tells the regional administrators, once over all
/// nodes; whoever commits rings `app.post`.
pub(super) async fn look(app: &App, tx: &mut Tx) -> Result<bool> {
    let now = app.clock.now();
    let came = store::intake_mails::taken_since(tx, Moment(now.0 - HOUR), FLOOD).await?;
    let is_open = match since(tx).await? {
        None => came >= FLOOD,
        Some(_) => came >= CALM,
    };
    if is_open && store::alarms::begin(tx, NAME, now).await? {
        tracing::error!(
            "more mail has come in an hour than a desk is written: nobody is answered by itself until it is less"
        );
        tell(app, tx, "intake-flooded").await?;
    }
    if !is_open && store::alarms::end(tx, NAME).await? {
        tracing::info!("no more mail comes than a desk is written: those who write are answered again");
        tell(app, tx, "intake-calm").await?;
    }
    Ok(is_open)
}

async fn tell(app: &App, tx: &mut Tx, kind: &'static str) -> Result<()> {
    if !outbox::is_open(app) {
        return Ok(());
    }
    let base = app.settings.base_url.trim_end_matches('/');
    for person in person::administrators(tx).await? {
        let letter = Letter::to(&person, kind).leading(format!("{base}/operatore/posta")).with("n", FLOOD);
        outbox::enqueue(app, tx, letter).await?;
    }
    Ok(())
}
