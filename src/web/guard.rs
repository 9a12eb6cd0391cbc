//! In charge of who asks: a visitor, a person with a session, a program with a token; and of what they may reach.
//! What they may not know answers as what does not exist.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use rocket::http::Status;
use rocket::request::{FromParam, FromRequest, Outcome, Request};

use super::Site;
use super::outcome::Failure;
use crate::desk::sight::{self, Part};
use crate::desk::{merge, sight_of};
use crate::model::id::{
    AttachmentId, CannedAnswerId, GroupId, HeldReplyId, IntakeMailId, IntakeMailboxId, MailId, MailboxId, MessageId,
    OrganizationId, PersonId, RequestFieldId, RoutingRuleId, RunId, SessionId, ViewId,
};
use crate::model::mailbox::Mailbox;
use crate::model::person::{Language, Person};
use crate::model::ticket::{Message, MessageKind, Sight, Ticket};
use crate::model::trace::Actor;
use crate::model::view::View;
use crate::people::rights::{self, Act, Reach};
use crate::people::session::Client;
use crate::people::{session, token};
use crate::store;
use crate::store::sessions::Session;

/// Anybody at all.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub ip: String,
    /// What the browser says of itself.
    pub user_agent: String,
    pub language: Language,
}

impl Visitor {
    /// Who is at the other end, for a log-in.
    pub fn client(&self) -> Client {
        Client { ip: self.ip.clone(), agent: self.user_agent.clone() }
    }
}

/// A person at a browser, logged in.
#[derive(Debug, Clone)]
pub struct Agent {
    pub person: Person,
    pub session: Session,
    pub ip: String,
}

/// A program with a person's token.
#[derive(Debug, Clone)]
pub struct Caller {
    pub person: Person,
    pub ip: String,
}

/// The same questions for people and programs: their rights are the same (I02).
pub trait Asker {
    fn person(&self) -> &Person;
    fn ip(&self) -> &str;

    /// Who it is, for the trace.
    fn actor(&self) -> Actor {
        Actor { name: self.person().email.clone(), ip: self.ip().into() }
    }

    /// Goes on only for those who may do this at all; others are told that they may not.
    fn must(&self, act: Act) -> Result<(), Failure> {
        if rights::may(self.person(), act) { Ok(()) } else { Err(Failure::Forbidden) }
    }

    /// How far this person's right to an act reaches.
    fn reach(&self, act: Act) -> Reach {
        rights::reach(self.person(), act)
    }

    /// The mailbox, for those who may do this with it. Who may not even see it is told that there is none; who may see it but
    /// not do this is told so.
    fn mailbox(&self, site: &Site, id: &MailboxId, act: Act) -> impl Future<Output = Result<Mailbox, Failure>> + Send
    where
        Self: Sync,
    {
        async move {
            let found = store::mailboxes::find(&mut *site.app.db.read().await?, id).await?;
            let mailbox = found.filter(|mailbox| rights::may_on(self.person(), Act::ListMailboxes, mailbox));
            let mailbox = mailbox.ok_or(Failure::NotFound)?;
            if rights::may_on(self.person(), act, &mailbox) { Ok(mailbox) } else { Err(Failure::Forbidden) }
        }
    }

    /// What this person sees of the desk's tickets.
    fn sight(&self, site: &Site) -> impl Future<Output = Result<Sight, Failure>> + Send
    where
        Self: Sync,
    {
        async move { Ok(sight_of(&mut *site.app.db.read().await?, self.person()).await?) }
    }

    /// A ticket and what this person has to do with it; who does not see it is told that there is none.
    fn ticket(&self, site: &Site, number: &str) -> impl Future<Output = Result<(Ticket, Part), Failure>> + Send
    where
        Self: Sync,
    {
        async move {
            let seen = self.sight(site).await?;
            let ticket =
                store::tickets::find(&mut *site.app.db.read().await?, number).await?.ok_or(Failure::NotFound)?;
            let part = sight::part(&seen, &ticket).ok_or(Failure::NotFound)?;
            Ok((ticket, part))
        }
    }

    /// What was said in a ticket, and what this person has to do with it; who does not see it is told that there is none. A note stays
    /// at the desk (K06).
    fn message(
        &self,
        site: &Site,
        id: &MessageId,
    ) -> impl Future<Output = Result<(Ticket, Message, Part), Failure>> + Send
    where
        Self: Sync,
    {
        async move {
            let mut c = site.app.db.read().await?;
            let of = store::ticket_messages::ticket_of(&mut c, id.as_str()).await?.ok_or(Failure::NotFound)?;
            let said = store::ticket_messages::find(&mut c, &of, id.as_str()).await?.ok_or(Failure::NotFound)?;
            let ticket = store::tickets::find_by_id(&mut c, &of).await?.ok_or(Failure::NotFound)?;
            let seen = sight_of(&mut c, self.person()).await?;
            let part = merge::part_in(&mut c, &seen, ticket.clone()).await?.ok_or(Failure::NotFound)?;
            if said.kind == MessageKind::Internal && !part.is_desk() {
                return Err(Failure::NotFound);
            }
            Ok((ticket, said, part))
        }
    }

    /// The person whom this one may give rights in a mailbox; others are told that there is none.
    fn grantee(&self, site: &Site, id: &PersonId) -> impl Future<Output = Result<Person, Failure>> + Send
    where
        Self: Sync,
    {
        async move {
            let found = store::people::find(&mut *site.app.db.read().await?, id).await?;
            found.filter(|one| rights::may_receive(self.person(), one)).ok_or(Failure::NotFound)
        }
    }

    /// One of one's own saved views; of those that others share it is told that they are others', of the rest that there is none.
    fn own_view(&self, site: &Site, id: &ViewId) -> impl Future<Output = Result<View, Failure>> + Send
    where
        Self: Sync,
    {
        async move {
            match store::views::find(&mut *site.app.db.read().await?, id).await? {
                Some(view) if view.owner_id == self.person().id => Ok(view),
                Some(view) if view.shared => Err(Failure::Forbidden),
                _ => Err(Failure::NotFound),
            }
        }
    }

    /// A person, for those who see people of one of its bodies, and for the person itself.
    fn sees(&self, site: &Site, id: &PersonId) -> impl Future<Output = Result<Person, Failure>> + Send
    where
        Self: Sync,
    {
        async move {
            let found = store::people::find(&mut *site.app.db.read().await?, id).await?;
            let reach = self.reach(Act::SeePeople);
            found.filter(|one| one.id == self.person().id || rights::sees_person(&reach, one)).ok_or(Failure::NotFound)
        }
    }
}

impl Asker for Agent {
    fn person(&self) -> &Person {
        &self.person
    }
    fn ip(&self) -> &str {
        &self.ip
    }
}

impl Asker for Caller {
    fn person(&self) -> &Person {
        &self.person
    }
    fn ip(&self) -> &str {
        &self.ip
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Visitor {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Visitor, ()> {
        Outcome::Success(visitor(request).clone())
    }
}

/// Who is there, before anything is known of them.
pub fn visitor<'r>(request: &'r Request<'_>) -> &'r Visitor {
    request.local_cache(|| {
        let site = request.rocket().state::<Site>();
        let trusted = site.map(|site| site.app.settings.trusted_proxies.as_slice()).unwrap_or_default();
        let said: Vec<&str> =
            request.headers().get("X-Forwarded-For").flat_map(|value| value.split(',')).map(str::trim).collect();
        let ip = request.remote().map(|remote| client_ip(remote.ip(), &said, trusted).to_string()).unwrap_or_default();
        let default = site.map(|site| site.app.settings.language()).unwrap_or_default();
        let accepted = request.headers().get_one("Accept-Language").unwrap_or_default();
        let user_agent = request.headers().get_one("User-Agent").unwrap_or_default().to_string();
        Visitor { ip, user_agent, language: accepted_language(accepted).unwrap_or(default) }
    })
}

/// The client's address: the last one said that is not a trusted proxy's own, and only as far as trusted proxies said it.
fn client_ip(remote: IpAddr, said: &[&str], trusted: &[IpAddr]) -> IpAddr {
    let mut client = remote.to_canonical();
    for one in said.iter().rev() {
        match one.parse::<IpAddr>() {
            Ok(ip) if trusted.contains(&client) => client = ip.to_canonical(),
            _ => break,
        }
    }
    client
}

/// The first language of the list that there is a catalogue for (RFC 9110, 12.5.4; weights in falling order, as browsers send them).
fn accepted_language(header: &str) -> Option<Language> {
    header.split(',').find_map(|one| Language::parse(one.split(';').next().unwrap_or("").trim()))
}

/// Who is logged in at this browser, found once for each request.
pub async fn agent<'r>(request: &'r Request<'_>) -> &'r Result<Agent, Status> {
    request.local_cache_async(find_agent(request)).await
}

async fn find_agent(request: &Request<'_>) -> Result<Agent, Status> {
    let site = request.rocket().state::<Site>().ok_or(Status::InternalServerError)?;
    let cookie = request.cookies().get(cookie_name(site)).ok_or(Status::Unauthorized)?;
    let broken = |fault: sqlx::Error| {
        remember(request, fault.into());
        Status::InternalServerError
    };
    let (mut session, person) =
        session::find(&site.app, cookie.value()).await.map_err(broken)?.ok_or(Status::Unauthorized)?;
    // Streams and fragments ask by themselves: that is nobody's activity (contract, 3: `session_idle`).
    let asks_by_itself = request.uri().path() == "/eventi" || request.query_value::<&str>("frammento").is_some();
    if !asks_by_itself {
        // A page is not refused because its visit could not be noted.
        if let Err(fault) = session::touch(&site.app, &mut session).await {
            tracing::warn!(error = %fault, "a person's activity could not be noted");
        }
    }
    Ok(Agent { person, session, ip: visitor(request).ip.clone() })
}

/// The name of the session's cookie: with https, one that the browser binds to this very host.
pub fn cookie_name(site: &Site) -> &'static str {
    if site.app.settings.is_https() { "__Host-sportello" } else { "sportello" }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Agent {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Agent, ()> {
        match agent(request).await {
            Ok(agent) => Outcome::Success(agent.clone()),
            Err(status) => Outcome::Error((*status, ())),
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Caller {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Caller, ()> {
        match caller(request).await {
            Ok(caller) => {
                request.local_cache(|| CallerLanguage(Some(caller.person.language)));
                Outcome::Success(caller)
            }
            Err(failure) => {
                let status = match &failure {
                    Failure::TooMany(_) => Status::TooManyRequests,
                    Failure::Unauthorized => Status::Unauthorized,
                    _ => Status::InternalServerError,
                };
                remember(request, failure);
                Outcome::Error((status, ()))
            }
        }
    }
}

/// The language of the program's person, once it is known.
pub struct CallerLanguage(pub Option<Language>);

async fn caller(request: &Request<'_>) -> Result<Caller, Failure> {
    let site = request.rocket().state::<Site>().ok_or(Failure::NotFound)?;
    let header = request.headers().get_one("Authorization").unwrap_or_default();
    let (scheme, secret) = header.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Failure::Unauthorized);
    }
    let (id, person) = token::find(&site.app, secret.trim()).await?.ok_or(Failure::Unauthorized)?;
    site.pace.take(&id, Instant::now()).map_err(Failure::TooMany)?;
    Ok(Caller { person, ip: visitor(request).ip.clone() })
}

/// What an address of the API that leads nowhere answers: strangers are refused first, like everywhere else on it.
pub async fn stranger_or_not_found(request: &Request<'_>) -> Failure {
    match caller(request).await {
        Ok(_) => Failure::NotFound,
        Err(failure) => failure,
    }
}

struct Remembered(Mutex<Option<Failure>>);

/// Keeps why a guard refused, for the catcher: Rocket hands it only a status.
pub fn remember(request: &Request<'_>, failure: Failure) {
    let kept = request.local_cache(|| Remembered(Mutex::new(None)));
    *kept.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
}

/// Why a guard refused, if one said so.
pub fn taken_failure(request: &Request<'_>) -> Option<Failure> {
    let kept = request.local_cache(|| Remembered(Mutex::new(None)));
    kept.0.lock().unwrap_or_else(PoisonError::into_inner).take()
}

macro_rules! any_segment {
    ($($id:ty),*) => {$(
        /// Any text is an id: one that was never given is found absent, so that it answers like a hidden one.
        impl<'r> FromParam<'r> for $id {
            type Error = std::convert::Infallible;
            fn from_param(segment: &'r str) -> Result<Self, Self::Error> {
                Ok(segment.into())
            }
        }
    )*};
}

any_segment!(
    AttachmentId,
    CannedAnswerId,
    GroupId,
    HeldReplyId,
    IntakeMailId,
    IntakeMailboxId,
    MailId,
    MailboxId,
    MessageId,
    OrganizationId,
    PersonId,
    RequestFieldId,
    RoutingRuleId,
    RunId,
    SessionId,
    ViewId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_say_for_whom_they_speak() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let check = |remote: &str, said: &[&str], trusted: &[&str], expected: &str| {
            let trusted: Vec<IpAddr> = trusted.iter().map(|one| ip(one)).collect();
            assert_eq!(client_ip(ip(remote), said, &trusted), ip(expected), "{remote} said {said:?}");
        };
        check("203.0.113.9", &["9.9.9.9"], &[], "203.0.113.9");
        check("127.0.0.1", &["9.9.9.9"], &["127.0.0.1"], "9.9.9.9");
        check("::ffff:127.0.0.1", &["9.9.9.9"], &["127.0.0.1"], "9.9.9.9");
        check("127.0.0.1", &["6.6.6.6", "9.9.9.9"], &["127.0.0.1"], "9.9.9.9");
        check("127.0.0.1", &["6.6.6.6", "10.0.0.1"], &["127.0.0.1", "10.0.0.1"], "6.6.6.6");
        check("127.0.0.1", &["nonsense"], &["127.0.0.1"], "127.0.0.1");
    }

    #[test]
    fn the_language_is_the_first_that_there_is() {
        for (header, expected) in [
            ("it-IT,it;q=0.9,en;q=0.8", Some(Language::It)),
            ("fr,en-GB;q=0.7", Some(Language::En)),
            ("fr", None),
            ("", None),
        ] {
            assert_eq!(accepted_language(header), expected, "{header}");
        }
    }
}
