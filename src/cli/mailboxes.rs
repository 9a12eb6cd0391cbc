//! In charge of the command `mailboxes`.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::actor;
use super::import::Import;
use crate::app::Shared;
use crate::boot;
use crate::clock::Clock;
use crate::config::Settings;
use crate::hub::import::{self, COLUMNS};
use crate::hub::refresh::{self, Scope};
use crate::mail::fault::words;
use crate::model::id::RunId;
use crate::model::mailbox::Mailbox;
use crate::model::person::Language;
use crate::people::rights::Reach;
use crate::store::{self, mailboxes};

/// How often the bar is drawn anew.
const DRAW_EVERY: Duration = Duration::from_millis(200);

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
    /// Visit mailboxes now; fails when some visit did not go well, and names each such mailbox
    Refresh(Refresh),
}

/// Visit mailboxes now.
#[derive(Debug, Args)]
pub struct Refresh {
    /// Every mailbox; so it is too when no address is given
    #[arg(long, conflicts_with = "addresses")]
    all: bool,
    /// These mailboxes only
    #[arg(value_name = "ADDRESS")]
    addresses: Vec<String>,
}

impl Mailboxes {
    /// Does the command.
    pub async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        match self {
            Mailboxes::Import(file) => load(file, settings).await,
            Mailboxes::Refresh(refresh) => refresh.run(settings).await,
        }
    }
}

async fn load(file: Import, settings: Settings) -> anyhow::Result<ExitCode> {
    let (sheet, app) = file.open(settings, &COLUMNS).await?;
    let said = |outcome: &_| file.said(outcome);
    let outcomes = import::mailboxes(&app, &actor(), &Reach::Everything, &sheet, file.mode(), said).await;
    app.db.close().await;
    file.report(&sheet, outcomes)
}

impl Refresh {
    async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let app = boot::existing_app(settings, Clock::Machine).await?;
        let named = if self.all { Vec::new() } else { find(&app, &self.addresses).await? };
        let scope = if named.is_empty() { Scope::All { within: None } } else { Scope::These(&named) };
        let run = refresh::begin(&app, &actor(), scope).await?;
        boot::lend_a_hand(&app, follow(&app, &run)).await??;
        let failed = store::visits::failed(&mut *app.db.read().await?, &run).await?;
        let visited = store::runs::progress_of(&mut *app.db.read().await?, &run).await?.done;
        app.db.close().await;
        // One that nobody may try has no visit.
        let stopped = named.iter().filter(|mailbox| mailbox.facts.status.is_stopped());
        let stopped: Vec<(String, String)> = stopped
            .map(|mailbox| (mailbox.card.address.clone(), format!("not tried: {}", mailbox.facts.status.as_str())))
            .collect();
        let failed: Vec<(String, String)> =
            failed.into_iter().map(|one| (one.address, words(Language::En, &one.detail))).collect();
        for (address, why) in failed.iter().chain(&stopped) {
            println!("{address}: {why}");
        }
        println!("{visited} visited, {} failed", failed.len());
        let went_well = failed.is_empty() && stopped.is_empty();
        Ok(if went_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

async fn find(app: &Shared, addresses: &[String]) -> anyhow::Result<Vec<Mailbox>> {
    let mut found = Vec::new();
    let mut unknown = Vec::new();
    for address in addresses {
        match mailboxes::find_by_address(&mut *app.db.read().await?, address).await? {
            Some(mailbox) => found.push(mailbox),
            None => unknown.push(address.as_str()),
        }
    }
    if !unknown.is_empty() {
        bail!("not watched: {}", unknown.join(", "));
    }
    Ok(found)
}

/// Waits until the run has ended, with a bar on a terminal.
async fn follow(app: &Shared, run: &RunId) -> anyhow::Result<()> {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} visited, {elapsed}")?;
    // Hidden by itself where standard error is no terminal.
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style);
    loop {
        let progress = store::runs::progress_of(&mut *app.db.read().await?, run).await?;
        bar.set_length(progress.total.unsigned_abs());
        bar.set_position(progress.done.unsigned_abs());
        if progress.is_over {
            bar.finish_and_clear();
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(DRAW_EVERY) => {}
            _ = tokio::signal::ctrl_c() => {
                bar.finish_and_clear();
                bail!("interrupted: what is left stays in line for the server");
            }
        }
    }
}
