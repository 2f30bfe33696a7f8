//! Incidents that one API has and the other has not.

use defender_xdr_api::incidents::Incident;
use defender_xdr_core::Timestamp;
use defender_xdr_core::backend::Backend;
use jiff::SignedDuration;
use serde::Serialize;

use super::Class;
use super::rules::{MERGED, PUBLICATION};

/// For so long after its creation an incident need not be on both APIs. No number is published: the wider end of what
/// readers of these APIs keep as an overlap.
pub const PUBLICATION_LAG: SignedDuration = SignedDuration::from_mins(15);

/// An incident that one API does not have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Missing {
    /// The incident.
    pub id: String,
    /// The API that lacks it: `legacy` or `graph`.
    #[serde(rename = "missing_on")]
    pub on: &'static str,
    /// Its name on the other one.
    pub name: Option<String>,
    /// When it was created, as the other one says.
    pub created: Option<Timestamp>,
    /// Whether that is known.
    #[serde(rename = "rule")]
    pub class: Class,
}

/// Judges an incident that is not `on` an API, by what the other one says; `now` by the service's clock.
pub fn missing(other: &Incident, on: Backend, now: Timestamp) -> Missing {
    let created = other.created();
    let merged = other.text("status") == Some("redirected") && other.text("redirectIncidentId").is_some();
    let class = match created {
        _ if merged => Class::Expected(&MERGED),
        Some(at) if now.duration_since(at) < PUBLICATION_LAG => Class::Expected(&PUBLICATION),
        _ => Class::Unexplained,
    };
    Missing {
        id: other.id().to_owned(),
        on: match on {
            Backend::Legacy => "legacy",
            Backend::Graph => "graph",
        },
        name: other.text("displayName").map(str::to_owned),
        created,
        class,
    }
}
