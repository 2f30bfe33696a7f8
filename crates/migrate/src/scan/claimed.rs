//! What was found so far; nothing is found twice at one place.

use std::collections::BTreeMap;

use super::Hit;

/// Hits by their start. They never overlap: the first to claim a place keeps it.
#[derive(Debug, Default)]
pub(super) struct Claimed(BTreeMap<usize, Hit>);

impl Claimed {
    /// Takes a hit unless its place is taken.
    pub(super) fn claim(&mut self, hit: Hit) -> bool {
        if self.is_taken(hit.start, hit.end) {
            return false;
        }
        self.0.insert(hit.start, hit);
        true
    }

    /// Whether anything in the range belongs to a hit.
    pub(super) fn is_taken(&self, start: usize, end: usize) -> bool {
        self.0.range(..end).next_back().is_some_and(|(_, hit)| hit.end > start)
    }

    pub(super) fn in_order(self) -> Vec<Hit> {
        self.0.into_values().collect()
    }
}
