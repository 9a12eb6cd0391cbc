//! In charge of the page of what leaves by mail, `/posta-in-uscita` (N10): how each mail stands, the button that has it tried again,
//! and the one that says that its address takes mail again.

use std::collections::HashSet;

use rocket::request::FlashMessage;
use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::model::id::MailId;
use crate::model::outbox::{Mail, State as Standing};
use crate::model::page::{Cursor, Window};
use crate::outbox;
use crate::people::rights::{self, Act};
use crate::store;
use crate::text::fold;
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::when::When;

/// How many mails a page shows.
const PER_PAGE: usize = 50;

/// The mails, newest first; `stato` says which.
#[get("/posta-in-uscita?<stato>&<dopo>")]
pub async fn show(
    stato: Option<&str>,
    dopo: Option<&str>,
    agent: Agent,
    flash: Option<FlashMessage<'_>>,
    site: &State<Site>,
) -> PageResult {
    agent.must(Act::ManageOutbox)?;
    let (word, states): (&str, &[Standing]) = match stato {
        Some("da-rivedere") => ("da-rivedere", &[Standing::Failed, Standing::Uncertain]),
        Some("in-attesa") => ("in-attesa", &[Standing::Queued, Standing::Sending, Standing::HandingOver]),
        Some("inviati") => ("inviati", &[Standing::Sent]),
        _ => ("", &[]),
    };
    let window = Window { limit: PER_PAGE, after: dopo.and_then(Cursor::decode) };
    let seen = agent.sight(site).await?;
    let mut c = site.app.db.read().await?;
    let page = store::outbox::list(&mut c, &seen, states, &window).await?;
    let to: Vec<&str> = page.items.iter().map(|mail| mail.to.as_str()).collect();
    let bounced = outbox::bounce::among(&site.app, &mut c, &to).await?;
    let (stuck, waiting) = store::outbox::count_waiting(&mut c, &seen).await?;
    drop(c);
    let frame = Frame::of(site, &agent, "/posta-in-uscita", flash.as_ref());
    let when = When::new(site, frame.language);
    let rows: Vec<Value> = page.items.iter().map(|mail| row(&frame, &when, mail, &bounced)).collect();
    let next_href = page.next.map(|next| format!("/posta-in-uscita?stato={word}&dopo={}", next.encode()));
    let context = json!({
        "rows": rows, "state": word, "stuck": stuck, "waiting": waiting, "next_href": next_href,
        "open": outbox::is_open(&site.app),
    });
    frame.page("admin/outbox", "outbox-title", context)
}

/// Has a mail tried again.
#[post("/posta-in-uscita/<id>/riprova", data = "<_form>")]
pub async fn retry(id: MailId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    if !rights::may(&agent.person, Act::ManageOutbox) {
        return Err(Failure::NotFound);
    }
    let seen = agent.sight(site).await?;
    let found = store::outbox::find(&mut *site.app.db.read().await?, &seen, &id).await?;
    let mail = found.ok_or(Failure::NotFound)?;
    match outbox::retry(&site.app, &agent.actor(), &mail).await? {
        Some(_) => Ok(Sent::done("/posta-in-uscita", "mail-retried")),
        None => Ok(Sent::not_done("/posta-in-uscita", "mail-not-retried")),
    }
}

/// Says that an address takes mail again, on a mail that it did not take.
#[post("/posta-in-uscita/<id>/indirizzo", data = "<_form>")]
pub async fn works(id: MailId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    if !rights::may(&agent.person, Act::ManageOutbox) {
        return Err(Failure::NotFound);
    }
    let seen = agent.sight(site).await?;
    let found = store::outbox::find(&mut *site.app.db.read().await?, &seen, &id).await?;
    let mail = found.ok_or(Failure::NotFound)?;
    outbox::bounce::works_again(&site.app, &agent.actor(), &mail.to).await?;
    Ok(Sent::done("/posta-in-uscita", "address-works"))
}

fn row(frame: &Frame<'_>, when: &When<'_>, mail: &Mail, bounced: &HashSet<String>) -> Value {
    let mark = match mail.state {
        Standing::Sent => "ok",
        Standing::Queued if mail.fault.is_some() => "wa",
        Standing::Queued | Standing::Sending | Standing::HandingOver => "bl",
        Standing::Failed | Standing::Uncertain => "ko",
    };
    json!({
        "id": mail.id,
        "to": mail.to,
        "subject": mail.subject,
        "mark": mark,
        "state_text": frame.text(&format!("mail-state-{}", mail.state.as_str().replace('_', "-"))),
        "fault_text": mail.fault.map(|fault| frame.text(&format!("mail-fault-{}", fault.as_str()))),
        "reply": mail.reply,
        "attempts": mail.attempts,
        "at": when.exact(mail.sent_at.unwrap_or(mail.created_at)),
        "next": mail.next_try_at.filter(|_| mail.attempts > 0).map(|at| when.exact(at)),
        "retry_href": mail.can_be_retried().then(|| format!("/posta-in-uscita/{}/riprova", mail.id)),
        // Another try says the same of the address.
        "works_href": (mail.state == Standing::Failed && !mail.can_be_retried() && bounced.contains(&fold(&mail.to)))
            .then(|| format!("/posta-in-uscita/{}/indirizzo", mail.id)),
    })
}
