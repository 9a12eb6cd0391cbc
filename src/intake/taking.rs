//! In charge of what becomes of a mail that is here (features.md 5): read, put where it belongs, all of it in one transaction. What
//! cannot be read, or is not for us to decide, waits for a person with its bytes.

use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::desk::sight::{self, Part};
use crate::desk::ticket::{Draft, OfMail};
use crate::desk::{attachment, nobody, notice, outsider, reply, sight_of, ticket};
use crate::files::blob;
use crate::mail::incoming::{self, Bounce, Incoming, Limits, Verdict};
use crate::model::attachment::Attachment;
use crate::model::id::{AttachmentId, IntakeMailId, MessageId, TicketId};
use crate::model::intake::{IntakeMail, IntakeMailbox, MailReason, MailState};
use crate::model::message::PecKind;
use crate::model::person::Person;
use crate::model::ticket::{Requester, State, Ticket};
use crate::model::trace::{Act, Actor};
use crate::outbox;
use crate::people::Refusal;
use crate::people::rights::{self, Act as Right};
use crate::store::intake_mails::Found;
use crate::store::{self, Tx};
use crate::text::fold;

/// A mail whose reading has ended the program so often is set aside.
const MOST_TRIES: i64 = 4;

/// How many are looked up at once.
const AT_ONCE: i64 = 20;

/// More people in copy than this do not become followers (features.md 5).
const MOST_IN_COPY: usize = 20;

/// So many answers are given to one address in an hour and in a day, however much it writes.
const ANSWERS: [(i64, i64); 2] = [(3, 3_600_000), (10, 24 * 3_600_000)];

/// Why a mail is not put anywhere by itself.
enum Stops {
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

/// Takes up what has come, in its order, until there is no more. A mail that cannot be read does not hold up those behind it.
pub async fn take_all(app: &App) -> anyhow::Result<usize> {
    let mut done = 0;
    loop {
        let some = store::intake_mails::next(&mut *app.db.read().await?, AT_ONCE).await?;
        if some.is_empty() {
            return Ok(done);
        }
        for one in &some {
            take(app, &one.id).await?;
            done += 1;
        }
    }
}

async fn take(app: &App, id: &IntakeMailId) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let Some(row) = store::intake_mails::begin(&mut tx, id).await? else { return Ok(()) };
    tx.commit().await?;
    if row.tries > MOST_TRIES {
        return set_aside(app, &row, MailReason::Unreadable).await;
    }
    let taken = match opened(app, &row).await {
        Ok(Ok((mail, files))) => put(app, &row, &mail, &files).await,
        Ok(Err(reason)) => return set_aside(app, &row, reason).await,
        Err(fault) => Err(fault),
    };
    // The disk is full, the database does not answer: it is not this mail that hinders it, and it stays where it is.
    if let Err(fault) = taken {
        let mut tx = app.db.begin().await?;
        store::intake_mails::unbegin(&mut tx, id).await?;
        tx.commit().await?;
        return Err(fault);
    }
    Ok(())
}

/// Puts a mail where it belongs. An error is none of the mail's.
async fn put(app: &App, row: &IntakeMail, mail: &Incoming, files: &[Attachment]) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    describe(&mut tx, row, mail, files).await?;
    let place = place(app, &mut tx, row, mail, files).await;
    let (to, reason, at) = match &place {
        Ok((ticket, message)) => (MailState::Done, None, Some((ticket, message))),
        Err(Stops::Held(reason)) => (MailState::Held, Some(*reason), None),
        Err(Stops::Dropped(reason)) => (MailState::Dropped, Some(*reason), None),
        Err(Stops::Refused(refusal)) => {
            if let Refusal::Store(fault) = refusal
                && store::is_passing(fault)
            {
                anyhow::bail!("a mail could not be put anywhere: {fault}");
            }
            tracing::warn!(mail = %row.id, why = ?refusal, "a mail could not be put anywhere");
            drop(tx);
            let mut tx = app.db.begin().await?;
            describe(&mut tx, row, mail, files).await?;
            settle(&mut tx, row, MailState::Unprocessed, Some(MailReason::Unreadable), None).await?;
            return Ok(tx.commit().await?);
        }
    };
    if settle(&mut tx, row, to, reason, at).await? {
        tx.commit().await?;
        app.post.notify_one();
    }
    Ok(())
}

async fn settle(
    tx: &mut Tx,
    row: &IntakeMail,
    to: MailState,
    reason: Option<MailReason>,
    place: Option<(&TicketId, &MessageId)>,
) -> store::Result<bool> {
    store::intake_mails::settle(tx, &row.id, &[row.state], to, reason, place).await
}

async fn set_aside(app: &App, row: &IntakeMail, reason: MailReason) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    settle(&mut tx, row, MailState::Unprocessed, Some(reason), None).await?;
    tx.commit().await?;
    tracing::warn!(mail = %row.id, reason = reason.as_str(), "a mail could not be read: it waits for a person");
    Ok(())
}

/// A mail read, and its files safely on disk; or why it cannot be read, whatever its bytes are. An error is the disk's.
async fn opened(app: &App, row: &IntakeMail) -> anyhow::Result<Result<(Incoming, Vec<Attachment>), MailReason>> {
    let path = blob::path(&app.settings.data_dir, &row.sha256);
    let bytes = match tokio::fs::read(&path).await {
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(Err(MailReason::Unreadable)),
        read => read?,
    };
    // By itself: what panics ends there.
    let read = tokio::task::spawn_blocking(move || incoming::read(&bytes, &Limits::default())).await;
    let mut mail = match read {
        Ok(Ok(mail)) => mail,
        Ok(Err(incoming::Unreadable::TooManyParts | incoming::Unreadable::TooDeep)) => {
            return Ok(Err(MailReason::TooManyParts));
        }
        Ok(Err(incoming::Unreadable::Empty)) | Err(_) => return Ok(Err(MailReason::Unreadable)),
    };
    let mut files = Vec::new();
    for file in std::mem::take(&mut mail.files) {
        files.push(keep(app, &file).await?);
    }
    Ok(Ok((mail, files)))
}

async fn keep(app: &App, file: &incoming::File) -> anyhow::Result<Attachment> {
    let mut kept = blob::Incoming::begin(&app.settings.data_dir).await?;
    kept.write(&file.bytes).await?;
    let size = i64::try_from(kept.size()).context("too large")?;
    Ok(Attachment {
        id: AttachmentId::new(),
        name: attachment::harmless(file.name.as_deref().unwrap_or_default()),
        size,
        media_type: file.media_type.clone(),
        sha256: kept.finish(&app.settings.data_dir).await?,
        uploader_id: None,
        visitor: None,
        message_id: None,
    })
}

/// Writes what a mail says of itself, for the lists of what waits and for what comes after it.
async fn describe(tx: &mut Tx, row: &IntakeMail, mail: &Incoming, files: &[Attachment]) -> store::Result<()> {
    let content = content(mail, files);
    let clean = |text: &str| text.replace('\0', "");
    let name = mail.from.as_ref().and_then(|from| from.name.as_deref()).map(clean);
    let email = mail.from.as_ref().map(|from| clean(&from.email));
    let (subject, message_id) = (clean(&mail.subject), mail.message_id.as_deref().map(clean));
    let found = Found {
        message_id: message_id.as_deref(),
        content: Some(&content),
        sender_name: name.as_deref(),
        sender_email: email.as_deref(),
        subject: Some(&subject),
    };
    store::intake_mails::describe(tx, &row.id, &found).await
}

/// A digest of what stays the same whatever way a mail came by (E05, E06).
fn content(mail: &Incoming, files: &[Attachment]) -> String {
    let mut digest = Sha256::new();
    let from = mail.from.as_ref().map(|from| from.email.as_str()).unwrap_or_default();
    let date = mail.date.map(|date| date.0.to_string()).unwrap_or_default();
    for part in [from, &date, &mail.subject, &mail.text].into_iter().chain(files.iter().map(|one| one.sha256.as_str()))
    {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

/// Where a mail belongs: there it is then.
async fn place(
    app: &App,
    tx: &mut Tx,
    row: &IntakeMail,
    mail: &Incoming,
    files: &[Attachment],
) -> Result<(TicketId, MessageId), Stops> {
    if store::intake_mails::came_before(tx, row).await? {
        return Err(Stops::Dropped(MailReason::Duplicate));
    }
    let is_real = matches!(
        mail.kind,
        PecKind::CertifiedMessage | PecKind::RemDispatch | PecKind::Anomaly | PecKind::Suspicious | PecKind::Ordinary
    );
    if !is_real {
        return Err(Stops::Dropped(MailReason::Receipt));
    }
    if let Some(bounce) = &mail.bounce {
        return bounced(app, tx, bounce).await;
    }
    if let Some(id) = &mail.message_id {
        if outbox::number_in(app, id).is_some() {
            return Err(Stops::Dropped(MailReason::Own));
        }
        // The same mail at two of our addresses is one entry; another mail of the same id is another.
        if let Some((ticket, message, known)) = store::intake_mails::place_of(tx, id).await?
            && known == content(mail, files)
        {
            return Ok((ticket, message));
        }
    }
    let Some(from) = &mail.from else { return Err(Stops::Held(MailReason::NoSender)) };
    let mailbox = match &row.mailbox_id {
        Some(id) => store::intake_mailboxes::find(tx, id).await?,
        None => None,
    };
    if is_suspicious(mail, mailbox.as_ref()) {
        return Err(Stops::Held(MailReason::Suspicious));
    }
    let person = store::people::find_by_email(tx, &from.email).await?.filter(|one| one.active && one.email_vouched);
    let by = match &person {
        Some(person) => person.clone(),
        None => outsider(&from.email, from.name.as_deref().unwrap_or(&from.email)),
    };
    if rights::may(&by, Right::WorkTickets) {
        return Err(Stops::Held(MailReason::Staff));
    }
    // What was cancelled or thrown away is not gone on with: it is a new thing to say.
    let thread = thread(app, tx, mail)
        .await?
        .filter(|(ticket, _)| ticket.deleted_at.is_none() && ticket.state != State::Cancelled);
    let ours = store::intake_mailboxes::addresses(tx).await?;
    if mail.automatic.is_some() || ours.contains(&fold(&from.email)) {
        // A machine adds to what it answers by an id, where it has a part, and opens nothing.
        return match &thread {
            Some((ticket, true)) if part_of(tx, &by, ticket).await?.is_some_and(Part::may_reply) => {
                said(app, tx, &by, ticket, (mail, files), true).await
            }
            _ => Err(Stops::Held(MailReason::Automatic)),
        };
    }
    let Some((ticket, _)) = thread else {
        return match &person {
            Some(person) if rights::may(person, Right::AskForHelp) => {
                opened_by(app, tx, person, None, (mail, files), mailbox.as_ref()).await
            }
            _ => Err(Stops::Held(unknown(tx, &from.email).await?)),
        };
    };
    match part_of(tx, &by, &ticket).await? {
        Some(part) if part.may_reply() => said(app, tx, &by, &ticket, (mail, files), false).await,
        _ => Err(Stops::Held(MailReason::Stranger)),
    }
}

/// Why somebody whom we do not know is held: of a domain that we know, or of none.
async fn unknown(tx: &mut Tx, email: &str) -> store::Result<MailReason> {
    let domain = email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    let known = store::organizations::of_domain(tx, domain).await?;
    Ok(if known.is_some() { MailReason::NewColleague } else { MailReason::UnknownSender })
}

/// What our own receiving server says of the sender: nothing is no fault, and what others say counts for nothing (E17). Whom an
/// envelope of certified mail names is not believed: its signature is not verified here, and anybody can write one.
fn is_suspicious(mail: &Incoming, mailbox: Option<&IntakeMailbox>) -> bool {
    let email = |one: &Option<incoming::Person>| one.as_ref().map(|one| fold(&one.email));
    let Some(mailbox) = mailbox.filter(|_| email(&mail.from) == email(&mail.envelope_from)) else { return true };
    let domain = mailbox.address.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    [mailbox.imap.host.as_str(), domain].into_iter().any(|server| {
        let said = mail.authentication(server);
        let fails = |verdict: Verdict| verdict == Verdict::Fail;
        // DMARC is the sum of the others (RFC 7489, 4.2); without it one that passes is enough.
        match said.dmarc {
            Verdict::Fail => true,
            Verdict::Pass => false,
            Verdict::None => (fails(said.spf) || fails(said.dkim)) && ![said.spf, said.dkim].contains(&Verdict::Pass),
        }
    })
}

/// The ticket that a mail answers (features.md 5): our own signed ids first, then ids that we have seen, then a number in its
/// subject from somebody who has a part in that ticket. Never what it says. True beside it where an id has told it.
async fn thread(app: &App, tx: &mut Tx, mail: &Incoming) -> Result<Option<(Ticket, bool)>, Stops> {
    for id in &mail.references {
        if let Some(number) = outbox::number_in(app, id)
            && let Some(ticket) = store::tickets::find(tx, &number).await?
        {
            return Ok(Some((ticket, true)));
        }
    }
    for id in &mail.references {
        if let Some((ticket, ..)) = store::intake_mails::place_of(tx, id).await?
            && let Some(ticket) = store::tickets::find_by_id(tx, &ticket).await?
        {
            return Ok(Some((ticket, true)));
        }
    }
    let Some(number) = incoming::subject::token(&mail.subject) else { return Ok(None) };
    let Some(ticket) = store::tickets::find(tx, &number).await? else { return Ok(None) };
    let Some(from) = &mail.from else { return Ok(None) };
    let person = store::people::find_by_email(tx, &from.email).await?.filter(|one| one.active && one.email_vouched);
    let by = person.unwrap_or_else(|| outsider(&from.email, ""));
    Ok(part_of(tx, &by, &ticket).await?.map(|_| (ticket, false)))
}

/// What the sender of a mail has to do with a ticket; None for a stranger.
async fn part_of(tx: &mut Tx, by: &Person, ticket: &Ticket) -> store::Result<Option<Part>> {
    let is_requester = ticket.requester.id.is_none() && fold(&ticket.requester.email) == fold(&by.email);
    if is_requester && ticket.deleted_at.is_none() {
        return Ok(Some(Part::Requester));
    }
    Ok(sight::part(&sight_of(tx, by).await?, ticket))
}

async fn said(
    app: &App,
    tx: &mut Tx,
    by: &Person,
    ticket: &Ticket,
    (mail, files): (&Incoming, &[Attachment]),
    is_automatic: bool,
) -> Result<(TicketId, MessageId), Stops> {
    let actor = actor_of(by);
    let body = text_of(mail);
    let (ticket, message) = reply::say_by_mail(app, tx, &actor, by, ticket, (&body, files), is_automatic).await?;
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
async fn opened_by(
    app: &App,
    tx: &mut Tx,
    by: &Person,
    for_whom: Option<Requester>,
    (mail, files): (&Incoming, &[Attachment]),
    mailbox: Option<&IntakeMailbox>,
) -> Result<(TicketId, MessageId), Stops> {
    let sender = for_whom.as_ref().map_or(by.email.as_str(), |one| one.email.as_str());
    let organization = match &for_whom {
        None => by.memberships.first().map(|one| one.organization_id.clone()),
        Some(one) => {
            let domain = one.email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
            store::organizations::of_domain(tx, domain).await?.map(|one| one.id)
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
        files: files.to_vec(),
        is_answered: !mail.no_answer_wanted && mail.automatic.is_none() && may_answer(app, tx, sender).await?,
    };
    let copies = copies(tx, mail, sender).await?;
    let body = text_of(mail);
    let draft = Draft::of_mail(
        (&mail.subject, &body),
        area,
        copies,
        for_whom.clone(),
        organization.filter(|_| for_whom.is_some()),
    );
    let actor = actor_of(by);
    let (ticket, message) = ticket::open_of_mail(app, tx, &actor, by, draft, &of_mail).await?;
    Ok((ticket.id, message))
}

/// Whether one more answer may go to an address: the last defence against two machines that answer each other.
async fn may_answer(app: &App, tx: &mut Tx, email: &str) -> store::Result<bool> {
    for (most, within) in ANSWERS {
        let since = Moment(app.clock.now().0 - within);
        if store::intake_mails::opened_since(tx, email, since).await? >= most {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Those in copy who become followers (E11): people whom we know, or of an entity's domain; strangers are only in the text.
async fn copies(tx: &mut Tx, mail: &Incoming, sender: &str) -> store::Result<Vec<String>> {
    let ours = store::intake_mailboxes::addresses(tx).await?;
    let mut found: Vec<String> = Vec::new();
    for one in mail.cc.iter().chain(&mail.to) {
        let email = fold(&one.email);
        let is_known = email == fold(sender) || ours.contains(&email) || found.iter().any(|known| fold(known) == email);
        if is_known || !crate::input::is_email(&one.email) || found.len() >= MOST_IN_COPY {
            continue;
        }
        if store::mailboxes::find_by_address(tx, &one.email).await?.is_some() {
            continue;
        }
        let domain = one.email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
        let has_account =
            store::people::find_by_email(tx, &one.email).await?.is_some_and(|person| person.email_vouched);
        if has_account || store::organizations::of_domain(tx, domain).await?.is_some() {
            found.push(one.email.clone());
        }
    }
    Ok(found)
}

/// What did not arrive is told on the very mail, and to who works on the ticket (E08).
async fn bounced(app: &App, tx: &mut Tx, bounce: &Bounce) -> Result<(TicketId, MessageId), Stops> {
    let Some(id) = &bounce.original_message_id else { return Err(Stops::Held(MailReason::Bounce)) };
    let mut number = None;
    for one in bounce.recipients.iter().filter(|one| one.is_permanent) {
        let status = one.status.as_deref().unwrap_or_default();
        let reply = format!("{} {status}", one.action);
        let found = store::outbox::bounced(tx, &format!("<{id}>"), &one.email, reply.trim()).await?;
        number = number.or(found.map(|number| (number, one.email.clone())));
    }
    // Of a mail that is only late nothing is said; of one that is none of ours a person decides.
    let is_ours = outbox::number_in(app, id).is_some();
    let Some((number, email)) = number else {
        return Err(if is_ours { Stops::Dropped(MailReason::Bounce) } else { Stops::Held(MailReason::Bounce) });
    };
    let Some(ticket) = store::tickets::find(tx, &number).await? else { return Err(Stops::Dropped(MailReason::Bounce)) };
    let told = notice::Notice { kind: "ticket-bounced", text: &email, message: None };
    notice::tell(app, tx, &nobody(), &ticket, &[notice::To::Assignee], &told).await?;
    let entry = crate::desk::noted(app, tx, &ticket, "bounced", &email).await?;
    Ok((ticket.id, entry))
}

/// Puts a mail that is held where a person says that it belongs: into the request that it answers, else into a new one.
pub async fn accept(app: &App, actor: &Actor, by: &Person, row: &IntakeMail) -> Result<(), Refusal> {
    let opened = opened(app, row).await.ok().and_then(Result::ok);
    let (mail, files) = opened.ok_or(Refusal::Conflict("conflict-mail-unreadable"))?;
    let Some(from) = &mail.from else { return Err(Refusal::Conflict("conflict-mail-without-sender")) };
    let mut tx = app.db.begin().await?;
    // First of all, like everybody: two who decide of one mail wait for each other here.
    if store::intake_mails::lock(&mut tx, &row.id).await? != Some(row.state) {
        return Err(Refusal::Conflict("conflict-mail-settled"));
    }
    let mailbox = match &row.mailbox_id {
        Some(id) => store::intake_mailboxes::find(&mut tx, id).await?,
        None => None,
    };
    let name = from.name.clone().unwrap_or_else(|| from.email.clone());
    let thread = thread(app, &mut tx, &mail).await.map_err(refused)?;
    let placed = match thread {
        Some((ticket, _)) => {
            // The word of the desk lets it in; it stays what it is: somebody's without an account.
            let writer = outsider(&from.email, &name);
            said(app, &mut tx, &writer, &ticket, (&mail, &files), false).await
        }
        None => {
            let requester = Requester { id: None, name, email: from.email.clone() };
            opened_by(app, &mut tx, by, Some(requester), (&mail, &files), mailbox.as_ref()).await
        }
    };
    let (ticket, message) = placed.map_err(refused)?;
    if !settle(&mut tx, row, MailState::Done, None, Some((&ticket, &message))).await? {
        return Err(Refusal::Conflict("conflict-mail-settled"));
    }
    let subject = row.sender_email.clone().unwrap_or_default();
    audit::record(
        app,
        &mut tx,
        actor,
        Act::on("mail.accepted", &subject).with(row.subject.clone().unwrap_or_default()),
    )
    .await?;
    tx.commit().await?;
    app.post.notify_one();
    Ok(())
}

fn refused(stops: Stops) -> Refusal {
    match stops {
        Stops::Refused(refusal) => refusal,
        Stops::Held(_) | Stops::Dropped(_) => Refusal::Conflict("conflict-mail-unreadable"),
    }
}

/// Has a mail that could not be read tried again.
pub async fn retry(app: &App, actor: &Actor, row: &IntakeMail) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    // Of one whose bytes are not here the row goes: then it is fetched again.
    let is_done = match row.sha256.is_empty() {
        true => store::intake_mails::forget(&mut tx, &row.id).await?,
        false => store::intake_mails::take_up(&mut tx, &row.id).await?,
    };
    if !is_done {
        return Err(Refusal::Conflict("conflict-mail-settled"));
    }
    let subject = row.sender_email.clone().unwrap_or_default();
    audit::record(
        app,
        &mut tx,
        actor,
        Act::on("mail.read-again", &subject).with(row.subject.clone().unwrap_or_default()),
    )
    .await?;
    tx.commit().await?;
    app.arrived.notify_one();
    app.intake.notify_one();
    Ok(())
}

/// Throws away a mail that waits: its bytes stay as long as it does.
pub async fn discard(app: &App, actor: &Actor, row: &IntakeMail) -> Result<(), Refusal> {
    let waits = matches!(row.state, MailState::Held | MailState::Unprocessed);
    let mut tx = app.db.begin().await?;
    if !waits || !settle(&mut tx, row, MailState::Dropped, Some(MailReason::Discarded), None).await? {
        return Err(Refusal::Conflict("conflict-mail-settled"));
    }
    let subject = row.sender_email.clone().unwrap_or_default();
    audit::record(
        app,
        &mut tx,
        actor,
        Act::on("mail.discarded", &subject).with(row.subject.clone().unwrap_or_default()),
    )
    .await?;
    Ok(tx.commit().await?)
}
