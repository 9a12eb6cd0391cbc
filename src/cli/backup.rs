//! In charge of the commands `backup` and `restore`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::boot::backup::{self, KeyFound};
use crate::clock::Clock;
use crate::config::Settings;
use crate::store::whole::Counts;
use crate::{audit, boot};

/// Where the archive is.
#[derive(Debug, Args)]
pub struct Archive {
    file: PathBuf,
}

impl Archive {
    /// Writes it.
    pub async fn make(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let counts = backup::make(&settings, &self.file).await?;
        print(counts);
        eprintln!("The backup holds no key: keep the key file in another place.");
        Ok(ExitCode::SUCCESS)
    }

    /// Puts it into an installation without a database, and verifies what is there then.
    pub async fn restore(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let (counts, key) = backup::restore(&settings, &self.file).await?;
        print(counts);
        match key {
            KeyFound::Opens => {
                println!("key: opens");
                let app = boot::existing_app(settings, Clock::Machine).await?;
                let verdict = audit::verify(&app).await?;
                app.db.close().await;
                Ok(super::audit::print(verdict))
            }
            // It is kept elsewhere: that it is not here yet is as it should be.
            KeyFound::Missing(words) => {
                println!("key: missing");
                eprintln!("The backup is restored, but {words}. Then run `sportello audit verify`.");
                Ok(ExitCode::SUCCESS)
            }
            KeyFound::Another(words) => {
                println!("key: another");
                eprintln!("The backup is restored, but {words}. Then run `sportello audit verify`.");
                Ok(ExitCode::FAILURE)
            }
        }
    }
}

fn print(counts: Counts) {
    println!("organizations: {}", counts.organizations);
    println!("people: {}", counts.people);
    println!("mailboxes: {}", counts.mailboxes);
    println!("audit rows: {}", counts.audit_rows);
}
