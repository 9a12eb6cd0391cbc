//! In charge of the command line: what can be asked at a terminal, one file for each command. Standard output holds only
//! the result; everything else goes to standard error.

mod audit;
mod backup;
mod doctor;
mod import;
mod key;
mod log;
mod mailboxes;
mod organizations;
mod serve;
mod token;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Settings;

/// Console for certified mailboxes (PEC) and help desk for Italian public administrations.
#[derive(Debug, Parser)]
#[command(name = "sportello", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Migrate the database, start the web server and the scheduled jobs (the default)
    Serve(serve::Serve),
    /// Bring the database up to date and exit
    Migrate,
    /// Look whether everything needed is there and answers, one line each; fail if anything does not
    Doctor,
    /// People
    #[command(subcommand)]
    User(user::User),
    /// Keys to the API
    #[command(subcommand)]
    Token(token::Token),
    /// Organizations
    #[command(subcommand)]
    Organizations(organizations::Organizations),
    /// Watched mailboxes
    #[command(subcommand)]
    Mailboxes(mailboxes::Mailboxes),
    /// The key that seals the mailboxes' passwords
    #[command(subcommand)]
    Key(key::Key),
    /// Write database and files, without the key, into an archive
    Backup(backup::Archive),
    /// Put a backup into an installation that has no database, and verify it
    Restore(backup::Archive),
    /// The trace of what was done
    #[command(subcommand)]
    Audit(audit::Audit),
}

/// Reads the command line, does it, and says how it went.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // One TLS stack for everything (`tech.md` 1). It is installed once, so it cannot be there already.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    let settings = match Settings::load() {
        Ok(settings) => settings,
        Err(fault) if matches!(arguments.command, Some(Command::Doctor)) => return doctor::wrong_settings(&fault),
        Err(fault) => return failed(&fault),
    };
    log::start(settings.log_format);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(fault) => return failed(&fault.into()),
    };
    match runtime.block_on(run(arguments.command.unwrap_or_default(), settings)) {
        Ok(code) => code,
        Err(fault) => failed(&fault),
    }
}

impl Default for Command {
    fn default() -> Command {
        Command::Serve(serve::Serve { no_jobs: false })
    }
}

async fn run(command: Command, settings: Settings) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(serve) => serve.run(settings).await,
        Command::Migrate => serve::migrate(settings).await,
        Command::Doctor => doctor::run(settings).await,
        Command::User(user) => user.run(settings).await,
        Command::Token(token) => token.run(settings).await,
        Command::Organizations(organizations) => organizations.run(settings).await,
        Command::Mailboxes(mailboxes) => mailboxes.run(settings).await,
        Command::Key(key) => key.run(settings).await,
        Command::Backup(archive) => archive.make(settings).await,
        Command::Restore(archive) => archive.restore(settings).await,
        Command::Audit(audit) => audit.run(settings).await,
    }
}

fn failed(fault: &anyhow::Error) -> ExitCode {
    eprintln!("sportello: {fault:#}");
    ExitCode::FAILURE
}

/// A refusal in words for a terminal.
fn refused(refusal: crate::people::Refusal) -> anyhow::Error {
    use crate::people::Refusal;
    let texts = crate::catalogue::Catalogue::embedded();
    let english = crate::model::person::Language::En;
    match refusal {
        Refusal::Store(fault) => fault.into(),
        Refusal::Conflict(key) => anyhow::anyhow!(texts.text(english, key, &[])),
        Refusal::NoKey => anyhow::anyhow!(texts.text(english, "error-no-key", &[])),
        Refusal::Full { used, allowed } => {
            let values = [("used", used.into()), ("allowed", allowed.into())];
            anyhow::anyhow!(texts.text(english, "capacity-full-what", &values))
        }
        Refusal::TooMany(seconds) => anyhow::anyhow!("too many attempts: wait {seconds} seconds"),
        Refusal::Busy(words) => {
            anyhow::anyhow!(texts.text(english, "mailbox-fault-busy", &[("detail", words.as_str().into())]))
        }
        Refusal::Invalid(wrong) => {
            let words: Vec<String> =
                wrong.iter().map(|one| format!("{}: {}", one.field, texts.wrong_field(english, one))).collect();
            anyhow::anyhow!(words.join("; "))
        }
    }
}

/// Somebody at a terminal of the server, as the trace names it: by the system's user, the one before `sudo` if there was one.
fn actor() -> crate::model::trace::Actor {
    let user = std::env::var("SUDO_USER").or_else(|_| whoami::username());
    crate::model::trace::Actor { name: format!("cli:{}", user.as_deref().unwrap_or("unknown")), ip: String::new() }
}
