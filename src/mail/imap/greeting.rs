//! In charge of seeing whether a server answers, without being anybody: greeting and TLS, no login.

use secrecy::SecretString;

use super::Login;
use super::login;
use super::session::Session;
use crate::mail::MailFault;
use crate::mail::net::Net;
use crate::model::server::{Security, Server};

/// Connects as a visit would, checks the certificate, hears the greeting and leaves. No credential is sent.
///
/// # Errors
/// `NotAllowed`, `Unreachable`, `Certificate`, `Protocol` or `TooMuch`.
pub async fn greet(net: &Net, server: &Server) -> Result<(), MailFault> {
    let nothing = SecretString::from("");
    let nobody = Login { username: "", password: &nothing };
    let mut session = Session::new(net.reach(server).await?, &nobody);
    login::greet(&mut session).await?;
    if server.security == Security::Starttls {
        login::start_tls(&mut session, net, server).await?;
    }
    session.leave().await;
    Ok(())
}
