//! Counting, one incident at a time: memory grows with what is told apart, not with the number of incidents.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use defender_xdr_api::entities::{self, EntityKind};
use defender_xdr_api::evidence::Evidence;
use defender_xdr_api::incidents::Incident;
use defender_xdr_core::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::detections::Detections;
use crate::durations::Durations;
use crate::findings::{Age, Findings, Share, Waiting};
use crate::ranking::Ranking;
use crate::severity::{BySeverity, Severity};
use crate::tactics::Tactics;
use crate::time_axis;
use crate::working_times::{assigned, owner, resolved};

const DAY: i64 = 86_400;

/// Ages of open incidents in seconds; what is older than the last goes into one more.
const AGES: [(i64, &str); 5] = [
    (DAY, "< 1 day"),
    (3 * DAY, "1–3 days"),
    (7 * DAY, "3–7 days"),
    (30 * DAY, "7–30 days"),
    (90 * DAY, "30–90 days"),
];
const OLDER: &str = "older";

/// So many incidents that wait are shown.
const WAITING: usize = 10;

/// Graph's words for the classification, and what people call them.
const CLASSIFICATIONS: [(&str, &str); 4] = [
    ("truePositive", "True positive"),
    ("falsePositive", "False positive"),
    ("informationalExpectedActivity", "Expected activity"),
    ("unknown", "Not classified"),
];

/// Incidents being counted.
#[derive(Debug)]
pub struct Tally {
    now: Timestamp,
    tenant: Option<String>,
    span: Option<(Timestamp, Timestamp)>,
    severity: BySeverity,
    merged: u32,
    unreadable: u32,
    without_alerts: u32,
    alerts: u32,
    open: BySeverity,
    open_without_owner: u32,
    classification: [u32; CLASSIFICATIONS.len()],
    days: BTreeMap<Date, BySeverity>,
    ages: [BySeverity; AGES.len() + 1],
    to_assign: Durations,
    to_resolve: Durations,
    tactics: Tactics,
    detections: Detections,
    ranking: Ranking,
    waiting: BTreeMap<(Timestamp, String), Waiting>,
}

impl Tally {
    /// Nothing counted yet; ages count until `now`.
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            tenant: None,
            span: None,
            severity: BySeverity::default(),
            merged: 0,
            unreadable: 0,
            without_alerts: 0,
            alerts: 0,
            open: BySeverity::default(),
            open_without_owner: 0,
            classification: [0; CLASSIFICATIONS.len()],
            days: BTreeMap::new(),
            ages: [BySeverity::default(); AGES.len() + 1],
            to_assign: Durations::default(),
            to_resolve: Durations::default(),
            tactics: Tactics::default(),
            detections: Detections::new(),
            ranking: Ranking::new(),
            waiting: BTreeMap::new(),
        }
    }

    /// One that cannot be read.
    pub fn add_unreadable(&mut self) {
        self.unreadable = self.unreadable.saturating_add(1);
    }

    /// Counts an incident with its alerts.
    pub fn add(&mut self, incident: &Incident) {
        // What was merged is counted where it went.
        if incident.text("status") == Some("redirected") {
            self.merged = self.merged.saturating_add(1);
            return;
        }
        if self.tenant.is_none() {
            self.tenant = incident.text("tenantId").map(str::to_owned);
        }
        let severity = Severity::of(incident.text("severity"));
        self.severity.add(severity);
        let class = incident.text("classification").unwrap_or("unknown");
        let place = CLASSIFICATIONS.iter().position(|(word, _)| *word == class);
        // A word nobody knows is one somebody chose; it is told with those without.
        self.classification[place.unwrap_or(CLASSIFICATIONS.len() - 1)] += 1;
        if let Some(created) = incident.created() {
            let (first, last) = self.span.unwrap_or((created, created));
            self.span = Some((first.min(created), last.max(created)));
            self.days.entry(TimeZone::UTC.to_datetime(created).date()).or_default().add(severity);
            let until = |at: Option<Timestamp>| at.map(|at| at.as_second() - created.as_second());
            if let Some(took) = until(assigned(incident)) {
                self.to_assign.add(took);
            }
            if let Some(took) = until(resolved(incident)) {
                self.to_resolve.add(took);
            }
        }
        if incident.text("status") != Some("resolved") {
            self.add_open(incident, severity);
        }
        self.add_alerts(incident);
    }

    fn add_open(&mut self, incident: &Incident, severity: Severity) {
        self.open.add(severity);
        let owner = owner(incident);
        self.open_without_owner += u32::from(owner.is_none());
        let Some(created) = incident.created() else { return };
        let age = self.now.as_second() - created.as_second();
        let step = AGES.iter().position(|(limit, _)| age < *limit).unwrap_or(AGES.len());
        self.ages[step].add(severity);
        if severity == Severity::High {
            let waiting = Waiting {
                id: incident.id().to_owned(),
                name: incident.text("displayName").unwrap_or("-").to_owned(),
                severity,
                created,
                owner: owner.map(str::to_owned),
                url: incident.text("incidentWebUrl").map(str::to_owned),
            };
            self.waiting.insert((created, waiting.id.clone()), waiting);
            if self.waiting.len() > WAITING {
                self.waiting.pop_last();
            }
        }
    }

    fn add_alerts(&mut self, incident: &Incident) {
        fn text<'a>(alert: &'a Value, name: &str) -> Option<&'a str> {
            alert.get(name).and_then(Value::as_str)
        }

        let alerts = incident.list("alerts");
        self.without_alerts += u32::from(alerts.is_empty());
        self.alerts = self.alerts.saturating_add(u32::try_from(alerts.len()).unwrap_or(u32::MAX));
        let mut categories = BTreeSet::new();
        let mut things: HashSet<(EntityKind, String)> = HashSet::new();
        for alert in alerts {
            categories.extend(text(alert, "category"));
            let more = alert.get("categories").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            categories.extend(more.iter().filter_map(Value::as_str));
            let evidence = alert.get("evidence").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let evidence = evidence.iter().filter_map(Value::as_object).map(Evidence::of);
            things.extend(evidence.filter_map(entities::named).map(by_host));
        }
        self.tactics.add(categories);
        self.ranking.add(&things);
        let told = alerts.iter().filter_map(|alert| {
            let source = text(alert, "productName").or(text(alert, "serviceSource"));
            Some((text(alert, "title")?, source.unwrap_or("-")))
        });
        self.detections.add(told, incident.text("classification"));
    }

    /// What was found.
    pub fn finish(self) -> Findings {
        let (step, over_time) = time_axis::periods(&self.days);
        let (detections, detections_slack) = self.detections.finish();
        let labels = AGES.iter().map(|(_, label)| *label).chain([OLDER]);
        Findings {
            generated: self.now,
            tenant: self.tenant,
            first_created: self.span.map(|(first, _)| first),
            last_created: self.span.map(|(_, last)| last),
            incidents: self.severity.total(),
            severity: self.severity,
            merged: self.merged,
            unreadable: self.unreadable,
            without_alerts: self.without_alerts,
            alerts: self.alerts,
            open: self.open,
            open_without_owner: self.open_without_owner,
            classification: CLASSIFICATIONS
                .iter()
                .zip(self.classification)
                .map(|((_, label), incidents)| Share { label: (*label).to_owned(), incidents })
                .collect(),
            step,
            over_time,
            open_by_age: labels
                .zip(self.ages)
                .map(|(label, incidents)| Age { label: label.to_owned(), incidents })
                .collect(),
            time_to_assign: self.to_assign.finish(),
            time_to_resolve: self.to_resolve.finish(),
            tactics: self.tactics.finish(),
            detections,
            detections_slack,
            entities: self.ranking.finish(),
            waiting: self.waiting.into_values().collect(),
        }
    }
}

/// Addresses of the web often differ in each mail: what recurs is the host.
fn by_host((kind, name): (EntityKind, String)) -> (EntityKind, String) {
    if kind != EntityKind::Url {
        return (kind, name);
    }
    let after_scheme = name.split_once("://").map_or(name.as_str(), |(_, rest)| rest);
    let host = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default().to_lowercase();
    (kind, if host.is_empty() { name } else { host })
}

#[cfg(test)]
mod tests;
