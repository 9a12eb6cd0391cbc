//! In charge of the console `/caselle`: the rows, the figures above them, the views beside them. Does not know addresses.

use rocket::request::FlashMessage;
use rocket::{State, get};
use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::query::{DENIED, Query, TROUBLE, word_of};
use super::{activation_is_late, late_before, password_href, status_words};
use crate::clock::Moment;
use crate::hub::{capacity, listing};
use crate::mail::fault;
use crate::model::mailbox::{Mailbox, Status};
use crate::model::page::{Cursor, Window};
use crate::model::view::ViewPage;
use crate::people::rights::{self, Act};
use crate::store;
use crate::store::mailbox_list::{self, Totals, Wanted};
use crate::store::visits::Failed;
use crate::web::Site;
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Frame, PageResult};
use crate::web::when::When;

/// How many mailboxes a page lists.
const EACH_PAGE: usize = 100;

/// The console, or the part of it that is drawn again at each event.
#[get("/caselle?<query..>")]
pub async fn show(query: Query, agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::ListMailboxes)?;
    let frame = Frame::of(site, &agent, "/caselle", flash.as_ref());
    let (order, falling) = query.order();
    let all = listing::narrowed(&agent.person, Wanted::default(), order).0;
    let (wanted, order) = listing::narrowed(&agent.person, query.wanted(), order);
    let window = Window { limit: EACH_PAGE, after: query.da.as_deref().and_then(Cursor::decode) };
    let late = late_before(&frame);

    let mut c = site.app.db.read().await?;
    let totals = mailbox_list::totals(&mut c, &all, late).await?;
    // Who sees figures of some mailboxes only is told sums of those only.
    let bare = all.by_address_only;
    let totals = match bare {
        true => Totals { mailboxes: totals.mailboxes, ..Totals::default() },
        false => totals,
    };
    let matching = if wanted == all { totals.mailboxes } else { mailbox_list::count(&mut c, &wanted).await? };
    let groups = if bare { Vec::new() } else { mailbox_list::groups(&mut c, &all).await? };
    let page = mailbox_list::list(&mut c, &wanted, order, falling, &window).await?;
    let bodies = page.items.iter().filter_map(|mailbox| mailbox.card.organization_id.as_ref());
    let bodies = store::organizations::names(&mut c, bodies).await?;
    // Runs go over all mailboxes: their figures are for those who see all.
    let progress = if all.within.is_none() { store::runs::progress(&mut c).await? } else { None };
    // Who sees the capacity sees all mailboxes, which are counted already.
    let places = match rights::may(&agent.person, Act::SeeCapacity) && all.within.is_none() {
        true => Some(capacity::of(&site.app, store::capacity::blocks(&mut c).await?, totals.mailboxes)),
        false => None,
    };
    let now = site.app.clock.now();
    let in_hand = store::visits::in_hand(&mut c, page.items.iter().map(|one| &one.id)).await?;
    // How many requests each has open is for the desk (L02).
    let ids: Vec<_> = page.items.iter().map(|one| one.id.clone()).collect();
    let open: std::collections::HashMap<_, i64> = match rights::may(&agent.person, Act::WorkTickets) {
        true => store::tickets::open_by_mailbox(&mut c, &ids).await?.into_iter().collect(),
        false => Default::default(),
    };
    let saved = saved_views(&mut c, &agent, &query).await?;
    let ended = ended_run(&mut c, &agent, now).await?;
    let body = match &wanted.organization_id {
        Some(id) if wanted.within.as_ref().is_none_or(|scope| scope.organizations.contains(id)) => {
            store::organizations::find(&mut c, id).await?.map(|one| one.name)
        }
        _ => None,
    };
    drop(c);

    let when = When::new(site, frame.language);
    let rows: Vec<Value> = page
        .items
        .iter()
        .map(|mailbox| {
            let body = mailbox.card.organization_id.as_ref().and_then(|id| bodies.get(id));
            let mut row = row(&frame, &when, mailbox, body, late);
            if in_hand.contains(&mailbox.id) {
                row["busy"] = true.into();
            }
            row["open"] = open.get(&mailbox.id).copied().unwrap_or(0).into();
            row
        })
        .collect();
    let context = json!({
        "counters": {"total": totals.mailboxes, "new": totals.new_messages, "unread": totals.unread_messages,
                     "refused": totals.refused, "late": totals.late},
        "capacity": places.map(super::capacity::view),
        "filters": {"q": query.q, "status": query.stato, "new": wanted.with_new, "unread": wanted.with_unread,
                    "room": wanted.short_of_room, "group": query.gruppo, "organization": query.ente, "sort": word_of(order, falling)},
        "chips": query.chips(&frame, body.as_deref()),
        "saved": saved,
        "ended": ended,
        "bare": bare,
        "view_query": query.href(|query| query.da = None).trim_start_matches("/caselle").trim_start_matches('?'),
        "may_manage": rights::may(&agent.person, Act::ManageMailboxes),
        "statuses": statuses(&frame),
        "groups": groups.iter().map(|(name, count)| json!({"name": name, "count": count})).collect::<Vec<_>>(),
        "views": query.views(&frame, &totals, !bare),
        "rows": rows,
        "next_href": page.next.map(|next| query.href(|q| q.da = Some(next.encode()))),
        "shown": rows.len(),
        "matching": matching,
        "here_href": query.href(|_| ()),
        "live_href": query.href(|q| q.frammento = Some("1".into())),
        "may_add": rights::may(&agent.person, Act::ManageMailboxes),
        "may_refresh": rights::may(&agent.person, Act::RefreshMailboxes),
        "sort_links": query.sort_links(order, falling),
        "refresh": progress.map_or(json!({"running": false, "done": 0, "total": 0}),
                                   |(done, total)| json!({"running": total > 0, "done": done, "total": total})),
        "last_update": {"iso": now.rfc3339(), "text": when.clock(now)},
    });
    let template = if query.frammento.is_some() { "mailboxes/_list" } else { "mailboxes/list" };
    frame.page(template, query.title(), context)
}

fn row(frame: &Frame<'_>, when: &When<'_>, mailbox: &Mailbox, body: Option<&String>, late: Moment) -> Value {
    let (status_text, mark) = status_words(frame, mailbox, late);
    let facts = &mailbox.facts;
    let may_open = frame.agent.is_some_and(|agent| rights::may_on(&agent.person, Act::OpenMailbox, mailbox));
    let sees = frame.agent.is_some_and(|agent| rights::may_on(&agent.person, Act::SeeMailboxFigures, mailbox));
    let password_href = password_href(frame, mailbox);
    let note = match facts.status {
        Status::Activating if activation_is_late(frame, mailbox) => Some(frame.text("mailboxes-activation-late")),
        Status::Activating if password_href.is_none() => Some(frame.text("mailboxes-after-activation")),
        _ => None,
    };
    json!({
        "id": mailbox.id,
        "name": if sees { mailbox.name() } else { &mailbox.card.address },
        "address": mailbox.card.address,
        "figures": sees,
        "card_href": format!("/caselle/{}/scheda", mailbox.id),
        "busy": false,
        "href": may_open.then(|| format!("/caselle/{}", mailbox.id)),
        "status": facts.status,
        "status_text": status_text,
        "mark": mark,
        "holder_tax_code": mailbox.card.holder_tax_code.as_ref().filter(|_| sees),
        "organization": body.filter(|_| sees),
        "new": if sees { facts.new_messages } else { 0 },
        "unread": if sees { facts.unread_messages } else { 0 },
        "total": if sees { facts.total_messages } else { 0 },
        "last_message": when.ago_or_null(facts.last_message_at.filter(|_| sees)),
        "checked": when.ago_or_null(facts.last_checked_at.filter(|_| sees)),
        "note": note,
        "password_href": password_href,
    })
}

fn statuses(frame: &Frame<'_>) -> Vec<Value> {
    let word = |status: &Status| json!({"value": status.as_str(), "text": frame.text(&format!("status-{}", status.as_str().replace('_', "-")))});
    let trouble = json!({"value": TROUBLE, "text": frame.text("mailboxes-status-trouble")});
    let denied = json!({"value": DENIED, "text": frame.text("mailboxes-status-denied")});
    [trouble, denied].into_iter().chain(Status::ALL.iter().map(word)).collect()
}

/// So many saved views are counted beside the console; the rest is reached by the API.
const MOST_SAVED: usize = 20;

/// The views that this person sees, each with how many mailboxes it holds for them.
async fn saved_views(c: &mut AnyConnection, agent: &Agent, shown: &Query) -> store::Result<Vec<Value>> {
    let page = Some(ViewPage::Mailboxes);
    let here = shown.href(|query| query.da = None);
    let mut saved = Vec::new();
    for view in store::views::list(c, &agent.person.id, page, &Window::first(MOST_SAVED)).await?.items {
        let query = Query::parse(&view.query);
        let (wanted, _) = listing::narrowed(&agent.person, query.wanted(), query.order().0);
        let href = query.href(|_| ());
        saved.push(json!({"id": view.id, "text": view.name, "href": href, "current": href == here,
                          "count": mailbox_list::count(c, &wanted).await?, "own": view.owner_id == agent.person.id,
                          "shared": view.shared}));
    }
    Ok(saved)
}

/// How long the end of a run is told to whoever asked for it.
const TOLD_FOR_MS: i64 = 10 * 60_000;

/// How the last run that this person asked for has ended, with what did not go well.
async fn ended_run(c: &mut AnyConnection, agent: &Agent, now: Moment) -> store::Result<Option<Value>> {
    let run = store::runs::last_asked(c, &agent.person.email, Moment(now.0 - TOLD_FOR_MS)).await?;
    let Some((run, tally)) = run.and_then(|run| run.tally.map(|tally| (run, tally))) else { return Ok(None) };
    let failed = if tally.failed > 0 { store::visits::failed(c, &run.id).await? } else { Vec::new() };
    let line = |one: &Failed| json!({"href": format!("/caselle/{}/scheda", one.mailbox_id), "address": one.address, "detail": fault::words(agent.person.language, &one.detail)});
    let failed: Vec<Value> = failed.iter().take(200).map(line).collect();
    Ok(Some(
        json!({"well": tally.well, "failed": tally.failed, "total": tally.well + tally.failed, "failures": failed}),
    ))
}
