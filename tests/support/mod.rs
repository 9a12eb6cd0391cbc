//! In charge of what tests stand on: the real program on a free port, a throw-away database, a real mail server, people.
//! Does not know what is tested.

pub mod app;
pub mod binary;
pub mod builders;
pub mod cast;
pub mod client;
pub mod database;
pub mod mail;
pub mod provider;
pub mod relay;
pub mod second_client;
pub mod smtp;

use std::path::Path;
use std::time::Duration;

/// The project's folder: that of the package, or one above it for the browser tests, a package of their own that shares these files.
pub fn root() -> &'static Path {
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    folders.find(|folder| folder.join("script/mail-server").exists()).expect("the project's folder")
}

/// How long a test waits for something that must happen. Long, so that a slow machine fails nothing.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until `look` finds something; fails with `what` when it does not.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let waiting = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::task::yield_now().await;
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    };
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(found) => found,
        Err(_) => panic!("it never came to this: {what}"),
    }
}
