//! Two readings of one incident, from the legacy API and from Graph, side by side: what differs, and whether that is known.
//!
//! Both come in the model's form, which has Graph's names and words. Whatever differs is looked up in the [`rules`]; what
//! no rule explains is what somebody has to look at before the old API is left. Nothing here asks the network.

mod again;
mod alerts;
mod comments;
mod evidence;
mod kind;
mod pair;
mod place;
mod rules;
mod sameness;
mod tally;
mod whole;

use defender_xdr_api::incidents::Incident;
use serde::{Serialize, Serializer};
use serde_json::Value;

pub use again::{Second, second};
pub use rules::{Rule, rules};
pub use tally::{Count, Tally};
pub use whole::{Missing, PUBLICATION_LAG, missing};

/// Whether a difference is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Class {
    /// A rule says why it is there.
    Expected(&'static Rule),
    /// No rule does.
    Unexplained,
}

impl Class {
    /// The rule that explains it.
    pub fn rule(self) -> Option<&'static Rule> {
        match self {
            Self::Expected(rule) => Some(rule),
            Self::Unexplained => None,
        }
    }
}

/// The id of the rule; null for what is unexplained.
impl Serialize for Class {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rule().map(|rule| rule.id).serialize(serializer)
    }
}

/// One difference between the two readings of an incident.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The incident.
    pub id: String,
    /// Where, in Graph's names: `status`, `alerts[da63…].severity`.
    pub path: String,
    /// What the legacy API says; null when it says nothing.
    pub legacy: Option<Value>,
    /// What Graph says; null when it says nothing.
    pub graph: Option<Value>,
    /// Whether it is known.
    #[serde(rename = "rule")]
    pub class: Class,
}

/// All differences between two readings of an incident. `with_alerts`: alerts and their evidence, too; without them
/// Graph need not have been asked for any.
pub fn compare(legacy: &Incident, graph: &Incident, with_alerts: bool) -> Vec<Difference> {
    let mut pair = pair::Pair::new(graph.id(), with_alerts);
    // What was read from JSON always serialises.
    let value = |incident: &Incident| serde_json::to_value(incident).unwrap_or_default();
    if let (Value::Object(legacy), Value::Object(graph)) = (value(legacy), value(graph)) {
        pair.members(&place::Place::root(), &legacy, &graph);
    }
    pair.found
}

#[cfg(test)]
mod tests;
