//! In charge of what a visit costs at the least: LOGIN, STATUS and LOGOUT by bare sockets, the yardstick of
//! `script/bench refresh`. Does not know the program, and is hardly careful with what a server says.
//!
//! `sportello-bench ACCOUNTS PORT CONCURRENCY [CA.pem]`: each line of ACCOUNTS is a user and a password; with an
//! authority, over TLS. Prints one line of JSON.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, version};

/// What all visits share.
struct Course {
    accounts: Vec<(String, String)>,
    port: u16,
    tls: Option<TlsConnector>,
    next: AtomicUsize,
    failed: AtomicUsize,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [accounts, port, concurrency, authority @ ..] = arguments.as_slice() else {
        return Err("usage: sportello-bench ACCOUNTS PORT CONCURRENCY [CA.pem]".into());
    };
    let accounts = std::fs::read_to_string(accounts)?;
    let pair = |line: &str| line.split_once(' ').map(|(user, password)| (user.to_string(), password.to_string()));
    let course = Arc::new(Course {
        accounts: accounts.lines().filter_map(pair).collect(),
        port: port.parse()?,
        tls: authority.first().map(|path| connector(path)).transpose()?,
        next: AtomicUsize::new(0),
        failed: AtomicUsize::new(0),
    });
    let begun = Instant::now();
    let runners: Vec<_> = (0..concurrency.parse()?).map(|_| tokio::spawn(run(course.clone()))).collect();
    for runner in runners {
        runner.await?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let failed = course.failed.load(Ordering::Relaxed);
    println!(r#"{{"seconds": {seconds:.3}, "failed": {failed}}}"#);
    Ok(())
}

/// The program's own TLS (`src/mail/net.rs`): one configuration for all, so that sessions are resumed.
fn connector(authority: &str) -> Result<TlsConnector, Box<dyn Error>> {
    let mut roots = RootCertStore::empty();
    for found in CertificateDer::pem_slice_iter(&std::fs::read(authority)?) {
        roots.add(found?)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn run(course: Arc<Course>) {
    while let Some((user, password)) = course.accounts.get(course.next.fetch_add(1, Ordering::Relaxed)) {
        if let Err(error) = visit(&course, user, password).await {
            eprintln!("{user}: {error}");
            course.failed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn visit(course: &Course, user: &str, password: &str) -> io::Result<()> {
    let socket = TcpStream::connect(("127.0.0.1", course.port)).await?;
    socket.set_nodelay(true)?;
    let Some(tls) = &course.tls else {
        return talk(socket, user, password).await;
    };
    let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
    talk(tls.connect(name, socket).await?, user, password).await
}

async fn talk(mut wire: impl AsyncRead + AsyncWrite + Unpin, user: &str, password: &str) -> io::Result<()> {
    hear(&mut wire, b"* OK").await?;
    say(&mut wire, &format!("A LOGIN \"{user}\" \"{password}\"\r\n")).await?;
    hear(&mut wire, b"A OK").await?;
    say(&mut wire, "B STATUS INBOX (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\r\n").await?;
    hear(&mut wire, b"B OK").await?;
    say(&mut wire, "C LOGOUT\r\n").await?;
    hear(&mut wire, b"C OK").await?;
    wire.shutdown().await
}

async fn say(wire: &mut (impl AsyncWrite + Unpin), command: &str) -> io::Result<()> {
    wire.write_all(command.as_bytes()).await?;
    wire.flush().await
}

/// Reads until a line is whole that begins as expected, or with the refusal of the same tag.
async fn hear(wire: &mut (impl AsyncRead + Unpin), expected: &[u8]) -> io::Result<()> {
    let mut heard = [0; 4096];
    let mut length = 0;
    loop {
        match wire.read(&mut heard[length..]).await? {
            0 => return Err(io::Error::other("the server has hung up, or babbles")),
            more => length += more,
        }
        let Some(whole) = heard[..length].strip_suffix(b"\r\n") else { continue };
        let last = whole.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        if last.starts_with(expected) {
            return Ok(());
        }
        if last.starts_with(&expected[..2]) && expected[0] != b'*' {
            return Err(io::Error::other(String::from_utf8_lossy(last)));
        }
    }
}
