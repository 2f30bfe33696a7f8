//! Ctrl-C for commands that want to finish what they have begun: the first one asks them to, the second ends them.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::ctrl_c;
use tokio::signal::unix::SignalKind;

use crate::failure::Failure;
use crate::watch::Watch;

/// Whether the command that runs listens for Ctrl-C itself.
#[derive(Debug, Default)]
pub(crate) struct Interrupts {
    listening: AtomicBool,
}

impl Interrupts {
    /// Ends when Ctrl-C is pressed. From now on the first one does not end the command.
    pub(crate) async fn first(&self) {
        let pressed = ctrl_c();
        self.listening.store(true, Ordering::Relaxed);
        if pressed.await.is_err() {
            // Whoever cannot listen here is ended from outside, as ever.
            self.listening.store(false, Ordering::Relaxed);
            std::future::pending::<()>().await;
        }
    }

    /// Runs a command until it ends or Ctrl-C ends it; what was being written is finished or never appears.
    pub(crate) async fn end<T>(
        &self,
        command: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let watch = Watch::start(SignalKind::interrupt());
        tokio::pin!(command);
        loop {
            tokio::select! {
                // Listening comes first: a command may say that it is ready before it waits for the first time.
                biased;
                interrupt = ctrl_c() => {
                    interrupt.map_err(|error| Failure::bug(format!("cannot listen for Ctrl-C: {error}")))?;
                    watch.heard();
                    if !self.listening.swap(false, Ordering::Relaxed) {
                        return Err(Failure::Interrupted);
                    }
                }
                result = &mut command => return result,
            }
        }
    }
}
