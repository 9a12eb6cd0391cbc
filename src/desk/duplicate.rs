//! In charge of requests that are perhaps the same one, over all channels (F26): whether two are, why, and saying that they are not.
//! The rule is pure. Joining them is `merge`'s.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use sqlx::AnyConnection;

use super::merge::{AskedBy, asked_by, is_one_body, is_same_requester, read_more};
use super::sight::sees;
use super::{changed, event, sight_of};
use crate::app::App;
use crate::audit;
use crate::clock::Moment;
use crate::model::id::{MailboxId, OrganizationId, TicketId};
use crate::model::person::Person;
use crate::model::ticket::{Channel, Event, Requester, Sight, State, Ticket};
use crate::model::trace::{Act, Actor};
use crate::people::Refusal;
use crate::store::{self, Tx};
use crate::terms::stems;

/// Two about the same mailbox are perhaps the same when they came within so long of each other: a weekend and a day.
const SAME_MAILBOX: Duration = Duration::from_secs(3 * 24 * 3600);

/// The same of two with like subjects.
const LIKE_SUBJECT: Duration = Duration::from_secs(7 * 24 * 3600);

/// Of the words of both subjects together, so many in a hundred are in both (a word of both counts twice).
const LIKE: usize = 60;

/// One word that two subjects share says too little.
const FEWEST_WORDS: usize = 2;

/// The most that are proposed at once, the likeliest.
const MOST: usize = 3;

/// Words of subjects that say nothing of the matter: marks of mail programs and receipts, words of every request here, and those
/// that only join others. Compared as [`stems`] leaves them.
const EMPTY: &str = "re r i fw fwd rif ris risp risposta inoltro inoltra posta certificata anomalia messaggio accettazione consegna avvenuta
    mancata notifica pec mail email casella caselle richiesta ticket tk assistenza aiuto supporto problema problemi urgente
    urgenza errore segnalazione informazioni info salve buongiorno ente comune
    di a da in con su per tra fra il lo la l gli le un uno una del dello della dei degli delle al allo alla ai agli alle dal dallo
    dalla dai dagli dalle nel nello nella nei negli nelle sul sullo sulla sui sugli sulle e ed o che non si è ci ne mi ma come dopo
    ancora più nostra nostro vostra vostro questa questo ho ha abbiamo hanno sono siamo the of to on and not is for our my";

static EMPTY_STEMS: LazyLock<BTreeSet<String>> = LazyLock::new(|| stems(EMPTY).into_iter().collect());

/// Why two are perhaps the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// They are about the same mailbox.
    Mailbox,
    /// Their subjects are like each other.
    Subject,
    /// The same person asked both.
    Requester,
}

impl Why {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Why::Mailbox => "mailbox",
            Why::Subject => "subject",
            Why::Requester => "requester",
        }
    }
}

/// What is known of a request: one that there is, or one that is being written down.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Absent for one that is not there yet.
    pub id: Option<TicketId>,
    pub organization_id: Option<OrganizationId>,
    pub requester: Requester,
    pub mailbox_ids: Vec<MailboxId>,
    pub subject: String,
    pub created_at: Moment,
}

impl Facts {
    /// Those of a request that there is.
    pub fn of(ticket: &Ticket) -> Facts {
        Facts {
            id: Some(ticket.id.clone()),
            organization_id: ticket.organization_id.clone(),
            requester: ticket.requester.clone(),
            mailbox_ids: ticket.mailbox_ids.clone(),
            subject: ticket.subject.clone(),
            created_at: ticket.created_at,
        }
    }

    fn asked_by(&self) -> AskedBy<'_> {
        (self.organization_id.as_ref(), &self.requester)
    }
}

/// A request that is perhaps the same as another.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub ticket: Ticket,
    pub why: Vec<Why>,
    /// Who would read more than now if they were joined.
    pub read_more: Vec<String>,
}

/// Whether a request can still be joined to another, and another to it.
pub(super) fn is_open(ticket: &Ticket) -> bool {
    let is_here = ticket.merged_into.is_none() && ticket.deleted_at.is_none();
    is_here && (ticket.state.is_active() || ticket.state == State::Resolved)
}

/// The words of a subject that say something of the matter, each once: without the marks of mail programs and numbers of requests.
fn matter(subject: &str) -> BTreeSet<String> {
    let mut words = stems(subject).into_iter();
    let mut matter = BTreeSet::new();
    while let Some(word) = words.next() {
        if word == "tk" {
            // Its year and its number.
            words.nth(1);
        } else if !EMPTY_STEMS.contains(&word) {
            matter.insert(word);
        }
    }
    matter
}

/// Whether two subjects are about the like matter.
fn is_like(one: &str, other: &str) -> bool {
    let (one, other) = (matter(one), matter(other));
    let shared = one.intersection(&other).count();
    shared >= FEWEST_WORDS && 2 * shared * 100 >= LIKE * (one.len() + other.len())
}

/// Why a request is perhaps the same as another; nothing when it is not. Only two of one body can be: what is asked by others is
/// never proposed. The same person alone is no reason.
pub fn why(facts: &Facts, other: &Ticket) -> Vec<Why> {
    if facts.id.as_ref() == Some(&other.id) || !is_open(other) || !is_one_body(facts.asked_by(), asked_by(other)) {
        return Vec::new();
    }
    let apart = facts.created_at.since(other.created_at).unsigned_abs();
    let within = |longest: Duration| u128::from(apart) <= longest.as_millis();
    let is_same_mailbox = within(SAME_MAILBOX) && facts.mailbox_ids.iter().any(|id| other.mailbox_ids.contains(id));
    let is_like_subject = within(LIKE_SUBJECT) && is_like(&facts.subject, &other.subject);
    let mut why = Vec::new();
    why.extend(is_same_mailbox.then_some(Why::Mailbox));
    why.extend(is_like_subject.then_some(Why::Subject));
    if !why.is_empty() && is_same_requester(&facts.requester, &other.requester) {
        why.push(Why::Requester);
    }
    why
}

/// The requests that are perhaps the same, of those that a person sees, the likeliest first; of like ones those that came
/// nearest.
pub async fn of(c: &mut AnyConnection, sight: &Sight, facts: &Facts) -> store::Result<Vec<Proposal>> {
    let at = facts.created_at.0;
    let longest = LIKE_SUBJECT.max(SAME_MAILBOX).as_millis() as i64;
    let period = (Moment(at - longest), Moment(at + longest));
    let organization = facts.organization_id.as_ref();
    let found = store::ticket_duplicates::in_question(c, sight, organization, period, facts.id.as_ref()).await?;
    let proposal = |ticket: Ticket| Proposal { why: why(facts, &ticket), ticket, read_more: Vec::new() };
    let mut found: Vec<Proposal> = found.into_iter().map(proposal).filter(|one| !one.why.is_empty()).collect();
    let apart = |one: &Proposal| one.ticket.created_at.since(facts.created_at).unsigned_abs();
    found.sort_by_key(|one| (Reverse(one.why.len()), apart(one), Reverse(one.ticket.created_at)));
    found.truncate(MOST);
    Ok(found)
}

/// The same for a request that there is, with who would read more if they were joined. Nothing for one that is done with.
pub async fn of_ticket(c: &mut AnyConnection, sight: &Sight, ticket: &Ticket) -> store::Result<Vec<Proposal>> {
    if !is_open(ticket) {
        return Ok(Vec::new());
    }
    let mut found = of(c, sight, &Facts::of(ticket)).await?;
    // What is open is not joined to what is solved: whoever works on it would find it gone.
    found.retain(|one| older_first(ticket, &one.ticket).0.state != State::Resolved);
    Ok(found.into_iter().map(|one| Proposal { read_more: read_more(ticket, &one.ticket), ..one }).collect())
}

/// The same for a call that is being written down: what is typed may still be anything. Whose it is is settled as it will be when the
/// request is opened, but for a mailbox, which brings its body.
pub async fn of_call(
    c: &mut AnyConnection,
    sight: &Sight,
    caller: Requester,
    (organization, mailbox): (Option<OrganizationId>, Option<MailboxId>),
    (subject, body): (&str, &str),
    now: Moment,
) -> store::Result<Vec<Proposal>> {
    let person = store::people::find_by_email(c, &caller.email).await?.filter(|one| one.active);
    let mut organization_id = organization;
    if organization_id.is_none()
        && let Some(id) = &mailbox
    {
        organization_id = store::mailboxes::find(c, id).await?.and_then(|one| one.card.organization_id);
    }
    let first = || person.as_ref().and_then(|one| one.memberships.first()).map(|one| one.organization_id.clone());
    let organization_id = organization_id.or_else(first);
    let mailbox_ids = match mailbox {
        Some(id) => vec![id],
        None => super::link::named(c, organization_id.as_ref(), &[subject, body]).await?,
    };
    let facts = Facts {
        id: None,
        organization_id,
        requester: Requester { id: person.map(|one| one.id), ..caller },
        mailbox_ids,
        subject: subject.into(),
        created_at: now,
    };
    match facts.asked_by() {
        // Nobody yet.
        (None, caller) if caller.email.is_empty() => Ok(Vec::new()),
        _ => of(c, sight, &facts).await,
    }
}

/// Of two the one that stays when they are joined, and the one that is joined: the older stays.
pub fn older_first<'t>(one: &'t Ticket, other: &'t Ticket) -> (&'t Ticket, &'t Ticket) {
    let key = |ticket: &'t Ticket| (ticket.created_at, &ticket.id);
    if key(one) <= key(other) { (one, other) } else { (other, one) }
}

/// Says, for everybody at the desk, that a request is not the same as another, which the person sees too. It may be said twice.
pub async fn tell_apart(app: &App, actor: &Actor, by: &Person, ticket: &Ticket, other: &str) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    let sight = sight_of(&mut tx, by).await?;
    let found = store::tickets::find(&mut tx, other).await?.filter(|one| one.id != ticket.id && sees(&sight, one));
    let other = found.ok_or_else(|| Refusal::field("other", "no-such-ticket"))?;
    if !store::ticket_duplicates::tell_apart(&mut tx, &ticket.id, &other.id, &by.id, app.clock.now()).await? {
        return Ok(());
    }
    told(app, &mut tx, by, (ticket, &other)).await?;
    audit::record(app, &mut tx, actor, Act::on("ticket.told-apart", &ticket.number).with(other.number)).await?;
    Ok(tx.commit().await?)
}

/// Writes it into both histories, where the desk alone reads it.
async fn told(app: &App, tx: &mut Tx, by: &Person, (ticket, other): (&Ticket, &Ticket)) -> store::Result<()> {
    for (one, of) in [(ticket, other), (other, ticket)] {
        let entry = Event { new: of.number.clone(), ..changed("told-apart") };
        let entry = event(by, false, Channel::Portal, app.clock.now(), entry);
        store::ticket_messages::insert(tx, &one.id, &entry).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::tests::ticket;

    fn of(organization: Option<&str>, who: &str, mailbox: Option<&str>, subject: &str, hours: i64) -> Ticket {
        Ticket {
            organization_id: organization.map(Into::into),
            requester: Requester { id: None, name: who.into(), email: format!("{who}@example.org") },
            mailbox_ids: mailbox.into_iter().map(Into::into).collect(),
            subject: subject.into(),
            created_at: Moment(hours * 3_600_000),
            ..ticket()
        }
    }

    fn between(one: &Ticket, other: &Ticket) -> Vec<Why> {
        let found = why(&Facts::of(one), other);
        assert_eq!(found, why(&Facts::of(other), one), "it is said of both alike");
        found
    }

    #[test]
    fn a_call_and_a_mail_about_one_mailbox_are_perhaps_the_same() {
        let call = Ticket { channel: Channel::Phone, ..of(Some("e"), "sara", Some("m"), "Non riceve", 1) };
        let mail =
            |subject, hours| Ticket { channel: Channel::Email, ..of(Some("e"), "ugo", Some("m"), subject, hours) };
        assert_eq!(between(&call, &mail("Posta in arrivo ferma", 2)), [Why::Mailbox]);
        assert_eq!(between(&call, &mail("Posta in arrivo ferma", 1 + 72)), [Why::Mailbox]);
        assert_eq!(between(&call, &mail("Posta in arrivo ferma", 1 + 73)), []);
        assert_eq!(
            between(&call, &of(Some("e"), "sara", Some("other"), "Rinnovo", 2)),
            [],
            "the person alone is no reason"
        );
        assert_eq!(between(&call, &of(Some("e"), "sara", Some("m"), "Rinnovo", 2)), [Why::Mailbox, Why::Requester]);
    }

    #[test]
    fn what_is_of_another_body_is_never_the_same() {
        let one = of(Some("e"), "sara", Some("m"), "Ricevute di consegna mancanti suap", 1);
        assert_eq!(between(&one, &of(Some("f"), "sara", Some("m"), "Ricevute di consegna mancanti suap", 1)), []);
        assert_eq!(between(&one, &of(None, "sara", Some("m"), "Ricevute di consegna mancanti suap", 1)), []);
        // Of people of no body each is a body.
        let alone = |who| of(None, who, None, "Certificato di firma scaduto", 1);
        assert_eq!(between(&alone("sara"), &alone("ugo")), []);
        assert_eq!(between(&alone("sara"), &alone("sara")), [Why::Subject, Why::Requester]);
    }

    #[test]
    fn what_is_done_with_is_not_proposed() {
        let one = of(Some("e"), "sara", Some("m"), "S", 1);
        for state in State::ALL {
            let other = Ticket { state: *state, ..of(Some("e"), "ugo", Some("m"), "T", 1) };
            let is_done = matches!(state, State::Closed | State::Cancelled);
            assert_eq!(why(&Facts::of(&one), &other).is_empty(), is_done, "{state:?}");
        }
        let gone = Ticket { deleted_at: Some(Moment(1)), ..of(Some("e"), "ugo", Some("m"), "T", 1) };
        assert_eq!(why(&Facts::of(&one), &gone), []);
        assert_eq!(why(&Facts::of(&one), &one), [], "none is its own");
    }

    #[test]
    fn subjects_are_like_by_what_they_are_about() {
        for (one, other) in [
            ("Casella SUAP: non riceve messaggi", "R: Suap, messaggi non ricevuti"),
            ("[TK-2026-000123] Password scaduta protocollo", "Re: password del protocollo scaduta"),
            ("POSTA CERTIFICATA: spazio esaurito tributi", "Tributi: spazio quasi esaurito"),
            ("Fwd: Fwd: ricevute mancanti anagrafe", "Ricevuta mancante anagrafe"),
            ("Certificato di firma scaduto", "CERTIFICATO DI FIRMA SCADUTO!!"),
        ] {
            assert!(
                is_like(one, other) && is_like(other, one),
                "{one} | {other}: {:?} {:?}",
                matter(one),
                matter(other)
            );
        }
        for (one, other) in [
            ("PEC", "PEC"),
            ("Problema PEC urgente", "Problema PEC urgente"),
            ("Password", "Password"),
            ("", ""),
            ("Re: [TK-2026-000123]", "Re: [TK-2026-000123]"),
            ("TK-2026-000123 e TK-2026-000124", "TK-2026-000123 e TK-2026-000124"),
            ("ACCETTAZIONE: gara", "CONSEGNA: gara"),
            ("Casella protocollo piena", "Casella suap piena"),
            ("Password scaduta suap", "Password scaduta ragioneria, nuovo titolare"),
            ("Richiesta di assistenza per la casella del comune", "Richiesta di assistenza per la casella dell’ente"),
        ] {
            assert!(!is_like(one, other), "{one} | {other}: {:?} {:?}", matter(one), matter(other));
        }
    }

    #[test]
    fn the_older_one_stays() {
        let (old, new) = (of(None, "a", None, "S", 1), of(None, "a", None, "S", 2));
        assert_eq!(older_first(&new, &old), (&old, &new));
        assert_eq!(older_first(&old, &new), (&old, &new));
    }
}
