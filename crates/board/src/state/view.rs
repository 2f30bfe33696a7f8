//! What is seen: the list, one incident, or a query.

use super::hunt::Hunt;
use crate::detail::Detail;

/// What is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum View {
    List,
    Detail(Open),
    Hunt(Box<Hunt>),
}

/// An incident that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Open {
    pub(crate) id: String,
    /// The question that is under way, if any.
    pub(crate) asked: Option<u64>,
    pub(crate) detail: Option<Box<Detail>>,
    pub(crate) pane: Pane,
    pub(crate) selected: usize,
}

/// A part of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pane {
    Alerts,
    Entities,
    Comments,
}

impl Pane {
    pub(crate) const ALL: [Self; 3] = [Self::Alerts, Self::Entities, Self::Comments];

    pub(crate) fn turned(self, by: usize) -> Self {
        let place = Self::ALL.iter().position(|pane| *pane == self).unwrap_or(0);
        Self::ALL[(place + by) % Self::ALL.len()]
    }

    pub(crate) fn len(self, detail: &Detail) -> usize {
        match self {
            Self::Alerts => detail.alerts.len(),
            Self::Entities => detail.things.len(),
            Self::Comments => detail.comments.len(),
        }
    }
}
