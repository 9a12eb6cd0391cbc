//! In charge of the settings' page, `/impostazioni`: those of the file as they are, without secrets; the contacts that public
//! pages show, to be changed here; and who may do what, `/impostazioni/permessi` (A04), drawn from the rule itself.

use rocket::request::FlashMessage;
use rocket::{State, get, post};
use serde_json::{Value, json};

use crate::config::Settings;
use crate::model::grant::{Grant, Right};
use crate::model::person::{Language, Membership, Person, Role, Visibility};
use crate::people::person::Draft;
use crate::people::rights::{self, Act, Reach};
use crate::people::{Refusal, contact};
use crate::store;
use crate::web::Site;
use crate::web::form::{Posted, empty};
use crate::web::guard::{Agent, Asker};
use crate::web::page::{Answer, Frame, PageResult, Sent};

/// The page.
#[get("/impostazioni")]
pub async fn show(agent: Agent, flash: Option<FlashMessage<'_>>, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageSettings)?;
    let contacts = store::contacts::all(&mut *site.app.db.read().await?).await?;
    draw(site, &agent, empty(json!(contacts)), flash.as_ref())
}

/// Changes the contacts.
#[post("/impostazioni", data = "<form>")]
pub async fn put(form: Posted, agent: Agent, site: &State<Site>) -> Answer {
    agent.must(Act::ManageSettings)?;
    // The page's names have underscores, and no dots are meant by them.
    let texts = contact::NAMES.map(|name| (name.to_string(), form.get(name).to_string()));
    let done = match contact::read(crate::input::Fields::from_texts(texts)) {
        Ok(contacts) => contact::put(&site.app, &agent.actor(), contacts).await,
        Err(wrong) => Err(Refusal::Invalid(wrong)),
    };
    match done {
        Ok(()) => Ok(Sent::done("/impostazioni", "saved")),
        Err(Refusal::Invalid(wrong)) => {
            let form = form.again(site, agent.person.language, &wrong);
            Ok(Sent::again(draw(site, &agent, form, None)?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

fn draw(site: &Site, agent: &Agent, form: Value, flash: Option<&FlashMessage<'_>>) -> PageResult {
    let frame = Frame::of(site, agent, "/impostazioni", flash);
    let line = |(name, value): (&str, String)| json!({"name": name, "text": frame.text(&format!("setting-{}", name.replace('_', "-"))), "value": value});
    let settings: Vec<Value> = shown(&site.app.settings).into_iter().map(line).collect();
    let contacts: Vec<Value> = contact::NAMES
        .iter()
        .map(|name| json!({"name": name, "text": frame.text(&format!("contact-{}", name.replace('_', "-")))}))
        .collect();
    frame.page("admin/settings", "settings-title", json!({"form": form, "settings": settings, "contacts": contacts}))
}

/// The settings in the words of the file. Addresses lose what they may hold of a password.
fn shown(s: &Settings) -> Vec<(&'static str, String)> {
    let time = |time: std::time::Duration| humantime::format_duration(time).to_string();
    let list = |list: &[String]| if list.is_empty() { "-".into() } else { list.join(", ") };
    let path = |path: Option<&std::path::PathBuf>| path.map_or("-".into(), |path| path.display().to_string());
    let or_none = |text: Option<&str>| text.unwrap_or("-").to_string();
    let bare = |url: &str| match url.rsplit_once('@') {
        Some((before, host)) => format!("{}://…@{host}", before.split("://").next().unwrap_or_default()),
        None => url.to_string(),
    };
    let proxies: Vec<String> = s.trusted_proxies.iter().map(ToString::to_string).collect();
    vec![
        ("database_url", bare(&s.database_url)),
        ("data_dir", s.data_dir.display().to_string()),
        ("base_url", s.base_url.clone()),
        ("time_zone", s.time_zone.to_string()),
        ("locale", s.language().as_str().into()),
        ("trusted_proxies", list(&proxies)),
        ("smtp_url", or_none(s.smtp_url.as_deref().map(bare).as_deref())),
        ("mail_from", or_none(s.mail_from.as_deref())),
        ("included_mailboxes", s.included_mailboxes.to_string()),
        ("block_size", s.block_size.to_string()),
        ("refresh_schedule", s.refresh_schedule.clone()),
        ("refresh_concurrency", s.refresh_concurrency.to_string()),
        ("connections_per_server", s.connections_per_server.to_string()),
        ("imap_timeout", time(s.imap_timeout)),
        ("session_idle", time(s.session_idle)),
        ("session_max", time(s.session_max)),
        ("max_upload", s.max_upload.to_string()),
        ("intake_max_size", s.intake_max_size.to_string()),
        ("ca_file", path(s.ca_file.as_ref())),
        ("pec_trust_anchors", path(s.pec_trust_anchors.as_ref())),
        ("allow_private_hosts", s.allow_private_hosts.to_string()),
        ("allow_plaintext_imap", s.allow_plaintext_imap.to_string()),
        ("admitted_domains", list(&s.admitted_domains)),
    ]
}

/// Who may do what: the rule, asked for a person of each role who has a body and a grant.
#[get("/impostazioni/permessi")]
pub async fn permissions(agent: Agent, site: &State<Site>) -> PageResult {
    agent.must(Act::ManageSettings)?;
    let frame = Frame::of(site, &agent, "/impostazioni/permessi", None);
    let people = Role::ALL.map(example);
    let rows: Vec<Value> = Act::ALL
        .iter()
        .map(|act| {
            let cells = people.iter().map(|person| {
                let word = reach_word(&rights::reach(person, *act));
                let role = frame.text(&format!("role-{}", person.role.as_str().replace('_', "-")));
                json!({"role": role, "word": word, "text": frame.text(&format!("reach-{word}"))})
            });
            json!({"text": frame.text(&format!("act-{}", act.word())), "cells": cells.collect::<Vec<Value>>()})
        })
        .collect();
    let roles = Role::ALL.map(|role| frame.text(&format!("role-{}", role.as_str().replace('_', "-"))));
    frame.page("admin/permissions", "permissions-title", json!({"roles": roles, "rows": rows}))
}

/// The word for how far an act reaches.
fn reach_word(reach: &Reach) -> &'static str {
    match reach {
        Reach::Nothing => "nothing",
        Reach::Everything => "everything",
        Reach::Within(scope) if scope.mailboxes.is_empty() => "own",
        Reach::Within(scope) if scope.organizations.is_empty() => "granted",
        Reach::Within(_) => "own-and-granted",
    }
}

fn example(role: Role) -> Person {
    let mut draft = Draft::new(String::new(), String::new(), role, Language::It);
    if role.is_of_organization() {
        draft.memberships = vec![Membership { organization_id: "own".into(), visibility: Visibility::Own }];
    }
    let grant = Grant { mailbox_id: "granted".into(), person_id: "x".into(), rights: vec![Right::View], until: None };
    Person { grants: vec![grant], ..draft.person(crate::clock::Moment(0)) }
}
