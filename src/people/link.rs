//! In charge of one-time links: to make the first administrator, to choose a password. Does not know how they are sent.

use std::time::Duration;

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::person::{self, Draft};
use super::session::{self, Client};
use super::{Refusal, brake, password, taken};
use crate::app::App;
use crate::audit;
use crate::key::{fresh_token, token_hash};
use crate::model::person::Person;
use crate::model::trace::{Act, Actor};
use crate::outbox;
use crate::outbox::letter::Letter;
use crate::store::links::{Link, Purpose};
use crate::store::{self, Result, Tx};

/// How long a link is good that an administrator gives, or the first start prints.
const LASTING: Duration = Duration::from_secs(3 * 24 * 3600);
/// How long an invitation is good: for who has no password yet.
const INVITATION: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long a link is good that whoever asked for it without being logged in gets by mail.
const ASKED: Duration = Duration::from_secs(2 * 3600);

/// How a link gets to its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By mail, to the person's own address; where no mail goes out, by whoever made it.
    Mail,
    /// By whoever made it, who sees it once.
    Hand,
}

/// What a link that is still good leads to.
#[derive(Debug, Clone)]
pub enum Welcome {
    /// There is nobody yet: whoever comes makes the first administrator.
    FirstAdmin,
    /// This person chooses a password.
    Person(Box<Person>),
}

/// A link for the first administrator, when nobody can administer yet. Earlier ones are worth nothing from now on.
pub async fn for_first_admin(app: &App) -> Result<Option<String>> {
    if store::people::has_administrator(&mut *app.db.read().await?).await? {
        return Ok(None);
    }
    let mut tx = app.db.begin().await?;
    let link = Link { purpose: Purpose::FirstAdmin, person_id: None, is_mailed: false, is_asked: false };
    let url = create(app, &mut tx, link, LASTING).await?;
    audit::record(app, &mut tx, &Actor::system(), Act::on("link.created", "first_admin")).await?;
    tx.commit().await?;
    Ok(Some(url))
}

/// A link with which a person chooses a password. None when it is on its way by mail.
pub async fn for_password(app: &App, tx: &mut Tx, actor: &Actor, person: &Person, way: Way) -> Result<Option<String>> {
    let is_new = store::people::password_hash(tx, &person.id).await?.is_none();
    let lasting = if is_new { INVITATION } else { LASTING };
    give_lasting(app, tx, actor, person, way, (if is_new { "invitation" } else { "new-password" }, lasting), false)
        .await
}

async fn give_lasting(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    person: &Person,
    way: Way,
    (kind, lasting): (&'static str, Duration),
    is_asked: bool,
) -> Result<Option<String>> {
    let is_mailed = way == Way::Mail && outbox::is_open(app);
    let link = Link { purpose: Purpose::SetPassword, person_id: Some(person.id.clone()), is_mailed, is_asked };
    let url = create(app, tx, link, lasting).await?;
    audit::record(app, tx, actor, Act::on("link.created", &person.email)).await?;
    if !is_mailed {
        return Ok(Some(url));
    }
    let hours = i64::try_from(lasting.as_secs() / 3600).unwrap_or(i64::MAX);
    let (days, hours) = if hours > 24 { (hours / 24, 0) } else { (0, hours) };
    let letter = Letter::to(person, kind).leading(url).with("days", days).with("hours", hours);
    outbox::enqueue(app, tx, letter).await?;
    Ok(None)
}

/// Sends a link to who says to have forgotten the password, if there is such an active person: who asks is told nothing. A few
/// times an hour for each address and each client.
pub async fn ask(app: &App, email: &str, client: &Client) -> Result<()> {
    if !outbox::is_open(app) || !brake::may_ask(app, email, &client.ip).await? {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    let Some(mut person) = store::people::find_by_email(&mut tx, email).await?.filter(|person| person.active) else {
        return Ok(());
    };
    if !store::people::keep_in_force(&mut tx, &mut person, app.clock.now()).await? {
        return Ok(());
    }
    let actor = Actor { name: "system".into(), ip: client.ip.clone() };
    audit::record(app, &mut tx, &actor, Act::on("link.asked", &person.email)).await?;
    let is_new = store::people::password_hash(&mut tx, &person.id).await?.is_none();
    let what = if is_new { ("invitation", INVITATION) } else { ("new-password", ASKED) };
    // A stranger who asks in somebody's name ends no link that was given to that person.
    give_lasting(app, &mut tx, &actor, &person, Way::Mail, what, true).await?;
    tx.commit().await
}

/// Gives a person another link to choose a password; those given before end. The link comes back where no mail takes it there.
pub async fn give(app: &App, actor: &Actor, person: &Person) -> std::result::Result<Option<String>, Refusal> {
    let mut tx = app.db.begin().await?;
    let url = for_password(app, &mut tx, actor, person, Way::Mail).await?;
    tx.commit().await?;
    Ok(url)
}

async fn create(app: &App, tx: &mut Tx, link: Link, lasting: Duration) -> Result<String> {
    let (token, now) = (fresh_token(), app.clock.now());
    store::links::use_up_like(tx, &link, now).await?;
    store::links::insert(tx, &link, &token_hash(&token), now, now.plus(lasting)).await?;
    Ok(format!("{}/benvenuto/{}", app.settings.base_url.trim_end_matches('/'), *token))
}

/// Where a link leads, while it is good.
pub async fn find(app: &App, token: &str) -> Result<Option<Welcome>> {
    let mut c = app.db.read().await?;
    let Some(link) = store::links::find(&mut c, &token_hash(token), app.clock.now()).await? else { return Ok(None) };
    match (link.purpose, link.person_id) {
        (Purpose::FirstAdmin, _) => {
            Ok((!store::people::has_administrator(&mut c).await?).then_some(Welcome::FirstAdmin))
        }
        (Purpose::SetPassword, Some(id)) => {
            let person = store::people::find(&mut c, &id).await?.filter(|person| person.active);
            Ok(person.map(|person| Welcome::Person(Box::new(person))))
        }
        (Purpose::SetPassword, None) => Ok(None),
    }
}

/// Uses a link to make the first administrator, and logs in. None when somebody was quicker.
pub async fn make_first_admin(
    app: &App,
    token: &str,
    draft: Draft,
    chosen: &SecretString,
    client: &Client,
) -> std::result::Result<Option<Zeroizing<String>>, Refusal> {
    check_password(chosen, &draft.email, &draft.name)?;
    let hash = app.hasher.hash(chosen).await;
    let (now, actor) = (app.clock.now(), Actor { name: draft.email.clone(), ip: client.ip.clone() });
    let mut tx = app.db.begin().await?;
    if !store::links::use_up(&mut tx, &token_hash(token), now).await?
        || store::people::has_administrator(&mut tx).await?
    {
        return Ok(None);
    }
    let person = draft.person(now);
    store::people::insert(&mut tx, &person).await.map_err(|fault| taken(fault, "email"))?;
    store::people::set_password(&mut tx, &person.id, &hash, now).await?;
    store::passwords::remember(&mut tx, &person.id, &hash, now).await?;
    audit::record(app, &mut tx, &actor, Act::on("user.created", &person.email).with(person::said(&person))).await?;
    let session = session::open_for(app, &mut tx, &person, client).await?;
    tx.commit().await?;
    Ok(Some(session))
}

/// Uses a link to give a person a new password, ends the sessions it had, and logs in. None when somebody was quicker.
pub async fn choose_password(
    app: &App,
    token: &str,
    person: &Person,
    chosen: &SecretString,
    client: &Client,
) -> std::result::Result<Option<Zeroizing<String>>, Refusal> {
    let hash = password::hash(app, person, chosen).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let link = store::links::find(&mut tx, &token_hash(token), now).await?;
    if !store::links::use_up(&mut tx, &token_hash(token), now).await? {
        return Ok(None);
    }
    let still_active = store::people::lock(&mut tx, &person.id).await?.is_some_and(|person| person.active);
    if !still_active {
        return Ok(None);
    }
    let actor = Actor { name: person.email.clone(), ip: client.ip.clone() };
    person::put_password(app, &mut tx, &actor, person, &hash).await?;
    // Who reads what is sent to an address has it: another address would have ended the link.
    if link.is_some_and(|link| link.is_mailed) {
        store::people::vouch(&mut tx, &person.id).await?;
    }
    let session = session::open_for(app, &mut tx, person, client).await?;
    tx.commit().await?;
    Ok(Some(session))
}

fn check_password(chosen: &SecretString, email: &str, name: &str) -> std::result::Result<(), Refusal> {
    match password::fault(chosen, &[email, name]) {
        Some(rule) => Err(Refusal::field("password", rule)),
        None => Ok(()),
    }
}
