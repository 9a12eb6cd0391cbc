//! In charge of servers that behave as each test says, on a loopback port. Does not know what is tested with them.

mod arrivals;
mod fetching;
mod hostile;
mod logging_in;
mod reading;
mod tls;

use std::future::Future;
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::*;
use crate::mail::net::{Net, Policy};
use crate::mail::stream::Socket;
use crate::mail::{FaultKind, MailFault};
use crate::model::message::InboxFacts;
use crate::model::server::{Security, Server};

const GREETING: &str = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] Ready\r\n";
const STATUS: &str = "* STATUS INBOX (MESSAGES 7 UNSEEN 2 UIDNEXT 31 UIDVALIDITY 1700000000)\r\n";

/// The server's side of one connection.
struct Talk {
    socket: BufReader<Socket>,
    /// What the client has sent, line by line.
    heard: Vec<String>,
}

impl Talk {
    async fn say(&mut self, words: impl AsRef<[u8]>) {
        // The client may have left: that is what some tests are about.
        let _ = self.socket.write_all(words.as_ref()).await;
        let _ = self.socket.flush().await;
    }

    /// The client's next line, without its end; empty when it has left.
    async fn hear(&mut self) -> String {
        let mut line = Vec::new();
        let _ = self.socket.read_until(b'\n', &mut line).await;
        let line = String::from_utf8(line).unwrap().trim_end().to_string();
        self.heard.push(line.clone());
        line
    }

    /// Hears a command and ends it with these words; returns the command without its tag.
    async fn answer(&mut self, before: &str, end: &str) -> String {
        let line = self.hear().await;
        let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
        self.say(format!("{before}{tag} {end}\r\n")).await;
        command.to_string()
    }

    /// Greets and lets the client in.
    async fn let_in(&mut self) {
        self.say(GREETING).await;
        self.answer("", "OK [CAPABILITY IMAP4rev1 QUOTA] in").await;
    }

    /// Waits for the client to leave.
    async fn until_gone(&mut self) {
        let mut rest = Vec::new();
        let _ = self.socket.read_to_end(&mut rest).await;
        self.heard.extend(String::from_utf8_lossy(&rest).lines().map(str::to_string));
    }
}

/// A server that has this conversation with the first who comes; gives back what it has heard.
async fn serve<F: Future<Output = Talk> + Send>(
    talk: impl FnOnce(Talk) -> F + Send + 'static,
) -> (Server, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        socket.set_nodelay(true).unwrap();
        let socket: Socket = Box::new(socket);
        talk(Talk { socket: BufReader::new(socket), heard: Vec::new() }).await.heard
    });
    (Server { host: "127.0.0.1".to_string(), port, security: Security::None }, heard)
}

fn net(timeout: Duration) -> Net {
    Net::new(Policy { allow_private: true, allow_plaintext: true, timeout }, None).unwrap()
}

const PATIENT: Duration = Duration::from_secs(10);

async fn visit_as(server: &Server, username: &str, password: &str, timeout: Duration) -> Result<InboxFacts, MailFault> {
    let password = SecretString::from(password);
    inbox(&net(timeout), server, Login { username, password: &password }, Ask { quota: true, known: None }).await
}

async fn visit(server: &Server) -> Result<InboxFacts, MailFault> {
    visit_as(server, "me", "secret word", PATIENT).await
}

fn fault<T>(result: Result<T, MailFault>) -> MailFault {
    result.err().expect("the visit should have failed")
}
