//! What a person pastes: one line of standard input, read so that Ctrl-C and a browser that comes first still work.

use std::io::BufRead;

use defender_xdr_core::Secret;
use tokio::sync::oneshot;

/// The next line of standard input; `None` at its end, when it is empty, or when it is no text. Reading is left
/// to a thread that nobody waits for: a keyboard may never answer.
pub(crate) async fn line() -> Option<Secret> {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).ok().filter(|read| *read > 0);
        // Nobody listens any more when the browser came first.
        sender.send(read.map(|_| line)).ok();
    });
    let line = receiver.await.ok().flatten()?;
    Some(Secret::new(line.trim())).filter(|line| !line.is_empty())
}
