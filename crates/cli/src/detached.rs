//! Work that blocks and may never end, such as reading from a keyboard or waiting for a lock: on a thread that nobody
//! waits for when the program ends. The runtime's own threads would hold Ctrl-C up.

use std::thread;

use tokio::sync::oneshot;

/// Runs `work` on a thread of its own; `None` when it could not be started or panicked.
pub(crate) async fn detached<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, result) = oneshot::channel();
    let started = thread::Builder::new().name("detached".to_owned()).spawn(move || {
        // Nobody listens any more after Ctrl-C.
        done.send(work()).ok();
    });
    started.ok()?;
    result.await.ok()
}
