//! In charge of the command `audit`.

use std::process::ExitCode;

use clap::Subcommand;

use crate::audit::Verdict;
use crate::clock::Clock;
use crate::config::Settings;
use crate::{audit, boot};

/// The trace.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Walk the whole chain; fail and name the first broken row
    Verify,
}

impl Audit {
    /// Does the command.
    pub async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let Audit::Verify = self;
        let app = boot::existing_app(settings, Clock::Machine).await?;
        let verdict = audit::verify(&app).await?;
        app.db.close().await;
        Ok(print(verdict))
    }
}

/// Says what the walk found; fails when the chain is broken.
pub(super) fn print(verdict: Verdict) -> ExitCode {
    match verdict.broken {
        None => {
            println!("{} rows, the chain holds", verdict.rows);
            ExitCode::SUCCESS
        }
        Some(broken) => {
            println!("the chain is broken after {} good rows: {broken}", verdict.rows);
            ExitCode::FAILURE
        }
    }
}
