//! A sign of life on stderr when something takes longer than a second, for people only.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const QUIET_FOR: Duration = Duration::from_secs(1);

/// Counts what has been done.
pub(crate) struct Progress {
    started: Instant,
    what: &'static str,
    count: u64,
    wanted: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Progress of a command that fetches many of something. Nothing is drawn unless stderr is a terminal and
    /// results do not scroll over it.
    pub(crate) fn new(what: &'static str, results_scroll: bool, quiet: bool) -> Self {
        let wanted =
            !quiet && std::io::stderr().is_terminal() && !(results_scroll && std::io::stdout().is_terminal());
        Self { started: Instant::now(), what, count: 0, wanted, bar: None }
    }

    /// One more.
    pub(crate) fn tick(&mut self) {
        self.count += 1;
        if !self.wanted || (self.bar.is_none() && self.started.elapsed() < QUIET_FOR) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_message(format!("{} {}", self.count, self.what));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
