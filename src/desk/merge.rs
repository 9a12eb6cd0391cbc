//! In charge of joining tickets and parting them again (K11): who may read what from then on, and where what is said goes.
//! The caller writes the ticket that is joined; here is what becomes of the one that stays.

use sqlx::AnyConnection;

use super::sight::{self, Part, sees};
use super::{changed, event, sight_of};
use crate::app::App;
use crate::audit;
use crate::model::id::{OrganizationId, TicketId};
use crate::model::person::Person;
use crate::model::ticket::{Channel, Event, Requester, Sight, State, Ticket};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::store::{self, Tx};
use crate::text::fold;

/// How many merges one after another are followed.
const LONGEST: usize = 64;

/// The ticket that is to stay, by its number: one that whoever merges does not see is not there.
pub(super) async fn wanted(tx: &mut Tx, by: &Person, number: &str) -> Result<TicketId, Refusal> {
    let seen = sight_of(tx, by).await?;
    let found = store::tickets::find(tx, number.trim()).await?.filter(|one| sees(&seen, one));
    found.map(|one| one.id).ok_or_else(|| Refusal::field("into", "no-such-ticket"))
}

/// The ticket that stayed when this one was joined to it.
pub(super) async fn survivor(tx: &mut Tx, ticket: &Ticket) -> Result<Option<TicketId>, Refusal> {
    match &ticket.merged_into {
        Some(number) => Ok(store::tickets::find(tx, number).await?.map(|one| one.id)),
        None => Ok(None),
    }
}

/// Holds two tickets, in the order of their ids whoever asks: two merges the other way round do not wait for each other.
pub(super) async fn hold(tx: &mut Tx, one: &TicketId, other: Option<&TicketId>) -> Result<(), Refusal> {
    let mut ids: Vec<&TicketId> = std::iter::once(one).chain(other).collect();
    ids.sort();
    for id in ids {
        store::tickets::lock(tx, id).await?;
    }
    Ok(())
}

/// The ticket in which what is said to this one stands, held: itself, or the one that stayed at the end of all merges.
pub async fn standing(tx: &mut Tx, ticket: &TicketId) -> Result<Ticket, Refusal> {
    let gone = || Refusal::Conflict("conflict-removed");
    let mut id = ticket.clone();
    for _ in 0..LONGEST {
        // Only the last one is held: no lock is waited for under another.
        let seen = store::tickets::find_by_id(tx, &id).await?.ok_or_else(gone)?;
        let found = match seen.merged_into {
            Some(_) => seen,
            None => store::tickets::lock(tx, &id).await?.ok_or_else(gone)?,
        };
        match &found.merged_into {
            None => return Ok(found),
            Some(number) => id = store::tickets::find(tx, number).await?.ok_or_else(gone)?.id,
        }
    }
    Err(gone())
}

/// The ticket at the end of all merges, of which nothing is held: to be looked at.
pub(super) async fn end_of(c: &mut AnyConnection, ticket: Ticket) -> store::Result<Option<Ticket>> {
    let mut here = ticket;
    for _ in 0..LONGEST {
        let Some(number) = &here.merged_into else { return Ok(Some(here)) };
        let Some(next) = store::tickets::find(c, number).await? else { return Ok(None) };
        here = next;
    }
    Ok(None)
}

/// Joins a ticket to one that stays; both are held. Who asked in the first goes on being told: in copy of the one that stays.
/// Returns its number.
pub(super) async fn join(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &Person,
    joined: &Ticket,
    into: &TicketId,
) -> Result<String, Refusal> {
    let stays = store::tickets::lock(tx, into).await?.filter(|one| one.deleted_at.is_none() && one.id != joined.id);
    let stays = stays.ok_or_else(|| Refusal::field("into", "no-such-ticket"))?;
    if stays.merged_into.is_some() || !(stays.state.is_active() || stays.state == State::Resolved) {
        return Err(Refusal::Conflict("conflict-ticket-state"));
    }
    if !is_one_body(asked_by(&stays), asked_by(joined)) {
        return Err(Refusal::field("into", "other-organization"));
    }
    let known: Vec<String> = asking(&stays).map(fold).collect();
    let let_in: Vec<String> = asking(joined).filter(|email| !known.contains(&fold(email))).map(String::from).collect();
    store::tickets::remember_let_in(tx, &joined.id, &let_in).await?;
    let mut new = stays.clone();
    new.cc.extend(let_in);
    written(app, tx, actor, by, (&stays, &new), ("joined", &joined.number)).await?;
    Ok(stays.number)
}

/// Parts a ticket from the one that stayed; both are held. Whom the merge let in is put out again, but for who is there by
/// another ticket that is still joined.
pub(super) async fn part(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &Person,
    joined: &Ticket,
    from: &TicketId,
) -> Result<(), Refusal> {
    let Some(stays) = store::tickets::lock(tx, from).await? else { return Ok(()) };
    let mut put_out = store::tickets::let_in(tx, &joined.id).await?;
    for other in store::tickets::merged_into(tx, &stays.number).await? {
        if other.id == joined.id {
            continue;
        }
        let theirs: Vec<String> = asking(&other).map(fold).collect();
        let kept: Vec<String> = put_out.extract_if(.., |email| theirs.contains(&fold(email))).collect();
        if !kept.is_empty() {
            let mut let_in = store::tickets::let_in(tx, &other.id).await?;
            let_in.extend(kept);
            store::tickets::remember_let_in(tx, &other.id, &let_in).await?;
        }
    }
    store::tickets::remember_let_in(tx, &joined.id, &[]).await?;
    let gone: Vec<String> = put_out.iter().map(|email| fold(email)).collect();
    let mut new = stays.clone();
    new.cc.retain(|email| !gone.contains(&fold(email)));
    written(app, tx, actor, by, (&stays, &new), ("parted", &joined.number)).await
}

/// What somebody may do with what was said in a ticket: by the ticket itself, or by one that it was joined to. What is in the bin
/// is the desk's alone.
pub async fn part_in(c: &mut AnyConnection, seen: &Sight, ticket: Ticket) -> store::Result<Option<Part>> {
    let (mut here, mut is_binned) = (ticket, false);
    for _ in 0..LONGEST {
        is_binned |= here.deleted_at.is_some();
        if let Some(part) = sight::part(seen, &here).filter(|part| part.is_desk() || !is_binned) {
            return Ok(Some(part));
        }
        let Some(number) = &here.merged_into else { return Ok(None) };
        let Some(next) = store::tickets::find(c, number).await? else { return Ok(None) };
        here = next;
    }
    Ok(None)
}

/// Who reads more than before once two are joined, by their addresses: those who asked one, or are in copy of it, and not the other.
pub fn read_more(one: &Ticket, other: &Ticket) -> Vec<String> {
    let known = |of: &Ticket| asking(of).map(fold).collect::<Vec<_>>();
    let (of_one, of_other) = (known(one), known(other));
    let new = |from: &'_ Ticket, known: &[String]| {
        asking(from).filter(|email| !known.contains(&fold(email))).map(String::from).collect::<Vec<_>>()
    };
    let mut more = new(one, &of_other);
    more.extend(new(other, &of_one));
    more
}

/// The addresses of those who asked.
fn asking(ticket: &Ticket) -> impl Iterator<Item = &str> {
    std::iter::once(&ticket.requester.email).chain(&ticket.cc).map(String::as_str).filter(|email| !email.is_empty())
}

/// Whose a ticket is: of a body, or of who asked.
pub(super) type AskedBy<'t> = (Option<&'t OrganizationId>, &'t Requester);

pub(super) fn asked_by(ticket: &Ticket) -> AskedBy<'_> {
    (ticket.organization_id.as_ref(), &ticket.requester)
}

/// Whether two are of one body: another's people would read what is not theirs. Of people of no body each is a body.
pub(super) fn is_one_body(one: AskedBy<'_>, other: AskedBy<'_>) -> bool {
    match (one.0, other.0) {
        (None, None) => is_same_requester(one.1, other.1),
        (one, other) => one == other,
    }
}

pub(super) fn is_same_requester(one: &Requester, other: &Requester) -> bool {
    match (&one.id, &other.id) {
        (Some(one), Some(other)) => one == other,
        (None, None) => !one.email.is_empty() && fold(&one.email) == fold(&other.email),
        _ => false,
    }
}

/// Writes the ticket that stays, with what its history and the trace say: what was joined, and whom that lets in or puts out.
async fn written(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &Person,
    (old, new): (&Ticket, &Ticket),
    (what, number): (&str, &str),
) -> Result<(), Refusal> {
    let now = app.clock.now();
    store::tickets::update(tx, new).await?;
    let mut detail = format!("{what}: {number}");
    let mut told = vec![(false, Event { new: number.into(), ..changed(what) })];
    if new.cc != old.cc {
        let (before, after) = (old.cc.join(", "), new.cc.join(", "));
        detail.push_str(&format!("; cc: {before} → {after}"));
        told.push((true, Event { old: before, new: after, ..changed("cc") }));
    }
    for (shown, entry) in told {
        store::ticket_messages::insert(tx, &new.id, &event(by, shown, Channel::Portal, now, entry)).await?;
    }
    Ok(audit::record(app, tx, actor, Act::on("ticket.changed", &new.number).with(detail)).await?)
}
