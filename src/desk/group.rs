//! In charge of teams of operators: their name, area, leader, members.

use crate::app::App;
use crate::audit;
use crate::input::{FieldError, Fields};
use crate::model::id::{GroupId, PersonId};
use crate::model::organization::Area;
use crate::model::ticket::Group;
use crate::model::trace::{Act, Actor};
use crate::people::rights::{self, Act as Right};
use crate::people::{Refusal, taken};
use crate::store::{self, Tx};

/// Reads a body over what was there before, or as a new group.
pub fn read(mut fields: Fields, base: Option<&Group>) -> Result<Group, Vec<FieldError>> {
    fields.only(&["name", "area", "leader_id", "member_ids"]);
    if base.is_none() || fields.has("name") {
        fields.required_text("name", 100);
    }
    let name = fields.text("name", 100).or(base.map(|base| base.name.clone()));
    let area = match fields.has("area") {
        true => fields.word("area", "area", Area::parse),
        false => base.and_then(|base| base.area),
    };
    let leader_id = match fields.has("leader_id") {
        true => fields.text("leader_id", 64).map(PersonId::from),
        false => base.and_then(|base| base.leader_id.clone()),
    };
    let member_ids = match fields.texts("member_ids", 64) {
        Some(ids) => ids.into_iter().map(PersonId::from).collect(),
        None => base.map(|base| base.member_ids.clone()).unwrap_or_default(),
    };
    let id = base.map_or_else(GroupId::new, |base| base.id.clone());
    fields.finish(name.map(|name| Group { id, name, area, leader_id, member_ids }))
}

/// Makes a group.
pub async fn create(app: &App, actor: &Actor, mut group: Group) -> Result<Group, Refusal> {
    let mut tx = app.db.begin().await?;
    check_people(&mut tx, &mut group, None).await?;
    store::groups::insert(&mut tx, &group, app.clock.now()).await.map_err(|fault| taken(fault, "name"))?;
    let detail = differences(&mut tx, None, &group).await?;
    audit::record(app, &mut tx, actor, Act::on("group.created", &group.name).with(detail)).await?;
    tx.commit().await?;
    Ok(group)
}

/// Changes a group, which the caller has seen so: what somebody else has changed meanwhile is not written over.
pub async fn change(app: &App, actor: &Actor, old: &Group, mut group: Group) -> Result<Group, Refusal> {
    let mut tx = app.db.begin().await?;
    if store::groups::lock(&mut tx, &old.id).await?.as_ref() != Some(old) {
        return Err(Refusal::Conflict("conflict-changed-thing"));
    }
    check_people(&mut tx, &mut group, Some(old)).await?;
    store::groups::update(&mut tx, &group).await.map_err(|fault| taken(fault, "name"))?;
    let detail = differences(&mut tx, Some(old), &group).await?;
    audit::record(app, &mut tx, actor, Act::on("group.changed", &group.name).with(detail)).await?;
    tx.commit().await?;
    Ok(group)
}

/// Members and leader work at the desk: those who come new are held against it.
async fn check_people(tx: &mut Tx, group: &mut Group, old: Option<&Group>) -> Result<(), Refusal> {
    group.member_ids.sort();
    group.member_ids.dedup();
    let is_known = |id: &PersonId, field: &str| {
        old.is_some_and(|old| match field {
            "member_ids" => old.member_ids.contains(id),
            _ => old.leader_id.as_ref() == Some(id),
        })
    };
    let members = group.member_ids.iter().map(|id| (id, "member_ids"));
    for (id, field) in members.chain(group.leader_id.iter().map(|id| (id, "leader_id"))) {
        let found = store::people::find(tx, id).await?;
        if !is_known(id, field) && !found.is_some_and(|person| rights::may(&person, Right::WorkTickets)) {
            return Err(Refusal::field(field, "not-found"));
        }
    }
    Ok(())
}

/// What of a group has changed, in the words of the trace: who is in it decides what restricted operators see.
async fn differences(tx: &mut Tx, old: Option<&Group>, new: &Group) -> store::Result<String> {
    let area = |group: Option<&Group>| group.and_then(|one| one.area).map(Area::as_str).unwrap_or_default().to_string();
    let mut said = vec![("area", area(old), area(Some(new)))];
    if let Some(old) = old {
        said.push(("name", old.name.clone(), new.name.clone()));
    }
    let leader = |group: Option<&Group>| group.and_then(|one| one.leader_id.clone()).into_iter().collect::<Vec<_>>();
    said.push(("leader", emails(tx, &leader(old)).await?, emails(tx, &leader(Some(new))).await?));
    let members = old.map(|old| old.member_ids.clone()).unwrap_or_default();
    said.push(("members", emails(tx, &members).await?, emails(tx, &new.member_ids).await?));
    Ok(audit::differences(said))
}

async fn emails(tx: &mut Tx, ids: &[PersonId]) -> store::Result<String> {
    let mut emails = Vec::new();
    for id in ids {
        emails.extend(store::people::find(tx, id).await?.map(|one| one.email));
    }
    emails.sort();
    Ok(emails.join(", "))
}
