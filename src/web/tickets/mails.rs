//! In charge of mail that waits for a person, `/operatore/posta`: what is held, what could not be read, what somebody has thrown away,
//! and what is decided of it.

use std::collections::HashMap;

use rocket::request::FlashMessage;
use rocket::response::content::RawHtml;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::pec_label;
use crate::desk::sight::{looks_at, looks_at_all, sees};
use crate::desk::sight_of;
use crate::intake::{body, flood, oversize, taking};
use crate::mail::incoming::{Incoming, Person};
use crate::model::id::IntakeMailId;
use crate::model::intake::{IntakeMail, MailGoes, MailReason, MailState};
use crate::model::page::{Cursor, Window};
use crate::model::person::Language;
use crate::model::ticket::Pec;
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::store;
use crate::text::{bytes, whole};
use crate::web::Site;
use crate::web::api::attachments::Download;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::when::When;

const LIST: &str = "/operatore/posta";

const UNPROCESSED: &str = "/operatore/posta?stato=non-elaborati";

const DISCARDED: &str = "/operatore/posta?stato=scartate";

/// A list shows so many letters of a subject; the mail's page shows all.
const MOST_OF_SUBJECT: usize = 120;

/// More addresses, and more files, are not named of one mail.
const MOST_NAMED: usize = 50;

/// How many a page lists.
const EACH_PAGE: usize = 50;

/// What waits: held, or (`stato=non-elaborati`) what could not be read; or (`stato=scartate`) what was thrown away.
#[get("/operatore/posta?<stato>&<da>")]
pub async fn list(
    stato: Option<&str>,
    da: Option<&str>,
    agent: Agent,
    flash: Option<FlashMessage<'_>>,
    site: &State<Site>,
) -> PageResult {
    agent.must(Act::WorkTickets)?;
    let frame = Frame::of(site, &agent, LIST, flash.as_ref());
    let when = When::new(site, frame.language);
    let list = match stato {
        Some("non-elaborati") => UNPROCESSED,
        Some("scartate") => DISCARDED,
        _ => LIST,
    };
    let window = Window { limit: EACH_PAGE, after: da.and_then(Cursor::decode) };
    let mut c = site.app.db.read().await?;
    let sight = sight_of(&mut c, &agent.person).await?;
    let page = match list {
        UNPROCESSED => store::intake_mails::list(&mut c, &sight, MailState::Unprocessed, &window).await?,
        DISCARDED => store::intake_mails::discarded(&mut c, &sight, &window).await?,
        _ => store::intake_mails::list(&mut c, &sight, MailState::Held, &window).await?,
    };
    let (held, unprocessed) = store::intake_mails::count_waiting(&mut c, &sight).await?;
    let flooded = flood::since(&mut c).await?;
    // Whose they would be, told before anybody lets them in (E10).
    let mut proposed = HashMap::new();
    for one in page.items.iter().filter(|one| one.reason == Some(MailReason::NewColleague)) {
        let domain = domain(one);
        if !proposed.contains_key(domain) {
            let found = store::organizations::of_domain(&mut c, domain).await?;
            proposed.insert(domain, found.map(|one| one.name));
        }
    }
    drop(c);
    let row = |one: &IntakeMail| {
        let reason = one.reason.map(|reason| format!("mail-reason-{}", reason.as_str().replace('_', "-")));
        json!({
            "href": format!("{LIST}/{}", one.id), "from": one.sender_email, "name": one.sender_name,
            "subject": short(&titled(&frame, one)), "can_accept": can_accept(one), "can_retry": can_retry(site, one),
            "can_discard": waits(one),
            "reason": reason.map(|key| frame.text(&key)), "proposed": proposed.get(domain(one)),
            "at": when.ago(one.received_at),
        })
    };
    let and = if list == LIST { '?' } else { '&' };
    let context = json!({
        "rows": page.items.iter().map(row).collect::<Vec<Value>>(), "held": held, "unprocessed": unprocessed,
        "which": match list { UNPROCESSED => "unprocessed", DISCARDED => "discarded", _ => "held" },
        "flooded": when.ago_or_null(flooded),
        "next_href": page.next.map(|next| format!("{list}{and}da={}", next.encode())),
    });
    frame.page("tickets/mails", "mails-title", context)
}

/// What a mail is called.
fn titled(frame: &Frame<'_>, one: &IntakeMail) -> String {
    let subject = one.subject.clone().filter(|subject| !subject.trim().is_empty());
    subject.unwrap_or_else(|| frame.text("message-no-subject"))
}

/// A subject that fits a list: cut after a word, where there is one.
fn short(subject: &str) -> String {
    let Some((end, _)) = subject.char_indices().nth(MOST_OF_SUBJECT) else { return subject.into() };
    let cut = &subject[..end];
    format!("{}…", cut.rsplit_once(char::is_whitespace).map_or(cut, |(words, _)| words).trim_end())
}

/// Whether a mail waits for somebody.
fn waits(one: &IntakeMail) -> bool {
    matches!(one.state, MailState::Held | MailState::Unprocessed)
}

fn is_discarded(one: &IntakeMail) -> bool {
    // One that is being fetched anew has no place yet, nor bytes.
    let is_here = !one.sha256.is_empty() || one.mailbox_id.is_some();
    one.state == MailState::Dropped && one.reason == Some(MailReason::Discarded) && is_here
}

/// Whether a mail may be let in: it is held, or somebody has thrown it away and its bytes are here.
fn can_accept(one: &IntakeMail) -> bool {
    one.state == MailState::Held || (is_discarded(one) && !one.sha256.is_empty())
}

/// Whether reading a mail again may lead to something.
fn can_retry(site: &Site, one: &IntakeMail) -> bool {
    one.state == MailState::Unprocessed && !oversize::stays(&site.app, one)
}

fn domain(one: &IntakeMail) -> &str {
    one.sender_email.as_deref().and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain).unwrap_or_default()
}

/// What of a mail is shown to who decides of it.
#[derive(Default)]
struct Said {
    to: Vec<String>,
    cc: Vec<String>,
    /// What names a request.
    says: taking::Says,
    own: String,
    quoted: String,
    files: Vec<String>,
    pec: Option<Pec>,
}

impl Said {
    fn of(mail: Incoming) -> Said {
        let (own, quoted) = mail.text.split_at(mail.quote.unwrap_or(mail.text.len()));
        let named = |some: &[Person]| some.iter().take(MOST_NAMED).map(|one| one.email.clone()).collect();
        let files = mail.files.iter().filter(|file| !file.is_inline);
        let files = files.map(|file| file.name.clone().unwrap_or_else(|| "–".into()));
        Said {
            to: named(&mail.to),
            cc: named(&mail.cc),
            says: taking::Says::of(&mail),
            own: own.trim().into(),
            quoted: quoted.trim().into(),
            files: files.take(MOST_NAMED).collect(),
            pec: body::pec(&mail),
        }
    }
}

/// The list that a mail which waits stands in.
fn list_of(one: &IntakeMail) -> &'static str {
    match one.state {
        MailState::Held => LIST,
        MailState::Unprocessed => UNPROCESSED,
        _ => DISCARDED,
    }
}

/// Where somebody goes on who comes to a mail of which there is nothing to decide any more: to the request that has come of it, or to
/// the list.
async fn settled(site: &Site, agent: &Agent, one: &IntakeMail) -> Answer {
    let Some(ticket) = &one.ticket_id else { return Ok(Sent::done_before(LIST, "mail-settled", "")) };
    let ticket = store::tickets::find_by_id(&mut *site.app.db.read().await?, ticket).await?.ok_or(Failure::NotFound)?;
    Ok(match sees(&agent.sight(site).await?, &ticket) {
        true => Sent::done_before(format!("/operatore/{}", ticket.number), "mail-settled-here", ""),
        false => Sent::done_before(LIST, "mail-settled-in", &ticket.number),
    })
}

/// What a mail says, for who decides of it: its text, with the names of its files.
#[get("/operatore/posta/<id>", rank = 2)]
pub async fn show(id: IntakeMailId, agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> Answer {
    let one = find(site, &agent, &id).await?;
    if !waits(&one) && !is_discarded(&one) {
        return settled(site, &agent, &one).await;
    }
    let path = format!("{LIST}/{id}");
    let frame = Frame::of(site, &agent, &path, flash.as_ref());
    let when = When::new(site, frame.language);
    let mail = match one.sha256.is_empty() {
        true => None,
        false => body::glance(&site.app, &one.sha256, Said::of)
            .await
            .map_err(|fault| Failure::Broken(format!("{fault:#}")))?,
    };
    let is_read = mail.is_some();
    let said = mail.unwrap_or_default();
    let mut c = site.app.db.read().await?;
    let proposed = match one.reason {
        Some(MailReason::NewColleague) => {
            store::organizations::of_domain(&mut c, domain(&one)).await?.map(|one| one.name)
        }
        _ => None,
    };
    let mailbox = store::intake_mailboxes::of_mail(&mut c, &one).await?;
    let names = match can_accept(&one) && is_read {
        true => taking::names(&site.app, &mut c, &agent.person, &one, &said.says).await?,
        false => None,
    };
    let names = match names {
        Some(names) => {
            let is_seen = sees(&sight_of(&mut c, &agent.person).await?, &names.ticket);
            let href = is_seen.then(|| format!("/operatore/{}", names.ticket.number));
            json!({"number": names.ticket.number, "href": href, "is_open": names.is_open, "goes": names.goes})
        }
        None => Value::Null,
    };
    let large = match one.reason {
        Some(MailReason::TooLarge) => {
            let (limit, is_set) = oversize::limit_of(&site.app, one.size);
            let told = oversize::told_at(&mut c, &one).await?.map(|at| when.ago(at));
            json!({"limit": whole(limit), "is_set": is_set, "told": told, "stays": oversize::stays(&site.app, &one)})
        }
        _ => Value::Null,
    };
    drop(c);
    let reason = one.reason.map(|reason| format!("mail-reason-{}", reason.as_str().replace('_', "-")));
    let context = json!({
        "from": one.sender_email, "name": one.sender_name, "to": said.to.join(", "), "cc": said.cc.join(", "),
        "size": (one.size > 0).then(|| bytes(one.size, frame.language == Language::It)),
        "mailbox": mailbox.map(|one| one.address), "names": names, "large": large,
        "at": when.ago(one.received_at), "reason": reason.map(|key| frame.text(&key)), "proposed": proposed,
        "is_read": is_read, "body": said.own, "quoted": said.quoted, "files": said.files,
        "can_accept": can_accept(&one) && (is_read || one.state == MailState::Held), "can_retry": can_retry(site, &one), "can_discard": waits(&one),
        "has_bytes": !one.sha256.is_empty(), "back_href": list_of(&one),
        "pec": said.pec.map(|pec| pec_label(&frame, &pec)),
    });
    Ok(Sent::Seen(RawHtml(frame.render("tickets/mail", &titled(&frame, &one), context)?)))
}

/// Lets a mail in: into the request that it names or into a new one (`into`), by itself into the one that it answers.
#[post("/operatore/posta/<id>/accetta", data = "<form>")]
pub async fn accept(id: IntakeMailId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let one = find(site, &agent, &id).await?;
    if !can_accept(&one) {
        return undone(site, &agent, &id, SETTLED).await;
    }
    let goes = MailGoes::parse(form.get("into"));
    match taking::accept(&site.app, &agent.actor(), &agent.person, &one, goes).await {
        Ok(ticket) if sees(&agent.sight(site).await?, &ticket) => {
            Ok(Sent::done(format!("/operatore/{}", ticket.number), "mail-accepted"))
        }
        Ok(ticket) => Ok(Sent::done_with(list_of(&one), "mail-accepted-in", &ticket.number)),
        Err(refusal) => undone(site, &agent, &id, refusal).await,
    }
}

/// Throws a mail away.
#[post("/operatore/posta/<id>/scarta", data = "<_form>")]
pub async fn discard(id: IntakeMailId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let one = find(site, &agent, &id).await?;
    match taking::discard(&site.app, &agent.actor(), &one).await {
        Ok(()) if one.state == MailState::Held => Ok(Sent::done(list_of(&one), "mail-discarded")),
        Ok(()) => Ok(Sent::done(list_of(&one), "mail-discarded-unread")),
        Err(refusal) => undone(site, &agent, &id, refusal).await,
    }
}

/// Has a mail read again.
#[post("/operatore/posta/<id>/riprova", data = "<_form>")]
pub async fn retry(id: IntakeMailId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let one = find(site, &agent, &id).await?;
    if one.state != MailState::Unprocessed {
        return undone(site, &agent, &id, SETTLED).await;
    }
    match taking::retry(&site.app, &agent.actor(), &one).await {
        Ok(()) => Ok(Sent::done(UNPROCESSED, "mail-read-again")),
        Err(refusal) => undone(site, &agent, &id, refusal).await,
    }
}

const SETTLED: Refusal = Refusal::Conflict("conflict-mail-settled");

/// What could not be done of a mail as it stands: its page says why, or what somebody else has made of it.
async fn undone(site: &Site, agent: &Agent, id: &IntakeMailId, refusal: Refusal) -> Answer {
    let one = find(site, agent, id).await?;
    match refusal {
        Refusal::Conflict("conflict-mail-settled") => settled(site, agent, &one).await,
        Refusal::Conflict(word) => Ok(Sent::not_done(format!("{LIST}/{id}"), word)),
        refusal => Err(refusal.into()),
    }
}

/// A mail as it came.
#[get("/operatore/posta/<id>/originale")]
pub async fn raw(id: IntakeMailId, agent: Agent, site: &State<Site>) -> Result<Download, Failure> {
    let one = find(site, &agent, &id).await?;
    if !waits(&one) && !is_discarded(&one) {
        return Err(Failure::Conflict("conflict-mail-settled"));
    }
    original(site, &one).await
}

/// The bytes of a mail.
pub async fn original(site: &Site, one: &IntakeMail) -> Result<Download, Failure> {
    if one.sha256.is_empty() {
        return Err(Failure::NotFound);
    }
    let name = format!("{}.eml", one.subject.as_deref().filter(|subject| !subject.is_empty()).unwrap_or("email"));
    Download::open(site, name, one.size, &one.sha256).await
}

/// A mail, for who looks after the queue of the address to which it came; others are told that there is none.
pub async fn find(site: &Site, asker: &(impl Asker + Sync), id: &IntakeMailId) -> Result<IntakeMail, Failure> {
    let mut c = site.app.db.read().await?;
    let sight = sight_of(&mut c, asker.person()).await?;
    let one = store::intake_mails::find(&mut c, id).await?.ok_or(Failure::NotFound)?;
    let mailbox = store::intake_mailboxes::of_mail(&mut c, &one).await?;
    let is_theirs = match mailbox {
        Some(mailbox) => looks_at(&sight, mailbox.area, mailbox.group_id.as_ref()),
        None => looks_at_all(&sight),
    };
    if is_theirs { Ok(one) } else { Err(Failure::NotFound) }
}

/// The same, of one that waits in this state.
pub async fn waiting(
    site: &Site,
    asker: &(impl Asker + Sync),
    id: &IntakeMailId,
    state: MailState,
) -> Result<IntakeMail, Failure> {
    let one = find(site, asker, id).await?;
    if one.state == state { Ok(one) } else { Err(Failure::Conflict("conflict-mail-settled")) }
}
