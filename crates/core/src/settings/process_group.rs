//! A program and everything it started, ended together.

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Child;

/// Ends the process group when dropped, unless it was released.
#[derive(Debug)]
pub(super) struct ProcessGroup(Option<Pid>);

impl ProcessGroup {
    /// The group of a child that was started as the leader of its own.
    pub(super) fn led_by(child: &Child) -> Self {
        Self(child.id().and_then(|id| Pid::from_raw(id.cast_signed())))
    }

    /// The program has ended well: what it left running, such as a key agent, is meant to run on.
    pub(super) fn release(mut self) {
        self.0 = None;
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // It may have ended already.
            kill_process_group(group, Signal::KILL).ok();
        }
    }
}
