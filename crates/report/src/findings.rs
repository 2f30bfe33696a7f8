//! What was found, as data. Members are named as in the JSON that `report -o json` prints.

use defender_xdr_api::entities::EntityKind;
use defender_xdr_core::Timestamp;
use serde::Serialize;

use crate::severity::{BySeverity, Severity};
use crate::time_axis::Step;

/// What was found about the incidents that were counted. Times are in UTC.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Findings {
    /// When it was made: ages count until then.
    pub generated: Timestamp,
    /// The tenant, where the API tells.
    pub tenant: Option<String>,
    /// When the first incident was created.
    pub first_created: Option<Timestamp>,
    /// When the last incident was created.
    pub last_created: Option<Timestamp>,
    /// Incidents, without those merged into others.
    pub incidents: u32,
    /// Incidents by severity.
    pub severity: BySeverity,
    /// Incidents merged into others; nothing else here counts them.
    pub merged: u32,
    /// Incidents that could not be read.
    pub unreadable: u32,
    /// Incidents that came without alerts.
    pub without_alerts: u32,
    /// Alerts of all incidents.
    pub alerts: u32,
    /// Incidents that are not resolved.
    pub open: BySeverity,
    /// Open incidents without an owner.
    pub open_without_owner: u32,
    /// Incidents by classification, Graph's words.
    pub classification: Vec<Share>,
    /// How long a period of `over_time` is.
    pub step: Step,
    /// New incidents, period by period, without a gap.
    pub over_time: Vec<Period>,
    /// Open incidents by age.
    pub open_by_age: Vec<Age>,
    /// From creation to the first trace of work by an owner: an approximation.
    pub time_to_assign: Spread,
    /// From creation to resolution: an approximation.
    pub time_to_resolve: Spread,
    /// MITRE ATT&CK tactics in the order of an attack, and other categories after them.
    pub tactics: Vec<Tactic>,
    /// The detections with the most alerts.
    pub detections: Vec<Detection>,
    /// By how much the counts of detections may be too low.
    pub detections_slack: u32,
    /// What most incidents are about, by kind.
    pub entities: Vec<EntityRanking>,
    /// The oldest open incidents of high severity.
    pub waiting: Vec<Waiting>,
}

/// A period of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Period {
    /// Its first day, `2026-09-03`.
    pub from: String,
    /// Incidents created in it.
    pub incidents: BySeverity,
}

/// Open incidents of one age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Age {
    /// The age, for people.
    pub label: String,
    /// How many.
    pub incidents: BySeverity,
}

/// A part of a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share {
    /// What it is.
    pub label: String,
    /// How many incidents.
    pub incidents: u32,
}

/// How long something took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spread {
    /// For how many incidents that is known.
    pub count: u32,
    /// Half of them took no longer, within three per cent.
    pub median_seconds: Option<u64>,
    /// Nine of ten took no longer, within three per cent.
    pub ninetieth_seconds: Option<u64>,
    /// How many took how long.
    pub shares: Vec<Share>,
}

/// A tactic, or a category that is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tactic {
    /// Its name.
    pub name: String,
    /// Its number in MITRE ATT&CK, such as TA0001; none for a category that is no tactic.
    pub id: Option<&'static str>,
    /// Incidents with an alert of it.
    pub incidents: u32,
}

/// Alerts of one title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detection {
    /// The title.
    pub title: String,
    /// The product that raises them.
    pub source: String,
    /// How many alerts.
    pub alerts: u32,
    /// In how many incidents.
    pub incidents: u32,
    /// How many of these incidents somebody classified.
    pub classified: u32,
    /// How many of these were false positives.
    pub false_positives: u32,
}

/// What most incidents are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntityRanking {
    /// The kind of thing.
    pub kind: EntityKind,
    /// The most frequent.
    pub top: Vec<Named>,
    /// How many different ones there are; at least as many when `slack` is not 0.
    pub distinct: usize,
    /// By how much the counts may be too low.
    pub slack: u32,
}

/// One thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// In how many incidents it is.
    pub incidents: u32,
}

/// An incident that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Severity.
    pub severity: Severity,
    /// When it was created.
    pub created: Timestamp,
    /// Owner, if any.
    pub owner: Option<String>,
    /// Where it can be seen.
    pub url: Option<String>,
}
