//! In charge of how many connections people's own reading may have at once to one mail server: two, beside the watch's, of
//! which a download, that lasts as long as its taker, may have one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{FaultKind, MailFault};
use crate::model::server::Server;

/// How long somebody waits for a place.
const PATIENCE: Duration = Duration::from_secs(30);

/// The places of this node.
#[derive(Debug)]
pub struct Places {
    all: Kind,
    downloads: Kind,
}

impl Default for Places {
    fn default() -> Places {
        Places { all: Kind::of(2), downloads: Kind::of(1) }
    }
}

impl Places {
    /// Waits for a place at a server and holds it until dropped.
    pub async fn take(&self, server: &Server) -> Result<OwnedSemaphorePermit, MailFault> {
        self.all.take(server).await
    }

    /// What a download takes before its place, and holds as long: who reads, or adds a mailbox, has the other place.
    pub async fn take_for_download(&self, server: &Server) -> Result<OwnedSemaphorePermit, MailFault> {
        self.downloads.take(server).await
    }
}

/// Places of one kind.
#[derive(Debug)]
struct Kind {
    /// For each host:port.
    each: usize,
    servers: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Kind {
    fn of(each: usize) -> Kind {
        Kind { each, servers: Mutex::default() }
    }

    async fn take(&self, server: &Server) -> Result<OwnedSemaphorePermit, MailFault> {
        let places = {
            let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
            // Servers at which nobody holds or waits for a place are forgotten.
            servers.retain(|_, places| Arc::strong_count(places) > 1 || places.available_permits() < self.each);
            servers.entry(server.key()).or_insert_with(|| Arc::new(Semaphore::new(self.each))).clone()
        };
        match tokio::time::timeout(PATIENCE, places.acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(MailFault::ours(FaultKind::LoginUnavailable, "too-many-readings")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::server::Security;

    #[tokio::test(start_paused = true)]
    async fn two_at_once_then_whoever_comes_waits_and_is_told() {
        let places = Places::default();
        let server = Server { host: "a.example".into(), port: 993, security: Security::Tls };
        let (one, _two) = (places.take(&server).await.unwrap(), places.take(&server).await.unwrap());
        assert_eq!(places.take(&server).await.unwrap_err().kind, FaultKind::LoginUnavailable);
        let other = Server { port: 143, ..server.clone() };
        assert!(places.take(&other).await.is_ok());
        drop(one);
        assert!(places.take(&server).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn downloads_leave_a_place_to_others() {
        let places = Places::default();
        let server = Server { host: "a.example".into(), port: 993, security: Security::Tls };
        let download = async || {
            let first = places.take_for_download(&server).await?;
            Ok::<_, MailFault>((first, places.take(&server).await?))
        };
        let one = download().await.unwrap();
        assert_eq!(download().await.unwrap_err().kind, FaultKind::LoginUnavailable);
        assert!(places.take(&server).await.is_ok(), "the other is for reading");
        drop(one);
        assert!(download().await.is_ok());
    }
}
