//! What became of each of many things a command was to change, for stderr, when stdout cannot tell it.

use serde::Serialize;

/// Ids by what became of them.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Account {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) changed: Vec<String>,
    /// Nobody knows whether these were changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) unknown: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) not_tried: Vec<String>,
}

impl Account {
    /// The lists that are not empty, with their names.
    pub(crate) fn lists(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        let lists = [("changed", &self.changed), ("unknown", &self.unknown), ("not tried", &self.not_tried)];
        lists.into_iter().filter(|(_, ids)| !ids.is_empty()).map(|(name, ids)| (name, ids.as_slice()))
    }
}
