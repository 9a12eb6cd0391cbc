//! In charge of the commands `serve` and `migrate`.

use std::process::ExitCode;

use clap::Args;

use crate::boot;
use crate::config::Settings;

/// Start the server.
#[derive(Debug, Args)]
pub struct Serve {
    /// Only the web: another node makes the jobs
    #[arg(long)]
    pub no_jobs: bool,
}

impl Serve {
    /// Serves until it is told to stop.
    pub async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        boot::serve(settings, boot::figment(), !self.no_jobs).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Brings the schema up to date.
pub async fn migrate(settings: Settings) -> anyhow::Result<ExitCode> {
    boot::database(&settings).await?.close().await;
    eprintln!("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}
