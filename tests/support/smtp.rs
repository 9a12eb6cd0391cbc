//! In charge of an SMTP server that goes wrong as a test wants it: in clear on loopback, one mail after another. Keeps what it
//! has taken; whoever is called `sconosciuto` it does not know. Does not know who sends.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What it does with the next mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// Says «not now» to every recipient.
    NotNow,
    /// Takes the mail, and hangs up instead of saying so.
    HangsUp,
    /// Takes the mail, and says nothing until the mood changes.
    IsSilent,
}

struct State {
    mood: Mutex<Mood>,
    taken: Mutex<Vec<String>>,
    changed: tokio::sync::Notify,
}

/// The server, running.
pub struct Moody {
    pub port: u16,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Moody {
    /// One that takes everything.
    pub async fn start() -> Moody {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let state = Arc::new(State {
            mood: Mutex::new(Mood::Takes),
            taken: Mutex::default(),
            changed: tokio::sync::Notify::new(),
        });
        let of_task = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, of_task.clone()));
            }
        });
        Moody { port, state, task }
    }

    /// What the setting `smtp_url` says of it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}?tls=none", self.port)
    }

    /// From now on it is in this mood.
    pub fn be(&self, mood: Mood) {
        *self.state.mood.lock().expect("not poisoned") = mood;
        self.state.changed.notify_waiters();
    }

    /// The mails it has taken, as they came.
    pub fn taken(&self) -> Vec<String> {
        self.state.taken.lock().expect("not poisoned").clone()
    }
}

impl Drop for Moody {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(socket: TcpStream, state: Arc<State>) -> Option<()> {
    let mut wire = BufReader::new(socket);
    say(&mut wire, "220 moody").await?;
    loop {
        let mood = *state.mood.lock().expect("not poisoned");
        let said = line(&mut wire).await?.to_ascii_uppercase();
        let is_unknown = said.contains("<SCONOSCIUTO@");
        match said.get(..4)? {
            "EHLO" => say(&mut wire, "250 moody").await?,
            "RCPT" if is_unknown => say(&mut wire, "550 5.1.1 Destinatario sconosciuto").await?,
            "RCPT" if mood == Mood::NotNow => say(&mut wire, "451 4.3.2 Riprovare").await?,
            "DATA" => {
                say(&mut wire, "354 go on").await?;
                let mut mail = String::new();
                loop {
                    let line = line(&mut wire).await?;
                    if line == "." {
                        break;
                    }
                    mail.push_str(&line);
                    mail.push('\n');
                }
                let changed = state.changed.notified();
                state.taken.lock().expect("not poisoned").push(mail);
                match mood {
                    Mood::HangsUp => return None,
                    Mood::IsSilent => changed.await,
                    Mood::Takes | Mood::NotNow => {}
                }
                say(&mut wire, "250 taken").await?;
            }
            "QUIT" => return say(&mut wire, "221 bye").await,
            _ => say(&mut wire, "250 ok").await?,
        }
    }
}

async fn say(wire: &mut BufReader<TcpStream>, line: &str) -> Option<()> {
    wire.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.ok()
}

async fn line(wire: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = Vec::new();
    (wire.read_until(b'\n', &mut line).await.ok()? > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_string())
}
