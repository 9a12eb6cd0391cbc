//! In charge of reaching a mail server: which addresses may be called, and under which TLS. Does not know what is
//! said once there.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

use super::stream::{Wire, io_fault};
use super::{FaultKind, MailFault};
use crate::model::server::{Security, Server};

/// The longest list of addresses of one name that is tried.
const MOST_ADDRESSES: usize = 4;

/// What a name was found to mean is taken as found for so long.
const NAME_LASTS: Duration = Duration::from_secs(5);

/// A visit may last this many times the time allowed for one command.
const COMMANDS_PER_VISIT: u32 = 3;

/// What the settings allow toward servers typed into the program.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Servers on loopback, private and other non-public addresses may be called.
    pub allow_private: bool,
    /// `Security::None` may be used.
    pub allow_plaintext: bool,
    /// For the whole answer to one command, not between bytes. A visit has three times as much in all.
    pub timeout: Duration,
}

/// The way out: TLS with its authorities, and the policy.
pub struct Net {
    tls: TlsConnector,
    policy: Policy,
    /// Authorities trusted beside the built-in ones.
    further_roots: Vec<CertificateDer<'static>>,
    /// Addresses that were found and checked a moment ago, by host and port.
    found: Mutex<HashMap<String, (Instant, Vec<SocketAddr>)>>,
}

impl Net {
    /// Trusts the built-in authorities and those of `further_roots_pem`.
    ///
    /// # Errors
    /// `Certificate` when the PEM holds no certificate, or one that cannot be an authority.
    pub fn new(policy: Policy, further_roots_pem: Option<&[u8]>) -> Result<Net, MailFault> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let mut further_roots = Vec::new();
        if let Some(pem) = further_roots_pem {
            let unreadable = |why: String| MailFault::ours_with(FaultKind::Certificate, "further-roots", why);
            let before = roots.len();
            for found in CertificateDer::pem_slice_iter(pem) {
                let found = found.map_err(|error| unreadable(error.to_string()))?;
                roots.add(found.clone()).map_err(|error| unreadable(error.to_string()))?;
                further_roots.push(found);
            }
            if roots.len() == before {
                return Err(unreadable("no certificate in the file".to_string()));
            }
        }
        // The provider is named here, so that nothing depends on a default installed by the program.
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(|error| MailFault::new(FaultKind::Certificate, error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Net { tls: TlsConnector::from(Arc::new(config)), policy, further_roots, found: Mutex::default() })
    }

    /// The authorities trusted beside the built-in ones.
    pub(super) fn further_roots(&self) -> &[CertificateDer<'static>] {
        &self.further_roots
    }

    /// How long one command may take.
    pub(super) fn timeout(&self) -> Duration {
        self.policy.timeout
    }

    /// True when this server is not called: its host is an address, and not one of those allowed. A name tells only when it
    /// is resolved.
    pub fn refuses(&self, server: &Server) -> bool {
        let address = bare_host(server).parse::<IpAddr>();
        !self.policy.allow_private && address.is_ok_and(|ip| !is_public(ip))
    }

    /// Connects, with TLS already in place for `Security::Tls`, and starts the clock of the visit.
    pub(super) async fn reach(&self, server: &Server) -> Result<Wire, MailFault> {
        if server.security == Security::None && !self.policy.allow_plaintext {
            return Err(MailFault::ours(FaultKind::NotAllowed, "no-clear-text"));
        }
        let timeout = self.policy.timeout;
        let ends = Instant::now() + timeout;
        let late = |_| MailFault::ours_with(FaultKind::Unreachable, "no-connection-within", format!("{timeout:?}"));
        let addresses = timeout_at(ends, self.allowed_addresses(server)).await.map_err(late)??;
        let socket = connect(&addresses, ends).await?;
        let visit_ends = ends + timeout * (COMMANDS_PER_VISIT - 1);
        let mut wire = Wire::new(Box::new(socket), timeout, ends, visit_ends);
        if server.security == Security::Tls {
            self.secure(&mut wire, server).await?;
        }
        Ok(wire)
    }

    /// Puts TLS on a connection within the time of its command; name and chain are checked, TLS 1.2 is the least.
    pub(super) async fn secure(&self, wire: &mut Wire, server: &Server) -> Result<(), MailFault> {
        let name = ServerName::try_from(bare_host(server).to_string())
            .map_err(|_| MailFault::ours(FaultKind::Certificate, "name-not-certifiable"))?;
        let clear = wire.take_socket()?;
        let secured = timeout_at(wire.command_ends(), self.tls.connect(name, clear)).await;
        let secured = secured.map_err(|_| wire.late())?.map_err(|error| io_fault(&error))?;
        wire.put_socket(Box::new(secured));
        Ok(())
    }

    /// Resolves the name once; what is returned has been checked and is what will be connected to. Hundreds of mailboxes at
    /// one server ask for its name once in a few seconds.
    async fn allowed_addresses(&self, server: &Server) -> Result<Vec<SocketAddr>, MailFault> {
        let (key, now) = (server.key(), Instant::now());
        if let Some((_, addresses)) = self.found().get(&key).filter(|(at, _)| now - *at < NAME_LASTS) {
            return Ok(addresses.clone());
        }
        let addresses = self.look_up(server).await?;
        let mut found = self.found();
        found.retain(|_, (at, _)| now - *at < NAME_LASTS);
        found.insert(key, (now, addresses.clone()));
        Ok(addresses)
    }

    fn found(&self) -> MutexGuard<'_, HashMap<String, (Instant, Vec<SocketAddr>)>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn look_up(&self, server: &Server) -> Result<Vec<SocketAddr>, MailFault> {
        let found: Vec<SocketAddr> = tokio::net::lookup_host((bare_host(server), server.port))
            .await
            .map_err(|_| MailFault::ours(FaultKind::Unreachable, "name-unknown"))?
            .collect();
        if found.is_empty() {
            return Err(MailFault::ours(FaultKind::Unreachable, "name-without-address"));
        }
        let allowed = found.into_iter().filter(|to| self.policy.allow_private || is_public(to.ip()));
        let allowed: Vec<SocketAddr> = allowed.take(MOST_ADDRESSES).collect();
        if allowed.is_empty() {
            return Err(MailFault::ours(FaultKind::NotAllowed, "address-not-public"));
        }
        Ok(allowed)
    }
}

/// The host without the brackets of an IPv6 literal.
fn bare_host(server: &Server) -> &str {
    server.host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&server.host)
}

/// Tries the addresses in order; each has an equal share of the time left, so that a dead one does not eat it all.
async fn connect(addresses: &[SocketAddr], ends: Instant) -> Result<TcpStream, MailFault> {
    let mut fault = MailFault::ours(FaultKind::Unreachable, "no-answer-to-connection");
    for (tried, address) in addresses.iter().enumerate() {
        let left = ends.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(addresses.len() - tried).unwrap_or(1);
        match timeout_at(Instant::now() + share, TcpStream::connect(address)).await {
            Ok(Ok(socket)) => {
                // Commands are small and each waits for its answer: Nagle would cost 40 ms each.
                socket.set_nodelay(true).map_err(|error| io_fault(&error))?;
                return Ok(socket);
            }
            Ok(Err(error)) => fault = io_fault(&error),
            Err(_) => {}
        }
    }
    Err(fault)
}

/// Whether an address belongs to the public Internet (IANA special-purpose registries, RFC 6890 and its updates).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let special = match ip.octets() {
        [0 | 10 | 127, ..] => true,                       // this network, private, loopback
        [100, second, ..] => (64..128).contains(&second), // carrier-grade NAT, RFC 6598
        [169, 254, ..] => true,                           // link-local, and the metadata services of clouds
        [172, second, ..] => (16..32).contains(&second),  // private
        [192, 168, ..] => true,                           // private
        [192, 0, 0 | 2, _] | [192, 88, 99, _] => true,    // protocol assignments, documentation, 6to4 relay
        [198, 18 | 19, ..] => true,                       // benchmarks
        [198, 51, 100, _] | [203, 0, 113, _] => true,     // documentation
        [224..=255, ..] => true,                          // multicast, reserved, broadcast
        _ => false,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        // NAT64 (RFC 6052): as public as the address inside.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false, // Teredo, ORCHID, …; documentation
        [0x2002, ..] => false,                                              // 6to4, which hides an IPv4 address
        [0x3fff, second, ..] if second < 0x1000 => false,                   // documentation, RFC 9637
        [first, ..] => (0x2000..0x4000).contains(&first), // all the rest (v4-mapped, ULA, link-local, …) is not global
    }
}

#[cfg(test)]
mod tests;
