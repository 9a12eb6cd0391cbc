//! In charge of the command `mailboxes`.

use std::process::ExitCode;

use clap::Subcommand;

use super::actor;
use super::import::Import;
use crate::config::Settings;
use crate::hub::import::{self, COLUMNS};
use crate::people::rights::Reach;

/// Watched mailboxes.
#[derive(Debug, Subcommand)]
pub enum Mailboxes {
    /// Add the mailboxes of a file; each login is tried once, and a line that is refused stops no other
    ///
    /// Columns: address, username, password, authorization_holder, authorization_date; if needed description, group,
    /// organization_code, holder_tax_code, imap_host, imap_port, imap_security, smtp_host, smtp_port, smtp_security, activating.
    /// Without imap_host the servers are those of the address's provider, when it is a known one.
    ///
    /// Standard output has a row for each line refused: line, address, fields, words; never a password. The exit status is 0
    /// when every line was loaded (or would be), 1 when any was refused.
    Import(Import),
}

impl Mailboxes {
    /// Does the command.
    pub async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let Mailboxes::Import(import) = self;
        let (sheet, app) = import.open(settings, &COLUMNS).await?;
        let said = |outcome: &_| import.said(outcome);
        let outcomes = import::mailboxes(&app, &actor(), &Reach::Everything, &sheet, import.mode(), said).await;
        app.db.close().await;
        import.report(&sheet, outcomes)
    }
}
