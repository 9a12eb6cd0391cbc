//! In charge of building the program from its settings and of its orderly end. Beside the floors: knows the doors `web` and
//! `jobs`, and what lies below. Only `cli` calls it.

pub mod backup;
pub mod doctor;
mod keys;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::sync::{Mutex, Notify, watch};

use crate::app::{App, Shared, Tries};
use crate::clock::Clock;
use crate::config::Settings;
use crate::files::lock;
use crate::hasher::Hasher;
use crate::key::random_name;
use crate::mail::net::{Net, Policy};
use crate::mail::places::Places;
use crate::mail::signature::Anchors;
use crate::store::{self, Db, Engine};
use crate::{jobs, people, web};

/// Opens the database and brings its schema up to date, one process at a time.
pub async fn database(settings: &Settings) -> anyhow::Result<Db> {
    let db = Db::open(&settings.database_url).await?;
    let _turn = match db.file().map(Path::to_path_buf) {
        // Waiting for a file's lock holds a thread, so it is one made for waiting.
        Some(file) => Some(tokio::task::spawn_blocking(move || lock::migrate(&file)).await??),
        None => None,
    };
    db.migrate().await?;
    Ok(db)
}

/// Opens database and key and puts the program together.
pub async fn app(settings: Settings, clock: Clock) -> anyhow::Result<Shared> {
    let db = database(&settings).await?;
    let keys = keys::open(&settings.key_file, &db, &clock).await?;
    let net = net(&settings, policy(&settings))?;
    let anchors = Arc::new(anchors(&settings)?);
    let revision = store::mailboxes::revision(&mut *db.read().await?).await?;
    Ok(Arc::new(App {
        db,
        clock,
        keys,
        net,
        anchors,
        hasher: Hasher::new(),
        places: Places::default(),
        tries: Tries::default(),
        imports: Mutex::new(()),
        node: random_name::<8>(),
        work: Notify::new(),
        post: Notify::new(),
        intake: Notify::new(),
        arrived: Notify::new(),
        changed: Notify::new(),
        revision: watch::Sender::new(revision),
        visits_made: watch::Sender::new(0),
        settings,
    }))
}

/// The same for commands that only make sense on an installation that is there: they make nothing.
pub async fn existing_app(settings: Settings, clock: Clock) -> anyhow::Result<Shared> {
    if !Db::is_there(&settings.database_url) {
        bail!(no_database(&settings));
    }
    app(settings, clock).await
}

/// What the settings allow toward servers typed into the program.
fn policy(settings: &Settings) -> Policy {
    Policy {
        allow_private: settings.allow_private_hosts,
        allow_plaintext: settings.allow_plaintext_imap,
        timeout: settings.imap_timeout,
    }
}

/// The way out to mail servers.
fn net(settings: &Settings, policy: Policy) -> anyhow::Result<Net> {
    let further = match &settings.ca_file {
        Some(path) => Some(
            std::fs::read(path).with_context(|| format!("the setting `ca_file`: {} cannot be read", path.display()))?,
        ),
        None => None,
    };
    Net::new(policy, further.as_deref()).map_err(|fault| anyhow::anyhow!("the setting `ca_file`: {fault}"))
}

/// The authorities that say who a provider of certified mail is: those of the setting, else those built in.
fn anchors(settings: &Settings) -> anyhow::Result<Anchors> {
    let anchors = match &settings.pec_trust_anchors {
        Some(path) => Anchors::of_pem(
            &std::fs::read(path)
                .with_context(|| format!("the setting `pec_trust_anchors`: {} cannot be read", path.display()))?,
        ),
        None => Anchors::built_in(),
    };
    anchors.map_err(|fault| anyhow::anyhow!("the setting `pec_trust_anchors`: {fault}"))
}

fn no_database(settings: &Settings) -> String {
    let url = &settings.database_url;
    format!("there is no database at {url}: see the setting `database_url` and the folder this is run in")
}

/// Serves until the signal to stop: the web and, unless it is a web-only node, the jobs.
pub async fn serve(settings: Settings, figment: rocket::figment::Figment, with_jobs: bool) -> anyhow::Result<()> {
    let app = app(settings, Clock::Machine).await?;
    let _lock = match (with_jobs, app.db.file()) {
        (true, Some(file)) => Some(lock::serve(file)?.with_context(|| {
            let file = file.display();
            format!("another server runs its jobs on {file}: stop it, or start this one with --no-jobs")
        })?),
        _ => None,
    };
    if let Some(url) = people::link::for_first_admin(&app).await? {
        // Not a log line: the link is a secret, for the eyes at the terminal only.
        eprintln!("No administrator yet. Open this link, once, to make the first one:\n{url}");
    }
    let rocket = web::rocket(figment, app.clone())?
        .ignite()
        .await
        .map_err(|fault| anyhow::anyhow!("the web server cannot start: {fault}"))?;
    let (stop, stopped) = watch::channel(false);
    let mut tasks = vec![tokio::spawn(web::live::follow(app.clone(), stopped.clone()))];
    if with_jobs {
        take_over(&app).await?;
        tasks.push(tokio::spawn(jobs::run(app.clone(), stopped)));
    }
    let served = rocket.launch().await;
    tracing::info!("stopping");
    stop.send_replace(true);
    for task in tasks {
        if tokio::time::timeout(Duration::from_secs(10), task).await.is_err() {
            tracing::warn!("a task did not stop in time");
        }
    }
    app.db.close().await;
    served.map(drop).map_err(|fault| anyhow::anyhow!("the web server stopped: {fault}"))
}

/// On SQLite one process makes the jobs: what is in hand was in the hand of one that is gone.
async fn take_over(app: &App) -> store::Result<()> {
    if app.db.engine() == Engine::Sqlite {
        let mut tx = app.db.begin().await?;
        store::visits::hand_back(&mut tx, store::visits::InHandOf::Anybody).await?;
        store::outbox::hand_back(&mut tx, store::outbox::InHandOf::Anybody).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Makes visits beside the servers while `work` goes on; on SQLite only when no server is there to make them, or from when
/// it is gone on.
pub async fn lend_a_hand<T>(app: &Shared, work: impl Future<Output = T>) -> anyhow::Result<T> {
    let (stop, stopped) = watch::channel(false);
    let mut helping = tokio::spawn(help(app.clone(), stopped));
    let done = tokio::select! {
        done = work => done,
        // It ends by itself only when it cannot go on.
        broken = &mut helping => {
            broken??;
            bail!("the visits are not made any longer");
        }
    };
    stop.send_replace(true);
    helping.await??;
    Ok(done)
}

async fn help(app: Shared, mut stop: jobs::Stop) -> anyhow::Result<()> {
    const ASK_EVERY: Duration = Duration::from_millis(500);
    let _lock = match app.db.file() {
        None => None,
        Some(file) => loop {
            if let Some(lock) = lock::serve(file)? {
                break Some(lock);
            }
            if tokio::time::timeout(ASK_EVERY, stop.changed()).await.is_ok() {
                return Ok(());
            }
        },
    };
    take_over(&app).await?;
    jobs::help(app, stop).await;
    Ok(())
}

/// Rocket's own settings: ours by default, then Rocket.toml, then `ROCKET_…`.
pub fn figment() -> rocket::figment::Figment {
    use rocket::figment::providers::{Env, Format, Toml};
    let file = Env::var_or("ROCKET_CONFIG", "Rocket.toml");
    rocket::figment::Figment::from(web::defaults())
        .merge(Toml::file(file).nested())
        .merge(Env::prefixed("ROCKET_").ignore(&["PROFILE", "CONFIG"]).global())
        .select(rocket::figment::Profile::from_env_or("ROCKET_PROFILE", rocket::Config::DEFAULT_PROFILE))
}
