//! In charge of giving people rights in a mailbox and taking them away (T02, T08, T13). The door has checked that the giver
//! may; who may be given some is a rule of `people::rights`. Nobody ever learns the password.

use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::input::{FieldError, Fields};
use crate::model::grant::{Grant, Right};
use crate::model::mailbox::Mailbox;
use crate::model::person::Person;
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::store;

/// The fields that a body may hold.
pub const FIELDS: [&str; 2] = ["rights", "until"];

/// Reads which rights are given and until when. Whoever may do anything in a mailbox may open it.
pub fn read(mut fields: Fields, now: Moment) -> Result<(Vec<Right>, Option<Moment>), Vec<FieldError>> {
    fields.only(&FIELDS);
    let words = fields.texts("rights", 20);
    let mut rights: Vec<Right> = Vec::new();
    match words.map(|words| words.iter().map(|word| Right::parse(word)).collect::<Option<Vec<_>>>()) {
        Some(Some(given)) if !given.is_empty() => {
            rights = Right::ALL.into_iter().filter(|one| *one == Right::View || given.contains(one)).collect();
        }
        Some(None) => fields.refuse("rights", "right"),
        Some(Some(_)) | None => fields.refuse("rights", "required"),
    }
    let until = fields.text("until", 40).and_then(|text| match chrono::DateTime::parse_from_rfc3339(&text) {
        Ok(at) if Moment::from(at) > now => Some(Moment::from(at)),
        Ok(_) => {
            fields.refuse("until", "past");
            None
        }
        Err(_) => {
            fields.refuse("until", "moment");
            None
        }
    });
    fields.finish(Some((rights, until)))
}

/// Gives a person rights in a mailbox, instead of those it had there.
pub async fn put(
    app: &App,
    actor: &Actor,
    mailbox: &Mailbox,
    person: &Person,
    (rights, until): (Vec<Right>, Option<Moment>),
) -> Result<Grant, Refusal> {
    let grant = Grant { mailbox_id: mailbox.id.clone(), person_id: person.id.clone(), rights, until };
    let mut tx = app.db.begin().await?;
    if store::mailboxes::lock(&mut tx, &mailbox.id).await?.is_none() {
        return Err(Refusal::Conflict("conflict-removed"));
    }
    let old = store::grants::find(&mut tx, &mailbox.id, &person.id).await?;
    store::grants::put(&mut tx, &grant, app.clock.now()).await?;
    let (action, before) = match &old {
        Some(old) => ("grant.changed", format!("{} → ", said(old))),
        None => ("grant.created", String::new()),
    };
    let detail = format!("{}: {before}{}", person.email, said(&grant));
    audit::record(app, &mut tx, actor, Act::on(action, &mailbox.card.address).with(detail)).await?;
    tx.commit().await?;
    app.look_again();
    Ok(grant)
}

/// Takes away what a person may do in a mailbox. Reading that is on its way ends with the next click (T06).
pub async fn remove(app: &App, actor: &Actor, mailbox: &Mailbox, person: &Person) -> Result<bool, Refusal> {
    let mut tx = app.db.begin().await?;
    store::mailboxes::lock(&mut tx, &mailbox.id).await?;
    let Some(old) = store::grants::find(&mut tx, &mailbox.id, &person.id).await? else { return Ok(false) };
    store::grants::delete(&mut tx, &mailbox.id, &person.id).await?;
    let detail = format!("{}: {}", person.email, said(&old));
    audit::record(app, &mut tx, actor, Act::on("grant.removed", &mailbox.card.address).with(detail)).await?;
    tx.commit().await?;
    app.look_again();
    Ok(true)
}

fn said(grant: &Grant) -> String {
    let rights: Vec<&str> = grant.rights.iter().map(|right| right.as_str()).collect();
    match grant.until {
        Some(until) => format!("{} until {}", rights.join(" "), until.rfc3339()),
        None => rights.join(" "),
    }
}
