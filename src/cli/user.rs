//! In charge of the command `user`.

use std::io::Read;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use secrecy::SecretString;

use super::{actor, refused};
use crate::boot;
use crate::clock::Clock;
use crate::config::Settings;
use crate::input::is_email;
use crate::model::person::{Membership, Role};
use crate::people::link::Way;
use crate::people::person::{self, Draft, First};
use crate::store;

/// People.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person; without a password, print a one-time link to choose it
    Add(Add),
}

/// Add a person.
#[derive(Debug, Args)]
pub struct Add {
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    /// regional_admin, operator, org_admin, org_user or auditor
    #[arg(long, value_parser = role)]
    role: Role,
    /// The code of the organization; needed by org_admin and org_user
    #[arg(long, value_name = "CODE")]
    org: Option<String>,
    /// Level of competence
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=3))]
    level: i64,
    /// Read a final password from standard input
    #[arg(long)]
    password_stdin: bool,
}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "one of: regional_admin, operator, org_admin, org_user, auditor".into())
}

impl User {
    /// Does the command.
    pub async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let User::Add(add) = self;
        add.run(settings).await
    }
}

impl Add {
    async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        if !is_email(&self.email) {
            bail!("{} is not an e-mail address", self.email);
        }
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
            bail!("the name must be between 1 and 200 characters");
        }
        let password = self.password_stdin.then(read_password).transpose()?;
        let app = boot::app(settings, Clock::Machine).await?;
        let mut draft = Draft::new(self.email, name.into(), self.role, app.settings.language());
        draft.level = self.level;
        if let Some(code) = &self.org {
            let found = store::organizations::find_by_code(&mut *app.db.read().await?, code).await?;
            let organization = found.with_context(|| format!("there is no organization with code {code}"))?;
            draft
                .memberships
                .push(Membership { organization_id: organization.id, visibility: self.role.default_visibility() });
        } else if self.role.is_of_organization() {
            bail!("{} needs --org", self.role.as_str());
        }
        let first = password.as_ref().map_or(First::Chosen(Way::Hand), First::Password);
        let (_, link) = person::create(&app, &actor(), draft, first).await.map_err(refused)?;
        app.db.close().await;
        if let Some(link) = link {
            println!("{link}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The first line of standard input.
fn read_password() -> anyhow::Result<SecretString> {
    let mut text = zeroize::Zeroizing::new(String::new());
    std::io::stdin().take(4096).read_to_string(&mut text).context("the password cannot be read from standard input")?;
    Ok(text.lines().next().unwrap_or_default().into())
}
