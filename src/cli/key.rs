//! In charge of the command `key`.

use std::process::ExitCode;

use clap::Subcommand;

use super::actor;
use crate::boot;
use crate::clock::Clock;
use crate::config::Settings;
use crate::hub::rotation;

/// The key that seals the mailboxes' passwords.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a new key and seal every secret anew; the old key stays beside it as `.old`
    Rotate,
}

impl Key {
    /// Does the command.
    pub async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let Key::Rotate = self;
        let app = boot::existing_app(settings, Clock::Machine).await?;
        let rotated = rotation::rotate(&app, &actor()).await;
        app.db.close().await;
        let rotated = rotated?;
        for address in &rotated.unreadable {
            eprintln!("{address}: the sealed password does not open and was left as it was; give it again");
        }
        println!("{} passwords sealed by the new key", rotated.secrets);
        Ok(ExitCode::SUCCESS)
    }
}
