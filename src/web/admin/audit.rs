//! In charge of the trace's page, `/registro`. Reading it is itself written down.

use chrono::{NaiveDate, TimeZone};
use rocket::request::FlashMessage;
use rocket::{FromForm, State, get};
use serde_json::{Value, json};

use crate::audit;
use crate::clock::Moment;
use crate::model::page::{Cursor, Window};
use crate::model::trace::{Act as Done, Entry};
use crate::people::rights::Act;
use crate::store;
use crate::store::audit::Wanted;
use crate::web::Site;
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Frame, PageResult};
use crate::web::when::When;

/// How many rows a page lists.
const EACH_PAGE: usize = 50;

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
    let frame = Frame::of(site, &agent, "/registro", flash.as_ref());
    let window = Window { limit: EACH_PAGE, after: query.da.as_deref().and_then(Cursor::decode) };
    let page = store::audit::list(&mut *site.app.db.read().await?, &query.wanted(site), &window).await?;
    audit::record_alone(&site.app, &agent.actor(), Done::on("audit.read", "audit")).await?;
    let when = When::new(site, frame.language);
    let rows: Vec<Value> = page.items.iter().map(|entry| row(&frame, &when, entry)).collect();
    let context = json!({
        "rows": rows,
        "filters": {"actor": query.chi, "action": query.azione, "subject": query.su, "from": query.dal, "to": query.al},
        "next_href": page.next.map(|next| query.href(&next.encode())),
    });
    frame.page("admin/audit", "audit-title", context)
}

fn row(frame: &Frame<'_>, when: &When<'_>, entry: &Entry) -> Value {
    let hash = hex::encode(&entry.hash);
    let short = if hash.len() >= 8 { format!("{}…{}", &hash[..4], &hash[hash.len() - 4..]) } else { hash };
    json!({
        "seq": entry.seq,
        "at": when.exact(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "action_text": frame.text(&format!("action-{}", entry.action.replace('.', "-"))),
        "subject": entry.subject,
        "detail": entry.detail,
        "ip": entry.ip,
        "hash_short": short,
    })
}

impl Query {
    fn wanted(&self, site: &Site) -> Wanted {
        let text =
            |text: &Option<String>| text.as_ref().map(|text| text.trim().to_string()).filter(|text| !text.is_empty());
        Wanted {
            actor: text(&self.chi),
            action: text(&self.azione),
            subject: text(&self.su),
            from: self.dal.as_deref().and_then(|day| midnight(site, day, 0)),
            to: self.al.as_deref().and_then(|day| midnight(site, day, 1)),
        }
    }

    fn href(&self, from: &str) -> String {
        let mut address = form_urlencoded::Serializer::new(String::from("/registro?"));
        let pairs =
            [("chi", &self.chi), ("su", &self.su), ("azione", &self.azione), ("dal", &self.dal), ("al", &self.al)];
        for (name, value) in pairs {
            if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
                address.append_pair(name, value);
            }
        }
        address.append_pair("da", from).finish()
    }
}

/// The first moment of a day, or of one some days later, in the installation's zone.
fn midnight(site: &Site, day: &str, later: u64) -> Option<Moment> {
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?.checked_add_days(chrono::Days::new(later))?;
    let local = site.app.settings.time_zone.from_local_datetime(&day.and_hms_opt(0, 0, 0)?).earliest()?;
    Some(local.to_utc().into())
}
