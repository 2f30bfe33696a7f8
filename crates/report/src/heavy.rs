//! Counters for the most frequent of arbitrarily many things, in bounded memory.

use std::collections::HashMap;

/// What is counted about a thing.
pub(crate) trait Weight: Default {
    /// How much it counts.
    fn weight(&self) -> u32;
}

impl Weight for u32 {
    fn weight(&self) -> u32 {
        *self
    }
}

/// Counters by name. Beyond its capacity the lighter half is forgotten; what remains may then be too low by
/// [`Heavy::slack`].
#[derive(Debug)]
pub(crate) struct Heavy<V> {
    counters: HashMap<String, V>,
    capacity: usize,
    slack: u32,
}

impl<V: Weight> Heavy<V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { counters: HashMap::new(), capacity, slack: 0 }
    }

    /// The counter of a name.
    pub(crate) fn of(&mut self, name: &str) -> &mut V {
        if self.counters.len() >= self.capacity && !self.counters.contains_key(name) {
            self.forget_half();
        }
        if !self.counters.contains_key(name) {
            self.counters.insert(name.to_owned(), V::default());
        }
        self.counters.entry(name.to_owned()).or_default()
    }

    /// By how much a counter may be too low.
    pub(crate) fn slack(&self) -> u32 {
        self.slack
    }

    /// How many names are known.
    pub(crate) fn len(&self) -> usize {
        self.counters.len()
    }

    /// The heaviest, those of the same weight by name.
    pub(crate) fn heaviest(self, count: usize) -> Vec<(String, V)> {
        let mut all: Vec<_> = self.counters.into_iter().collect();
        all.sort_by(|(name, value), (other, than)| {
            than.weight().cmp(&value.weight()).then_with(|| name.cmp(other))
        });
        all.truncate(count);
        all
    }

    fn forget_half(&mut self) {
        let mut weights: Vec<u32> = self.counters.values().map(Weight::weight).collect();
        let middle = weights.len() / 2;
        let (_, median, _) = weights.select_nth_unstable(middle);
        let median = *median;
        self.counters.retain(|_, value| value.weight() > median);
        self.slack = self.slack.saturating_add(median);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frequent_ones_survive_a_flood_of_others() {
        let mut heavy = Heavy::<u32>::new(64);
        for round in 0..10_000_u32 {
            *heavy.of(&format!("once {round}")) += 1;
            *heavy.of(if round % 3 == 0 { "often" } else { "most" }) += 1;
        }
        assert!(heavy.len() <= 64);
        let slack = heavy.slack();
        let top = heavy.heaviest(2);
        assert_eq!(top.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["most", "often"]);
        assert!(top[0].1 <= 6_666 && top[0].1 + slack >= 6_666);
    }

    #[test]
    fn within_its_capacity_it_is_exact() {
        let mut heavy = Heavy::<u32>::new(2);
        for name in ["b", "a", "b", "a"] {
            *heavy.of(name) += 1;
        }
        assert_eq!((heavy.slack(), heavy.heaviest(9)), (0, vec![("a".into(), 2), ("b".into(), 2)]));
    }
}
