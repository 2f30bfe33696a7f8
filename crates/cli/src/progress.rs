//! A sign of life on stderr when something takes longer than a second, for people only.

use std::io::IsTerminal;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const QUIET_FOR: Duration = Duration::from_secs(1);
const FRAME: Duration = Duration::from_millis(100);

/// Says that work goes on, and how much of it is done. Gone when dropped.
pub(crate) struct Progress {
    bar: Option<Arc<ProgressBar>>,
    what: &'static str,
    count: u64,
}

impl Progress {
    /// Progress of a command. Nothing is drawn unless stderr is a terminal and results do not scroll over it.
    pub(crate) fn new(what: &'static str, results_scroll: bool, quiet: bool) -> Self {
        let wanted =
            !quiet && std::io::stderr().is_terminal() && !(results_scroll && std::io::stdout().is_terminal());
        Self { bar: wanted.then(|| appearing_later(what)), what, count: 0 }
    }

    /// One more of what is counted.
    pub(crate) fn tick(&mut self) {
        self.count += 1;
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{} {}", self.count, self.what));
        }
    }
}

fn appearing_later(what: &'static str) -> Arc<ProgressBar> {
    let bar = ProgressBar::hidden();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    bar.set_message(what);
    let bar = Arc::new(bar);
    let later = Arc::downgrade(&bar);
    thread::spawn(move || {
        thread::sleep(QUIET_FOR);
        // By now the work may be done and the bar gone.
        if let Some(bar) = later.upgrade() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(FRAME);
        }
    });
    bar
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
