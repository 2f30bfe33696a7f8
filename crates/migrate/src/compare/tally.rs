//! What a whole comparison found, counted as it goes: only what is unexplained is kept.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rules::{CHANGED, Rule, rules};
use super::whole::Missing;
use super::{Class, Difference};

/// How often a rule explained something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The rule.
    pub rule: &'static str,
    /// How many differences.
    pub count: usize,
    /// In how many incidents.
    pub incidents: usize,
    /// Why it is no fault.
    pub why: &'static str,
    /// Who says so.
    pub source: &'static str,
}

/// What was found so far.
#[derive(Debug, Default)]
pub struct Tally {
    compared: usize,
    counts: BTreeMap<&'static str, (usize, usize)>,
    unexplained: Vec<Difference>,
    missing: Vec<Missing>,
}

impl Tally {
    /// Counts an incident that both APIs have.
    pub fn add(&mut self, differences: Vec<Difference>) {
        self.compared += 1;
        let mut here: BTreeMap<&'static str, usize> = BTreeMap::new();
        for difference in differences {
            match difference.class {
                Class::Expected(rule) => *here.entry(rule.id).or_default() += 1,
                Class::Unexplained => self.unexplained.push(difference),
            }
        }
        for (rule, count) in here {
            self.count(rule, count);
        }
    }

    /// Counts an incident whose differences went away, or moved on, when it was read again.
    pub fn add_changed(&mut self, differences: Vec<Difference>) {
        self.add(differences.into_iter().filter(|found| found.class != Class::Unexplained).collect());
        self.count(CHANGED.id, 1);
    }

    /// Counts an incident that one API lacks.
    pub fn add_missing(&mut self, missing: Missing) {
        if let Some(rule) = missing.class.rule() {
            self.count(rule.id, 1);
        }
        self.missing.push(missing);
    }

    fn count(&mut self, rule: &'static str, count: usize) {
        let (all, incidents) = self.counts.entry(rule).or_default();
        *all += count;
        *incidents += 1;
    }

    /// How many incidents both APIs have.
    pub fn compared(&self) -> usize {
        self.compared
    }

    /// How often each rule explained something, the most frequent first.
    pub fn expected(&self) -> Vec<Count> {
        let of = |rule: &'static Rule| {
            let (count, incidents) = *self.counts.get(rule.id)?;
            Some(Count { rule: rule.id, count, incidents, why: rule.why, source: rule.source })
        };
        let mut counts: Vec<Count> = rules().filter_map(of).collect();
        counts.sort_by_key(|count| std::cmp::Reverse(count.count));
        counts
    }

    /// What no rule explains.
    pub fn unexplained(&self) -> &[Difference] {
        &self.unexplained
    }

    /// Incidents that one API lacks, for whatever reason.
    pub fn missing(&self) -> &[Missing] {
        &self.missing
    }

    /// Whether everything is explained: nothing stands against leaving the legacy API.
    pub fn is_go(&self) -> bool {
        self.unexplained.is_empty() && self.missing.iter().all(|missing| missing.class != Class::Unexplained)
    }
}
