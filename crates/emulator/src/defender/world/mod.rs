//! The tenant's facts: machines, people and incidents, derived from one number and the changes made since.

pub(crate) mod alert;
mod alert_id;
mod cloud_stories;
mod device_stories;
pub(crate) mod edit;
pub(crate) mod evidence;
mod generate;
pub(crate) mod persist;
pub(crate) mod program;
pub(crate) mod quirk;
pub(crate) mod random;
pub(crate) mod record;
pub(crate) mod story;
pub(crate) mod tenant;
pub(crate) mod ticks;
pub(crate) mod triage;

use std::collections::{BTreeMap, BTreeSet};

use generate::FIRST_ID;
use record::{AlertChange, Record};
use story::{STORIES, Story};
use tenant::{Device, User};
use ticks::Ticks;
use triage::Status;

/// All facts of one tenant.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) tenant_id: String,
    pub(crate) domain: String,
    /// How many incidents were generated; numbers above are later ones.
    pub(crate) generated: usize,
    pub(crate) generated_at: Ticks,
    pub(crate) devices: Vec<Device>,
    pub(crate) users: Vec<User>,
    /// By number, without gaps, starting with the lowest.
    records: Vec<Record>,
    /// Numbers of incidents that differ from what the seed gives.
    changed: BTreeSet<u64>,
    pub(crate) alert_changes: BTreeMap<String, AlertChange>,
    /// Numbers of incidents that are there and not shown, while a request is answered.
    hidden: BTreeSet<u64>,
}

impl World {
    /// Invents a world as it stands at `now`.
    pub(crate) fn generate(seed: u64, incidents: usize, tenant_id: &str, domain: &str, now: Ticks) -> Self {
        Self {
            seed,
            tenant_id: tenant_id.to_owned(),
            domain: domain.to_owned(),
            generated: incidents,
            generated_at: now,
            devices: tenant::devices(seed, domain, now),
            users: tenant::users(seed, domain),
            records: generate::records(seed, incidents, domain, now),
            changed: BTreeSet::new(),
            alert_changes: BTreeMap::new(),
            hidden: BTreeSet::new(),
        }
    }

    /// All incidents, oldest number first.
    pub(crate) fn records(&self) -> &[Record] {
        &self.records
    }

    /// All incidents that are shown, oldest number first.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| !self.hidden.contains(&record.id))
    }

    /// The incident with a number, if it is shown.
    pub(crate) fn shown_record(&self, id: u64) -> Option<&Record> {
        self.record(id).filter(|_| !self.hidden.contains(&id))
    }

    /// Shows an incident no longer.
    pub(crate) fn hide(&mut self, id: u64) {
        self.hidden.insert(id);
    }

    /// Shows all incidents again.
    pub(crate) fn hide_nothing(&mut self) {
        self.hidden.clear();
    }

    /// Puts a record in the place of the one with its number, which is returned; counts as no change.
    pub(crate) fn exchange(&mut self, record: Record) -> Option<Record> {
        let slot = self.records.get_mut(position(record.id)?)?;
        Some(std::mem::replace(slot, record))
    }

    /// The incident with a number.
    pub(crate) fn record(&self, id: u64) -> Option<&Record> {
        self.records.get(position(id)?)
    }

    /// The incident with a number, to be changed: counts as different from then on.
    pub(crate) fn record_mut(&mut self, id: u64) -> Option<&mut Record> {
        let record = self.records.get_mut(position(id)?)?;
        self.changed.insert(id);
        Some(record)
    }

    /// The story an incident tells.
    pub(crate) fn story(record: &Record) -> &'static Story {
        STORIES[record.story % STORIES.len()]
    }

    /// Adds an incident that was created at `now`; returns its number.
    pub(crate) fn add(&mut self, now: Ticks) -> u64 {
        let id = FIRST_ID + u64::try_from(self.records.len()).unwrap_or(0);
        self.records.push(generate::fresh(self.seed, id, now));
        self.changed.insert(id);
        id
    }

    /// Marks an incident as updated at `now` and, if asked, lets it grow by some alerts. False when unknown.
    pub(crate) fn touch(&mut self, id: u64, more_alerts: u32, now: Ticks) -> bool {
        let Some(record) = self.record_mut(id) else { return false };
        // An alert's place is one byte of its id.
        record.own_alerts = record.own_alerts.saturating_add(more_alerts).min(255);
        record.updated = after(record.updated, now);
        true
    }

    /// Points an incident at another without asking whether that can be; its alerts stay. False when unknown.
    pub(crate) fn redirect(&mut self, id: u64, target: u64, now: Ticks) -> bool {
        let Some(record) = self.record_mut(id) else { return false };
        record.status = Status::Redirected;
        record.redirect = Some(target);
        record.updated = after(record.updated, now);
        true
    }

    /// Merges one incident into another: the alerts move, the source stays as a husk that names the target.
    pub(crate) fn merge(&mut self, source: u64, target: u64, now: Ticks) -> Result<(), &'static str> {
        if source == target {
            return Err("an incident cannot be merged into itself");
        }
        let target_record = self.record(target).ok_or("the target is unknown")?;
        if target_record.status == Status::Redirected {
            return Err("the target is itself merged");
        }
        if self.record(source).ok_or("the source is unknown")?.status == Status::Redirected {
            return Err("the source is already merged");
        }
        let mut moved = Vec::new();
        if let Some(record) = self.record_mut(source) {
            moved = std::mem::take(&mut record.alerts_of);
            record.status = Status::Redirected;
            record.redirect = Some(target);
            record.updated = after(record.updated, now);
        }
        if let Some(record) = self.record_mut(target) {
            record.alerts_of.append(&mut moved);
            record.updated = after(record.updated, now);
        }
        Ok(())
    }
}

/// The time of a change made `now`: never at or before the last one, so that every change is visible to a poller.
pub(crate) fn after(last: Ticks, now: Ticks) -> Ticks {
    now.max(last.plus(1))
}

fn position(id: u64) -> Option<usize> {
    usize::try_from(id.checked_sub(FIRST_ID)?).ok()
}

#[cfg(test)]
mod tests;
