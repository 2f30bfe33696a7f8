//! A clock that was set to another time, and goes on from there.

use std::time::Duration;

use async_trait::async_trait;
use defender_xdr_core::{Clock, SystemClock, Timestamp};
use jiff::SignedDuration;

/// The machine's clock, set forward or back.
#[derive(Debug, Clone, Copy)]
pub struct SetClock(SignedDuration);

impl SetClock {
    /// A clock that shows this time now.
    pub fn at(now: Timestamp) -> Self {
        Self(now.duration_since(SystemClock.now()))
    }
}

#[async_trait]
impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        let now = SystemClock.now();
        now.saturating_add(self.0).unwrap_or(now)
    }

    async fn sleep(&self, duration: Duration) {
        SystemClock.sleep(duration).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_from_where_it_was_set() {
        let set: Timestamp = "2027-02-01T00:00:00Z".parse().expect("a time");
        let (first, later) = (SetClock::at(set), SetClock::at(set));
        assert!(first.now() >= set && later.now().duration_since(set) < SignedDuration::from_mins(1));
    }
}
