//! Walking without an order: ranges of creation time that fit on one page, one after the other.
//!
//! A page that is not full is the whole range, whatever its order. A full one may be cut: the range is read again,
//! shorter. Only inside one instant, which cannot be shorter, is `$skip` used, until two readings agree.

use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use jiff::SignedDuration;

use super::ask::{Ask, TICK, ticks};
use super::plan::{Disorder, Seen};

/// Ranges without incidents lead on quickly.
const GROWTH: i32 = 8;

const READINGS: u32 = 5;

/// Before this, neither service existed.
const FIRST: i64 = 1_420_070_400;

/// Incidents are kept for half a year: what is older is asked for at once, and nearly never there.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 185);

/// The state of a walk.
#[derive(Debug, Clone)]
pub(super) struct Slices {
    from: Timestamp,
    /// Where the walk ends; open if absent.
    until: Option<Timestamp>,
    /// After this no incident is expected: a range that reaches it is left open.
    horizon: Timestamp,
    width: SignedDuration,
    /// The width that fits pages here; one instant full of incidents says nothing about it.
    usual: SignedDuration,
    /// A range that ended here was cut.
    cut: Option<Timestamp>,
    largest: usize,
    skip: usize,
    readings: u32,
    found: bool,
    done: bool,
}

impl Slices {
    /// A walk over what was created in a range; `now` is about the service's time. `sparse`: a long range is expected
    /// to hold little.
    pub(super) fn new(
        from: Option<Timestamp>,
        until: Option<Timestamp>,
        now: Timestamp,
        largest: usize,
        sparse: bool,
    ) -> Self {
        let from = from.unwrap_or_else(|| Timestamp::from_second(FIRST).unwrap_or(Timestamp::MIN));
        let whole = until.unwrap_or(now).duration_since(from);
        let day = SignedDuration::from_hours(24);
        let forgotten = now.duration_since(from) - KEPT;
        let usual = if whole > day && !sparse { day } else { whole.max(TICK) };
        let width = if sparse { usual } else { usual.max(forgotten.min(whole)) };
        Self {
            from,
            until,
            horizon: now,
            width,
            usual,
            cut: None,
            largest,
            skip: 0,
            readings: 0,
            found: false,
            done: until.is_some_and(|until| until <= from),
        }
    }

    /// The length of range that fits pages here.
    pub(super) fn usual(&self) -> SignedDuration {
        self.usual
    }

    /// Begins with ranges of a length that fitted a moment ago.
    pub(super) fn begin_with(&mut self, width: SignedDuration) {
        self.usual = width.clamp(TICK, self.usual.max(TICK));
        self.width = self.usual;
    }

    /// The end of the present range.
    fn end(&self) -> Option<Timestamp> {
        let end = self.from.saturating_add(ticks(self.width)).unwrap_or(Timestamp::MAX);
        match self.until {
            Some(until) => Some(end.min(until)),
            None => (end < self.horizon).then_some(end),
        }
    }

    fn is_an_instant(&self) -> bool {
        self.end().is_some_and(|end| end.duration_since(self.from) <= TICK)
    }

    pub(super) fn ask(&self, top: usize) -> Option<Ask> {
        let ask = Ask { from: Some(self.from), until: self.end(), ordered: false, top, skip: self.skip };
        (!self.done).then_some(ask)
    }

    /// Everything created before this has been read.
    pub(super) fn frontier(&self) -> Timestamp {
        self.from
    }

    /// Takes a page that was asked for with `top` records; whether its records count, or the range is read again in
    /// parts.
    ///
    /// # Errors
    /// When records came that were not asked for: the service does not keep to ranges.
    pub(super) fn accept(&mut self, page: &[Seen], top: usize, whole: bool) -> Result<bool, Disorder> {
        let end = self.end();
        let inside = |at: Timestamp| at >= self.from && end.is_none_or(|end| at < end);
        if !page.iter().filter_map(|seen| seen.created).all(inside) {
            return Err(Disorder);
        }
        self.found |= page.iter().any(|seen| seen.new);
        if whole {
            if self.skip > 0 && self.found && self.readings < READINGS {
                (self.skip, self.found) = (0, false);
                self.readings += 1;
            } else {
                self.advance(page);
            }
            return Ok(true);
        }
        if page.iter().all(|seen| seen.created.is_none()) {
            return Err(Disorder);
        }
        if top == self.largest && self.skip == 0 && !self.is_an_instant() {
            self.shorten(page);
            return Ok(false);
        }
        self.skip += page.len();
        Ok(true)
    }

    pub(super) fn pass_over(&mut self) {
        self.skip += 1;
        // Another reading would only meet it again.
        self.readings = READINGS;
    }

    fn advance(&mut self, page: &[Seen]) {
        let instant = self.is_an_instant();
        match self.end() {
            None => self.done = true,
            Some(end) => {
                self.from = end;
                self.done = self.until.is_some_and(|until| until <= end);
            }
        }
        // That nothing is left of long ago says nothing about today.
        let long_ago = page.is_empty() && self.width > KEPT;
        if !instant && !long_ago {
            self.usual = self.estimate(page);
        }
        self.width = self.usual;
        self.cut = self.cut.filter(|cut| page.is_empty() && *cut > self.from);
        if let Some(cut) = self.cut {
            // Somewhere before this there is more than a page: a wider range would only be cut again.
            self.width = self.width.min(cut.duration_since(self.from) / 2).max(TICK);
        }
        (self.skip, self.readings, self.found) = (0, 0, false);
    }

    /// Aims at pages that are two thirds full: wider ranges may be cut, narrower ones cost a call each.
    fn estimate(&self, page: &[Seen]) -> SignedDuration {
        let times = || page.iter().filter_map(|seen| seen.created);
        let count = i32::try_from(page.len()).unwrap_or(i32::MAX);
        let wanted = i32::try_from(self.largest * 2 / 3).unwrap_or(i32::MAX).max(1);
        let (Some(first), Some(last)) = (times().min(), times().max()) else {
            return self.width.saturating_mul(GROWTH);
        };
        if count < wanted / 4 {
            return self.width.saturating_mul(3);
        }
        // By the distance of the records, not the width of the range: the beginning of it may be empty.
        let spread =
            last.duration_since(first).checked_mul(wanted).map_or(self.width, |spread| spread / count);
        spread.clamp(self.width / GROWTH, self.width.saturating_mul(GROWTH)).max(TICK)
    }

    /// A cut page says that there is much, but not where: services tend to send the newest first. So the range is halved
    /// unless what came leads further.
    fn shorten(&mut self, page: &[Seen]) {
        let mut times: Vec<Timestamp> = page.iter().filter_map(|seen| seen.created).collect();
        times.sort_unstable();
        if let Some(last) = times.last() {
            // The service's clock may be ahead of ours; and even the last instant must be a range with an end.
            self.horizon = self.horizon.max(last.saturating_add(TICK * 2).unwrap_or(Timestamp::MAX));
        }
        let end = self.end().unwrap_or(self.horizon);
        self.cut = Some(end);
        let whole = end.duration_since(self.from);
        let distance = |at: Option<&Timestamp>| at.map_or(whole, |at| at.duration_since(self.from));
        let (first, middle) = (distance(times.first()), distance(times.get(times.len() / 2)));
        // All in one instant: what is before it first, then the instant alone.
        let width = if times.first() == times.last() { first } else { middle.min(whole / 2) };
        self.width = if width < whole { width } else { whole / 2 }.max(TICK);
    }
}

/// The largest page of an API: a larger one is refused, not cut.
pub(super) const fn largest_page(backend: Backend) -> usize {
    match backend {
        Backend::Graph => 50,
        Backend::Legacy => 100,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_stand_on_ticks_however_often_they_are_halved() {
        let at = |nanoseconds: i128| Timestamp::from_nanosecond(nanoseconds).expect("a time");
        let day = 86_400 * 1_000_000_000_i128;
        let (from, until) = (at(20_000 * day), at(20_007 * day + 300));
        let mut slices = Slices::new(Some(from), Some(until), until, 100, false);
        while let Some(ask) = slices.ask(100) {
            let (from, until) = (ask.from.expect("a begin"), ask.until.expect("an end"));
            assert_eq!((from.as_nanosecond() % 100, until.as_nanosecond() % 100), (0, 0));
            // A burst in the third day, of which every range that reaches it brings the first hundred.
            let burst = at(20_002 * day + 700);
            let reaches = from <= burst && burst < until && ask.skip == 0;
            let page = vec![Seen { created: Some(burst), new: true }; if reaches { 100 } else { 0 }];
            slices.accept(&page, 100, !reaches).expect("as asked for");
        }
    }
}
