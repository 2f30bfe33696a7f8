//! The part of a query that an API cannot answer: it is answered here, over what the API sends.

use defender_xdr_core::Timestamp;
use serde_json::Value;

use crate::incidents::record::Incident;

/// Words that stand for an owner who is none.
const NOBODY: &[&str] = &["", "Unassigned"];

/// The part of a query that the API cannot answer. Words are Graph's; what is empty or `None` lets everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Remainder {
    pub(crate) status: Vec<String>,
    pub(crate) severity: Vec<String>,
    pub(crate) classification: Vec<String>,
    pub(crate) determination: Vec<String>,
    pub(crate) assigned_to: Option<String>,
    pub(crate) unassigned: bool,
    pub(crate) tags: Vec<String>,
    pub(crate) sources: Vec<String>,
    pub(crate) text: Option<String>,
    pub(crate) created_since: Option<Timestamp>,
    pub(crate) created_until: Option<Timestamp>,
    pub(crate) updated_since: Option<Timestamp>,
    pub(crate) updated_until: Option<Timestamp>,
}

impl Remainder {
    pub(crate) fn is_empty(&self) -> bool {
        self.names().is_empty()
    }

    /// The filters in it, in the words of the command line.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        [
            ("status", !self.status.is_empty()),
            ("severity", !self.severity.is_empty()),
            ("assigned-to", self.assigned_to.is_some()),
            ("unassigned", self.unassigned),
            ("since", self.created_since.is_some()),
            ("until", self.created_until.is_some()),
            ("updated-since", self.updated_since.is_some()),
            ("updated-until", self.updated_until.is_some()),
            ("classification", !self.classification.is_empty()),
            ("determination", !self.determination.is_empty()),
            ("tag", !self.tags.is_empty()),
            ("source", !self.sources.is_empty()),
            ("text", self.text.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, here)| here.then_some(name))
        .collect()
    }

    pub(crate) fn accepts(&self, incident: &Incident) -> bool {
        is_one_of(&self.status, incident.text("status").unwrap_or_default())
            && is_one_of(&self.severity, incident.text("severity").unwrap_or_default())
            // What nobody has judged yet is unknown, whether the service says so or leaves it out.
            && is_one_of(&self.classification, incident.text("classification").unwrap_or("unknown"))
            && is_one_of(&self.determination, incident.text("determination").unwrap_or("unknown"))
            && self.accepts_owner(incident.text("assignedTo"))
            && lies_between(incident.created(), self.created_since, self.created_until)
            && lies_between(incident.updated(), self.updated_since, self.updated_until)
            && (self.tags.is_empty() || self.accepts_tags(incident))
            && (self.sources.is_empty() || self.accepts_sources(incident))
            && self.text.as_deref().is_none_or(|text| holds_text(incident, text))
    }

    /// Whether alerts that are not here yet may still decide.
    pub(crate) fn depends_on_more_of(&self, incident: &Incident) -> bool {
        !self.sources.is_empty() && incident.text("alerts@odata.nextLink").is_some()
    }

    fn accepts_owner(&self, owner: Option<&str>) -> bool {
        let named = self.assigned_to.as_deref();
        if named.is_none() && !self.unassigned {
            return true;
        }
        let owner = owner.unwrap_or_default();
        named.is_some_and(|named| named == owner)
            || (self.unassigned && NOBODY.iter().any(|nobody| nobody.eq_ignore_ascii_case(owner)))
    }

    fn accepts_tags(&self, incident: &Incident) -> bool {
        let has = |tag: &Value| tag.as_str().is_some_and(|tag| same_any(&self.tags, tag));
        incident.list("customTags").iter().any(has)
    }

    fn accepts_sources(&self, incident: &Incident) -> bool {
        let comes_from = |alert: &Value| {
            alert
                .get("serviceSource")
                .and_then(Value::as_str)
                .is_some_and(|word| same_any(&self.sources, word))
        };
        incident.list("alerts").iter().any(comes_from)
    }
}

fn is_one_of(words: &[String], word: &str) -> bool {
    words.is_empty() || words.iter().any(|wanted| wanted.eq_ignore_ascii_case(word))
}

fn same_any(wanted: &[String], text: &str) -> bool {
    let text = text.to_lowercase();
    wanted.iter().any(|wanted| wanted.to_lowercase() == text)
}

/// A time that cannot be read hides no incident.
fn lies_between(at: Option<Timestamp>, since: Option<Timestamp>, until: Option<Timestamp>) -> bool {
    at.is_none_or(|at| since.is_none_or(|since| at >= since) && until.is_none_or(|until| at < until))
}

fn holds_text(incident: &Incident, text: &str) -> bool {
    let text = text.to_lowercase();
    let holds = |name: &str| incident.text(name).is_some_and(|value| value.to_lowercase().contains(&text));
    holds("displayName") || holds("description") || incident.id() == text
}
