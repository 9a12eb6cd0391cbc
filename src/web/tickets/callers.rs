//! In charge of finding who calls while a call is written down: by name, address, body, or the number of a request. Does not know the
//! form of the call.

use std::collections::HashMap;

use chrono::Datelike;
use serde_json::{Value, json};
use sqlx::AnyConnection;

use super::{Names, row};
use crate::clock::Moment;
use crate::desk::sight_of;
use crate::model::id::{OrganizationId, PersonId};
use crate::model::page::Window;
use crate::model::person::Person;
use crate::model::ticket::{Sight, Ticket};
use crate::store;
use crate::store::ticket_list::{Order, Wanted, spelled_out};
use crate::web::Site;
use crate::web::guard::Agent;
use crate::web::page::{Frame, PageResult};
use crate::web::when::When;

/// How many people are shown.
const MOST: usize = 12;

/// Fewer letters than this are in everybody's name.
const FEWEST_LETTERS: usize = 2;

/// Who may be calling, and the requests whose number was typed.
pub(super) struct Found {
    people: Vec<Person>,
    bodies: HashMap<OrganizationId, String>,
    numbered: Vec<Ticket>,
    names: Names,
}

/// Looks for who may be calling; of requests, among those that the person sees.
pub(super) async fn look(
    c: &mut AnyConnection,
    site: &Site,
    (seen, asker): (&Sight, (&PersonId, &str)),
    who: &str,
) -> store::Result<Found> {
    let mut numbered = Vec::new();
    for number in numbers(site, who) {
        let wanted = Wanted { q: Some(number), ..Wanted::default() };
        let latest = (Order::Updated, true);
        numbered.extend(store::ticket_list::list(c, seen, asker, &wanted, latest, &Window::first(1)).await?.items);
    }
    let mut people = Vec::new();
    if who.chars().count() >= FEWEST_LETTERS {
        let state = Some(store::people::State::Active);
        let wanted = store::people::Wanted { q: who.into(), by_body: true, state, ..Default::default() };
        people = store::people::list(c, &wanted, &Window::first(MOST)).await?.items;
    }
    for id in numbered.iter().filter_map(|one| one.requester.id.as_ref()) {
        if let Some(person) = store::people::find(c, id).await?.filter(|one| one.active)
            && people.iter().all(|known| known.id != person.id)
        {
            people.push(person);
        }
    }
    let bodies: Vec<OrganizationId> =
        people.iter().flat_map(|one| one.memberships.iter().map(|place| place.organization_id.clone())).collect();
    let bodies = store::organizations::names(c, bodies.iter()).await?;
    let names = Names::of(c, &numbered).await?;
    Ok(Found { people, bodies, numbered, names })
}

/// The numbers of requests that may be meant: without a year those of this one and of the last.
fn numbers(site: &Site, who: &str) -> Vec<String> {
    if let Some(number) = spelled_out(who) {
        return vec![number];
    }
    let bare = who.trim_start_matches('#');
    let is_number = !bare.is_empty() && bare.len() <= 6 && bare.bytes().all(|byte| byte.is_ascii_digit());
    let year = site.app.clock.now().utc().with_timezone(&site.app.settings.time_zone).year();
    let of = |year: i32| spelled_out(&format!("{year}-{bare}"));
    [year, year - 1].into_iter().filter(|_| is_number).filter_map(of).collect()
}

/// The requests and the people, for the page.
pub(super) fn view(frame: &Frame<'_>, when: &When<'_>, found: &Found, now: Moment) -> (Vec<Value>, Vec<Value>) {
    let person = |one: &Person| {
        let places = one.memberships.iter().filter_map(|place| found.bodies.get(&place.organization_id));
        json!({"name": one.name, "email": one.email, "places": places.collect::<Vec<&String>>(), "id": one.id})
    };
    let numbered = found.numbered.iter().map(|one| row(frame, when, &found.names, one, now, false));
    (numbered.collect(), found.people.iter().map(person).collect())
}

/// The part of the page that is asked for while one types.
pub(super) async fn draw(site: &Site, agent: &Agent, who: &str) -> PageResult {
    let frame = Frame::of(site, agent, "/operatore/telefonata", None);
    let (when, now) = (When::new(site, frame.language), site.app.clock.now());
    let mut c = site.app.db.read().await?;
    let seen = sight_of(&mut c, &agent.person).await?;
    let found = look(&mut c, site, (&seen, (&agent.person.id, agent.person.email.as_str())), who).await?;
    drop(c);
    let (numbered, people) = view(&frame, &when, &found, now);
    frame.page("tickets/_callers", "phone-title", json!({"who": who, "numbered": numbered, "found": people}))
}
