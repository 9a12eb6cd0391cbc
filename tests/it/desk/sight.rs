//! In charge of who sees which ticket: the pure rule and its statement say the same of people and tickets drawn at random, and
//! what one may not see answers as what is not there.

use serde_json::json;
use sportello::clock::Moment;
use sportello::desk::sight::{sees, sight};
use sportello::model::id::{GroupId, OrganizationId, PersonId, TicketId};
use sportello::model::organization::Area;
use sportello::model::page::Window;
use sportello::model::person::{Language, Membership, Person, Role, Visibility};
use sportello::model::ticket::{Channel, Clocks, Group, Queue, Requester, Severity, State, Ticket};
use sportello::store::ticket_list::{Order, Wanted};
use sportello::store::{self, Tx};

use crate::support::app::TestApp;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn of<'t, T>(&mut self, things: &'t [T]) -> &'t T {
        &things[self.roll(things.len() as u64) as usize]
    }
}

async fn insert(
    tx: &mut Tx,
    dice: &mut Dice,
    number: u64,
    bodies: &[OrganizationId],
    people: &[PersonId],
    groups: &[GroupId],
) {
    let maybe = |dice: &mut Dice| dice.roll(3) > 0;
    let with_requester = maybe(dice);
    let ticket = Ticket {
        id: TicketId::new(),
        number: format!("TK-2026-{number:06}"),
        subject: "S".into(),
        state: *dice.of(State::ALL),
        severity: Severity::Low,
        priority: None,
        area: *dice.of(&[Area::Pec, Area::Pki]),
        kind: None,
        category: None,
        channel: Channel::Api,
        level: 1,
        group_id: maybe(dice).then(|| dice.of(groups).clone()),
        organization_id: maybe(dice).then(|| dice.of(bodies).clone()),
        requester: Requester {
            id: with_requester.then(|| dice.of(people).clone()),
            name: "N".into(),
            email: "n@example.org".into(),
        },
        assignee_id: None,
        tags: vec![],
        reason: None,
        solution: None,
        created_at: Moment(number as i64),
        updated_at: Moment(0),
        clocks: Clocks::default(),
        reopened: 0,
        state_before: None,
        merged_into: None,
        follows: None,
        deleted_at: None,
        deleted_reason: None,
        revision: 1,
        cc: if dice.roll(3) == 0 { vec![format!("P{}@Example.org", dice.roll(6))] } else { vec![] },
        mailbox_ids: vec![],
        queues: vec![],
        fields: vec![],
    };
    store::tickets::insert(tx, &ticket).await.unwrap();
    if dice.roll(4) == 0 {
        let (area, group_id) = (*dice.of(&[Area::Pec, Area::Pki]), maybe(dice).then(|| dice.of(groups).clone()));
        let queue = Queue { address: "pki@example.org".into(), area, group_id };
        store::tickets::put_queue(tx, &ticket.id, &queue).await.unwrap();
    }
    if dice.roll(8) == 0 {
        let deleted = Ticket { deleted_at: Some(Moment(1)), ..ticket };
        store::tickets::update(tx, &deleted).await.unwrap();
    }
}

#[tokio::test]
async fn the_rule_and_its_statement_say_the_same() {
    let app = TestApp::start().await;
    let mut dice = Dice(7);
    let mut bodies = Vec::new();
    for number in 0..3 {
        bodies.push(app.organization(&format!("b{number}"), &format!("Ente {number}")).await.id);
    }
    let mut people: Vec<Person> = Vec::new();
    for number in 0..6 {
        people.push(app.person_at(Role::Operator, &format!("p{number}@example.org"), "cavallo pila graffetta").await);
    }
    let ids: Vec<PersonId> = people.iter().map(|person| person.id.clone()).collect();
    let mut tx = app.app.db.begin().await.unwrap();
    let mut groups = Vec::new();
    for number in 0..3 {
        let group =
            Group { id: GroupId::new(), name: format!("G{number}"), area: None, leader_id: None, member_ids: vec![] };
        store::groups::insert(&mut tx, &group, Moment(0)).await.unwrap();
        groups.push(group.id);
    }
    for number in 0..120 {
        insert(&mut tx, &mut dice, number, &bodies, &ids, &groups).await;
    }
    tx.commit().await.unwrap();
    let mut c = app.app.db.read().await.unwrap();
    let mut seen_in_all = 0;
    for turn in 0..150 {
        let one = dice.of(&people).clone();
        let memberships = bodies.iter().filter(|_| dice.roll(2) == 0).map(|id| Membership {
            organization_id: id.clone(),
            visibility: *dice_of(turn, &[Visibility::Own, Visibility::Organization]),
        });
        let person = Person {
            email_vouched: turn % 4 != 0,
            role: Role::ALL[(turn % 5) as usize],
            areas: match turn % 3 {
                0 => vec![],
                1 => vec![Area::Pec],
                _ => vec![Area::Pec, Area::Pki],
            },
            restricted_to_groups: turn % 2 == 0,
            active: turn % 11 != 0,
            memberships: memberships.collect(),
            language: Language::It,
            ..one
        };
        let own: Vec<GroupId> = groups.iter().filter(|_| turn % 4 < 2).take((turn % 3) as usize).cloned().collect();
        let sight = sight(&person, &own);
        for deleted in [false, true] {
            let wanted = Wanted { deleted, ..Wanted::default() };
            let asker = (&person.id, person.email.as_str());
            let order = (Order::Created, false);
            let page =
                store::ticket_list::list(&mut c, &sight, asker, &wanted, order, &Window::first(500)).await.unwrap();
            let listed: Vec<String> = page.items.iter().map(|ticket| ticket.number.clone()).collect();
            let mut by_rule = Vec::new();
            for number in 0..120 {
                let ticket = store::tickets::find(&mut c, &format!("TK-2026-{number:06}")).await.unwrap().unwrap();
                if ticket.deleted_at.is_some() == deleted && sees(&sight, &ticket) {
                    by_rule.push(ticket.number);
                }
            }
            assert_eq!(listed, by_rule, "turn {turn}: {person:?} {sight:?}");
            let count = store::ticket_list::count(&mut c, &sight, asker, &wanted).await.unwrap();
            assert_eq!(count as usize, listed.len());
            seen_in_all += listed.len();
        }
    }
    drop(c);
    assert!(seen_in_all > 500, "the dice show something: {seen_in_all}");
    app.end().await;
}

fn dice_of<T>(turn: u64, things: &[T]) -> &T {
    &things[(turn % things.len() as u64) as usize]
}

#[tokio::test]
async fn colleagues_see_what_their_type_says_and_strangers_nothing() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let clara = app.person(Role::OrgUser, "clara", Some(&cast.comune)).await;
    let (carla, clara_api, elena) = (app.api(&cast.carla).await, app.api(&clara).await, app.api(&cast.elena).await);
    let body = |cc: &[&str]| json!({"subject": "S", "body": "B", "area": "pec", "cc": cc});
    let own = clara_api.post("/tickets", body(&[])).await.expect(201).json()["number"].as_str().unwrap().to_string();
    let copied = clara_api.post("/tickets", body(&["Elena@Example.org"])).await.expect(201).json()["number"]
        .as_str()
        .unwrap()
        .to_string();
    let of_carla = carla.post("/tickets", body(&[])).await.expect(201).json()["number"].as_str().unwrap().to_string();
    carla.get(&format!("/tickets/{own}")).await.expect(200);
    let hidden = clara_api.get(&format!("/tickets/{of_carla}")).await.expect(404);
    let absent = clara_api.get("/tickets/TK-2026-424242").await.expect(404);
    assert_eq!(hidden.json()["detail"], absent.json()["detail"]);
    elena.get(&format!("/tickets/{own}")).await.expect(404);
    elena.get(&format!("/tickets/{copied}")).await.expect(200);
    let scope = async |api: &crate::support::client::Api, scope: &str| {
        api.get(&format!("/tickets?scope={scope}")).await.expect(200).json()["items"].as_array().unwrap().len()
    };
    assert_eq!((scope(&elena, "cc").await, scope(&elena, "mine").await, scope(&elena, "all").await), (1, 0, 1));
    assert_eq!((scope(&carla, "organization").await, scope(&carla, "mine").await), (3, 1));
    assert_eq!((scope(&clara_api, "organization").await, scope(&clara_api, "all").await), (0, 2));
    clara_api.patch(&format!("/tickets/{copied}"), json!({"cc": []})).await.expect(200);
    elena.get(&format!("/tickets/{copied}")).await.expect(404);
    app.end().await;
}

#[tokio::test]
async fn where_a_body_says_so_its_view_is_for_reading_only() {
    let app = TestApp::start().await;
    let cast = app.cast().await;
    let clara = app.person(Role::OrgUser, "clara", Some(&cast.comune)).await;
    let (carla, clara, dario) = (app.api(&cast.carla).await, app.api(&clara).await, app.api(&cast.dario).await);
    let browser = app.browser(&cast.carla).await;
    let open = async |api: &crate::support::client::Api, cc: &[&str]| {
        let body = json!({"subject": "S", "body": "B", "area": "pec", "cc": cc});
        api.post("/tickets", body).await.expect(201).json()["number"].as_str().unwrap().to_string()
    };
    let (theirs, copied) = (open(&clara, &[]).await, open(&clara, &["carla@example.org"]).await);
    let own = open(&carla, &[]).await;
    let say = async |number: &str| {
        carla.post(&format!("/tickets/{number}/messages"), json!({"kind": "public", "body_text": "Ciao"})).await
    };
    say(&theirs).await.expect(201);
    // The administrator says so on the body's page; the API gives it too.
    let page = format!("/enti/{}", cast.comune.id);
    let desk = app.browser(&cast.dario).await;
    let fields = [("name", "Comune di Borgo Solare"), ("code", "c_a111"), ("area_pec", "on"), ("read_only_view", "on")];
    desk.post(&page, &page, &fields).await.expect(303);
    assert!(desk.get(&page).await.expect(200).text.contains("name=\"read_only_view\" value=\"on\" checked"));
    let one = dario.get(&format!("/organizations/{}", cast.comune.id)).await.expect(200).json();
    assert_eq!(one["read_only_view"], true);
    let shown = browser.get(&format!("/richieste/{theirs}")).await.expect(200);
    assert!(!shown.text.contains("/risposta") && !shown.text.contains("/chiudi"), "{}", shown.text);
    assert!(shown.words().contains("Puoi leggere questa richiesta di un collega"));
    say(&theirs).await.expect(403);
    carla.post(&format!("/tickets/{theirs}/close"), json!({})).await.expect(403);
    carla.patch(&format!("/tickets/{theirs}"), json!({"cc": []})).await.expect(403);
    browser
        .post(&format!("/richieste/{own}"), &format!("/richieste/{theirs}/risposta"), &[("body_text", "Ciao")])
        .await
        .expect(403);
    // A closed one in which she is in copy goes on in one that she only reads: her answer opens another.
    let closed = open(&clara, &["carla@example.org"]).await;
    let anna = app.api(&cast.anna).await;
    anna.post(&format!("/tickets/{closed}/resolve"), json!({"solution": "Fatto"})).await.expect(200);
    clara.post(&format!("/tickets/{closed}/close"), json!({})).await.expect(200);
    let reply = json!({"kind": "public", "body_text": "Ancora"});
    clara.post(&format!("/tickets/{closed}/messages"), reply).await.expect(201);
    let follower =
        app.database.texts(&format!("SELECT number FROM tickets WHERE follows = '{closed}'")).await.remove(0);
    clara.patch(&format!("/tickets/{follower}"), json!({"cc": []})).await.expect(200);
    say(&closed).await.expect(201);
    let history = clara.get(&format!("/tickets/{follower}/messages")).await.expect(200).text;
    assert!(!history.contains("Ciao"), "{history}");
    // In copy one says something, and in one's own all stays as it was.
    say(&copied).await.expect(201);
    say(&own).await.expect(201);
    carla.post(&format!("/tickets/{own}/close"), json!({})).await.expect(200);
    dario.patch(&page.replace("/enti", "/organizations"), json!({"read_only_view": false})).await.expect(200);
    say(&theirs).await.expect(201);
    app.end().await;
}
