//! The tenant's clock: the machine's, moved by an offset that tests and scripts control.

use jiff::{SignedDuration, Timestamp};

/// A clock that ticks with the machine's but can be set and moved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    offset: SignedDuration,
}

impl Clock {
    /// A clock that shows `start` now, or the machine's time without one.
    pub(crate) fn starting_at(start: Option<Timestamp>) -> Self {
        let mut clock = Self { offset: SignedDuration::ZERO };
        if let Some(start) = start {
            clock.set(start);
        }
        clock
    }

    /// The tenant's time.
    pub(crate) fn now(&self) -> Timestamp {
        let wall = Timestamp::now();
        wall.checked_add(self.offset).unwrap_or(wall)
    }

    /// Moves the clock forward, or back with a negative step.
    pub(crate) fn advance(&mut self, step: SignedDuration) {
        self.offset = self.offset.checked_add(step).unwrap_or(self.offset);
    }

    /// Sets the clock; it goes on ticking from there.
    pub(crate) fn set(&mut self, to: Timestamp) {
        self.offset = to.duration_since(Timestamp::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_to_a_moment_shows_it_and_moves_by_steps() {
        let start: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
        let mut clock = Clock::starting_at(Some(start));
        assert!(clock.now().duration_since(start) < SignedDuration::from_secs(60));
        clock.advance(SignedDuration::from_hours(24));
        let moved = clock.now().duration_since(start);
        assert!(moved >= SignedDuration::from_hours(24) && moved < SignedDuration::from_hours(25));
    }
}
