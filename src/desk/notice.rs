//! In charge of who is told what by mail about a ticket (N04, N05, K09): those whom it concerns, once each, and never who did it.

use super::assistance;
use crate::app::App;
use crate::audit;
use crate::model::id::{MessageId, PersonId};
use crate::model::person::{Language, Person};
use crate::model::ticket::{NoticeKind, Ticket};
use crate::model::trace::{Act, Actor};
use crate::outbox;
use crate::outbox::letter::Letter;
use crate::people::person;
use crate::people::rights::{self, Act as Right};
use crate::provider;
use crate::store::{self, Result, Tx};
use crate::text::fold;

/// What is to be told.
#[derive(Clone, Copy)]
pub struct Notice<'n> {
    /// The letter's kind: its words are `mail-<kind>-…`.
    pub kind: &'static str,
    /// What was written, or why.
    pub text: &'n str,
    pub message: Option<&'n MessageId>,
}

/// What nobody waits for: the number of a new request, and work that has come to somebody. All other news waits a while, so
/// that a burst of it is one mail (N06).
const AT_ONCE: [&str; 6] =
    [RECEIVED, "ticket-created", "ticket-critical", "ticket-assigned", "ticket-escalated", "ticket-deadline"];

/// What tells somebody that a mail has become a request: it holds nothing of the mail.
pub const RECEIVED: &str = "ticket-received";

/// Whom a notice goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// Those who asked: the requester and people in copy.
    Asking,
    /// Who asked, and nobody in copy.
    Requester,
    /// Who works on it.
    Assignee,
    /// Who leads the ticket's group (R03).
    Leader,
    /// Who has to do something about it, whoever that is: who works on it, else who leads its group, else all of that, else who answers
    /// for the desk.
    Answering,
    /// Who has this level of competence or a higher one, at once (R02).
    Level(i64),
}

/// Somebody who may be told.
enum Who {
    Person(Box<Person>),
    /// Nobody with an account, or with one whose address is not known to be its own.
    Address {
        email: String,
        name: String,
    },
}

/// Tells who wrote a mail, by its Message-ID, that it has become a request.
pub(super) async fn tell_received(app: &App, tx: &mut Tx, ticket: &Ticket, answers: Option<&str>) -> Result<()> {
    let notice = Notice { kind: RECEIVED, text: "", message: None };
    tell_all(app, tx, &super::nobody(), ticket, &[To::Requester], &notice, answers).await
}

/// Tells these people, each once however many of these they are; never who did it.
pub async fn tell(app: &App, tx: &mut Tx, by: &Person, ticket: &Ticket, to: &[To], notice: &Notice<'_>) -> Result<()> {
    tell_all(app, tx, by, ticket, to, notice, None).await
}

async fn tell_all(
    app: &App,
    tx: &mut Tx,
    by: &Person,
    ticket: &Ticket,
    to: &[To],
    notice: &Notice<'_>,
    answers: Option<&str>,
) -> Result<()> {
    if !outbox::is_open(app) {
        return Ok(());
    }
    // What somebody outside the desk writes goes by mail to people with an account; addresses that it names are only told that
    // there is something.
    let bare = Notice { text: "", ..*notice };
    let quotes = by.email.is_empty() || rights::may(by, Right::WorkTickets);
    let base = app.settings.base_url.trim_end_matches('/');
    let mut told = vec![fold(&by.email)];
    for to in to {
        for (who, kind) in named(tx, ticket, *to).await? {
            let address = match &who {
                Who::Person(person) => fold(&person.email),
                Who::Address { email, .. } => fold(email),
            };
            if told.contains(&address) {
                continue;
            }
            let is_known = quotes || matches!(who, Who::Person(_)) || kind != NoticeKind::Copies;
            let letter = match &who {
                // Who does not see it any longer is not told of it either (V13).
                Who::Person(person) if !wants(tx, person, ticket, kind).await? => continue,
                Who::Person(person) => Letter::to(person, notice.kind),
                // Who has no account sees how it stands on a page that asks for none, and answers by mail.
                Who::Address { email, name } => {
                    let letter = Letter::to_address(email, name, Language::default(), notice.kind);
                    Letter { action: Some("mail-public-action"), ..letter }
                        .leading(format!("{base}{}", assistance::page_of(app, &ticket.number)))
                }
            };
            let letter = Letter {
                // The number of a mail's request goes to who wrote it alone.
                others: (kind != NoticeKind::Work && notice.kind != RECEIVED)
                    .then(|| others(ticket, &address, kind))
                    .flatten(),
                by: if by.email.is_empty() || !is_known { String::new() } else { by.name.clone() },
                answers: answers.map(str::to_string),
                ..letter
            };
            told.push(address);
            send(app, tx, letter, ticket, if is_known { notice } else { &bare }, kind).await?;
        }
    }
    Ok(())
}

/// Who else is told of what those who asked are told: the requester, and the addresses in copy. None when nobody is.
fn others(ticket: &Ticket, address: &str, kind: NoticeKind) -> Option<String> {
    let requester = Some(ticket.requester.name.as_str()).filter(|_| kind == NoticeKind::Copies);
    let copies = ticket.cc.iter().map(String::as_str).filter(|email| fold(email) != address);
    let names: Vec<&str> = requester.into_iter().chain(copies).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Who these are, and why each is told.
async fn named(tx: &mut Tx, ticket: &Ticket, to: To) -> Result<Vec<(Who, NoticeKind)>> {
    let mut found = Vec::new();
    let mut ids: Vec<PersonId> = Vec::new();
    match to {
        To::Asking | To::Requester => {
            let who = &ticket.requester;
            match &who.id {
                // Whatever address the person had when it asked.
                Some(id) => found
                    .extend(store::people::find(tx, id).await?.map(|one| (Who::Person(one.into()), NoticeKind::Own))),
                None => found.extend(of_address(tx, &who.email, &who.name).await?.map(|who| (who, NoticeKind::Own))),
            }
            let copies = if to == To::Asking { ticket.cc.as_slice() } else { &[] };
            for email in copies {
                found.extend(of_address(tx, email, email).await?.map(|who| (who, NoticeKind::Copies)));
            }
        }
        To::Assignee => ids.extend(ticket.assignee_id.clone()),
        To::Leader => {
            if let Some(group) = &ticket.group_id {
                ids.extend(store::groups::find(tx, group).await?.and_then(|group| group.leader_id));
            }
        }
        To::Answering => ids = answering(tx, ticket).await?,
        To::Level(level) => ids = store::people::operators_of_level(tx, level).await?,
    }
    for id in ids {
        found.extend(store::people::find(tx, &id).await?.map(|one| (Who::Person(one.into()), NoticeKind::Work)));
    }
    Ok(found)
}

/// The first of these who are still here.
async fn answering(tx: &mut Tx, ticket: &Ticket) -> Result<Vec<PersonId>> {
    let group = match &ticket.group_id {
        Some(id) => store::groups::find(tx, id).await?,
        None => None,
    };
    let (leader, members) = group.map(|group| (group.leader_id, group.member_ids)).unwrap_or_default();
    for ids in [ticket.assignee_id.clone().into_iter().collect(), leader.into_iter().collect(), members] {
        let mut here = Vec::new();
        for id in ids {
            here.extend(store::people::find(tx, &id).await?.filter(|one| one.active).map(|one| one.id));
        }
        if !here.is_empty() {
            return Ok(here);
        }
    }
    Ok(person::administrators(tx).await?.into_iter().map(|one| one.id).collect())
}

/// Whose an address is. None for no address at all.
async fn of_address(tx: &mut Tx, email: &str, name: &str) -> Result<Option<Who>> {
    if email.is_empty() {
        return Ok(None);
    }
    let person = store::people::find_by_email(tx, email).await?.filter(|one| one.email_vouched);
    Ok(Some(match person {
        Some(person) => Who::Person(person.into()),
        None => Who::Address { email: email.into(), name: name.into() },
    }))
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

/// Whether an address is one of certified mail, whose servers send nothing to one with a plus (features.md 5.1).
async fn is_certified(tx: &mut Tx, email: &str) -> Result<bool> {
    Ok(provider::is_certified(email) || store::mailboxes::find_by_address(tx, email).await?.is_some())
}

async fn send(
    app: &App,
    tx: &mut Tx,
    letter: Letter,
    ticket: &Ticket,
    notice: &Notice<'_>,
    kind: NoticeKind,
) -> Result<()> {
    let base = app.settings.base_url.trim_end_matches('/');
    let page = if kind == NoticeKind::Work { "operatore" } else { "richieste" };
    let mut letter = match letter.link {
        Some(_) => letter,
        None => letter.leading(format!("{base}/{page}/{}", ticket.number)),
    }
    .with("number", ticket.number.as_str())
    .with("subject", ticket.subject.as_str());
    letter.text = notice.text.into();
    // At the desk one answers on the request's page.
    if kind != NoticeKind::Work
        && let Some((address, takes_plus)) = store::intake_mailboxes::address_for(tx, ticket.area).await?
    {
        letter.takes_plus = takes_plus && !is_certified(tx, &letter.to).await?;
        letter.reply_to = Some(address);
    }
    // It stands below their own mail, if it was by one that they spoke last.
    if letter.answers.is_none() && kind != NoticeKind::Work {
        letter.answers = store::intake_mails::last_of(tx, &ticket.id, &letter.to).await?;
    }
    letter.is_answer = notice.kind == RECEIVED;
    letter.gathers = Some(kind).filter(|_| !AT_ONCE.contains(&notice.kind));
    letter.about = Some((ticket.number.clone(), notice.message.cloned()));
    outbox::enqueue(app, tx, letter).await
}
