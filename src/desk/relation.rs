//! In charge of saying that requests have to do with each other (K13). It stays at the desk: who asked in one may know nothing of the
//! other. The door has checked that the first is seen.

use super::sight::sees;
use super::{changed, event, sight_of};
use crate::app::App;
use crate::audit;
use crate::input::{FieldError, Fields};
use crate::model::person::Person;
use crate::model::ticket::{Channel, Event, Relation, Ticket};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::store::{self, Tx};

/// Reads what a request is to be to another, and that one's number.
pub fn read(mut fields: Fields) -> Result<(Relation, String), Vec<FieldError>> {
    fields.only(&["relation", "other"]);
    fields.required_text("relation", 20);
    let relation = fields.word("relation", "word", Relation::parse);
    let other = fields.required_text("other", 40);
    fields.finish(relation.zip(other))
}

/// Says what a request is to another, in place of whatever it was.
pub async fn relate(
    app: &App,
    actor: &Actor,
    by: &Person,
    ticket: &Ticket,
    (relation, other): (Relation, &str),
) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    let other = other_of(&mut tx, by, ticket, other).await?;
    // In one order, so that two who relate the same two wait for each other.
    for id in [(&ticket.id).min(&other.id), (&ticket.id).max(&other.id)] {
        store::tickets::lock(&mut tx, id).await?;
    }
    store::ticket_relations::put(&mut tx, &ticket.id, relation, &other.id, app.clock.now()).await?;
    told(app, &mut tx, by, "related", (ticket, relation, &other)).await?;
    let detail = format!("{} {}", relation.as_str(), other.number);
    audit::record(app, &mut tx, actor, Act::on("ticket.related", &ticket.number).with(detail)).await?;
    Ok(tx.commit().await?)
}

/// Says that a request has nothing to do with another any longer.
pub async fn unrelate(app: &App, actor: &Actor, by: &Person, ticket: &Ticket, other: &str) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    let other = other_of(&mut tx, by, ticket, other).await?;
    if !store::ticket_relations::delete(&mut tx, &ticket.id, &other.id).await? {
        return Ok(());
    }
    told(app, &mut tx, by, "unrelated", (ticket, Relation::Related, &other)).await?;
    audit::record(app, &mut tx, actor, Act::on("ticket.unrelated", &ticket.number).with(other.number)).await?;
    Ok(tx.commit().await?)
}

/// Says that a new request has perhaps to do with another, which its mail names (features.md 5).
pub async fn perhaps(app: &App, tx: &mut Tx, ticket: &Ticket, other: &Ticket) -> Result<(), Refusal> {
    store::tickets::lock(tx, &other.id).await?;
    store::ticket_relations::put(tx, &ticket.id, Relation::Related, &other.id, app.clock.now()).await?;
    super::noted(app, tx, ticket, "perhaps-related", &other.number).await?;
    let detail = format!("{} {}", Relation::Related.as_str(), other.number);
    audit::record(app, tx, &Actor::system(), Act::on("ticket.related", &ticket.number).with(detail)).await?;
    Ok(())
}

/// Another request, which the person sees too; of the rest is told that there is none.
async fn other_of(tx: &mut Tx, by: &Person, ticket: &Ticket, number: &str) -> Result<Ticket, Refusal> {
    let number = store::ticket_list::spelled_out(number).unwrap_or_else(|| number.trim().to_string());
    if number == ticket.number {
        return Err(Refusal::field("other", "same-ticket"));
    }
    let found = store::tickets::find(tx, &number).await?.filter(|one| one.deleted_at.is_none());
    let sight = sight_of(tx, by).await?;
    found.filter(|one| sees(&sight, one)).ok_or_else(|| Refusal::field("other", "no-such-ticket"))
}

/// Writes it into both histories, each with what that one is.
async fn told(
    app: &App,
    tx: &mut Tx,
    by: &Person,
    what: &str,
    (ticket, relation, other): (&Ticket, Relation, &Ticket),
) -> store::Result<()> {
    for (one, relation, of) in [(ticket, relation, other), (other, relation.turned(), ticket)] {
        let entry = Event { old: relation.as_str().into(), new: of.number.clone(), ..changed(what) };
        let entry = event(by, false, Channel::Portal, app.clock.now(), entry);
        store::ticket_messages::insert(tx, &one.id, &entry).await?;
    }
    Ok(())
}
