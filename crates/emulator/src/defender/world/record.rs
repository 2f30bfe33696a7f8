//! The compact facts of one incident: all that can change, and the little its alerts are derived from.

use serde::{Deserialize, Serialize};

use super::edit::Edit;
use super::quirk::Quirk;
use super::ticks::Ticks;
use super::triage::{AlertStatus, Classification, Determination, Severity, Status};

/// One comment on an incident or alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Comment {
    pub(crate) text: String,
    /// User principal name, or the name of an application.
    pub(crate) author: String,
    pub(crate) author_display_name: String,
    pub(crate) at: Ticks,
}

/// Facts of one incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) id: u64,
    /// Index into the list of stories.
    pub(crate) story: usize,
    pub(crate) quirk: Quirk,
    pub(crate) created: Ticks,
    pub(crate) updated: Ticks,
    pub(crate) status: Status,
    pub(crate) severity: Severity,
    pub(crate) classification: Option<Classification>,
    pub(crate) determination: Determination,
    pub(crate) assigned_to: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) comments: Vec<Comment>,
    /// The incident this one was merged into.
    pub(crate) redirect: Option<u64>,
    /// How many alerts this incident was born with or got later; they are derived when asked for.
    pub(crate) own_alerts: u32,
    /// Incidents whose alerts this one holds: itself, or nothing once merged, plus those merged into it.
    pub(crate) alerts_of: Vec<u64>,
    /// Texts a person wrote over the product's.
    pub(crate) display_name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) resolving_comment: Option<String>,
    pub(crate) last_modified_by: Option<String>,
}

/// What was changed on one alert.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AlertChange {
    pub(crate) status: Option<AlertStatus>,
    pub(crate) classification: Option<Classification>,
    pub(crate) determination: Option<Determination>,
    pub(crate) assigned_to: Edit,
    pub(crate) custom_details: Option<serde_json::Value>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) updated: Option<Ticks>,
}
