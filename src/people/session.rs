//! In charge of logging in and out, and of how long a log-in lasts. Does not know cookies.

use std::time::Duration;

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::brake;
use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::key::{fresh_token, token_hash};
use crate::model::id::SessionId;
use crate::model::person::Person;
use crate::model::trace::{Act, Actor};
use crate::store::sessions::Session;
use crate::store::{self, Result};

/// Who is at the other end of a log-in: the client's address, and what the browser says of itself.
#[derive(Debug, Clone, Default)]
pub struct Client {
    pub ip: String,
    pub agent: String,
}

/// What came of a log-in.
pub enum Opened {
    /// The secret of the session, given once; only its hash is stored.
    In(Zeroizing<String>),
    /// Address and password do not belong together.
    Refused,
    /// Too many have failed: seconds to wait. Nothing was tried.
    Wait(u64),
}

/// Logs in with address and password. Whether there is such an account shows neither in the answer nor in its time.
pub async fn open(app: &App, email: &str, password: &SecretString, client: &Client) -> Result<Opened> {
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
    let attempt = match brake::begin(app, email, person.as_ref(), &client.ip).await? {
        Ok(attempt) => attempt,
        Err(seconds) => return Ok(Opened::Wait(seconds)),
    };
    let is_right = app.hasher.matches(password, hash.as_deref()).await;
    let Some(person) = person.filter(|_| is_right) else {
        // The trace names what was typed only as far as it can be an address: a password typed in the wrong field stays out.
        let name = if crate::input::is_email(email) { email } else { "system" };
        let actor = Actor { name: name.into(), ip: client.ip.clone() };
        audit::record_alone(app, &actor, Act::on("session.refused", name)).await?;
        return Ok(Opened::Refused);
    };
    let mut tx = app.db.begin().await?;
    // Comparing takes a while: who was deactivated or got another password meanwhile is not let in with the old one.
    let is_still = store::people::lock(&mut tx, &person.id).await?.is_some_and(|person| person.active);
    if !is_still || store::people::password_hash(&mut tx, &person.id).await? != hash {
        return Ok(Opened::Refused);
    }
    brake::succeeded(&mut tx, &attempt, &person, &client.ip, app.clock.now()).await?;
    let token = open_for(app, &mut tx, &person, client).await?;
    tx.commit().await?;
    Ok(Opened::In(token))
}

/// Opens a session for a person who has just proved who it is.
pub async fn open_for(app: &App, tx: &mut store::Tx, person: &Person, client: &Client) -> Result<Zeroizing<String>> {
    let now = app.clock.now();
    let token = fresh_token();
    let session = Session { id: SessionId::new(), csrf: fresh_token().to_string(), created_at: now, seen_at: now };
    let agent: String = client.agent.chars().filter(|c| !c.is_control()).take(300).collect();
    store::sessions::insert(tx, &session, &token_hash(&token), &person.id, (&client.ip, &agent)).await?;
    let actor = Actor { name: person.email.clone(), ip: client.ip.clone() };
    audit::record(app, tx, &actor, Act::on("session.opened", &person.email)).await?;
    Ok(token)
}

/// Ends one of a person's own sessions. False when it has none of this id.
pub async fn end(app: &App, actor: &Actor, person: &Person, id: &SessionId) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    if !store::sessions::delete_one_of(&mut tx, &person.id, id).await? {
        return Ok(false);
    }
    audit::record(app, &mut tx, actor, Act::on("session.ended", &person.email)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends all the sessions of a person, but for one that may stay.
pub async fn end_all(app: &App, actor: &Actor, person: &Person, but: Option<&SessionId>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let ended = store::sessions::delete_others_of(&mut tx, &person.id, but).await?;
    let act = Act::on("session.ended", &person.email).with(ended.to_string());
    audit::record(app, &mut tx, actor, act).await?;
    tx.commit().await
}

/// The sessions of a person that last, the latest used first.
pub async fn all(app: &App, person: &Person) -> Result<Vec<store::sessions::Listed>> {
    let (idle, max) = limits(app, app.clock.now());
    store::sessions::list(&mut *app.db.read().await?, &person.id, idle, max).await
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
