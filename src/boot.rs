//! In charge of building the program from its settings and of its orderly end. Beside the floors: knows the doors `web` and
//! `jobs`, and what lies below. Only `cli` calls it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::sync::{Notify, watch};

use crate::app::{App, Keys, Shared};
use crate::audit;
use crate::chain::ChainKey;
use crate::clock::Clock;
use crate::config::Settings;
use crate::files::{key_file, lock};
use crate::hasher::Hasher;
use crate::key::{MasterKey, Purpose, random, random_name};
use crate::mail::net::{Net, Policy};
use crate::mail::places::Places;
use crate::model::trace::{Act, Actor};
use crate::store::keys::KeyState;
use crate::store::{self, Db, Engine};
use crate::{jobs, people, web};

/// What the canary says: a text that only the right key opens.
const CANARY: &[u8] = b"sportello";

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
    let keys = keys(&settings, &db, &clock).await?;
    let policy = Policy {
        allow_private: settings.allow_private_hosts,
        allow_plaintext: settings.allow_plaintext_imap,
        timeout: settings.imap_timeout,
    };
    let further = match &settings.ca_file {
        Some(path) => Some(
            std::fs::read(path).with_context(|| format!("the setting `ca_file`: {} cannot be read", path.display()))?,
        ),
        None => None,
    };
    let net = Net::new(policy, further.as_deref())
        .map_err(|fault| anyhow::anyhow!("the setting `ca_file`: {}", fault.detail))?;
    let revision = store::mailboxes::revision(&mut *db.read().await?).await?;
    Ok(Arc::new(App {
        db,
        clock,
        keys,
        net,
        hasher: Hasher::new(),
        places: Places::default(),
        node: random_name::<8>(),
        work: Notify::new(),
        changed: Notify::new(),
        revision: watch::Sender::new(revision),
        visits_made: watch::Sender::new(0),
        settings,
    }))
}

/// The same for commands that only make sense on an installation that is there: they make nothing.
pub async fn existing_app(settings: Settings, clock: Clock) -> anyhow::Result<Shared> {
    if !Db::is_there(&settings.database_url) {
        bail!(
            "there is no database at {}: see the setting `database_url` and the folder this is run in",
            settings.database_url
        );
    }
    app(settings, clock).await
}

/// Opens the keys, making them for a database that has none. A database sealed by another key stops the start with words.
async fn keys(settings: &Settings, db: &Db, clock: &Clock) -> anyhow::Result<Keys> {
    let path = &settings.key_file;
    let state = store::keys::state(&mut *db.read().await?).await?;
    let master = match (key_file::read(path)?, &state) {
        (Some(key), _) => key,
        (None, Some(_)) => bail!(
            "the key file {} is missing, and this database is sealed by a key: put the key file back in its place. \
             Without it the passwords of the mailboxes cannot be opened",
            path.display()
        ),
        (None, None) => {
            let key = MasterKey::generate();
            match key_file::create(path, &key)? {
                true => key,
                // Another process has just made one: there is one key, and it is that.
                false => key_file::read(path)?.context("the key file has just been there and is gone")?,
            }
        }
    };
    let state = match state {
        Some(state) => state,
        None => first_keys(db, &master, clock).await?,
    };
    let bound: [&[u8]; 2] = [state.instance_id.as_bytes(), state.key_id.as_bytes()];
    if state.key_id != master.id() || master.open(Purpose::Canary, &bound, &state.sealed_canary).is_err() {
        bail!(
            "the key file {} is not the one this database is sealed by: put the right key file in its place",
            path.display()
        );
    }
    let sealed = store::keys::installation_key(&mut *db.read().await?, "audit")
        .await?
        .context("the key of the trace is missing")?;
    let opened = master
        .open(Purpose::Installation, &[state.instance_id.as_bytes(), b"audit"], &sealed)
        .map_err(|_| anyhow::anyhow!("the key of the trace does not open: the database was tampered with"))?;
    let chain: [u8; 32] = opened.as_slice().try_into().context("the key of the trace has another length")?;
    Ok(Keys { master, chain: ChainKey::new(chain.into()), instance_id: state.instance_id })
}

/// Makes the keys of a database that has none, and the beginning of its trace. When another node is quicker, its keys count.
async fn first_keys(db: &Db, master: &MasterKey, clock: &Clock) -> anyhow::Result<KeyState> {
    let (instance_id, key_id) = (random_name::<16>(), master.id());
    let sealed_canary = master.seal(Purpose::Canary, &[instance_id.as_bytes(), key_id.as_bytes()], CANARY);
    let state = KeyState { instance_id, key_id, sealed_canary };
    let mut tx = db.begin().await?;
    if !store::keys::insert_state(&mut tx, &state).await? {
        drop(tx);
        return store::keys::state(&mut *db.read().await?).await?.context("the state of the keys is missing");
    }
    let chain = random::<32>();
    let sealed = master.seal(Purpose::Installation, &[state.instance_id.as_bytes(), b"audit"], chain.as_slice());
    store::keys::insert_installation_key(&mut tx, "audit", &sealed).await?;
    let chain = ChainKey::new(chain);
    store::audit::insert_head(&mut tx, &chain.head(0, Vec::new())).await?;
    audit::begin(&mut tx, &chain, clock.now(), &Actor::system(), Act::on("installation.created", &state.instance_id))
        .await?;
    tx.commit().await?;
    Ok(state)
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
        store::visits::hand_back(&mut tx, None).await?;
        store::turns::give_all_back(&mut tx).await?;
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
