//! In charge of the command `token`.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::{Args, Subcommand};

use super::actor;
use crate::boot;
use crate::clock::Clock;
use crate::config::Settings;
use crate::people::token;
use crate::store;

/// Keys to the API.
#[derive(Debug, Subcommand)]
pub enum Token {
    /// Print a new key, once; it acts with its person's rights
    Create(Create),
}

/// Make a key.
#[derive(Debug, Args)]
pub struct Create {
    #[arg(long)]
    email: String,
    /// How long the key is good; without it, until its person is deactivated
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    expires: Option<u32>,
}

impl Token {
    /// Does the command.
    pub async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let Token::Create(create) = self;
        let app = boot::existing_app(settings, Clock::Machine).await?;
        let person = store::people::find_by_email(&mut *app.db.read().await?, &create.email).await?;
        let person = person.filter(|person| person.active);
        let person = person.with_context(|| format!("there is no active person with the address {}", create.email))?;
        let lasting = create.expires.map(|days| Duration::from_secs(u64::from(days) * 24 * 3600));
        let token = token::create(&app, &actor(), &person, lasting).await?;
        app.db.close().await;
        println!("{}", *token);
        Ok(ExitCode::SUCCESS)
    }
}
