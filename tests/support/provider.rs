//! In charge of a provider that counts: a small IMAP server without TLS whose accounts' passwords a test changes, which counts
//! every login accepted and refused, and which behaves badly when told to. Knows just the commands that a visit sends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How a provider behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Good,
    /// Accepts the connection and says nothing.
    Hangs,
    /// Says its greeting a byte at a time, for ever.
    Drips,
    /// Never stops talking.
    Babbles,
    /// Answers STATUS with nothing in it.
    Lies,
    /// Breaks the connection off as soon as it is there.
    Resets,
    /// Closes the connection in order where the answer to STATUS should come.
    Leaves,
}

/// The server, running on a port of loopback.
pub struct Provider {
    pub port: u16,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    passwords: HashMap<String, String>,
    accepted: HashMap<String, usize>,
    refused: HashMap<String, usize>,
    /// How many sessions of an account are open, and were at most.
    open: HashMap<String, (usize, usize)>,
    manner: Option<Manner>,
    /// How long the answer to a login takes.
    thinking: Duration,
    /// What a refused login is answered with.
    refusal: Option<String>,
}

impl Provider {
    /// A good one, without accounts.
    pub async fn start() -> Provider {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let state = Arc::new(Mutex::new(State::default()));
        let task = tokio::spawn(serve(listener, state.clone()));
        Provider { port, state, task }
    }

    /// From now on it behaves so.
    pub fn behave(&self, manner: Manner) {
        self.state().manner = Some(manner);
    }

    /// It thinks so long about each login.
    pub fn think(&self, time: Duration) {
        self.state().thinking = time;
    }

    /// Refused logins are answered so: `NO [CODE] words`.
    pub fn refuse_with(&self, answer: &str) {
        self.state().refusal = Some(answer.into());
    }

    /// Makes an account, or changes its password.
    pub fn password(&self, user: &str, password: &str) {
        self.state().passwords.insert(user.into(), password.into());
    }

    /// How many logins it has refused to this account.
    pub fn refused(&self, user: &str) -> usize {
        self.state().refused.get(user).copied().unwrap_or(0)
    }

    /// How many logins it has accepted of this account.
    pub fn accepted(&self, user: &str) -> usize {
        self.state().accepted.get(user).copied().unwrap_or(0)
    }

    /// How many sessions of this account there were at once, at most.
    pub fn most_at_once(&self, user: &str) -> usize {
        self.state().open.get(user).map_or(0, |(_, most)| *most)
    }

    /// What the API is sent to watch this account; the address is made of the user's name.
    pub fn body(&self, user: &str) -> Value {
        let password = self.state().passwords.get(user).cloned().expect("an account");
        json!({
            "address": format!("{user}@pec.example.it"), "username": user, "password": password,
            "imap": {"host": "127.0.0.1", "port": self.port, "security": "none"},
            "authorization": {"holder": "Sindaco", "date": "2026-06-01"},
        })
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("the provider lives")
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut talks = tokio::task::JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        let state = state.clone();
        // Whoever goes away in the middle is not the provider's concern.
        talks.spawn(async move { drop(talk(socket, &state).await) });
    }
}

async fn talk(socket: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let manner = state.lock().expect("lives").manner.unwrap_or(Manner::Good);
    match manner {
        Manner::Resets => return socket.set_zero_linger(),
        Manner::Hangs => return hear_out(socket).await,
        _ => {}
    }
    let mut wire = BufReader::new(socket);
    if manner == Manner::Drips {
        loop {
            wire.write_all(b"*").await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    wire.write_all(b"* OK [CAPABILITY IMAP4rev1] ready\r\n").await?;
    let mut user = None;
    let ended = commands(&mut wire, state, manner, &mut user).await;
    if let Some(user) = user {
        state.lock().expect("lives").open.entry(user).and_modify(|open| open.0 -= 1);
    }
    ended
}

async fn commands(
    wire: &mut BufReader<TcpStream>,
    state: &Mutex<State>,
    manner: Manner,
    user: &mut Option<String>,
) -> std::io::Result<()> {
    let mut line = String::new();
    loop {
        line.clear();
        if wire.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let (tag, command) = (words[0], words[1]);
        let answer = match command {
            "LOGIN" => {
                let thinking = state.lock().expect("lives").thinking;
                tokio::time::sleep(thinking).await;
                log_in(state, words[2].trim_matches('"'), words[3].trim_matches('"'), user)
            }
            "STATUS" if manner == Manner::Leaves => return Ok(()),
            "STATUS" if manner == Manner::Lies => "OK done".into(),
            "STATUS" if manner == Manner::Babbles => loop {
                wire.write_all(&b"* 1 EXISTS\r\n".repeat(1000)).await?;
            },
            "STATUS" => {
                wire.write_all(b"* STATUS INBOX (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 7)\r\n").await?;
                "OK done".into()
            }
            "EXAMINE" => {
                wire.write_all(b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 1]\r\n").await?;
                "OK [READ-ONLY] done".into()
            }
            "CAPABILITY" => {
                wire.write_all(b"* CAPABILITY IMAP4rev1\r\n").await?;
                "OK done".into()
            }
            "LOGOUT" => "OK bye".into(),
            _ => "BAD what".to_string(),
        };
        wire.write_all(format!("{tag} {answer}\r\n").as_bytes()).await?;
    }
}

fn log_in(state: &Mutex<State>, name: &str, password: &str, user: &mut Option<String>) -> String {
    let mut state = state.lock().expect("lives");
    if state.passwords.get(name).is_some_and(|right| right == password) {
        *state.accepted.entry(name.into()).or_default() += 1;
        let open = state.open.entry(name.into()).or_default();
        open.0 += 1;
        open.1 = open.1.max(open.0);
        *user = Some(name.into());
        return "OK in".into();
    }
    *state.refused.entry(name.into()).or_default() += 1;
    state.refusal.clone().unwrap_or_else(|| "NO [AUTHENTICATIONFAILED] no".into())
}

/// Reads what comes and says nothing, until the other side goes.
async fn hear_out(mut socket: TcpStream) -> std::io::Result<()> {
    let mut bin = [0u8; 1024];
    while socket.read(&mut bin).await? > 0 {}
    Ok(())
}
