//! In charge of logging in and out, and of how long a log-in lasts. Does not know cookies.

use std::time::Duration;

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::key::{fresh_token, token_hash};
use crate::model::id::SessionId;
use crate::model::person::Person;
use crate::model::trace::{Act, Actor};
use crate::store::sessions::Session;
use crate::store::{self, Result};

/// Logs in with address and password. None, after the same time, when they do not belong together.
/// The secret is given once; only its hash is stored.
pub async fn open(app: &App, email: &str, password: &SecretString, ip: &str) -> Result<Option<Zeroizing<String>>> {
    let mut c = app.db.read().await?;
    let mut person = store::people::find_by_email(&mut c, email).await?.filter(|person| person.active);
    if let Some(found) = &mut person
        && !store::people::keep_in_force(&mut c, found, app.clock.now()).await?
    {
        person = None;
    }
    let hash = match &person {
        Some(person) => store::people::password_hash(&mut c, &person.id).await?,
        None => None,
    };
    drop(c);
    let is_right = app.hasher.matches(password, hash.as_deref()).await;
    let Some(person) = person.filter(|_| is_right) else {
        // The trace names what was typed only as far as it can be an address: a password typed in the wrong field stays out.
        let name = if crate::input::is_email(email) { email } else { "system" };
        let actor = Actor { name: name.into(), ip: ip.into() };
        audit::record_alone(app, &actor, Act::on("session.refused", name)).await?;
        return Ok(None);
    };
    let mut tx = app.db.begin().await?;
    // Comparing takes a while: who was deactivated or got another password meanwhile is not let in with the old one.
    let is_still = store::people::lock(&mut tx, &person.id).await?.is_some_and(|person| person.active);
    if !is_still || store::people::password_hash(&mut tx, &person.id).await? != hash {
        return Ok(None);
    }
    let token = open_for(app, &mut tx, &person, ip).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Opens a session for a person who has just proved who it is.
pub async fn open_for(app: &App, tx: &mut store::Tx, person: &Person, ip: &str) -> Result<Zeroizing<String>> {
    let now = app.clock.now();
    let token = fresh_token();
    let session = Session { id: SessionId::new(), csrf: fresh_token().to_string(), created_at: now, seen_at: now };
    store::sessions::insert(tx, &session, &token_hash(&token), &person.id, ip).await?;
    let actor = Actor { name: person.email.clone(), ip: ip.into() };
    audit::record(app, tx, &actor, Act::on("session.opened", &person.email)).await?;
    Ok(token)
}

/// The session of a cookie's secret, while it lasts.
pub async fn find(app: &App, token: &str) -> Result<Option<(Session, Person)>> {
    let now = app.clock.now();
    let mut c = app.db.read().await?;
    let Some((session, mut person)) = store::sessions::find(&mut c, &token_hash(token)).await? else { return Ok(None) };
    let (idle, max) = limits(app, now);
    if session.seen_at < idle || session.created_at < max {
        return Ok(None);
    }
    let is_in_force = store::people::keep_in_force(&mut c, &mut person, now).await?;
    Ok(is_in_force.then_some((session, person)))
}

/// Notes that the person did something; at most one write a minute.
pub async fn touch(app: &App, session: &mut Session) -> Result<()> {
    let now = app.clock.now();
    let enough = (app.settings.session_idle / 2).as_millis().min(60_000) as i64;
    if now.since(session.seen_at) < enough {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    store::sessions::touch(&mut tx, &session.id, now).await?;
    tx.commit().await?;
    session.seen_at = now;
    Ok(())
}

/// How long a session lasts yet when nobody does anything.
pub fn left(app: &App, session: &Session) -> Duration {
    let (idle, max) = limits(app, app.clock.now());
    Duration::from_millis(session.seen_at.since(idle).min(session.created_at.since(max)).max(0).unsigned_abs())
}

/// Logs out.
pub async fn close(app: &App, session: &Session, actor: &Actor) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::sessions::delete(&mut tx, &session.id).await?;
    audit::record(app, &mut tx, actor, Act::on("session.closed", &actor.name)).await?;
    tx.commit().await
}

/// Throws away the sessions that are over.
pub async fn forget_stale(app: &App) -> Result<()> {
    let (idle, max) = limits(app, app.clock.now());
    let mut tx = app.db.begin().await?;
    store::sessions::delete_stale(&mut tx, idle, max).await?;
    tx.commit().await
}

/// The moments before which a session is too long unused, or too old.
fn limits(app: &App, now: Moment) -> (Moment, Moment) {
    let before = |wait: Duration| Moment(now.0.saturating_sub(wait.as_millis() as i64));
    (before(app.settings.session_idle), before(app.settings.session_max))
}
