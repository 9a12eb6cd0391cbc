//! In charge of the real program in a test: built by `boot` and `web` as in real life, on a free port, with a clock that the
//! test moves. Ends with the test.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use rocket::Shutdown;
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use sportello::app::Shared;
use sportello::clock::Clock;
use sportello::config::Settings;
use sportello::{boot, jobs, web};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use super::database::TestDatabase;
use super::mail::MailServer;
use super::until;

/// When tests begin: 15 June 2026, 10:02 in Rome.
pub const BEGINNING: i64 = 1_781_510_520_000;

/// How far apart the slots of the schedule are, in milliseconds: the default settings'.
const SLOT_MS: i64 = 300_000;
const SLOT: Duration = Duration::from_millis(SLOT_MS as u64);

/// A clock that stands at the beginning.
pub fn held_clock() -> Clock {
    Clock::Held(Arc::new(AtomicI64::new(BEGINNING)))
}

/// A program before it is started.
pub struct Setup {
    pub settings: Settings,
    database: Arc<TestDatabase>,
    clock: Clock,
    with_jobs: bool,
}

impl Setup {
    /// On a new, empty database.
    pub async fn new() -> Setup {
        Setup::on(Arc::new(TestDatabase::new().await))
    }

    /// On a database that there is already.
    pub fn on(database: Arc<TestDatabase>) -> Setup {
        let folder = database.folder.path();
        let settings = Settings {
            database_url: database.url.clone(),
            data_dir: folder.into(),
            key_file: folder.join("master.key"),
            allow_private_hosts: true,
            imap_timeout: Duration::from_secs(8),
            // News leaves at once, except where a burst of it is what is looked at.
            notice_wait: Duration::ZERO,
            ..Settings::default()
        };
        Setup { settings, database, clock: held_clock(), with_jobs: false }
    }

    /// With other settings.
    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Setup {
        change(&mut self.settings);
        self
    }

    /// Trusting the authority of the mail server.
    pub fn mail(self, server: &MailServer) -> Setup {
        let path = server.authority();
        self.settings(|settings| settings.ca_file = Some(path))
    }

    /// With the jobs running, as `serve` does.
    pub fn jobs(mut self) -> Setup {
        self.with_jobs = true;
        self
    }

    /// By the clock of another node.
    pub fn clock(mut self, clock: Clock) -> Setup {
        self.clock = clock;
        self
    }

    /// Builds the program, without doors.
    pub async fn build(&self) -> anyhow::Result<Shared> {
        boot::app(self.settings.clone(), self.clock.clone()).await
    }

    /// Builds the program and opens its doors.
    pub async fn start(self) -> TestApp {
        let app = self.build().await.expect("the program starts");
        let (say, bound) = oneshot::channel();
        let say = std::sync::Mutex::new(Some(say));
        let rocket = web::rocket(figment(), app.clone()).expect("the web server is built");
        let rocket = rocket.attach(AdHoc::on_liftoff("port", move |rocket| {
            if let Some(say) = say.lock().expect("one liftoff").take() {
                say.send(rocket.config().port).expect("the test waits for the port");
            }
            Box::pin(async {})
        }));
        let rocket = rocket.ignite().await.expect("the web server ignites");
        let shutdown = rocket.shutdown();
        let (stop, stopped) = watch::channel(false);
        let mut tasks = vec![tokio::spawn(web::live::follow(app.clone(), stopped.clone()))];
        if self.with_jobs {
            tasks.push(tokio::spawn(jobs::run(app.clone(), stopped)));
        }
        tasks.push(tokio::spawn(async move {
            rocket.launch().await.expect("the web server serves");
        }));
        let port = bound.await.expect("the web server listens");
        let base = format!("http://127.0.0.1:{port}");
        TestApp { app, base, stop, shutdown, tasks, database: self.database }
    }
}

fn figment() -> Figment {
    Figment::from(web::defaults())
        .merge(("address", "127.0.0.1"))
        .merge(("port", 0))
        .merge(("shutdown.ctrlc", false))
        .merge(("shutdown.signals", Vec::<String>::new()))
        .merge(("shutdown.grace", 0))
        .merge(("shutdown.mercy", 0))
}

/// The program, running.
pub struct TestApp {
    pub app: Shared,
    /// `http://127.0.0.1:port`.
    pub base: String,
    stop: watch::Sender<bool>,
    shutdown: Shutdown,
    tasks: Vec<JoinHandle<()>>,
    pub database: Arc<TestDatabase>,
}

impl TestApp {
    /// The plain program: no mail server, no jobs.
    pub async fn start() -> TestApp {
        Setup::new().await.start().await
    }

    /// With a mail server that it trusts, and the jobs running.
    pub async fn with_mail() -> TestApp {
        Setup::new().await.mail(MailServer::get()).jobs().start().await
    }

    /// Moves the clock, and lets the jobs see it.
    pub fn advance(&self, by: Duration) {
        self.app.clock.advance(by);
        self.app.work.notify_one();
    }

    /// Lets the next slot of the schedule come, and waits until its run has ended.
    pub async fn next_slot(&self) {
        self.advance(SLOT);
        let slot = self.app.clock.now().0 / SLOT_MS * SLOT_MS;
        let ended = format!(
            "SELECT COUNT(*) FROM job_runs WHERE job = 'refresh-mailboxes' AND slot = {slot} AND finished_at IS NOT NULL"
        );
        until("the run of the slot ends", async || (self.database.number(&ended).await == 1).then_some(())).await;
    }

    /// Ends it in order, as SIGTERM does; the trace must be whole.
    pub async fn end(mut self) -> Arc<TestDatabase> {
        let verdict = sportello::audit::verify(&self.app).await.expect("the trace is read");
        assert_eq!(verdict.broken, None, "the trace is whole at the end");
        self.stop.send_replace(true);
        self.shutdown.clone().notify();
        for task in self.tasks.drain(..) {
            task.await.expect("a task ended well");
        }
        self.app.db.close().await;
        self.database.clone()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        self.shutdown.clone().notify();
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
