//! In charge of a wire between browser and program that can be cut: what is under way breaks off, who comes is turned away,
//! as when a server or a network is down. Does not know what it carries.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// A wire, and where it begins.
pub struct Wire {
    /// `http://127.0.0.1:PORT`.
    pub origin: String,
    is_cut: watch::Sender<bool>,
}

impl Wire {
    /// A wire to the program at `http://127.0.0.1:PORT`. It is gone with this value.
    pub async fn to(base: &str) -> Wire {
        let target = base.trim_start_matches("http://").to_string();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (is_cut, state) = watch::channel(false);
        tokio::spawn(carry(listener, target, state));
        Wire { origin, is_cut }
    }

    /// Cuts it.
    pub fn cut(&self) {
        self.is_cut.send_replace(true);
    }

    /// Mends it.
    pub fn mend(&self) {
        self.is_cut.send_replace(false);
    }
}

async fn carry(listener: TcpListener, target: String, mut is_cut: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    loop {
        tokio::select! {
            come = listener.accept() => {
                let Ok((mut near, _)) = come else { return };
                if *is_cut.borrow() {
                    continue;
                }
                let target = target.clone();
                under_way.spawn(async move {
                    let mut far = TcpStream::connect(target).await?;
                    copy_bidirectional(&mut near, &mut far).await
                });
            }
            changed = is_cut.changed() => match changed {
                Ok(()) if *is_cut.borrow() => under_way.abort_all(),
                Ok(()) => {}
                Err(_) => return,
            },
            Some(_) = under_way.join_next() => {}
        }
    }
}
