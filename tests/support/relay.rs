//! In charge of a wire that can be cut: a TCP forwarder to the mail server that counts who comes. Does not know what it carries.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The wire to one port.
pub struct Relay {
    pub port: u16,
    state: Arc<State>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    is_cut: AtomicBool,
    is_silent: AtomicBool,
    came: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Relay {
    /// A wire to this port of loopback.
    pub async fn to(target: u16) -> Relay {
        Relay::from("127.0.0.1", target).await
    }

    /// The same, beginning at this address.
    pub async fn from(address: &str, target: u16) -> Relay {
        let listener = TcpListener::bind((address, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let state = Arc::new(State::default());
        let task = tokio::spawn(serve(listener, target, state.clone()));
        Relay { port, state, task }
    }

    /// Cuts the wire: whoever comes is turned away.
    pub fn cut(&self) {
        self.state.is_cut.store(true, Ordering::SeqCst);
    }

    /// Lets nobody through, but keeps who comes on the line.
    pub fn hold(&self) {
        self.state.is_silent.store(true, Ordering::SeqCst);
    }

    /// Mends the wire.
    pub fn mend(&self) {
        self.state.is_cut.store(false, Ordering::SeqCst);
        self.state.is_silent.store(false, Ordering::SeqCst);
    }

    /// How many have come so far.
    pub fn connections(&self) -> usize {
        self.state.came.load(Ordering::SeqCst)
    }

    /// How many were on the line at once, at most: who has hung up counts no longer, whatever this task has yet to hear of it.
    pub fn most_at_once(&self) -> usize {
        self.state.most_at_once.load(Ordering::SeqCst)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, target: u16, state: Arc<State>) {
    let mut held = Vec::new();
    let (mut carried, mut on_line) = (tokio::task::JoinSet::new(), Vec::new());
    loop {
        let Ok((mut near, _)) = listener.accept().await else { return };
        state.came.fetch_add(1, Ordering::SeqCst);
        if state.is_cut.load(Ordering::SeqCst) {
            let _ = near.set_zero_linger();
        } else if state.is_silent.load(Ordering::SeqCst) {
            held.push(near);
        } else if let Ok(mut far) = TcpStream::connect(("127.0.0.1", target)).await {
            on_line.retain(|one| !has_hung_up(one));
            on_line.push(near.as_fd().try_clone_to_owned().expect("another handle"));
            state.most_at_once.fetch_max(on_line.len(), Ordering::SeqCst);
            carried.spawn(async move {
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                let _ = near.shutdown().await;
            });
        }
    }
}

/// True when the other end has closed: asked of the kernel, which knows before any task is told.
fn has_hung_up(line: &OwnedFd) -> bool {
    let mut asked = [PollFd::new(line, PollFlags::RDHUP)];
    poll(&mut asked, Some(&Timespec::default())).is_ok() && !asked[0].revents().is_empty()
}
