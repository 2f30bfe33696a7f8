//! What could not be read, for a report that a machine understands.

use defender_xdr_core::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::ApiErrorKind;

/// Which part is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MissingPart {
    /// The whole incident: it was left out, and the list went on behind it.
    Incident,
    /// Its alerts: the incident was delivered without them.
    Alerts,
}

/// A hole in what was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hole {
    /// What is missing.
    pub missing: MissingPart,
    /// The incident, if its id came to light.
    pub id: Option<String>,
    /// It was created at or after this time.
    pub created_from: Option<Timestamp>,
    /// What the service said.
    pub reason: String,
}

/// Whether the same request may do another time: no hole then.
pub(crate) fn passes(kind: ApiErrorKind) -> bool {
    matches!(
        kind,
        ApiErrorKind::Throttled
            | ApiErrorKind::Unreachable
            | ApiErrorKind::SignIn
            | ApiErrorKind::TokenRefused
    )
}
