//! In charge of adding many mailboxes from a file (H34). Rights have been checked by the door. Each login is tried once; a line
//! that is refused stops no other, and no server is called by many lines at once, nor for ever when it does not answer.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Semaphore, mpsc};

use super::draft::Draft;
use super::{belonging, capacity, mailbox};
use crate::app::Shared;
use crate::input::{Fields, is_email};
use crate::model::capacity::Capacity;
use crate::model::trace::Actor;
use crate::people::Refusal;
use crate::people::import::{Mode, Outcome};
use crate::people::rights::Reach;
use crate::provider;
use crate::sheet::{self, Column, Sheet};
use crate::store;
use crate::text::fold;

/// The columns of a file of mailboxes: the API's names, `_` for the dot, and the body by its code.
pub const COLUMNS: [Column; 17] = [
    ("address", true),
    ("username", true),
    ("password", true),
    ("description", false),
    ("group", false),
    ("organization_code", false),
    ("organization_id", false),
    ("holder_tax_code", false),
    ("authorization_holder", true),
    ("authorization_date", true),
    ("imap_host", false),
    ("imap_port", false),
    ("imap_security", false),
    ("smtp_host", false),
    ("smtp_port", false),
    ("smtp_security", false),
    ("activating", false),
];

/// Logins tried at once, and of those to one server: as many as people's own reading has there.
const AT_ONCE: usize = 4;
const AT_ONE_SERVER: usize = 2;

/// The rules that say that the server has judged a login and said no.
const REFUSED: [&str; 3] = ["password-refused", "password-expired", "account-blocked"];

/// After so many lines in a row without an answer a server is not called any more.
const PATIENCE: usize = 3;

/// Adds the mailbox of each line; `said` hears of each as it is done. One load at a time on this node, so that one that is
/// sent twice tries no login twice.
pub async fn mailboxes(
    app: &Shared,
    actor: &Actor,
    reach: &Reach,
    sheet: &Sheet,
    mode: Mode,
    mut said: impl FnMut(&Outcome),
) -> Vec<Outcome> {
    let _turn = if mode == Mode::Load { Some(app.imports.lock().await) } else { None };
    let (mut seen, mut ready, mut outcomes) = (HashSet::new(), Vec::new(), Vec::new());
    let mut places = capacity::read(app).await;
    let mut keep = |outcome: Outcome| {
        said(&outcome);
        outcomes.push(outcome);
    };
    for line in sheet.lines() {
        let name = line.texts.as_ref().map(|texts| address(texts)).unwrap_or_default();
        let checked = match line.texts {
            Ok(texts) => check(app, reach, texts, &mut seen).await,
            Err(rule) => Err(Refusal::field("", rule)),
        };
        match checked {
            Ok(draft) if mode == Mode::Load => ready.push(Ready { number: line.number, name, draft }),
            // Who loads takes a place for each line; a trial counts as if it had.
            Ok(_) => keep(Outcome::of(line.number, name, take_place(&mut places))),
            Err(refusal) => keep(Outcome::of(line.number, name, Err(refusal))),
        }
    }
    let mut heard = load(app, actor, ready);
    while let Some(outcome) = heard.recv().await {
        keep(outcome);
    }
    outcomes.sort_by_key(|outcome| outcome.number);
    outcomes
}

fn take_place(places: &mut store::Result<Capacity>) -> Result<(), Refusal> {
    match places {
        Ok(places) if places.is_full() => Err(Refusal::Full { used: places.used, allowed: places.allowed() }),
        Ok(places) => {
            places.used += 1;
            Ok(())
        }
        Err(_) => Err(Refusal::Conflict("conflict-not-kept")),
    }
}

/// The address of a line. What is none is not repeated: with columns in a wrong order it may be the password.
fn address(texts: &[(String, String)]) -> String {
    let typed = texts.iter().find(|(name, _)| name == "address").map(|(_, text)| text.trim()).unwrap_or_default();
    if is_email(typed) { typed.to_string() } else { String::new() }
}

/// All that can be known of a line without connecting to anybody.
async fn check(
    app: &Shared,
    reach: &Reach,
    mut texts: Vec<(String, String)>,
    seen: &mut HashSet<String>,
) -> Result<Draft, Refusal> {
    provider::fill(&mut texts);
    let texts = texts.into_iter().map(|(name, text)| match name.as_str() {
        "activating" => (name, sheet::yes_or_no(&text)),
        "authorization_date" => (name, sheet::day(&text)),
        _ => (name, text),
    });
    let mut fields = Fields::from_named(texts);
    if fields.verbatim("address").is_some_and(|address| !seen.insert(fold(&address))) {
        fields.refuse("address", "doubled");
    }
    belonging::by_code(app, reach, &mut fields).await?;
    belonging::by_holder(app, reach, &mut fields).await?;
    let draft = Draft::read(fields, None, &app.settings)?;
    mailbox::check_new(app, &draft.card).await?;
    Ok(draft)
}

/// A line that may be loaded.
struct Ready {
    number: usize,
    name: String,
    draft: Draft,
}

/// A server as this load knows it.
struct Known {
    places: Semaphore,
    /// Lines in a row to which it has not answered.
    silent: AtomicUsize,
}

/// Loads the lines and says what became of each. Lines of one user at one server come one after the other: when the login of
/// the first is refused, the others are not tried, for they could block the account.
fn load(app: &Shared, actor: &Actor, ready: Vec<Ready>) -> mpsc::Receiver<Outcome> {
    let (say, heard) = mpsc::channel(AT_ONCE);
    let at_once = Arc::new(Semaphore::new(AT_ONCE));
    let mut servers: HashMap<String, Arc<Known>> = HashMap::new();
    let mut order = Vec::new();
    let mut by_account: HashMap<(String, String), Vec<Ready>> = HashMap::new();
    for one in ready {
        let account = (one.draft.card.imap.key(), fold(&one.draft.card.username));
        let lines = by_account.entry(account.clone()).or_default();
        if lines.is_empty() {
            order.push(account);
        }
        lines.push(one);
    }
    for account in order {
        let lines = by_account.remove(&account).unwrap_or_default();
        let known = || Arc::new(Known { places: Semaphore::new(AT_ONE_SERVER), silent: AtomicUsize::new(0) });
        let server = servers.entry(account.0).or_insert_with(known).clone();
        let (app, actor, say, at_once) = (app.clone(), actor.clone(), say.clone(), at_once.clone());
        tokio::spawn(async move {
            let mut is_refused = false;
            for Ready { number, name, draft } in lines {
                if say.is_closed() {
                    return;
                }
                let done = match is_refused {
                    true => Err(Refusal::field("username", "login-refused-before")),
                    false => add(&app, &actor, &server, &at_once, draft).await,
                };
                is_refused = is_refused || REFUSED.iter().any(|rule| broke(&done, rule));
                // Nobody hears any more when the load was given up.
                let _ = say.send(Outcome::of(number, name, done)).await;
            }
        });
    }
    heard
}

async fn add(app: &Shared, actor: &Actor, server: &Known, at_once: &Semaphore, draft: Draft) -> Result<(), Refusal> {
    let _place = server.places.acquire().await;
    let _turn = at_once.acquire().await;
    let connects = !draft.activating;
    if connects && server.silent.load(Ordering::SeqCst) >= PATIENCE {
        return Err(Refusal::field("imap.host", "server-given-up"));
    }
    let done = mailbox::create(app, actor, draft).await.map(drop);
    match broke(&done, "unreachable") {
        true => drop(server.silent.fetch_add(1, Ordering::SeqCst)),
        false if connects => server.silent.store(0, Ordering::SeqCst),
        false => {}
    }
    done
}

/// True when a line was refused by this rule.
fn broke(done: &Result<(), Refusal>, rule: &str) -> bool {
    matches!(done, Err(Refusal::Invalid(wrong)) if wrong.iter().any(|one| one.rule == rule))
}
