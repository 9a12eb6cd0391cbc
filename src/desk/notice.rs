//! In charge of who is told what by mail about a ticket (N04, N05, K09): those whom it concerns, once each, and never who did it.

use crate::app::App;
use crate::audit;
use crate::catalogue::Value;
use crate::model::id::{MessageId, PersonId};
use crate::model::person::{Language, Person};
use crate::model::ticket::{NoticeKind, Ticket};
use crate::model::trace::{Act, Actor};
use crate::outbox;
use crate::outbox::letter::Letter;
use crate::store::{self, Result, Tx};
use crate::text::fold;

/// What is to be told.
pub struct Notice<'n> {
    /// The letter's kind: its words are `mail-<kind>-…`.
    pub kind: &'static str,
    /// What was written, or why.
    pub text: &'n str,
    pub message: Option<&'n MessageId>,
}

/// Tells those who asked: the requester and people in copy.
pub async fn tell_asking(app: &App, tx: &mut Tx, by: &Person, ticket: &Ticket, notice: &Notice<'_>) -> Result<()> {
    if !outbox::is_open(app) {
        return Ok(());
    }
    let mut told = vec![fold(&by.email)];
    let who = &ticket.requester;
    let addresses = std::iter::once((who.email.as_str(), who.name.as_str(), NoticeKind::Own))
        .chain(ticket.cc.iter().map(|email| (email.as_str(), email.as_str(), NoticeKind::Copies)));
    for (email, name, kind) in addresses {
        if email.is_empty() || told.contains(&fold(email)) {
            continue;
        }
        told.push(fold(email));
        let letter = match store::people::find_by_email(tx, email).await? {
            // Who does not see it any longer is not told of it either (V13).
            Some(person) if !wants(tx, &person, ticket, kind).await? => continue,
            Some(person) => Letter::to(&person, notice.kind),
            None => Letter::to_address(email, name, Language::default(), notice.kind),
        };
        send(app, tx, letter, ticket, notice, "richieste").await?;
    }
    Ok(())
}

/// Tells who works on it.
pub async fn tell_assignee(app: &App, tx: &mut Tx, by: &Person, ticket: &Ticket, notice: &Notice<'_>) -> Result<()> {
    match &ticket.assignee_id {
        Some(id) => tell_person(app, tx, by, id, ticket, notice).await,
        None => Ok(()),
    }
}

/// Tells who leads the ticket's group (R03).
pub async fn tell_leader(app: &App, tx: &mut Tx, by: &Person, ticket: &Ticket, notice: &Notice<'_>) -> Result<()> {
    let Some(group) = &ticket.group_id else { return Ok(()) };
    let leader = store::groups::find(tx, group).await?.and_then(|group| group.leader_id);
    match leader.filter(|leader| ticket.assignee_id.as_ref() != Some(leader)) {
        Some(leader) => tell_person(app, tx, by, &leader, ticket, notice).await,
        None => Ok(()),
    }
}

/// Tells who has a higher level of competence, at once (R02).
pub async fn tell_level(
    app: &App,
    tx: &mut Tx,
    by: &Person,
    ticket: &Ticket,
    level: i64,
    notice: &Notice<'_>,
) -> Result<()> {
    for id in store::people::operators_of_level(tx, level).await? {
        tell_person(app, tx, by, &id, ticket, notice).await?;
    }
    Ok(())
}

async fn tell_person(
    app: &App,
    tx: &mut Tx,
    by: &Person,
    id: &PersonId,
    ticket: &Ticket,
    notice: &Notice<'_>,
) -> Result<()> {
    if !outbox::is_open(app) || *id == by.id {
        return Ok(());
    }
    let Some(person) = store::people::find(tx, id).await? else { return Ok(()) };
    if !wants(tx, &person, ticket, NoticeKind::Work).await? {
        return Ok(());
    }
    send(app, tx, Letter::to(&person, notice.kind), ticket, notice, "operatore").await
}

/// True for who sees the ticket and has not turned such mails off.
async fn wants(tx: &mut Tx, person: &Person, ticket: &Ticket, kind: NoticeKind) -> Result<bool> {
    let sees = super::sight::sees(&super::sight_of(tx, person).await?, ticket);
    Ok(sees && !store::notices::off(tx, &person.id).await?.contains(&kind))
}

/// Changes which mails a person gets about requests.
pub async fn choose(app: &App, actor: &Actor, person: &Person, off: &[NoticeKind]) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let before = store::notices::off(&mut tx, &person.id).await?;
    if before == off {
        return Ok(());
    }
    store::notices::put_off(&mut tx, &person.id, off).await?;
    let said = |kinds: &[NoticeKind]| kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    let detail = format!("mails off: {} → {}", said(&before), said(off));
    audit::record(app, &mut tx, actor, Act::on("user.preferences-changed", &person.email).with(detail)).await?;
    tx.commit().await
}

async fn send(app: &App, tx: &mut Tx, letter: Letter, ticket: &Ticket, notice: &Notice<'_>, page: &str) -> Result<()> {
    let base = app.settings.base_url.trim_end_matches('/');
    let mut letter = letter
        .leading(format!("{base}/{page}/{}", ticket.number))
        .with("number", ticket.number.as_str())
        .with("subject", ticket.subject.as_str())
        .with("text", Value::Text(notice.text.to_string()));
    letter.about = Some((ticket.number.clone(), notice.message.cloned()));
    outbox::enqueue(app, tx, &letter).await
}
