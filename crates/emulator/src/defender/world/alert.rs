//! The alerts of an incident, derived from its number whenever somebody asks.

use std::borrow::Cow;

use super::World;
use super::alert_id;
use super::edit::Edit;
use super::quirk::Quirk;
use super::random::SplitMix64;
use super::record::{Comment, Record};
use super::story::{Engine, STORIES, Source, Step};
use super::ticks::{HOUR, MINUTE, SECOND, Ticks};
use super::triage::{AlertStatus, Classification, Determination, Severity, Status};

const STREAM_ALERTS: u64 = 4;

/// Facts of one alert without its evidence.
#[derive(Debug)]
pub(crate) struct Alert<'w> {
    pub(crate) id: String,
    /// Id in the product that raised it.
    pub(crate) provider_id: String,
    /// The incident it was raised for, and its place there.
    pub(crate) origin: u64,
    pub(crate) index: u32,
    /// The incident that holds it now, as the alert itself says.
    pub(crate) incident: u64,
    pub(crate) quirk: Quirk,
    pub(crate) step: &'static Step,
    pub(crate) source: Source,
    pub(crate) engine: Engine,
    pub(crate) detector: String,
    pub(crate) created: Ticks,
    pub(crate) updated: Ticks,
    pub(crate) resolved: Option<Ticks>,
    pub(crate) first_activity: Ticks,
    pub(crate) last_activity: Ticks,
    pub(crate) description: Cow<'static, str>,
    pub(crate) status: AlertStatus,
    pub(crate) severity: Severity,
    /// Number and state (Pascal case) of the automated investigation.
    pub(crate) investigation: Option<(u64, &'static str)>,
    pub(crate) classification: Option<Classification>,
    pub(crate) determination: Option<Determination>,
    pub(crate) assigned_to: Option<&'w str>,
    pub(crate) family: Option<&'static str>,
    pub(crate) comments: &'w [Comment],
    pub(crate) custom_details: Option<&'w serde_json::Value>,
}

impl World {
    /// The alerts an incident holds, those of merged incidents last.
    pub(crate) fn alerts_of<'w>(&'w self, holder: &'w Record) -> impl Iterator<Item = Alert<'w>> {
        holder.alerts_of.iter().filter_map(|origin| self.record(*origin)).flat_map(move |origin| {
            (0..origin.own_alerts).map(move |index| self.alert(holder, origin, index))
        })
    }

    /// The alert with an id, and the incident that holds it.
    pub(crate) fn find_alert(&self, id: &str) -> Option<(&Record, Alert<'_>)> {
        let (origin, index) = alert_id::place(id)?;
        let origin = self.record(origin).filter(|record| index < record.own_alerts)?;
        let mut holder = origin;
        // Ten merges in a row are more than the services themselves follow.
        for _ in 0..10 {
            match holder.redirect.and_then(|target| self.record(target)) {
                Some(target) => holder = target,
                None => break,
            }
        }
        let alert = self.alert(holder, origin, index);
        (alert.id == id).then_some((holder, alert))
    }

    fn alert<'w>(&'w self, holder: &'w Record, origin: &'w Record, index: u32) -> Alert<'w> {
        let mut random = SplitMix64::keyed(self.seed, STREAM_ALERTS, (origin.id << 16) | u64::from(index));
        let steps = STORIES[origin.story].steps;
        let step = &steps[usize::try_from(index).unwrap_or(0) % steps.len()];
        let delay = i64::from(index) * (2 * SECOND) + random.below_signed(40 * SECOND);
        let created = origin.created.plus(delay - 45 * SECOND).cut_to_digits(random.below(8));
        let first_activity = created.plus(-MINUTE - random.below_signed(HOUR)).cut_to_digits(random.below(8));
        let last_activity = created.plus(-random.below_signed(50 * SECOND)).cut_to_digits(random.below(8));
        let (id, provider_id) = alert_id::ids(&mut random, step.source, created, origin.id, index);
        let change = self.alert_changes.get(&id);

        let by_incident = match holder.status {
            Status::Resolved => AlertStatus::Resolved,
            Status::InProgress => AlertStatus::InProgress,
            _ if random.chance(5) => AlertStatus::Unknown,
            _ => AlertStatus::New,
        };
        let status = change.and_then(|change| change.status).unwrap_or(by_incident);
        // Alerts can be written a little later than their incident.
        let late = if random.chance(20) { 3 * SECOND } else { -random.below_signed(SECOND) };
        let updated = change
            .and_then(|change| change.updated)
            .unwrap_or_else(|| holder.updated.plus(late).cut_to_digits(random.below(8)).max(created));
        let automated = random.chance(25);
        let assigned_to = match change.map(|change| &change.assigned_to) {
            Some(Edit::Set(owner)) => Some(owner.as_str()),
            Some(Edit::Clear) => None,
            _ if automated => Some("Automation"),
            _ => holder.assigned_to.as_deref(),
        };
        let investigation = investigation(&mut random, step.source);
        let moved = holder.quirk == Quirk::ForeignAlerts && index == 0;
        Alert {
            id,
            provider_id,
            origin: origin.id,
            index,
            incident: if moved { holder.id - 1 } else { holder.id },
            quirk: holder.quirk,
            step,
            source: step.source,
            engine: step.engine,
            detector: random.guid(),
            created,
            updated,
            resolved: (status == AlertStatus::Resolved).then_some(updated),
            first_activity,
            last_activity: last_activity.max(first_activity),
            description: description(step, holder.quirk),
            status,
            severity: origin.severity,
            investigation,
            classification: change.and_then(|change| change.classification),
            determination: change.and_then(|change| change.determination),
            assigned_to,
            family: (step.engine == Engine::Antivirus).then_some("Kestrel"),
            comments: change.map_or(&[], |change| change.comments.as_slice()),
            custom_details: change.and_then(|change| change.custom_details.as_ref()),
        }
    }
}

fn investigation(random: &mut SplitMix64, source: Source) -> Option<(u64, &'static str)> {
    const STATES: &[&str] = &[
        "PendingApproval",
        "Running",
        "SuccessfullyRemediated",
        "PartiallyRemediated",
        "Benign",
        "TerminatedByUser",
        "UnsupportedAlertType",
        "Queued",
    ];
    let number = 100 + random.below(900);
    let state = random.word(STATES);
    matches!(source, Source::Endpoint | Source::Office365).then_some((number, state))
}

fn description(step: &'static Step, quirk: Quirk) -> Cow<'static, str> {
    if quirk == Quirk::DirtyText {
        return Cow::Owned(format!(
            "{}\r\n\r\n<p>See the <a href=\"https://docs.brightpath.example/?a=1&b=2\">notes</a></p>\r\n\
             - **first** \u{FFFD}\u{FFFD} bytes that were no text\r\n- `=cmd|'/c calc'!A1`\t|\u{1b}[31m red",
            step.description
        ));
    }
    Cow::Borrowed(step.description)
}
