//! In charge of rules that say where a request goes by itself: as it comes in (R04), and as a deadline of it has passed (R03). The
//! first rule that suits is the only one that counts. Does not know who may write them.

use super::change::desk_person;
use super::deadline::{self, Promise};
use super::notice::{self, Notice, To};
use super::{changed, told};
use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::input::{FieldError, Fields};
use crate::model::id::{GroupId, MailboxId, OrganizationId, PersonId, RoutingRuleId};
use crate::model::organization::Area;
use crate::model::person::Person;
use crate::model::routing::{Conditions, Occasion, Placement, RoutingRule};
use crate::model::ticket::{Channel, Event, Severity, Ticket};
use crate::model::trace::{Act, Actor};
use crate::people::rights::{self, Act as Right};
use crate::people::{Refusal, taken};
use crate::store::routing_rules::Past;
use crate::store::{self, Result as Stored, Tx};
use crate::terms;

/// The fields of a rule.
pub const FIELDS: [&str; 15] = [
    "name",
    "position",
    "active",
    "occasion",
    "area",
    "channel",
    "severity",
    "organization_id",
    "mailbox",
    "words",
    "to_group_id",
    "to_assignee_id",
    "to_level",
    "to_severity",
    "to_tags",
];

/// The last place in the order.
pub const LAST: i64 = 999;

/// On so many of the newest requests a rule is tried (R08).
pub const TRIED_ON: usize = 1_000;

/// So many of those that it would have touched are shown.
const SHOWN: usize = 20;

/// A rule as it was typed: its mailbox is an address yet.
pub struct Draft {
    rule: RoutingRule,
    mailbox: Option<String>,
}

/// Reads a whole rule, in the place of one that is there or as a new one.
pub fn read(mut fields: Fields, base: Option<&RoutingRule>) -> Result<Draft, Vec<FieldError>> {
    fields.only(&FIELDS);
    let name = fields.required_text("name", 100);
    fields.required_text("position", 10);
    let position = fields.number("position", 1, LAST).unwrap_or(LAST);
    let active = fields.flag("active").unwrap_or(false);
    fields.required_text("occasion", 20);
    let occasion = fields.word("occasion", "word", Occasion::parse).unwrap_or(Occasion::Opened);
    let when = Conditions {
        area: fields.word("area", "area", Area::parse),
        channel: fields.word("channel", "word", Channel::parse),
        severity: fields.word("severity", "word", Severity::parse),
        organization_id: fields.text("organization_id", 64).map(OrganizationId::from),
        mailbox_id: None,
        words: several(&mut fields, "words", 100),
    };
    let then = Placement {
        group_id: fields.text("to_group_id", 64).map(GroupId::from),
        assignee_id: fields.text("to_assignee_id", 64).map(PersonId::from),
        level: fields.number("to_level", 1, 3),
        severity: fields.word("to_severity", "word", Severity::parse),
        tags: several(&mut fields, "to_tags", 50),
    };
    let mailbox = fields.text("mailbox", 254);
    if when.words.iter().any(|words| terms::asked(words).is_empty()) {
        fields.refuse("words", "no-words");
    }
    if then == Placement::default() {
        fields.refuse("to_group_id", "rule-does-nothing");
    }
    if occasion == Occasion::Overdue && then.severity.is_some() {
        fields.refuse("to_severity", "rule-severity-late");
    }
    // What is critical an operator says (features.md 4.2): a rule would let whoever knows its words say it.
    if then.severity == Some(Severity::Critical) {
        fields.refuse("to_severity", "rule-critical");
    }
    let id = base.map_or_else(RoutingRuleId::new, |base| base.id.clone());
    let draft =
        name.map(|name| Draft { rule: RoutingRule { id, name, position, active, occasion, when, then }, mailbox });
    fields.finish(draft)
}

/// What stands between commas, each once.
fn several(fields: &mut Fields, field: &str, most: usize) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for one in fields.texts(field, most).unwrap_or_default() {
        let one = one.split_whitespace().collect::<Vec<_>>().join(" ");
        if !one.is_empty() && !once.contains(&one) {
            once.push(one);
        }
    }
    once
}

/// The things that a rule names are there.
async fn checked(tx: &mut Tx, draft: Draft) -> Result<RoutingRule, Refusal> {
    let Draft { mut rule, mailbox } = draft;
    let not_found = |field: &str| Err(Refusal::field(field, "not-found"));
    if let Some(id) = &rule.when.organization_id
        && store::organizations::find(tx, id).await?.is_none()
    {
        return not_found("organization_id");
    }
    if let Some(address) = mailbox {
        match store::mailboxes::find_by_address(tx, &address).await? {
            Some(found) => rule.when.mailbox_id = Some(found.id),
            None => return not_found("mailbox"),
        }
    }
    if let Some(id) = &rule.then.group_id
        && store::groups::find(tx, id).await?.is_none()
    {
        return not_found("to_group_id");
    }
    if let Some(id) = &rule.then.assignee_id
        && !store::people::find(tx, id).await?.is_some_and(|person| rights::may(&person, Right::WorkTickets))
    {
        return not_found("to_assignee_id");
    }
    Ok(rule)
}

/// Makes a rule.
pub async fn create(app: &App, actor: &Actor, draft: Draft) -> Result<RoutingRule, Refusal> {
    let mut tx = app.db.begin().await?;
    let rule = checked(&mut tx, draft).await?;
    write(app, &mut tx, &rule).await?;
    let act = Act::on("routing-rule.created", &rule.name).with(named(&mut tx, None, &rule).await?);
    audit::record(app, &mut tx, actor, act).await?;
    tx.commit().await?;
    Ok(rule)
}

/// Changes a rule, which the caller has seen so: what somebody else has changed meanwhile is not written over.
pub async fn change(app: &App, actor: &Actor, old: &RoutingRule, draft: Draft) -> Result<RoutingRule, Refusal> {
    let mut tx = app.db.begin().await?;
    if store::routing_rules::lock(&mut tx, &old.id).await?.as_ref() != Some(old) {
        return Err(Refusal::Conflict("conflict-changed-thing"));
    }
    let rule = checked(&mut tx, draft).await?;
    write(app, &mut tx, &rule).await?;
    let act = Act::on("routing-rule.changed", &rule.name).with(named(&mut tx, Some(old), &rule).await?);
    audit::record(app, &mut tx, actor, act).await?;
    tx.commit().await?;
    Ok(rule)
}

async fn write(app: &App, tx: &mut Tx, rule: &RoutingRule) -> Result<(), Refusal> {
    store::routing_rules::put(tx, rule, app.clock.now()).await.map_err(|fault| taken(fault, "name"))
}

/// Removes a rule.
pub async fn remove(app: &App, actor: &Actor, rule: &RoutingRule) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    store::routing_rules::delete(&mut tx, &rule.id).await?;
    // Whoever has to make it again reads there what it said.
    let act = Act::on("routing-rule.removed", &rule.name).with(named(&mut tx, None, rule).await?);
    audit::record(app, &mut tx, actor, act).await?;
    Ok(tx.commit().await?)
}

/// What of a rule has changed, with the names of what it speaks of, for the trace's readers.
async fn named(tx: &mut Tx, old: Option<&RoutingRule>, new: &RoutingRule) -> Stored<String> {
    let mut told = differences(old, new);
    for rule in old.into_iter().chain([new]) {
        if let Some(id) = &rule.when.organization_id
            && let Some(one) = store::organizations::find(tx, id).await?
        {
            told = told.replace(id.as_str(), &one.name);
        }
        if let Some(id) = &rule.when.mailbox_id
            && let Some(one) = store::mailboxes::find(tx, id).await?
        {
            told = told.replace(id.as_str(), &one.card.address);
        }
        if let Some(id) = &rule.then.group_id
            && let Some(one) = store::groups::find(tx, id).await?
        {
            told = told.replace(id.as_str(), &one.name);
        }
        if let Some(id) = &rule.then.assignee_id
            && let Some(one) = store::people::find(tx, id).await?
        {
            told = told.replace(id.as_str(), &one.name);
        }
    }
    Ok(told)
}

/// What a rule says, in so many letters: two that say the same have the same.
pub fn fingerprint(rule: &RoutingRule) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(&Sha256::digest(differences(None, rule))[..8])
}

/// What of a rule has changed, in the words of the trace.
fn differences(old: Option<&RoutingRule>, new: &RoutingRule) -> String {
    let of = |one: Option<&RoutingRule>| match one {
        None => Vec::new(),
        Some(RoutingRule { name, position, active, occasion, when, then, .. }) => vec![
            ("name", name.clone()),
            ("position", position.to_string()),
            ("active", active.to_string()),
            ("occasion", occasion.as_str().to_string()),
            ("area", when.area.map(Area::as_str).unwrap_or_default().to_string()),
            ("channel", when.channel.map(Channel::as_str).unwrap_or_default().to_string()),
            ("severity", when.severity.map(Severity::as_str).unwrap_or_default().to_string()),
            ("organization", when.organization_id.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("mailbox", when.mailbox_id.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("words", when.words.join(", ")),
            ("to group", then.group_id.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("to assignee", then.assignee_id.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("to level", then.level.map(|level| level.to_string()).unwrap_or_default()),
            ("to severity", then.severity.map(Severity::as_str).unwrap_or_default().to_string()),
            ("to tags", then.tags.join(", ")),
        ],
    };
    let (before, after) = (of(old), of(Some(new)));
    let before = before.into_iter().map(|(_, said)| said).chain(std::iter::repeat(String::new()));
    audit::differences(after.into_iter().zip(before).map(|((what, new), old)| (what, old, new)).collect())
}

/// True when a request is one that a rule asks for; `text` is what it first said.
fn suits(when: &Conditions, ticket: &Ticket, text: &str) -> bool {
    fn is<T: PartialEq>(wanted: Option<&T>, has: Option<&T>) -> bool {
        wanted.is_none() || wanted == has
    }
    is(when.area.as_ref(), Some(&ticket.area))
        && is(when.channel.as_ref(), Some(&ticket.channel))
        && is(when.severity.as_ref(), Some(&ticket.severity))
        && is(when.organization_id.as_ref(), ticket.organization_id.as_ref())
        && when.mailbox_id.as_ref().is_none_or(|id| ticket.mailbox_ids.contains(id))
        && (when.words.is_empty() || {
            let all = terms::terms(&format!("{}\n{text}", ticket.subject));
            when.words.iter().any(|words| terms::holds(&all, words))
        })
}

/// What a rule did to a request.
pub(super) struct Placed {
    /// The request as it is then; not written yet.
    pub ticket: Ticket,
    rule: String,
    told: Vec<(&'static str, String, String)>,
    is_assigned: bool,
}

/// Where the first rule that suits puts a request. None when none does. `grades` is what severities promise, for a request whose
/// severity a rule may say. What a rule names and is no longer there is left out.
pub(super) async fn place(
    tx: &mut Tx,
    occasion: Occasion,
    old: &Ticket,
    text: &str,
    grades: Option<&Promise>,
) -> Stored<Option<Placed>> {
    let rules = store::routing_rules::asked(tx, occasion).await?;
    let Some(rule) = rules.into_iter().find(|rule| suits(&rule.when, old, text)) else { return Ok(None) };
    let (then, mut new, mut told) = (rule.then, old.clone(), Vec::new());
    if let Some((severity, promise)) = then.severity.zip(grades).filter(|(severity, _)| *severity != old.severity) {
        new.severity = severity;
        new.clocks = deadline::begin(promise, &new);
        told.push(("severity", old.severity.as_str().to_string(), severity.as_str().to_string()));
    }
    if let Some(level) = then.level.filter(|level| *level != old.level) {
        // Who had it has another level.
        (new.level, new.assignee_id) = (level, None);
        told.push(("escalated", old.level.to_string(), level.to_string()));
    }
    if let Some(id) = then.group_id.filter(|id| Some(id) != old.group_id.as_ref())
        && let Some(group) = store::groups::find(tx, &id).await?
    {
        let before = match &old.group_id {
            Some(id) => store::groups::find(tx, id).await?.map(|group| group.name).unwrap_or_default(),
            None => String::new(),
        };
        new.group_id = Some(group.id);
        told.push(("group", before, group.name));
    }
    let tags: Vec<String> = then.tags.into_iter().filter(|tag| !old.tags.contains(tag)).collect();
    if !tags.is_empty() {
        new.tags.extend(tags);
        new.tags.sort();
        told.push(("tags", old.tags.join(", "), new.tags.join(", ")));
    }
    // Whom the rule names, or else who had it, if they see it there.
    let had = new.assignee_id.take();
    let mut assignee = desk_person(tx, &new, then.assignee_id.as_ref()).await?;
    if assignee.is_none() {
        assignee = desk_person(tx, &new, had.as_ref()).await?;
    }
    new.assignee_id = assignee.as_ref().map(|one| one.id.clone());
    let is_assigned = new.assignee_id.is_some() && new.assignee_id != old.assignee_id;
    if new.assignee_id != old.assignee_id {
        let before = match &old.assignee_id {
            Some(id) => store::people::find(tx, id).await?.map(|one| one.name).unwrap_or_default(),
            None => String::new(),
        };
        told.push(("assignee", before, assignee.map(|one| one.name).unwrap_or_default()));
    }
    if told.is_empty() {
        return Ok(None);
    }
    Ok(Some(Placed { ticket: new, rule: rule.name, told, is_assigned }))
}

/// Writes into history and trace what a rule did, and tells whom it gave the request.
pub(super) async fn note(app: &App, tx: &mut Tx, placed: &Placed, by: &Person, now: Moment) -> Stored<()> {
    let Placed { ticket, rule, told: changes, is_assigned } = placed;
    told(tx, ticket, false, now, Event { new: rule.clone(), ..changed("routed") }).await?;
    for (what, old, new) in changes {
        let why = if *what == "escalated" { rule.clone() } else { String::new() };
        told(tx, ticket, false, now, Event { old: old.clone(), new: new.clone(), why, ..changed(what) }).await?;
    }
    let said: Vec<String> = changes.iter().map(|(what, old, new)| format!("{what}: {old} → {new}")).collect();
    let act = Act::on("ticket.routed", &ticket.number).with(format!("{rule}: {}", said.join("; ")));
    audit::record(app, tx, &Actor::system(), act).await?;
    if *is_assigned {
        let notice = Notice { kind: "ticket-assigned", text: "", message: None };
        notice::tell(app, tx, by, ticket, &[To::Assignee], &notice).await?;
    }
    if changes.iter().any(|(what, ..)| *what == "escalated") {
        let notice = Notice { kind: "ticket-escalated", text: rule, message: None };
        notice::tell(app, tx, by, ticket, &[To::Level(ticket.level)], &notice).await?;
    }
    Ok(())
}

/// What a rule would have done.
#[derive(Debug)]
pub struct Trial {
    /// On how many requests it was tried.
    pub looked: usize,
    /// How many it would have touched.
    pub count: usize,
    /// The newest of these: number, subject, when it was opened.
    pub first: Vec<(String, String, Moment)>,
}

/// Tries a rule on the newest requests (R08), by itself: rules that come before it are not asked.
pub async fn trial(app: &App, draft: Draft) -> Result<Trial, Refusal> {
    let mut tx = app.db.begin().await?;
    let rule = checked(&mut tx, draft).await?;
    drop(tx);
    let past = store::routing_rules::past(&mut *app.db.read().await?, TRIED_ON).await?;
    let is_asked = |one: &&Past| rule.occasion == Occasion::Opened || one.was_overdue;
    let touched: Vec<&Past> =
        past.iter().filter(is_asked).filter(|one| suits(&rule.when, &one.ticket, &one.body)).collect();
    let shown = |one: &&Past| (one.ticket.number.clone(), one.ticket.subject.clone(), one.ticket.created_at);
    Ok(Trial { looked: past.len(), count: touched.len(), first: touched.iter().take(SHOWN).map(shown).collect() })
}

/// A mailbox that a rule asks for, by its address.
pub async fn mailbox_of(c: &mut sqlx::AnyConnection, id: Option<&MailboxId>) -> Stored<Option<String>> {
    match id {
        Some(id) => Ok(store::mailboxes::find(c, id).await?.map(|one| one.card.address)),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_asks_for_all_that_it_names_and_for_one_of_its_words() {
        let ticket =
            Ticket { area: Area::Pki, subject: "Rinnovo dei certificati".into(), ..crate::desk::tests::ticket() };
        let when = |words: &[&str]| Conditions {
            area: Some(Area::Pki),
            words: words.iter().map(|word| word.to_string()).collect(),
            ..Conditions::default()
        };
        assert!(suits(&Conditions::default(), &ticket, ""));
        assert!(suits(&when(&[]), &ticket, ""));
        assert!(suits(&when(&["spid", "certificato rinnovi"]), &ticket, ""), "another form of its words");
        assert!(suits(&when(&["firma remota"]), &ticket, "La firma non parte da postazione remota"));
        assert!(!suits(&when(&["firma remota"]), &ticket, "La firma non parte"));
        assert!(!suits(&Conditions { channel: Some(Channel::Email), ..when(&[]) }, &ticket, ""));
        assert!(!suits(&Conditions { organization_id: Some("a".into()), ..when(&[]) }, &ticket, ""));
        assert!(!suits(&Conditions { mailbox_id: Some("a".into()), ..when(&[]) }, &ticket, ""));
    }

    #[test]
    fn a_rule_that_does_nothing_or_asks_for_nothing_readable_is_refused() {
        let read = |texts: &[(&str, &str)]| {
            let texts = texts.iter().map(|(name, text)| (name.to_string(), text.to_string()));
            read(Fields::from_texts(texts), None).err().unwrap_or_default()
        };
        let wrong = |texts: &[(&str, &str)]| read(texts).into_iter().map(|one| one.field).collect::<Vec<_>>();
        assert_eq!(wrong(&[]), ["name", "position", "occasion", "to_group_id"]);
        let good = [("name", "PKI"), ("position", "10"), ("occasion", "overdue"), ("to_level", "2")];
        assert!(wrong(&good).is_empty());
        let critical = [("name", "PKI"), ("position", "10"), ("occasion", "opened"), ("to_severity", "critical")];
        assert_eq!(wrong(&critical), ["to_severity"], "an operator says that");
        assert_eq!(
            wrong(&[good.as_slice(), &[("to_severity", "high"), ("words", "!!, firma")]].concat()),
            ["words", "to_severity"]
        );
    }
}
