//! In charge of nothing but holding together what everybody needs: built once by `boot`, passed down.
//! Stands between floors 1 and 2: knows the hands and the words, nothing above.

use std::sync::Arc;

use tokio::sync::{Mutex, Notify, watch};

use crate::chain::ChainKey;
use crate::clock::Clock;
use crate::config::Settings;
use crate::files::master::Master;
use crate::hasher::Hasher;
use crate::key::InstallationKey;
use crate::mail::net::Net;
use crate::mail::places::Places;
use crate::mail::signature::Anchors;
use crate::store::Db;

/// The keys of this installation, opened.
#[derive(Debug)]
pub struct Keys {
    /// Seals; a rotation made while we run is followed.
    pub master: Master,
    pub chain: ChainKey,
    /// Closes the mails that wait in the outbox.
    pub outbox: InstallationKey,
    /// Closes the passwords of the desk's own mailboxes.
    pub intake: InstallationKey,
    /// A random name made with the database: seals are bound to it, so that they open nowhere else.
    pub instance_id: String,
}

/// The program, without its doors.
pub struct App {
    pub settings: Settings,
    pub db: Db,
    pub clock: Clock,
    pub keys: Keys,
    pub net: Net,
    /// The authorities that say who a provider of certified mail is.
    pub anchors: Arc<Anchors>,
    pub hasher: Hasher,
    /// Connections that people's own reading may have at once to each mail server.
    pub places: Places,
    /// Held by who loads mailboxes from a file: one at a time on this node.
    pub imports: Mutex<()>,
    /// One try at a time of the same password at the same server.
    pub tries: Tries,
    /// Which node of the installation this is, in leases and runs.
    pub node: String,
    /// Rung when there is work for the runner: it looks at once instead of at its next tick.
    pub work: Notify,
    /// Rung when a mail was put in the outbox.
    pub post: Notify,
    /// Rung when one of the desk's own mailboxes was changed.
    pub intake: Notify,
    /// Rung when one of them has brought a mail.
    pub arrived: Notify,
    /// Rung when this node has changed a mailbox: the revision is read again at once.
    pub changed: Notify,
    /// The revision of the mailboxes, as last seen by this node; consoles listen to it.
    pub revision: watch::Sender<i64>,
    /// The number of visits that this node has ended; whoever waits for one listens to it.
    pub visits_made: watch::Sender<u64>,
}

impl App {
    /// Says that something on the console has changed, so that open pages hear of it without waiting for the next look.
    pub fn look_again(&self) {
        self.changed.notify_one();
    }
}

/// The program, shared by all its doors.
pub type Shared = Arc<App>;

/// Locks by name, a fixed number for all names: two names seldom share one.
#[derive(Debug)]
pub struct Tries(Vec<tokio::sync::Mutex<()>>);

impl Default for Tries {
    fn default() -> Tries {
        Tries((0..1024).map(|_| tokio::sync::Mutex::default()).collect())
    }
}

impl Tries {
    /// Waits for the lock of a name.
    pub async fn take(&self, name: &str) -> tokio::sync::MutexGuard<'_, ()> {
        let place = name.bytes().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        self.0[place % self.0.len()].lock().await
    }
}
