//! What a person pastes: one line of standard input, read so that Ctrl-C and a browser that comes first still work.

use std::io::BufRead;

use defender_xdr_core::Secret;
use tokio::sync::oneshot;

/// The next line of standard input that is not blank; `None` at its end, or when it is no text. Reading is left
/// to a thread that nobody waits for: a keyboard may never answer.
pub(crate) async fn line() -> Option<Secret> {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let lines = std::io::stdin().lock().lines().map_while(Result::ok);
        let line = lines.map(Secret::new).find(|line| !line.expose().trim().is_empty());
        // Nobody listens any more when the browser came first.
        sender.send(line).ok();
    });
    let line = receiver.await.ok().flatten()?;
    Some(Secret::new(line.expose().trim()))
}
