//! In charge of how many connections people's own reading may have at once to one mail server: two, beside the watch's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{FaultKind, MailFault};
use crate::model::server::Server;

/// Places for each host:port.
const EACH: usize = 2;

/// How long somebody waits for a place.
const PATIENCE: Duration = Duration::from_secs(30);

/// The places of this node.
#[derive(Debug, Default)]
pub struct Places {
    servers: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Places {
    /// Waits for a place at a server and holds it until dropped.
    pub async fn take(&self, server: &Server) -> Result<OwnedSemaphorePermit, MailFault> {
        let places = {
            let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
            // Servers at which nobody holds or waits for a place are forgotten.
            servers.retain(|_, places| Arc::strong_count(places) > 1 || places.available_permits() < EACH);
            servers.entry(server.key()).or_insert_with(|| Arc::new(Semaphore::new(EACH))).clone()
        };
        match tokio::time::timeout(PATIENCE, places.acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(MailFault::new(
                FaultKind::LoginUnavailable,
                "Troppe letture insieme da questo server: riprovare tra poco",
            )),
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
}
