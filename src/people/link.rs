//! In charge of one-time links: to make the first administrator, to choose a password. Does not know how they are sent.

use std::time::Duration;

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::person::{self, Draft};
use super::session::{self, Client};
use super::{Refusal, password, taken};
use crate::app::App;
use crate::audit;
use crate::key::{fresh_token, token_hash};
use crate::model::person::Person;
use crate::model::trace::{Act, Actor};
use crate::store::links::{Link, Purpose};
use crate::store::{self, Result, Tx};

/// How long a link is good.
const LASTING: Duration = Duration::from_secs(3 * 24 * 3600);

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
    let url = create(app, &mut tx, Link { purpose: Purpose::FirstAdmin, person_id: None }).await?;
    audit::record(app, &mut tx, &Actor::system(), Act::on("link.created", "first_admin")).await?;
    tx.commit().await?;
    Ok(Some(url))
}

/// A link with which a person chooses a password.
pub async fn for_password(app: &App, tx: &mut Tx, actor: &Actor, person: &Person) -> Result<String> {
    let url = create(app, tx, Link { purpose: Purpose::SetPassword, person_id: Some(person.id.clone()) }).await?;
    audit::record(app, tx, actor, Act::on("link.created", &person.email)).await?;
    Ok(url)
}

/// Gives a person another link to choose a password; those given before end. The link comes back where no mail takes it there.
pub async fn give(app: &App, actor: &Actor, person: &Person) -> std::result::Result<Option<String>, Refusal> {
    let mut tx = app.db.begin().await?;
    let url = for_password(app, &mut tx, actor, person).await?;
    tx.commit().await?;
    Ok(Some(url))
}

async fn create(app: &App, tx: &mut Tx, link: Link) -> Result<String> {
    let (token, now) = (fresh_token(), app.clock.now());
    store::links::insert(tx, &link, &token_hash(&token), now, now.plus(LASTING)).await?;
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
    if !store::links::use_up(&mut tx, &token_hash(token), now).await? {
        return Ok(None);
    }
    let still_active = store::people::lock(&mut tx, &person.id).await?.is_some_and(|person| person.active);
    if !still_active {
        return Ok(None);
    }
    let actor = Actor { name: person.email.clone(), ip: client.ip.clone() };
    person::put_password(app, &mut tx, &actor, person, &hash).await?;
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
