//! In charge of the real program as a process: what is typed at a terminal, and a server that can be killed.

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use tokio::io::AsyncWriteExt;

use super::database::TestDatabase;
use super::{PATIENCE, mail::MailServer, until};

/// The program, told to use this installation; a command is to be added.
pub fn sportello(database: &TestDatabase) -> Command {
    // Cargo builds the binary for the package's own tests only: the browser tests, which share this file, do without it.
    let Some(program) = option_env!("CARGO_BIN_EXE_sportello") else {
        panic!("the program was not built for these tests")
    };
    let mut command = Command::new(program);
    let folder = database.folder.path();
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SPORTELLO_") || name.starts_with("ROCKET_"))
    {
        command.env_remove(name);
    }
    command
        .current_dir(folder)
        .env("SPORTELLO_DATABASE_URL", &database.url)
        .env("SPORTELLO_DATA_DIR", folder)
        .env("SPORTELLO_KEY_FILE", folder.join("master.key"))
        .env("SPORTELLO_ALLOW_PRIVATE_HOSTS", "true")
        .env("SPORTELLO_IMAP_TIMEOUT", "8s")
        // No slot comes in the middle of a test: the clock of a process is nobody's to move.
        .env("SPORTELLO_REFRESH_SCHEDULE", "0 0 0 1 1 *")
        .env("ROCKET_ADDRESS", "127.0.0.1")
        .env("ROCKET_PORT", "0")
        .env("NO_COLOR", "1");
    command
}

/// Runs a command to its end.
pub async fn run(database: &TestDatabase, arguments: &[&str]) -> Said {
    run_with_input(database, arguments, "").await
}

/// The same, with something on standard input.
pub async fn run_with_input(database: &TestDatabase, arguments: &[&str], input: &str) -> Said {
    let mut command = sportello(database);
    command.args(arguments);
    to_the_end(command, input).await
}

/// Runs what was prepared. A server that was to be refused and serves instead is ended, and fails the test.
pub async fn to_the_end(command: Command, input: &str) -> Said {
    let mut command = tokio::process::Command::from(command);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().expect("the program runs");
    if let Some(mut pipe) = child.stdin.take() {
        // A command that ends without reading has closed the pipe: that is its right.
        let _ = pipe.write_all(input.as_bytes()).await;
    }
    let output = tokio::time::timeout(PATIENCE, child.wait_with_output()).await.expect("the command comes to its end");
    let output = output.expect("the program runs");
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    /// Goes on only when it went well.
    pub fn well(self) -> Said {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// Goes on only when it was refused with these words, and nothing on standard output.
    pub fn refused(self, words: &str) -> Said {
        assert!(self.code.is_some_and(|code| code != 0) && self.err.contains(words), "{words:?}: {self:?}");
        assert_eq!(self.out, "", "standard output holds only results");
        self
    }
}

/// A server as a process; it is killed with the test.
pub struct Server {
    child: Child,
    log: Arc<Mutex<String>>,
    pub base: String,
}

impl Server {
    /// Starts `serve` and waits until it listens.
    pub async fn start(database: &TestDatabase, arguments: &[&str], environment: &[(&str, &str)]) -> Server {
        let mut command = sportello(database);
        command.arg("serve").args(arguments).envs(environment.iter().copied());
        command.env("SPORTELLO_CA_FILE", MailServer::get().authority()).env("SPORTELLO_LOG_FORMAT", "json");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let log = Arc::new(Mutex::new(String::new()));
        let (mut pipe, kept) = (child.stderr.take().expect("a pipe"), log.clone());
        std::thread::spawn(move || {
            use std::io::{BufRead, BufReader};
            for line in BufReader::new(&mut pipe).lines().map_while(Result::ok) {
                kept.lock().expect("kept").push_str(&(line + "\n"));
            }
        });
        let mut server = Server { child, log, base: String::new() };
        let port = until("the server listens", async || {
            let log = server.log();
            let line = log.lines().find(|line| line.contains("\"listening\""))?;
            let line: serde_json::Value = serde_json::from_str(line).ok()?;
            line["port"].as_u64()
        });
        let port = port.await;
        server.base = format!("http://127.0.0.1:{port}");
        if !arguments.contains(&"--no-jobs") {
            // The slot that a first start begins is over before the test goes on: its visits are not those of the test.
            let over = "SELECT COUNT(*) FROM job_runs WHERE job = 'refresh-mailboxes' AND finished_at IS NOT NULL";
            until("the first slot is over", async || (database.number(over).await > 0).then_some(())).await;
        }
        server
    }

    /// What it has written on standard error.
    pub fn log(&self) -> String {
        self.log.lock().expect("kept").clone()
    }

    /// Sends it a signal, as `kill -TERM` does.
    pub fn signal(&self, name: &str) {
        let done = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(done.expect("kill runs").success());
    }

    /// Waits for its end. None when a signal ended it.
    pub async fn ended(&mut self) -> Option<i32> {
        let child = &mut self.child;
        let status = until("the server ends", async || child.try_wait().expect("our child")).await;
        status.code()
    }

    /// Ends it as a power cut does.
    pub async fn kill(mut self) {
        self.signal("KILL");
        assert_eq!(self.ended().await, None);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
