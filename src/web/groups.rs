//! In charge of the pages of teams of operators, `/operatore/gruppi`: who works at the desk sees them, the regional administrator
//! changes them.

use rocket::request::FlashMessage;
use rocket::response::content::RawHtml;
use rocket::{State, get, post};
use serde_json::{Value, json};

use super::Site;
use super::form::{Posted, empty};
use super::guard::{Agent, Asker};
use super::outcome::Failure;
use super::page::{Answer, Frame, PageResult, Sent};
use crate::desk::group;
use crate::input::Fields;
use crate::model::id::{GroupId, PersonId};
use crate::model::page::{Cursor, Window};
use crate::model::ticket::Group;
use crate::people::Refusal;
use crate::people::rights::{self, Act};
use crate::store;

const LIST: &str = "/operatore/gruppi";

/// How many a page lists.
const EACH_PAGE: usize = 100;

/// The groups, by name.
#[get("/operatore/gruppi?<da>")]
pub async fn list(da: Option<&str>, agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::WorkTickets)?;
    let frame = Frame::of(site, &agent, LIST, flash.as_ref());
    let window = Window { limit: EACH_PAGE, after: da.and_then(Cursor::decode) };
    let mut c = site.app.db.read().await?;
    let page = store::groups::list(&mut c, &window).await?;
    let of = |group: &Group| group.member_ids.iter().chain(&group.leader_id).cloned().collect::<Vec<PersonId>>();
    let ids: Vec<PersonId> = page.items.iter().flat_map(of).collect();
    let names = store::people::names(&mut c, &ids).await?;
    drop(c);
    let row = |one: &Group| {
        let mut members: Vec<&String> = one.member_ids.iter().filter_map(|id| names.get(id)).collect();
        members.sort();
        json!({
            "name": one.name, "area": one.area.map(|area| frame.text(&format!("area-{}", area.as_str()))),
            "leader": one.leader_id.as_ref().and_then(|id| names.get(id)), "members": members,
            "href": format!("{LIST}/{}", one.id),
        })
    };
    let next = page.next.as_ref().map(|next| format!("{LIST}?da={}", next.encode()));
    let rows: Vec<Value> = page.items.iter().map(row).collect();
    let may_manage = rights::may(&agent.person, Act::ManageDesk);
    frame.page("desk/groups", "groups-title", json!({"rows": rows, "next_href": next, "may_manage": may_manage}))
}

/// The form for a new one.
#[get("/operatore/gruppi/nuovo")]
pub async fn new(agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageDesk)?;
    draw(site, &agent, None, empty(json!({})), &[], None).await
}

/// Makes one.
#[post("/operatore/gruppi", data = "<form>")]
pub async fn create(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ManageDesk)?;
    let made = match group::read(fields(&form), None) {
        Ok(one) => group::create(&site.app, &agent.actor(), one).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match made {
        Ok(_) => Ok(Sent::done(LIST, "saved")),
        Err(refusal) => again(site, &agent, None, &form, refusal).await,
    }
}

/// One, in its form.
#[get("/operatore/gruppi/<id>", rank = 2)]
pub async fn show(id: GroupId, agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    let one = find(site, &agent, &id).await?;
    agent.must(Act::ManageDesk)?;
    let values = json!({"name": one.name, "area": one.area.map(|area| area.as_str()), "leader_id": one.leader_id});
    draw(site, &agent, Some(&one), empty(values), &one.member_ids, flash.as_ref()).await
}

/// Changes one.
#[post("/operatore/gruppi/<id>", rank = 2, data = "<form>")]
pub async fn change(id: GroupId, form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    let old = find(site, &agent, &id).await?;
    agent.must(Act::ManageDesk)?;
    let changed = match group::read(fields(&form), Some(&old)) {
        Ok(one) => group::change(&site.app, &agent.actor(), &old, one).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match changed {
        Ok(_) => Ok(Sent::done(LIST, "saved")),
        Err(refusal) => again(site, &agent, Some(&old), &form, refusal).await,
    }
}

/// One, for who works at the desk; others are told that there is none.
async fn find(site: &Site, agent: &Agent, id: &GroupId) -> Result<Group, Failure> {
    let found = store::groups::find(&mut *site.app.db.read().await?, id).await?;
    found.filter(|_| rights::may(&agent.person, Act::WorkTickets)).ok_or(Failure::NotFound)
}

fn members(form: &Posted) -> Vec<PersonId> {
    form.all("member_ids").map(PersonId::from).collect()
}

fn fields(form: &Posted) -> Fields {
    let mut fields = Fields::default();
    fields.put("name", form.get("name"));
    fields.put("member_ids", &form.all("member_ids").collect::<Vec<_>>().join(","));
    for name in ["area", "leader_id"] {
        match form.get(name) {
            "" => fields.empty(name),
            text => fields.put(name, text),
        }
    }
    fields
}

async fn again(site: &Site, agent: &Agent, old: Option<&Group>, form: &Posted, refusal: Refusal) -> Answer {
    let Refusal::Invalid(wrong) = refusal else { return Err(refusal.into()) };
    let ticked = members(form);
    let form = form.again(site, agent.person.language, &wrong);
    Ok(Sent::again(draw(site, agent, old, form, &ticked, None).await?))
}

async fn draw(
    site: &Site,
    agent: &Agent,
    old: Option<&Group>,
    form: Value,
    ticked: &[PersonId],
    flash: Option<&FlashMessage<'_>>,
) -> PageResult {
    let path = old.map_or(LIST.into(), |one| format!("{LIST}/{}", one.id));
    let frame = Frame::of(site, agent, &path, flash);
    let mut c = site.app.db.read().await?;
    let mut desk = store::people::of_desk(&mut c).await?;
    // Who is no longer active stays until somebody takes it out.
    let gone: Vec<PersonId> = ticked.iter().filter(|id| !desk.iter().any(|(known, _)| known == *id)).cloned().collect();
    desk.extend(store::people::names(&mut c, &gone).await?);
    drop(c);
    let people: Vec<Value> =
        desk.iter().map(|(id, name)| json!({"id": id, "name": name, "is_member": ticked.contains(id)})).collect();
    let areas = ["pec", "pki"].map(|word| json!({"id": word, "name": frame.text(&format!("area-{word}"))}));
    let context = json!({"form": form, "areas": areas, "people": people});
    let title = old.map_or(frame.text("group-new"), |one| one.name.clone());
    Ok(RawHtml(frame.render("desk/group", &title, context)?))
}
