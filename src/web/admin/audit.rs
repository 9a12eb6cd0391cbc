//! In charge of the trace's page, `/registro`. Reading it is itself written down.

use chrono::NaiveDate;
use futures::stream::{self, BoxStream, StreamExt};
use rocket::http::{ContentType, Header};
use rocket::request::{FlashMessage, Request};
use rocket::response::stream::TextStream;
use rocket::response::{self, Responder};
use rocket::{FromForm, State, get, post};
use serde_json::{Value, json};

use crate::audit::{self, Verdict};
use crate::clock::Moment;
use crate::model::page::{Cursor, Window};
use crate::model::trace::{ACTIONS, Act as Done, Entry};
use crate::people::rights::Act;
use crate::sheet;
use crate::store;
use crate::store::audit::{Typed, Wanted};
use crate::web::Site;
use crate::web::form::Posted;
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Frame, PageResult, Sent, address};
use crate::web::trace;
use crate::web::when::When;

/// How many rows a page lists.
const EACH_PAGE: usize = 50;

/// How many rows of an export are read at once.
const PIECE: usize = 1000;

/// What the address asks for.
#[derive(Debug, Clone, Default, FromForm)]
pub struct Query {
    chi: Option<String>,
    su: Option<String>,
    azione: Option<String>,
    dal: Option<String>,
    al: Option<String>,
    da: Option<String>,
}

/// The newest rows that match.
#[get("/registro?<query..>")]
pub async fn show(query: Query, agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::ReadTrace)?;
    draw(query, &agent, flash.as_ref(), None, site).await
}

async fn draw(
    query: Query,
    agent: &Agent,
    flash: Option<&FlashMessage<'_>>,
    verdict: Option<Verdict>,
    site: &Site,
) -> PageResult {
    let frame = Frame::of(site, agent, "/registro", flash);
    let window = Window { limit: EACH_PAGE, after: query.da.as_deref().and_then(Cursor::decode) };
    let page = store::audit::list(&mut *site.app.db.read().await?, &query.wanted(&frame), &window).await?;
    audit::record_alone(&site.app, &agent.actor(), Done::on("audit.read", "audit")).await?;
    let when = When::new(site, frame.language);
    let rows: Vec<Value> = page.items.iter().map(|entry| row(&frame, &when, entry)).collect();
    let mut actions: Vec<(String, &str)> =
        ACTIONS.iter().map(|action| (frame.text(&format!("action-{}", action.replace('.', "-"))), *action)).collect();
    actions.sort();
    let actions: Vec<Value> = actions.iter().map(|(name, id)| json!({"id": id, "name": name})).collect();
    let day = |day: &Option<String>| day.as_deref().filter(|day| !day.is_empty()).map(|day| midnight(site, day, 0));
    let wrong_days = match (day(&query.dal), day(&query.al)) {
        (Some(None), _) | (_, Some(None)) => Some("audit-wrong-days"),
        (Some(from), Some(to)) if from > to => Some("audit-days-turned"),
        _ => None,
    };
    let context = json!({
        "rows": rows,
        "filters": {"actor": query.chi, "action": query.azione, "subject": query.su, "from": query.dal, "to": query.al},
        "actions": actions,
        "wrong_days": wrong_days.map(|key| frame.text(key)),
        "next_href": page.next.map(|next| query.href(&next.encode())),
        "export_href": query.href("").replacen("/registro", "/registro.csv", 1).trim_end_matches("da=").trim_end_matches(['?', '&']),
        "verdict": verdict.map(|verdict| json!({"rows": verdict.rows, "sound": verdict.broken.is_none()})),
    });
    frame.page("admin/audit", "audit-title", context)
}

/// A file on its way, written as it is read.
pub struct Export {
    text: TextStream<BoxStream<'static, String>>,
    kind: ContentType,
    name: Header<'static>,
}

impl<'r> Responder<'r, 'r> for Export {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'r> {
        let mut response = self.text.respond_to(request)?;
        response.set_header(self.kind);
        response.set_header(self.name);
        Ok(response)
    }
}

/// The rows that match as a file that spreadsheets in Italy open, newest first. It is never held whole.
#[get("/registro.csv?<query..>")]
pub async fn export(query: Query, agent: Agent, site: &State<Site>) -> Result<Export, Failure> {
    agent.must(Act::ReadTrace)?;
    let asked = query.href("").trim_end_matches("da=").to_string();
    audit::record_alone(&site.app, &agent.actor(), Done::on("audit.exported", "audit").with(asked)).await?;
    let wanted = query.wanted(&Frame::of(site, &agent, "/registro", None));
    let (app, zone) = (site.app.clone(), site.app.settings.time_zone);
    let head = sheet::line(&["seq", "at", "actor", "action", "subject", "detail", "ip", "hash"]);
    let rows = stream::unfold(Some(Window::first(PIECE)), move |window| {
        let (app, wanted) = (app.clone(), wanted.clone());
        async move {
            let window = window?;
            let page = match app.db.read().await {
                Ok(mut c) => store::audit::list(&mut c, &wanted, &window).await,
                Err(fault) => Err(fault),
            };
            match page {
                Ok(page) => {
                    let next =
                        page.next.as_ref().map(|next| Window { limit: PIECE, after: Cursor::decode(&next.encode()) });
                    Some((page.items.iter().map(|one| line(one, zone)).collect(), next))
                }
                Err(fault) => {
                    tracing::error!(error = %fault, "an export of the trace broke off");
                    // What is not whole says so, in the place where one looks for the end.
                    Some((sheet::line(&["", "", "", "export.incomplete", "", "", "", ""]), None))
                }
            }
        }
    });
    let text = stream::once(async move { format!("\u{feff}{head}") }).chain(rows).boxed();
    let name = Header::new("Content-Disposition", "attachment; filename=\"registro.csv\"");
    Ok(Export { text: TextStream::from(text), kind: ContentType::CSV, name })
}

fn line(one: &Entry, zone: chrono_tz::Tz) -> String {
    let at = one.at.utc().with_timezone(&zone).format("%Y-%m-%d %H:%M:%S%:z").to_string();
    let (seq, hash) = (one.seq.to_string(), hex::encode(&one.hash));
    sheet::line(&[&seq, &at, &one.actor, &one.action, &one.subject, &one.detail, &one.ip, &hash])
}

/// Walks along the whole chain, and shows what was found (D03).
#[post("/registro/verifica", data = "<_form>")]
pub async fn verify(_form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ReadTrace)?;
    let verdict = audit::verify(&site.app).await?;
    audit::record_alone(&site.app, &agent.actor(), Done::on("audit.verified", "audit").with(verdict.rows.to_string()))
        .await?;
    Ok(Sent::Seen(draw(Query::default(), &agent, None, Some(verdict), site).await?))
}

fn row(frame: &Frame<'_>, when: &When<'_>, entry: &Entry) -> Value {
    let hash = hex::encode(&entry.hash);
    let short = if hash.len() >= 8 { format!("{}…{}", &hash[..4], &hash[hash.len() - 4..]) } else { hash };
    json!({
        "seq": entry.seq,
        "at": when.exact(entry.at),
        "actor": trace::actor(frame, entry),
        "action": entry.action,
        "action_text": trace::action(frame, entry),
        "subject": trace::subject(frame, entry),
        "detail": trace::detail(frame, when, entry),
        "ip": entry.ip,
        "hash_short": short,
    })
}

impl Query {
    /// What is looked for: names may be typed as the page shows them, or a part of them.
    fn wanted(&self, frame: &Frame<'_>) -> Wanted {
        let text =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(String::from);
        let typed = |one: &Option<String>| text(one).map(|text| Typed { means: trace::meant(frame, &text), text });
        Wanted {
            action: text(&self.azione),
            actor_holds: typed(&self.chi),
            subject_holds: typed(&self.su),
            from: self.dal.as_deref().and_then(|day| midnight(frame.site, day, 0)),
            to: self.al.as_deref().and_then(|day| midnight(frame.site, day, 1)),
            ..Wanted::default()
        }
    }

    fn href(&self, from: &str) -> String {
        let pairs =
            [("chi", &self.chi), ("su", &self.su), ("azione", &self.azione), ("dal", &self.dal), ("al", &self.al)];
        address(
            "/registro",
            pairs.map(|(name, value)| (name, value.as_deref())).into_iter().chain([("da", Some(from))]),
        )
    }
}

/// The first moment of a day, or of one some days later, in the installation's zone.
fn midnight(site: &Site, day: &str, later: u64) -> Option<Moment> {
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?.checked_add_days(chrono::Days::new(later))?;
    site.midnight(day)
}
