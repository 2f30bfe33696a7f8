//! Walking where not even a range can be asked for: from the first page to a short one, until two readings agree.

use defender_xdr_core::Timestamp;

use super::ask::Ask;
use super::plan::Seen;

const READINGS: u32 = 8;

/// The state of a walk.
#[derive(Debug, Clone)]
pub(super) struct Rereadings {
    from: Option<Timestamp>,
    skip: usize,
    readings: u32,
    found: bool,
    done: bool,
}

impl Rereadings {
    pub(super) fn new(from: Option<Timestamp>) -> Self {
        Self { from, skip: 0, readings: 0, found: false, done: false }
    }

    pub(super) fn ask(&self, top: usize) -> Option<Ask> {
        let ask = Ask { from: self.from, until: None, ordered: false, top, skip: self.skip };
        (!self.done).then_some(ask)
    }

    pub(super) fn accept(&mut self, page: &[Seen], whole: bool) {
        self.found |= page.iter().any(|seen| seen.new);
        if !whole {
            self.skip += page.len();
            return;
        }
        self.readings += 1;
        self.done = (!self.found && self.readings > 1) || self.readings >= READINGS;
        // One page is one answer: nothing can slip inside it.
        self.done |= self.skip == 0;
        (self.skip, self.found) = (0, false);
    }

    pub(super) fn pass_over(&mut self) {
        self.skip += 1;
        // Another reading would only meet it again.
        self.readings = READINGS;
    }
}
