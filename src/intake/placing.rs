//! In charge of where a mail belongs (features.md 5): who its sender is to us, which request it answers, whether a person has to decide.
//! Does not know how it was read, nor what is written of it.

use sqlx::AnyConnection;

use super::body::Kept;
use super::bounces::{bounced, receipt};
use super::copies::copies;
use super::flood;
use super::sender::{self, is_suspicious};
use crate::app::App;
use crate::catalogue::Catalogue;
use crate::clock::Moment;
use crate::desk::sight::{self, Part};
use crate::desk::ticket::{Draft, OfMail};
use crate::desk::{change, known, merge, outsider, relation, reply, sight_of, ticket};
use crate::mail::incoming::{self, Incoming};
use crate::model::id::{MessageId, TicketId};
use crate::model::intake::{IntakeMail, IntakeMailbox, MailReason, is_one_of};
use crate::model::message::PecKind;
use crate::model::person::Person;
use crate::model::ticket::{MailFacts, Queue, Requester, Signature, State, Ticket};
use crate::model::trace::Actor;
use crate::outbox;
use crate::people::Refusal;
use crate::people::rights::{self, Act as Right};
use crate::store::{self, Tx};
use crate::text::fold;

/// So many answers are given to one address in an hour and in a day, however much it writes.
const ANSWERS: [(i64, i64); 2] = [(3, 3_600_000), (10, 24 * 3_600_000)];

/// So many merges in a row are followed.
const LONGEST: usize = 20;

/// Why a mail is not put anywhere by itself.
pub(super) enum Stops {
    Held(MailReason),
    Dropped(MailReason),
    Refused(Refusal),
}

impl From<sqlx::Error> for Stops {
    fn from(fault: sqlx::Error) -> Stops {
        Stops::Refused(fault.into())
    }
}

impl From<Refusal> for Stops {
    fn from(refusal: Refusal) -> Stops {
        Stops::Refused(refusal)
    }
}

/// Where a mail belongs: there it is then.
pub(super) async fn place(
    app: &App,
    tx: &mut Tx,
    row: &IntakeMail,
    mail: &Incoming,
    (kept, content): (&Kept, &str),
) -> Result<(TicketId, MessageId), Stops> {
    if store::intake_mails::came_before(tx, row).await? {
        return Err(Stops::Dropped(MailReason::Duplicate));
    }
    let is_real = matches!(
        mail.kind,
        PecKind::CertifiedMessage | PecKind::RemDispatch | PecKind::Anomaly | PecKind::Suspicious | PecKind::Ordinary
    );
    if !is_real {
        return receipt(app, tx, mail).await;
    }
    if let Some(bounce) = &mail.bounce {
        return bounced(app, tx, bounce).await;
    }
    if mail.message_id.as_deref().is_some_and(|id| outbox::number_in(app, id).is_some()) {
        return Err(Stops::Dropped(MailReason::Own));
    }
    let mailbox = store::intake_mailboxes::of_mail(tx, row).await?;
    if let Some(place) = came_too(app, tx, (row, mailbox.as_ref()), (mail, content)).await? {
        return Ok(place);
    }
    let Some(from) = &mail.from else { return Err(Stops::Held(MailReason::NoSender)) };
    // An address that no mail can be sent to is nobody's.
    if !crate::input::is_email(&from.email) {
        return Err(Stops::Held(MailReason::NoSender));
    }
    if mail.seal.signature == Signature::Invalid {
        return Err(Stops::Held(MailReason::Altered));
    }
    if is_suspicious(mail, mailbox.as_ref()) {
        return Err(Stops::Held(MailReason::Suspicious));
    }
    let person = known(tx, &from.email, app.clock.now()).await?;
    let by = match &person {
        Some(person) => person.clone(),
        None => outsider(&from.email, from.name.as_deref().unwrap_or(&from.email)),
    };
    if rights::may(&by, Right::WorkTickets) {
        return Err(Stops::Held(MailReason::Staff));
    }
    // It is held before a number is given, like by who answers what is closed: the two wait for each other in one order.
    let named = named(app, tx, mail).await?;
    let leads = match &named {
        Some(named) => named.leads(tx, &by).await?,
        None => false,
    };
    let (thread, beside) = if leads { (named, None) } else { (None, named) };
    let ours = store::intake_mailboxes::addresses(tx).await?;
    if mail.automatic.is_some() || is_one_of(&ours, &from.email) {
        // A machine adds to what it answers by an id, where it has a part, and opens nothing.
        return match &thread {
            Some(thread) if thread.is_by_id && thread.part(tx, &by).await?.is_some_and(Part::may_reply) => {
                said(app, tx, &by, &thread.ticket, (mail, kept), Voice::Machine).await
            }
            _ => Err(Stops::Held(MailReason::Automatic)),
        };
    }
    let Some(thread) = thread else {
        let opened = match &person {
            Some(person) if rights::may(person, Right::AskForHelp) => {
                opened_by(app, tx, person, None, (mail, kept), mailbox.as_ref()).await?
            }
            // Whom the desk has let in for its entity is known there from then on (E10).
            None if store::intake_mails::is_let_in(tx, &from.email).await? => {
                let requester = Requester { id: None, name: by.name.clone(), email: from.email.clone() };
                opened_by(app, tx, &by, Some(requester), (mail, kept), mailbox.as_ref()).await?
            }
            _ => return Err(Stops::Held(unknown(tx, &from.email).await?)),
        };
        point(app, tx, &opened.0, beside.as_ref()).await?;
        return Ok(opened);
    };
    let is_certain = thread.is_by_id || mailbox.as_ref().is_some_and(|mailbox| sender::is_certain(mail, mailbox));
    let voice = if is_certain { Voice::Certain } else { Voice::Named };
    if thread.part(tx, &by).await?.is_some_and(Part::may_reply) {
        return said(app, tx, &by, &thread.ticket, (mail, kept), voice).await;
    }
    // A colleague whom the mail was passed on to speaks in it; whether they are to follow it the desk decides.
    let of = thread.ticket.organization_id.as_ref();
    if thread.is_by_id && by.memberships.iter().any(|one| Some(&one.organization_id) == of) {
        let (ticket, message) = said(app, tx, &by, &thread.ticket, (mail, kept), voice).await?;
        if let Some(ticket) = store::tickets::find_by_id(tx, &ticket).await? {
            crate::desk::noted(app, tx, &ticket, "colleague-spoke", &by.email).await?;
        }
        return Ok((ticket, message));
    }
    Err(Stops::Held(MailReason::Stranger))
}

/// Where a mail stands that has come to another of our addresses before, which is one entry (E05): its request is in this one's queue
/// too from now on. None when it has not come before, or what came of it is over. Another mail of the same id is another (E06).
pub(super) async fn came_too(
    app: &App,
    tx: &mut Tx,
    (row, mailbox): (&IntakeMail, Option<&IntakeMailbox>),
    (mail, content): (&Incoming, &str),
) -> Result<Option<(TicketId, MessageId)>, Stops> {
    let known = store::intake_mails::place_of(tx, row, mail.message_id.as_deref(), content).await?;
    let Some((ticket, message)) = known else { return Ok(None) };
    let ticket = merge::standing(tx, &ticket).await?;
    if !goes_on(&ticket) {
        return Ok(None);
    }
    if let Some(queue) = mailbox.map(queue_of)
        && !store::intake_mails::addresses_of(tx, &ticket.id).await?.contains(&queue.address)
    {
        if !queue.is_own(&ticket) {
            store::tickets::put_queue(tx, &ticket.id, &queue).await?;
        }
        crate::desk::noted(app, tx, &ticket, "came-too", &queue.address).await?;
    }
    Ok(Some((ticket.id, message)))
}

fn queue_of(mailbox: &IntakeMailbox) -> Queue {
    Queue { address: mailbox.address.clone(), area: mailbox.area, group_id: mailbox.group_id.clone() }
}

/// What was cancelled or thrown away is not gone on with: what comes is a new thing to say.
fn goes_on(ticket: &Ticket) -> bool {
    ticket.deleted_at.is_none() && ticket.state != State::Cancelled
}

/// Why somebody whom we do not know is held: of a domain that we know, or of none.
async fn unknown(tx: &mut Tx, email: &str) -> store::Result<MailReason> {
    let domain = email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    let known = store::organizations::of_domain(tx, domain).await?;
    Ok(if known.is_some() { MailReason::NewColleague } else { MailReason::UnknownSender })
}

/// What of a mail may name a request.
#[derive(Debug, Default)]
pub struct Says {
    references: Vec<String>,
    /// Of ordinary mail alone: certified mail has no addresses with a plus.
    addressed: Vec<String>,
    subject: String,
}

impl Says {
    /// What of this one does.
    pub fn of(mail: &Incoming) -> Says {
        let is_ordinary = mail.kind == PecKind::Ordinary;
        Says {
            references: mail.references.clone(),
            addressed: mail.addressed().filter(|_| is_ordinary).map(str::to_string).collect(),
            subject: mail.subject.clone(),
        }
    }
}

/// The request that a mail answers.
pub(super) struct Thread {
    /// In which what it says stands, whatever was merged: neither cancelled nor thrown away, which is not gone on with.
    pub(super) ticket: Ticket,
    /// The one that it names.
    named: Ticket,
    /// Whether an id has told it, or an address of its own: both are ours to give.
    pub(super) is_by_id: bool,
}

impl Thread {
    /// Whether a mail of somebody's goes there by itself: a number alone leads nobody into what is not theirs.
    pub(super) async fn leads(&self, c: &mut AnyConnection, by: &Person) -> store::Result<bool> {
        Ok(self.is_by_id || self.part(c, by).await?.is_some())
    }

    /// The part that somebody has in it; None for a stranger.
    async fn part(&self, c: &mut AnyConnection, by: &Person) -> store::Result<Option<Part>> {
        match part_of(c, by, &self.named).await? {
            None if self.named.id != self.ticket.id => part_of(c, by, &self.ticket).await,
            part => Ok(part),
        }
    }
}

/// The request that a mail names (features.md 5), whoever wrote it: our own signed ids first, then ids that we have seen, then the address
/// of its own to which it was sent, then a number in its subject. Never what it says. It is held until the write ends.
pub(super) async fn named(app: &App, tx: &mut Tx, mail: &Incoming) -> Result<Option<Thread>, Stops> {
    let Some((named, is_by_id)) = meant(app, tx, &Says::of(mail)).await? else { return Ok(None) };
    let ticket = merge::standing(tx, &named.id).await?;
    Ok(Some(Thread { ticket, named, is_by_id }).filter(|one| goes_on(&one.ticket)))
}

/// The same, for who only looks.
pub(super) async fn glimpsed(app: &App, c: &mut AnyConnection, says: &Says) -> store::Result<Option<Thread>> {
    let Some((named, is_by_id)) = meant(app, c, says).await? else { return Ok(None) };
    let mut ticket = named.clone();
    for _ in 0..LONGEST {
        let Some(number) = &ticket.merged_into else { break };
        let Some(next) = store::tickets::find(c, number).await? else { return Ok(None) };
        ticket = next;
    }
    Ok(Some(Thread { ticket, named, is_by_id }).filter(|one| goes_on(&one.ticket)))
}

/// The request that a mail names. True beside it where an id does, or an address of its own.
async fn meant(app: &App, c: &mut AnyConnection, says: &Says) -> store::Result<Option<(Ticket, bool)>> {
    for id in &says.references {
        if let Some(number) = outbox::number_in(app, id)
            && let Some(ticket) = store::tickets::find(c, &number).await?
        {
            return Ok(Some((ticket, true)));
        }
    }
    for id in &says.references {
        if let Some(ticket) = store::intake_mails::ticket_of(c, id).await?
            && let Some(ticket) = store::tickets::find_by_id(c, &ticket).await?
        {
            return Ok(Some((ticket, true)));
        }
    }
    if !says.addressed.is_empty() {
        let ours = store::intake_mailboxes::addresses(c).await?;
        for email in &says.addressed {
            if let Some(number) = outbox::number_at(app, &ours, email)
                && let Some(ticket) = store::tickets::find(c, &number).await?
            {
                return Ok(Some((ticket, true)));
            }
        }
    }
    let Some(number) = incoming::subject::token(&says.subject) else { return Ok(None) };
    Ok(store::tickets::find(c, &number).await?.map(|ticket| (ticket, false)))
}

/// Where a mail names a request and opens another, that one says to the desk that they have perhaps to do with each other.
pub(super) async fn point(app: &App, tx: &mut Tx, opened: &TicketId, to: Option<&Thread>) -> Result<(), Refusal> {
    let Some(to) = to else { return Ok(()) };
    let opened = store::tickets::find_by_id(tx, opened).await?.ok_or(Refusal::Conflict("conflict-removed"))?;
    relation::perhaps(app, tx, &opened, &to.ticket).await
}

/// What the sender of a mail has to do with a ticket; None for a stranger.
async fn part_of(c: &mut AnyConnection, by: &Person, ticket: &Ticket) -> store::Result<Option<Part>> {
    let is_requester = ticket.requester.id.is_none() && fold(&ticket.requester.email) == fold(&by.email);
    if is_requester && ticket.deleted_at.is_none() {
        return Ok(Some(Part::Requester));
    }
    Ok(sight::part(&sight_of(c, by).await?, ticket))
}

/// Who is said to have written what is quoted takes so many lines at most.
const LONGEST_ATTRIBUTION: usize = 3;

/// Whether all that is quoted from there on stands behind `>`, below who is said to have written it: between what does not there may be
/// an answer.
fn is_marked(body: &str, at: usize) -> bool {
    let lines: Vec<&str> = body.get(at..).unwrap_or_default().lines().map(str::trim).collect();
    let first = lines.iter().position(|line| line.starts_with('>')).filter(|first| *first <= LONGEST_ATTRIBUTION);
    first.is_some_and(|first| lines.iter().skip(first).all(|line| line.is_empty() || line.starts_with('>')))
}

/// Who speaks in a mail that answers a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// A program.
    Machine,
    /// A person, by their address alone.
    Named,
    /// A person who had a mail of that request, or for whom somebody vouches.
    Certain,
}

pub(super) async fn said(
    app: &App,
    tx: &mut Tx,
    by: &Person,
    ticket: &Ticket,
    (mail, kept): (&Incoming, &Kept),
    voice: Voice,
) -> Result<(TicketId, MessageId), Stops> {
    let actor = actor_of(by);
    let (body, files) = (text_of(mail), &kept.files);
    let facts =
        MailFacts { quoted_from: incoming::quote(&body).filter(|at| is_marked(&body, *at)), ..kept.facts.clone() };
    let (ticket, message) =
        reply::say_by_mail(app, tx, &actor, by, ticket, (&body, files, &facts), voice == Voice::Machine).await?;
    // Who is put in copy reads all that was said: it takes more than a number that anybody may guess, under a name that nobody vouches
    // for (E11).
    if voice == Voice::Certain {
        let named = copies(tx, mail, &by.email).await?;
        change::add_followers(app, tx, &actor, by, &ticket.id, named).await?;
    }
    Ok((ticket.id, message))
}

/// Who acts, in the trace: whose address it is.
fn actor_of(by: &Person) -> Actor {
    Actor { name: by.email.clone(), ..Actor::system() }
}

/// What is written; a mail without a word says so.
fn text_of(mail: &Incoming) -> String {
    let text = mail.text.replace('\0', "");
    if text.trim().is_empty() { "–".into() } else { text }
}

/// Opens a ticket: for who wrote, or for somebody else on a person's word.
pub(super) async fn opened_by(
    app: &App,
    tx: &mut Tx,
    by: &Person,
    for_whom: Option<Requester>,
    (mail, kept): (&Incoming, &Kept),
    mailbox: Option<&IntakeMailbox>,
) -> Result<(TicketId, MessageId), Stops> {
    let sender = for_whom.as_ref().map_or(by.email.as_str(), |one| one.email.as_str());
    let organization = match &for_whom {
        None => by.memberships.first().map(|one| one.organization_id.clone()),
        Some(one) => {
            let domain = one.email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
            let body = store::organizations::of_domain(tx, domain).await?.map(|one| one.id);
            // Whose address is known to be a person's is of the bodies in which that person works.
            let person = known(tx, &one.email, app.clock.now()).await?;
            let places: Vec<_> = person.into_iter().flat_map(|one| one.memberships).collect();
            match places.first() {
                Some(first) if places.iter().all(|place| Some(&place.organization_id) != body.as_ref()) => {
                    Some(first.organization_id.clone())
                }
                _ => body,
            }
        }
    };
    let wanted = mailbox.map_or(crate::model::organization::Area::Pec, |one| one.area);
    // An entity that is not helped in the mailbox's area is in the one that it has.
    let area = match &organization {
        Some(id) => {
            let areas = store::organizations::find(tx, id).await?.map(|one| one.areas).unwrap_or_default();
            if areas.contains(&wanted) { wanted } else { areas.first().copied().unwrap_or(wanted) }
        }
        None => wanted,
    };
    let of_mail = OfMail {
        severity: mailbox.map_or(crate::model::ticket::Severity::Medium, |one| one.default_severity),
        group_id: mailbox.and_then(|one| one.group_id.clone()),
        queue: mailbox.map(queue_of),
        files: kept.files.clone(),
        facts: kept.facts.clone(),
        message_id: mail.message_id.clone(),
        is_answered: !mail.no_answer_wanted && mail.automatic.is_none() && may_answer(app, tx, sender).await?,
    };
    let copies = copies(tx, mail, sender).await?;
    let body = text_of(mail);
    let nameless = Catalogue::shared().text(app.settings.language(), "message-no-subject", &[]);
    let subject = if mail.subject.trim().is_empty() { &nameless } else { &mail.subject };
    let draft =
        Draft::of_mail((subject, &body), area, copies, for_whom.clone(), organization.filter(|_| for_whom.is_some()));
    let actor = actor_of(by);
    let (ticket, message) = ticket::open_of_mail(app, tx, &actor, by, draft, &of_mail).await?;
    Ok((ticket.id, message))
}

/// Whether one more answer may go to an address: the last defence against two machines that answer each other.
async fn may_answer(app: &App, tx: &mut Tx, email: &str) -> store::Result<bool> {
    let now = app.clock.now();
    // A mailbox that we watch is answered by people alone.
    if store::mailboxes::find_by_address(tx, email).await?.is_some() {
        return Ok(false);
    }
    if flood::look(app, tx).await? {
        return Ok(false);
    }
    for (most, within) in ANSWERS {
        let since = Moment(now.0 - within);
        if store::intake_mails::opened_since(tx, email, since).await? >= most {
            return Ok(false);
        }
    }
    Ok(true)
}
