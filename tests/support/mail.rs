//! In charge of the real mail server of the tests, `script/mail-server`: the one in `TEST_MAIL_DIR`, else one of our own for
//! the whole test binary. Each test makes accounts of its own. Does not know how the server is configured.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::client::Api;
use super::root;
use super::second_client::SecondClient;

fn script() -> PathBuf {
    root().join("script/mail-server")
}

/// The server, running.
pub struct MailServer {
    folder: PathBuf,
    /// The port with TLS from the first byte.
    pub imaps: u16,
    /// The plain port, on loopback only.
    pub imap: u16,
    /// Outgoing mail, in clear and with TLS from the first byte.
    pub smtp: u16,
    pub smtps: u16,
}

impl MailServer {
    /// The one server of this test binary.
    pub fn get() -> &'static MailServer {
        static SERVER: OnceLock<MailServer> = OnceLock::new();
        SERVER.get_or_init(|| match std::env::var_os("TEST_MAIL_DIR") {
            Some(folder) => MailServer::in_folder(folder.into()),
            None => MailServer::in_folder(start()),
        })
    }

    fn in_folder(folder: PathBuf) -> MailServer {
        let ports = std::fs::read_to_string(folder.join("ports.json")).expect("the mail server is running");
        let ports: Value = serde_json::from_str(&ports).expect("ports");
        let port = |name: &str| u16::try_from(ports[name].as_u64().expect(name)).expect(name);
        MailServer { imaps: port("imaps"), imap: port("imap"), smtp: port("smtp"), smtps: port("smtps"), folder }
    }

    /// The authority that signed its certificate.
    pub fn authority(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// A new account with this password; its address is nobody else's.
    pub async fn account(&self, password: &str) -> Account<'_> {
        let address = format!("casella-{}@pec.borgosolare.example", uuid::Uuid::now_v7().simple());
        let account = Account { server: self, address, password: password.into() };
        account.change_password(password).await;
        account
    }

    async fn script(&self, arguments: &[&str]) -> String {
        let (command, rest) = arguments.split_first().expect("a command");
        let made = tokio::process::Command::new(script()).arg(command).arg(&self.folder).args(rest).output().await;
        let made = made.expect("the script runs");
        assert!(made.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).expect("UTF-8")
    }

    /// Where an account's mail lies on the server's disk.
    fn maildir(&self, address: &str) -> PathBuf {
        let (local, domain) = address.split_once('@').expect("an address");
        state(&self.folder).join("mail").join(domain).join(local).join("Maildir")
    }
}

/// Where a server's working files lie: in its folder, or under /var/tmp when that will not do (`script/mail/home.py`).
fn state(folder: &Path) -> PathBuf {
    let folder = folder.canonicalize().expect("the folder is there");
    if folder.join("mail").is_dir() {
        return folder;
    }
    let mut crc = flate2::Crc::new();
    crc.update(folder.to_str().expect("UTF-8").as_bytes());
    let owner = std::fs::metadata(&folder).expect("the folder is there").uid();
    PathBuf::from(format!("/var/tmp/sportello-mail-{owner}-{:08x}", crc.sum()))
}

/// Starts a server that ends with this process.
fn start() -> PathBuf {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR"));
    forget_ended(all);
    let folder = all.join(format!("mail-{}", std::process::id()));
    let (say, ready) = std::sync::mpsc::channel();
    let of_thread = folder.clone();
    // The kernel ends the server with the thread that started it, and a test's own thread ends with the test.
    std::thread::spawn(move || {
        let child = Command::new(script()).arg("run").arg(&of_thread).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("the mail server starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("the ports");
        say.send(line.starts_with('{')).expect("the test waits");
        child.wait().expect("the mail server ends with us");
    });
    assert!(ready.recv().expect("the mail server starts"), "the mail server has said no ports");
    folder
}

/// Removes what the servers of test binaries that are over have left on the disk.
fn forget_ended(all: &Path) {
    for entry in std::fs::read_dir(all).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner =
            name.to_str().and_then(|name| name.strip_prefix("mail-")).and_then(|number| number.parse::<u32>().ok());
        if owner.is_some_and(|number| !Path::new(&format!("/proc/{number}")).exists()) {
            // Another binary may be at it too.
            let _ = std::fs::remove_dir_all(state(&entry.path()));
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// An account on the server: somebody's mailbox.
pub struct Account<'s> {
    server: &'s MailServer,
    pub address: String,
    pub password: String,
}

impl Account<'_> {
    /// What the API is sent to watch this mailbox, through this port.
    pub fn body_at(&self, port: u16) -> Value {
        json!({
            "address": self.address, "username": self.address, "password": self.password, "description": "Ufficio protocollo",
            "imap": {"host": "127.0.0.1", "port": port, "security": "tls"},
            "authorization": {"holder": "Sindaco", "date": "2026-06-01"},
        })
    }

    /// The same through the server's own port.
    pub fn body(&self) -> Value {
        self.body_at(self.server.imaps)
    }

    /// Has it watched through this port, and gives the mailbox's id.
    pub async fn watched_at(&self, port: u16, api: &Api) -> String {
        let added = api.post("/mailboxes", self.body_at(port)).await.expect(201).json();
        assert_eq!(added["status"], "ok");
        added["id"].as_str().expect("an id").to_string()
    }

    /// The same through the server's own port.
    pub async fn watched(&self, api: &Api) -> String {
        self.watched_at(self.server.imaps, api).await
    }

    /// Gives the account another password at the server, as its holder would at the provider's.
    pub async fn change_password(&self, password: &str) {
        self.server.script(&["user", &self.address, password]).await;
    }

    /// Limits the account's space, in bytes.
    pub async fn limit(&self, bytes: u64) {
        self.server.script(&["user", &self.address, &self.password, "--quota", &bytes.to_string()]).await;
    }

    /// Delivers so many messages of a kind (the API's `pec.kind`).
    pub async fn deliver(&self, kind: &str, count: usize) {
        self.server.script(&["deliver", &self.address, kind, "--count", &count.to_string()]).await;
    }

    /// Delivers one with this subject.
    pub async fn deliver_about(&self, kind: &str, subject: &str) {
        self.server.script(&["deliver", &self.address, kind, "--subject", subject]).await;
    }

    /// Delivers a file of `tests/mail` as it is.
    pub async fn deliver_file(&self, name: &str) {
        let path = root().join("tests/mail").join(name);
        self.server.script(&["deliver-raw", &self.address, path.to_str().expect("UTF-8")]).await;
    }

    /// Delivers these bytes as they are.
    pub async fn deliver_raw(&self, raw: &[u8]) {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), raw).expect("written");
        self.server.script(&["deliver-raw", &self.address, file.path().to_str().expect("UTF-8")]).await;
    }

    /// Each message's UID and flags, looked at without changing them.
    pub async fn flags(&self) -> String {
        self.server.script(&["flags", &self.address]).await
    }

    /// The bytes of each mail in it, oldest first, as they lie on the server's disk.
    pub fn mails(&self) -> Vec<Vec<u8>> {
        let maildir = self.server.maildir(&self.address);
        let files = ["new", "cur"].map(|part| std::fs::read_dir(maildir.join(part)).into_iter().flatten().flatten());
        let mut files: Vec<_> = files.into_iter().flatten().map(|entry| entry.path()).collect();
        // Dovecot names them by the moment, to the microsecond.
        let moment = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_string();
            let (seconds, rest) = name.split_once('.').unwrap_or_default();
            let micros = rest.trim_start_matches('M').split('P').next().unwrap_or_default();
            (seconds.parse::<u64>().unwrap_or(0), micros.parse::<u64>().unwrap_or(0))
        };
        files.sort_by_key(moment);
        files.iter().filter_map(|path| std::fs::read(path).ok()).collect()
    }

    /// Marks all messages read, as the holder would from another program.
    pub async fn read_all(&self) {
        self.server.script(&["read", &self.address, "--all"]).await;
    }

    /// The holder's other program, logged in.
    pub async fn second_client(&self) -> SecondClient {
        SecondClient::log_in(self.server.imap, &self.address, &self.password).await
    }

    /// Makes the server forget how it numbered the messages: another UIDVALIDITY.
    pub fn renumber(&self) {
        let maildir = self.server.maildir(&self.address);
        for entry in std::fs::read_dir(&maildir).expect("the Maildir is there").flatten() {
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| name.starts_with("dovecot.index") || name == "dovecot-uidlist") {
                std::fs::remove_file(entry.path()).expect("removed");
            }
        }
    }
}
