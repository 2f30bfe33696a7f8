//! Ends the process when a command that was asked to end does not hear it: it may be in a write that nobody reads, or in
//! a jq expression that never ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::exit::Exit;

/// How long a command may take to hear.
const PATIENCE: Duration = Duration::from_secs(2);
/// The thread only waits.
const STACK: usize = 128 * 1024;

/// A thread that waits for a signal beside the command.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch {
    heard: Arc<AtomicBool>,
}

impl Watch {
    /// Begins to wait for `kind`. Where no thread can be had, only the command itself listens.
    pub(crate) fn start(kind: SignalKind) -> Self {
        let watch = Self::default();
        let heard = Arc::clone(&watch.heard);
        let thread = std::thread::Builder::new().name("signals".to_owned()).stack_size(STACK);
        drop(thread.spawn(move || wait(kind, &heard)));
        watch
    }

    /// The command knows.
    pub(crate) fn heard(&self) {
        self.heard.store(true, Ordering::Relaxed);
    }
}

fn wait(kind: SignalKind, heard: &AtomicBool) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        let Ok(mut signals) = signal(kind) else { return };
        while signals.recv().await.is_some() {
            tokio::time::sleep(PATIENCE).await;
            if !heard.swap(false, Ordering::Relaxed) {
                end();
            }
        }
    });
}

#[expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "the thread that could return is the one that is stuck"
)]
fn end() {
    std::process::exit(Exit::Interrupted as i32);
}
