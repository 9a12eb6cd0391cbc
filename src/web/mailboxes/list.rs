//! In charge of the console `/caselle`: which mailboxes, in which order, and the figures above them.

use rocket::request::FlashMessage;
use rocket::{FromForm, State, get};
use serde_json::{Value, json};

use super::{activation_is_late, late_before, password_href, status_words};
use crate::clock::Moment;
use crate::hub::{capacity, listing};
use crate::model::mailbox::{Mailbox, Status};
use crate::model::page::{Cursor, Window};
use crate::people::rights::{self, Act};
use crate::store;
use crate::store::mailbox_list::{self, IN_TROUBLE, Order, Totals, Wanted};
use crate::web::Site;
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Frame, PageResult};
use crate::web::when::When;

/// How many mailboxes a page lists.
const EACH_PAGE: usize = 100;

/// What the address asks for: a view is always an address.
#[derive(Debug, Clone, Default, FromForm)]
pub struct Query {
    q: Option<String>,
    stato: Option<String>,
    gruppo: Option<String>,
    nuovi: Option<String>,
    non_letti: Option<String>,
    poco_spazio: Option<String>,
    ordina: Option<String>,
    da: Option<String>,
    frammento: Option<String>,
}

/// The word that stands for every status in trouble.
const TROUBLE: &str = "problemi";

/// The orders of the console, with their words in the address; a minus before one turns it round.
const ORDERS: [(Order, &str); 7] = [
    (Order::Name, "name"),
    (Order::Address, "address"),
    (Order::Status, "status"),
    (Order::New, "new"),
    (Order::Unread, "unread"),
    (Order::LastMessage, "last_message"),
    (Order::LastChecked, "checked"),
];

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
    let matching = if wanted == all { totals.mailboxes } else { mailbox_list::count(&mut c, &wanted).await? };
    let groups = mailbox_list::groups(&mut c, &all).await?;
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
    drop(c);

    let when = When::new(site, frame.language);
    let rows: Vec<Value> = page
        .items
        .iter()
        .map(|mailbox| {
            let body = mailbox.card.organization_id.as_ref().and_then(|id| bodies.get(id));
            row(&frame, &when, mailbox, body, late)
        })
        .collect();
    let now = site.app.clock.now();
    let context = json!({
        "counters": {"total": totals.mailboxes, "new": totals.new_messages, "unread": totals.unread_messages,
                     "refused": totals.refused, "late": totals.late},
        "capacity": places.map(super::capacity::view),
        "filters": {"q": query.q, "status": query.stato, "new": wanted.with_new, "unread": wanted.with_unread,
                    "room": wanted.short_of_room, "group": query.gruppo, "sort": word_of(order, falling)},
        "statuses": statuses(&frame),
        "groups": groups.iter().map(|(name, count)| json!({"name": name, "count": count})).collect::<Vec<_>>(),
        "views": query.views(&frame, &totals),
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
    std::iter::once(trouble).chain(Status::ALL.iter().map(word)).collect()
}

fn word_of(order: Order, falling: bool) -> String {
    let word = ORDERS.iter().find(|(known, _)| *known == order).map_or("name", |(_, word)| word);
    format!("{}{word}", if falling { "-" } else { "" })
}

impl Query {
    fn order(&self) -> (Order, bool) {
        let text = self.ordina.as_deref().unwrap_or_default();
        let (falling, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
        match ORDERS.iter().find(|(_, known)| *known == word) {
            Some((order, _)) => (*order, falling),
            None => (Order::Name, false),
        }
    }

    fn wanted(&self) -> Wanted {
        let text = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let statuses = match text(&self.stato).as_deref() {
            None => None,
            Some(TROUBLE) => Some(IN_TROUBLE.to_vec()),
            Some(word) => Some(Status::parse(word).into_iter().collect()),
        };
        Wanted {
            q: text(&self.q),
            statuses,
            with_new: self.nuovi.is_some(),
            with_unread: self.non_letti.is_some(),
            short_of_room: self.poco_spazio.is_some(),
            group: text(&self.gruppo),
            ..Wanted::default()
        }
    }

    fn title(&self) -> &'static str {
        match (&self.nuovi, &self.non_letti, &self.poco_spazio, self.stato.as_deref()) {
            (Some(_), None, None, _) => "mailboxes-title-new",
            (None, Some(_), None, _) => "mailboxes-title-unread",
            (None, None, Some(_), _) => "mailboxes-title-room",
            (None, None, None, Some(TROUBLE)) => "mailboxes-title-trouble",
            _ => "mailboxes-title",
        }
    }

    /// The address of the same view but for one thing.
    fn href(&self, change: impl FnOnce(&mut Query)) -> String {
        let mut query = Query { frammento: None, ..self.clone() };
        change(&mut query);
        let mut address = form_urlencoded::Serializer::new(String::from("/caselle?"));
        let pairs = [
            ("q", &query.q),
            ("stato", &query.stato),
            ("gruppo", &query.gruppo),
            ("nuovi", &query.nuovi),
            ("non_letti", &query.non_letti),
            ("poco_spazio", &query.poco_spazio),
            ("ordina", &query.ordina),
            ("da", &query.da),
            ("frammento", &query.frammento),
        ];
        for (name, value) in pairs {
            if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
                address.append_pair(name, value);
            }
        }
        address.finish().trim_end_matches('?').to_string()
    }

    /// A second click on a column turns its order round; numbers and dates begin with the greatest.
    fn sort_links(&self, order: Order, falling: bool) -> Value {
        let links = ORDERS.iter().map(|(one, word)| {
            let begins_falling = matches!(one, Order::New | Order::Unread | Order::LastMessage);
            let next = if *one == order { !falling } else { begins_falling };
            let href = self.href(|query| (query.ordina, query.da) = (Some(word_of(*one, next)), None));
            let direction = (*one == order).then_some(if falling { "descending" } else { "ascending" });
            (word.to_string(), json!({"href": href, "direction": direction}))
        });
        Value::Object(links.collect())
    }

    fn views(&self, frame: &Frame<'_>, totals: &Totals) -> Value {
        let chosen = [self.nuovi.is_some(), self.non_letti.is_some(), self.poco_spazio.is_some()];
        let trouble = self.stato.as_deref() == Some(TROUBLE);
        let is_filtered = self.q.is_some() || self.gruppo.is_some() || self.stato.is_some();
        let is_only = |view: [bool; 3]| chosen == view && !is_filtered;
        json!([
            {"href": "/caselle", "text": frame.text("mailboxes-view-all"), "count": totals.mailboxes,
             "current": is_only([false, false, false]), "hot": false},
            {"href": "/caselle?nuovi=1", "text": frame.text("mailboxes-view-new"), "count": totals.with_new,
             "current": is_only([true, false, false]), "hot": false},
            {"href": "/caselle?non_letti=1", "text": frame.text("mailboxes-view-unread"), "count": totals.with_unread,
             "current": is_only([false, true, false]), "hot": false},
            {"href": "/caselle?poco_spazio=1", "text": frame.text("mailboxes-view-room"), "count": totals.short_of_room,
             "current": is_only([false, false, true]), "hot": false},
            {"href": "/caselle?stato=problemi", "text": frame.text("mailboxes-view-trouble"), "count": totals.in_trouble,
             "current": trouble && chosen == [false; 3], "hot": totals.in_trouble > 0},
        ])
    }
}
