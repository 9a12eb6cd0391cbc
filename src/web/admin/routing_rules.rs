//! In charge of the pages of rules that say where requests go, `/impostazioni/regole` (R03, R04): the list in the order in which they
//! are asked, the form, trying a rule on past requests before it is saved (R08).

use rocket::request::FlashMessage;
use rocket::response::content::RawHtml;
use rocket::{State, get, post};
use serde_json::{Value, json};
use sqlx::AnyConnection;

use crate::desk::routing::{self, FIELDS, Trial};
use crate::input::{FieldError, Fields};
use crate::model::id::{OrganizationId, PersonId, RoutingRuleId};
use crate::model::page::Window;
use crate::model::routing::{Occasion, RoutingRule};
use crate::model::ticket::{Channel, Severity};
use crate::people::Refusal;
use crate::people::rights::Act;
use crate::store;
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::outcome::Failure;
use crate::web::page::{Answer, Frame, PageResult, Sent};
use crate::web::when::When;

const LIST: &str = "/impostazioni/regole";

/// Between two rules in the order that the form proposes.
const STEP: i64 = 10;

/// The rules, in their order.
#[get("/impostazioni/regole")]
pub async fn list(agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageDesk)?;
    let frame = Frame::of(site, &agent, LIST, flash.as_ref());
    let mut c = site.app.db.read().await?;
    let rules = store::routing_rules::all(&mut c).await?;
    let mut rows = Vec::new();
    for rule in &rules {
        rows.push(row(&frame, &mut c, rule).await?);
    }
    drop(c);
    frame.page("admin/routing_rules", "routing-title", json!({"rows": rows}))
}

/// A rule in words. Rules are few: what they name is looked up one by one.
async fn row(frame: &Frame<'_>, c: &mut AnyConnection, rule: &RoutingRule) -> Result<Value, Failure> {
    let (when, then) = (&rule.when, &rule.then);
    let gone = || frame.text("routing-gone");
    let said = |name: &str, value: String| json!({"name": frame.text(name), "value": value});
    let word = |prefix: &str, word: &str| frame.text(&format!("{prefix}-{word}"));
    let (mut asks, mut does) = (Vec::new(), Vec::new());
    asks.extend(when.area.map(|one| said("request-area", word("area", one.as_str()))));
    asks.extend(when.channel.map(|one| said("channel", word("channel", one.as_str()))));
    asks.extend(when.severity.map(|one| said("severity", word("severity", one.as_str()))));
    if let Some(id) = &when.organization_id {
        let name = store::organizations::find(c, id).await?.map(|one| one.name);
        asks.push(said("request-organization", name.unwrap_or_else(gone)));
    }
    if when.mailbox_id.is_some() {
        let address = routing::mailbox_of(c, when.mailbox_id.as_ref()).await?;
        asks.push(said("routing-mailbox", address.unwrap_or_else(gone)));
    }
    if !when.words.is_empty() {
        asks.push(said("routing-words", when.words.join(", ")));
    }
    if let Some(id) = &then.group_id {
        does.push(said("routing-to-group", store::groups::find(c, id).await?.map_or_else(gone, |one| one.name)));
    }
    if let Some(id) = &then.assignee_id {
        does.push(said("routing-to-assignee", store::people::find(c, id).await?.map_or_else(gone, |one| one.name)));
    }
    does.extend(then.level.map(|level| said("routing-to-level", word("level", &level.to_string()))));
    does.extend(then.severity.map(|one| said("routing-to-severity", word("severity", one.as_str()))));
    if !then.tags.is_empty() {
        does.push(said("routing-to-tags", then.tags.join(", ")));
    }
    Ok(json!({
        "name": rule.name, "href": format!("{LIST}/{}", rule.id), "position": rule.position, "active": rule.active,
        "occasion": word("occasion", rule.occasion.as_str()), "asks": asks, "does": does,
    }))
}

/// The form for a new one, at the end of the order.
#[get("/impostazioni/regole/nuova")]
pub async fn new(agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageDesk)?;
    let rules = store::routing_rules::all(&mut *site.app.db.read().await?).await?;
    let last = rules.iter().map(|one| one.position).max().unwrap_or_default();
    let position = (last + STEP).min(routing::LAST);
    let form = empty(json!({"position": position, "active": "on", "occasion": Occasion::Opened.as_str()}));
    draw(site, &agent, None, form, None).await
}

/// Makes one, or tries it.
#[post("/impostazioni/regole", data = "<form>")]
pub async fn create(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ManageDesk)?;
    done(site, &agent, None, &form).await
}

/// One, in its form.
#[get("/impostazioni/regole/<id>", rank = 2)]
pub async fn show(id: RoutingRuleId, agent: Agent, site: &State<Site>) -> PageResult {
    let one = find(site, &agent, &id).await?;
    let (when, then) = (&one.when, &one.then);
    let mailbox = routing::mailbox_of(&mut *site.app.db.read().await?, when.mailbox_id.as_ref()).await?;
    let values = json!({
        "name": one.name, "position": one.position, "active": if one.active { "on" } else { "" },
        "occasion": one.occasion.as_str(), "area": when.area.map(|one| one.as_str()),
        "channel": when.channel.map(Channel::as_str), "severity": when.severity.map(Severity::as_str),
        "organization_id": when.organization_id, "mailbox": mailbox, "words": when.words.join(", "),
        "to_group_id": then.group_id, "to_assignee_id": then.assignee_id, "to_level": then.level.map(|level| level.to_string()),
        "to_severity": then.severity.map(Severity::as_str), "to_tags": then.tags.join(", "),
    });
    draw(site, &agent, Some(&one), empty(values), None).await
}

/// Changes one, or tries it as it was typed.
#[post("/impostazioni/regole/<id>", rank = 2, data = "<form>")]
pub async fn change(id: RoutingRuleId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let old = find(site, &agent, &id).await?;
    done(site, &agent, Some(&old), &form).await
}

/// Removes one.
#[post("/impostazioni/regole/<id>/elimina", rank = 2, data = "<_form>")]
pub async fn remove(id: RoutingRuleId, _form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let old = find(site, &agent, &id).await?;
    routing::remove(&site.app, &agent.actor(), &old).await?;
    Ok(Sent::done(LIST, "routing-rule-removed"))
}

/// One, for who writes them; others are told that they may not.
async fn find(site: &Site, agent: &Agent, id: &RoutingRuleId) -> Result<RoutingRule, Failure> {
    agent.must(Act::ManageDesk)?;
    let found = store::routing_rules::find(&mut *site.app.db.read().await?, id).await?;
    found.ok_or(Failure::NotFound)
}

async fn done(site: &Site, agent: &Agent, old: Option<&RoutingRule>, form: &Posted) -> Answer {
    let again = async |wrong: &[FieldError], trial: Option<&Trial>| {
        let form = form.again(site, agent.person.language, wrong);
        draw(site, agent, old, form, trial).await
    };
    // The form comes back with the rule as it is now, and whoever sends it again has been told.
    let seen = old.map(routing::fingerprint).unwrap_or_default();
    if old.is_some() && form.get("seen") != seen {
        return Ok(Sent::again(again(&[FieldError::new("name", "changed-meanwhile")], None).await?));
    }
    let texts = FIELDS.map(|name| (name.to_string(), form.get(name).to_string()));
    let mut fields = Fields::from_texts(texts);
    fields.put("active", if form.get("active").is_empty() { "false" } else { "true" });
    let draft = match routing::read(fields, old) {
        Ok(draft) => draft,
        Err(wrong) => return Ok(Sent::again(again(&wrong, None).await?)),
    };
    let refusal = match (form.get("azione"), old) {
        ("prova", _) => match routing::trial(&site.app, draft).await {
            Ok(trial) => return Ok(Sent::Seen(again(&[], Some(&trial)).await?)),
            Err(refusal) => refusal,
        },
        (_, None) => match routing::create(&site.app, &agent.actor(), draft).await {
            Ok(_) => return Ok(Sent::done(LIST, "saved")),
            Err(refusal) => refusal,
        },
        (_, Some(old)) => match routing::change(&site.app, &agent.actor(), old, draft).await {
            Ok(_) => return Ok(Sent::done(LIST, "saved")),
            Err(refusal) => refusal,
        },
    };
    match refusal {
        Refusal::Invalid(wrong) => Ok(Sent::again(again(&wrong, None).await?)),
        Refusal::Conflict(_) => Ok(Sent::again(again(&[FieldError::new("name", "changed-meanwhile")], None).await?)),
        refusal => Err(refusal.into()),
    }
}

async fn draw(site: &Site, agent: &Agent, old: Option<&RoutingRule>, form: Value, trial: Option<&Trial>) -> PageResult {
    let path = old.map_or(LIST.into(), |one| format!("{LIST}/{}", one.id));
    let frame = Frame::of(site, agent, &path, None);
    let when = When::new(site, frame.language);
    let mut c = site.app.db.read().await?;
    let mut organizations: Vec<(OrganizationId, String)> =
        store::organizations::list(&mut c, None, "", &Window::first(500))
            .await?
            .items
            .into_iter()
            .filter(|one| one.active)
            .map(|one| (one.id, one.name))
            .collect();
    let mut people = store::people::of_desk(&mut c).await?;
    // What the rule names stays to be chosen, also when it is no longer among the others.
    if let Some(id) = old.and_then(|old| old.when.organization_id.as_ref())
        && !organizations.iter().any(|(known, _)| known == id)
    {
        organizations.extend(store::organizations::names(&mut c, [id]).await?);
    }
    if let Some(id) = old.and_then(|old| old.then.assignee_id.clone())
        && !people.iter().any(|(known, _)| *known == id)
    {
        people.extend(store::people::names(&mut c, &[id] as &[PersonId]).await?);
    }
    let groups = store::groups::list(&mut c, &Window::first(200)).await?.items;
    drop(c);
    let words = |prefix: &str, words: &[&str]| {
        let one = |word: &&str| json!({"id": word, "name": frame.text(&format!("{prefix}-{word}"))});
        words.iter().map(one).collect::<Vec<Value>>()
    };
    let tried = trial.map(|trial| {
        let row = |(number, subject, at): &(String, String, crate::clock::Moment)| {
            json!({"number": number, "subject": subject, "at": when.minute(*at)})
        };
        let rows: Vec<Value> = trial.first.iter().map(row).collect();
        json!({"looked": trial.looked, "count": trial.count, "more": trial.count - rows.len(), "rows": rows})
    });
    let severities: Vec<&str> = Severity::ALL.iter().map(|one| one.as_str()).collect();
    let channels: Vec<&str> = Channel::ALL.iter().map(|one| one.as_str()).collect();
    let context = json!({
        "form": form, "is_new": old.is_none(), "seen": old.map(routing::fingerprint), "trial": tried,
        "occasions": Occasion::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>(),
        "areas": words("area", &["pec", "pki"]), "channels": words("channel", &channels),
        "severities": words("severity", &severities), "to_severities": words("severity", &severities[1..]), "levels": words("level", &["1", "2", "3"]),
        "organizations": organizations.iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<Value>>(),
        "groups": groups.iter().map(|one| json!({"id": one.id, "name": one.name})).collect::<Vec<Value>>(),
        "people": people.iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<Value>>(),
    });
    let title = old.map_or(frame.text("routing-new"), |one| one.name.clone());
    Ok(RawHtml(frame.render("admin/routing_rule", &title, context)?))
}
