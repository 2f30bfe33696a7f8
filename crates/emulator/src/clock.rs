//! The tenant's clock: the machine's, moved by an offset that tests and scripts control.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The years a tenant can live in: far from the ends of what a timestamp can hold, so that every life time can be
/// added to the time.
const YEARS: std::ops::RangeInclusive<i16> = 1971..=9000;

/// The time is outside the years a tenant can live in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the clock goes from the year {} to the year {}", YEARS.start(), YEARS.end())]
pub(crate) struct OutOfTime;

/// A clock that ticks with the machine's but can be set and moved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    offset: SignedDuration,
}

impl Clock {
    /// A clock that shows `start` now, or the machine's time without one.
    pub(crate) fn starting_at(start: Option<Timestamp>) -> Result<Self, OutOfTime> {
        let mut clock = Self { offset: SignedDuration::ZERO };
        if let Some(start) = start {
            clock.set(start)?;
        }
        Ok(clock)
    }

    /// The tenant's time.
    pub(crate) fn now(&self) -> Timestamp {
        let wall = Timestamp::now();
        wall.checked_add(self.offset).unwrap_or(wall)
    }

    /// Moves the clock forward, or back with a negative step; it stays as it is when that leads too far.
    pub(crate) fn advance(&mut self, step: SignedDuration) -> Result<(), OutOfTime> {
        self.set(self.now().checked_add(step).map_err(|_| OutOfTime)?)
    }

    /// Sets the clock; it goes on ticking from there.
    pub(crate) fn set(&mut self, to: Timestamp) -> Result<(), OutOfTime> {
        if !YEARS.contains(&to.to_zoned(TimeZone::UTC).year()) {
            return Err(OutOfTime);
        }
        self.offset = to.duration_since(Timestamp::now());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_to_a_moment_shows_it_and_moves_by_steps() {
        let start: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
        let mut clock = Clock::starting_at(Some(start)).unwrap();
        assert!(clock.now().duration_since(start) < SignedDuration::from_secs(60));
        clock.advance(SignedDuration::from_hours(24)).unwrap();
        let moved = clock.now().duration_since(start);
        assert!(moved >= SignedDuration::from_hours(24) && moved < SignedDuration::from_hours(25));
    }

    #[test]
    fn a_clock_that_would_leave_its_years_stays_as_it_is() {
        let start: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
        let mut clock = Clock::starting_at(Some(start)).unwrap();
        for step in [SignedDuration::MAX, SignedDuration::MIN, SignedDuration::from_hours(24 * 366 * 7000)] {
            assert_eq!(clock.advance(step), Err(OutOfTime));
        }
        assert_eq!(clock.set(Timestamp::MAX), Err(OutOfTime));
        assert!(clock.now().duration_since(start) < SignedDuration::from_secs(60));
        assert!(Clock::starting_at(Some(Timestamp::MIN)).is_err());
    }
}
