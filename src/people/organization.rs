//! In charge of making and changing bodies. Rights have been checked by the door; here are the rules of the thing itself.

use super::{Refusal, taken};
use crate::app::App;
use crate::audit;
use crate::input::{FieldError, Fields, is_host};
use crate::model::id::OrganizationId;
use crate::model::organization::{Area, Organization};
use crate::model::trace::{Act, Actor};
use crate::store::{self, Tx};

/// The fields that a body may hold, on creation and on change alike.
pub const FIELDS: [&str; 7] = ["code", "name", "tax_code", "areas", "email_domains", "read_only_view", "active"];

/// What is asked for of a new or a changed body.
#[derive(Debug, Clone)]
pub struct Draft {
    pub code: String,
    pub name: String,
    pub tax_code: Option<String>,
    pub areas: Vec<Area>,
    pub email_domains: Vec<String>,
    pub read_only_view: bool,
    pub active: bool,
}

impl Draft {
    /// A body as it is.
    pub fn of(one: &Organization) -> Draft {
        Draft {
            code: one.code.clone(),
            name: one.name.clone(),
            tax_code: one.tax_code.clone(),
            areas: one.areas.clone(),
            email_domains: one.email_domains.clone(),
            read_only_view: one.read_only_view,
            active: one.active,
        }
    }

    /// Reads a body's fields over what was there before (`base`), or as a new one.
    pub fn read(mut fields: Fields, base: Option<&Organization>) -> Result<Draft, Vec<FieldError>> {
        fields.only(&FIELDS);
        for (field, most) in [("code", 50), ("name", 200)] {
            if base.is_none() || fields.has(field) {
                fields.required_text(field, most);
            }
        }
        let code = fields.text("code", 50).or(base.map(|base| base.code.clone())).unwrap_or_default();
        let name = fields.text("name", 200).or(base.map(|base| base.name.clone())).unwrap_or_default();
        let tax_code = match fields.has("tax_code") {
            true => fields.tax_code("tax_code"),
            false => base.and_then(|base| base.tax_code.clone()),
        };
        let areas = match fields.texts("areas", 20) {
            Some(words) => {
                let areas: Option<Vec<Area>> = words.iter().map(|word| Area::parse(word)).collect();
                if areas.is_none() {
                    fields.refuse("areas", "area");
                }
                areas.unwrap_or_default()
            }
            None => base.map_or(vec![Area::Pec], |base| base.areas.clone()),
        };
        let email_domains = match fields.texts("email_domains", 253) {
            Some(domains) => {
                if !domains.iter().all(|domain| is_host(domain)) {
                    fields.refuse("email_domains", "mail-domain");
                }
                domains.into_iter().map(|domain| domain.to_ascii_lowercase()).collect()
            }
            None => base.map_or(Vec::new(), |base| base.email_domains.clone()),
        };
        let read_only_view = fields.flag("read_only_view").unwrap_or(base.is_some_and(|base| base.read_only_view));
        let active = fields.flag("active").unwrap_or(base.is_none_or(|base| base.active));
        fields.finish(Some(Draft { code, name, tax_code, areas, email_domains, read_only_view, active }))
    }
}

/// Makes a body.
pub async fn create(app: &App, actor: &Actor, draft: Draft) -> Result<Organization, Refusal> {
    let organization = build(OrganizationId::new(), draft, app.clock.now());
    let mut tx = app.db.begin().await?;
    store::organizations::insert(&mut tx, &organization).await.map_err(|fault| taken(fault, "code"))?;
    audit::record(app, &mut tx, actor, Act::on("organization.created", &organization.code).with(said(&organization)))
        .await?;
    tx.commit().await?;
    Ok(organization)
}

/// Changes a body, in a transaction of the caller's: what belongs to it changes with it (`hub::belonging`).
pub async fn change(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    old: &Organization,
    draft: Draft,
) -> Result<Organization, Refusal> {
    let organization = build(old.id.clone(), draft, old.created_at);
    if store::organizations::lock(tx, &old.id).await?.as_ref() != Some(old) {
        return Err(Refusal::Conflict("conflict-changed-thing"));
    }
    store::organizations::update(tx, &organization, app.clock.now()).await.map_err(|fault| taken(fault, "code"))?;
    let detail = format!("{} → {}", said(old), said(&organization));
    audit::record(app, tx, actor, Act::on("organization.changed", &organization.code).with(detail)).await?;
    Ok(organization)
}

fn build(id: OrganizationId, draft: Draft, created_at: crate::clock::Moment) -> Organization {
    let Draft { code, name, tax_code, areas, email_domains, read_only_view, active } = draft;
    Organization { id, code, name, tax_code, areas, email_domains, read_only_view, active, created_at }
}

fn said(one: &Organization) -> String {
    let areas: Vec<&str> = one.areas.iter().map(|area| area.as_str()).collect();
    let state = if one.active { "" } else { ", inactive" };
    let view = if one.read_only_view { "read-only view" } else { "comments" };
    format!(
        "{}, {}, [{}], [{}], {view}{state}",
        one.name,
        one.tax_code.as_deref().unwrap_or("-"),
        areas.join(" "),
        one.email_domains.join(" ")
    )
}
