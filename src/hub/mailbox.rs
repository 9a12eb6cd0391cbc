//! In charge of adding, changing and removing mailboxes, and of giving them a new password. Rights have been checked by the
//! door. A password is tried once before it is kept (H13).

use secrecy::SecretString;
use sqlx::AnyConnection;

use super::draft::{Draft, moves_secret};
use super::{capacity, refusal, secret, status};
use crate::app::App;
use crate::audit;
use crate::mail::imap::{self, Ask, Known, Login};
use crate::model::id::{MailboxId, OrganizationId};
use crate::model::mailbox::{Card, Facts, Mailbox, Status};
use crate::model::message::InboxFacts;
use crate::model::trace::{Act, Actor};
use crate::people::{Refusal, taken};
use crate::store::{self, Tx};
use crate::text::fold;

/// Adds a mailbox. The login is tried first; when it is refused nothing is saved. When every place is taken none is tried.
pub async fn create(app: &App, actor: &Actor, draft: Draft) -> Result<Mailbox, Refusal> {
    let card = draft.card;
    check_authorization(app, &card)?;
    check_free(app, &card, None).await?;
    capacity::check(app).await?;
    let seen = match &draft.password {
        Some(password) if !draft.activating => Some(try_login(app, &card, password, None).await?),
        _ => None,
    };
    let now = app.clock.now();
    let fresh = Facts::fresh(if draft.activating { Status::Activating } else { Status::NeverChecked }, now);
    let facts = seen.map_or(fresh.clone(), |seen| status::after_look(&fresh, &seen, now));
    let mailbox = Mailbox { id: MailboxId::new(), card, facts, created_at: now };
    let mut tx = app.db.begin().await?;
    check_address(&mut tx, &mailbox.card, None).await?;
    capacity::take_place(app, &mut tx).await?;
    check_organization(&mut tx, mailbox.card.organization_id.as_ref()).await?;
    store::mailboxes::insert(&mut tx, &mailbox).await.map_err(|fault| taken(fault, "address"))?;
    if let Some(password) = draft.password.filter(|_| !draft.activating) {
        secret::put(app, &mut tx, &mailbox.id, &mailbox.card, &password).await?;
    }
    audit::record(app, &mut tx, actor, Act::on("mailbox.created", &mailbox.card.address).with(said(&mailbox.card)))
        .await?;
    tx.commit().await?;
    app.look_again();
    Ok(mailbox)
}

/// Changes a mailbox. What the password is bound to changes only with the password, which is tried first.
pub async fn change(app: &App, actor: &Actor, mailbox: &Mailbox, draft: Draft) -> Result<Mailbox, Refusal> {
    if draft.card.authorization != mailbox.card.authorization {
        check_authorization(app, &draft.card)?;
    }
    check_free(app, &draft.card, Some(mailbox)).await?;
    let seen = match &draft.password {
        Some(password) => Some(try_login(app, &draft.card, password, Some(mailbox)).await?),
        None => None,
    };
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let current = still(&mut tx, mailbox).await?;
    check_address(&mut tx, &draft.card, Some(&current)).await?;
    // A mailbox stays with a body that was deactivated; none comes to one, and none of it is watched.
    let stays = draft.card.organization_id == current.card.organization_id;
    let was_held = store::mailboxes::is_suspended_with_organization(&mut tx, &current.id).await?;
    match check_organization(&mut tx, draft.card.organization_id.as_ref()).await {
        Err(Refusal::Invalid(_)) if stays && draft.suspended != Some(false) => {}
        Err(Refusal::Invalid(_)) if stays => return Err(Refusal::field("suspended", "organization-inactive")),
        checked => checked?,
    }
    store::mailboxes::set_card(&mut tx, &current.id, &draft.card, now)
        .await
        .map_err(|fault| taken(fault, "address"))?;
    if let Some(password) = &draft.password {
        secret::put(app, &mut tx, &current.id, &draft.card, password).await?;
    }
    let mut facts = current.facts.clone();
    if let Some(seen) = &seen {
        let mut counted_from = mailbox.facts.new_from;
        if moves_secret(&current.card, &draft.card) {
            // Another server or another user is another mailbox: its numbers begin anew.
            let (status, status_since, suspended_from) = (facts.status, facts.status_since, facts.suspended_from);
            facts = Facts { status, status_since, suspended_from, ..Facts::fresh(status, now) };
            counted_from = None;
        }
        facts = status::after_late_look(&facts, counted_from, seen, now);
    }
    match draft.suspended {
        Some(true) => facts = status::suspended(&facts, now),
        Some(false) => facts = status::resumed(&facts, now),
        // Out of a body that is not active, the watch that stopped with it goes on.
        None if was_held && !stays => facts = status::resumed(&facts, now),
        None => {}
    }
    if was_held && (draft.suspended.is_some() || !stays) {
        store::mailboxes::set_suspended_with_organization(&mut tx, &current.id, false).await?;
    }
    store::mailboxes::set_facts(&mut tx, &current.id, &facts).await?;
    let detail = format!("{} → {}", said(&current.card), said(&draft.card));
    audit::record(app, &mut tx, actor, Act::on("mailbox.changed", &draft.card.address).with(detail)).await?;
    record_status(app, &mut tx, actor, &draft.card.address, &current.facts, &facts).await?;
    tx.commit().await?;
    app.look_again();
    Ok(Mailbox { card: draft.card, facts, ..current })
}

/// Nobody has authorised a watch on a day that is still to come.
fn check_authorization(app: &App, card: &Card) -> Result<(), Refusal> {
    let today = app.clock.now().utc().with_timezone(&app.settings.time_zone).date_naive();
    // The day was read by the draft, as a day of the calendar.
    match card.authorization.date.parse::<chrono::NaiveDate>() {
        Ok(day) if day > today => Err(Refusal::field("authorization.date", "future")),
        _ => Ok(()),
    }
}

/// The mailbox as it is in the base of what a person has typed, locked: what somebody else has changed meanwhile is not
/// written over.
async fn still(tx: &mut Tx, base: &Mailbox) -> Result<Mailbox, Refusal> {
    match store::mailboxes::lock(tx, &base.id).await? {
        None => Err(Refusal::Conflict("conflict-removed")),
        Some(current) if current.card != base.card => Err(Refusal::Conflict("conflict-changed")),
        Some(current) => Ok(current),
    }
}

/// Gives a mailbox the password that its holder has now. It is tried at once; when it is refused the old one stays.
pub async fn put_password(
    app: &App,
    actor: &Actor,
    mailbox: &Mailbox,
    password: &SecretString,
) -> Result<Mailbox, Refusal> {
    let seen = try_login(app, &mailbox.card, password, Some(mailbox)).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let current = still(&mut tx, mailbox).await?;
    secret::put(app, &mut tx, &current.id, &current.card, password).await?;
    let facts = status::after_late_look(&current.facts, mailbox.facts.new_from, &seen, now);
    store::mailboxes::set_facts(&mut tx, &current.id, &facts).await?;
    audit::record(app, &mut tx, actor, Act::on("mailbox.password-changed", &current.card.address)).await?;
    record_status(app, &mut tx, actor, &current.card.address, &current.facts, &facts).await?;
    tx.commit().await?;
    app.look_again();
    Ok(Mailbox { facts, ..current })
}

/// Stops watching a mailbox for good: its sealed password is erased, the trace stays. The mailbox itself is not touched.
pub async fn remove(app: &App, actor: &Actor, mailbox: &Mailbox) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    // A claim locks visits before mailboxes, a removal the other way round: they take turns.
    store::visits::stand_in_line(&mut tx).await?;
    if store::mailboxes::lock(&mut tx, &mailbox.id).await?.is_none() {
        return Err(Refusal::Conflict("conflict-removed"));
    }
    store::mailboxes::delete(&mut tx, &mailbox.id).await?;
    audit::record(app, &mut tx, actor, Act::on("mailbox.removed", &mailbox.card.address).with(said(&mailbox.card)))
        .await?;
    tx.commit().await?;
    app.look_again();
    Ok(())
}

/// Writes down that a mailbox stands otherwise than before, if it does.
pub(super) async fn record_status(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    address: &str,
    old: &Facts,
    new: &Facts,
) -> store::Result<()> {
    if old.status == new.status {
        return Ok(());
    }
    super::notice::denied(app, tx, address, old, new).await?;
    let words = new.status_detail.as_deref().map(|words| format!(": {words}")).unwrap_or_default();
    let detail = format!("{} → {}{words}", old.status.as_str(), new.status.as_str());
    audit::record(app, tx, actor, Act::on("mailbox.status-changed", address).with(detail)).await
}

/// Tries a login that a person has asked for. A refusal becomes a wrong field, in the words of the catalogue; a server that
/// has no place free says nothing of what was typed.
async fn try_login(
    app: &App,
    card: &Card,
    password: &SecretString,
    known: Option<&Mailbox>,
) -> Result<InboxFacts, Refusal> {
    let none = Known { seen: None, count_from: None };
    let ask = Ask { quota: true, known: Some(known.map_or(none, |known| last_seen(&known.facts))) };
    let login = Login { username: &card.username, password };
    let tried = match app.places.take(&card.imap).await {
        Ok(_place) => {
            refusal::guard(app, (&card.imap, &card.username), password, imap::inbox(&app.net, &card.imap, login, ask))
                .await?
        }
        Err(fault) => Err(fault),
    };
    tried.map_err(|fault| refusal::told(&card.imap, fault))
}

/// What we have seen last of a mailbox, so that its server is asked only for what has moved since.
pub(super) fn last_seen(facts: &Facts) -> Known {
    let number = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
    let (validity, uid_next) = (number(facts.uid_validity), number(facts.uid_next));
    let total = u32::try_from(facts.total_messages).ok();
    let seen = validity.zip(uid_next).zip(total).map(|((validity, uid_next), total)| (validity, uid_next, total));
    Known { seen, count_from: number(facts.new_from) }
}

/// Refuses a new mailbox for what can be known of it without connecting to anybody.
pub(super) async fn check_new(app: &App, card: &Card) -> Result<(), Refusal> {
    check_free(app, card, None).await?;
    if app.net.refuses(&card.imap) {
        return Err(Refusal::field("imap.host", "not-allowed"));
    }
    check_organization(&mut *app.db.read().await?, card.organization_id.as_ref()).await
}

/// Refuses an address that cannot be watched, before anybody is connected to.
async fn check_free(app: &App, card: &Card, known: Option<&Mailbox>) -> Result<(), Refusal> {
    check_address(&mut *app.db.read().await?, card, known).await
}

/// Refuses an address that is already watched, and one of the desk's own: its mail becomes requests, and is nobody's to be watched.
async fn check_address(c: &mut AnyConnection, card: &Card, known: Option<&Mailbox>) -> Result<(), Refusal> {
    let taken = store::mailboxes::find_by_address(c, &card.address).await?;
    if taken.is_some_and(|other| known.is_none_or(|known| known.id != other.id)) {
        return Err(Refusal::field("address", "taken"));
    }
    let stays = known.is_some_and(|known| fold(&known.card.address) == fold(&card.address));
    match !stays && store::intake_mailboxes::addresses(c).await?.contains(&fold(&card.address)) {
        true => Err(Refusal::field("address", "desk-mailbox")),
        false => Ok(()),
    }
}

/// Refuses a body that there is not, or that is not active.
async fn check_organization(c: &mut AnyConnection, id: Option<&OrganizationId>) -> Result<(), Refusal> {
    let Some(id) = id else { return Ok(()) };
    match store::organizations::find(c, id).await? {
        None => Err(Refusal::field("organization_id", "not-found")),
        Some(one) if !one.active => Err(Refusal::field("organization_id", "organization-inactive")),
        Some(_) => Ok(()),
    }
}

/// A card in the words of the trace. Never the password.
fn said(card: &Card) -> String {
    let word = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    let server = |server: &crate::model::server::Server| format!("{} {}", server.key(), server.security.as_str());
    format!(
        "{}, user {}, imap {}, smtp {}, group {}, tax code {}, organization {}, authorised by {} on {}",
        word(&card.description),
        card.username,
        server(&card.imap),
        card.smtp.as_ref().map_or("-".into(), server),
        word(&card.group),
        word(&card.holder_tax_code),
        card.organization_id.as_ref().map_or("-", |id| id.as_str()),
        card.authorization.holder,
        card.authorization.date,
    )
}
