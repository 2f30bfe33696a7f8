//! Walking in the order of creation: each page begins at the time where the last one ended.
//!
//! A creation time never changes, so nothing moves while the list is read; a page is one answer, so nothing slips
//! between two of them. Incidents of the time at a border come twice and are known by their ids. Only where more
//! incidents share one instant than fit on a page is `$skip` used, inside that instant, until two readings agree.

use defender_xdr_core::Timestamp;

use super::ask::Ask;
use super::plan::{Disorder, Seen};

/// An instant is read this often at most.
const READINGS: u32 = 5;

/// The state of a walk.
#[derive(Debug, Clone)]
pub(super) struct Keyset {
    cursor: Option<Timestamp>,
    until: Option<Timestamp>,
    skip: usize,
    /// Readings of the instant at the cursor, when it needs several pages.
    readings: u32,
    /// Whether this reading of the instant found anything new.
    found: bool,
    done: bool,
}

impl Keyset {
    pub(super) fn new(from: Option<Timestamp>, until: Option<Timestamp>) -> Self {
        Self { cursor: from, until, skip: 0, readings: 0, found: false, done: false }
    }

    pub(super) fn ask(&self, top: usize) -> Option<Ask> {
        let ask = Ask { from: self.cursor, until: self.until, ordered: true, top, skip: self.skip };
        (!self.done).then_some(ask)
    }

    /// Everything created before this has been read.
    pub(super) fn frontier(&self) -> Option<Timestamp> {
        self.cursor
    }

    /// Takes a page: `whole` says that nothing follows it.
    pub(super) fn accept(&mut self, page: &[Seen], whole: bool) -> Result<(), Disorder> {
        let mut last = self.cursor;
        for seen in page {
            // A record without a time stands where it came.
            let Some(at) = seen.created else { continue };
            if last.is_some_and(|last| at < last) {
                return Err(Disorder);
            }
            last = Some(at);
        }
        let before = self.cursor;
        self.found |= page.iter().any(|seen| seen.new && seen.created == before);
        let leaves = last > before || whole;
        if self.skip > 0 && leaves && self.found && self.readings < READINGS {
            self.again();
        } else if whole || self.until.is_some_and(|until| last >= Some(until)) {
            self.done = true;
        } else if last > before {
            (self.cursor, self.skip, self.readings, self.found) = (last, 0, 0, false);
        } else if before.is_none() {
            // Not one record says when it was created: there is no order to go by.
            return Err(Disorder);
        } else {
            self.skip += page.len();
        }
        Ok(())
    }

    /// The record at this place cannot be read, not even alone.
    pub(super) fn pass_over(&mut self) {
        self.skip += 1;
        // Another reading would only meet it again.
        self.readings = READINGS;
    }

    fn again(&mut self) {
        (self.skip, self.found) = (0, false);
        self.readings += 1;
    }
}
