//! Ctrl-C for a filter that does not end. A filter runs on the only thread there is and waits for nothing, so nobody
//! else could hear it.

use std::thread;
use std::time::Duration;

use crate::exit::Exit;

/// A command that hears Ctrl-C itself ends long before.
const PATIENCE: Duration = Duration::from_secs(3);

/// Ends the process a while after Ctrl-C, should it still be there.
pub(super) fn end_a_filter_that_does_not() {
    // Without a thread Ctrl-C still works wherever the command waits for something.
    thread::Builder::new().name("interrupt".to_owned()).spawn(watch).ok();
}

#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "the thread that could end properly is lost in a filter"
)]
fn watch() {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
        thread::sleep(PATIENCE);
        std::process::exit(i32::from(Exit::Interrupted as u8));
    }
}
