//! In charge of what is said in a ticket: replies, which those who asked read, and notes, which stay at the desk (K06). A reply
//! moves the ticket on where the state machine says so (features.md 4.1, K15, K16).

use std::time::Duration;

use chrono::Datelike;

use super::merge::{asked_by, is_one_body};
use super::notice::{self, Notice, To};
use super::sight::{self, Part};
use super::ticket::{MOST_TEXT, Once, files, made_before, whose};
use super::{canned_answer, changed, deadline, event, sight_of};
use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::input::{FieldError, Fields};
use crate::model::attachment::Attachment;
use crate::model::id::{AttachmentId, MessageId, OrganizationId, TicketId};
use crate::model::person::Person;
use crate::model::ticket::{
    Channel, Clocks, Event, MailFacts, Message, MessageKind, Requester, Severity, State, Ticket,
};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::store::{self, Tx};
use crate::text::fold;

/// How long after the solution a reply opens the ticket again: ten working days of the desk, at 11 hours each but Saturdays' 6.
/// Counted in open time, so that holidays do not shorten it: 102 hours.
pub(super) const REOPENS_WITHIN: Duration = Duration::from_secs(102 * 3600);

/// When more mails than this have come about a request in an hour, who asked is not told of each by mail (features.md 5: five).
const MOST_BY_MAIL: i64 = 5;

/// Thanks in so few letters open nothing again (K16).
const SHORT_THANKS: usize = 60;

/// What is to be said.
#[derive(Debug, Clone)]
pub struct Draft {
    pub kind: MessageKind,
    pub body: String,
    /// The last entry that whoever writes has seen: a newer reply stops the sending (O03).
    pub seen: Option<MessageId>,
    pub attachments: Vec<AttachmentId>,
    /// What has been begun since is another reply, and stays.
    pub keeps_draft: bool,
}

/// Reads a message; `part` is what whoever writes has to do with the ticket.
pub fn read(mut fields: Fields, part: Part) -> Result<Draft, Vec<FieldError>> {
    fields.only(&["kind", "body_text", "attachments", "after"]);
    fields.required_text("kind", 20);
    let kind = fields.word("kind", "word", MessageKind::parse);
    // Whoever asks has no notes, and nobody writes events.
    let may = |kind: MessageKind| kind == MessageKind::Public || (part.is_desk() && kind == MessageKind::Internal);
    if kind.is_some_and(|kind| !may(kind)) {
        fields.refuse("kind", "word");
    }
    let body = fields.required_prose("body_text", MOST_TEXT);
    // A text that was ready has places that nobody has filled: nobody sends a hole (O07).
    let is_public = kind == Some(MessageKind::Public) && part.is_desk();
    if let Some(place) = body.as_deref().filter(|_| is_public).and_then(canned_answer::unfilled) {
        fields.refuse_about("body_text", "place-unfilled", place);
    }
    let attachments = files(&mut fields);
    let seen = fields.text("after", 64).map(MessageId::from);
    fields.finish(kind.zip(body).map(|(kind, body)| Draft { kind, body, seen, attachments, keeps_draft: false }))
}

/// Says it. A reply to a ticket that is closed for good opens another, which names it (K15): the ticket comes back with the
/// message.
pub async fn say(
    app: &App,
    actor: &Actor,
    by: &Person,
    (ticket, part): (&Ticket, Part),
    draft: Draft,
    channel: Channel,
    once: Option<&Once>,
) -> Result<(Ticket, Message), Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let message = Message {
        id: MessageId::new(),
        kind: draft.kind,
        is_shown: draft.kind == MessageKind::Public,
        event: None,
        body: draft.body,
        author_id: Some(by.id.clone()),
        author_name: by.name.clone(),
        author_email: by.email.clone(),
        channel,
        created_at: now,
        mail: None,
    };
    if let Some(once) = once
        && let Some(made) = made_before(&mut tx, by, once, message.id.as_str(), now).await?
    {
        return again(&mut tx, by, &made).await;
    }
    // What is said to a ticket that was merged goes to the one that stayed (K11), by who sees that one too.
    let old = super::merge::standing(&mut tx, &ticket.id).await?;
    let part = match old.id == ticket.id {
        true => Some(part),
        false => sight::part(&sight_of(&mut tx, by).await?, &old),
    };
    let part = part.ok_or(Refusal::Conflict("conflict-ticket-state"))?;
    if !part.may_reply() || old.deleted_at.is_some() || (message.kind == MessageKind::Internal && !part.is_desk()) {
        return Err(Refusal::Conflict("conflict-ticket-state"));
    }
    if let Some(seen) = draft.seen.filter(|_| message.kind == MessageKind::Public)
        && store::ticket_messages::any_said_after(&mut tx, &old.id, &seen, &by.id).await?
    {
        return Err(Refusal::Conflict("conflict-newer-message"));
    }
    let (before, had) = (old.state, old.assignee_id.is_some());
    let said = if message.kind == MessageKind::Internal {
        // Nobody else hears of a note: not even the ticket's own moment of change tells of it (K06).
        store::ticket_messages::insert(&mut tx, &old.id, &message).await?;
        old
    } else if part.is_desk() {
        answered(app, &mut tx, by, old, &message).await?
    } else {
        asked(app, &mut tx, actor, by, old, &message).await?
    };
    super::attachment::attach(&mut tx, &draft.attachments, &message.id, by).await?;
    // What was begun is said; also where it was begun in one that was merged since.
    for begun in [&ticket.id, &said.id].into_iter().filter(|_| !draft.keeps_draft) {
        store::ticket_drafts::delete(&mut tx, &by.id, begun, message.kind).await?;
    }
    let act = match message.kind {
        MessageKind::Internal => Act::on("ticket.noted", &said.number),
        _ => Act::on("ticket.replied", &said.number),
    };
    let mut moved = Vec::new();
    if said.id == ticket.id {
        let takes = if !had && said.assignee_id.is_some() { by.name.clone() } else { String::new() };
        moved.push(("state", before.as_str().to_string(), said.state.as_str().to_string()));
        moved.push(("assignee", String::new(), takes));
    }
    let act = act.with(audit::differences(moved));
    audit::record(app, &mut tx, actor, act).await?;
    tx.commit().await?;
    app.post.notify_one();
    Ok((said, message))
}

/// What somebody says by mail, in a transaction of the caller's, who rings `app.post`. What a machine says is written down, and
/// moves nothing (E07). Gives the ticket in which it stands and its entry.
pub async fn say_by_mail(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &Person,
    ticket: &Ticket,
    (body, files, facts): (&str, &[Attachment], &MailFacts),
    is_automatic: bool,
) -> Result<(Ticket, MessageId), Refusal> {
    let message = Message {
        id: MessageId::new(),
        kind: MessageKind::Public,
        is_shown: true,
        event: None,
        body: body.chars().take(MOST_TEXT).collect(),
        author_id: super::author_of(by),
        author_name: by.name.clone(),
        author_email: by.email.clone(),
        channel: Channel::Email,
        created_at: app.clock.now(),
        mail: Some(facts.clone()),
    };
    let old = super::merge::standing(tx, &ticket.id).await?;
    let said = match is_automatic || old.state == State::Cancelled || old.deleted_at.is_some() {
        true => {
            store::ticket_messages::insert(tx, &old.id, &message).await?;
            old
        }
        false => asked(app, tx, actor, by, old, &message).await?,
    };
    super::attachment::give(tx, files, &said, &message).await?;
    audit::record(app, tx, actor, Act::on("ticket.replied", &said.number)).await?;
    Ok((said, message.id))
}

/// What the desk wrote down of a call, to be said in a request that there is.
#[derive(Debug, Clone)]
pub struct Call {
    caller: Requester,
    organization_id: Option<OrganizationId>,
    body: String,
    channel: Channel,
    attachments: Vec<AttachmentId>,
}

/// Reads it.
pub fn read_call(mut fields: Fields) -> Result<Call, Vec<FieldError>> {
    fields.required_text("requester.email", 254);
    let email = fields.email("requester.email");
    let name = fields.text("requester.name", 200).unwrap_or_default();
    let organization_id = fields.text("requester.organization_id", 64).map(OrganizationId::from);
    let body = fields.required_prose("body", MOST_TEXT);
    let channel = fields.word("channel", "word", Channel::parse).unwrap_or(Channel::Phone);
    let attachments = files(&mut fields);
    let caller = email.map(|email| Requester { id: None, name, email });
    fields.finish(caller.zip(body).map(|(caller, body)| Call { caller, organization_id, body, channel, attachments }))
}

/// Says what somebody said on the phone in a request that is perhaps the same, instead of opening another (F26): in the name of who
/// called, who is of the body whose request it is. Who wrote it down stands in the history, for the desk. Gives the ticket in which
/// it stands.
pub async fn say_by_phone(
    app: &App,
    actor: &Actor,
    by: &Person,
    ticket: &Ticket,
    call: Call,
    once: Option<&Once>,
) -> Result<Ticket, Refusal> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let id = MessageId::new();
    if let Some(once) = once
        && let Some(made) = made_before(&mut tx, by, once, id.as_str(), now).await?
    {
        return again(&mut tx, by, &made).await.map(|(ticket, _)| ticket);
    }
    let old = super::merge::standing(&mut tx, &ticket.id).await?;
    let sees = sight::part(&sight_of(&mut tx, by).await?, &old).is_some_and(Part::is_desk);
    if !sees || !super::duplicate::is_open(&old) {
        return Err(Refusal::Conflict("conflict-ticket-state"));
    }
    let (who, organization) = whose(&mut tx, by, Some(&call.caller), call.organization_id.as_ref()).await?;
    if !is_one_body((organization.as_ref(), &who), asked_by(&old)) {
        return Err(Refusal::field("requester.organization_id", "other-organization"));
    }
    let caller = match &who.id {
        Some(id) => store::people::find(&mut tx, id).await?.ok_or(Refusal::Conflict("conflict-removed"))?,
        None => super::outsider(&who.email, &who.name),
    };
    let message = Message {
        id,
        kind: MessageKind::Public,
        is_shown: true,
        event: None,
        body: call.body,
        author_id: who.id,
        author_name: who.name,
        author_email: who.email,
        channel: call.channel,
        mail: None,
        created_at: now,
    };
    let said = asked(app, &mut tx, actor, &caller, old, &message).await?;
    super::attachment::attach(&mut tx, &call.attachments, &message.id, by).await?;
    let told = Event { new: message.author_name.clone(), ..changed("phoned") };
    let told = event(by, false, call.channel, now, told);
    store::ticket_messages::insert(&mut tx, &said.id, &told).await?;
    let act = Act::on("ticket.replied", &said.number).with(message.author_email.clone());
    audit::record(app, &mut tx, actor, act).await?;
    tx.commit().await?;
    app.post.notify_one();
    Ok(said)
}

/// What was said under the same key before, while whoever said it sees where it stands.
async fn again(tx: &mut Tx, by: &Person, made: &str) -> Result<(Ticket, Message), Refusal> {
    let gone = || Refusal::Conflict("conflict-made-for-others");
    let of = store::ticket_messages::ticket_of(tx, made).await?.ok_or_else(gone)?;
    let message = store::ticket_messages::find(tx, &of, made).await?.ok_or_else(gone)?;
    let seen = sight_of(tx, by).await?;
    let ticket = store::tickets::find_by_id(tx, &of).await?.filter(|one| sight::sees(&seen, one)).ok_or_else(gone)?;
    Ok((ticket, message))
}

/// A reply of the desk: the first one takes charge.
async fn answered(app: &App, tx: &mut Tx, by: &Person, old: Ticket, message: &Message) -> Result<Ticket, Refusal> {
    if matches!(old.state, State::Closed | State::Cancelled) {
        return Err(Refusal::Conflict("conflict-ticket-state"));
    }
    let now = message.created_at;
    let mut new = Ticket { updated_at: now, ..old.clone() };
    new.clocks = deadline::told(&old.clocks, now);
    if old.state == State::New {
        new.state = State::Open;
        new.assignee_id = old.assignee_id.clone().or_else(|| Some(by.id.clone()));
    }
    new.clocks = deadline::moved(&super::hours::promise(app, tx).await?, &new, now);
    store::ticket_messages::insert(tx, &old.id, message).await?;
    moved(tx, by, &old, &new, message).await?;
    let notice = Notice { kind: "ticket-reply", text: &message.body, message: Some(&message.id) };
    notice::tell(app, tx, by, &new, &[To::Asking], &notice).await?;
    Ok(new)
}

/// A reply of those who asked: what waited for them goes on, what was solved opens again, what is closed is gone on with in
/// another ticket.
async fn asked(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &Person,
    old: Ticket,
    message: &Message,
) -> Result<Ticket, Refusal> {
    let now = message.created_at;
    let promise = super::hours::promise(app, tx).await?;
    let is_late = old
        .clocks
        .resolved_at
        .is_some_and(|at| promise.calendar.due(at, REOPENS_WITHIN).is_none_or(|due| due.at < now));
    if old.state == State::Closed || (old.state == State::Resolved && is_late) {
        // What goes on with it already is where it goes (K15).
        let seen = sight_of(tx, by).await?;
        let may = |one: &Ticket| sight::part(&seen, one).is_some_and(Part::may_reply);
        let open = store::tickets::follower(tx, &old.number).await?.filter(may);
        return match open {
            Some(open) => Box::pin(asked(app, tx, actor, by, open, message)).await,
            None => followed(app, tx, actor, by, &old, message).await,
        };
    }
    let to = match old.state {
        State::Cancelled => return Err(Refusal::Conflict("conflict-ticket-state")),
        State::PendingRequester => State::Open,
        State::Resolved if !is_thanks(&message.body, &by.name) => State::Open,
        other => other,
    };
    let mut new = Ticket { state: to, updated_at: now, ..old.clone() };
    if to != old.state {
        new.clocks = deadline::moved(&promise, &new, now);
        new.reopened += i64::from(old.state == State::Resolved);
        new.reason = None;
    }
    store::ticket_messages::insert(tx, &old.id, message).await?;
    moved(tx, by, &old, &new, message).await?;
    let notice = Notice { kind: "ticket-reply", text: said(message), message: Some(&message.id) };
    let all = [To::Assignee, To::Asking];
    let to = if goes_on_by_mail(app, tx, &new, message).await? { &all[..1] } else { &all[..] };
    notice::tell(app, tx, by, &new, to, &notice).await?;
    Ok(new)
}

/// Whether so much has come by mail in an hour that those who asked may be machines that answer what each other's answers make us
/// send: then the desk alone is told, once why.
async fn goes_on_by_mail(app: &App, tx: &mut Tx, ticket: &Ticket, message: &Message) -> Result<bool, Refusal> {
    if message.channel != Channel::Email {
        return Ok(false);
    }
    let since = Moment(message.created_at.0 - 3_600_000);
    let came = store::ticket_messages::came_by_mail(tx, &ticket.id, since).await?;
    if came == MOST_BY_MAIL + 1 {
        super::noted(app, tx, ticket, "mails-paused", "").await?;
    }
    Ok(came > MOST_BY_MAIL)
}

/// Writes the ticket, and the event of its change of state when there is one.
async fn moved(tx: &mut Tx, by: &Person, old: &Ticket, new: &Ticket, message: &Message) -> Result<(), Refusal> {
    store::tickets::update(tx, new).await?;
    if new.state != old.state {
        let what = match old.state {
            State::New => "taken",
            State::Resolved => "reopened",
            _ => "opened",
        };
        let told = Event { old: old.state.as_str().into(), new: new.state.as_str().into(), ..changed(what) };
        let told = event(by, true, message.channel, message.created_at, told);
        store::ticket_messages::insert(tx, &new.id, &told).await?;
    }
    Ok(())
}

/// Opens the ticket that goes on with a closed one.
async fn followed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    by: &Person,
    old: &Ticket,
    message: &Message,
) -> Result<Ticket, Refusal> {
    let now = message.created_at;
    let year = now.utc().with_timezone(&app.settings.time_zone).year();
    // What is critical is the desk's to say.
    let severity = if old.severity == Severity::Critical { Severity::High } else { old.severity };
    let mut new = Ticket {
        id: TicketId::new(),
        number: store::tickets::next_number(tx, year).await?,
        state: State::New,
        severity,
        channel: message.channel,
        level: 1,
        assignee_id: None,
        solution: None,
        reason: None,
        created_at: now,
        updated_at: now,
        clocks: Clocks::default(),
        reopened: 0,
        state_before: None,
        merged_into: None,
        follows: Some(old.number.clone()),
        fields: Vec::new(),
        revision: 1,
        ..old.clone()
    };
    new.clocks = deadline::begin(&super::hours::promise(app, tx).await?, &new);
    // The message stands in the new ticket as its first one.
    store::tickets::insert(tx, &new).await?;
    store::ticket_messages::insert(tx, &new.id, message).await?;
    let told = event(by, true, message.channel, now, Event { old: old.number.clone(), ..changed("follows") });
    store::ticket_messages::insert(tx, &new.id, &told).await?;
    let told = event(by, true, message.channel, now, Event { new: new.number.clone(), ..changed("continued") });
    store::ticket_messages::insert(tx, &old.id, &told).await?;
    let detail = format!("{}, follows {}", new.subject, old.number);
    audit::record(app, tx, actor, Act::on("ticket.created", &new.number).with(detail)).await?;
    let notice = Notice { kind: "ticket-created", text: said(message), message: Some(&message.id) };
    notice::tell(app, tx, by, &new, &[To::Asking], &notice).await?;
    Ok(new)
}

/// What is new in a message: what a mail quotes below it its readers have.
fn said(message: &Message) -> &str {
    let quoted = message.mail.as_ref().and_then(|mail| mail.quoted_from);
    quoted.and_then(|at| message.body.get(..at)).unwrap_or(&message.body).trim_end()
}

/// The words of which thanks are made.
const THANKS: &str = "grazie ringrazio ringraziamo thanks thank thx";
const BESIDE_THANKS: &str = "mille molte tante infinite ancora di cuore ok okay va bene benissimo perfetto ottimo tutto a posto risolto per la il
    l aiuto risposta vostra vostro vostri disponibilita gentilezza rapidita gentile gentili gentilissimo gentilissima gentilissimi
    buon buona giornata serata lavoro weekend cordiali distinti saluti saluto you very much a lot again so many all the best
    kind regards for your help e and";

/// True for thanks and nothing else; whoever writes may sign.
fn is_thanks(body: &str, name: &str) -> bool {
    let (text, name) = (fold(body), fold(name));
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let among = |list: &str, word: &str| list.split_whitespace().any(|known| known == word);
    body.chars().count() <= SHORT_THANKS
        && !body.contains('?')
        && words().any(|word| among(THANKS, word))
        && words().all(|word| among(THANKS, word) || among(BESIDE_THANKS, word) || among(&name, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thanks_alone_are_told_from_a_new_question() {
        for thanks in [
            "Grazie!",
            "grazie mille, buona giornata",
            "Ok grazie",
            "Thanks a lot",
            "Grazie, Elena Bianchi",
            "Perfetto, grazie ancora",
        ] {
            assert!(is_thanks(thanks, "Elena Bianchi"), "{thanks}");
        }
        for other in [
            "Grazie, ma non funziona",
            "grazie, quando arriva?",
            "Il problema è tornato",
            "Grazie però è ancora bloccata",
            "Grazie. Il problema persiste",
            "thanks, same error again",
            "Perfetto",
            "Grazie, come prima",
        ] {
            assert!(!is_thanks(other, "Elena Bianchi"), "{other}");
        }
    }
}
