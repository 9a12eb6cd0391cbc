//! In charge of mail that waits for a person, `/operatore/posta`: what is held, what could not be read, and what is decided of it.

use std::collections::HashMap;

use rocket::request::FlashMessage;
use rocket::response::content::RawHtml;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::pec_label;
use crate::desk::sight::{looks_at, looks_at_all};
use crate::desk::sight_of;
use crate::intake::{body, flood, taking};
use crate::mail::incoming::Incoming;
use crate::model::id::IntakeMailId;
use crate::model::intake::{IntakeMail, MailReason, MailState};
use crate::model::page::{Cursor, Window};
use crate::model::ticket::Pec;
use crate::people::rights::Act;
use crate::store;
use crate::web::Site;
use crate::web::api::attachments::Download;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::when::When;

const LIST: &str = "/operatore/posta";

const UNPROCESSED: &str = "/operatore/posta?stato=non-elaborati";

/// More addresses, and more files, are not named of one mail.
const MOST_NAMED: usize = 50;

/// How many a page lists.
const EACH_PAGE: usize = 50;

/// What waits: held, or (`stato=non-elaborati`) what could not be read.
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
    let state = if stato == Some("non-elaborati") { MailState::Unprocessed } else { MailState::Held };
    let window = Window { limit: EACH_PAGE, after: da.and_then(Cursor::decode) };
    let mut c = site.app.db.read().await?;
    let sight = sight_of(&mut c, &agent.person).await?;
    let page = store::intake_mails::list(&mut c, &sight, state, &window).await?;
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
            "href": format!("{LIST}/{}", one.id), "from": one.sender_email, "name": one.sender_name, "subject": one.subject,
            "reason": reason.map(|key| frame.text(&key)), "proposed": proposed.get(domain(one)),
            "at": when.ago(one.received_at),
        })
    };
    let query = if state == MailState::Unprocessed { "?stato=non-elaborati&" } else { "?" };
    let context = json!({
        "rows": page.items.iter().map(row).collect::<Vec<Value>>(), "is_held": state == MailState::Held,
        "held": held, "unprocessed": unprocessed, "flooded": when.ago_or_null(flooded),
        "next_href": page.next.map(|next| format!("{LIST}{query}da={}", next.encode())),
    });
    frame.page("tickets/mails", "mails-title", context)
}

fn domain(one: &IntakeMail) -> &str {
    one.sender_email.as_deref().and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain).unwrap_or_default()
}

/// What of a mail is shown to who decides of it.
#[derive(Default)]
struct Said {
    to: Vec<String>,
    own: String,
    quoted: String,
    files: Vec<String>,
    pec: Option<Pec>,
}

impl Said {
    fn of(mail: Incoming) -> Said {
        let (own, quoted) = mail.text.split_at(mail.quote.unwrap_or(mail.text.len()));
        let to = mail.to.iter().chain(&mail.cc).map(|one| one.email.clone());
        let files = mail.files.iter().filter(|file| !file.is_inline);
        let files = files.map(|file| file.name.clone().unwrap_or_else(|| "–".into()));
        Said {
            to: to.take(MOST_NAMED).collect(),
            own: own.trim().into(),
            quoted: quoted.trim().into(),
            files: files.take(MOST_NAMED).collect(),
            pec: body::pec(&mail),
        }
    }
}

/// The list that a mail which waits stands in.
fn list_of(one: &IntakeMail) -> &'static str {
    if one.state == MailState::Held { LIST } else { UNPROCESSED }
}

/// What a mail says, for who decides of it: its text, with the names of its files.
#[get("/operatore/posta/<id>", rank = 2)]
pub async fn show(id: IntakeMailId, agent: Agent, site: &State<Site>) -> PageResult {
    let one = undecided(site, &agent, &id).await?;
    let path = format!("{LIST}/{id}");
    let frame = Frame::of(site, &agent, &path, None);
    let when = When::new(site, frame.language);
    let mail = match one.sha256.is_empty() {
        true => None,
        false => body::glance(&site.app, &one.sha256, Said::of)
            .await
            .map_err(|fault| Failure::Broken(format!("{fault:#}")))?,
    };
    let proposed = match one.reason {
        Some(MailReason::NewColleague) => {
            let found = store::organizations::of_domain(&mut *site.app.db.read().await?, domain(&one)).await?;
            found.map(|one| one.name)
        }
        _ => None,
    };
    let is_read = mail.is_some();
    let said = mail.unwrap_or_default();
    let reason = one.reason.map(|reason| format!("mail-reason-{}", reason.as_str().replace('_', "-")));
    let context = json!({
        "from": one.sender_email, "name": one.sender_name, "to": said.to.join(", "),
        "at": when.ago(one.received_at), "reason": reason.map(|key| frame.text(&key)), "proposed": proposed,
        "is_read": is_read, "body": said.own, "quoted": said.quoted, "files": said.files, "is_held": one.state == MailState::Held,
        "has_bytes": !one.sha256.is_empty(), "back_href": list_of(&one), "pec": said.pec.map(|pec| pec_label(&frame, &pec)),
    });
    let title = one.subject.clone().filter(|subject| !subject.trim().is_empty()).unwrap_or_else(|| "–".into());
    Ok(RawHtml(frame.render("tickets/mail", &title, context)?))
}

/// Lets a mail in: into the request that it answers, or into a new one.
#[post("/operatore/posta/<id>/accetta", data = "<_form>")]
pub async fn accept(id: IntakeMailId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let one = waiting(site, &agent, &id, MailState::Held).await?;
    taking::accept(&site.app, &agent.actor(), &agent.person, &one).await?;
    Ok(Sent::done(LIST, "mail-accepted"))
}

/// Throws a mail away.
#[post("/operatore/posta/<id>/scarta", data = "<_form>")]
pub async fn discard(id: IntakeMailId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let one = find(site, &agent, &id).await?;
    taking::discard(&site.app, &agent.actor(), &one).await?;
    Ok(Sent::done(list_of(&one), "mail-discarded"))
}

/// Has a mail read again.
#[post("/operatore/posta/<id>/riprova", data = "<_form>")]
pub async fn retry(id: IntakeMailId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let one = waiting(site, &agent, &id, MailState::Unprocessed).await?;
    taking::retry(&site.app, &agent.actor(), &one).await?;
    Ok(Sent::done(UNPROCESSED, "mail-read-again"))
}

/// A mail as it came.
#[get("/operatore/posta/<id>/originale")]
pub async fn raw(id: IntakeMailId, agent: Agent, site: &State<Site>) -> Result<Download, Failure> {
    original(site, &undecided(site, &agent, &id).await?).await
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

/// The same, of one that waits for somebody.
async fn undecided(site: &Site, asker: &(impl Asker + Sync), id: &IntakeMailId) -> Result<IntakeMail, Failure> {
    let one = find(site, asker, id).await?;
    match one.state {
        MailState::Held | MailState::Unprocessed => Ok(one),
        _ => Err(Failure::Conflict("conflict-mail-settled")),
    }
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
