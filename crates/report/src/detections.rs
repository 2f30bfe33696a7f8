//! Detections by how many alerts they raise, and how many of their incidents were none.

use std::collections::HashMap;

use crate::findings::Detection;
use crate::heavy::{Heavy, Weight};

/// Titles are counted exactly up to this many different ones.
const MOST_TITLES: usize = 8_192;
/// So many are shown.
const SHOWN: usize = 12;

#[derive(Debug, Default)]
struct Counts {
    source: String,
    alerts: u32,
    incidents: u32,
    classified: u32,
    false_positives: u32,
}

impl Weight for Counts {
    fn weight(&self) -> u32 {
        self.alerts
    }
}

/// Detections being counted.
#[derive(Debug)]
pub(crate) struct Detections(Heavy<Counts>);

impl Detections {
    pub(crate) fn new() -> Self {
        Self(Heavy::new(MOST_TITLES))
    }

    /// Counts the alerts of one incident: title, and product.
    pub(crate) fn add<'a>(
        &mut self,
        alerts: impl Iterator<Item = (&'a str, &'a str)>,
        classification: Option<&str>,
    ) {
        let mut own: HashMap<&str, (u32, &str)> = HashMap::new();
        for (title, source) in alerts {
            own.entry(title).or_insert((0, source)).0 += 1;
        }
        let classified = u32::from(classification.is_some_and(|word| word != "unknown"));
        let wrong = u32::from(classification == Some("falsePositive"));
        for (title, (alerts, source)) in own {
            let counts = self.0.of(title);
            if counts.source.is_empty() {
                source.clone_into(&mut counts.source);
            }
            counts.alerts = counts.alerts.saturating_add(alerts);
            counts.incidents = counts.incidents.saturating_add(1);
            counts.classified = counts.classified.saturating_add(classified);
            counts.false_positives = counts.false_positives.saturating_add(wrong);
        }
    }

    /// The noisiest, and by how much their counts may be too low.
    pub(crate) fn finish(self) -> (Vec<Detection>, u32) {
        let slack = self.0.slack();
        let noisiest = self.0.heaviest(SHOWN).into_iter().map(|(title, counts)| Detection {
            title,
            source: counts.source,
            alerts: counts.alerts,
            incidents: counts.incidents,
            classified: counts.classified,
            false_positives: counts.false_positives,
        });
        (noisiest.collect(), slack)
    }
}
