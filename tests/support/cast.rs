//! In charge of the people of the tests, always the same: Anna works the desk, Carla answers for the Comune, Dario for the
//! region, Elena works in the Unione, Ugo reads the trace. Each test has its own, made where it needs them.

use sportello::input::Fields;
use sportello::key::fresh_token;
use sportello::model::organization::Organization;
use sportello::model::person::{Language, Membership, Person, Role};
use sportello::model::trace::Actor;
use sportello::people::link::Way;
use sportello::people::person::First;
use sportello::people::{organization, person, session, token};

use super::app::TestApp;
use super::client::{Api, Browser};

/// Everybody.
pub struct Cast {
    pub comune: Organization,
    pub unione: Organization,
    /// Operator.
    pub anna: Person,
    /// Administrator of the Comune.
    pub carla: Person,
    /// Regional administrator.
    pub dario: Person,
    /// User of the Unione.
    pub elena: Person,
    /// Auditor.
    pub ugo: Person,
}

impl TestApp {
    /// Makes everybody.
    pub async fn cast(&self) -> Cast {
        let comune = self.organization("c_a111", "Comune di Borgo Solare").await;
        let unione = self.organization("u_b222", "Unione dei Colli").await;
        Cast {
            anna: self.person(Role::Operator, "anna", None).await,
            carla: self.person(Role::OrgAdmin, "carla", Some(&comune)).await,
            dario: self.person(Role::RegionalAdmin, "dario", None).await,
            elena: self.person(Role::OrgUser, "elena", Some(&unione)).await,
            ugo: self.person(Role::Auditor, "ugo", None).await,
            comune,
            unione,
        }
    }

    /// The regional administrator alone, with the API in hand: what most tests need.
    pub async fn dario(&self) -> (Person, Api) {
        let dario = self.person(Role::RegionalAdmin, "dario", None).await;
        let api = self.api(&dario).await;
        (dario, api)
    }

    /// A body.
    pub async fn organization(&self, code: &str, name: &str) -> Organization {
        let fields = Fields::from_json(serde_json::json!({"code": code, "name": name})).expect("an object");
        let draft = organization::Draft::read(fields, None).expect("a good body");
        organization::create(&self.app, &Actor::system(), draft).await.expect("a body")
    }

    /// A person without a password yet.
    pub async fn person(&self, role: Role, name: &str, of: Option<&Organization>) -> Person {
        let mut draft = person::Draft::new(format!("{name}@example.org"), name.into(), role, Language::It);
        draft.memberships = of
            .map(|one| Membership { organization_id: one.id.clone(), visibility: role.default_visibility() })
            .into_iter()
            .collect();
        person::create(&self.app, &Actor::system(), draft, First::Chosen(Way::Hand)).await.expect("a person").0
    }

    /// A person who can log in with this password.
    pub async fn person_with_password(&self, role: Role, name: &str, password: &str) -> Person {
        self.person_at(role, &format!("{name}@example.org"), password).await
    }

    /// The same, with this address.
    pub async fn person_at(&self, role: Role, email: &str, password: &str) -> Person {
        let name = email.split('@').next().unwrap_or_default();
        let draft = person::Draft::new(email.into(), name.into(), role, Language::It);
        person::create(&self.app, &Actor::system(), draft, First::Password(&password.into())).await.expect("a person").0
    }

    /// The API as this person.
    pub async fn api(&self, person: &Person) -> Api {
        Api::new(&self.base, Some(self.token(person).await))
    }

    /// A key to the API for this person.
    pub async fn token(&self, person: &Person) -> String {
        token::create(&self.app, &Actor::system(), person, None).await.expect("a token").to_string()
    }

    /// The API as nobody.
    pub fn nobodys_api(&self) -> Api {
        Api::new(&self.base, None)
    }

    /// The API with a token that was never given.
    pub fn api_with_false_token(&self) -> Api {
        Api::new(&self.base, Some(fresh_token().to_string()))
    }

    /// A browser at which this person is logged in.
    pub async fn browser(&self, person: &Person) -> Browser {
        let mut tx = self.app.db.begin().await.expect("a write");
        let secret = session::open_for(&self.app, &mut tx, person, &Default::default()).await.expect("a session");
        tx.commit().await.expect("committed");
        self.visitor().with_cookie("sportello", &secret)
    }

    /// A browser at which nobody is logged in.
    pub fn visitor(&self) -> Browser {
        Browser::new(&self.base)
    }
}
