//! In charge of the operator's queue, `/operatore`: what is due first stands first (O01), by views and filters that live in the
//! address.

use chrono::NaiveDate;
use rocket::request::FlashMessage;
use rocket::{FromForm, State, get};
use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::{Names, row};
use crate::model::organization::Area;
use crate::model::page::{Cursor, Window};
use crate::model::ticket::{Channel, Severity, State as Standing};
use crate::model::view::{View, ViewPage};
use crate::people::rights::Act;
use crate::store;
use crate::store::ticket_list::{Met, Order, Wanted};
use crate::web::Site;
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Frame, PageResult, address};
use crate::web::trace::local_day;
use crate::web::when::When;

/// How many requests a page shows.
const PER_PAGE: usize = 50;

/// What the queue may ask for.
#[derive(Debug, Default, FromForm)]
pub struct Query<'q> {
    vista: Option<&'q str>,
    gravita: Option<&'q str>,
    area: Option<&'q str>,
    canale: Option<&'q str>,
    livello: Option<&'q str>,
    etichetta: Option<&'q str>,
    stato: Option<&'q str>,
    ente: Option<&'q str>,
    dal: Option<&'q str>,
    al: Option<&'q str>,
    casella: Option<&'q str>,
    tempi: Option<&'q str>,
    q: Option<&'q str>,
    dopo: Option<&'q str>,
}

impl Query<'_> {
    /// What the list's address holds, in its order.
    fn words(&self) -> [(&'static str, Option<&str>); 13] {
        [
            ("vista", self.vista),
            ("gravita", self.gravita),
            ("area", self.area),
            ("canale", self.canale),
            ("livello", self.livello),
            ("etichetta", self.etichetta),
            ("stato", self.stato),
            ("ente", self.ente),
            ("dal", self.dal),
            ("al", self.al),
            ("casella", self.casella),
            ("tempi", self.tempi),
            ("q", self.q),
        ]
    }

    /// The address of this list, for coming back to it.
    fn href(&self) -> String {
        address("/operatore", self.words())
    }
}

/// So many saved views stand beside the queue; the rest is reached by the API.
const MOST_SAVED: usize = 20;

/// The views that somebody sees, own and shared (H35).
async fn saved(c: &mut AnyConnection, agent: &Agent, here: &str) -> store::Result<Vec<Value>> {
    let window = Window::first(MOST_SAVED);
    let views = store::views::list(c, &agent.person.id, Some(ViewPage::Tickets), &window).await?.items;
    let row = |view: &View| {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(view.query.as_bytes()).into_owned().collect();
        let said = |name| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let href = address("/operatore", Query::default().words().map(|(name, _)| (name, said(name))));
        json!({"id": view.id, "text": view.name, "current": href == here, "href": href, "own": view.owner_id == agent.person.id})
    };
    Ok(views.iter().map(row).collect())
}

/// A view's count goes so far; beyond it only tells that there are more.
const MOST_COUNTED: i64 = 999;

/// The views, each with the key of its name.
const VIEWS: [(&str, &str); 7] = [
    ("", "queue-open"),
    ("da-prendere", "queue-unassigned"),
    ("mie", "queue-mine"),
    ("in-attesa", "queue-waiting"),
    ("chiuse", "queue-done"),
    ("tutte", "queue-all"),
    ("cestino", "queue-bin"),
];

fn wanted(view: &str, agent: &Agent) -> Wanted {
    let active: Vec<Standing> = Standing::ALL.iter().copied().filter(|state| state.is_active()).collect();
    match view {
        "da-prendere" => Wanted { states: vec![Standing::New], unassigned: true, ..Wanted::default() },
        "mie" => Wanted { states: active, assignee_id: Some(agent.person.id.clone()), ..Wanted::default() },
        "in-attesa" => Wanted {
            states: vec![Standing::PendingRequester, Standing::PendingConditions, Standing::PendingThirdParty],
            ..Wanted::default()
        },
        "chiuse" => {
            Wanted { states: vec![Standing::Resolved, Standing::Closed, Standing::Cancelled], ..Wanted::default() }
        }
        "tutte" => Wanted::default(),
        "cestino" => Wanted { deleted: true, ..Wanted::default() },
        _ => Wanted { states: active, ..Wanted::default() },
    }
}

/// The queue.
#[get("/operatore?<query..>")]
pub async fn show(query: Query<'_>, agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::WorkTickets)?;
    let view = query.vista.filter(|word| VIEWS.iter().any(|(known, _)| known == word)).unwrap_or_default();
    let seen = agent.sight(site).await?;
    let asker = (&agent.person.id, agent.person.email.as_str());
    let (q, now) = (query.q.unwrap_or_default(), site.app.clock.now());
    let filters = Wanted {
        severities: query.gravita.and_then(Severity::parse).into_iter().collect(),
        area: query.area.and_then(Area::parse),
        channel: query.canale.and_then(Channel::parse),
        mailbox_id: query.casella.filter(|id| !id.is_empty()).map(Into::into),
        level: query.livello.and_then(|level| level.parse().ok()),
        organization_id: query.ente.filter(|id| !id.is_empty()).map(Into::into),
        from: query.dal.and_then(|day| site.midnight(NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?)),
        until: query.al.and_then(|day| site.midnight(NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?.succ_opt()?)),
        tag: query.etichetta.map(str::trim).filter(|tag| !tag.is_empty()).map(Into::into),
        met: query.tempi.and_then(|word| Met::ALL.into_iter().find(|met| met.word() == word)).map(|met| (met, now)),
        q: Some(q.to_string()).filter(|q| !q.is_empty()),
        ..wanted(view, &agent)
    };
    let filters = match query.stato.and_then(Standing::parse) {
        Some(state) => Wanted { states: vec![state], ..filters },
        None => filters,
    };
    let is_done = ["chiuse", "cestino", "tutte"].contains(&view);
    let order = if is_done { (Order::Updated, true) } else { (Order::Next, false) };
    let window = Window { limit: PER_PAGE, after: query.dopo.and_then(Cursor::decode) };
    let mut c = site.app.db.read().await?;
    let page = store::ticket_list::list(&mut c, &seen, asker, &filters, order, &window).await?;
    let all = VIEWS.map(|(word, _)| wanted(word, &agent));
    let counts = store::ticket_list::count_up_to(&mut c, &seen, asker, &all, MOST_COUNTED + 1).await?;
    let names = Names::of(&mut c, &page.items).await?;
    let colleagues = store::people::of_desk(&mut c).await?;
    let groups = store::groups::list(&mut c, &Window::first(200)).await?.items;
    let (held, unprocessed) = store::intake_mails::count_waiting(&mut c, &seen).await?;
    let unsent = store::held_replies::failed(&mut c, &agent.person.id).await?;
    let here = query.href();
    let saved = saved(&mut c, &agent, &here).await?;
    drop(c);
    let frame = Frame::of(site, &agent, "/operatore", flash.as_ref());
    let when = When::new(site, frame.language);
    let rows: Vec<Value> = page.items.iter().map(|one| row(&frame, &when, &names, one, now, false)).collect();
    let is_saved = saved.iter().any(|one| one["current"] == true);
    let views: Vec<Value> = VIEWS
        .iter()
        .zip(counts)
        .map(|((word, text), count)| {
            let href = if word.is_empty() { "/operatore".to_string() } else { format!("/operatore?vista={word}") };
            json!({"href": href, "text": frame.text(text), "count": count.min(MOST_COUNTED), "more": count > MOST_COUNTED, "current": *word == view && !is_saved})
        })
        .collect();
    let options = |prefix: &str, words: &[&str]| -> Vec<Value> {
        words.iter().map(|word| json!({"id": word, "name": frame.text(&format!("{prefix}-{word}"))})).collect()
    };
    let severities: Vec<&str> = Severity::ALL.iter().map(|one| one.as_str()).collect();
    let channels: Vec<&str> = Channel::ALL.iter().map(|one| one.as_str()).collect();
    let view_query = here.split_once('?').map_or("", |(_, query)| query);
    let title = VIEWS.iter().find(|(word, _)| *word == view).map_or("queue-open", |(_, text)| *text);
    // What the form has no field for stays when it is sent.
    let hidden = ["casella", "stato", "ente", "dal", "al", "tempi"];
    let hidden = query.words().into_iter().filter(|(name, _)| hidden.contains(name));
    let hidden = hidden.filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)));
    let context = json!({
        "rows": rows, "views": views, "view": view, "q": q,
        "severity": filters.severities.first().map(|one| one.as_str()), "area": filters.area.map(Area::as_str),
        "channel": filters.channel.map(Channel::as_str), "level": filters.level, "tag": filters.tag,
        "colleagues": colleagues.iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<Value>>(),
        "groups": groups.iter().map(|one| json!({"id": one.id, "name": one.name})).collect::<Vec<Value>>(),
        "here_href": here, "saved": saved, "unsent": unsent, "mails": held + unprocessed, "view_query": view_query,
        "severities": options("severity", &severities), "areas": options("area", &["pec", "pki"]),
        "channels": options("channel", &channels),
        "filtered": !filters.severities.is_empty() || filters.area.is_some() || filters.channel.is_some()
            || filters.level.is_some() || filters.tag.is_some() || filters.from.is_some() || filters.until.is_some() || filters.organization_id.is_some()
            || query.stato.is_some_and(|word| !word.is_empty()) || filters.mailbox_id.is_some() || filters.met.is_some() || !q.is_empty(),
        "hidden": hidden.map(|(name, value)| json!({"name": name, "value": value})).collect::<Vec<Value>>(),
        "narrowed": narrowed(&frame, &query, &filters),
        "next_href": page.next.map(|next| format!("{here}{}dopo={}", if here.contains('?') { "&" } else { "?" }, next.encode())),
    });
    frame.page("tickets/queue", title, context)
}

/// What narrows the list beside the fields of its form, in words: what the dashboard's numbers lead to.
fn narrowed(frame: &Frame<'_>, query: &Query<'_>, filters: &Wanted) -> Option<String> {
    let mut said = Vec::new();
    let day = |text: Option<&str>| Some(local_day(text.filter(|text| !text.is_empty())?));
    match (day(query.dal), day(query.al)) {
        (Some(from), Some(to)) if from == to => said.push(from),
        (Some(from), Some(to)) => said.push(format!("{from}–{to}")),
        (Some(day), None) | (None, Some(day)) => said.push(day),
        (None, None) => {}
    }
    if let Some(state) = query.stato.and_then(Standing::parse) {
        said.push(frame.text(&format!("ticket-state-{}", state.as_str().replace('_', "-"))));
    }
    if let Some((met, _)) = filters.met {
        let (clock, how) = match met {
            Met::FirstKept => ("dashboard-first-response", "dashboard-kept"),
            Met::FirstMissed => ("dashboard-first-response", "dashboard-missed"),
            Met::ResolutionKept => ("dashboard-resolution", "dashboard-kept"),
            Met::ResolutionMissed => ("dashboard-resolution", "dashboard-missed"),
        };
        said.push(format!("{}: {}", frame.text(clock), frame.text(how).to_lowercase()));
    }
    (!said.is_empty()).then(|| said.join(" · "))
}
