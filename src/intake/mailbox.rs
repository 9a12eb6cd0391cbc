//! In charge of the desk's own mailboxes: adding, changing and removing them. A login is tried before it is kept. Rights have been
//! checked by the door.

use secrecy::{ExposeSecret, SecretString};
use sqlx::AnyConnection;

use crate::account;
use crate::app::App;
use crate::audit;
use crate::config::Settings;
use crate::hub::refusal;
use crate::input::{FieldError, Fields};
use crate::mail::imap::{self, Ask, Login};
use crate::model::id::{GroupId, IntakeMailboxId};
use crate::model::intake::IntakeMailbox;
use crate::model::mailbox::Status;
use crate::model::organization::Area;
use crate::model::server::{Security, Server};
use crate::model::ticket::Severity;
use crate::model::trace::{Act, Actor};
use crate::outbox;
use crate::people::{Refusal, taken};
use crate::provider;
use crate::store;
use crate::text::fold;

/// The fields that one may be made of.
const FIELDS: [&str; 13] = [
    "address",
    "username",
    "password",
    "imap",
    "imap.host",
    "imap.port",
    "imap.security",
    "authserv_id",
    "plus_addresses",
    "area",
    "group_id",
    "default_severity",
    "enabled",
];

/// What is asked for of a new or a changed one.
#[derive(Debug, Clone)]
pub struct Draft {
    pub address: String,
    pub username: String,
    pub imap: Server,
    pub authserv_id: Option<String>,
    pub plus_addresses: bool,
    pub area: Area,
    pub group_id: Option<GroupId>,
    pub default_severity: Severity,
    pub enabled: bool,
    /// Goes in and never comes out.
    pub password: Option<SecretString>,
}

/// Reads one over what was there before, or as a new one. Where it answers for a password that is kept, it must be given again.
pub fn read(mut fields: Fields, base: Option<&IntakeMailbox>, settings: &Settings) -> Result<Draft, Vec<FieldError>> {
    fields.only(&FIELDS);
    fields.object("imap");
    for field in ["address", "username", "area"] {
        if base.is_none() || fields.has(field) {
            fields.required_text(field, 254);
        }
    }
    let address = fields.email("address").or(base.map(|base| base.address.clone()));
    let username = fields.text("username", 254).or(base.map(|base| base.username.clone()));
    let imap = account::server(&mut fields, "imap", base.map(|base| &base.imap), 993, settings);
    if base.is_none() && imap.is_none() {
        fields.refuse("imap.host", "required");
    }
    let imap = imap.or(base.map(|base| base.imap.clone()));
    let moves = base.is_some_and(|base| Some(&base.imap) != imap.as_ref() || Some(&base.username) != username.as_ref());
    let password = account::password(&mut fields, base.is_none() || moves);
    let area = fields.word("area", "area", Area::parse).or(base.map(|base| base.area));
    let group_id = match fields.has("group_id") {
        true => fields.text("group_id", 64).map(GroupId::from),
        false => base.and_then(|base| base.group_id.clone()),
    };
    let authserv_id = match fields.has("authserv_id") {
        true => fields.text("authserv_id", 253),
        false => base.and_then(|base| base.authserv_id.clone()),
    };
    // One word of the header (RFC 8601, 2.2); another would never be found there.
    if authserv_id.as_ref().is_some_and(|id| id.contains(|letter: char| letter.is_whitespace() || letter == ';')) {
        fields.refuse("authserv_id", "host");
    }
    let plus_addresses = fields.flag("plus_addresses").unwrap_or(base.is_some_and(|base| base.plus_addresses));
    if let Some(address) = address.as_ref().filter(|_| plus_addresses) {
        // A server of certified mail takes none (pec.md; RFC 6109, 3.1.1).
        let host = imap.as_ref().map(|imap| imap.host.as_str()).unwrap_or_default();
        if provider::is_certified(address) || provider::is_server(host) {
            fields.refuse("plus_addresses", "certified");
        } else if !outbox::has_room(address) {
            fields.refuse("plus_addresses", "long-for-plus");
        }
    }
    let severity = fields.word("default_severity", "word", Severity::parse);
    let enabled = fields.flag("enabled").unwrap_or(base.is_none_or(|base| base.enabled));
    let unknown = Server { host: String::new(), port: 993, security: Security::Tls };
    fields.finish(Some(Draft {
        address: address.unwrap_or_default(),
        username: username.unwrap_or_default(),
        imap: imap.unwrap_or(unknown),
        authserv_id,
        plus_addresses,
        area: area.unwrap_or(Area::Pec),
        group_id,
        default_severity: severity.or(base.map(|base| base.default_severity)).unwrap_or(Severity::Medium),
        enabled,
        password,
    }))
}

/// Adds one. The login is tried first: when it is refused nothing is saved.
pub async fn create(app: &App, actor: &Actor, draft: Draft) -> Result<IntakeMailbox, Refusal> {
    let Some(password) = draft.password.clone() else { return Err(Refusal::field("password", "required")) };
    // What is refused whatever its password is sends none to a live account.
    check(&mut *app.db.read().await?, &draft, None).await?;
    try_login(app, &draft, &password).await?;
    let now = app.clock.now();
    let one = build(IntakeMailboxId::new(), &draft);
    let one = IntakeMailbox { status: Status::Ok, since: now, created_at: now, ..one };
    let mut tx = app.db.begin().await?;
    check(&mut tx, &draft, None).await?;
    let sealed = seal(app, &one, &password);
    store::intake_mailboxes::insert(&mut tx, &one, &sealed).await.map_err(|fault| taken(fault, "address"))?;
    audit::record(app, &mut tx, actor, Act::on("intake-mailbox.created", &one.address).with(said(&one))).await?;
    tx.commit().await?;
    app.intake.notify_one();
    Ok(one)
}

/// Changes one, which the caller has seen so. A new password is tried first, and takes up what a refused one had stopped.
pub async fn change(app: &App, actor: &Actor, old: &IntakeMailbox, draft: Draft) -> Result<IntakeMailbox, Refusal> {
    if let Some(password) = &draft.password {
        check(&mut *app.db.read().await?, &draft, Some(old)).await?;
        try_login(app, &draft, password).await?;
    }
    let mut tx = app.db.begin().await?;
    let is_same =
        store::intake_mailboxes::lock(&mut tx, &old.id).await?.is_some_and(|now| now.revision == old.revision);
    if !is_same {
        return Err(Refusal::Conflict("conflict-changed-thing"));
    }
    check(&mut tx, &draft, Some(old)).await?;
    let mut one = IntakeMailbox { revision: old.revision + 1, ..build(old.id.clone(), &draft) };
    (one.since, one.created_at, one.last_checked_at) = (old.since, old.created_at, old.last_checked_at);
    (one.status, one.status_detail) = match draft.password {
        Some(_) => (Status::Ok, None),
        None => (old.status, old.status_detail.clone()),
    };
    // What lies in another mailbox was there before us; the same address elsewhere is a provider's change.
    if fold(&one.address) != fold(&old.address) {
        one.since = app.clock.now();
    }
    store::intake_mailboxes::update(&mut tx, &one).await.map_err(|fault| taken(fault, "address"))?;
    if let Some(password) = &draft.password {
        store::intake_mailboxes::put_password(&mut tx, &one.id, &seal(app, &one, password)).await?;
    }
    let new_password = if draft.password.is_some() { ", new password" } else { "" };
    let detail = format!("{} → {}{new_password}", said(old), said(&one));
    audit::record(app, &mut tx, actor, Act::on("intake-mailbox.changed", &one.address).with(detail)).await?;
    tx.commit().await?;
    app.intake.notify_one();
    Ok(one)
}

/// Removes one: it is read no longer. The mails that it has brought stay.
pub async fn remove(app: &App, actor: &Actor, one: &IntakeMailbox) -> Result<(), Refusal> {
    let mut tx = app.db.begin().await?;
    store::intake_mailboxes::delete(&mut tx, &one.id).await?;
    audit::record(app, &mut tx, actor, Act::on("intake-mailbox.removed", &one.address).with(said(one))).await?;
    tx.commit().await?;
    app.intake.notify_one();
    Ok(())
}

fn build(id: IntakeMailboxId, draft: &Draft) -> IntakeMailbox {
    let draft = draft.clone();
    IntakeMailbox {
        id,
        address: draft.address,
        username: draft.username,
        imap: draft.imap,
        authserv_id: draft.authserv_id,
        plus_addresses: draft.plus_addresses,
        area: draft.area,
        group_id: draft.group_id,
        default_severity: draft.default_severity,
        enabled: draft.enabled,
        status: Status::NeverChecked,
        status_detail: None,
        last_checked_at: None,
        since: crate::clock::Moment(0),
        revision: 1,
        created_at: crate::clock::Moment(0),
    }
}

/// A group that there is; an address that no other of them has; and no mailbox that is watched: its mail is its holder's.
async fn check(c: &mut AnyConnection, draft: &Draft, old: Option<&IntakeMailbox>) -> Result<(), Refusal> {
    if let Some(id) = &draft.group_id
        && store::groups::find(c, id).await?.is_none()
    {
        return Err(Refusal::field("group_id", "not-found"));
    }
    let is_same = old.is_some_and(|old| fold(&old.address) == fold(&draft.address));
    if !is_same && store::intake_mailboxes::addresses(c).await?.contains(&fold(&draft.address)) {
        return Err(Refusal::field("address", "taken"));
    }
    match store::mailboxes::find_by_address(c, &draft.address).await? {
        Some(_) => Err(Refusal::field("address", "watched-mailbox")),
        None => Ok(()),
    }
}

async fn try_login(app: &App, draft: &Draft, password: &SecretString) -> Result<(), Refusal> {
    let (server, username) = (&draft.imap, draft.username.as_str());
    let login = Login { username, password };
    let tried = match app.places.take(server).await {
        Ok(_place) => {
            let look = imap::inbox(&app.net, server, login, Ask::default());
            refusal::guard(app, (server, username), password, look).await?
        }
        Err(fault) => Err(fault),
    };
    tried.map(drop).map_err(|fault| refusal::told(server, fault))
}

/// What a password's seal is bound to: moved to another row, user or server it does not open.
fn bound(one: &IntakeMailbox, server: &str) -> [Vec<u8>; 3] {
    [one.id.as_str(), &one.username, server].map(|text| text.as_bytes().to_vec())
}

fn seal(app: &App, one: &IntakeMailbox, password: &SecretString) -> Vec<u8> {
    let bound = bound(one, &one.imap.key());
    app.keys.intake.seal(&bound.each_ref().map(Vec::as_slice), password.expose_secret().as_bytes())
}

/// Opens a mailbox's password. None when its row was tampered with.
pub(super) fn unseal(app: &App, one: &IntakeMailbox, sealed: &[u8]) -> Option<SecretString> {
    let bound = bound(one, &one.imap.key());
    let opened = app.keys.intake.open(&bound.each_ref().map(Vec::as_slice), sealed).ok()?;
    std::str::from_utf8(&opened).ok().map(SecretString::from)
}

/// In the words of the trace. Never the password.
fn said(one: &IntakeMailbox) -> String {
    let state = if one.enabled { "on" } else { "off" };
    let group = one.group_id.as_ref().map(ToString::to_string).unwrap_or_else(|| "-".into());
    let plus = if one.plus_addresses { ", with a plus" } else { "" };
    let signs = one.authserv_id.as_deref().unwrap_or("-");
    format!(
        "user {}, imap {} {}, signs as {signs}, area {}, group {group}, severity {}, {state}{plus}",
        one.username,
        one.imap.key(),
        one.imap.security.as_str(),
        one.area.as_str(),
        one.default_severity.as_str()
    )
}
