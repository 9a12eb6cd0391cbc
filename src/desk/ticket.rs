//! In charge of opening a ticket: who asks, for which body, about what. What only the desk may say is refused here.

use std::time::Duration;

use chrono::Datelike;

use super::notice::{self, Notice, To};
use super::{changed, deadline, event, nobody, request_field, routing, sight, sight_of};
use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::input::{FieldError, Fields, is_email};
use crate::model::attachment::Attachment;
use crate::model::id::{AttachmentId, GroupId, MailboxId, MessageId, OrganizationId, PendingRequestId, TicketId};
use crate::model::organization::Area;
use crate::model::person::Person;
use crate::model::request_field::{FieldAnswer, RequestField};
use crate::model::routing::Occasion;
use crate::model::ticket::{
    Channel, Clocks, Kind, MailFacts, Message, MessageKind, Queue, Requester, Severity, State, Ticket,
};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::people::rights::{self, Act as Right};
use crate::store::{self, Tx};
use crate::text::fold;

/// The fields of a new ticket that anybody gives, and those that the desk gives beside them.
const FIELDS: [&str; 11] = [
    "subject",
    "body",
    "area",
    "kind",
    "category",
    "priority",
    "mailbox_ids",
    "cc",
    "attachments",
    "organization_id",
    "fields",
];
const OF_DESK: [&str; 5] = ["requester.email", "requester.name", "requester.organization_id", "severity", "channel"];

/// The longest text of a message, in characters.
pub const MOST_TEXT: usize = 100_000;
const MOST_IN_COPY: usize = 50;

/// A key under which a request is made once (contract, 5): its route, itself, and the hash of what was sent with it.
#[derive(Debug, Clone)]
pub struct Once {
    pub route: String,
    pub key: String,
    pub body_hash: String,
}

/// What is asked for of a new ticket.
#[derive(Debug, Clone)]
pub struct Draft {
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) area: Area,
    pub(super) kind: Option<Kind>,
    pub(super) category: Option<String>,
    pub(super) priority: Option<Severity>,
    pub(super) mailbox_ids: Vec<MailboxId>,
    pub(super) cc: Vec<String>,
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) requester: Option<Requester>,
    pub(super) severity: Option<Severity>,
    pub(super) channel: Channel,
    pub(super) attachments: Vec<AttachmentId>,
    pub(super) fields: Vec<FieldAnswer>,
}

/// What a mail that opens a ticket says beside it.
#[derive(Debug, Clone)]
pub struct OfMail {
    pub severity: Severity,
    pub group_id: Option<GroupId>,
    /// The queue of the address to which it came.
    pub queue: Option<Queue>,
    /// Its files, whose bytes are on disk.
    pub files: Vec<Attachment>,
    pub facts: MailFacts,
    pub message_id: Option<String>,
    /// Whether its sender is told the number.
    pub is_answered: bool,
}

impl Draft {
    /// A ticket of a mail, which has a subject; `requester` is who wrote it, when that is not who opens it.
    pub fn of_mail(
        (subject, body): (&str, &str),
        area: Area,
        cc: Vec<String>,
        requester: Option<Requester>,
        organization_id: Option<OrganizationId>,
    ) -> Draft {
        let subject: String = subject.chars().take(200).collect();
        Draft {
            subject,
            body: body.chars().take(MOST_TEXT).collect(),
            area,
            kind: None,
            category: None,
            priority: None,
            mailbox_ids: Vec::new(),
            cc,
            organization_id,
            requester,
            severity: None,
            channel: Channel::Email,
            attachments: Vec::new(),
            fields: Vec::new(),
        }
    }
}

/// The files that a message names.
pub(super) fn files(fields: &mut Fields) -> Vec<AttachmentId> {
    let mut ids: Vec<AttachmentId> =
        fields.texts("attachments", 64).unwrap_or_default().into_iter().map(AttachmentId::from).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Reads a new ticket; `channel` is the door's own, `asked` the fields of the forms.
pub fn read(
    mut fields: Fields,
    by: &Person,
    channel: Channel,
    asked: &[RequestField],
) -> Result<Draft, Vec<FieldError>> {
    let is_desk = rights::may(by, Right::WorkTickets);
    let mut known = FIELDS.to_vec();
    if is_desk {
        known.extend(OF_DESK);
    }
    fields.object("requester");
    if fields.is_null("requester") {
        fields.forget("requester");
    }
    fields.object("fields");
    let named = fields.verbatim("area").and_then(|word| Area::parse(word.trim()));
    let names = request_field::names(asked, named);
    known.extend(names.iter().map(String::as_str));
    fields.only(&known);
    let subject = fields.required_text("subject", 200);
    let body = fields.required_prose("body", MOST_TEXT);
    let area = fields.required_text("area", 20).and_then(|word| match Area::parse(&word) {
        Some(area) => Some(area),
        None => {
            fields.refuse("area", "area");
            None
        }
    });
    let kind = fields.word("kind", "word", Kind::parse);
    let category = fields.text("category", 100);
    let priority = fields.word("priority", "word", Severity::parse);
    let mailbox_ids = fields.texts("mailbox_ids", 64).unwrap_or_default();
    let cc = addresses(&mut fields, "cc").unwrap_or_default();
    let attachments = files(&mut fields);
    let organization_id = fields.text("organization_id", 64).map(OrganizationId::from);
    let (mut requester, mut severity, mut from) = (None, None, channel);
    let mut of_requester = None;
    if is_desk {
        if fields.has_any("requester") {
            fields.required_text("requester.email", 254);
            let email = fields.email("requester.email").unwrap_or_default();
            let name = fields.text("requester.name", 200).unwrap_or_default();
            of_requester = fields.text("requester.organization_id", 64).map(OrganizationId::from);
            requester = Some(Requester { id: None, name, email });
        }
        severity = fields.word("severity", "word", Severity::parse);
        from = fields.word("channel", "word", Channel::parse).unwrap_or(channel);
    }
    // Who writes down what another said cannot know everything.
    let answers = request_field::answers(&mut fields, asked, area, requester.is_none(), by.language);
    let draft = subject.zip(body).zip(area).map(|((subject, body), area)| Draft {
        subject,
        body,
        area,
        kind,
        category,
        priority,
        mailbox_ids: mailbox_ids.into_iter().map(MailboxId::from).collect(),
        cc,
        organization_id: of_requester.or(organization_id),
        requester,
        severity,
        channel: from,
        attachments,
        fields: answers,
    });
    fields.finish(draft)
}

pub(super) fn addresses(fields: &mut Fields, field: &str) -> Option<Vec<String>> {
    let list = fields.texts(field, 254)?;
    if list.len() > MOST_IN_COPY || !list.iter().all(|one| is_email(one)) {
        fields.refuse(field, "emails");
        return None;
    }
    let mut once: Vec<String> = Vec::new();
    for one in list {
        if !once.iter().any(|known| fold(known) == fold(&one)) {
            once.push(one);
        }
    }
    Some(once)
}

/// The severity that a ticket begins with: the desk's word, or the requester's, which never says «critical» by itself
/// (features.md 4.2).
fn first_severity(given: Option<Severity>, priority: Option<Severity>) -> Severity {
    given.unwrap_or(match priority {
        Some(Severity::Critical | Severity::High) => Severity::High,
        Some(other) => other,
        None => Severity::Medium,
    })
}

/// Opens a ticket. Under a key that was used the ticket that it made comes back.
pub async fn create(
    app: &App,
    actor: &Actor,
    by: &Person,
    mut draft: Draft,
    once: Option<&Once>,
) -> Result<Ticket, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let id = TicketId::new();
    if let Some(once) = once
        && let Some(made) = made_before(&mut tx, by, once, id.as_str(), now).await?
    {
        let seen = sight_of(&mut tx, by).await?;
        let found = store::tickets::find_by_id(&mut tx, &made.as_str().into()).await?;
        return found.filter(|one| sight::sees(&seen, one)).ok_or(Refusal::Conflict("conflict-made-for-others"));
    }
    let (requester, organization_id) =
        whose(&mut tx, by, draft.requester.as_ref(), draft.organization_id.as_ref()).await?;
    check_area(&mut tx, organization_id.as_ref(), draft.area).await?;
    check_mailboxes(&mut tx, by, organization_id.as_ref(), &draft.mailbox_ids).await?;
    if draft.mailbox_ids.is_empty() {
        let said = [draft.subject.as_str(), &draft.body];
        draft.mailbox_ids = super::link::named(&mut tx, organization_id.as_ref(), &said).await?;
    }
    let files = draft.attachments.clone();
    let whose = (id, requester, organization_id);
    let (ticket, _) = make(app, &mut tx, actor, &By::Person(by, &files), whose, draft).await?;
    tx.commit().await?;
    app.post.notify_one();
    Ok(ticket)
}

/// Opens the ticket of a mail, in a transaction of the caller's, who rings `app.post`: by who wrote it, or by who lets it in. Gives
/// the first entry of its history too.
pub async fn open_of_mail(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &Person,
    draft: Draft,
    mail: &OfMail,
) -> Result<(Ticket, MessageId), Refusal> {
    let (requester, organization_id) = match &draft.requester {
        // What a mail says of its sender makes nobody its person, nor its body's, unless somebody vouches for the address.
        Some(named) if super::known(tx, &named.email, app.clock.now()).await?.is_none() => {
            (named.clone(), draft.organization_id.clone())
        }
        named => whose(tx, by, named.as_ref(), draft.organization_id.as_ref()).await?,
    };
    check_area(tx, organization_id.as_ref(), draft.area).await?;
    let said = [draft.subject.as_str(), &draft.body, &requester.email];
    let mailbox_ids = super::link::named(tx, organization_id.as_ref(), &said).await?;
    let draft = Draft { mailbox_ids, ..draft };
    let whose = (TicketId::new(), requester, organization_id);
    make(app, tx, actor, &By::Mail(by, mail), whose, draft).await
}

/// By whose hand a ticket is opened.
pub(super) enum By<'b> {
    /// Somebody with an account, and files of its own.
    Person(&'b Person, &'b [AttachmentId]),
    /// Whoever has the address of the public form, by the link that went there, with the files of that request.
    Confirmed(&'b PendingRequestId),
    /// Who wrote a mail, or who lets it in.
    Mail(&'b Person, &'b OfMail),
}

impl By<'_> {
    fn person(&self) -> Option<&Person> {
        match self {
            By::Person(person, _) => Some(person),
            // Who has no account is nobody that sees things.
            By::Mail(person, _) => Some(*person).filter(|person| !person.id.as_str().is_empty()),
            By::Confirmed(_) => None,
        }
    }

    fn mail(&self) -> Option<&OfMail> {
        match self {
            By::Mail(_, mail) => Some(mail),
            _ => None,
        }
    }
}

/// Makes a ticket, and puts it where a rule says. Gives the first entry of its history too.
pub(super) async fn make(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &By<'_>,
    (id, requester, organization_id): (TicketId, Requester, Option<OrganizationId>),
    draft: Draft,
) -> Result<(Ticket, MessageId), Refusal> {
    let now = app.clock.now();
    let severity = by.mail().map_or_else(|| first_severity(draft.severity, draft.priority), |mail| mail.severity);
    let promise = super::hours::promise(app, tx).await?;
    let year = now.utc().with_timezone(&app.settings.time_zone).year();
    let mut ticket = Ticket {
        id,
        number: store::tickets::next_number(tx, year).await?,
        subject: draft.subject,
        state: State::New,
        severity,
        priority: draft.priority,
        area: draft.area,
        kind: draft.kind,
        category: draft.category,
        channel: draft.channel,
        level: 1,
        group_id: by.mail().and_then(|mail| mail.group_id.clone()),
        organization_id,
        requester,
        assignee_id: None,
        tags: Vec::new(),
        reason: None,
        solution: None,
        created_at: now,
        updated_at: now,
        clocks: Clocks::default(),
        reopened: 0,
        state_before: None,
        merged_into: None,
        follows: None,
        deleted_at: None,
        deleted_reason: None,
        revision: 1,
        cc: draft.cc,
        mailbox_ids: draft.mailbox_ids,
        queues: Vec::new(),
        fields: draft.fields,
    };
    ticket.clocks = deadline::begin(&promise, &ticket);
    // What its address's queue has taken in it goes on seeing, whatever the body is helped in.
    ticket.queues =
        by.mail().and_then(|mail| mail.queue.clone()).filter(|one| !one.is_own(&ticket)).into_iter().collect();
    // Nobody opens what it would not see.
    if let Some(person) = by.person()
        && !sight::sees(&sight_of(tx, person).await?, &ticket)
    {
        return Err(Refusal::field("area", "area-not-yours"));
    }
    // What the desk has said of it is not a rule's to say.
    let grades = Some(&promise).filter(|_| draft.severity.is_none());
    let placed = routing::place(tx, Occasion::Opened, &ticket, &draft.body, grades).await?;
    if let Some(placed) = &placed {
        ticket = placed.ticket.clone();
    }
    let nobody = nobody();
    let hand = by.person().unwrap_or(&nobody);
    let message = open(app, tx, actor, (by, hand), &ticket, &draft.body).await?;
    if let Some(placed) = &placed {
        routing::note(app, tx, placed, hand, now).await?;
    }
    Ok((ticket, message))
}

/// Writes a new ticket with its first message, and tells whom it concerns.
async fn open(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (by, hand): (&By<'_>, &Person),
    ticket: &Ticket,
    body: &str,
) -> Result<MessageId, Refusal> {
    store::tickets::insert(tx, ticket).await?;
    let who = &ticket.requester;
    let message = Message {
        id: MessageId::new(),
        kind: MessageKind::Public,
        is_shown: true,
        event: None,
        body: body.into(),
        author_id: who.id.clone(),
        author_name: who.name.clone(),
        author_email: who.email.clone(),
        channel: ticket.channel,
        created_at: ticket.created_at,
        mail: by.mail().map(|mail| mail.facts.clone()),
    };
    store::ticket_messages::insert(tx, &ticket.id, &message).await?;
    let mut told = event(hand, true, ticket.channel, ticket.created_at, changed("created"));
    match by {
        By::Person(person, files) => super::attachment::attach(tx, files, &message.id, person).await?,
        By::Confirmed(pending) => {
            store::attachments::give(tx, pending, &message.id).await?;
        }
        By::Mail(_, mail) => super::attachment::give(tx, &mail.files, ticket, &message).await?,
    }
    // A mail is its sender's, whoever has let it in.
    if by.person().is_none() || by.mail().is_some() {
        (told.author_id, told.author_name, told.author_email) = (who.id.clone(), who.name.clone(), who.email.clone());
    }
    store::ticket_messages::insert(tx, &ticket.id, &told).await?;
    let detail = format!("{}, {}, {}", ticket.subject, ticket.severity.as_str(), ticket.area.as_str());
    audit::record(app, tx, actor, Act::on("ticket.created", &ticket.number).with(detail)).await?;
    match by.mail() {
        // Who is in copy has the mail itself; who wrote it is told the number, and nothing of what it said.
        Some(mail) if mail.is_answered => {
            notice::tell_received(app, tx, ticket, mail.message_id.as_deref()).await?;
        }
        Some(_) => {}
        None => {
            let notice = Notice { kind: "ticket-created", text: body, message: Some(&message.id) };
            notice::tell(app, tx, hand, ticket, &[To::Asking], &notice).await?;
        }
    }
    if ticket.severity == Severity::Critical {
        let notice = Notice { kind: "ticket-critical", text: body, message: None };
        notice::tell(app, tx, hand, ticket, &[To::Level(2)], &notice).await?;
    }
    Ok(message.id)
}

/// Notes that a thing is being made under a key; gives the thing that was made under it before.
pub(super) async fn made_before(
    tx: &mut Tx,
    by: &Person,
    once: &Once,
    thing: &str,
    now: Moment,
) -> Result<Option<String>, Refusal> {
    let under = (once.route.as_str(), once.key.as_str(), once.body_hash.as_str());
    if store::tickets::make_under(tx, &by.id, under, thing, now).await? {
        return Ok(None);
    }
    match store::tickets::made_under(tx, &by.id, &once.route, &once.key).await? {
        Some((hash, made)) if hash == once.body_hash => Ok(Some(made)),
        _ => Err(Refusal::field("Idempotency-Key", "key-reused")),
    }
}

/// How long a key is remembered (contract, 5).
const KEYS_LAST: Duration = Duration::from_secs(24 * 3600);

/// Forgets the keys that no longer count.
pub async fn forget_keys(app: &App) -> store::Result<()> {
    let mut tx = app.db.begin().await?;
    store::tickets::forget_keys(&mut tx, Moment(app.clock.now().0 - KEYS_LAST.as_millis() as i64)).await?;
    tx.commit().await
}

/// Who asks, and for which body: the caller, or whom the desk names.
pub(super) async fn whose(
    tx: &mut Tx,
    by: &Person,
    named: Option<&Requester>,
    organization_id: Option<&OrganizationId>,
) -> Result<(Requester, Option<OrganizationId>), Refusal> {
    let person = match named {
        None => Some(by.clone()),
        Some(named) => store::people::find_by_email(tx, &named.email).await?.filter(|person| person.active),
    };
    let member_of = |id: &OrganizationId| {
        person.as_ref().is_some_and(|person| person.memberships.iter().any(|one| one.organization_id == *id))
    };
    let is_of_others = person.as_ref().is_some_and(|one| !one.memberships.is_empty());
    let organization = match organization_id {
        // Their colleagues would read it, and they themselves would not.
        Some(id) if named.is_some() && is_of_others && !member_of(id) => {
            return Err(Refusal::field("requester.organization_id", "not-their-organization"));
        }
        Some(id) if named.is_none() && !member_of(id) => {
            return Err(Refusal::field("organization_id", "not-found"));
        }
        Some(id) => match store::organizations::find(tx, id).await?.filter(|one| one.active) {
            Some(one) => Some(one.id),
            None => {
                let field = if named.is_some() { "requester.organization_id" } else { "organization_id" };
                return Err(Refusal::field(field, "not-found"));
            }
        },
        None => person.as_ref().and_then(|one| one.memberships.first()).map(|one| one.organization_id.clone()),
    };
    let requester = match (named, &person) {
        (_, Some(person)) => {
            Requester { id: Some(person.id.clone()), name: person.name.clone(), email: person.email.clone() }
        }
        (Some(named), None) => {
            let name = if named.name.is_empty() { named.email.clone() } else { named.name.clone() };
            Requester { id: None, name, email: named.email.clone() }
        }
        (None, None) => return Err(Refusal::Conflict("conflict-removed")),
    };
    Ok((requester, organization))
}

/// An area that the body may ask help for (F23).
pub(super) async fn check_area(tx: &mut Tx, organization: Option<&OrganizationId>, area: Area) -> Result<(), Refusal> {
    let Some(id) = organization else { return Ok(()) };
    match store::organizations::find(tx, id).await? {
        Some(one) if !one.areas.contains(&area) => Err(Refusal::field("area", "area-not-enabled")),
        _ => Ok(()),
    }
}

/// Mailboxes of the ticket's own body, which the caller knows of (L01).
pub(super) async fn check_mailboxes(
    tx: &mut Tx,
    by: &Person,
    organization: Option<&OrganizationId>,
    ids: &[MailboxId],
) -> Result<(), Refusal> {
    for id in ids {
        let found = store::mailboxes::find(tx, id).await?;
        let may = found.is_some_and(|one| {
            rights::may_on(by, Right::ListMailboxes, &one)
                && (organization.is_none() || one.card.organization_id.as_ref() == organization)
        });
        if !may {
            return Err(Refusal::field("mailbox_ids", "not-found"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_but_the_desk_calls_a_ticket_critical() {
        assert_eq!(first_severity(None, None), Severity::Medium);
        assert_eq!(first_severity(None, Some(Severity::Critical)), Severity::High);
        assert_eq!(first_severity(None, Some(Severity::Low)), Severity::Low);
        assert_eq!(first_severity(Some(Severity::Critical), Some(Severity::Low)), Severity::Critical);
    }
}
