//! The browser that came, and the wait for it.

use std::sync::Arc;

use async_trait::async_trait;
use defender_xdr_core::Secret;
use defender_xdr_core::auth::{AuthError, AuthErrorKind, Reception};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use super::Limits;
use super::door::Door;
use super::page::Page;
use super::serve::{Connections, accept};

/// A browser with an answer, whose request waits for its page.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) answer: Secret,
    pub(super) page: oneshot::Sender<Page>,
    /// Closed when the connection is.
    pub(super) left: oneshot::Receiver<()>,
}

/// Waits for the browser. Dropping it closes every socket.
#[derive(Debug)]
pub(crate) struct Lobby {
    arrivals: mpsc::Receiver<Guest>,
    guest: Option<Guest>,
    /// The tasks that accept: ended as soon as somebody is in.
    accepting: JoinSet<()>,
    _connections: Arc<Connections>,
    deadline: Instant,
    limits: Limits,
}

impl Lobby {
    pub(super) fn open(sockets: Vec<TcpListener>, door: Door, limits: Limits) -> Self {
        let (sender, arrivals) = mpsc::channel(1);
        let connections = Arc::new(Connections::new(door, sender, limits));
        let mut accepting = JoinSet::new();
        for socket in sockets {
            accepting.spawn(accept(socket, Arc::downgrade(&connections)));
        }
        let deadline = Instant::now() + limits.stay;
        Self { arrivals, guest: None, accepting, _connections: connections, deadline, limits }
    }
}

#[async_trait]
impl Reception for Lobby {
    async fn receive(&mut self) -> Result<Secret, AuthError> {
        let arrival = timeout_at(self.deadline, self.arrivals.recv()).await;
        // Kept before the next pause: whoever gives up waiting for us must not lose the guest.
        let answer = arrival.ok().flatten().map(|guest| self.guest.insert(guest).answer.clone());
        self.accepting.shutdown().await;
        answer.ok_or_else(|| {
            let minutes = self.limits.stay.as_secs().div_ceil(60);
            AuthError::new(
                AuthErrorKind::Expired,
                format!("no browser came back from the sign-in page within {minutes} minutes"),
            )
            .with_hint(
                "if the browser shows an AADSTS code, the sign-in was refused there; if it runs on another machine, \
                 copy the address it ended at and give it to `auth complete`",
            )
        })
    }

    async fn conclude(mut self: Box<Self>, failure: Option<&AuthError>) {
        // Somebody may have come while the answer was taken from elsewhere.
        let Some(guest) = self.guest.take().or_else(|| self.arrivals.try_recv().ok()) else { return };
        if guest.page.send(Page::of(failure)).is_ok() {
            // An error says that the connection is closed, which is what is waited for.
            timeout(self.limits.farewell, guest.left).await.ok();
        }
    }
}
