//! In charge of the pages of service hours, `/impostazioni/orari`: when the desk works, its closures, what each severity promises;
//! what a change would move is shown before it is saved (S12).

use rocket::request::FlashMessage;
use rocket::response::content::RawHtml;
use rocket::{State, get, post};
use serde_json::{Map, Value, json};

use crate::desk::hours::{self, CLOCKS, Hours, IDS, MOST_CLOSURES, Preview};
use crate::input::{FieldError, Fields};
use crate::model::ticket::Severity;
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::when::When;

const LIST: &str = "/impostazioni/orari";

/// How many empty lines the form has for new closures.
const MORE: usize = 3;

/// The calendars.
#[get("/impostazioni/orari")]
pub async fn list(agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageSettings)?;
    let frame = Frame::of(site, &agent, LIST, flash.as_ref());
    let all = hours::all(&site.app, &mut *site.app.db.read().await?).await?;
    let row = |one: &Hours| {
        let calendar = &one.promise.calendar;
        let days = (1..).zip(&calendar.week).map(|(number, day)| {
            let text = match day.is_empty() {
                true => frame.text("hours-closed"),
                false => hours::intervals_text(day),
            };
            json!({"name": frame.text(&format!("weekday-{number}")), "text": text})
        });
        let closures: Vec<&str> = calendar.closures.iter().map(|one| one.name.as_str()).collect();
        json!({
            "name": frame.text(&format!("calendar-{}", one.id())), "href": format!("{LIST}/{}", one.id()),
            "days": days.collect::<Vec<Value>>(), "closures": closures,
        })
    };
    let rows: Vec<Value> = all.iter().map(row).collect();
    frame.page("admin/calendars", "hours-title", json!({"rows": rows}))
}

/// One, in its form.
#[get("/impostazioni/orari/<id>")]
pub async fn show(id: &str, agent: Agent, site: &State<Site>) -> PageResult {
    let now = find(site, &agent, id).await?;
    let (form, lines) = (empty(values(&now)), now.promise.calendar.closures.len());
    draw(site, &agent, &now, form, lines, None)
}

/// Shows what a change moves; the same form sent again saves it.
#[post("/impostazioni/orari/<id>", data = "<form>")]
pub async fn change(id: &str, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let now = find(site, &agent, id).await?;
    let lines = (0..MOST_CLOSURES).filter(|number| !form.get(&format!("closure_{number}_name")).is_empty()).max();
    let lines = lines.map_or(0, |last| last + 1);
    let wrong = |wrong: &[FieldError]| {
        let mut form = form.again(site, agent.person.language, wrong);
        form["values"]["revision"] = now.revision.into();
        Ok(Sent::again(draw(site, &agent, &now, form, lines, None)?))
    };
    // First of all: the form comes back with the revision of now, and whoever sends it again has been told.
    if form.get("revision") != now.revision.to_string() {
        return wrong(&[FieldError::new("day_1", "changed-meanwhile")]);
    }
    let new = match hours::read(fields(&form), &now, site.app.clock.now()) {
        Ok(new) => new,
        Err(found) => return wrong(&found),
    };
    let meant = hours::fingerprint(&new);
    if form.get("previewed") != meant {
        let preview = hours::preview(&site.app, &new).await?;
        let form = form.again(site, agent.person.language, &[]);
        return Ok(Sent::Seen(draw(site, &agent, &now, form, lines, Some((&preview, &meant)))?));
    }
    match hours::change(&site.app, &agent.actor(), &now, &new).await {
        Ok(_) => Ok(Sent::done(LIST, "saved")),
        Err(Refusal::Conflict(_)) => wrong(&[FieldError::new("day_1", "changed-meanwhile")]),
        Err(refusal) => Err(refusal.into()),
    }
}

/// One, for who sets them; others are told that they may not.
async fn find(site: &Site, agent: &Agent, id: &str) -> Result<Hours, Failure> {
    agent.must(Act::ManageSettings)?;
    let all = hours::all(&site.app, &mut *site.app.db.read().await?).await?;
    all.into_iter().find(|one| one.id() == id).ok_or(Failure::NotFound)
}

/// The names of the form hold no dots, and what is of the page itself is no field.
fn fields(form: &Posted) -> Fields {
    let mut fields = Fields::default();
    let days = (1..=7).map(|number| format!("day_{number}"));
    let closures = (0..MOST_CLOSURES)
        .flat_map(|number| ["name", "first", "last", "yearly"].map(|what| format!("closure_{number}_{what}")));
    for name in days.chain(targets()).chain(closures) {
        let text = form.get(&name);
        match name.ends_with("_yearly") {
            true => fields.put(&name, if text.is_empty() { "false" } else { "true" }),
            false => fields.put(&name, text),
        }
    }
    fields
}

fn targets() -> impl Iterator<Item = String> {
    Severity::ALL.iter().flat_map(|one| CLOCKS.map(|clock| format!("target_{}_{clock}", one.as_str())))
}

/// What the form shows of a calendar as it is.
fn values(hours: &Hours) -> Value {
    let mut values = Map::new();
    let calendar = &hours.promise.calendar;
    for (number, day) in (1..).zip(&calendar.week) {
        values.insert(format!("day_{number}"), hours::intervals_text(day).into());
    }
    for (severity, one) in Severity::ALL.iter().zip(&hours.promise.targets) {
        for (clock, time) in CLOCKS.iter().zip([one.first_response, one.next_update, one.resolution]) {
            values.insert(format!("target_{}_{clock}", severity.as_str()), hours::duration_text(time).into());
        }
    }
    for (number, one) in calendar.closures.iter().enumerate() {
        let named = |what: &str| format!("closure_{number}_{what}");
        values.insert(named("name"), one.name.clone().into());
        values.insert(named("first"), one.first.to_string().into());
        values.insert(named("last"), one.last.to_string().into());
        if one.yearly {
            values.insert(named("yearly"), "on".into());
        }
    }
    values.insert("revision".into(), hours.revision.into());
    values.into()
}

fn draw(
    site: &Site,
    agent: &Agent,
    hours: &Hours,
    form: Value,
    closures: usize,
    preview: Option<(&Preview, &str)>,
) -> PageResult {
    let path = format!("{LIST}/{}", hours.id());
    let frame = Frame::of(site, agent, &path, None);
    let when = When::new(site, frame.language);
    let severity = |one: Severity| frame.text(&format!("severity-{}", one.as_str()));
    let days = (1..=7).map(|n| json!({"name": format!("day_{n}"), "text": frame.text(&format!("weekday-{n}"))}));
    let promises = Severity::ALL.iter().filter(|_| hours.id() == IDS[0]).map(|one| {
        let named = |clock: &str| format!("target_{}_{clock}", one.as_str());
        json!({"text": severity(*one), "names": CLOCKS.map(named)})
    });
    let lines = (0..(closures + MORE).min(MOST_CLOSURES)).collect::<Vec<usize>>();
    let seen = preview.map(|(preview, meant)| {
        let now = site.app.clock.now();
        let moved = |one: &hours::Move| {
            json!({
                "text": frame.text(&format!("due-{}", one.clock.replace('_', "-"))),
                "from": one.from.map(|at| when.minute(at)), "to": one.to.map(|at| when.minute(at)),
                "is_saved": one.is_saved(now), "is_lost": one.is_lost(now),
            })
        };
        let row = |one: &hours::Moved| {
            json!({
                "number": one.number, "subject": one.subject, "severity": severity(one.severity),
                "moves": one.moves.iter().map(moved).collect::<Vec<Value>>(),
            })
        };
        let rows: Vec<Value> = preview.first.iter().map(row).collect();
        json!({"count": preview.count, "more": preview.count - rows.len(), "rows": rows, "meant": meant, "saved": preview.saved, "lost": preview.lost})
    });
    let title = frame.text(&format!("calendar-{}", hours.id()));
    let context = json!({
        "form": form, "days": days.collect::<Vec<Value>>(), "promises": promises.collect::<Vec<Value>>(), "lines": lines,
        "preview": seen,
    });
    Ok(RawHtml(frame.render("admin/calendar", &title, context)?))
}
