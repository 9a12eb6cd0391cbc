//! In charge of giving a mail to the server for outgoing notifications, in two steps, so that what may have left is known to
//! whoever dies in between. Does not know where mails come from nor when they are tried again.

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, client::TlsVersion};
use secrecy::{ExposeSecret, SecretString};

use super::net::Net;
use crate::model::outbox::Fault;
use crate::model::server::{Outgoing, Security};

/// The longest reply of a server that is kept.
const LONGEST_REPLY: usize = 300;

/// What a server may take for a mail's last dot, as many times the time of a command: it looks for viruses first (RFC 5321,
/// 4.5.3.2.6 speaks of ten minutes).
const LAST_DOT: u32 = 6;

/// Why a mail was not taken, and the server's own words.
#[derive(Debug)]
pub struct NotTaken {
    pub fault: Fault,
    pub reply: String,
}

impl NotTaken {
    fn new(fault: Fault, words: impl std::fmt::Display) -> NotTaken {
        let reply =
            words.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_REPLY).collect();
        NotTaken { fault, reply }
    }

    /// A reply that came before the text was given: nothing has left.
    fn before_the_text(error: &Error) -> NotTaken {
        let fault = if error.is_tls() {
            Fault::Certificate
        } else if error.is_permanent() {
            Fault::Refused
        } else if error.is_transient() {
            Fault::NotNow
        } else {
            Fault::Unreachable
        };
        NotTaken::said(fault, error)
    }

    /// The server's reply as it came, or what broke.
    fn said(fault: Fault, error: &Error) -> NotTaken {
        match (error.status(), std::error::Error::source(error)) {
            (Some(code), Some(words)) => NotTaken::new(fault, format!("{code} {words}")),
            (Some(code), None) => NotTaken::new(fault, code),
            (None, _) => NotTaken::new(fault, error),
        }
    }
}

/// A connection to the server, logged in.
pub struct Submission {
    connection: AsyncSmtpConnection,
    timeout: Duration,
}

impl Submission {
    /// Connects, with TLS as the settings want it, and logs in where they have a user.
    ///
    /// # Errors
    /// `Unreachable`, `Certificate` or `Login`: all of them are about the server, none about a mail.
    pub async fn open(
        net: &Net,
        outgoing: &Outgoing,
        login: Option<&(String, SecretString)>,
    ) -> Result<Submission, NotTaken> {
        let timeout = net.timeout();
        let opening = open(net, outgoing, login, timeout);
        match tokio::time::timeout(timeout * 3, opening).await {
            Ok(opened) => opened.map(|connection| Submission { connection, timeout }),
            Err(_) => Err(NotTaken::new(Fault::Unreachable, format!("no answer within {:?}", timeout * 3))),
        }
    }

    /// Says from whom and to whom: the server is ready for the text, and has none of it. An answer to a mail goes from nobody
    /// (RFC 3834, 3.3), and from us where the server wants a sender.
    pub async fn announce(&mut self, from: &Address, to: &Address, is_answer: bool) -> Result<(), NotTaken> {
        let connection = &mut self.connection;
        let steps = async {
            if !is_answer || !named(connection, None, to).await? {
                named(connection, Some(from), to).await?;
            }
            connection.command(Data).await.map(drop).map_err(|error| NotTaken::before_the_text(&error))
        };
        match tokio::time::timeout(self.timeout * 3, steps).await {
            Ok(done) => done,
            Err(_) => Err(NotTaken::new(Fault::Unreachable, format!("no answer within {:?}", self.timeout * 3))),
        }
    }

    /// Gives the text. `Interrupted` when there was no reply: then nobody knows whether the server has it.
    pub async fn hand_over(&mut self, mail: &[u8]) -> Result<(), NotTaken> {
        let patience = self.timeout * LAST_DOT;
        match tokio::time::timeout(patience, self.connection.message(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_permanent() => Err(NotTaken::said(Fault::Refused, &error)),
            Ok(Err(error)) if error.is_transient() => Err(NotTaken::said(Fault::NotNow, &error)),
            Ok(Err(error)) => Err(NotTaken::new(Fault::Interrupted, error)),
            Err(_) => Err(NotTaken::new(Fault::Interrupted, format!("no answer within {patience:?}"))),
        }
    }

    /// Leaves. Nobody waits long for a farewell.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(2), self.connection.quit()).await;
    }
}

/// MAIL and RCPT. False when the server does not take mail from nobody.
async fn named(connection: &mut AsyncSmtpConnection, from: Option<&Address>, to: &Address) -> Result<bool, NotTaken> {
    let steps = async {
        connection.command(Mail::new(from.cloned(), Vec::new())).await.map_err(|error| {
            // What the server says of our own sender is about the settings, not about this mail.
            match NotTaken::before_the_text(&error) {
                NotTaken { fault: Fault::Refused, reply } if from.is_some() => NotTaken { fault: Fault::NotNow, reply },
                other => other,
            }
        })?;
        let to = Rcpt::new(to.clone(), Vec::new());
        connection.command(to).await.map(drop).map_err(|error| NotTaken::before_the_text(&error))
    };
    match steps.await {
        Ok(()) => Ok(true),
        Err(NotTaken { fault: Fault::Refused, .. }) if from.is_none() => {
            connection.command(Rset).await.map(|_| false).map_err(|error| NotTaken::before_the_text(&error))
        }
        Err(why) => Err(why),
    }
}

async fn open(
    net: &Net,
    outgoing: &Outgoing,
    login: Option<&(String, SecretString)>,
    timeout: Duration,
) -> Result<AsyncSmtpConnection, NotTaken> {
    let (server, hello) = (&outgoing.server, ClientId::default());
    let host = server.host.trim_start_matches('[').trim_end_matches(']');
    let tls = tls(net, host).map_err(|error| NotTaken::new(Fault::Certificate, error))?;
    let at_once = (server.security == Security::Tls).then(|| tls.clone());
    let unreachable = |error: Error| match error.is_tls() {
        true => NotTaken::new(Fault::Certificate, error),
        false => NotTaken::new(Fault::Unreachable, error),
    };
    let mut connection = AsyncSmtpConnection::connect_tokio1((host, server.port), Some(timeout), &hello, at_once, None)
        .await
        .map_err(unreachable)?;
    if server.security == Security::Starttls {
        if connection.can_starttls() {
            connection.starttls(tls, &hello).await.map_err(unreachable)?;
        } else if !outgoing.may_stay_clear {
            return Err(NotTaken::new(Fault::Certificate, "the server does not offer STARTTLS"));
        }
    }
    if let Some((user, password)) = login {
        if outgoing.may_stay_clear && !connection.is_encrypted() {
            return Err(NotTaken::new(
                Fault::Certificate,
                "the password is not sent in clear: the server does not offer STARTTLS",
            ));
        }
        let credentials = Credentials::new(user.clone(), password.expose_secret().into());
        connection.auth(DEFAULT_MECHANISMS, &credentials).await.map_err(|error| {
            let fault = if error.is_permanent() || error.is_client() { Fault::Login } else { Fault::Unreachable };
            NotTaken::said(fault, &error)
        })?;
    }
    Ok(connection)
}

/// The built-in authorities and those of `ca_file`; TLS 1.2 is the least.
fn tls(net: &Net, host: &str) -> Result<TlsParameters, Error> {
    let mut tls = TlsParameters::builder(host.to_string())
        .certificate_store(CertificateStore::WebpkiRoots)
        .set_min_tls_version(TlsVersion::Tlsv12);
    for root in net.further_roots() {
        tls = tls.add_root_certificate(Certificate::from_der(root.to_vec())?);
    }
    tls.build()
}
