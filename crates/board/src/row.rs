//! An incident as a line of the list: what is shown and no more, since there may be ten thousand.

use defender_xdr_api::incidents::Incident;
use defender_xdr_core::Timestamp;

use crate::plain::plain;

/// Words that services write for nobody.
const NOBODY: [&str; 2] = ["", "unassigned"];

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Id.
    pub id: Box<str>,
    /// Name.
    pub name: Box<str>,
    /// Graph's word.
    pub severity: Box<str>,
    /// Graph's word.
    pub status: Box<str>,
    /// Owner; empty for nobody.
    pub owner: Box<str>,
    /// Graph's word.
    pub classification: Box<str>,
    /// Custom tags, with commas.
    pub tags: Box<str>,
    /// When it was created, in seconds since 1970.
    pub created: i64,
    /// When it was last changed, in seconds since 1970.
    pub updated: i64,
    /// The loading that brought it.
    pub(crate) generation: u32,
}

impl Row {
    /// The line of an incident.
    pub fn of(incident: &Incident) -> Self {
        let text = |name: &str| plain(incident.text(name).unwrap_or_default()).into_boxed_str();
        let seconds = |at: Option<Timestamp>| at.map_or(0, Timestamp::as_second);
        let owner = text("assignedTo");
        let nobody = NOBODY.iter().any(|word| owner.eq_ignore_ascii_case(word));
        Self {
            id: plain(incident.id()).into(),
            name: text("displayName"),
            severity: text("severity"),
            status: text("status"),
            owner: if nobody { "".into() } else { owner },
            classification: text("classification"),
            tags: plain(&incident.tags().join(", ")).into(),
            created: seconds(incident.created()),
            updated: seconds(incident.updated()),
            generation: 0,
        }
    }

    /// Whether somebody still has to look at it.
    pub fn is_open(&self) -> bool {
        !matches!(&*self.status, "resolved" | "redirected")
    }

    /// How bad, from 0 for high on.
    pub fn rank(&self) -> u8 {
        match &*self.severity {
            "high" => 0,
            "medium" => 1,
            "low" => 2,
            "informational" => 3,
            _ => 4,
        }
    }

    /// Whether it has a text, given in small letters, in what is shown.
    pub(crate) fn has(&self, wanted: &str) -> bool {
        let fields = [&self.name, &self.id, &self.owner, &self.tags, &self.status, &self.severity];
        fields.iter().any(|field| field.to_lowercase().contains(wanted))
    }
}
