//! How long a person still has, on the last line of a terminal.

use std::convert::Infallible;
use std::io::IsTerminal;
use std::time::Duration;

use defender_xdr_core::{Clock, SystemClock, Timestamp};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Waits for `work` and meanwhile counts down to `until`; only the work shows on anything but a terminal.
pub(crate) async fn while_waiting<T>(
    work: impl Future<Output = T>,
    until: Option<Timestamp>,
    quiet: bool,
) -> T {
    let Some(until) = until.filter(|_| !quiet && std::io::stderr().is_terminal()) else { return work.await };
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{msg}") {
        bar.set_style(style);
    }
    let counting = count(&bar, until);
    let done = tokio::select! {
        biased;
        done = work => done,
        never = counting => match never {},
    };
    bar.finish_and_clear();
    done
}

async fn count(bar: &ProgressBar, until: Timestamp) -> Infallible {
    loop {
        bar.set_message(left(until, SystemClock.now()));
        bar.tick();
        SystemClock.sleep(Duration::from_secs(1)).await;
    }
}

fn left(until: Timestamp, now: Timestamp) -> String {
    let seconds = until.duration_since(now).as_secs().max(0);
    format!("waiting for the sign-in: {}:{:02} left", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_and_seconds_are_counted_down_to_nothing() {
        let until: Timestamp = "2026-11-22T10:15:00Z".parse().expect("a time");
        let at = |text: &str| left(until, text.parse().expect("a time"));
        assert!(at("2026-11-22T10:00:00Z").ends_with(" 15:00 left"));
        assert!(at("2026-11-22T10:14:55.5Z").ends_with(" 0:04 left"));
        assert!(at("2026-11-22T11:00:00Z").ends_with(" 0:00 left"));
    }
}
