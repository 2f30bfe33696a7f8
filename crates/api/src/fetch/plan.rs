//! Which page to ask for next, decided from the pages so far alone.

use defender_xdr_core::Timestamp;
use jiff::SignedDuration;

use super::ask::{Ask, tick_after, tick_before};
use super::keyset::Keyset;
use super::rereadings::Rereadings;
use super::slices::Slices;

/// What a plan has to know about a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) created: Option<Timestamp>,
    /// Not seen in this walk before.
    pub(super) new: bool,
}

/// The records did not come in the order that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Disorder;

/// How a list is walked.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// In the order of creation.
    Keyset(Keyset),
    /// In ranges of creation time.
    Slices(Slices),
    /// As it comes, until two readings agree.
    Rereadings(Rereadings),
}

/// A walk over everything created in a range.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) way: Way,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    now: Timestamp,
    largest: usize,
    sparse: bool,
    /// How many records the next page may have: fewer after a fault.
    top: usize,
    /// How many records are of use to whoever reads.
    wanted: usize,
}

/// A page this short costs hardly more than a shorter one, and passes over the few records that come twice.
const SHORT_PAGE: usize = 10;

impl Plan {
    /// A walk. `ordered` says whether the API has an order that may be asked for, `sparse` whether little is expected.
    pub(super) fn new(
        range: (Option<Timestamp>, Option<Timestamp>),
        now: Timestamp,
        largest: usize,
        ordered: bool,
        sparse: bool,
    ) -> Self {
        let (from, until) = (range.0.map(tick_before), range.1.map(tick_after));
        let way = if ordered {
            Way::Keyset(Keyset::new(from, until))
        } else {
            Way::Slices(Slices::new(from, until, now, largest, sparse))
        };
        Self { way, from, until, now, largest, sparse, top: largest, wanted: usize::MAX }
    }

    /// The next page; `None` at the end.
    pub(super) fn ask(&self) -> Option<Ask> {
        match &self.way {
            Way::Keyset(way) => way.ask(self.page_length()),
            Way::Slices(way) => way.ask(self.top),
            Way::Rereadings(way) => way.ask(self.top),
        }
    }

    /// Only so many records are of use; where there is an order, pages need not be longer.
    pub(super) fn expect(&mut self, wanted: usize) {
        self.wanted = wanted;
    }

    /// The length of an ordered page. The record at its border comes again.
    fn page_length(&self) -> usize {
        self.top.min(self.wanted.saturating_add(1).max(SHORT_PAGE))
    }

    /// Everything created before this has been read; unknown before the end where there is no order at all.
    pub(super) fn frontier(&self) -> Option<Timestamp> {
        match &self.way {
            Way::Keyset(way) => way.frontier(),
            Way::Slices(way) => Some(way.frontier()),
            Way::Rereadings(_) => None,
        }
    }

    /// The length of range that fits pages here, where there is no order.
    pub(super) fn width(&self) -> Option<SignedDuration> {
        match &self.way {
            Way::Slices(way) => Some(way.usual()),
            Way::Keyset(_) | Way::Rereadings(_) => None,
        }
    }

    /// Begins with ranges of this length, where there is no order.
    pub(super) fn begin_with(&mut self, width: SignedDuration) {
        if let Way::Slices(way) = &mut self.way {
            way.begin_with(width);
        }
    }

    /// Takes a page and says whether its records count. `whole`: the service has no more for this request.
    pub(super) fn accept(&mut self, page: &[Seen], whole: bool) -> bool {
        let top = self.top;
        self.top = (self.top * 2).min(self.largest);
        let taken = match &mut self.way {
            Way::Keyset(way) => way.accept(page, whole).map(|()| true),
            Way::Slices(way) => way.accept(page, top, whole),
            Way::Rereadings(way) => {
                way.accept(page, whole);
                Ok(true)
            }
        };
        taken.unwrap_or_else(|Disorder| {
            self.fall_back();
            false
        })
    }

    /// The service failed over this page. Whether there is a smaller one to try.
    pub(super) fn shrink(&mut self) -> bool {
        let top = if matches!(self.way, Way::Keyset(_)) { self.page_length() } else { self.top };
        self.top = (top / 2).max(1);
        top > 1
    }

    /// Goes on after a record that cannot be read.
    pub(super) fn pass_over(&mut self) {
        match &mut self.way {
            Way::Keyset(way) => way.pass_over(),
            Way::Slices(way) => way.pass_over(),
            Way::Rereadings(way) => way.pass_over(),
        }
    }

    /// The service refuses this kind of request. Whether there is another kind.
    pub(super) fn fall_back(&mut self) -> bool {
        self.way = match &self.way {
            Way::Keyset(way) => {
                let from = way.frontier().or(self.from);
                Way::Slices(Slices::new(from, self.until, self.now, self.largest, self.sparse))
            }
            Way::Slices(way) => Way::Rereadings(Rereadings::new(self.from.map(|_| way.frontier()))),
            Way::Rereadings(_) => return false,
        };
        self.top = self.largest;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordered_page_is_no_longer_than_what_is_of_use() {
        let now = "2026-11-22T00:00:00Z".parse().expect("a time");
        let mut plan = Plan::new((None, None), now, 50, true, false);
        let mut length = |wanted| {
            plan.expect(wanted);
            plan.ask().map(|ask| ask.top)
        };
        assert_eq!([200, 50, 49, 48, 20, 1].map(&mut length), [50, 50, 50, 49, 21, 10].map(Some));
        assert!(plan.shrink());
        assert_eq!(plan.ask().map(|ask| ask.top), Some(5));
        assert!(plan.accept(&[Seen { created: Some(now), new: true }], false));
        plan.expect(200);
        assert_eq!(plan.ask().map(|ask| ask.top), Some(10));

        let mut ranges = Plan::new((None, None), now, 100, false, false);
        ranges.expect(1);
        assert_eq!(ranges.ask().map(|ask| ask.top), Some(100));
    }
}
