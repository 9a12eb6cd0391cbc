//! In charge of the command `organizations`.

use std::process::ExitCode;

use clap::Subcommand;

use super::actor;
use super::import::Import;
use crate::config::Settings;
use crate::people::import::{self, COLUMNS};

/// Organizations.
#[derive(Debug, Subcommand)]
pub enum Organizations {
    /// Make the organizations of a file; a line that is refused stops no other
    ///
    /// Columns: code, name; if needed tax_code, areas and email_domains (several in one field, with commas between), active.
    ///
    /// Standard output has a row for each line refused: line, code, fields, words. The exit status is 0 when every line was
    /// loaded (or would be), 1 when any was refused.
    Import(Import),
}

impl Organizations {
    /// Does the command.
    pub async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let Organizations::Import(import) = self;
        let (sheet, app) = import.open(settings, &COLUMNS).await?;
        let said = |outcome: &_| import.said(outcome);
        let outcomes = import::organizations(&app, &actor(), &sheet, import.mode(), said).await;
        app.db.close().await;
        import.report(&sheet, outcomes)
    }
}
