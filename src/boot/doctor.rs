//! In charge of looking whether an installation can work: settings, key, database, trace, clock, mail servers. Changes nothing,
//! makes nothing, logs in nowhere, and says no secret.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{anchors, keys, net};
use crate::clock::{Clock, Moment};
use crate::config::Settings;
use crate::files::key_file;
use crate::hub::rotation;
use crate::key::MasterKey;
use crate::mail::net::{Net, Policy};
use crate::mail::{MailFault, imap, smtp};
use crate::model::server::{Outgoing, Server};
use crate::store::keys::KeyState;
use crate::store::{self, Db, Engine, Schema};
use crate::{audit, chain};

/// How far the database's clock may be from the machine's, in milliseconds: leases and sessions are counted in minutes.
const APART_MS: i64 = 10_000;

/// How many mail servers are called at once.
const AT_ONCE: usize = 16;

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Ok,
    Fail,
    /// There is nothing to look at.
    Absent,
}

/// One thing that was looked at: how it stands, what it is, and words.
pub type Finding = (Mark, String, String);

type State = Option<(KeyState, Option<Vec<u8>>)>;

/// Looks at everything, and says each finding as soon as it is there.
pub async fn examine(settings: &Settings, mut say: impl FnMut(Finding)) {
    let mut told = |mark, what: &str, words: String| say((mark, what.into(), words));
    let strict = net(settings, super::policy(settings));
    let fault = strict.as_ref().err().map(|fault| format!("{fault:#}"));
    let fault = fault.or_else(|| anchors(settings).err().map(|fault| format!("{fault:#}")));
    let mark = if fault.is_none() { Mark::Ok } else { Mark::Fail };
    told(mark, "settings", fault.unwrap_or_else(|| "can be read".into()));
    let (db, (mark, words)) = database(settings).await;
    told(mark, "database", words);
    let state = match &db {
        Some(db) => state(db).await.unwrap_or_default(),
        None => None,
    };
    let (master, (mark, words)) = key(&settings.key_file, state.as_ref().map(|(state, _)| state));
    told(mark, "key", words);
    if let (Some(db), Some(master), Some((state, sealed))) = (&db, master, state) {
        let (mark, words) = trace(db, &master, &state, sealed).await;
        told(mark, "trace", words);
    }
    let (mark, words) = clock(db.as_ref(), Clock::Machine.now()).await;
    told(mark, "clock", words);
    let (mark, words) = outgoing(settings).await;
    told(mark, "smtp", words);
    if let (Some(db), Ok(strict)) = (&db, strict) {
        for (what, mark, words) in servers(db, strict).await {
            told(mark, &what, words);
        }
    }
    if let Some(db) = db {
        db.close().await;
    }
}

async fn database(settings: &Settings) -> (Option<Db>, (Mark, String)) {
    if !Db::is_there(&settings.database_url) {
        return (None, (Mark::Fail, super::no_database(settings)));
    }
    let db = match Db::open(&settings.database_url).await {
        Ok(db) => db,
        Err(fault) => return (None, (Mark::Fail, format!("{fault:#}"))),
    };
    let finding = match (store::whole::wrong_pages(&db).await, db.schema().await) {
        (Err(fault), _) => (Mark::Fail, format!("it cannot be read: {fault}")),
        (Ok(Some(words)), _) => (Mark::Fail, format!("it is damaged, restore a backup: {words}")),
        (_, Err(fault)) => (Mark::Fail, format!("it cannot be read: {fault}")),
        (_, Ok(Schema::None)) => {
            db.close().await;
            return (None, (Mark::Fail, "it is empty: the first start, or `sportello migrate`, fills it".into()));
        }
        (_, Ok(Schema::Older(at, known))) => {
            (Mark::Fail, format!("its schema is at step {at} of {known}: the next start brings it up to date"))
        }
        (_, Ok(Schema::Newer(at, known))) => {
            (Mark::Fail, format!("its schema is at step {at}, and this program knows {known}: start the newer program"))
        }
        (_, Ok(Schema::Current)) => match db.engine() {
            Engine::Sqlite => (Mark::Ok, "SQLite, whole, its schema is this program's".into()),
            Engine::Postgres => (Mark::Ok, "PostgreSQL, its schema is this program's".into()),
        },
    };
    (Some(db), finding)
}

async fn state(db: &Db) -> store::Result<State> {
    store::keys::state_with(&mut *db.read().await?, "audit").await
}

/// The key, when it is the database's own.
fn key(path: &Path, state: Option<&KeyState>) -> (Option<MasterKey>, (Mark, String)) {
    let read = match key_file::read(path) {
        Ok(read) => read,
        Err(fault) => return (None, (Mark::Fail, format!("{fault:#}"))),
    };
    let Some(state) = state else {
        let finding = match read {
            Some(_) => (Mark::Ok, "can be read; no database to try it on".into()),
            None => (Mark::Absent, format!("{} is not there: the first start makes it", path.display())),
        };
        return (None, finding);
    };
    let is_missing = read.is_none();
    let cut_short = key_file::new_path(path).exists();
    let found = read.filter(|key| key.id() == state.key_id).or_else(|| key_file::find(path, &state.key_id));
    match found.filter(|key| rotation::is_sealed_by(state, key)) {
        Some(key) if cut_short => (
            Some(key),
            (Mark::Ok, "opens the database; a rotation was cut short, and the next start finishes it".into()),
        ),
        Some(key) => (Some(key), (Mark::Ok, "opens the database".into())),
        None if is_missing => (None, (Mark::Fail, keys::missing_key(path))),
        None => (None, (Mark::Fail, keys::wrong_key(path, state))),
    }
}

async fn trace(db: &Db, master: &MasterKey, state: &KeyState, sealed: Option<Vec<u8>>) -> (Mark, String) {
    let chain: chain::ChainKey = match keys::open_chain(master, state, sealed) {
        Ok(chain) => chain,
        Err(fault) => return (Mark::Fail, format!("{fault:#}")),
    };
    match audit::walk(db, &chain).await {
        Err(fault) => (Mark::Fail, format!("it cannot be read: {fault}")),
        Ok(verdict) => match verdict.broken {
            None => (Mark::Ok, format!("{} rows, the chain holds", verdict.rows)),
            Some(broken) => (Mark::Fail, format!("the chain is broken after {} good rows: {broken}", verdict.rows)),
        },
    }
}

/// Whether the machine knows the year, and the database the same moment.
async fn clock(db: Option<&Db>, now: Moment) -> (Mark, String) {
    let said = now.rfc3339();
    if !(2025..2100).contains(&chrono::Datelike::year(&now.utc())) {
        return (Mark::Fail, format!("the machine says {said}: set its clock"));
    }
    match db.filter(|db| db.engine() == Engine::Postgres) {
        None => (Mark::Ok, said),
        Some(db) => match store::whole::clock(db).await {
            Err(fault) => (Mark::Fail, format!("the database does not say what time it is: {fault}")),
            Ok(theirs) if theirs.abs_diff(now.0) > APART_MS.unsigned_abs() => {
                let theirs = Moment(theirs).rfc3339();
                (Mark::Fail, format!("the machine says {said}, the database {theirs}: set their clocks"))
            }
            Ok(_) => (Mark::Ok, format!("{said}, and the database agrees")),
        },
    }
}

async fn outgoing(settings: &Settings) -> (Mark, String) {
    let Some(outgoing) = settings.smtp_url.as_deref().and_then(Outgoing::parse) else {
        return (Mark::Absent, "`smtp_url` is not set: no mail goes out".into());
    };
    let key = outgoing.server.key();
    // The administrator's own server: the policy is for those typed into the program.
    let lax = Policy { allow_private: true, allow_plaintext: true, ..super::policy(settings) };
    match net(settings, lax) {
        Ok(net) => answers(&key, smtp::greet(&net, &outgoing).await),
        Err(fault) => (Mark::Fail, format!("{key}: {fault:#}")),
    }
}

fn answers(key: &str, greeted: Result<(), MailFault>) -> (Mark, String) {
    match greeted {
        Ok(()) => (Mark::Ok, format!("{key} answers")),
        Err(fault) => (Mark::Fail, format!("{key}: {fault}")),
    }
}

/// Calls each server at which mailboxes are watched, several at once; the findings are in the order of their names.
async fn servers(db: &Db, net: Net) -> Vec<(String, Mark, String)> {
    let watched = async { store::mailboxes::watched_servers(&mut *db.read().await?).await };
    let watched: Vec<Server> = match watched.await {
        Ok(watched) => watched,
        Err(fault) => return vec![("imap".into(), Mark::Fail, format!("mailboxes cannot be read: {fault}"))],
    };
    if watched.is_empty() {
        return vec![("imap".into(), Mark::Absent, "no mailbox is watched".into())];
    }
    let (net, places) = (Arc::new(net), Arc::new(Semaphore::new(AT_ONCE)));
    let calls: Vec<_> = watched
        .into_iter()
        .map(|server| {
            let (net, places) = (net.clone(), places.clone());
            tokio::spawn(async move {
                let _place = places.acquire_owned().await;
                let key = format!("{} ({})", server.key(), server.security.as_str());
                answers(&key, imap::greet(&net, &server).await)
            })
        })
        .collect();
    let mut findings = Vec::new();
    for call in calls {
        let (mark, words) = call.await.unwrap_or_else(|fault| (Mark::Fail, fault.to_string()));
        findings.push(("imap".into(), mark, words));
    }
    findings
}
