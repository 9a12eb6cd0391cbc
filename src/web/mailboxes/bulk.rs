//! In charge of what is done to several mailboxes of the console at once, `/caselle/insieme` (ui.md 7.7): those that are ticked,
//! or all that match the view; and of what became of each.

use rocket::{State, post};
use serde_json::{Value, json};

use super::query::Query;
use crate::hub::bulk::{self, Deed, MOST};
use crate::hub::listing;
use crate::model::id::MailboxId;
use crate::model::mailbox::Mailbox;
use crate::people::rights::{self, Act};
use crate::store;
use crate::store::mailbox_list;
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::{Failure, refusal_words};
use crate::web::page::{Answer, Frame, Sent, local_path};

/// Does it, and shows what became of each mailbox where not all went well.
#[post("/caselle/insieme", data = "<form>")]
pub async fn act(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ListMailboxes)?;
    let back = local_path(form.get("torna"));
    let back = if back.starts_with("/caselle") { back } else { "/caselle" };
    let (deed, needed) = match form.get("azione") {
        "sospendi" => (Deed::Suspend, Act::ManageMailboxes),
        "riprendi" => (Deed::Resume, Act::ManageMailboxes),
        "gruppo" => (Deed::Group(form.get("gruppo").into()), Act::ManageMailboxes),
        // The button of a row gives its mailbox and nothing else.
        "aggiorna" | "" => (Deed::Refresh, Act::RefreshMailboxes),
        _ => return Err(Failure::Malformed),
    };
    agent.must(needed)?;
    let mailboxes = chosen(site, &agent, &form).await?;
    if mailboxes.is_empty() {
        return Ok(Sent::not_done(back, "none-chosen"));
    }
    // Each is held against the rule by itself: what this person does not see is not there, what may not be done is told.
    let may = |one: &Mailbox| rights::may_on(&agent.person, needed, one);
    let (allowed, denied): (Vec<Mailbox>, Vec<Mailbox>) = mailboxes.into_iter().partition(may);
    let outcomes = bulk::act(&site.app, &agent.actor(), &allowed, &deed).await?;
    let language = agent.person.language;
    let forbidden = site.templates.text(language, "bulk-forbidden", &[]);
    let mut lines: Vec<Value> = denied.iter().map(|one| line(one, Some(forbidden.clone()))).collect();
    lines.extend(
        allowed
            .iter()
            .zip(outcomes)
            .map(|(one, refusal)| line(one, refusal.map(|why| refusal_words(site, language, why)))),
    );
    let failed = lines.iter().filter(|line| !line["why"].is_null()).count();
    if failed == 0 {
        let word = match deed {
            Deed::Refresh => "refresh-started",
            Deed::Suspend => "bulk-suspended",
            Deed::Resume => "bulk-resumed",
            Deed::Group(_) => "saved",
        };
        return Ok(Sent::done(back.to_string(), word));
    }
    let context = json!({"well": lines.len() - failed, "failed": failed, "lines": lines, "back_href": back});
    let frame = Frame::of(site, &agent, "/caselle/insieme", None);
    Ok(Sent::Seen(frame.page("mailboxes/bulk", "bulk-title", context)?))
}

fn line(one: &Mailbox, why: Option<String>) -> Value {
    json!({"name": one.name(), "address": one.card.address, "why": why})
}

/// The mailboxes that are meant, of those that this person lists.
async fn chosen(site: &Site, agent: &Agent, form: &Posted) -> Result<Vec<Mailbox>, Failure> {
    let mut c = site.app.db.read().await?;
    let ids: Vec<MailboxId> = match (form.get("una"), form.get("tutte")) {
        ("", "") => form.all("scelta").take(MOST).map(Into::into).collect(),
        ("", _) => {
            let query = Query::parse(form.get("vista"));
            let (wanted, _) = listing::narrowed(&agent.person, query.wanted(), query.order().0);
            mailbox_list::ids(&mut c, &wanted, MOST).await?
        }
        (one, _) => vec![one.into()],
    };
    let found = store::mailboxes::find_all(&mut c, &ids).await?;
    Ok(found.into_iter().filter(|one| rights::may_on(&agent.person, Act::ListMailboxes, one)).collect())
}
