//! In charge of keys to the API: a key acts with its person's rights, no more and no less.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::app::App;
use crate::audit;
use crate::key::{fresh_token, token_hash};
use crate::model::id::TokenId;
use crate::model::person::Person;
use crate::model::trace::{Act, Actor};
use crate::store::{self, Result};

/// Makes a key for a person. The secret is given once; only its hash is stored.
pub async fn create(app: &App, actor: &Actor, person: &Person, lasting: Option<Duration>) -> Result<Zeroizing<String>> {
    let (token, now) = (fresh_token(), app.clock.now());
    let mut tx = app.db.begin().await?;
    store::tokens::insert(
        &mut tx,
        &TokenId::new(),
        &token_hash(&token),
        &person.id,
        now,
        lasting.map(|wait| now.plus(wait)),
    )
    .await?;
    audit::record(app, &mut tx, actor, Act::on("token.created", &person.email)).await?;
    tx.commit().await?;
    Ok(token)
}

/// The key of a secret and its person, while both are good.
pub async fn find(app: &App, token: &str) -> Result<Option<(TokenId, Person)>> {
    let now = app.clock.now();
    let mut c = app.db.read().await?;
    let Some((id, mut person)) = store::tokens::find(&mut c, &token_hash(token), now).await? else { return Ok(None) };
    let is_in_force = store::people::keep_in_force(&mut c, &mut person, now).await?;
    Ok(is_in_force.then_some((id, person)))
}
