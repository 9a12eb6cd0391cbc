//! In charge of the list of people, `/utenti` (A03, A05): searched by name and address, filtered by role, body and state.

use rocket::request::FlashMessage;
use rocket::{FromForm, State as Shared, get};
use serde_json::{Value, json};

use crate::model::page::{Cursor, Window};
use crate::model::person::{Person, Role};
use crate::people::rights::{self, Act};
use crate::store;
use crate::store::people::{State, Wanted};
use crate::text::capitalized;
use crate::web::Site;
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Frame, PageResult, address};

/// How many people a page lists.
const EACH_PAGE: usize = 100;

/// The states, with their words in the address.
const STATES: [(State, &str); 3] =
    [(State::Active, "attivi"), (State::Invited, "invitati"), (State::Inactive, "disattivati")];

/// What the address asks for.
#[derive(Debug, Clone, Default, FromForm)]
pub struct Query {
    q: Option<String>,
    ruolo: Option<String>,
    ente: Option<String>,
    stato: Option<String>,
    da: Option<String>,
}

impl Query {
    fn wanted(&self) -> Wanted {
        let word = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Wanted {
            within: None,
            q: self.q.clone().unwrap_or_default(),
            role: self.ruolo.as_deref().and_then(Role::parse),
            organization_id: word(&self.ente).map(Into::into),
            state: self
                .stato
                .as_deref()
                .and_then(|text| STATES.iter().find(|(_, word)| *word == text))
                .map(|(state, _)| *state),
            by_body: false,
        }
    }

    fn href(&self, from: &str) -> String {
        let words = [("q", &self.q), ("ruolo", &self.ruolo), ("ente", &self.ente), ("stato", &self.stato)];
        address("/utenti", words.map(|(name, value)| (name, value.as_deref())).into_iter().chain([("da", Some(from))]))
    }
}

/// People by name, from the one that `da` stands for.
#[get("/utenti?<query..>")]
pub async fn show(query: Query, agent: Agent, flash: Option<FlashMessage<'_>>, site: &Shared<Site>) -> PageResult {
    agent.must(Act::SeePeople)?;
    let frame = Frame::of(site, &agent, "/utenti", flash.as_ref());
    let window = Window { limit: EACH_PAGE, after: query.da.as_deref().and_then(Cursor::decode) };
    let reach = agent.reach(Act::SeePeople);
    let wanted = Wanted { within: reach.clone().organizations(), ..query.wanted() };
    let mut c = site.app.db.read().await?;
    let page = store::people::list(&mut c, &wanted, &window).await?;
    let invited = store::people::without_password(&mut c, &page.items).await?;
    let all = store::organizations::list(&mut c, wanted.within.as_deref(), "", &Window::first(1000)).await?;
    drop(c);
    let name = |one: &Person| {
        let seen = one.memberships.iter().filter(|place| reach.covers(Some(&place.organization_id)));
        let names = seen.filter_map(|place| all.items.iter().find(|body| body.id == place.organization_id));
        names.map(|body| body.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let row = |one: &Person| {
        let (state, mark) = match (one.active, invited.contains(&one.id)) {
            (false, _) => ("inactive", "off"),
            (true, true) => ("invited", "wa"),
            (true, false) => ("active", "ok"),
        };
        json!({"id": one.id, "name": one.name, "email": one.email, "href": format!("/utenti/{}", one.id),
               "role_text": frame.text(&format!("role-{}", one.role.as_str().replace('_', "-"))),
               "organizations": name(one), "state_text": frame.text(match state { "invited" => "person-invited-state", "inactive" => "person-inactive", _ => "person-active" }), "mark": mark})
    };
    let options = |words: Vec<(&str, String)>| {
        words.into_iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<Value>>()
    };
    let words = |role: Role| capitalized(&frame.text(&format!("role-{}", role.as_str().replace('_', "-"))));
    let roles = Role::ALL.map(|role| (role.as_str(), words(role)));
    let states =
        [("attivi", "person-active"), ("invitati", "person-invited-state"), ("disattivati", "person-inactive")];
    let context = json!({
        "rows": page.items.iter().map(row).collect::<Vec<Value>>(),
        "filters": {"q": query.q, "role": query.ruolo, "organization": query.ente, "state": query.stato},
        "roles": options(roles.to_vec()),
        "states": options(states.map(|(id, key)| (id, frame.text(key))).to_vec()),
        "organizations": options(all.items.iter().map(|one| (one.id.as_str(), one.name.clone())).collect()),
        "next_href": page.next.as_ref().map(|next| query.href(&next.encode())),
        "may_manage": rights::may(&agent.person, Act::ManagePeople),
    });
    frame.page("people/list", "people-title", context)
}
